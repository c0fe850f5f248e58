"""A Sphinx extension with the few things that settings cannot say: which scripts a page loads.

The chart library is 0.9 MB; a page without a chart does without it. The still pictures are on the
page already, so it waits until the page is read. Jupyter Book adds the scripts of a live-kernel
service even where it is switched off; they name an outside address, and are left out. The
bibliography's roles, which no reader of screens accepts, go too. A page in another language says
so, for voices, fonts and hyphenation.
"""

import re
from html import escape
from pathlib import Path

CHART = 'class="study-chart"'
UNUSED = "thebe"
#: What stands around a page's text, in the book's own language.
AROUND = re.compile(
    r'<(?=\w+[^>]*(?:id="pst-(?:primary-sidebar|search-dialog)"|class="bd-footer-content))(\w+)'
)


def _scripts(app, pagename, templatename, context, doctree):
    if CHART in (context.get("body") or ""):
        for order, script in enumerate(("vega.js", "charts.js")):
            app.add_js_file(script, priority=100 + order, loading_method="defer")


def _without_unused(app, pagename, templatename, context, doctree):
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if UNUSED not in _words(file)]


def _plain_bibliography(app, pagename, templatename, context, doctree):
    if "citation-list" in (context.get("body") or ""):
        context["body"] = re.sub(
            r' role="(doc-biblioentry|list)"(?= class="citation-list"|>)', "", context["body"]
        )


def _language(app, pagename, templatename, context, doctree):
    if lang := (context.get("languages") or {}).get(pagename):
        context["language"] = lang
        context["body"] = re.sub(
            "<section ", f'<section lang="{escape(lang)}" ', context.get("body") or "", count=1
        )


def _around(app, exception):
    """Around a translated page's text the book still speaks its own language."""
    for name in () if exception else app.config.html_context.get("languages") or {}:
        page = Path(app.outdir) / f"{name}.html"
        text = page.read_text(encoding="utf-8")
        own = escape(app.config.language or "en")
        page.write_text(AROUND.sub(rf'<\1 lang="{own}"', text), encoding="utf-8")


def _words(file) -> str:
    return f"{file.filename or ''} {getattr(file, 'attributes', {}).get('body') or ''}".lower()


def setup(app):
    """What Sphinx calls: connects what this module does to the pages."""
    app.connect("html-page-context", _scripts)
    app.connect("html-page-context", _plain_bibliography)
    app.connect("html-page-context", _language)
    app.connect("build-finished", _around)
    app.connect("html-page-context", _without_unused, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
