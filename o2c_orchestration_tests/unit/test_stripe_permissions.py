"""docs/security.md lists every resource of Stripe's that the code names, at the level that the code needs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import o2c_orchestration
from o2c_orchestration.domain.policy_deals import Deals
from o2c_orchestration.extract.stripe import EVERY_PATH
from o2c_orchestration.preflight.stripe_rights import needed
from o2c_orchestration_tests.stripe_keys import rows

ROOT = Path(o2c_orchestration.__file__).parent
# The demo's own Stripe is the sandbox; what a key may is asked by updates that have no right as a good answer; and this
# is a collector's address.
ELSEWHERE = ("sandbox/", "console/demo.py", "clients/stripe_rights.py")
TRACES = "/v1/traces"


def nodes() -> Iterator[ast.AST]:
    for path in sorted(ROOT.rglob("*.py")):
        if not str(path.relative_to(ROOT)).startswith(ELSEWHERE):
            yield from ast.walk(ast.parse(path.read_text()))


def named() -> set[str]:
    """The resources in paths of Stripe's that stand in the code, by the word behind `/v1/`."""
    texts = (str(node.value) for node in nodes() if isinstance(node, ast.Constant))
    return {text.split("/")[2] for text in texts if text.startswith("/v1/") and text not in ("/v1/", TRACES)}


def words(method: str, level: str) -> set[str]:
    return {
        path.split("/")[2]
        for row in rows()
        for own, path in row.requests
        if own == method and level in (row.reader, row.writer)
    }


def test_each_resource_that_the_code_names_is_in_the_table_and_no_other() -> None:
    """Whoever asks Stripe for more than before has to say there by which permission. No path hides its resource."""
    assert {path.split("/")[2] for path in EVERY_PATH.values()} <= named()
    assert named() == words("GET", "Read")
    put_together = (node.values[0] for node in nodes() if isinstance(node, ast.JoinedStr) and node.values)
    assert [each.lineno for each in put_together if isinstance(each, ast.Constant) and each.value == "/v1/"] == []


def test_every_list_that_is_read_is_in_the_table() -> None:
    """The lists of a run, and one object of each."""
    asked = {path for row in rows() if row.reader == "Read" for method, path in row.requests if method == "GET"}
    assert {each for path in EVERY_PATH.values() for each in (path, f"{path}/ID")} <= asked


def test_write_is_for_what_bills_deals_alone() -> None:
    """What the preflight calls needed where deals are billed in every way; the key that reads writes nothing."""
    ways = [Deals(recurring="subscription", one_off="invoice"), Deals(one_off="payment_link")]
    assert words("POST", "Write") == frozenset().union(*(needed(way) for way in ways))
    assert {row.reader for row in rows()} == {"Read"}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.shown)
def test_a_row_says_what_each_level_is_for(row: object) -> None:
    """GET for Read and POST for Write, as Stripe has it; a level without a request would be too much."""
    found = next(each for each in rows() if each == row)
    assert ("POST" in {method for method, _ in found.requests}) == (found.writer == "Write")
    assert "GET" in {method for method, _ in found.requests}
