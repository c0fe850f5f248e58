"""What becomes of each claim of the source study?  Claims and recorded results in, a board of
verdicts out.

A claim names a test for each panel of models that can test it.  Where a chapter asks the same
question, the test reads that chapter's verdict; a claim with a question of its own brings its own
threshold:

    source: {test: verdict, results: ["transfer/carries/jmmlu~mmlu"]}
    source: {test: verdict, results: ["transfer/english/niilc"], opposite: true}
    source: {test: interval, result: "abilities/explained/PC1", above: 0.5}

Tests
-----
verdict     the recorded verdicts of all `results`; `opposite` where the claim says the opposite of
            the question.
interval    one result against a threshold: `above` or `below` a number, or `within` two.
each        the same for every one of several results.
no-gain     a change that is to make no difference, judged by its chapter as practically nothing or
            not: a loss leaves it open, since it is no sign that nothing was needed.

A threshold is a number, or the id of a judged result whose threshold is taken over, so that it
stands in one place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from lib import words
from lib.stats.estimates import Judged
from lib.stats.verdicts import Estimate, Verdict, verdict, weakest
from lib.summary import SummaryError
from lib.words import Subjects

#: Panels of models, in the order of the board, and what their columns are headed by.
PANELS = {"source": "The study's models", "further": "Further models", "pairs": "Against parents"}
#: Sets of pairs, in the order of a table, and what its columns are headed by.
PAIRS = {
    "all": "All pairs",
    "others": "Without the largest maker",
    "first": "First pairs",
    "further": "Further pairs",
}
#: Topics that ask one question of several of these sets.
SETS = (
    {
        "all": "pairs/difference-all",
        "others": "pairs/difference-others",
        "first": "pairs/difference",
        "further": "pairs/difference-further",
    },
    {"all": "pairs/contrast-all", "first": "pairs/contrast"},
    {"all": "pairs/twin", "others": "pairs/twin-others", "first": "pairs/twin-first"},
    {"all": "pairs/effect"},
    {"first": "pairs/ability"},
)
#: What is said of a test that would seldom support its claim even if it were exactly true.
TOO_SMALL = "these models could not have supported it"
#: What a threshold that a claim brings itself is called among the owners of questions.
OWN = "the claim"
COLUMNS = [
    "claim",
    "short",
    "group",
    "panel",
    "sentence",
    "where",
    "verdict",
    "results",
    "regions",
    "owner",
    "test",
]


@dataclasses.dataclass(frozen=True)
class Region:
    """Where a number has to lie for a claim to hold: above one end, below another, or both.

    >>> str(Region(0.7)), str(Region(below=-0.5)), str(Region(-0.5, 0.5))
    ('above 0.7', 'below −0.5', 'between −0.5 and 0.5')
    """

    above: float | None = None
    below: float | None = None

    def holds(self, estimate: Estimate) -> Verdict:
        """*supported* where the whole interval lies inside, *contradicted* where all of it lies
        outside on one side."""
        sides = {"above": self.above, "below": self.below}
        return weakest(
            verdict(estimate, **{side: end}) for side, end in sides.items() if end is not None
        )

    def __str__(self) -> str:
        ends = [
            None if end is None else words.number(float(end), "g")
            for end in (self.above, self.below)
        ]
        if None not in ends:
            return f"between {ends[0]} and {ends[1]}"
        return f"above {ends[0]}" if ends[1] is None else f"below {ends[1]}"


def board(claims: Sequence[Mapping], results) -> Board:
    """Test every claim on every panel whose results are recorded.

    Parameters
    ----------
    claims : as in claims.yml (`Study.claims`).
    results : `report.Results`.

    Raises
    ------
    SummaryError
        A test reads a verdict, or takes over a threshold, from a result that was recorded without.
    """
    rows, wrong = [], []
    for claim in claims:
        for panel in (panel for panel in PANELS if panel in claim["tests"]):
            test = claim["tests"][panel]
            if all(name in results for name in needed(test)):
                try:
                    rows.append(_about(claim, panel) | _tested(test, results))
                except SummaryError as error:
                    wrong.append(f"claims.yml: claim {claim['id']}, panel {panel}: {error}")
    if wrong:
        raise SummaryError("\n".join(wrong))
    return Board(pd.DataFrame(rows, columns=COLUMNS))


def _about(claim: Mapping, panel: str) -> dict:
    return {
        "claim": claim["id"],
        "short": claim.get("short") or claim["sentence"],
        "group": claim.get("group"),
        "panel": panel,
        "sentence": claim["sentence"],
        "where": claim["where"],
    }


def _tested(test: Mapping, results) -> dict:
    """Verdict of one test, the region of each of its results, and who owns the question."""
    names = evidence(test)
    estimates = [results[name] for name in names]
    if bare := [
        name for name, each in zip(names, estimates, strict=True) if not isinstance(each, Estimate)
    ]:
        raise SummaryError(f"{bare[0]} is no number with an interval")
    judge = {"verdict": _read, "no-gain": _without_gain}.get(test["test"], _own)
    judged = [judge(test, name, each, results) for name, each in zip(names, estimates, strict=True)]
    read = test["test"] in ("verdict", "no-gain")
    owners = names if read else needed(test)[len(names) :]
    owner = words.listed(dict.fromkeys(map(results.owner, owners)), OWN)
    return {
        "verdict": weakest(found for found, _ in judged),
        "results": tuple(names),
        "regions": tuple(region for _, region in judged),
        "owner": owner,
        "test": test["test"],
    }


def _read(test: Mapping, name: str, estimate: Estimate, results) -> tuple[Verdict, Region]:
    """What a chapter made of the number; the opposite where the claim says the opposite."""
    if estimate.verdict is None:
        raise SummaryError(f"{name} was recorded without a verdict; its chapter has to judge it")
    if not test.get("opposite"):
        return estimate.verdict, Region(estimate.above, estimate.below)
    return estimate.verdict.turned, Region(estimate.below, estimate.above)


def _own(test: Mapping, name: str, estimate: Estimate, results) -> tuple[Verdict, Region]:
    region = (
        Region(*test["within"])
        if "within" in test
        else Region(*(_threshold(test.get(side), results) for side in ("above", "below")))
    )
    return region.holds(estimate), region


def _without_gain(test: Mapping, name: str, estimate: Estimate, results) -> tuple[Verdict, Region]:
    """What a chapter made of it, open where it is a loss."""
    found, region = _read(test, name, estimate, results)
    return _open_where_lost(found, region, estimate), region


def judged_without_gain(region: Region, estimate: Estimate) -> Verdict:
    """Whether a change makes no difference, open where it is a loss."""
    return _open_where_lost(region.holds(estimate), region, estimate)


def _open_where_lost(found: Verdict, region: Region, estimate: Estimate) -> Verdict:
    """A loss leaves it open: it is no sign that nothing was needed."""
    lost = region.above is not None and verdict(estimate, above=region.above)
    return Verdict.UNDECIDED if lost == Verdict.CONTRADICTED else found


def _threshold(given: float | str | None, results) -> float | None:
    """A number as it is; for the id of a judged result, the threshold that it was judged by."""
    if not isinstance(given, str):
        return given
    owner = results[given]
    found = owner.above if owner.above is not None else owner.below
    if found is None:
        raise SummaryError(
            f"{given}, whose threshold is to be taken over, was recorded without one"
        )
    return found


def evidence(test: Mapping) -> list[str]:
    """Ids of the results that a test rests on."""
    return [test["result"]] if "result" in test else list(test["results"])


def needed(test: Mapping) -> list[str]:
    """Ids of all that a test reads: its evidence, and the results whose thresholds it takes
    over."""
    return evidence(test) + [
        test[side] for side in ("above", "below") if isinstance(test.get(side), str)
    ]


def absent(claims: Sequence[Mapping], results) -> Subjects:
    """Ids that tests name and nobody recorded: those tests wait for them."""
    names = (name for claim in claims for test in claim["tests"].values() for name in needed(test))
    return Subjects(sorted({name for name in names if name not in results}))


class Board(Judged):
    """Every claim on every panel that tests it.

    Parameters
    ----------
    frame : DataFrame, a row a (claim, panel): claim, short, group, panel, sentence, where (the
        source says it), verdict, results (tuple of ids), regions (where each has to lie), owner
        (the chapter that owns the question, or `OWN`), test (its kind).
    """

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def count(self) -> int:
        """How many tests."""
        return len(self.frame)

    @property
    def claims(self) -> Subjects:
        """Ids of the claims."""
        return Subjects(self.frame["claim"].unique())

    @property
    def verdicts(self) -> pd.Series:
        """`claim/panel` -> verdict."""
        return pd.Series(
            [*map(Verdict, self.frame["verdict"])],
            self.frame["claim"] + "/" + self.frame["panel"],
            dtype=object,
        )

    @property
    def counts(self) -> pd.DataFrame:
        """How many tests of each panel have each verdict: panels that test anything x verdicts."""
        found = pd.crosstab(self.frame["panel"], self.frame["verdict"].map(str))
        kept = [panel for panel in PANELS if panel in found.index]
        return found.reindex(index=kept, columns=list(map(str, Verdict)), fill_value=0)

    @property
    def tally(self) -> dict[str, int]:
        """The same by `panel/verdict`."""
        return {
            f"{panel}/{word}": int(number)
            for panel, row in self.counts.iterrows()
            for word, number in row.items()
        }

    def where(self, mask) -> Board:
        """The tests for which `mask` holds."""
        return Board(self.frame[mask])

    def on(self, panel: str) -> Board:
        """The tests of one panel."""
        return self.where(self.frame["panel"] == panel)

    @property
    def firm(self) -> Board:
        """The claims that several panels test and all of them support, one row a claim."""
        grouped = self.frame.groupby("claim", sort=False)["verdict"]
        kept = [
            claim
            for claim, found in grouped
            if len(found) > 1 and set(found) == {Verdict.SUPPORTED}
        ]
        return self.where(self.frame["claim"].isin(kept) & ~self.frame["claim"].duplicated())

    @property
    def both(self) -> Board:
        """The tests on further models of claims that the study's own models test as well."""
        own = set(self.on("source").frame["claim"])
        return self.where((self.frame["panel"] == "further") & self.frame["claim"].isin(own))

    @property
    def changed(self) -> Board:
        """Those of `both` that have another verdict than on the study's own models."""
        own = self.on("source").frame.set_index("claim")["verdict"]
        again = self.both
        return again.where(
            again.frame["verdict"].to_numpy() != own.reindex(again.frame["claim"]).to_numpy()
        )

    @property
    def grid(self) -> pd.DataFrame:
        """Verdicts, claims in their sentences x panels in words."""
        return grid(self.frame)

    def written(self, spec: str = "", name: Callable[[str], str] = str) -> str:
        """The claims in their sentences, with the panel where there are several."""
        several = self.frame["panel"].nunique() > 1
        return (
            "; ".join(
                f"“{row.sentence.rstrip('.')}”"
                + (f" ({PANELS[row.panel].lower()})" if several else "")
                for row in self.frame.itertuples()
            )
            or words.NONE
        )

    def __str__(self) -> str:
        return self.written()

    def worded(self, small: Board) -> pd.DataFrame:
        """The same grid as pages show it (see `told`)."""
        return grid(told(self.frame, small))

    def counted(self, small: Board) -> pd.DataFrame:
        """The same counts as pages show them: what TOO_SMALL is said of stands apart from what is
        undecided."""
        shown = told(self.frame, small)
        found = pd.crosstab(shown["panel"], shown["verdict"].map(str))
        words = list(map(str, Verdict))
        words.insert(words.index(str(Verdict.UNDECIDED)) + 1, TOO_SMALL)
        return found.reindex(index=self.counts.index, columns=words, fill_value=0)

    def apart(self, small: Board) -> dict[str, int]:
        """How many undecided tests of each panel could have been supported (`panel/open`), and how
        many could not (`panel/unsupportable`)."""
        names = {str(Verdict.UNDECIDED): "open", TOO_SMALL: "unsupportable"}
        found = self.counted(small)[list(names)].rename(columns=names)
        return {
            f"{panel}/{name}": int(number)
            for panel, row in found.iterrows()
            for name, number in row.items()
        }


