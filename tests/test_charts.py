"""Figures: everybody can read them, labels touch nothing, and what they show is what they were given."""

import functools
import json
import re
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import charts
from lib.charts import labels, relations, theme
from lib.report import figures

CSS = Path(charts.__file__).parents[1] / "book" / "static" / "charts.css"
DARK_PAGES = ("#121212", "#14181e")
STRATEGIES = ["from_scratch_english", "from_scratch_multilingual", "from_scratch_local", "continual_local"]


def contrast(a, b):
    return relations.contrast(relations._luminance(a), relations._luminance(b))


def dark_inks():
    dark = CSS.read_text().split('html[data-theme="dark"]')[1].split("}")[0]
    return dict(re.findall(r"--chart-(\w+): (#\w{6})", dark))


# ---- colours


@pytest.mark.parametrize("page", ["#ffffff", *DARK_PAGES])
def test_marks_of_every_strategy_stand_out_on_light_and_dark_pages(page):
    assert {name: colour for name, (colour, *_) in theme.STRATEGIES.items() if contrast(colour, page) < 3} == {}


def test_strategies_differ_in_shape_and_not_only_in_colour():
    colours, shapes, _ = zip(*theme.STRATEGIES.values(), strict=True)
    assert len(set(colours)) == len(set(shapes)) == len(theme.STRATEGIES)


def test_words_can_be_read_on_light_and_dark_pages():
    assert min(contrast(ink, theme.PAGE) for ink in (theme.INK, theme.QUIET)) >= 4.5
    assert min(contrast(dark_inks()[ink], page) for ink in ("ink", "quiet") for page in DARK_PAGES) >= 4.5


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
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.text("abcWM 70", min_size=1, max_size=18)), min_size=1, max_size=30
)


@settings(max_examples=60, deadline=None)
@given(places, st.integers(260, 900), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=8))
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
            left = px[row.position] + row.dx - {"left": 0, "center": wide / 2, "right": wide}[row.align]
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
    placed = labels.place([0.5], [0.5], ["Swallow"], [0], domain_x=(0, 1), domain_y=(0, 1), widths=[400], height=300)
    assert list(placed["align"]) == ["left"] and placed["dx"].iloc[0] > 0


def test_a_line_that_only_passes_by_does_not_cross():
    assert labels.crosses((0, 0, 10, 10), (4, 4, 6, 6))
    assert not labels.crosses((0, 0, 10, 10), (6, 0, 9, 4))
    assert not labels.crosses((0, 0, 3, 3), (4, 4, 6, 6))


# ---- the figures


def models(n=8):
    return pd.DataFrame(
        {
            "name": [f"Model {k}" for k in range(n)],
            "strategy": [STRATEGIES[k % 4] for k in range(n)],
            "lineage": "L",
            "parent_id": ["", *["m0"] * (n - 1)],
            "x": np.arange(n) - 3.5,
            "y": np.arange(n) % 3 - 1.0,
            "released": ["2024-01", "2024-05-02", *["2025-03-01"] * (n - 2)],
            "params_total_b": 7.0 + np.arange(n),
        },
        index=pd.Index([f"m{k}" for k in range(n)], name="model"),
    )


BENCHMARKS = pd.DataFrame(
    {
        "name": ["NIILC", "MMLU", "JMMLU", "WMT20 (en-ja)"],
        "language": ["local", "english", "local", "local"],
        "ability": ["knowledge", "exams", "exams", "translation"],
    },
    index=["niilc", "mmlu", "jmmlu", "wmt"],
)


@functools.cache
def again():
    return drawn()


def drawn():
    """One chart of every kind, from small tables."""
    frame, wide = models(), np.random.default_rng(1).random((30, 4))
    correlation = pd.DataFrame(np.corrcoef(wide.T), BENCHMARKS.index, BENCHMARKS.index)
    counterparts = pd.DataFrame({"a": ["mmlu", "niilc"], "b": ["jmmlu", "wmt"], "kind": ["translation", "similar"]})
    facts = pd.concat(
        [
            frame[["name", "strategy"]].assign(fact=fact, state=state)
            for fact, state in (("all", "told"), ("local", "own"), ("English", "hidden"))
        ]
    )
    cloud = frame[["name", "strategy", "x", "y"]].assign(panel="p")
    interval = {"value": [-0.5], "low": [-0.7], "high": [0.1]}
    panels = pd.DataFrame({"x": ["MMLU"], "y": ["JMMLU"], "kind": ["translation"], **interval}, index=["p"])
    parallel = pd.DataFrame(
        {
            "eigenvalue": [2.5, 1.0, 0.4, 0.1],
            "threshold": [1.6, 1.2, 0.9, 0.6],
            "retained": [True, False, False, False],
            "low": [2.0, 0.7, 0.2, 0.05],
            "high": [2.9, 1.4, 0.6, 0.2],
        },
        index=["PC1", "PC2", "PC3", "PC4"],
    )
    weights = pd.DataFrame(
        {"value": 0.5, "low": -0.2, "high": 0.7},
        pd.MultiIndex.from_product([["PC1", "PC2"], BENCHMARKS.index], names=["component", "benchmark"]),
    )
    scores = pd.concat(
        [
            frame[["name", "strategy"]].assign(panel=panel, score=np.linspace(0, 1, len(frame)))
            for panel in ("NIILC", "MMLU")
        ]
    )
    means = pd.DataFrame(
        [
            {"panel": panel, "strategy": each, "value": 0.5, "low": 0.3, "high": 0.6, "n": 2}
            for panel in ("NIILC", "MMLU")
            for each in STRATEGIES
        ]
    )
    differences = pd.DataFrame(
        [
            {"benchmark": b, "child": "c", "parent": "p", "difference": d}
            for b in BENCHMARKS.index
            for d in (-0.1, 0.0, 0.2)
        ]
    )
    summary = pd.DataFrame({"value": 0.05, "low": -0.1, "high": 0.2, "up": 1, "pairs": 3}, BENCHMARKS.index)
    law = pd.DataFrame(
        {
            "component": "PC1",
            "side": ["english", "local"],
            "value": 0.9,
            "low": 0.8,
            "high": 0.95,
            "draws_low": 0.88,
            "draws_high": 0.92,
        }
    )
    compute = pd.concat(
        [
            frame[["name", "strategy", "y"]].assign(component="PC1", side=side, lowest=1e21, median=2e21, highest=5e22)
            for side in law["side"]
        ]
    )
    bands = pd.concat(
        [
            pd.DataFrame(
                {
                    "compute": [1e21, 1e23],
                    "line": [-1, 1],
                    "low": [-2, 0],
                    "high": [0, 2],
                    "component": "PC1",
                    "side": side,
                }
            )
            for side in law["side"]
        ]
    )
    return {
        "map": charts.ability_map(
            frame,
            charts.links(frame),
            x_title="General",
            y_title="Local",
            language="Japanese",
            title="A map",
            subtitle="of models",
        ),
        "timeline": charts.timeline(frame, "Japanese"),
        "heatmap": charts.heatmap(correlation, benchmarks=BENCHMARKS, counterparts=counterparts),
        "scatters": charts.scatters(cloud, panels, "Japanese"),
        "scree": charts.scree(parallel),
        "loadings": charts.loadings(weights, BENCHMARKS, "Japanese"),
        "pairs": charts.pairs(differences, summary, BENCHMARKS, "Japanese"),
        "scaling": charts.scaling(compute, bands, law, "Japanese"),
        "scaling-summary": charts.scaling_summary(law, "Japanese"),
    }


