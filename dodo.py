"""The build's tasks for doit: `doit list --all`, `doit study=ja chapter:transfer`. `make book` runs
the same tasks."""

from doit import get_var

from lib.book import tasks
from lib.book.layout import Layout

globals().update(tasks.namespace(Layout(get_var("study", "ja"))))
