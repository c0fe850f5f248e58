"""Rows of dots with intervals: the one grammar of figures that compare estimates.

A row is a subject (a benchmark, a pair, a component), a dot its value, a line its interval.  One
table gives one dot a row; several tables (sets) stand side by side as shapes in a row, or as
panels.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence

import altair as alt
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import theme
from .figure import Figure
from .labels import text_width

#: One look a set, told apart by shape and fill: the first speaks, the others answer.
LOOKS = (
    ("circle", theme.INK),
    ("square", theme.PAGE),
    ("diamond", theme.QUIET),
    ("triangle-up", theme.PAGE),
)
#: Pixels that a name may take beside a panel, and the height of a row.
LABEL, ROW = 200, 22
#: Height in pixels of a set's lane where single values lie under its dot, and where both stand in
#: it.
LANE, DOT, SINGLES = 19, -0.21, 0.23
#: The narrowest plot that can be read beside its names.
PLOT = 230
#: Rows at each end of a ranking that is too long for one figure, and the most that it may hold.
ENDS, LONGEST = 15, 40


def dots(
    sets: Estimates | Mapping[str, Estimates],
    study,
    *,
    axis: str = "",
    at: float | Mapping[float, str] | None = None,
    order: Sequence[str] | str = "value",
    panels: bool = False,
    spec: str = "",
    note: Mapping[str, str] | Mapping[str, Mapping[str, str]] | None = None,
    singles: pd.DataFrame | None = None,
    band: pd.DataFrame | tuple[float, float] | None = None,
    zero: bool = True,
    training: bool = False,
    title: str | None = None,
    subtitle: str | None = None,
) -> Figure:
    """Subjects as rows, values across, intervals as lines.

    Parameters
    ----------
    sets : one table, or several by the name that a legend (or panel) gives them.
    study : says what subjects are called, and which benchmarks are local (filled) or English
        (hollow).
    axis : what is measured, under the axis.
    at : a threshold to draw as a named line, or several by value.  Panels whose lines differ take a
        mapping of their names to such.
    order : "value" (highest of the first set on top), "ability" (benchmarks under their ability),
        "side" (benchmarks under their language, the highest on top), "group" (subjects
        `group/subject` under their group), or the subjects.
    panels : a panel a set instead of a shape a set.
    spec : how values are written, as in `words.number`.
    note : subject -> a word at the right margin; or that for each set.
    singles : what each value summarises, drawn small under its dot: a row a single value with
        subject, set ("" where there is one), value; any further columns are told on hover.
    band : two values between which the ground is shaded; or a DataFrame, subject -> low and high,
        drawn as a grey band behind the row.
    zero : whether zero is drawn, and thereby seen.
    training : subjects are models, marked by their training strategy.

    Where estimates have a range over draws of what is undisclosed, a thick bar shows it under the
    interval.  Of one set of more than LONGEST subjects by value, only both ends are drawn.
    """
    sets = {"": sets} if isinstance(sets, Estimates) else dict(sets)
    subjects = list(dict.fromkeys(subject for table in sets.values() for subject in table))
    rows, labels, heads = _places(subjects, sets, study, order)
    data = _data(
        sets, rows, study, spec, 0 if panels else 0.34 if singles is None else 0.92 / len(sets)
    )
    behind = band if isinstance(band, pd.DataFrame) else None
    ground = {
        "spec": spec,
        "at": at,
        "zero": zero,
        "marks": {} if panels else _lines(at, zero),
        "band": None if behind is not None else band,
    }
    if singles is not None:
        data, singles = _in_lanes(data, singles, len(sets), study, spec)
    scales = None
    if training:
        data["group"] = theme.strategy_column(
            study.models["strategy"].reindex(data["subject"]), study.language
        )
        scales = theme.strategy_scales(data["group"], study.language)
    if behind is not None:
        data = data.join(
            behind.rename(columns={"low": "band_low", "high": "band_high"}), on="subject"
        )
    if panels:
        chart = _panels(data, list(sets), labels, heads, axis, ground)
        finish = {
            "fit": {
                "columns": len(sets),
                "least": 120,
                "gap": _gap(labels),
                "margin": 0,
                "most": 480,
            }
        }
    else:
        margin = None if note is None else _margin(data, rows, dict(note))
        chart = _layers(data, list(sets), labels, heads, axis, ground, margin, singles, scales)
        most = int(data["row"].value_counts().max())
        height = max(ROW, 14 * most + 8) if singles is None else max(28, LANE * len(sets))
        chart = chart.properties(width="container", height=height * len(labels))
        wide = min(LABEL, max(text_width(label, 12) for label in labels.values()))
        aside = max((text_width(word, 12) for word in (margin or {}).values()), default=0)
        finish = {
            "still": 760,
            "least": max(320, round(wide + aside + PLOT)),
            "inset": wide if training else 0,
        }
    said = "; ".join(
        f"{row['name']}{' (' + row['set'] + ')' if row['set'] else ''} {row['said']}"
        for row in data.sort_values("row", kind="stable").to_dict("records")
    )
    chart = theme.finish(chart, title=title, subtitle=subtitle, **finish)
    about = f"{axis[:1].upper()}{axis[1:]}, with intervals" if axis else "Values with intervals"
    known = [end for end in ("draws_low", "draws_high", "band_low", "band_high") if end in data]
    columns = [
        "subject",
        "name",
        *(["set"] if len(sets) > 1 else []),
        "value",
        "low",
        "high",
        *known,
    ]
    return Figure(chart, data[columns], f"{about}: {said}.")


def _places(subjects, sets, study, order) -> tuple[dict[str, int], dict[int, str], list[int]]:
    """Subject -> row, row -> label, and the rows that are headings."""
    first = next(iter(sets.values()))
    if order == "ability":
        known = [each for each in study.benchmarks.index if each in subjects]
        return _under_heads(known, study.benchmarks["ability"], study)
    if order == "side":
        known = [each for each in first.sorted() if each in study.benchmarks.index]
        sides = study.benchmarks["language"].map({"local": study.language, "english": "English"})
        return _under_heads(sorted(known, key=lambda each: sides[each] == "English"), sides, study)
    if order == "group":
        groups = pd.Series(
            {each: words.first_upper(each.split("/", 1)[0].replace("-", " ")) for each in subjects}
        )
        return _under_heads(subjects, groups, study, lambda each: each.split("/", 1)[1])
    if order == "value":
        rest = [each for each in subjects if each not in first]
        order = [*first.sorted(), *rest]
    kept = [each for each in order if each in subjects]
    if len(sets) == 1 and len(kept) > LONGEST:
        between = {ENDS: f"{len(kept) - 2 * ENDS} between"}
        places = {each: place for place, each in enumerate(kept[:ENDS])}
        places |= {each: ENDS + 1 + place for place, each in enumerate(kept[-ENDS:])}
        return (
            places,
            dict(
                sorted(
                    (
                        {place: study.called(each) for each, place in places.items()} | between
                    ).items()
                )
            ),
            [ENDS],
        )
    return (
        {each: place for place, each in enumerate(kept)},
        {place: study.called(each) for place, each in enumerate(kept)},
        [],
    )


def _under_heads(
    subjects, kinds: pd.Series, study, part: Callable[[str], str] = str
) -> tuple[dict[str, int], dict[int, str], list[int]]:
    """Rows under a heading for each kind, in the order in which the kinds appear."""
    rows, labels, heads = {}, {}, []
    for kind in dict.fromkeys(kinds[subjects]):
        heads.append(len(labels))
        labels[len(labels)] = str(kind)
        for subject in [each for each in subjects if kinds[each] == kind]:
            rows[subject] = len(labels)
            labels[len(labels)] = study.called(part(subject))
    return rows, labels, heads


def _in_lanes(data, singles, count, study, spec) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Dots in the upper half of their lanes, the single values that they summarise in the lower."""
    lane = 0.92 / count
    places = data[["subject", "set", "name", "y"]]
    singles = singles.merge(places, on=["subject", "set"]).rename(columns={"name": "Benchmark"})
    told = [column for column in singles if column not in ("subject", "set", "value", "y")]
    singles = singles.assign(
        y=singles["y"] + SINGLES * lane,
        Value=[words.number(each, spec) for each in singles["value"]],
    )
    return data.assign(y=data["y"] + DOT * lane), singles[["value", "y", *told[::-1], "Value"]]


