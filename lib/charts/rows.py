"""Rows of dots with intervals: the one grammar of figures that compare estimates.

A row is a subject (a benchmark, a pair, a component), a dot its value, a line its interval.  One table gives one dot a
row; several tables (sets) stand side by side as shapes in a row, or as panels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import theme
from .figure import Figure
from .labels import text_width

#: One look a set, told apart by shape and fill: the first speaks, the others answer.
LOOKS = (("circle", theme.INK), ("square", theme.PAGE), ("diamond", theme.QUIET), ("triangle-up", theme.PAGE))
#: Pixels that a name may take beside a panel, and the height of a row.
LABEL, ROW = 200, 22
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
    note: Mapping[str, str] | None = None,
    band: pd.DataFrame | None = None,
    training: bool = False,
    title: str | None = None,
    subtitle: str | None = None,
) -> Figure:
    """Subjects as rows, values across, intervals as lines.

    Parameters
    ----------
    sets : one table, or several by the name that a legend (or panel) gives them.
    study : says what subjects are called, and which benchmarks are local (filled) or English (hollow).
    axis : what is measured, under the axis.
    at : a threshold to draw as a named line, or several by value; zero is always drawn.
    order : "value" (highest of the first set on top), "ability" (benchmarks under their ability), or the subjects.
    panels : a panel a set instead of a shape a set.
    spec : how values are written, as in `words.number`.
    note : subject -> a word at the right margin.
    band : DataFrame, subject -> low and high, drawn as a grey band behind the row; its name says what it is.
    training : subjects are models, marked by their training strategy.

    Of one set of more than LONGEST subjects by value, only both ends are drawn.
    """
    sets = {"": sets} if isinstance(sets, Estimates) else dict(sets)
    subjects = list(dict.fromkeys(subject for table in sets.values() for subject in table))
    rows, labels, heads = _places(subjects, sets, study, order)
    data = _data(sets, rows, study, spec, 0 if panels else 0.34)
    scales = None
    if training:
        data["group"] = theme.strategy_column(study.models["strategy"].reindex(data["subject"]), study.language)
        scales = theme.strategy_scales(data["group"], study.language)
    if band is not None:
        data = data.join(band.rename(columns={"low": "band_low", "high": "band_high"}), on="subject")
    if panels:
        chart = _panels(data, list(sets), labels, heads, axis, at)
        finish = {"fit": {"columns": len(sets), "least": 120, "gap": _gap(labels), "margin": 0, "most": 480}}
    else:
        chart = _layers(data, list(sets), labels, heads, axis, at, note and _margin(rows, note), scales)
        most = int(data["row"].value_counts().max())
        chart = chart.properties(width="container", height=max(ROW, 14 * most + 8) * len(labels))
        wide = min(LABEL, max(text_width(label, 12) for label in labels.values()))
        aside = max((text_width(word, 12) for word in (note or {}).values()), default=0)
        finish = {"still": 760, "least": max(340, round(wide + aside + PLOT)), "inset": wide if training else 0}
    said = "; ".join(f"{row['name']}{' (' + row['set'] + ')' if row['set'] else ''} {row['said']}"
                     for row in data.sort_values("row", kind="stable").to_dict("records"))
    chart = theme.finish(chart, title=title, subtitle=subtitle, **finish)
    about = f"{axis[:1].upper()}{axis[1:]}, with intervals" if axis else "Values with intervals"
    columns = ["subject", "name", *(["set"] if len(sets) > 1 else []), "value", "low", "high",
               *(["band_low", "band_high"] if band is not None else [])]
    return Figure(chart, data[columns], f"{about}: {said}.")


def _places(subjects, sets, study, order) -> tuple[dict[str, int], dict[int, str], list[int]]:
    """Subject -> row, row -> label, and the rows that are headings."""
    first = next(iter(sets.values()))
    if order == "ability":
        rows, labels, heads = {}, {}, []
        abilities = study.benchmarks["ability"].reindex(subjects).fillna("other")
        for ability in dict.fromkeys(study.benchmarks["ability"][study.benchmarks.index.isin(subjects)]):
            heads.append(len(labels))
            labels[len(labels)] = str(ability)
            for subject in [each for each in study.benchmarks.index if each in subjects and abilities[each] == ability]:
                rows[subject] = len(labels)
                labels[len(labels)] = study.called(subject)
        return rows, labels, heads
    if order == "value":
        rest = [each for each in subjects if each not in first]
        order = [*first.sorted(), *rest]
    kept = [each for each in order if each in subjects]
    if len(sets) == 1 and len(kept) > LONGEST:
        between = {ENDS: f"{len(kept) - 2 * ENDS} between"}
        places = {each: place for place, each in enumerate(kept[:ENDS])}
        places |= {each: ENDS + 1 + place for place, each in enumerate(kept[-ENDS:])}
        return places, dict(sorted(({place: study.called(each) for each, place in places.items()} | between).items())), [ENDS]
    return {each: place for place, each in enumerate(kept)}, {place: study.called(each) for place, each in enumerate(kept)}, []


def _data(sets, rows, study, spec, spread) -> pd.DataFrame:
    """A row a set and subject: what is drawn and what is said on hover."""
    local, english = set(study.local), set(study.english)
    found = []
    for name, table in sets.items():
        for subject, each in table.items():
            if subject in rows:
                side = study.language if subject in local else "English" if subject in english else ""
                there = [which for which, other in sets.items() if subject in other]
                apart = (there.index(name) - (len(there) - 1) / 2) * spread
                found.append({"subject": subject, "name": study.called(subject), "set": name, "side": side,
                              "value": each.value, "low": each.low, "high": each.high, "said": each.written(spec),
                              "row": rows[subject], "y": rows[subject] + apart})
    return pd.DataFrame(found)


def _layers(data, sets, labels, heads, axis, at, margin=None, scales=None) -> alt.LayerChart:
    """Bands, then lines named, then intervals, then dots."""
    marks = _lines(at)
    spans = [data[end].dropna() for end in ("value", "low", "high", "band_low", "band_high") if end in data]
    scale = alt.Scale(domain=theme.padded(*spans, list(marks), share=0.04), nice=False)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=theme.lines(axis, 40) or None, tickCount=5, format="~g"))
    y = row_axis("y:Q", labels, heads, labelLimit=LABEL)
    tips = [alt.Tooltip("name:N", title="What"), *([alt.Tooltip("set:N", title="Set")] if len(sets) > 1 else []),
            alt.Tooltip("said:N", title="Value")]
    base = alt.Chart(data.drop(columns=["subject"]))
    ends = {"x": alt.X("low:Q"), "x2": "high:Q", "y": y, "tooltip": tips}
    if scales:
        dots = _by_training(base, scales).encode(x=x, y=y, tooltip=[*tips, alt.Tooltip("group:N", title="Training")])
    else:
        fill, more = _looks(data, sets)
        dots = base.mark_point(size=70, filled=True, opacity=1, stroke=theme.INK, strokeWidth=1.8).encode(
            x=x, y=y, tooltip=tips, fill=fill, **more)
    chart = alt.layer(*_bands(data, scale, labels, heads), *_named_lines(marks, scale),
                      base.mark_rule(color=theme.INK, strokeWidth=1.8, opacity=0.75).encode(**ends), dots)
    if margin:
        right = base.mark_point(opacity=0).encode(y=row_axis("row:Q", margin, orient="right", grid=False))
        chart = alt.layer(chart, right).resolve_axis(y="independent")
    return chart


def _bands(data, scale, labels, heads) -> list[alt.Chart]:
    """A grey band behind each row that has one."""
    if "band_low" not in data:
        return []
    rows = data.dropna(subset=["band_low", "band_high"]).drop_duplicates("row")
    rows = rows.assign(top=rows["row"] - 0.42, bottom=rows["row"] + 0.42)[["band_low", "band_high", "top", "bottom"]]
    return [alt.Chart(rows).mark_rect(color=theme.GRID).encode(
        x=alt.X("band_low:Q", scale=scale), x2="band_high:Q", y=row_axis("top:Q", labels, heads, labelLimit=LABEL), y2="bottom:Q")]


def _by_training(base: alt.Chart, scales: tuple[alt.Scale, alt.Scale]) -> alt.Chart:
    """Marks of models by their training strategy; a click on the legend fades the others."""
    chosen, (colour, shape) = theme.chooser("group"), scales
    legend = theme.strategy_legend(26)
    return base.mark_point(size=85, filled=True, stroke=theme.PAGE, strokeWidth=0.8).encode(
        color=alt.Color("group:N", scale=colour, legend=legend), shape=alt.Shape("group:N", scale=shape, legend=legend),
        opacity=theme.faded(chosen)).add_params(chosen)


def _lines(at) -> dict[float, str]:
    """Where lines stand and what they are called."""
    named = dict(at) if isinstance(at, Mapping) else {} if at is None else {float(at): words.number(float(at), "g")}
    return {0.0: ""} | named


def _named_lines(marks: dict[float, str], scale) -> list[alt.Chart]:
    lines = pd.DataFrame({"at": list(marks), "said": list(marks.values())})
    x = alt.X("at:Q", scale=scale)
    zero = alt.Chart(lines[lines["at"] == 0]).mark_rule(color=theme.QUIET, strokeWidth=1).encode(x=x)
    rest = alt.Chart(lines[lines["said"] != ""])
    if not (lines["said"] != "").any():
        return [zero]
    rule = rest.mark_rule(color=theme.INK, strokeWidth=1.2, strokeDash=[5, 4]).encode(x=x)
    word = rest.mark_text(baseline="bottom", y=-4, color=theme.INK, fontSize=12).encode(x=x, text="said:N")
    return [zero, rule, word]


def _looks(data, sets) -> tuple[alt.Fill, dict]:
    """How marks are told apart: by set where there are several, else by the language of a benchmark."""
    legend = {"title": None, "orient": "top", "direction": "horizontal", "symbolStrokeWidth": 1.8, "symbolSize": 70,
              "symbolStrokeColor": theme.INK, "offset": 18, "labelLimit": 0, "columns": 2}
    if len(sets) > 1:
        looks = [LOOKS[place % len(LOOKS)] for place in range(len(sets))]
        shape = alt.Scale(domain=sets, range=[shape for shape, _ in looks])
        fill = alt.Scale(domain=sets, range=[fill for _, fill in looks])
        stroke = alt.Scale(domain=sets, range=[theme.INK] * len(sets))  # or the legend has none
        return (alt.Fill("set:N", scale=fill, legend=alt.Legend(**legend)),
                {"shape": alt.Shape("set:N", scale=shape, legend=alt.Legend(**legend)),
                 "stroke": alt.Stroke("set:N", scale=stroke, legend=alt.Legend(**legend))})
    return side_fill(data, legend), {}


def side_fill(data: pd.DataFrame, legend: Mapping | None = None) -> alt.Fill:
    """Filled for the study's language, hollow for English; a legend only where both are there."""
    sides = sorted(set(data["side"]) - {""}, key=lambda side: side == "English")
    if not sides:
        return alt.value(theme.INK)
    scale = alt.Scale(domain=sides, range=[theme.PAGE if side == "English" else theme.INK for side in sides])
    shown = alt.Legend(**(legend or {}), symbolType="circle", labelExpr="datum.label + ' benchmark'") if len(sides) > 1 else None
    return alt.Fill("side:N", scale=scale, legend=shown)


