"""Every figure of abilities and budgets: the same twice, its words drawn, true minus signs, colour
for strategy alone."""

import json
import re

import pandas as pd
import pytest
import vl_convert

from lib import charts, study
from lib.charts import theme
from lib.report import figures
from lib.stats import budget, components, scaling, standing
from lib.stats.resampling import Resampling


def drawn():
    ja = study.load("ja")
    how = Resampling(ja.models["lineage"], 1, 100)
    fit = components.fit(ja.scores, ja.anchors)
    stable = components.stability(ja.scores, how, 2, ja.anchors)
    noise = components.parallel(ja.scores, 1, draws=50)
    checks = standing.checks(ja.scores, how, fit, {"normal": noise}, stable.congruence)
    scores, budgets = fit.scores[["PC1", "PC2"]], budget.draw(ja, 1, draws=10)
    laws = scaling.table(scores, budgets, how).within("pearson")
    titles = {"PC1": "general (PC1)", "PC2": "local (PC2)"}
    return {
        "map": charts.ability_map(
            stable.scores.within("PC1"),
            stable.scores.within("PC2"),
            ja,
            x_title="general",
            y_title="local",
        ),
        "loadings": charts.dots(
            {k: stable.loadings.within(k) for k in titles},
            ja,
            panels=True,
            order="ability",
            axis="loading",
        ),
        "scree": charts.scree(
            components.strength(noise, stable.explained, 19), standing.status(checks)
        ),
        "standing": charts.standing(checks, standing.status(checks)),
        "by-budget": charts.by_budget(laws, ja, titles, "r"),
        "scaling": charts.scaling(
            laws, scores, budgets, scaling.bands(scores, budgets, laws, 1), ja, titles
        ),
    }


DRAWN, AGAIN = drawn(), drawn()


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_inputs_give_the_same_figure(name):
    first, second = (
        json.dumps(made[name].chart.to_dict(), sort_keys=True) for made in (DRAWN, AGAIN)
    )
    assert first == second and DRAWN[name].description == AGAIN[name].description
    pd.testing.assert_frame_equal(DRAWN[name].data, AGAIN[name].data)


@pytest.mark.parametrize("name", DRAWN)
def test_the_still_picture_has_words_in_a_font_that_everyone_has_with_true_minus_signs(name):
    picture = figures.still(DRAWN[name].chart.to_dict())
    words = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    assert len(words) >= 4 and not [word for word in words if re.match(r"^[-+]?-\d", word)]
    fonts = set(re.findall(r'font-family="([^"]*)"', picture))
    assert fonts and all(font.endswith("sans-serif") for font in fonts)
    empty = re.sub(r"<text.*?</text>", "", picture)
    assert len(vl_convert.svg_to_png(picture)) > 1.02 * len(vl_convert.svg_to_png(empty))


@pytest.mark.parametrize("name", DRAWN)
def test_colour_means_strategy_and_nothing_else(name):
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(DRAWN[name].chart.to_dict())))
    strategies = {colour for colour, *_ in theme.STRATEGIES.values()}
    assert bool(colours & strategies) is (name in ("map", "scaling"))


@pytest.mark.parametrize("name", DRAWN)
def test_a_description_says_what_the_figure_is_of_in_words_not_ids(name):
    said = DRAWN[name].description
    assert said.endswith(".") and len(said) > 80
    assert not re.search(r"\b(niilc|wmt20-en-ja|meta-llama/|from_scratch)", said)