def _data(sets, rows, study, spec, spread) -> pd.DataFrame:
    """A row a set and subject: what is drawn and what is said on hover."""
    local, english = set(study.local), set(study.english)
    found = []
    for name, table in sets.items():
        for subject, each in table.items():
            if subject in rows:
                side = (
                    study.language if subject in local else "English" if subject in english else ""
                )
                there = [which for which, other in sets.items() if subject in other]
                apart = (there.index(name) - (len(there) - 1) / 2) * spread
                found.append(
                    {
                        "subject": subject,
                        "name": study.called(subject),
                        "set": name,
                        "side": side,
                        "value": each.value,
                        "low": each.low,
                        "high": each.high,
                        "said": each.written(spec),
                        "row": rows[subject],
                        "y": rows[subject] + apart,
                        "draws_low": each.draws_low,
                        "draws_high": each.draws_high,
                    }
                )
    data = pd.DataFrame(found)
    ends = ["value", "low", "high", "draws_low", "draws_high"]
    data[ends] = data[ends].astype(float)
    return (
        data if data["draws_low"].notna().any() else data.drop(columns=["draws_low", "draws_high"])
    )


def _layers(
    data, sets, labels, heads, axis, ground, margin=None, singles=None, scales=None
) -> alt.LayerChart:
    """The ground and its lines, then single values, ranges over draws and intervals, then dots."""
    marks, band = ground["marks"], ground["band"] or ()
    domain = ground.get("domain") or _domain(data, [*marks, *band], singles)
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    ticks = ".0%" if ground["spec"].endswith("%") else "~g"
    x = alt.X(
        "value:Q",
        scale=scale,
        axis=alt.Axis(
            title=theme.lines(axis, ground.get("wide", 40)) or None, tickCount=5, format=ticks
        ),
    )
    y = row_axis(
        "y:Q", labels, heads, labelLimit=LABEL, **({} if singles is None else {"grid": False})
    )
    tips = [
        alt.Tooltip("name:N", title="What"),
        *([alt.Tooltip("set:N", title="Set")] if len(sets) > 1 else []),
        alt.Tooltip("said:N", title="Value"),
    ]
    base = alt.Chart(data.drop(columns=["subject"]))
    ends = {"x": alt.X("low:Q"), "x2": "high:Q", "y": y, "tooltip": tips}
    if scales:
        dots = _by_training(base, scales).encode(
            x=x, y=y, tooltip=[*tips, alt.Tooltip("group:N", title="Training")]
        )
    else:
        fill, more = _looks(data, sets)
        dots = base.mark_point(
            size=70, filled=True, opacity=1, stroke=theme.INK, strokeWidth=1.8
        ).encode(x=x, y=y, tooltip=tips, fill=fill, **more)
    chart = alt.layer(
        *_band(band, scale),
        *([] if singles is None else [_stripes(labels, heads, y)]),
        *_bands(data, scale, labels, heads),
        *_named_lines(marks, scale, domain),
        *([] if singles is None else [_singles(singles, x, y)]),
        *_ranges(base, data, y),
        base.mark_rule(color=theme.INK, strokeWidth=1.8, opacity=0.75).encode(**ends),
        dots,
    )
    if margin:
        right = base.mark_point(opacity=0).encode(y=margin_axis("y:Q", margin, len(labels)))
        chart = alt.layer(chart, right).resolve_axis(y="independent")
    return chart


