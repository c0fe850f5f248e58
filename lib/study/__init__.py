"""What does a study know?  Files of data/<study>/ in, a checked `Study` that does not change out.

from lib import study
s = study.load("ja")
s.scores          # models x benchmarks, floats

loading    which studies there are, what is wrong with one, one of them loaded
settings   what may stand in a study.yml
schema     what may stand in each table's columns
forecasts  what may stand in a forecasts.yml, and whether it still is what was recorded
history    what may stand in a history.yml: how thresholds were set
folder     a study's files -> settings, claims, forecasts, tables; what is wrong with each
relations  whether they agree with each other
selection  which models' scores, of which snapshots
study      the `Study`: its tables, and what follows from them
overview   what a sound study holds, in a few lines
"""

from lib.study.folder import StudyError
from lib.study.loading import CODE, available, check, check_files, contents, load
from lib.study.overview import summary
from lib.study.study import Study, common

__all__ = [
    "CODE",
    "Study",
    "StudyError",
    "available",
    "check",
    "check_files",
    "common",
    "contents",
    "load",
    "summary",
]
