"""Limits that keep the code readable: functions of at most 70 lines, files of at most 400, docstrings in the core."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import o2c_orchestration

ROOT = Path(o2c_orchestration.__file__).parent
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400


def files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def definitions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_no_file_is_longer_than_400_lines():
    """A file can be read in one sitting."""
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files()}
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_70_lines():
    """A function fits on a screen, docstring and all."""
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, node in definitions()
    }
    assert len(long) > 100
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES_MAX} == {}


def test_every_module_says_what_belongs_in_it():
    """A module opens with a docstring; markers of a package without code may be empty."""
    missing = [
        str(path.relative_to(ROOT))
        for path in files()
        if path.read_text().strip() and ast.get_docstring(tree(path)) is None
    ]
    assert missing == []


def test_public_functions_of_the_core_say_what_they_do():
    """What other stages call has a docstring: domain, plan, store, validate, apply and reconcile."""
    core = {"domain", "plan", "store", "validate", "apply", "reconcile"}
    missing = []
    for path in files():
        if path.relative_to(ROOT).parts[0] in core:
            for node in tree(path).body:
                public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
                if public and ast.get_docstring(node) is None:
                    missing.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert missing == []
