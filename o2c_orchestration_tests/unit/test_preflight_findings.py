"""A finding of the preflight that asks for something says what would go wrong without it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import o2c_orchestration.preflight

FOLDER = Path(o2c_orchestration.preflight.__file__).parent


def findings() -> Iterator[tuple[str, list[ast.expr]]]:
    """Where each finding is made, and what it is made of: what, ok, detail, to do, otherwise."""
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                yield f"{path.name}:{node.lineno}", [*node.args, *(each.value for each in node.keywords)]


def test_whoever_is_asked_to_do_something_is_told_why() -> None:
    """What, where to mend it, and what would have gone wrong: issue 7's three, in each place that asks."""
    found = list(findings())
    assert len(found) > 50
    assert [where for where, parts in found if len(parts) == 4] == []


def test_what_is_wrong_says_what_to_do() -> None:
    """No finding is wrong without a way out."""
    wrong = [
        (where, parts) for where, parts in findings() if isinstance(parts[1], ast.Constant) and parts[1].value is False
    ]
    assert len(wrong) > 20
    assert [where for where, parts in wrong if len(parts) < 5] == []
