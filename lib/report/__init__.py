"""What a chapter shows and what it leaves for others: numbers, answers, figures, tables.

A chapter makes one page and speaks through it:

    page = report.Page(study, "transfer")          # glues language, study, snapshot, counts
    page.record(table)                             # many estimates into results.json, shows nothing
    page.number("transfer/pearson/mmlu~jmmlu", r)  # one estimate, recorded and glued, shows nothing
    page.text("strongest", "NIILC and WMT20")      # a computed phrase for the prose
    page.answer("Does it carry over?", verdict, {"supported": "Yes: r = {r}.", ...}, r=r)
    page.figure("transfer-heatmap", chart, description="...", data=frame)
    page.table("transfer-pairs", frame, caption="...")

Prose takes what was recorded by its id: {glue:text}`transfer/pearson/mmlu~jmmlu`.  A phrase with
Markdown in it (`page.text(key, report.Markup("**two**"))`) is taken with {glue:md}`key`.  Glue keys
must be made once on a page.

A figure is the only output of its cell; its number, label and caption are the cell's metadata (the
caption is MyST and may use glue; a short note under it is a second paragraph), and prose points to
it with {numref}`fig-transfer-heatmap`:

    ```{code-cell} ipython3
    ---
    mystnb:
      figure:
        name: fig-transfer-heatmap
        caption: "How {glue:text}`benchmarks` benchmarks go together; framed cells ask the same."
    tags: [hide-input]
    ---
    page.figure("transfer-heatmap", charts.heatmap(...), description="...", data=pairs)
    ```

`tags: [hide-input, full-width]` makes a figure span the margin, too.  Do not print or return
anything else in such a cell, since each of its outputs would be captioned.  Where a study has no
data for it, call `page.missing("...")` in an `if` before the figure: the executor takes the figure
metadata off a cell that drew none.

The page touches no file, save that `page.cite` reads results.json.  Records and downloads leave the
notebook as outputs of their own kind (`RECORDS`, `DOWNLOAD`), which the executor takes out and
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
