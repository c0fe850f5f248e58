"""Two budgets in one law, against statsmodels; rival laws, against scikit-learn's
leave-one-group-out."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from lib.stats import budget, resampling, rivals
from lib.stats.resampling import Resampling
from lib.stats.scaling import ScalingError


@pytest.fixture(scope="module")
def scores(fit):
    return fit.scores


@pytest.fixture(scope="module")
def one_draw(ja):
    return budget.draw(ja, 3, draws=1)


def test_slopes_and_partial_r2_are_those_of_ordinary_least_squares(ja, scores, one_draw):
    table = rivals.joint(scores["PC2"], one_draw, Resampling(ja.models["lineage"], 0, 50)).values
    x = np.log10(np.column_stack([one_draw.compute(side)[0] for side in rivals.SIDES]))
    full = sm.OLS(scores["PC2"].to_numpy(), sm.add_constant(x)).fit()
    assert table[["slope-english", "slope-local"]].tolist() == pytest.approx(
        full.params[1:].tolist(), rel=1e-8
    )
    for place, side in enumerate(rivals.SIDES):
        reduced = sm.OLS(
            scores["PC2"].to_numpy(), sm.add_constant(np.delete(x, place, axis=1))
        ).fit()
        assert table[f"partial-r2-{side}"] == pytest.approx(
            (reduced.ssr - full.ssr) / reduced.ssr, rel=1e-8
        )


def test_a_replicate_is_least_squares_on_the_drawn_models(ja, scores, one_draw):
    x = np.log10(np.stack([one_draw.compute(side)[0] for side in rivals.SIDES], axis=-1))
    weights = resampling.weights(35, 3, np.random.default_rng(5), ja.models["lineage"])
    ours = rivals.joint_moments(
        weights, scores["PC1"].to_numpy(), np.broadcast_to(x, (3, *x.shape))
    )
    for row, values in zip(weights, ours, strict=True):
        times = row.astype(int)
        fit = LinearRegression().fit(
            np.repeat(x, times, axis=0), np.repeat(scores["PC1"].to_numpy(), times)
        )
        np.testing.assert_allclose(values[:2], fit.coef_, rtol=1e-8)


def test_each_ability_follows_its_own_language_when_budgets_compete(ja, scores):
    budgets = budget.draw(ja, 1, draws=200)
    table = rivals.joint_table(
        scores[["PC1", "PC2"]], budgets, Resampling(ja.models["lineage"], 2, 2_000)
    )
    general, local = table.within("PC1"), table.within("PC2")
    assert general["slope-english"].low > 0 and local["slope-local"].low > 0
    assert general["partial-r2-english"].value > general["partial-r2-local"].value
    assert local["partial-r2-local"].value > local["partial-r2-english"].value


def test_errors_are_scikit_learns_leave_one_group_out(ja, scores, one_draw):
    table = rivals.errors(scores["PC1"], one_draw, Resampling(ja.models["lineage"], 0))
    y, groups = scores["PC1"].to_numpy(), ja.models["lineage"]
    for law, sides in (
        ("english-compute", ["english"]),
        ("english-and-local-compute", ["english", "local"]),
    ):
        x = np.log10(np.column_stack([one_draw.compute(side)[0] for side in sides]))
        predicted = cross_val_predict(
            LinearRegression(), x, y, groups=groups, cv=LeaveOneGroupOut()
        )
        assert table[law].value == pytest.approx(
            np.sqrt(np.mean((y - predicted) ** 2)) / y.std(), rel=1e-6
        )
    assert (
        table["english-compute"].value < table["mean-alone"].value
        and table["mean-alone"].lineages == 10
    )


def test_a_law_is_better_only_where_hardly_any_draw_says_otherwise(ja, scores):
    table = rivals.error_table(
        scores[["PC1", "PC2"]],
        budget.draw(ja, 1, draws=100),
        Resampling(ja.models["lineage"], 0),
        draws=60,
    )
    found = rivals.better(table)
    for component in ("PC1", "PC2"):
        mean, here = table[f"{component}/mean-alone"].value, found.within(component)
        assert here.values.is_monotonic_increasing and (here.frame["draws_high"] < mean).all()
        left = table.within(component).without([*here, "mean-alone"])
        assert (left.frame["draws_high"] >= mean).all()


def test_the_sigmoid_finds_a_step_that_a_line_cannot():
    rng = np.random.default_rng(4)
    x = rng.uniform(20, 24, 60)
    y = 1 / (1 + np.exp(-(x - 22) / 0.1)) + 0.02 * rng.normal(size=60)
    labels = np.repeat(np.arange(12), 5)
    assert (
        rivals._left_out_sigmoid(y, x[:, None], labels)[0]
        < 0.5 * rivals._left_out(y, x[:, None, None], labels)[0]
    )


def test_parameters_and_tokens_apart_are_ordinary_least_squares(ja, scores, one_draw):
    how = Resampling(ja.models["lineage"], 0, 50)
    stage = rivals.local_stage(ja.models["strategy"])
    n = np.log10(one_draw.parameters.to_numpy())
    tokens = np.log10(one_draw.tokens["local"][0].to_numpy())
    for extra, columns in ((None, [n, tokens]), (stage, [n, tokens, stage.to_numpy()])):
        ours = rivals.free(scores["PC2"], one_draw, how, "local", extra).values
        x = sm.add_constant(np.column_stack(columns))
        fit = sm.OLS(scores["PC2"].to_numpy(), x).fit()
        assert ours[["parameters", "tokens"]].tolist() == pytest.approx(fit.params[1:3].tolist())
        assert ours["difference"] == pytest.approx(fit.params[1] - fit.params[2])
        if extra is not None:
            assert ours["stage"] == pytest.approx(fit.params[3])


def test_one_slope_for_both_is_the_law_in_compute(ja, scores, one_draw):
    """Where an ability is made to grow with compute alone, the two slopes come out the same."""
    made = np.log10(one_draw.compute("local")[0]).rename("PC2")
    ours = rivals.free(made, one_draw, Resampling(ja.models["lineage"], 0, 50), "local").values
    assert ours.tolist() == pytest.approx([1, 1, 0], abs=1e-8)


def test_what_tokens_add_to_the_stage_is_not_shown(ja, scores):
    budgets = budget.draw(ja, 1, draws=200)
    how, stage = (
        Resampling(ja.models["lineage"], 2, 2_000),
        rivals.local_stage(ja.models["strategy"]),
    )
    staged = rivals.free(scores["PC2"], budgets, how, "local", stage)
    assert staged["parameters"].low > 0 and staged["tokens"].low < 0 < staged["tokens"].value
    missed = rivals.errors(scores["PC2"], budgets, how, stage=stage)
    assert missed["parameters-and-local-stage"].value == pytest.approx(0.734, abs=0.001)
    assert missed["parameters-and-local-stage"].value < missed["local-compute"].value


def test_a_law_is_fitted_to_one_panel_and_predicts_another(ja, scores, one_draw):
    first, other = (
        rivals.Panel(
            scores.loc[part],
            budget.Budgets(
                {side: table.loc[part] for side, table in one_draw.tokens.items()},
                one_draw.lowest.loc[part],
                one_draw.highest.loc[part],
                one_draw.parameters.loc[part],
            ),
        )
        for part in (scores.index[:25], scores.index[25:])
    )
    how = Resampling(ja.models["lineage"].iloc[25:], 0, 50)
    found = rivals.out_of_sample("PC1", first, other, how, versus="total-compute")
    x, y = (
        [np.log10(panel.budgets.compute("english")[[0]]).to_numpy(), panel.scores["PC1"]]
        for panel in (first, other)
    )
    law = LinearRegression().fit(*x)
    error = np.sqrt(np.mean((y[1] - law.predict(y[0])) ** 2)) / x[1].std(ddof=0)
    mean = np.sqrt(np.mean((y[1] - x[1].mean()) ** 2)) / x[1].std(ddof=0)
    assert found["error/english-compute"].value == pytest.approx(error)
    assert found["gain/english-compute"].value == pytest.approx(mean - error)
    foreseen = rivals.predicted("PC1", "english-compute", first, other)
    np.testing.assert_allclose(foreseen, law.predict(y[0]))
    assert not any("stage" in each for each in found)


def test_a_stage_that_all_models_had_is_no_law():
    assert rivals.local_stage(pd.Series(["continual_local", "from_scratch_local"])) is None


def test_too_few_models_or_lineages_are_counted(ja, scores, one_draw):
    with pytest.raises(ScalingError, match=r"at least 4 models .* found 3"):
        rivals.joint(scores["PC1"][:3], one_draw, Resampling(ja.models["lineage"], 0, 5))
    with pytest.raises(ScalingError, match=r"at least 3 lineages .* found 1"):
        rivals.errors(
            scores["PC1"], one_draw, Resampling(pd.Series("one", index=ja.models.index), 0)
        )