def _stripes(labels, heads, y: alt.Y) -> alt.Chart:
    """A band behind every other row: what stands in one row is seen to belong together."""
    rows = [place for place in labels if place not in heads][1::2]
    y = y.copy()  # the same axis, or the two would merge into one with fewer labels
    y.shorthand = "top:Q"
    bands = pd.DataFrame(
        {"top": [row - 0.5 for row in rows], "bottom": [row + 0.5 for row in rows]}
    )
    return alt.Chart(bands).mark_rect(color=theme.GRID, opacity=0.45).encode(y=y, y2="bottom:Q")


def _singles(singles: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    tips = [alt.Tooltip(f"{column}:N") for column in singles if column not in ("value", "y")]
    colour, shape, _ = theme.STRATEGIES["continual_local"]
    return (
        alt.Chart(singles)
        .mark_point(size=26, filled=True, shape=shape, color=colour, opacity=0.6)
        .encode(x=x, y=y, tooltip=tips)
    )


def _domain(
    data: pd.DataFrame, marks: Sequence[float], singles: pd.DataFrame | None = None
) -> list[float]:
    ends = [
        data[column].dropna()
        for column in ("value", "low", "high", "draws_low", "draws_high", "band_low", "band_high")
        if column in data
    ]
    ends += [] if singles is None else [singles["value"]]
    return theme.padded(*ends, list(marks), share=0.04)


def _ranges(base: alt.Chart, data: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """What undisclosed numbers leave open, as thick bars."""
    if "draws_low" not in data:
        return []
    bar = base.mark_rule(color=theme.QUIET, strokeWidth=9, opacity=0.45)
    return [bar.encode(x=alt.X("draws_low:Q"), x2="draws_high:Q", y=y)]


def _bands(data, scale, labels, heads) -> list[alt.Chart]:
    """A grey band behind each row that has one."""
    if "band_low" not in data:
        return []
    rows = data.dropna(subset=["band_low", "band_high"]).drop_duplicates("row")
    rows = rows.assign(top=rows["row"] - 0.42, bottom=rows["row"] + 0.42)[
        ["band_low", "band_high", "top", "bottom"]
    ]
    return [
        alt.Chart(rows)
        .mark_rect(color=theme.GRID)
        .encode(
            x=alt.X("band_low:Q", scale=scale),
            x2="band_high:Q",
            y=row_axis("top:Q", labels, heads, labelLimit=LABEL),
            y2="bottom:Q",
        )
    ]


def _by_training(base: alt.Chart, scales: tuple[alt.Scale, alt.Scale]) -> alt.Chart:
    """Marks of models by their training strategy; a click on the legend fades the others."""
    chosen, (colour, shape) = theme.chooser("group"), scales
    legend = theme.strategy_legend(26)
    return (
        base.mark_point(size=85, filled=True, stroke=theme.PAGE, strokeWidth=0.8)
        .encode(
            color=alt.Color("group:N", scale=colour, legend=legend),
            shape=alt.Shape("group:N", scale=shape, legend=legend),
            opacity=theme.faded(chosen),
        )
        .add_params(chosen)
    )


def _lines(at, zero: bool) -> dict[float, str]:
    """Where lines stand and what they are called."""
    named = (
        dict(at)
        if isinstance(at, Mapping)
        else {}
        if at is None
        else {float(at): words.number(float(at), "g")}
    )
    return ({0.0: ""} if zero else {}) | named


def _band(band, scale) -> list[alt.Chart]:
    if not band:
        return []
    ends = pd.DataFrame({"floor": [band[0]], "ceiling": [band[1]]})
    return [
        alt.Chart(ends)
        .mark_rect(color=theme.GRID, opacity=0.9)
        .encode(x=alt.X("floor:Q", scale=scale), x2="ceiling:Q")
    ]


def _named_lines(marks: dict[float, str], scale, domain: Sequence[float]) -> list[alt.Chart]:
    """Zero, and the lines that have a name; a name near the right edge ends at its line."""
    lines = pd.DataFrame({"at": list(marks), "said": list(marks.values())})
    x = alt.X("at:Q", scale=scale)
    zero = [
        alt.Chart(lines[lines["at"] == 0]).mark_rule(color=theme.QUIET, strokeWidth=1).encode(x=x)
    ] * (0 in marks)
    named = lines[lines["said"] != ""]
    if named.empty:
        return zero
    rule = (
        alt.Chart(named).mark_rule(color=theme.INK, strokeWidth=1.2, strokeDash=[5, 4]).encode(x=x)
    )
    late = named["at"] > domain[0] + 0.7 * (domain[1] - domain[0])
    words = [
        alt.Chart(part)
        .mark_text(baseline="bottom", y=-4, align=align, color=theme.INK, fontSize=12)
        .encode(x=x, text="said:N")
        for align, part in (("center", named[~late]), ("right", named[late]))
        if len(part)
    ]
    return [*zero, rule, *words]


def _looks(data, sets) -> tuple[alt.Fill, dict]:
    """How marks are told apart: by set where there are several, else by the language of a
    benchmark."""
    legend = {
        "title": None,
        "orient": "top",
        "direction": "horizontal",
        "symbolStrokeWidth": 1.8,
        "symbolSize": 70,
        "symbolStrokeColor": theme.INK,
        "offset": 18,
        "labelLimit": 0,
        "columns": 2,
    }
    if len(sets) > 1:
        looks = [LOOKS[place % len(LOOKS)] for place in range(len(sets))]
        shape = alt.Scale(domain=sets, range=[shape for shape, _ in looks])
        fill = alt.Scale(domain=sets, range=[fill for _, fill in looks])
        stroke = alt.Scale(
            domain=sets, range=[theme.INK] * len(sets)
        )  # or hollow marks have no outline in the legend
        return (
            alt.Fill("set:N", scale=fill, legend=alt.Legend(**legend)),
            {
                "shape": alt.Shape("set:N", scale=shape, legend=alt.Legend(**legend)),
                "stroke": alt.Stroke("set:N", scale=stroke, legend=alt.Legend(**legend)),
            },
        )
    return side_fill(data, legend), {}


def side_fill(data: pd.DataFrame, legend: Mapping | None = None) -> alt.Fill:
    """Filled for the study's language, hollow for English; a legend only where both are there."""
    sides = sorted(set(data["side"]) - {""}, key=lambda side: side == "English")
    if not sides:
        return alt.value(theme.INK)
    scale = alt.Scale(
        domain=sides, range=[theme.PAGE if side == "English" else theme.INK for side in sides]
    )
    shown = (
        alt.Legend(**(legend or {}), symbolType="circle", labelExpr="datum.label + ' benchmark'")
        if len(sides) > 1
        else None
    )
    return alt.Fill("side:N", scale=scale, legend=shown)


def _panels(data, sets, labels, heads, axis, ground) -> alt.ConcatChart:
    """A panel a set on one scale, each with its own labels: on a narrow page panels stand one below
    another."""
    at, zero = ground["at"], ground["zero"]
    each = isinstance(at, Mapping) and set(at) <= set(sets)
    lines = {name: _lines(at.get(name) if each else at, zero) for name in sets}
    domain = _domain(
        data, [*(mark for one in lines.values() for mark in one), *(ground["band"] or ())]
    )
    offset = 8 if all(said == "" for one in lines.values() for said in one.values()) else 24
    heading, wide = _headings(sets), 24 if len(sets) > 2 else 40
    drawn = [
        _layers(
            data[data["set"] == name],
            [name],
            labels,
            heads,
            axis,
            ground | {"marks": lines[name], "domain": domain, "wide": wide},
        ).properties(
            width=max(150, 480 // len(sets)),
            height=(17 if len(labels) > 12 else 26) * len(labels),
            title=alt.TitleParams(heading[name], fontSize=13, offset=offset),
        )
        for name in sets
    ]
    return alt.concat(*drawn, columns=len(drawn))


def _headings(names: Sequence[str]) -> dict[str, list[str]]:
    """Each panel's name in lines, as many for all, so that panels stand level."""
    parts = {
        name: textwrap.wrap(f"{name[:1].upper()}{name[1:]}", 22 if len(names) > 2 else 40)
        for name in names
    }
    most = max(map(len, parts.values()))
    return {name: [" "] * (most - len(part)) + part for name, part in parts.items()}


def _gap(labels: Mapping[int, str]) -> int:
    return min(LABEL, round(max(text_width(label, 12) for label in labels.values()))) + 32


def _margin(data: pd.DataFrame, rows: Mapping[str, int], note: Mapping) -> dict[float, str]:
    """Place -> word at the right margin: a word a row, or one for each set beside its dot."""
    if not any(isinstance(each, Mapping | pd.Series) for each in note.values()):
        return {place: str(note.get(subject, "")) for subject, place in rows.items()}
    return {
        float(round(row.y, 4)): str(note.get(row.set, {}).get(row.subject, ""))
        for row in data.itertuples()
    }


def margin_axis(field: str, words: Mapping[float, str], count: int) -> alt.Y:
    """A vertical axis of words on the right of `count` rows, wherever they stand."""
    places, said = json.dumps(list(words)), json.dumps(list(words.values()), ensure_ascii=False)
    axis = alt.Axis(
        title=None,
        orient="right",
        grid=False,
        values=list(words),
        labelExpr=f"{said}[indexof({places}, datum.value)]",
    )
    return alt.Y(
        field, scale=alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False), axis=axis
    )


def row_axis(field: str, labels: Mapping[int, str], heads: Sequence[int] = (), **settings) -> alt.Y:
    """A vertical axis of named rows, the first on top; headings are set apart and have no line."""
    test = f"indexof({list(heads)}, datum.value) >= 0"
    count = max(labels) + 1
    shown = json.dumps([labels.get(k, "") for k in range(count)], ensure_ascii=False)
    return alt.Y(
        field,
        scale=alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False),
        axis=alt.Axis(
            title=None,
            values=list(labels),
            labelExpr=f"{shown}[datum.value]",
            labelColor={"condition": {"test": test, "value": theme.QUIET}, "value": theme.INK},
            labelFontSize={"condition": {"test": test, "value": 11}, "value": 12},
            labelFontStyle={"condition": {"test": test, "value": "italic"}, "value": "normal"},
            gridColor={"condition": {"test": test, "value": "transparent"}, "value": theme.GRID},
            **settings,
        ),
    )
