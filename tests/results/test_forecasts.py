"""The chapter on forecasts: what it finds in the Japanese study."""


def test_the_scores_of_new_models_were_foreseen_better_than_by_the_rules(results):
    for rule in ("as-the-average", "as-those-trained-alike"):
        row = results[f"forecasts/ahead/models/{rule}"]
        assert row["verdict"] == "supported" and row["value"] > 0.3 and row["makers"] > 10


def test_new_pairs_were_not_foreseen_better_than_by_their_mean_change(results):
    row = results["forecasts/ahead/pairs/parent-and-mean-change"]
    assert row["verdict"] == "undecided" and abs(row["value"]) < 0.1 and row["makers"] == 2


def test_intervals_held_what_came_until_the_evaluation_changed(results):
    coverage = {
        name.split("/", 2)[2]: row["value"]
        for name, row in results.items()
        if name.startswith("forecasts/backwards-coverage/")
    }
    assert coverage["models@2024-12-30/at-equal-english"] > 0.92
    assert coverage["models@2026-06-24/at-equal-english"] < 0.92
    assert all(
        row.get("low", 0) >= 0 and row.get("high", 1) <= 1
        for name, row in results.items()
        if name.startswith("forecasts/backwards-coverage/")
    )


def test_nothing_on_the_record_is_settled_yet(results):
    assert results["forecasts/settled/observations"]["value"] == 0
