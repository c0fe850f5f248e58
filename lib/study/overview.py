"""What does a sound study hold?  A study in, a few lines for people out."""

from __future__ import annotations

from pathlib import Path

from lib.study.loading import load


def summary(code: str, root: Path | str | None = None) -> str:
    """What a sound study holds, in a few lines for people; raises StudyError otherwise."""
    study = load(code, root=root)
    undisclosed = {
        "total": study.training["own_tokens_b"].isna().sum(),
        "local": study.training["own_local_tokens_b"].isna().sum(),
        "English": study.training["own_english_tokens_b"].isna().sum(),
    }
    models, sides = study.registry, study._all_benchmarks["language"]
    proxies, snapshots = models["lineage_is_proxy"].sum(), len(study.snapshots)
    lineages = models["lineage"].nunique()
    lines = [
        f"{study.code}: {study.title}",
        f"  models      {len(models)} in models.csv, "
        f"{lineages} lineage{'s' * (lineages != 1)}"
        + (f" ({proxies} by organisation)" if proxies else ""),
        f"  benchmarks  {len(sides)} ({(sides == 'local').sum()} local, "
        f"{(sides == 'english').sum()} English)",
        f"  scores      {len(study._long)} in {snapshots} snapshot{'s' * (snapshots > 1)}",
    ]
    for snapshot in study.snapshots:
        table = study.scores_at(snapshot)
        missing = int(table.isna().to_numpy().sum())
        lines.append(
            f"    {snapshot}  {table.shape[0]} models x {table.shape[1]} benchmarks, "
            + ("complete" if not missing else f"{missing} missing")
            + (" (default)" if snapshot == study.default_snapshot else "")
        )
    lines.append(
        f"  sources     {len(study.sources)}: "
        + "; ".join(f"{each['id']} ({each['licence']})" for each in study.sources)
    )
    if len(study.training):
        lines.append(
            f"  training    {len(study.training)} models; undisclosed: "
            + ", ".join(f"{side} tokens of {count}" for side, count in undisclosed.items())
        )
    else:
        lines.append("  training    no training.csv: chapters on compute will say so")
    if study.claims:
        lines.append(f"  claims      {len(study.claims)} with their tests")
    if study.forecasts:
        count = sum(len(batch["predictions"]) for batch in study.forecasts)
        lines.append(
            f"  forecasts   {count} in {len(study.forecasts)} batches, each as it was recorded"
        )
    return "\n".join(lines)
