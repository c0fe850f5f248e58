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
#: Height in pixels of a set's lane where single values lie under its dot, and where both stand in it.
LANE, DOT, SINGLES = 19, -0.21, 0.23


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
    order : "value" (highest of the first set on top), "ability" (benchmarks under their ability), "side" (benchmarks under
        their language, the highest on top), or the subjects.
    panels : a panel a set instead of a shape a set.
    spec : how values are written, as in `words.number`.
    note : subject -> a word at the right margin; or that for each set.
    singles : what each value summarises, drawn small under its dot: a row a single value with subject, set ("" where
        there is one), value; any further columns are told on hover.
    """
    sets = {"": sets} if isinstance(sets, Estimates) else dict(sets)
    subjects = list(dict.fromkeys(subject for table in sets.values() for subject in table))
    rows, labels, heads = _places(subjects, sets, study, order)
    data = _data(sets, rows, study, spec, 0 if panels else 0.34 if singles is None else 0.92 / len(sets))
    if singles is not None:
        data, singles = _in_lanes(data, singles, len(sets), study, spec)
    if panels:
        chart = _panels(data, list(sets), labels, heads, axis, at)
        finish = {"fit": {"columns": len(sets), "least": 120, "gap": _gap(labels), "margin": 0, "most": 480}}
    else:
        chart = _layers(data, list(sets), labels, heads, axis, at,
                        None if note is None else _margin(data, rows, note), singles)
        height = max(ROW, 14 * len(sets) + 8) if singles is None else max(28, LANE * len(sets))
        chart = chart.properties(width="container", height=height * len(labels))
        finish = {"still": 760, "least": 320}
    said = "; ".join(f"{row['name']}{' (' + row['set'] + ')' if row['set'] else ''} {row['said']}"
                     for row in data.sort_values("row", kind="stable").to_dict("records"))
    chart = theme.finish(chart, title=title, subtitle=subtitle, **finish)
    about = f"{axis[:1].upper()}{axis[1:]}, with intervals" if axis else "Values with intervals"
    columns = ["subject", "name", *(["set"] if len(sets) > 1 else []), "value", "low", "high"]
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
    if order == "value":
        rest = [each for each in subjects if each not in first]
        order = [*first.sorted(), *rest]
    kept = [each for each in order if each in subjects]
    return {each: place for place, each in enumerate(kept)}, {place: study.called(each) for place, each in enumerate(kept)}, []


def _under_heads(subjects, kinds: pd.Series, study) -> tuple[dict[str, int], dict[int, str], list[int]]:
    """Rows under a heading for each kind, in the order in which the kinds appear."""
    rows, labels, heads = {}, {}, []
    for kind in dict.fromkeys(kinds[subjects]):
        heads.append(len(labels))
        labels[len(labels)] = str(kind)
        for subject in [each for each in subjects if kinds[each] == kind]:
            rows[subject] = len(labels)
            labels[len(labels)] = study.called(subject)
    return rows, labels, heads


def _in_lanes(data, singles, count, study, spec) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Dots in the upper half of their lanes, the single values that they summarise in the lower."""
    lane = 0.92 / count
    places = data[["subject", "set", "name", "y"]]
    singles = singles.merge(places, on=["subject", "set"]).rename(columns={"name": "Benchmark"})
    told = [column for column in singles if column not in ("subject", "set", "value", "y")]
    singles = singles.assign(y=singles["y"] + SINGLES * lane, Value=[words.number(each, spec) for each in singles["value"]])
    return data.assign(y=data["y"] + DOT * lane), singles[["value", "y", *told[::-1], "Value"]]


def _data(sets, rows, study, spec, spread) -> pd.DataFrame:
    """A row a set and subject: what is drawn and what is said on hover."""
    local, english = set(study.local), set(study.english)
    found = []
    for place, (name, table) in enumerate(sets.items()):
        for subject, each in table.items():
            if subject in rows:
                side = study.language if subject in local else "English" if subject in english else ""
                apart = (place - (len(sets) - 1) / 2) * spread
                found.append({"subject": subject, "name": study.called(subject), "set": name, "side": side,
                              "value": each.value, "low": each.low, "high": each.high, "said": each.written(spec),
                              "row": rows[subject], "y": rows[subject] + apart})
    return pd.DataFrame(found)


