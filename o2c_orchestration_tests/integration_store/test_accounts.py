"""Whose an object is, against a real PostgreSQL: it is kept and found through pointers, and days are by account."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.extract.accounts import AccountsExtractor
from o2c_orchestration.extract.stripe import Extracted
from o2c_orchestration.store import inbox
from o2c_orchestration.store.accounts import owners
from o2c_orchestration.store.days import days_read, record_read
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration_tests.integration_store.test_validation import charge, invoice

START, DAY = datetime(2026, 2, 15, tzinfo=UTC), date(2026, 2, 1)
GMBH = "acct_1GmbH"
PACIFIC, BERLIN = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/Berlin")


def let_in(engine: Engine, account: str, *payloads: dict[str, Any], second: int = 0) -> None:
    read_at = START + timedelta(seconds=second)
    admit(engine, [StripeObject.of(payload, read_at, account=account) for payload in payloads], proven=True)


def stored(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_an_object_stays_with_the_account_that_it_was_first_read_from(engine: Engine):
    """Its payload moves on, whoever brings it; whose it is does not."""
    let_in(engine, GMBH, charge("ch_1"))
    let_in(engine, MAIN, charge("ch_1", amount=200), second=1)
    let_in(engine, MAIN, charge("ch_2"))
    assert stored(engine, "SELECT id, account FROM o2c.stripe_objects ORDER BY id") == [
        ("ch_1", GMBH),
        ("ch_2", "main"),
    ]
    assert stored(engine, "SELECT payload ->> 'amount' FROM o2c.stripe_objects WHERE id = 'ch_1'") == [("200",)]
    assert stored(engine, "SELECT o2c.account_of('ch_1'), o2c.account_of('ch_2'), o2c.account_of('ch_none')") == [
        (GMBH, "main", "main")
    ]


def test_days_are_those_of_the_entitys_time_zone(engine: Engine):
    """Half past midnight in Berlin is the new day in the GmbH's books, and the day before in California's."""
    moment = int(datetime(2026, 1, 31, 23, 30, tzinfo=UTC).timestamp())
    let_in(engine, GMBH, charge("ch_1", created=moment))
    let_in(engine, MAIN, charge("ch_2", created=moment))
    validate_pending(engine, "charge", PACIFIC, zones={MAIN: PACIFIC, GMBH: BERLIN})
    found = dict(stored(engine, "SELECT id, payment_date FROM o2c.payments"))
    assert found == {"ch_1": date(2026, 2, 1), "ch_2": date(2026, 1, 31)}


def test_what_points_to_an_id_says_whose_it_is(engine: Engine):
    """A customer of an invoice, the charge itself, a payment intent; what nobody points to is not guessed."""
    let_in(engine, GMBH, invoice("in_1", customer="cus_1"), charge("ch_1", customer="cus_1", payment_intent="pi_1"))
    let_in(engine, MAIN, invoice("in_2", customer="cus_2"))
    for kind in ("invoice", "charge"):
        validate_pending(engine, kind, PACIFIC)
    asked = ["cus_1", "cus_2", "ch_1", "pi_1", "in_2", "price_1"]
    assert owners(engine, asked) == {"cus_1": GMBH, "cus_2": MAIN, "ch_1": GMBH, "pi_1": GMBH, "in_2": MAIN}


def test_a_day_is_read_when_every_account_was(engine: Engine):
    """An entity that is added later has its days to be read before a month closes."""
    record_read(engine, "invoice", DAY, DAY, START)
    assert days_read(engine, ["invoice"], DAY, DAY).unread == []
    assert days_read(engine, ["invoice"], DAY, DAY, (MAIN, GMBH)).unread == [(f"invoice of {GMBH}", DAY)]
    record_read(engine, "invoice", DAY, DAY, START, GMBH)
    assert days_read(engine, ["invoice"], DAY, DAY, (MAIN, GMBH)).unread == []


def test_a_hint_remembers_its_account(engine: Engine):
    """As far as it is known; a later hint that does not know it takes nothing away."""
    inbox.note(engine, [("in_1", "invoice", "invoice.paid")], GMBH)
    inbox.note(engine, [("in_1", "invoice", "by hand"), ("in_2", "invoice", "by hand")])
    assert {item.object_id: item.account for item in inbox.take(engine, 99)} == {"in_1": GMBH, "in_2": None}


class Shelf:
    """An account that has certain objects, and remembers what it was asked for."""

    def __init__(self, *has: str) -> None:
        self.has, self.asked = set(has), list[str]()

    def objects(self, object_type: str, ids: list[str], *, remember: bool = True) -> Extracted:
        self.asked += ids
        return Extracted(seen=len(self.has & set(ids)), absent=[key for key in ids if key not in self.has])


def test_an_object_is_asked_of_its_account_and_else_of_each(engine: Engine):
    """An event tells whose it is; of others every account is asked, and what none of them has is absent for all."""
    inc, gmbh = Shelf("price_1"), Shelf("in_1", "price_2")
    both: Any = {MAIN: inc, GMBH: gmbh}
    reads = AccountsExtractor(engine, both)
    assert reads.objects("invoice", ["in_1"], {"in_1": GMBH}).absent == []
    found = reads.objects("price", ["price_1", "price_2", "price_3"])
    assert (found.seen, found.absent) == (2, ["price_3"])
    assert inc.asked == ["price_1", "price_2", "price_3"]
    assert gmbh.asked == ["in_1", "price_2", "price_3"]
    assert stored(engine, "SELECT id FROM o2c.stripe_absent") == [("price_3",)]


def test_one_account_is_asked_without_looking_up_whose_it_is(engine: Engine):
    """Nothing changes for who has one."""
    alone = Shelf("in_1")
    only: Any = {MAIN: alone}
    AccountsExtractor(engine, only).objects("invoice", ["in_1", "in_2"])
    assert alone.asked == ["in_1", "in_2"]
