"""The chapter on pairs: what it finds in the Japanese study."""

import pytest

# --- pairs


def test_fifteen_pairs_of_seven_parents_and_three_lineages_and_nine_further(results):
    counts = {
        each: results[f"pairs/count/{each}"]["value"]
        for each in ("count", "parents", "families", "further", "all")
    }
    assert counts == {"count": 15, "parents": 7, "families": 3, "further": 9, "all": 24}
    assert results["pairs/count/further-makers"]["value"] == 2


@pytest.mark.parametrize(
    "name, mean, up, pairs",
    [
        ("pairs/difference/niilc", 0.161, 15, 15),
        ("pairs/difference/jcom", 0.086, 15, 15),
        ("pairs/difference/wmt20-en-ja", 0.053, 14, 15),
        ("pairs/difference-base/niilc", 0.158, 14, 14),
        ("pairs/difference-base/wmt20-en-ja", 0.051, 13, 14),
        ("pairs/difference-further/niilc", 0.153, 9, 9),
        ("pairs/difference-further/wmt20-en-ja", 0.047, 9, 9),
        ("pairs/difference-further/jhumaneval", 0.047, 6, 9),
        ("pairs/difference-further-base/jhumaneval", 0.032, 5, 8),
        ("pairs/difference-all/jhumaneval", -0.023, 6, 24),
    ],
)
def test_mean_differences_and_counts_are_those_computed_elsewhere(results, name, mean, up, pairs):
    row = results[name]
    assert (round(row["value"], 3), row["up"], row["n"]) == (mean, up, pairs)


@pytest.mark.parametrize(
    "benchmark, down, ties", [("hellaswag", 15, 0), ("jhumaneval", 15, 0), ("openbookqa", 14, 1)]
)
def test_what_continued_training_costs(results, benchmark, down, ties):
    row = results[f"pairs/difference/{benchmark}"]
    assert (row["down"], row["ties"]) == (down, ties) and row["high"] < 0


def test_unanimity_of_pairs_is_not_read_as_fifteen_independent_witnesses(results):
    smallest = {
        which: min(
            row[f"p_{which}"]
            for name, row in results.items()
            if name.startswith("pairs/difference/")
        )
        for which in ("parent", "lineage")
    }
    assert smallest == {"parent": pytest.approx(2 / 2**7), "lineage": pytest.approx(2 / 2**3)}


@pytest.mark.parametrize(
    "name, low, high",
    [
        ("pairs/difference-all/niilc", 0.040, 0.277),
        ("pairs/difference-all/jcom", 0.024, 0.122),
        ("pairs/difference-all/jemhopqa", -0.071, 0.133),
        ("pairs/difference-all/mgsm", -0.104, 0.187),
        ("pairs/difference-all/jhumaneval", -0.138, 0.093),
        ("pairs/difference-all/triviaqa", -0.086, -0.031),
        ("pairs/difference/jcom", 0.011, 0.160),
        ("pairs/difference/jhumaneval", -0.112, -0.018),
        ("pairs/difference-others/niilc", -0.005, 0.239),
        ("pairs/difference-others/wmt20-en-ja", -0.010, 0.093),
        ("pairs/contrast-all/wmt20-en-ja@wmt20-ja-en", 0.028, 0.077),
    ],
)
def test_intervals_over_parents_and_makers_are_those_computed_elsewhere(results, name, low, high):
    row = results[name]
    assert (round(row["low"], 3), round(row["high"], 3)) == (low, high)


def test_without_the_largest_maker_no_gain_on_a_local_task_is_clear_and_losses_are(results):
    words = {
        name.rsplit("/", 1)[1]: row["verdict"]
        for name, row in results.items()
        if name.startswith("pairs/difference-others/")
    }
    assert (results["pairs/house/name"]["value"], results["pairs/house/count"]["value"]) == (
        "Swallow project",
        14,
    )
    assert "supported" not in words.values()
    assert {"triviaqa", "mmlu", "hellaswag"} <= {
        each for each, word in words.items() if word == "contradicted"
    }


@pytest.mark.parametrize(
    "twin, value, low, high",
    [
        ("mmlu~jmmlu", 0.421, 0.124, 0.719),
        ("gsm8k~mgsm", 0.307, -0.006, 0.620),
        ("humaneval~jhumaneval", -0.050, -0.247, 0.148),
    ],
)
def test_what_a_translation_gains_beyond_its_original_is_not_practically_nothing(
    results, twin, value, low, high
):
    row = results[f"pairs/twin/{twin}"]
    assert [round(row[each], 3) for each in ("value", "low", "high")] == [value, low, high]
    assert (row["verdict"], row["above"], row["below"]) == ("undecided", -0.2, 0.2)


