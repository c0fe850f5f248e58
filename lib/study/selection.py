"""Which models' scores?  A checked folder and a choice of snapshots in, the `Study` of them out."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from lib.reading import shown
from lib.study import forecasts, schema
from lib.study.folder import Folder, StudyError
from lib.study.study import Study, wide

Models = Literal["snapshot", "further", "all"]
Prefer = Literal["earliest", "latest"]


def selected(folder: Folder, snapshot: str | None, models: Models, prefer: Prefer) -> Study:
    """The study of a sound folder with the models that were chosen, as `load` describes them."""
    tables = {
        name: schema.typed(table, schema.FORMS[name]) for name, table in folder.tables.items()
    }
    settings = folder.known()
    known = [each.id for each in settings.snapshots]
    if snapshot is not None and snapshot not in known:
        raise StudyError(
            f"{settings.code} has no snapshot {shown(snapshot)}; allowed: {', '.join(known)}"
        )
    if models == "snapshot":
        wanted = [snapshot or settings.default_snapshot]
    else:
        wanted = known if snapshot is None else [snapshot]
    registry = _registry(tables["models.csv"])
    chosen = _chosen(
        tables["scores.csv"],
        wanted,
        settings.default_snapshot if models == "further" else None,
        prefer,
    )
    if not len(chosen):
        raise StudyError(
            f"{settings.code} has no models outside its default snapshot "
            + settings.default_snapshot
            + ("" if snapshot is None else f" in {snapshot}")
        )
    return _assembled(
        folder, tables, registry, chosen, [each for each in known if each in set(chosen)]
    )


def _registry(models: pd.DataFrame) -> pd.DataFrame:
    """models.csv by model_id; where no lineage is known, the organisation before the slash stands
    in, marked."""
    registry = models.set_index("model_id")
    proxy = registry["lineage"] == ""
    organisations = registry.index.to_series().str.split("/").str[0]
    registry["lineage"] = registry["lineage"].where(~proxy, organisations)
    registry.insert(list(registry.columns).index("lineage") + 1, "lineage_is_proxy", proxy)
    return registry


def _chosen(long: pd.DataFrame, wanted: list[str], without: str | None, prefer: str) -> pd.Series:
    """model_id -> the snapshot its row comes from, among `wanted`, leaving out the models of
    snapshot `without`."""
    rows = long[["model_id", "snapshot"]].drop_duplicates()
    if without is not None:
        rows = rows[~rows["model_id"].isin(rows.loc[rows["snapshot"] == without, "model_id"])]
    rows = rows[rows["snapshot"].isin(wanted)]
    order = rows["snapshot"].map({snapshot: place for place, snapshot in enumerate(wanted)})
    rows = rows.loc[order.sort_values(kind="stable").index]
    rows = rows.drop_duplicates("model_id", keep="first" if prefer == "earliest" else "last")
    return rows.set_index("model_id")["snapshot"]


def _assembled(
    folder: Folder,
    tables: dict[str, pd.DataFrame],
    registry: pd.DataFrame,
    chosen: pd.Series,
    snapshots: list[str],
) -> Study:
    """Put the parts together, each aligned with the table of scores."""
    long = tables["scores.csv"]
    benchmarks = tables["benchmarks.csv"].set_index("benchmark_id")
    rows = long[long["model_id"].map(chosen) == long["snapshot"]]
    aligned = {
        column: wide(rows, column, registry.index, benchmarks.index)
        for column in ("score", "standard_error", "split")
    }
    scores = aligned["score"].dropna(axis="columns", how="all").astype(float)
    settings = folder.known()
    content = settings.model_dump()
    claims = folder.claims.model_dump(exclude_none=True)["claims"] if folder.claims else []
    return Study(
        code=settings.code,
        language=settings.language,
        name=settings.name or settings.title,
        title=settings.title,
        about=content["about"],
        snapshot=" + ".join(snapshots),
        snapshots=tuple(each.id for each in settings.snapshots),
        default_snapshot=settings.default_snapshot,
        scores=scores,
        models=registry.loc[scores.index].copy(),
        registry=registry,
        benchmarks=benchmarks.loc[scores.columns].copy(),
        evaluations=tables["evaluations.csv"],
        training=tables["training.csv"].set_index("model_id"),
        standard_errors=aligned["standard_error"][scores.columns].astype(float),
        splits=aligned["split"][scores.columns].fillna(""),
        model_snapshots=chosen.loc[scores.index],
        ranges={name: content["ranges"][name] for name in content["ranges"]},
        anchors=dict(settings.anchors),
        claims=tuple(claims),
        history=tuple(
            folder.history.model_dump(exclude_none=True, exclude_defaults=True)["choices"]
            if folder.history
            else ()
        ),
        forecasts=tuple(
            forecasts.plain(batch)
            for batch in (folder.forecasts.batches if folder.forecasts else [])
        ),
        citation=tuple(settings.citation),
        sources=tuple(content["sources"]),
        snapshot_info={each["id"]: each for each in content["snapshots"]},
        _long=long,
        _all_benchmarks=benchmarks,
    )