def _panels(data, sets, labels, heads, axis, at) -> alt.ConcatChart:
    """A panel a set, each with its own labels: on a narrow page panels stand one below another."""
    drawn = [_layers(data[data["set"] == name], [name], labels, heads, axis, at).properties(
        width=150, height=17 * len(labels), title=alt.TitleParams(name, fontSize=13, offset=8)) for name in sets]
    return alt.concat(*drawn, columns=len(drawn))


def _gap(labels: Mapping[int, str]) -> int:
    return min(LABEL, round(max(text_width(label, 12) for label in labels.values()))) + 32


def _margin(rows: Mapping[str, int], note: Mapping[str, str]) -> dict[int, str]:
    return {place: str(note.get(subject, "")) for subject, place in rows.items()}


def row_axis(field: str, labels: Mapping[int, str], heads: Sequence[int] = (), **settings) -> alt.Y:
    """A vertical axis of named rows, the first on top; headings are set apart and have no line."""
    test = f"indexof({list(heads)}, datum.value) >= 0"
    count = max(labels) + 1
    return alt.Y(
        field,
        scale=alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False),
        axis=alt.Axis(
            title=None,
            values=list(labels),
            labelExpr=f"{json.dumps([labels.get(k, '') for k in range(count)], ensure_ascii=False)}[datum.value]",
            labelColor={"condition": {"test": test, "value": theme.QUIET}, "value": theme.INK},
            labelFontSize={"condition": {"test": test, "value": 11}, "value": 12},
            labelFontStyle={"condition": {"test": test, "value": "italic"}, "value": "normal"},
            gridColor={"condition": {"test": test, "value": "transparent"}, "value": theme.GRID},
            **settings,
        ),
    )
