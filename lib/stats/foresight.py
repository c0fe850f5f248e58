"""What does this study foresee, what did it foresee, and what has come since?

`forecast` predicts tables; here a study's models and pairs are put into it: for the record,
backwards (everything fitted on the first snapshot, the later ones predicted), and to settle what is
on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from lib.stats import effects, forecast, matched_pairs
from lib.stats.resampling import Resampling
from lib.stats.verdicts import LEVEL

TRAINED = ("continual_local", "from_scratch_local")
#: Parents on whom somebody may build next: so many months old at most when the record is made.
RECENT = 24
#: English composites, in standard deviations, at which the scores of new models are predicted.
GRID = (-1.0, -0.5, 0.0, 0.5, 1.0)
SEED, REPLICATES = 20241220, 2_000
#: Forecasters of pairs and of models: ours, then the rivals.
PAIRS = ("hierarchical-model", "as-the-parent", "parent-and-mean-change")
MODELS = ("at-equal-english", "as-the-average", "as-those-trained-alike")


# --- backwards ------------------------------------------------------------------------------------


def pairs_backwards(study) -> pd.DataFrame:
    """Pairs of later snapshots foreseen from those of the default one, in standard deviations.

    Returns what `forecast.tried` does, with the snapshot; empty where there are no later pairs.
    The rivals expect no change, and the mean change, each as wide as changes have scattered.

    >>> from lib.stats import example
    >>> pairs_backwards(example.study()).empty
    True
    """
    every = _pairs(study)
    difference = matched_pairs.differences(study, every) / study.scores.std(ddof=0)
    first = every["snapshot"] == study.default_snapshot
    known, came = difference[first].dropna(axis=1), difference[~first]
    if not len(came) or not len(known):
        return pd.DataFrame()
    observed = _long(came[known.columns])
    rivals = (
        forecast.changes(known, every[first], _kinds(study)),
        known.apply(lambda column: pd.Series(forecast.student(column.to_numpy(), 0.0))).T,
        known.apply(lambda column: pd.Series(forecast.student(column.to_numpy()))).T,
    )
    benchmarks = observed.index.get_level_values(1)
    tables = {
        name: pd.DataFrame(table.loc[benchmarks].to_numpy(), observed.index, forecast.SHARES)
        for name, table in zip(PAIRS, rivals, strict=True)
    }
    trials = forecast.tried(tables, observed)
    return trials.assign(snapshot=trials["unit"].map(every["snapshot"]))


def models_backwards(study) -> pd.DataFrame:
    """Local scores of models of later snapshots, in standard deviations, foreseen from those of the
    default one, given their English composite and training.

    Returns what `forecast.tried` does, with the snapshot; empty where there are no later models.
    The rivals expect what models score on average, and what those with, or without, training on
    local text do.

    >>> from lib.stats import example
    >>> models_backwards(example.study()).empty
    True
    """
    came = _later(study)
    if not len(came):
        return pd.DataFrame()
    scale = _scale(study.scores)
    z = _z(study.scores, scale)
    local = [each for each in _side(study, "local") if came[each].notna().all()]
    at = _cases(study, came, scale.loc[_side(study, "english")])
    observed = _long(_z(came, scale)[local])
    trained = study.models["strategy"].isin(TRAINED)
    ours = forecast.at_equal_english(
        z[local], z[_side(study, "english")].mean(axis=1), trained, study.models["developer"], at
    )
    alike = {
        each: np.array(
            [forecast.student(z.loc[trained == one, each].to_numpy()) for one in at["trained"]]
        )
        for each in local
    }
    average = {each: np.tile(forecast.student(z[each].to_numpy()), (len(at), 1)) for each in local}
    tables = {
        name: _stacked(
            {each: pd.DataFrame(found[each], at.index, forecast.SHARES) for each in local}, observed
        )
        for name, found in zip(
            MODELS,
            ({each: table.to_numpy() for each, table in ours.items()}, average, alike),
            strict=True,
        )
    }
    trials = forecast.tried(tables, observed)
    return trials.assign(snapshot=trials["unit"].map(_first_seen(study)))


# --- the record -----------------------------------------------------------------------------------


def batches(study, made: str) -> list[dict]:
    """What this study foresees on a day: batches for its forecasts.yml, without their hashes.

    Pairs and models where it has pairs of several makers and models with and without local text;
    elsewhere the share of local skill that English will explain.

    >>> from lib.stats import example
    >>> [batch["kind"] for batch in batches(example.study(), "2026-11-24")]
    ['change', 'child', 'model']
    """
    trained = study.registry["strategy"].isin(TRAINED)
    if len(_pairs(study)) > 2 and 0 < trained.sum() < len(trained):
        return [
            _batch(kind, made, study, find(study, made))
            for kind, find in (("change", _changes), ("child", _children), ("model", _models))
        ]
    return [_batch("share", made, study, _shares(study))]


#: What each kind of batch foresees, what settles it, and by which function.
WORDS = {
    "change": (
        "Score of the child less its parent's, in the benchmark's unit, for the next pair of a new "
        "maker with a new parent",
        "Every pair of a continued model with its parent, both scored in one later snapshot of "
        "this leaderboard (scores.csv), whose child no earlier snapshot has: column score, "
        "child less parent",
        "lib.stats.forecast.changes",
    ),
    "child": (
        "Score of the next model of a new maker that is continued on local text from this parent, "
        "given the parent's score in the last snapshot",
        "Every such child in a later snapshot (scores.csv, parent_id in models.csv): the parent's "
        "score given here, plus child less parent in that snapshot",
        "lib.stats.forecast.changes",
    ),
    "model": (
        "Score of a new model given its English composite (mean z-score of the English "
        "benchmarks by mean and deviation under scale) and whether it was trained on local text; "
        "local-average is the mean z-score of the local benchmarks",
        "Every model in a later snapshot (scores.csv) that no earlier one has, between the two "
        "nearest composites along a straight line; models beyond the grid settle nothing",
        "lib.stats.forecast.at_equal_english",
    ),
    "share": (
        "Share of the variance between models that a quadratic in the English composite explains, "
        "of each local benchmark or what takes the place of its kind, and of the local composite",
        "The first import of a EuroEval export dated on or after the day from which it is settled, "
        "when data sets had been exchanged: lib.stats.forecast.share over all models of the study; "
        "a benchmark is settled by the local benchmark with the same ability",
        "lib.stats.forecast.explained",
    ),
}


def _batch(kind: str, made: str, study, found: dict) -> dict:
    what, settled, function = WORDS[kind]
    return {
        "id": f"{kind}-{made}",
        "made": made,
        "kind": kind,
        "what": what,
        "settled": settled,
        "settled_from": CHANGED if kind == "share" else made,
        "fitted": _snapshots(study),
        "function": function,
        "level": LEVEL,
        **found,
    }


#: EuroEval exchanged data sets on this day (its version 18).
CHANGED = "2026-08-14"


def _changes(study, made: str) -> dict:
    ends = _next_change(study)
    return {"predictions": [{"benchmark": each} | _rounded(ends, each) for each in ends.index]}


def _children(study, made: str) -> dict:
    change, scores = _next_change(study), _last(study)
    found = []
    for parent in _parents(study, scores, made):
        for each in _side(study, "local"):
            score = float(scores[each][parent])
            ends = change.loc[[each]] + score
            found.append(
                {"benchmark": each}
                | _rounded(_possible(study, each, ends), each)
                | {"parent": parent, "parent_score": round(score, 4)}
            )
    return {"predictions": found}


def _models(study, made: str) -> dict:
    scores = _last(study)
    local, english = _side(study, "local"), _side(study, "english")
    scale = _scale(scores)
    trained = study.registry["strategy"].isin(TRAINED).astype(float)
    targets = scores[local].assign(**{"local-average": _z(scores, scale)[local].mean(axis=1)})
    given = [(place, step) for step in (False, True) for place in GRID]
    at = pd.DataFrame(given, columns=["english", "trained"]).astype(float)
    composite = forecast.english_composite(scores, scale.loc[english])
    ahead = forecast.at_equal_english(targets, composite, trained, study.registry["developer"], at)
    found = [
        {"benchmark": each} | _rounded(ends, case) | {"english": place, "trained": step}
        for each, table in ahead.items()
        for ends in [_possible(study, each, forecast.interval(table))]
        for case, (place, step) in enumerate(given)
    ]
    values = {
        each: [round(float(value), 6) for value in scale.loc[each].to_numpy()]
        for each in (*english, *local)
    }
    return {"scale": values, "predictions": found}


def _shares(study) -> dict:
    how = Resampling(study.models["lineage"], SEED, REPLICATES)
    language, ability = study.benchmarks["language"], study.benchmarks.get("ability", {})
    ends = forecast.interval(forecast.explained(study.scores.dropna(), language, how))
    return {
        "predictions": [
            {"benchmark": each}
            | _rounded(ends, each)
            | ({"ability": str(ability[each])} if each in ability else {})
            for each in ends.index
        ]
    }


def _possible(study, benchmark: str, ends: pd.DataFrame) -> pd.DataFrame:
    """Ends within what a benchmark's score can be."""
    if benchmark not in study.benchmarks.index or "minimum" not in study.benchmarks:
        return ends
    lowest, highest = (study.benchmarks[end][benchmark] for end in ("minimum", "maximum"))
    return ends.clip(float(lowest), float(highest))


