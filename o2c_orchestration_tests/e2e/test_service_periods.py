"""Service periods the whole way: from the lines of Stripe's invoices to fields on the lines that NetSuite shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, fresh_books, opened

START, END = "custcol_service_start", "custcol_service_end"
BOOKS = ZoneInfo(Policy().books.time_zone)


@contextmanager
def company(tmp_path: Path, keys: Path, new_database: NewDatabase, **revenue: str) -> Iterator[Company]:
    """A small company after one run with these fields named."""
    books = fresh_books()
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy={"revenue": revenue}) as made:
            run(made.product, books.span)
            yield made


def days(line: dict[str, Any]) -> tuple[str, str]:
    """Of a line of Stripe's: its first day and that of its last second, as the books count days."""
    start, end = (line["period"][name] for name in ("start", "end"))
    return tuple(datetime.fromtimestamp(at, BOOKS).date().isoformat() for at in (start, max(start, end - 1)))  # type: ignore[return-value]


def test_lines_in_netsuite_say_over_which_days_they_are_delivered(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """Every line that bills something, and its discount; what NetSuite holds is read back from its record."""
    with company(tmp_path, keys, new_database, start_field=START, end_field=END) as made:
        assert list_gaps(made.product.engine) == []
        seen = set()
        for invoice in made.books.of("invoice"):
            found = made.product.ledger.find_by_external_id("invoice", invoice["id"])
            if found is None:
                continue
            record = made.product.ledger.record("invoice", found, sublists=True)[0]
            expected = {days(line) for line in invoice["lines"]["data"]}
            told = {(line[START], line[END]) for line in record["item"]["items"] if START in line}
            assert told == expected
            seen |= told
        assert any(first < last for first, last in seen)


def test_a_field_that_netsuite_does_not_have_is_refused_in_its_words(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """No invoice is written without its days: each is a gap that names the field."""
    with company(tmp_path, keys, new_database, start_field="custcol_nobody", end_field=END) as made:
        gaps = [gap for gap in list_gaps(made.product.engine) if gap.stripe_id and gap.stripe_id.startswith("in_")]
        assert gaps
        assert {gap.kind for gap in gaps} == {"sync_failed"}
        assert all("custcol_nobody" in gap.reason for gap in gaps)