def _layers(data, sets, labels, heads, axis, at, margin=None, singles=None) -> alt.LayerChart:
    """Lines named, then single values, then intervals, then dots."""
    marks = _lines(at)
    every = [data["value"], data["low"].dropna(), data["high"].dropna(), list(marks)]
    every += [] if singles is None else [singles["value"]]
    scale = alt.Scale(domain=theme.padded(*every, share=0.04), nice=False)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=theme.lines(axis, 60) or None, tickCount=5, format="~g"))
    y = row_axis("y:Q", labels, heads, labelLimit=LABEL, **({} if singles is None else {"grid": False}))
    tips = [alt.Tooltip("name:N", title="What"), *([alt.Tooltip("set:N", title="Set")] if len(sets) > 1 else []),
            alt.Tooltip("said:N", title="Value")]
    base = alt.Chart(data.drop(columns=["subject"]))
    fill, more = _looks(data, sets)
    drawn = [*([] if singles is None else [_bands(labels, heads, y)]), *_named_lines(marks, scale),
             *([] if singles is None else [_singles(singles, x, y)]),
             base.mark_rule(color=theme.INK, strokeWidth=1.8, opacity=0.75).encode(x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips),
             base.mark_point(size=70, filled=True, opacity=1, stroke=theme.INK, strokeWidth=1.8).encode(
                 x=x, y=y, tooltip=tips, fill=fill, **more)]
    chart = alt.layer(*drawn)
    if margin:
        right = base.mark_point(opacity=0).encode(y=margin_axis("y:Q", margin, len(labels)))
        chart = alt.layer(chart, right).resolve_axis(y="independent")
    return chart


def _bands(labels, heads, y: alt.Y) -> alt.Chart:
    """A band behind every other row: what stands in one row is seen to belong together."""
    rows = [place for place in labels if place not in heads][1::2]
    y = y.copy()  # the same axis, or the two would merge into one with fewer labels
    y.shorthand = "top:Q"
    bands = pd.DataFrame({"top": [row - 0.5 for row in rows], "bottom": [row + 0.5 for row in rows]})
    return alt.Chart(bands).mark_rect(color=theme.GRID, opacity=0.45).encode(y=y, y2="bottom:Q")


def _singles(singles: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    tips = [alt.Tooltip(f"{column}:N") for column in singles if column not in ("value", "y")]
    colour, shape, _ = theme.STRATEGIES["continual_local"]
    return alt.Chart(singles).mark_point(size=26, filled=True, shape=shape, color=colour, opacity=0.6).encode(
        x=x, y=y, tooltip=tips)


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
        stroke = alt.Scale(domain=sets, range=[theme.INK] * len(sets))  # or hollow marks have no outline in the legend
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


def _margin(data: pd.DataFrame, rows: Mapping[str, int], note: Mapping) -> dict[float, str]:
    """Place -> word at the right margin: a word a row, or one for each set beside its dot."""
    if not any(isinstance(each, Mapping | pd.Series) for each in note.values()):
        return {place: str(note.get(subject, "")) for subject, place in rows.items()}
    return {float(round(row.y, 4)): str(note.get(row.set, {}).get(row.subject, "")) for row in data.itertuples()}


def margin_axis(field: str, words: Mapping[float, str], count: int) -> alt.Y:
    """A vertical axis of words on the right of `count` rows, wherever they stand."""
    places, said = json.dumps(list(words)), json.dumps(list(words.values()), ensure_ascii=False)
    axis = alt.Axis(title=None, orient="right", grid=False, values=list(words),
                    labelExpr=f"{said}[indexof({places}, datum.value)]")
    return alt.Y(field, scale=alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False), axis=axis)


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
