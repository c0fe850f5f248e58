"""Rows of dots with intervals: the one grammar of figures that compare estimates.

A row is a subject (a benchmark, a pair, a component), a dot its value, a line its interval.  One table gives one dot a
row; several tables (sets) stand side by side as shapes in a row, or as panels.
"""

from __future__ import annotations

import json
import textwrap
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
    title: str | None = None,
    subtitle: str | None = None,
) -> Figure:
    """Subjects as rows, values across, intervals as lines.

    Parameters
    ----------
    sets : one table, or several by the name that a legend (or panel) gives them.
    study : says what subjects are called, and which benchmarks are local (filled) or English (hollow).
    axis : what is measured, under the axis.
    at : a threshold to draw as a named line, or several by value; zero is always drawn.  Panels
        whose lines differ take a mapping of their names to such.
    order : "value" (highest of the first set on top), "ability" (benchmarks under their ability), or the subjects.
    panels : a panel a set instead of a shape a set.
    spec : how values are written, as in `words.number`.
    note : subject -> a word at the right margin.

    Where estimates have a range over draws of what is undisclosed, a thick bar shows it.
    """
    sets = {"": sets} if isinstance(sets, Estimates) else dict(sets)
    subjects = list(dict.fromkeys(subject for table in sets.values() for subject in table))
    rows, labels, heads = _places(subjects, sets, study, order)
    data = _data(sets, rows, study, spec, 0 if panels else 0.34)
    if panels:
        chart = _panels(data, list(sets), labels, heads, axis, at)
        finish = {"fit": {"columns": len(sets), "least": 120, "gap": _gap(labels), "margin": 0, "most": 480}}
    else:
        chart = _layers(data, list(sets), labels, heads, axis, at, note and _margin(rows, note))
        chart = chart.properties(width="container", height=max(ROW, 14 * len(sets) + 8) * len(labels))
        finish = {"still": 760, "least": 340}
    said = "; ".join(f"{row['name']}{' (' + row['set'] + ')' if row['set'] else ''} {row['said']}"
                     for row in data.sort_values("row", kind="stable").to_dict("records"))
    chart = theme.finish(chart, title=title, subtitle=subtitle, **finish)
    about = f"{axis[:1].upper()}{axis[1:]}, with intervals" if axis else "Values with intervals"
    known = [end for end in ("draws_low", "draws_high") if end in data]
    named = ["subject", "name", *(["set"] if len(sets) > 1 else [])]
    columns = [*named, "value", "low", "high", *known]
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
    return {each: place for place, each in enumerate(kept)}, {place: study.called(each) for place, each in enumerate(kept)}, []


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
                              "row": rows[subject], "y": rows[subject] + apart,
                              "draws_low": each.draws_low, "draws_high": each.draws_high})
    data = pd.DataFrame(found)
    ends = ["value", "low", "high", "draws_low", "draws_high"]
    data[ends] = data[ends].astype(float)
    known = data["draws_low"].notna().any()
    return data if known else data.drop(columns=["draws_low", "draws_high"])


def _layers(
    data, sets, labels, heads, axis, at, margin=None, domain=None, wide=60
) -> alt.LayerChart:
    """Lines named, then ranges over draws and intervals, then dots."""
    marks = _lines(at)
    domain = domain or _domain(data, marks)
    scale = alt.Scale(domain=domain, nice=False)
    title = theme.lines(axis, wide) or None
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=title, tickCount=5, format="~g"))
    y = row_axis("y:Q", labels, heads, labelLimit=LABEL)
    tips = [alt.Tooltip("name:N", title="What"), *([alt.Tooltip("set:N", title="Set")] if len(sets) > 1 else []),
            alt.Tooltip("said:N", title="Value")]
    base = alt.Chart(data.drop(columns=["subject"]))
    fill, more = _looks(data, sets)
    drawn = [*_named_lines(marks, scale, domain), *_ranges(base, data, y),
             base.mark_rule(color=theme.INK, strokeWidth=1.8, opacity=0.75).encode(x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips),
             base.mark_point(size=70, filled=True, opacity=1, stroke=theme.INK, strokeWidth=1.8).encode(
                 x=x, y=y, tooltip=tips, fill=fill, **more)]
    chart = alt.layer(*drawn)
    if margin:
        right = base.mark_point(opacity=0).encode(y=row_axis("row:Q", margin, orient="right", grid=False))
        chart = alt.layer(chart, right).resolve_axis(y="independent")
    return chart


