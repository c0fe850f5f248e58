"""Every analysis shows how it is called on a table of one's own, and what it shows is true."""

import ast
import doctest
import importlib
import inspect
import pkgutil

import pytest

from lib import stats, words

MODULES = [
    words,
    *(
        importlib.import_module(f"{stats.__name__}.{each.name}")
        for each in pkgutil.iter_modules(stats.__path__)
    ),
]


def public(module) -> list:
    """The functions and classes that a module defines for others."""
    return [
        getattr(module, node.name)
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [found for module in MODULES for found in finder.find(module) if found.examples]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_analysis_has_an_example_that_is_tried(module):
    tried = {example.name for example in examples()}
    silent = [each.__name__ for each in public(module)]
    silent = [name for name in silent if f"{module.__name__}.{name}" not in tried]
    assert not silent, f"{module.__name__}: no >>> example of {', '.join(silent)}"


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_gives_what_it_shows(example):
    told = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=told.append)
    assert not told, "".join(told)
