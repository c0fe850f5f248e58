"""An Altair chart as HTML that needs no network: a still picture that a script brings to life.

The picture is inline SVG made here, so that print, feeds and readers without JavaScript see it.
The specification lies beside it as JSON; `_static/charts.js` hands it to vega-embed
(`_static/vega.js`) and then removes the picture. Nothing in a specification can end its script
element, since every `<`, `>` and `&` is written as an escape.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re

from .text import Markup, escape

#: Width in pixels of the still picture of a chart that otherwise takes its container's.
STILL_WIDTH = 700


def specification(chart, description: str) -> dict:
    """The chart's Vega-Lite specification, described, without the parts that no reader needs."""
    spec = chart.to_dict() if hasattr(chart, "to_dict") else copy.deepcopy(chart)
    spec["description"] = description
    return spec


def html(name: str, chart, description: str) -> str:
    """The figure's HTML.  Its element id comes from the specification, so the same figure gives the
    same bytes."""
    spec = specification(chart, description)
    title = _heading(spec.pop("title", None))
    text = json.dumps(
        spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    element = f"chart-{name}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
    label = escape(description)
    least = spec.get("usermeta", {}).get("least")
    style = f' style="min-width:{int(least)}px"' if least else ""
    return (
        f'<div class="study-chart" id="{element}">{title}'
        f'<div class="chart-scroll"{_scrolling(least, label)}><div class="chart-frame" role="img" '
        f'aria-label="{label}"{style}>'
        f'<div class="chart-still" aria-hidden="true">{still(spec, element)}</div></div></div>'
        f'<script type="application/json" class="chart-spec">{json_in_html(text)}</script>'
        f'<div class="study-tools"><a href="data/{name}.csv" download>Data (CSV)</a>'
        f"<details><summary>Description</summary><p>{label}</p></details></div></div>"
    )


def _heading(title) -> str:
    """The title as text of the page, where it wraps on a narrow screen."""
    if not title:
        return ""
    title = {"text": title} if isinstance(title, (str, list)) else title
    lines = [title["text"]] if isinstance(title["text"], str) else title["text"]
    under = title.get("subtitle", "")
    under = " ".join([under] if isinstance(under, str) else under)
    return f'<p class="chart-title">{escape(" ".join(lines))}</p>' + (
        f'<p class="chart-subtitle">{escape(under)}</p>' if under else ""
    )


def json_in_html(text: str) -> Markup:
    """JSON that cannot end a script element, open a comment or break a line in JavaScript."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def still(spec: dict, prefix: str = "still") -> str:
    """The chart as SVG markup, its inner ids made unlike those of any other picture of the page."""
    import vl_convert

    picture = vl_convert.vegalite_to_svg(_fixed(spec))
    picture = re.sub(r'(\bid="|url\(#|href="#)', lambda found: f"{found[1]}{prefix}-", picture)
    return re.sub(r"<svg ", '<svg focusable="false" ', picture, count=1)


def _scrolling(least: int | None, label: str) -> str:
    """A box that may scroll must be reachable by keyboard and named."""
    return f' tabindex="0" role="group" aria-label="{label}"' if least else ""


def _fixed(spec: dict) -> dict:
    """A copy with the width that only a page could have told."""
    spec = copy.deepcopy(spec)
    if spec.get("width") == "container":
        spec["width"] = spec.get("usermeta", {}).get("still", STILL_WIDTH)
    return spec
