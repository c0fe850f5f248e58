"""Figures: everybody can read them, labels touch nothing, and what they show is what they were
given."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import charts
from lib.charts import labels, relations, theme

CSS = Path(charts.__file__).parents[1] / "book" / "static" / "charts.css"
DARK_PAGES = ("#121212", "#14181e")
STRATEGIES = [
    "from_scratch_english",
    "from_scratch_multilingual",
    "from_scratch_local",
    "continual_local",
]


def contrast(a, b):
    return relations.contrast(relations._luminance(a), relations._luminance(b))


def dark_inks():
    dark = CSS.read_text().split('html[data-theme="dark"]')[1].split("}")[0]
    return dict(re.findall(r"--chart-(\w+): (#\w{6})", dark))


# ---- colours


@pytest.mark.parametrize("page", ["#ffffff", *DARK_PAGES])
def test_marks_of_every_strategy_stand_out_on_light_and_dark_pages(page):
    assert {
        name: colour
        for name, (colour, *_) in theme.STRATEGIES.items()
        if contrast(colour, page) < 3
    } == {}


def test_strategies_differ_in_shape_and_not_only_in_colour():
    colours, shapes, _ = zip(*theme.STRATEGIES.values(), strict=True)
    assert len(set(colours)) == len(set(shapes)) == len(theme.STRATEGIES)


def test_words_can_be_read_on_light_and_dark_pages():
    assert min(contrast(ink, theme.PAGE) for ink in (theme.INK, theme.QUIET)) >= 4.5
    assert (
        min(contrast(dark_inks()[ink], page) for ink in ("ink", "quiet") for page in DARK_PAGES)
        >= 4.5
    )


def test_every_ink_of_the_charts_is_swapped_on_dark_pages():
    css = CSS.read_text()
    for ink in (theme.INK, theme.QUIET, theme.GRID, theme.PAGE):
        assert f'[fill="{ink}"]' in css and f'[stroke="{ink}"]' in css


def test_numbers_in_a_heatmap_can_be_read_on_every_cell():
    worst = min(contrast(relations.ink_on(r), relations._mixed(r)) for r in np.linspace(-1, 1, 401))
    assert worst >= 4.5


def test_the_language_of_the_study_is_in_the_legend():
    assert theme.strategy_names("Icelandic")["continual_local"] == "continued on Icelandic"
    assert "{" not in "".join(theme.strategy_names("C{0}").values()).replace("C{0}", "")


# ---- labels

places = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.text("abcWM 70", min_size=1, max_size=18)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(
    places,
    st.integers(260, 900),
    st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=8),
)
def test_labels_touch_no_label_mark_line_or_frame_at_any_width(points, width, joined):
    x, y, texts = zip(*points, strict=True)
    segments = [(a % len(x), b % len(x)) for a, b in joined if a % len(x) != b % len(x)]
    height, widths = 400, range(width, width + 121, 20)
    placed = labels.place(
        x,
        y,
        texts,
        range(len(x)),
        domain_x=(-0.1, 1.1),
        domain_y=(-0.1, 1.1),
        widths=widths,
        height=height,
        segments=segments,
    )
    for shown in widths:
        px = (np.array(x) + 0.1) / 1.2 * shown
        py = height * (1 - (np.array(y) + 0.1) / 1.2)
        boxes = []
        for row in placed.itertuples():
            wide = labels.text_width(row.text, 12)
            left = (
                px[row.position]
                + row.dx
                - {"left": 0, "center": wide / 2, "right": wide}[row.align]
            )
            box = (left, py[row.position] + row.dy - 7, left + wide, py[row.position] + row.dy + 7)
            assert box[0] >= 0 and box[1] >= 0 and box[2] <= shown and box[3] <= height
            assert not any(labels.overlap(box, other) for other in boxes)
            assert not any(
                labels.overlap(box, (px[k] - 6, py[k] - 6, px[k] + 6, py[k] + 6))
                for k in range(len(x))
                if k != row.position
            )
            assert not any(labels.crosses((px[a], py[a], px[b], py[b]), box) for a, b in segments)
            boxes.append(box)


def test_a_lone_mark_gets_its_label_on_the_right():
    placed = labels.place(
        [0.5], [0.5], ["Swallow"], [0], domain_x=(0, 1), domain_y=(0, 1), widths=[400], height=300
    )
    assert list(placed["align"]) == ["left"] and placed["dx"].iloc[0] > 0


def test_a_line_that_only_passes_by_does_not_cross():
    assert labels.crosses((0, 0, 10, 10), (4, 4, 6, 6))
    assert not labels.crosses((0, 0, 10, 10), (6, 0, 9, 4))
    assert not labels.crosses((0, 0, 3, 3), (4, 4, 6, 6))
