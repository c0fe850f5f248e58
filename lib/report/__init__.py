"""What a chapter shows and what it leaves for others: numbers, answers, figures, tables.

A chapter makes one page and speaks through it:

    page = report.Page(s, "transfer")
    page.record("transfer/pearson", table)      # a record a subject, shows nothing
    page.figure("transfer-heatmap", charts.heatmap(...))
    page.table("transfer-pairs", {"Pearson": table, "Kind": s.kinds(table)}, caption="...")
    page.results["pairs/difference/niilc"]      # what another chapter recorded

Text names what was computed, {eval}`table.highest`, and says the answer in an `answer` directive
(see `lib.book.answers`). A figure is the only output of its cell; its number, label and caption are
the cell's metadata, and text points to it with {numref}`fig-transfer-heatmap`.

The page touches no file, save that `page.results` reads results.json. Records and downloads leave
the notebook as outputs of their own kind (`RECORDS`, `DOWNLOAD`), which the executor takes out and
writes to files; in a bare Jupyter they show nothing and everything else works the same, figures
being still pictures there.
"""

from .page import Page
from .records import DOWNLOAD, RECORDS, ReportError
from .text import Markup, badge, link, links, number, whole

__all__ = [
    "DOWNLOAD",
    "RECORDS",
    "Markup",
    "Page",
    "ReportError",
    "badge",
    "link",
    "links",
    "number",
    "whole",
]
