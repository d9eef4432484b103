"""Tests that another test speaks of, by their ids, such as `tests/plugin/test_look.py::test_name`."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


def is_a_test(id: str) -> bool:
    """Is there a test of that id?"""
    path, _, name = id.partition("::")
    return name in docstrings_of(path)


@cache
def docstrings_of(path: str) -> dict[str, str]:
    """The tests of a file, named from the project's root, with their docstrings; none where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return {}
    functions = [each for each in ast.parse(file.read_text("utf-8")).body if isinstance(each, ast.FunctionDef)]
    return {each.name: ast.get_docstring(each) or "" for each in functions if each.name.startswith("test_")}