# --- what came ------------------------------------------------------------------------------------


def settled(study, record: Iterable[Mapping]) -> pd.DataFrame:
    """What came of the predictions on record: a row an observation, with what was foreseen.

    Returns DataFrame: batch, unit (child, model or study), benchmark, value, low, high, observed,
    inside, interval_score (width, plus 2 / (1 - level) times how far beyond an end; Gneiting and
    Raftery 2007, section 6.2).  Empty until a snapshot settles something.

    >>> from lib.stats import example
    >>> record = batches(example.study(), "2026-11-24")
    >>> settled(example.study(), record).empty
    True
    """
    rows = []
    for batch in record:
        foreseen = pd.DataFrame(list(batch["predictions"]))
        after = [each for each in _snapshots(study) if _date(study, each) >= batch["settled_from"]]
        if after:
            about = {"batch": batch["id"], "level": batch["level"]}
            rows += [row | about for row in _CAME[batch["kind"]](study, batch, foreseen, after)]
    columns = ["batch", "unit", "benchmark", "value", "low", "high", "observed", "level"]
    found = pd.DataFrame(rows, columns=columns)
    below, above = found["low"] - found["observed"], found["observed"] - found["high"]
    beyond = np.maximum(np.maximum(below, above), 0)
    return found.assign(
        inside=beyond == 0,
        interval_score=found["high"] - found["low"] + 2 / (1 - found["level"]) * beyond,
    )