@pytest.mark.parametrize(
    "benchmark, value, nothing, new",
    [
        ("niilc", 0.74, 0.01, 0.86),
        ("wmt20-en-ja", 0.69, 0.02, 0.81),
        ("jcom", 0.18, 0.60, 0.73),
        ("mgsm", 0.03, 0.92, 0.53),
        ("jhumaneval", -0.04, 0.81, 0.47),
    ],
)
def test_effects_are_those_computed_elsewhere(results, benchmark, value, nothing, new):
    row = results[f"pairs/effect/{benchmark}"]
    assert [row[each] for each in ("value", "nothing", "new")] == pytest.approx(
        [value, nothing, new], abs=0.011
    )


def test_the_gain_in_translation_is_into_the_language(results):
    contrast = results["pairs/contrast/wmt20-en-ja@wmt20-ja-en"]
    parts = [
        results[f"pairs/difference/{each}"]["value"] for each in ("wmt20-en-ja", "wmt20-ja-en")
    ]
    assert contrast["value"] == pytest.approx(parts[0] - parts[1]) and contrast["low"] > 0


def test_pairs_move_along_the_second_component(results):
    """And no longer clearly along the others, once makers are counted."""
    verdicts = [results[f"pairs/ability/PC{each}"]["verdict"] for each in (1, 2, 3)]
    assert verdicts == ["undecided", "supported", "undecided"]


def test_the_loss_in_code_points_the_other_way_in_further_pairs_whose_two_makers_leave_it_open(
    results,
):
    """What the page says before anything else, beside the verdict of the first snapshot."""
    verdicts = [
        results[f"pairs/{each}/jhumaneval"]["verdict"]
        for each in (
            "difference",
            "difference-all",
            "difference-further",
            "difference-further-base",
            "shift",
        )
    ]
    assert verdicts == ["contradicted", *["undecided"] * 4]
    first, further = (results[f"pairs/{each}/jhumaneval"] for each in ("difference", "shift"))
    assert first["value"] < 0 < further["value"]
    assert results["pairs/difference-further/jhumaneval"]["value"] > 0


def test_the_shift_compares_pairs_whose_parents_were_not_tuned(results):
    """15 pairs less one, 9 less one."""
    shift = results["pairs/shift/jhumaneval"]
    parts = [
        results[f"pairs/{each}/jhumaneval"]["value"]
        for each in ("difference-further-base", "difference-base")
    ]
    assert shift["n"] == 22 and shift["value"] == pytest.approx(parts[0] - parts[1])


@pytest.mark.parametrize(
    "topic",
    [
        "difference",
        "difference-all",
        "difference-further",
        "difference-base",
        "difference-house",
        "difference-others",
        "contrast-all",
        "shift",
        "contrast",
        "dose",
        "ability",
    ],
)
def test_every_number_of_the_pairs_travels_with_its_verdict(results, topic):
    rows = [row for name, row in results.items() if name.startswith(f"pairs/{topic}/")]
    assert rows and all(row["above"] == 0 for row in rows)
    signs = {
        "supported": lambda row: row["low"] > 0,
        "contradicted": lambda row: row["high"] < 0,
        "undecided": lambda row: row["low"] <= 0 <= row["high"],
    }
    assert all(signs[row["verdict"]](row) for row in rows)


@pytest.mark.parametrize(
    "topic, makers, parents",
    [
        ("dose", 6, 7),
        ("shift", 6, 11),
        ("difference-base", 6, 6),
        ("difference-further", 2, 6),
        ("difference-further-base", 2, 6),
    ],
)
def test_intervals_of_every_set_of_pairs_leave_out_parents_and_makers(
    results, topic, makers, parents
):
    rows = [row for name, row in results.items() if name.startswith(f"pairs/{topic}/")]
    assert {(row["makers"], row["parents"]) for row in rows} == {(makers, parents)}
    assert all("over parents and over makers" in row["method"] for row in rows)


def test_what_was_clear_over_parents_alone_and_is_not_once_makers_are_counted(results):
    rows = {
        name.rsplit("/", 1)[1]: row
        for name, row in results.items()
        if name.startswith("pairs/difference-all/")
    }
    assert {(row["makers"], row["parents"], row["n"]) for row in rows.values()} == {(6, 12, 24)}
    clear = {
        each for each, row in rows.items() if row["low_parents"] > 0 or row["high_parents"] < 0
    }
    lost = {each for each in clear if rows[each]["verdict"] == "undecided"}
    assert lost == {"jemhopqa", "mgsm", "jmmlu"}


def test_every_benchmark_has_a_dose_with_its_range_over_draws(results):
    doses = {name: row for name, row in results.items() if name.startswith("pairs/dose/")}
    assert len(doses) == 19
    assert all(
        row["draws_low"] <= row["value"] <= row["draws_high"] and row["n"] == 15
        for row in doses.values()
    )
