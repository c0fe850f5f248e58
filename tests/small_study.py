"""A small sound study as text, for tests to put on disk whole or spoilt."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "study.yml": """\
code: xx
language: Newspeak
title: A small study
default_snapshot: s1
snapshots:
  - {id: s1, date: "2024-07-01"}
  - {id: s2, date: "2025-07-01"}
anchors: {PC2: know-xx}
sources:
  - {id: board, title: A leaderboard, licence: MIT, url: "https://example.org/board"}
ranges:
  default:
    own_tokens_b:
      from_scratch_english: {lower: 2000, upper: 8000, scale: log-uniform}
""",
    "models.csv": """\
model_id,name,developer,lineage,parent_id,parent_note,strategy,params_total_b,params_active_b,released
org/base,Base,Org,Base,,,from_scratch_english,7,7,2023-07
org/child,Child,Org,Base,org/base,,continual_local,7,7,2024
lab/other,Other,Lab,,,,from_scratch_local,46.7,12.9,2024-01-31
lab/late,Late,Lab,,,,unknown,,,
""",
    "benchmarks.csv": """\
benchmark_id,name,language,ability,metric,direction,minimum,maximum,counterpart_id,counterpart_kind,citation
know-xx,Know (xx),local,knowledge,accuracy,,0,1,know-en,similar,
into-xx,Into xx,local,translation,BLEU,into_local,0,1,,,
know-en,Know (en),english,knowledge,accuracy,,-100,100,know-xx,similar,
""",
    "evaluations.csv": """\
benchmark_id,snapshot,metric,shots,items,items_confidence
know-xx,s1,accuracy,4,100,recalled
""",
    "scores.csv": """\
model_id,benchmark_id,snapshot,split,score,standard_error
org/base,know-xx,s1,test,0.2,0.01
org/base,into-xx,s1,test,0.1,
org/base,know-en,s1,test,-12.81,
org/child,know-xx,s1,test,0.4,0.01
org/child,into-xx,s1,test,0.3,
org/child,know-en,s1,test,40,
lab/other,know-xx,s1,val,0.6,
lab/other,into-xx,s1,val,0.35,
org/base,know-xx,s2,test,0.25,
org/child,know-xx,s2,test,0.45,
lab/late,know-xx,s2,test,0.65,
""",
    "training.csv": """\
model_id,own_tokens_b,own_local_tokens_b,own_english_tokens_b,disclosure,source,confidence,note
org/base,,,,undisclosed,,,
org/child,100,90,10,split_disclosed,A card,confirmed,
""",
}


def write(root: Path, code: str = "xx", **changes: str | bytes | None) -> Path:
    """Put the study under `root`; `changes` replaces files by name with _ for the dot (None: leaves
    the file out)."""
    folder = root / code
    folder.mkdir(parents=True)
    changed = {name.replace("_", "."): content for name, content in changes.items()}
    for name, content in {**FILES, **changed}.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def spoilt(name: str, old: str, new: str) -> dict[str, str]:
    """The change for `write` that replaces `old`, which must be there, in one file."""
    assert old in FILES[name]
    return {name.replace(".", "_"): FILES[name].replace(old, new, 1)}
