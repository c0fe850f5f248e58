"""A claim can name what the chapters record, and nothing else: told before anything is executed,
and after it."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from lib import claims, study
from lib.book import BookError, results
from lib.book.layout import OWN_ROOT, Layout
from lib.study import schema
from tests import small_study


def own(code: str) -> dict[str, list[str]]:
    """What a study has of its own, as `claims.amiss` takes it."""
    s = study.load(code, models="all") if code == "ja" else study.load(code)
    return {
        "benchmark": list(s._all_benchmarks.index),
        "model": list(s.registry.index),
        "snapshot": list(s.snapshots),
        "ranges": list(s.ranges),
        "strategy": list(schema.STRATEGIES),
    }


@pytest.mark.parametrize(
    "name, allowed",
    [
        ("transfer/pearsn/jmmlu~mmlu", "transfer/pearson/<pair>, transfer/spearman/<pair>"),
        ("transfr/pearson/jmmlu~mmlu", "abilities/..., drift/..., local/..."),
        (
            "transfer/pearson/mmlu~jmmlu",
            "transfer/pearson/<pair>; <pair>: two ids of benchmarks.csv in its order",
        ),
        ("transfer/pearson/jmmlu~mmlux", "transfer/pearson/<pair>; "),
        ("transfer/pearson/jmmlu", "transfer/pearson/<pair>; "),
        (
            "abilities/loading/PC1",
            "abilities/loading/<component>/<benchmark>; <component>: PC1, PC2, ...",
        ),
        ("abilities/loading/PC0/mmlu", "abilities/loading/"),
        ("abilities/score/PC1/nobody/none", "<model>: an id of models.csv"),
        ("scaling/pearson/PC1/french", "<budget>: english, local or total"),
        ("replication/pearson-2023-01-01/jmmlu~mmlu", "<snapshot>"),
        ("scaling/pearson-narrow/PC1/english", "<ranges>"),
        ("claims/transfer-code/source", "abilities/..."),
        ("pairs/contrast/mmlu", "pairs/contrast/<benchmark>@<benchmark>"),
    ],
)
def test_a_result_that_no_chapter_records_is_told_with_what_there_is(name, allowed):
    assert allowed in claims.amiss(name, own("ja"))


def claimed(*names: str) -> str:
    return yaml.safe_dump(
        {
            "claims": [
                {
                    "id": "one",
                    "sentence": "A.",
                    "where": "here",
                    "tests": {"source": {"test": "each", "results": list(names), "above": 0}},
                }
            ]
        }
    )


def said(tmp_path, *names: str) -> list[str]:
    root = small_study.write(tmp_path, claims_yml=claimed(*names))
    return [str(problem).replace(f"{root.name}/xx/", "") for problem in study.check("xx", root)]


def test_the_check_names_claim_panel_and_line(tmp_path):
    assert said(
        tmp_path,
        "transfer/pearson/know-xx~know-en",
        "transfer/pearson/know-en~know-xx",
        "pairs/diff/know-xx",
        "replication/pearson-s2/know-xx~know-en",
    ) == [
        "claims.yml, line 5, column claims.one.source: found 'transfer/pearson/know-en~know-xx'; "
        "allowed: transfer/pearson/<pair>; <pair>: two ids of benchmarks.csv in its order, joined "
        "by ~",
        "claims.yml, line 5, column claims.one.source: found 'pairs/diff/know-xx'; allowed: "
        + claims.amiss("pairs/diff/know-xx", own("ja")),
    ]


@pytest.mark.parametrize(
    "name",
    ["transfer/pearson", "transfer", "transfer/pearson/", "/a/b/c", "transfer//x", "a/b/c d", ""],
)
def test_an_id_has_three_parts(tmp_path, name):
    (line,) = said(tmp_path, name)
    assert line.startswith(
        f"claims.yml, line 8, column claims.0.tests.source.results.0: found '{name}'; allowed: a "
        "result's id of three parts"
    )


def test_the_build_fails_with_a_sentence_where_a_claim_rests_on_nothing(tmp_path):
    small_study.write(
        tmp_path / "data",
        claims_yml=claimed("transfer/pearson/know-xx~know-en", "pairs/difference/know-xx"),
    )
    layout = Layout("xx", tmp_path)
    layout.records("transfer").parent.mkdir(parents=True)
    layout.records("transfer").write_text(
        json.dumps({"records": [{"id": "transfer/pearson/know-xx~know-en", "value": 1.0}]})
    )
    with pytest.raises(BookError) as caught:
        results.write(layout, ["transfer"], layout.results, claims=True)
    assert str(caught.value) == (
        "data/xx/claims.yml: claim one, panel source: no chapter recorded "
        "'pairs/difference/know-xx'"
    )
    assert not layout.results.exists()
    results.write(layout, ["transfer"], layout.results)
    assert layout.results.is_file()


def test_a_misspelt_threshold_fails_the_check_as_a_misspelt_result_does(tmp_path):
    text = claimed("transfer/pearson/know-xx~know-en").replace(
        "above: 0", "above: transfer/carris/know-xx~know-en"
    )
    assert "carris" in text
    root = small_study.write(tmp_path, claims_yml=text)
    (problem,) = study.check("xx", root)
    assert "found 'transfer/carris/know-xx~know-en'; allowed: transfer/pearson/<pair>" in str(
        problem
    )


def test_a_claim_in_the_form_that_the_guide_prints_is_accepted(tmp_path):
    """The claims of the guide's own example, on a study that has its benchmarks."""
    guide = (OWN_ROOT / "chapters/fork.md").read_text(encoding="utf-8")
    printed = re.search(r"claims\.yml <<'END'\n(.*?)^END$", guide, re.DOTALL | re.MULTILINE)[1]
    named = re.findall(r"/([a-z0-9-]+)\"", printed)
    assert named
    text = re.sub(r"/[a-z0-9-]+\"\]", '/know-xx"]', printed)
    root = small_study.write(tmp_path, claims_yml=text)
    assert study.check("xx", root) == []
