"""Where do labels go?  A deterministic greedy placement that never lets a label touch anything.

Labels are tried in the order given, each at a ring of places around its mark; the first place is
taken that is free of every mark, line, earlier label and the frame, at *every* width at which the
figure may be shown.  A label with no free place is left out: its mark still answers to the pointer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

#: Advance widths of a wide common sans-serif (DejaVu Sans) in thousandths of the font size: an
#: upper bound for others.
_NARROW = {
    **dict.fromkeys("ijl'|I", 300),
    **dict.fromkeys("ft.,:;()[]-/ !r", 410),
    **dict.fromkeys("mw", 975),
    **dict.fromkeys("MWQ@%", 1000),
    **dict.fromkeys("GOHNDURV_+=<>\N{MINUS SIGN}ABKPX", 790),
}
_OTHER, _WIDE = 640, 1000
#: Room kept around every label and mark, in pixels.
CLEAR = 2.0


def text_width(text: str, size: float) -> float:
    """An upper bound in pixels for the width of a text at a font size."""
    return (
        sum(
            _NARROW.get(character, _OTHER if ord(character) < 0x2E80 else _WIDE)
            for character in text
        )
        * size
        / 1000
    )


def place(
    x: Sequence[float],
    y: Sequence[float],
    texts: Sequence[str],
    order: Iterable[int],
    *,
    domain_x: Sequence[float],
    domain_y: Sequence[float],
    widths: Sequence[int],
    height: int,
    size: float = 12,
    radius: float = 7,
    segments: Sequence[tuple[int, int]] = (),
    most: int | None = None,
) -> pd.DataFrame:
    """Place labels beside their marks.

    Parameters
    ----------
    x, y : positions of all marks, labelled or not, in data units on linear scales.
    texts : the label of each mark.
    order : positions of the marks to label, the most important first.
    domain_x, domain_y : what the scales map to (0, width) and (height, 0).
    widths : the widths in pixels at which the labels must be free.
    radius : of a mark, in pixels.
    segments : pairs of positions joined by a line, which no label may cross.
    most : stop after so many labels.

    Returns
    -------
    DataFrame with one row a placed label: position, text, dx, dy (pixels from the mark to the
        anchor of the text),
    align (left, center, right).  Texts are anchored at their vertical middle.
    """
    down = height * (1 - (np.asarray(y, float) - domain_y[0]) / (domain_y[1] - domain_y[0]))
    share = (np.asarray(x, float) - domain_x[0]) / (domain_x[1] - domain_x[0])
    scenes = [_Scene(share * width, down, width, height, radius, segments) for width in widths]
    placed = []
    for position in order:
        if most is not None and len(placed) >= most:
            break
        wide, tall = text_width(texts[position], size), size * 1.2
        for dx, dy, align in _places(radius, tall):
            offset = _box(dx, dy, align, wide, tall)
            if all(scene.free(position, offset) for scene in scenes):
                for scene in scenes:
                    scene.take(position, offset)
                placed.append(
                    {
                        "position": position,
                        "text": texts[position],
                        "dx": dx,
                        "dy": dy,
                        "align": align,
                    }
                )
                break
    return pd.DataFrame(placed, columns=["position", "text", "dx", "dy", "align"])


def _places(radius: float, tall: float) -> list[tuple[float, float, str]]:
    """Candidate anchors around a mark, the most readable first."""
    near, step = radius + 4, tall / 2
    places = [
        (near, 0, "left"),
        (-near, 0, "right"),
        (0, -near - step, "center"),
        (0, near + step, "center"),
    ]
    for side in (-1, 1):
        places += [(-radius, side * (near + step), "left"), (radius, side * (near + step), "right")]
    for sideways in (near, -near):
        align = "left" if sideways > 0 else "right"
        places += [
            (sideways, -step, align),
            (sideways, step, align),
            (sideways * 0.7, -near, align),
            (sideways * 0.7, near, align),
        ]
    return places


def _box(
    dx: float, dy: float, align: str, wide: float, tall: float
) -> tuple[float, float, float, float]:
    left = {"left": dx, "center": dx - wide / 2, "right": dx - wide}[align]
    return left - CLEAR, dy - tall / 2, left + wide + CLEAR, dy + tall / 2


class _Scene:
    """What is taken at one width."""

    def __init__(self, x, y, width, height, radius, segments):
        self.x, self.y, self.width, self.height = x, y, width, height
        self.segments = [(x[a], y[a], x[b], y[b]) for a, b in segments]
        self.radius = radius
        self.boxes: list[tuple[float, float, float, float]] = []

    def _at(self, position, offset):
        x, y = self.x[position], self.y[position]
        return x + offset[0], y + offset[1], x + offset[2], y + offset[3]

    def free(self, position, offset) -> bool:
        box = self._at(position, offset)
        left, top, right, bottom = box
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        reach = self.radius + 1
        others = np.arange(len(self.x)) != position
        hit = (
            (self.x + reach > left)
            & (self.x - reach < right)
            & (self.y + reach > top)
            & (self.y - reach < bottom)
        )
        if (hit & others).any() or any(overlap(box, other) for other in self.boxes):
            return False
        return not any(crosses(segment, box) for segment in self.segments)

    def take(self, position, offset) -> None:
        self.boxes.append(self._at(position, offset))


def overlap(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether two boxes (left, top, right, bottom) share any area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def crosses(segment: Sequence[float], box: Sequence[float]) -> bool:
    """Whether a line segment (x0, y0, x1, y1) enters a box (Liang and Barsky 1984)."""
    x0, y0, x1, y1 = segment
    start, end = 0.0, 1.0
    for step, gap_low, gap_high in (
        (x1 - x0, box[0] - x0, box[2] - x0),
        (y1 - y0, box[1] - y0, box[3] - y0),
    ):
        if math.isclose(step, 0.0, abs_tol=1e-12):
            if gap_low > 0 or gap_high < 0:
                return False
            continue
        low, high = sorted((gap_low / step, gap_high / step))
        start, end = max(start, low), min(end, high)
    return start < end


def spread(values: Sequence[float], least: float, rows: int = 3) -> list[float]:
    """Sideways offsets (in units of a row, -1 to 1) that keep neighbours apart: each value takes
    the first free row."""
    order = np.argsort(np.asarray(values, float), kind="stable")
    last = [-math.inf] * rows
    offsets = [0.0] * len(order)
    levels = [0.0] + [
        sign * step * 2 / (rows - 1) for step in range(1, rows // 2 + 1) for sign in (-1, 1)
    ]
    for position in order:
        value = values[position]
        row = next((row for row in range(rows) if value - last[row] >= least), int(np.argmin(last)))
        last[row], offsets[position] = value, levels[row]
    return offsets