def _domain(data: pd.DataFrame, marks: Mapping[float, str]) -> list[float]:
    columns = ("value", "low", "high", "draws_low", "draws_high")
    ends = [data[column] for column in columns if column in data]
    return theme.padded(*ends, list(marks), share=0.04)


def _ranges(base: alt.Chart, data: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """What undisclosed numbers leave open, as thick bars."""
    if "draws_low" not in data:
        return []
    bar = base.mark_rule(color=theme.QUIET, strokeWidth=9, opacity=0.45)
    return [bar.encode(x=alt.X("draws_low:Q"), x2="draws_high:Q", y=y)]


def _lines(at) -> dict[float, str]:
    """Where lines stand and what they are called."""
    named = dict(at) if isinstance(at, Mapping) else {} if at is None else {float(at): words.number(float(at), "g")}
    return {0.0: ""} | named


def _named_lines(marks: dict[float, str], scale, domain: Sequence[float]) -> list[alt.Chart]:
    """Zero, and the lines that have a name; a name near the right edge ends at its line."""
    lines = pd.DataFrame({"at": list(marks), "said": list(marks.values())})
    x = alt.X("at:Q", scale=scale)
    zero = alt.Chart(lines[lines["at"] == 0]).mark_rule(color=theme.QUIET, strokeWidth=1).encode(x=x)
    named = lines[lines["said"] != ""]
    if named.empty:
        return [zero]
    rule = alt.Chart(named).mark_rule(color=theme.INK, strokeWidth=1.2, strokeDash=[5, 4])
    late = named["at"] > domain[0] + 0.7 * (domain[1] - domain[0])
    look = {"baseline": "bottom", "y": -4, "color": theme.INK, "fontSize": 12}
    words = [alt.Chart(part).mark_text(**look, align=align).encode(x=x, text="said:N")
             for align, part in (("center", named[~late]), ("right", named[late])) if len(part)]
    return [zero, rule.encode(x=x), *words]


def _looks(data, sets) -> tuple[alt.Fill, dict]:
    """How marks are told apart: by set where there are several, else by the language of a benchmark."""
    legend = {"title": None, "orient": "top", "direction": "horizontal", "symbolStrokeWidth": 1.8, "symbolSize": 70,
              "symbolStrokeColor": theme.INK, "offset": 18, "labelLimit": 0, "columns": 2}
    if len(sets) > 1:
        looks = [LOOKS[place % len(LOOKS)] for place in range(len(sets))]
        shape = alt.Scale(domain=sets, range=[shape for shape, _ in looks])
        fill = alt.Scale(domain=sets, range=[fill for _, fill in looks])
        return (alt.Fill("set:N", scale=fill, legend=alt.Legend(**legend)),
                {"shape": alt.Shape("set:N", scale=shape, legend=alt.Legend(**legend))})
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
    """A panel a set on one scale, each with its own labels: on a narrow page one below another."""
    each = isinstance(at, Mapping) and set(at) <= set(sets)
    lines = {name: at.get(name) if each else at for name in sets}
    domain = _domain(data, [mark for one in lines.values() for mark in _lines(one)])
    offset = 8 if all(said == "" for one in lines.values() for said in _lines(one).values()) else 24
    heading, wide = _headings(sets), 24 if len(sets) > 2 else 40
    drawn = []
    for name in sets:
        here = data[data["set"] == name]
        panel = _layers(here, [name], labels, heads, axis, lines[name], domain=domain, wide=wide)
        drawn.append(panel.properties(
            width=max(150, 480 // len(sets)), height=(17 if len(labels) > 12 else 26) * len(labels),
            title=alt.TitleParams(heading[name], fontSize=13, offset=offset)))
    return alt.concat(*drawn, columns=len(drawn))


def _headings(names: Sequence[str]) -> dict[str, list[str]]:
    """Each panel's name in lines, as many for all, so that panels stand level."""
    wide = 22 if len(names) > 2 else 40
    parts = {name: textwrap.wrap(f"{name[:1].upper()}{name[1:]}", wide) for name in names}
    most = max(map(len, parts.values()))
    return {name: [" "] * (most - len(part)) + part for name, part in parts.items()}


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