def told(rows: pd.DataFrame, small: Board) -> pd.DataFrame:
    """Rows with claim, panel and verdict as every page shows them: TOO_SMALL in the place of the
    verdicts of the tests in `small`."""
    names = rows["claim"] + "/" + rows["panel"]
    verdicts = rows["verdict"].astype(object)
    return rows.assign(verdict=verdicts.mask(names.isin(small.verdicts.index), TOO_SMALL))


def grid(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a board (sentence, panel, verdict) as claims x panels in words."""
    table = rows.pivot(index="sentence", columns="panel", values="verdict").reindex(
        rows["sentence"].unique()
    )
    kept = [panel for panel in PANELS if panel in table]
    return table[kept].rename(columns=PANELS).rename_axis(index="Claim", columns=None)


def by_pairs(claims: Sequence[Mapping], results, small: Board) -> pd.DataFrame:
    """What each set of pairs says of each claim that pairs test: claims in their sentences x sets
    in words, None where no chapter asks the question of a set; TOO_SMALL for the set that the board
    tests where that test is in `small`."""
    hopeless = set(small.on("pairs").claims)
    rows = {}
    for claim in (claim for claim in claims if "pairs" in claim["tests"]):
        test = claim["tests"]["pairs"]
        rows[claim["sentence"]] = {
            called: TOO_SMALL
            if claim["id"] in hopeless
            and [_of_set(each, which) for each in evidence(test)] == evidence(test)
            else _elsewhere(test, which, results)
            for which, called in PAIRS.items()
        }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(PAIRS.values())).rename_axis(
        "Claim"
    )


def _elsewhere(test: Mapping, which: str, results) -> Verdict | None:
    """Verdict of a test where its results are those of another set of pairs."""
    found = [_of_set(name, which) for name in evidence(test)]
    if None in found or not all(name in results for name in found):
        return None
    key = "result" if "result" in test else "results"
    return _tested({**test, key: found[0] if key == "result" else found}, results)["verdict"]


def _of_set(name: str, which: str) -> str | None:
    """The id of a result in another set of pairs."""
    topic, _, about = name.rpartition("/")
    family = next((each for each in SETS if topic in each.values()), {})
    return f"{family[which]}/{about}" if which in family else None


def used(found: Board, results) -> dict[str, int]:
    """How many pairs each claim that pairs test rests on, by claim."""
    return {
        row.claim: int(min(results[name].n for name in row.results))
        for row in found.on("pairs").frame.itertuples()
    }


def notes(claims: Sequence[Mapping]) -> pd.Series:
    """What to know of the tests of a claim, claim in few words -> note; those without are left
    out."""
    found = {
        claim.get("short") or claim["sentence"]: claim["note"]
        for claim in claims
        if claim.get("note")
    }
    return pd.Series(found, dtype=object).rename_axis("Claim")


def recorded(claims: Sequence[Mapping], results, group: str | None = None) -> Board:
    """The board as the chapter on claims recorded it (`claims/<claim>/<panel>`), or one group of
    its claims.

    What is known of a test beside its verdict stays with that chapter.
    """
    rows = [
        _about(claim, panel) | {"verdict": Verdict(results[f"claims/{claim['id']}/{panel}"])}
        for claim in claims
        if group in (None, claim.get("group"))
        for panel in PANELS
        if f"claims/{claim['id']}/{panel}" in results
    ]
    return Board(pd.DataFrame(rows, columns=COLUMNS))


def numbers(found: Board, results, study) -> pd.DataFrame:
    """The numbers that a board rests on, a row a result of a test.

    Returns DataFrame: claim, short, where, panel, verdict, owner (as in the board), id, what (the
    result's subject in words), estimate, value, low, high, above, below (ends of the region in
    which the claim holds), asked (the region in words).
    """
    rows = []
    for _, row in found.frame.iterrows():
        about = row[["claim", "short", "where", "panel", "verdict", "owner"]].to_dict()
        for name, region in zip(row["results"], row["regions"], strict=True):
            each = results[name]
            rows.append(
                about
                | {
                    "id": name,
                    "what": subject(name, study),
                    "estimate": each,
                    "value": each.value,
                    "low": each.low,
                    "high": each.high,
                    "above": region.above,
                    "below": region.below,
                    "asked": str(region),
                }
            )
    ends = dict.fromkeys(["value", "low", "high", "above", "below"], float)
    columns = [
        "claim",
        "short",
        "where",
        "panel",
        "verdict",
        "owner",
        "id",
        "what",
        "estimate",
        *ends,
        "asked",
    ]
    return pd.DataFrame(rows, columns=columns).astype(ends)


def subject(name: str, study) -> str:
    """What a result is about, in words: benchmarks by name, a contrast as one pair less another,
    a translation less its original, compute by language."""
    sides = {
        "english": "English compute",
        "local": f"{study.language} compute",
        "total": "total compute",
    }
    parts = name.split("/", 2)[2].split("@")
    if name.startswith("pairs/twin"):  # the translation less its original
        parts = parts[0].split("~")[::-1]
    return " less ".join(
        ", ".join(sides.get(each) or study.called(each) for each in part.split("/"))
        for part in parts
    )
