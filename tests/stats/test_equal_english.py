"""Models compared at equal English: against a peer's regression, loops, and invented truths."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols

from lib import study
from lib.stats import composite, equal_english


@pytest.fixture(scope="module")
def panels():
    s, f = study.common(study.load("ja"), study.load("ja", models="further"))
    return {"first": s, "further": f}


@pytest.fixture(scope="module")
def models(panels):
    return pd.concat([each.models for each in panels.values()])


@pytest.fixture(scope="module")
def trained(models):
    return models["strategy"].isin(["from_scratch_local", "continual_local"])


@pytest.fixture(scope="module")
def found(panels, models, trained):
    """Differences by what is left out and by panel."""
    side = panels["first"].benchmarks["language"]
    tables = {name: each.scores for name, each in panels.items()}
    return {
        (column, name): equal_english.difference(part, side, trained, models[column], units)
        for column, units in (("lineage", "lineages"), ("developer", "makers"))
        for name, part in {"both": tables, "first": {"first": tables["first"]}}.items()
    }


def test_the_difference_is_that_of_a_regression_on_a_peers_natural_spline(panels, trained, found):
    s = panels["first"]
    data = pd.DataFrame(
        {
            "english": composite.mean(s.scores, s.english),
            "z": s.scores["niilc"] / s.scores["niilc"].std(ddof=0),
            "trained": trained.loc[s.scores.index].astype(float),
        }
    )
    peer = ols("z ~ trained + cr(english, df=3, constraints='center')", data).fit()
    assert found["lineage", "first"]["niilc"].value == pytest.approx(peer.params["trained"])


def test_its_interval_is_the_jackknife_over_lineages_written_out(panels, models, trained, found):
    s = panels["first"]
    english = composite.mean(s.scores, s.english).to_numpy()
    design = np.column_stack(
        [trained.loc[s.scores.index], np.ones(35), equal_english.spline(english)]
    ).astype(float)
    z, lineage = (s.scores["jcom"] / s.scores["jcom"].std(ddof=0)).to_numpy(), s.models["lineage"]
    whole = np.linalg.lstsq(design, z)[0][0]
    without = [
        np.linalg.lstsq(design[lineage != each], z[lineage != each])[0][0]
        for each in lineage.unique()
    ]
    error = np.sqrt(9 / 10 * np.sum((np.array(without) - whole) ** 2))
    row = found["lineage", "first"]["jcom"]
    assert row.high == pytest.approx(whole + stats.t.ppf(0.975, 9) * error)
    assert (row.n, row.groups, row.units) == (35, 10, "lineages")


def test_each_panel_has_its_own_function_of_english(trained):
    rng = np.random.default_rng(0)
    english, local = rng.normal(size=40), rng.integers(0, 2, 40)
    table = pd.DataFrame({"en": english, "know": english + local})
    bent = pd.DataFrame({"en": english, "know": -3 * english + local + 7}, index=range(40, 80))
    both = pd.Series(np.tile(local, 2) == 1)
    side = pd.Series({"en": "english", "know": "local"})
    alone = {
        name: equal_english.difference({"": part}, side, both, both.index.to_series())["know"].value
        for name, part in (("table", table), ("bent", bent))
    }
    for name, part in (("table", table), ("bent", bent)):
        assert alone[name] * part["know"].std(ddof=0) == pytest.approx(1)
    joint = equal_english.difference({"a": table, "b": bent}, side, both, both.index.to_series())[
        "know"
    ]
    assert joint.value == pytest.approx(np.mean(list(alone.values())))


@pytest.fixture(scope="module")
def invented(panels, models, trained):
    """How often intervals over `left` hold a true difference of 0 where `shared` have something in
    common: `(shared, share, left)` -> share of 2000 invented benchmarks of these very models."""
    english = panels["first"].english
    smooth = [
        equal_english.spline(composite.mean(each.scores, english).to_numpy())
        for each in panels.values()
    ]
    design = np.column_stack([trained.to_numpy(float), equal_english._blocks(smooth)])

    def covered(shared, share, left):
        rng, labels = np.random.default_rng(7), pd.factorize(models[shared])[0]
        common = rng.standard_normal((labels.max() + 1, 2000))[labels]
        values = np.sqrt(share) * common + np.sqrt(1 - share) * rng.standard_normal((95, 2000))
        frame = equal_english._intervals(
            lambda kept: np.linalg.lstsq(design[kept], values[kept], rcond=None)[0][0],
            models[left],
            0.95,
        )
        return ((frame["low"] < 0) & (frame["high"] > 0)).mean()

    return covered


@pytest.mark.parametrize("shared", ["lineage", "developer"])
@pytest.mark.parametrize("share", [0, 0.3, 0.6])
def test_leaving_out_makers_holds_the_truth_whether_lineages_or_makers_have_something_in_common(
    shared, share, invented
):
    assert invented(shared, share, "developer") >= 0.93


def test_leaving_out_lineages_does_so_only_where_makers_have_nothing_in_common(invented):
    assert invented("lineage", 0.6, "lineage") >= 0.93
    assert invented("developer", 0.6, "lineage") < 0.9


def test_without_a_contrast_nothing_is_compared(panels, models, trained):
    side = panels["first"].benchmarks["language"]
    with pytest.raises(ValueError, match="does not differ"):
        equal_english.difference(
            {"": panels["first"].scores}, side, ~trained & False, models["lineage"]
        )


# --- what it says of the Japanese study


def test_at_equal_english_they_know_and_translate_more_and_code_no_better(found):
    for column in ("lineage", "developer"):
        table = found[column, "both"]
        assert table["niilc"].value == pytest.approx(1.6, abs=0.1)
        assert table["wmt20-en-ja"].value == pytest.approx(1.4, abs=0.1)
        assert {"niilc", "wmt20-en-ja", "jemhopqa", "wmt20-ja-en"} == set(table.clear)
        assert table["jhumaneval"].value < 0
    assert found["developer", "both"]["niilc"].groups == 22


def test_knowledge_goes_with_exams_within_every_strategy_and_not_over_their_mixture(panels):
    s, f = panels.values()
    one, other = (
        equal_english.within(each.scores, each.models["strategy"], "niilc", "mmlu")
        for each in (s, f)
    )
    assert [round(one[each], 2) for each in ("all", "within")] == [-0.16, 0.52]
    assert (
        (one.drop("all") > 0.4).all() and round(other["all"], 2) == 0.26 and other["within"] > 0.7
    )


def test_a_correlation_within_groups_is_that_of_a_regression_with_a_constant_a_group(panels):
    s = panels["first"]
    data = s.scores[["niilc", "mmlu"]].assign(group=s.models["strategy"])
    rests = [ols(f"{each} ~ C(group)", data).fit().resid for each in ("niilc", "mmlu")]
    ours = equal_english.within(s.scores, s.models["strategy"], "niilc", "mmlu")["within"]
    assert ours == pytest.approx(np.corrcoef(*rests)[0, 1])