DRAWN = drawn()


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_compiles_and_comes_out_the_same_twice(name):
    first, second = (json.dumps(chart.to_dict(), sort_keys=True) for chart in (DRAWN[name], again()[name]))
    assert first == second
    vl_convert.vegalite_to_vega(DRAWN[name].to_dict())


@pytest.mark.parametrize("name", DRAWN)
def test_still_pictures_keep_their_words(name):
    """vl-convert drops all text silently when no font of the list is installed."""
    picture = figures.still(DRAWN[name].to_dict())
    assert len(re.findall(r"<text", picture)) >= 4
    empty = re.sub(r"<text.*?</text>", "", picture)
    assert len(vl_convert.svg_to_png(picture)) > 1.02 * len(vl_convert.svg_to_png(empty))


@pytest.mark.parametrize("name", DRAWN)
def test_negative_numbers_have_a_true_minus_sign(name):
    words = re.findall(r"<text[^>]*>([^<]*)</text>", figures.still(DRAWN[name].to_dict()))
    assert not [word for word in words if re.match(r"^[-+]?-\d", word)]


@pytest.mark.parametrize("name", DRAWN)
def test_the_font_list_ends_with_a_family_that_everyone_has(name):
    fonts = set(re.findall(r'font-family="([^"]*)"', figures.still(DRAWN[name].to_dict())))
    assert fonts and all(font.endswith("sans-serif") for font in fonts)


@pytest.mark.parametrize("name", DRAWN)
def test_colour_means_strategy_and_nothing_else(name):
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(DRAWN[name].to_dict())))
    strategies = {colour for colour, *_ in theme.STRATEGIES.values()}
    if name in ("heatmap", "scree", "loadings", "pairs", "scaling-summary"):
        assert not colours & strategies
    else:
        assert colours & strategies


def test_a_map_labels_its_outliers_and_points_from_parent_to_child():
    spec = DRAWN["map"].to_dict()
    rows = [row for table in spec["datasets"].values() for row in table]
    assert {"m0"} == {row["from"] for row in rows if "from" in row} and len([row for row in rows if "from" in row]) == 7
    assert any(row.get("text") == "Model 7" for row in rows)


def test_a_map_without_parents_has_no_arrows():
    frame = models()
    assert charts.links(frame.assign(parent_id="")).empty
    spec = charts.ability_map(frame, None, x_title="x", y_title="y", language="Japanese").to_dict()
    assert not [row for table in spec["datasets"].values() for row in table if "from" in row]


def test_frames_of_translations_are_solid_and_of_similar_tasks_dashed():
    layers = DRAWN["heatmap"].to_dict()["layer"]
    dashes = {
        layer["transform"][0]["filter"]: layer["mark"]["strokeDash"]
        for layer in layers
        if "strokeDash" in layer["mark"] and "transform" in layer
    }
    assert dashes == {"datum.frame === 'translation'": [1, 0], "datum.frame === 'similar'": [4, 3]}


def test_counts_stand_at_the_margin_of_the_pairs():
    assert figures.still(DRAWN["pairs"].to_dict()).count("1 of 3 up") == 4


def test_neighbours_are_spread_apart():
    offsets = labels.spread([0.5, 0.5, 0.5, 0.9], 0.1)
    assert len(set(offsets[:3])) == 3 and offsets[3] == 0


def test_a_figure_of_dates_says_when_it_has_nothing_to_show():
    with pytest.raises(ValueError, match="no model has both"):
        charts.timeline(models().assign(released=""), "Japanese")


def test_charts_are_altair_charts():
    assert all(isinstance(chart, alt.TopLevelMixin) for chart in DRAWN.values())