def _earlier(study, after: list[str]) -> set[str]:
    """Models that a snapshot before these has."""
    tables = [study.scores_at(each) for each in _snapshots(study) if each not in after]
    return set().union(*(table.index for table in tables))


def _gains(study, after: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """New pairs of these snapshots, and their differences."""
    pairs = matched_pairs.find(study, after)
    pairs = pairs[~pairs.index.isin(list(_earlier(study, after)))]
    return pairs, matched_pairs.differences(study, pairs)


def _came_change(study, batch, foreseen: pd.DataFrame, after: list[str]) -> list[dict]:
    difference = _gains(study, after)[1]
    return [
        {"unit": child, "observed": value} | _foreseen(row)
        for row in _rows(foreseen)
        if row["benchmark"] in difference
        for child, value in difference[row["benchmark"]].dropna().items()
    ]


def _came_child(study, batch, foreseen: pd.DataFrame, after: list[str]) -> list[dict]:
    pairs, difference = _gains(study, after)
    return [
        {"unit": child, "observed": row["parent_score"] + value} | _foreseen(row)
        for row in _rows(foreseen)
        if row["benchmark"] in difference
        for child, value in difference[row["benchmark"]].dropna().items()
        if pairs["parent"][child] == row["parent"]
    ]


def _came_model(study, batch, foreseen: pd.DataFrame, after: list[str]) -> list[dict]:
    earlier, found = _earlier(study, after), []
    scale = pd.DataFrame(batch["scale"], index=["mean", "deviation"]).T
    english, local = (
        [each for each in _side(study, side) if each in scale.index]
        for side in ("english", "local")
    )
    for snapshot in after:
        scores = study.scores_at(snapshot).dropna(subset=[*english, *local])
        scores = scores[~scores.index.isin(list(earlier))]
        earlier |= set(scores.index)
        z = _z(scores, scale)
        targets = scores[local].assign(**{"local-average": z[local].mean(axis=1)})
        for model, place in z[english].mean(axis=1).items():
            trained = study.registry["strategy"][model] in TRAINED
            for each, part in foreseen[foreseen["trained"] == trained].groupby("benchmark"):
                part = part.sort_values("english")
                if part["english"].min() <= place <= part["english"].max():
                    ends = {
                        end: float(np.interp(place, part["english"], part[end]))
                        for end in ("value", "low", "high")
                    }
                    observed = targets[each][model]
                    found.append({"unit": model, "benchmark": each, "observed": observed, **ends})
    return found


def _came_share(study, batch, foreseen: pd.DataFrame, after: list[str]) -> list[dict]:
    scores = study.scores_at(after[0]).dropna(axis=1, how="all").dropna()
    side = study.benchmarks["language"].reindex(scores.columns)
    z = _z(scores, _scale(scores))
    english, local = (list(side.index[side == which]) for which in ("english", "local"))
    targets = z[local].assign(composite=z[local].mean(axis=1))
    shares = forecast.share(z[english].mean(axis=1).to_numpy(), targets.to_numpy())
    came = pd.Series(shares, targets.columns)
    abilities = study.benchmarks["ability"].loc[local]
    kinds = {str(ability): benchmark for benchmark, ability in abilities.items()}
    rows = [(row, kinds.get(str(row.get("ability")), row["benchmark"])) for row in _rows(foreseen)]
    return [
        {"unit": study.code, "observed": came[each]} | _foreseen(row)
        for row, each in rows
        if each in came
    ]


_CAME = {"change": _came_change, "child": _came_child, "model": _came_model, "share": _came_share}


# --- inside ---------------------------------------------------------------------------------------


def _foreseen(row: Mapping) -> dict:
    return {key: row[key] for key in ("benchmark", "value", "low", "high")}


def _long(table: pd.DataFrame) -> pd.Series:
    """(model, benchmark) -> value."""
    stacked = table.stack()
    assert isinstance(stacked, pd.Series)
    return stacked


def _rows(foreseen: pd.DataFrame) -> list[dict]:
    return foreseen.to_dict("records")


def _rounded(ends: pd.DataFrame, row) -> dict[str, float]:
    return {name: round(float(ends[name][row]), 4) for name in ("value", "low", "high")}


def _snapshots(study) -> list[str]:
    return list(getattr(study, "snapshots", (study.default_snapshot,)))


def _date(study, snapshot: str) -> str:
    known = getattr(study, "snapshot_info", {}).get(snapshot, {})
    return str(known.get("date") or "")


def _pairs(study) -> pd.DataFrame:
    return matched_pairs.find(study, [study.default_snapshot, *_snapshots(study)])


def _side(study, side: str) -> list[str]:
    language = study.benchmarks["language"]
    return [each for each in language.index[language == side] if each in study.scores]


def _kinds(study) -> pd.Series:
    own = getattr(study, "local_targets", ())
    return effects.kinds(study.benchmarks["language"], own)


def _scale(scores: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"mean": scores.mean(), "deviation": scores.std(ddof=0)})


