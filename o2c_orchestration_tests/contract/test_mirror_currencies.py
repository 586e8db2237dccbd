"""Which customers NetSuite is asked about before a document in a currency is sent, and which not."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.mirror.currencies import ask_currencies
from o2c_orchestration.store import journal, ledger
from o2c_orchestration.store.currencies import told
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader, rows
from o2c_orchestration_tests.integration_store.builders import command, journal_id, ledger_document, mirror
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

DOLLARS, EUROS = "1", "4"
# Documents in dollars only; none at all; made by us, none yet; a document in euros.
DOUBTFUL, NEW, OURS, PROVEN = 11, 12, 13, 14
EVERYBODY = [(str(customer), "eur") for customer in (DOUBTFUL, NEW, OURS, PROVEN)]


@pytest.fixture
def books(engine: Engine) -> Engine:
    """Four customers whose invoices in euros are about to be written."""
    ledger.replace_reference(engine, "currency", [(DOLLARS, "USD"), (EUROS, "EUR")], datetime.now(UTC))
    mirror(engine, [ledger_document(1, entity_id=DOUBTFUL), ledger_document(2, entity_id=PROVEN, currency="eur")])
    journal.intend(engine, [command("customer", "cus_ours")])
    claim = journal.claim(engine, journal_id(engine, "cus_ours"), 60)
    assert claim is not None
    journal.record_done(engine, claim, OURS, adopted=False)
    return engine


def asked(engine: Engine, own: Reply, *, every: bool = False) -> set[int]:
    """Customers whose records were looked at; each of them takes dollars."""
    looked: set[int] = set()

    def answer(seen: Seen) -> Reply:
        if seen.method == "POST":
            return own
        looked.add(int(seen.path.rpartition("/")[2]))
        return Reply(body={"id": seen.path.rpartition("/")[2], "currency": {"id": DOLLARS}})

    with WireFake(answer) as fake:
        assert ask_currencies(engine, reader(fake.base_url), EVERYBODY, 2, every=every) == bool(looked)
    return looked


def _owned(currency: str) -> Reply:
    return rows(*({"id": str(customer), "currency": currency} for customer in (DOUBTFUL, NEW)))


@pytest.mark.parametrize(
    ("own", "every", "wanted"),
    [
        (lambda: _owned(DOLLARS), False, {DOUBTFUL, NEW}),
        (lambda: _owned(EUROS), False, set()),
        (lambda: failure(400, "INVALID_PARAMETER", "Unknown identifier 'currency'."), False, {DOUBTFUL}),
        (lambda: _owned(EUROS), True, {DOUBTFUL, NEW, OURS}),
    ],
    ids=["another", "his own", "not told", "every"],
)
def test_who_is_asked(books: Engine, own: Callable[[], Reply], every: bool, wanted: set[int]) -> None:
    """Nobody whom a document proves; by default nobody whose own currency it is, nor whom we have made ourselves."""
    assert asked(books, own(), every=every) == wanted


def test_what_is_answered_is_known(books: Engine) -> None:
    """By the customer's internal id, in codes."""
    asked(books, _owned(DOLLARS))
    people = {f"cus_{number}": KnownDocument(str(number)) for number in (DOUBTFUL, OURS)}
    found = told(books, people)
    assert (found[f"cus_{DOUBTFUL}"].currencies, found[f"cus_{OURS}"].currencies) == ({"usd"}, frozenset())