def _z(scores: pd.DataFrame, scale: pd.DataFrame) -> pd.DataFrame:
    kept = [each for each in scores if each in scale.index]
    return (scores[kept] - scale.loc[kept, "mean"]) / scale.loc[kept, "deviation"]


def _first_seen(study) -> pd.Series:
    """Model -> the first snapshot that has it."""
    found: dict[str, str] = {}
    for snapshot in _snapshots(study):
        for model in study.scores_at(snapshot).index:
            found.setdefault(model, snapshot)
    return pd.Series(found, dtype=object)


def _later(study) -> pd.DataFrame:
    """Scores of models that the default snapshot does not have, each in its first snapshot."""
    seen = _first_seen(study)
    parts = [
        study.scores_at(each).reindex(seen.index[seen == each])
        for each in seen.unique()
        if each != study.default_snapshot
    ]
    later = pd.concat(parts) if parts else study.scores.iloc[:0]
    return later[~later.index.isin(study.scores.index)].reindex(columns=study.scores.columns)


def _last(study) -> pd.DataFrame:
    """Scores of the last snapshot, on the study's benchmarks."""
    return study.scores_at(_snapshots(study)[-1]).reindex(columns=study.scores.columns).dropna()


def _parents(study, scores: pd.DataFrame, made: str) -> list[str]:
    """Models of a snapshot on whom somebody may build next."""
    registry = study.registry.loc[scores.index]
    base = ~registry["strategy"].isin([*TRAINED, "unknown"])
    if "released" in registry:
        released = pd.to_datetime(
            registry["released"].where(registry["released"] != ""), format="mixed"
        )
        base &= released > pd.Timestamp(made) - pd.DateOffset(months=RECENT)
    return list(scores.index[base])


def _cases(study, scores: pd.DataFrame, scale: pd.DataFrame) -> pd.DataFrame:
    trained = study.registry.loc[scores.index, "strategy"].isin(TRAINED)
    return pd.DataFrame({"english": forecast.english_composite(scores, scale), "trained": trained})


def _next_change(study) -> pd.DataFrame:
    """The change of the next pair, in each benchmark's unit: value, low, high."""
    pairs, deviation = _pairs(study), study.scores.std(ddof=0)
    difference = (matched_pairs.differences(study, pairs) / deviation).dropna(axis=1)
    ends = forecast.interval(forecast.changes(difference, pairs, _kinds(study)))
    return ends.mul(deviation[ends.index], axis=0)


def _stacked(tables: Mapping[str, pd.DataFrame], observed: pd.Series) -> pd.DataFrame:
    """benchmark -> models x SHARES as (model, benchmark) x SHARES, in the order of `observed`."""
    return pd.concat(dict(tables)).swaplevel().loc[observed.index]
