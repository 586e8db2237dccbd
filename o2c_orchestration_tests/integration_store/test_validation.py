"""Validation against a real store: quarantine with a reason, neighbours go on, a fix releases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.store import rows
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.validate import run as validate_run
from o2c_orchestration.validate.run import validate_pending

START = datetime(2026, 2, 15, tzinfo=UTC)
CREATED = int(datetime(2026, 2, 1, 12, tzinfo=UTC).timestamp())
DAY = date(2026, 2, 1)
ZONE = ZoneInfo("America/Los_Angeles")


def charge(key: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "object": "charge",
        "customer": "cus_1",
        "payment_intent": "pi_1",
        "currency": "usd",
        "status": "succeeded",
        "amount": 100,
        "amount_captured": 100,
        "captured": True,
        "created": CREATED,
        **more,
    }


def invoice(key: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "object": "invoice",
        "customer": "cus_1",
        "number": "A-1",
        "currency": "usd",
        "status": "open",
        "total": 100,
        "amount_paid": 0,
        "amount_remaining": 100,
        "status_transitions": {"finalized_at": CREATED},
        "lines": {"data": [{"id": "il_1", "amount": 100, "description": "Seats"}]},
        "created": CREATED,
        **more,
    }


def let_in(engine: Engine, *payloads: dict[str, Any], second: int = 0) -> None:
    admit(engine, [StripeObject.of(payload, START + timedelta(seconds=second)) for payload in payloads], proven=True)


def ids(engine: Engine, table: str) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT id FROM o2c.{table} ORDER BY id")).scalars())


def test_sound_rows_are_accepted(engine):
    """What passes is in its table, waits no more, and is to be reconciled."""
    let_in(engine, invoice("in_1"), invoice("in_2"))
    result = validate_pending(engine, "invoice", ZONE)
    assert (2, []) == (result.accepted, result.rejected)
    assert ["in_1", "in_2"] == ids(engine, "invoices")
    assert [] == rows.pending(engine, "invoice", 10)
    with engine.connect() as connection:
        assert {"in_1", "in_2"} == set(connection.execute(text("SELECT key FROM o2c.dirty")).scalars())


def test_a_payload_that_was_overtaken_is_not_stored(engine):
    """Two processes validate: the one that read first and ends last neither overwrites nor quarantines the newer."""
    let_in(engine, invoice("in_1"), invoice("in_2"), invoice("in_3"))
    batch = rows.pending(engine, "invoice", 10)
    let_in(engine, invoice("in_1", total=700), invoice("in_3", total=300), second=1)
    validate_pending(engine, "invoice", ZONE)
    accepted, _ = validate_run._validate("invoice", batch[:2], ZONE)
    rows.accept(engine, "invoices", accepted, [rows.Rejected("in_3", "wrong")], batch)
    with engine.connect() as connection:
        totals = connection.execute(text("SELECT total_minor FROM o2c.invoices ORDER BY id")).scalars()
        assert [700, 100, 300] == list(totals)
    assert [] == rows.quarantined(engine, "invoice", DAY, DAY)
    assert [] == rows.pending(engine, "invoice", 10)


def test_a_bad_row_goes_to_quarantine_and_its_neighbours_go_on(engine):
    """The row is set aside with its reason and payload; those before and after it are accepted."""
    let_in(engine, charge("ch_1"), charge("ch_2", amount_captured=99.5), charge("ch_3"))
    result = validate_pending(engine, "charge", ZONE)
    assert 2 == result.accepted
    assert ["ch_1", "ch_3"] == ids(engine, "payments")
    [(key, reason)] = rows.quarantined(engine, "charge", DAY, DAY)
    assert "ch_2" == key
    assert "amount_minor: not an integer of minor units" == reason
    assert [] == rows.quarantined(engine, "charge", DAY + timedelta(1), DAY + timedelta(9))


def test_a_fixed_row_is_released(engine):
    """When Stripe's object is right again, the row is accepted and leaves the quarantine."""
    let_in(engine, charge("ch_1", currency="USD"))
    validate_pending(engine, "charge", ZONE)
    assert 1 == len(rows.quarantined(engine, "charge", DAY, DAY))
    let_in(engine, charge("ch_1"), second=5)
    assert 1 == validate_pending(engine, "charge", ZONE).accepted
    assert [] == rows.quarantined(engine, "charge", DAY, DAY)
    assert ["ch_1"] == ids(engine, "payments")


def test_a_row_that_fails_again_is_one_entry_with_the_newest_reason(engine):
    """Quarantine keeps one entry an object, first seen once, its reason the last one; released entries come back."""
    let_in(engine, charge("ch_1", currency="USD"))
    validate_pending(engine, "charge", ZONE)
    let_in(engine, charge("ch_1"), second=1)
    validate_pending(engine, "charge", ZONE)
    let_in(engine, charge("ch_1", status="odd"), second=2)
    validate_pending(engine, "charge", ZONE)
    [(_, reason)] = rows.quarantined(engine, "charge", DAY, DAY)
    assert reason.startswith("status: ")


def test_a_rejected_row_is_not_validated_for_ever(engine):
    """A bad row is looked at once for each change of its payload."""
    let_in(engine, charge("ch_1", currency="USD"))
    assert 1 == len(validate_pending(engine, "charge", ZONE).rejected)
    again = validate_pending(engine, "charge", ZONE)
    assert (0, []) == (again.accepted, again.rejected)


@pytest.mark.parametrize(
    "change",
    [
        {"lines": {"data": ["a line that is text"]}},
        {"lines": {"data": None}},
        {"lines": "none"},
        {"total_taxes": [{"amount": "5"}]},
        {"total_taxes": 7},
        {"shipping_cost": "free"},
        {"created": 10**15},
        {"status_transitions": {"finalized_at": 10**17}},
    ],
    ids=str,
)
def test_a_payload_that_cannot_be_read_is_quarantined(engine, change):
    """A shape that flattening cannot follow is one rejected row, not the end of the batch."""
    let_in(engine, invoice("in_1"), invoice("in_3"))
    odd = {**invoice("in_2"), **change}
    admit(engine, [StripeObject("in_2", "invoice", START, "open", START, _bytes(odd))])
    result = validate_pending(engine, "invoice", ZONE)
    assert (2, ["in_2"]) == (result.accepted, [item.id for item in result.rejected])
    assert "unreadable" in result.rejected[0].reason
    assert ["in_1", "in_3"] == ids(engine, "invoices")


def _bytes(payload: dict[str, Any]) -> bytes:
    import orjson

    return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize(
    "change",
    [
        {"total": 2**63},
        {"total": 2**64 - 1},
        {"amount_remaining": 10.0},
        {"total": 1e300},
        {"total": "100"},
        {"total": True},
        {"lines": {"data": [{"id": "il_1", "amount": 2**63}]}},
        {"lines": {"data": [{"id": "il_1", "amount": 99.99}]}},
        {"currency": ["usd"]},
        {"status": {"is": "open"}},
        {"customer": "in_5"},
    ],
    ids=str,
)
def test_money_and_types_are_not_bent(engine, change):
    """Floats, texts, numbers beyond the database's and other types are refused, each alone."""
    let_in(engine, invoice("in_1"), {**invoice("in_2"), **change}, invoice("in_3"))
    result = validate_pending(engine, "invoice", ZONE)
    assert (2, ["in_2"]) == (result.accepted, [item.id for item in result.rejected])
    assert ["in_1", "in_3"] == ids(engine, "invoices")


def test_odd_text_does_no_harm(engine):
    """NUL, quotes, tabs and text of any script in a name or description pass through."""
    payload = {
        "id": "cus_1",
        "object": "customer",
        "name": 'A\x00n\\n\t"ü\U0001f600',
        "email": None,
        "created": CREATED,
    }
    let_in(engine, payload)
    assert 1 == validate_pending(engine, "customer", ZONE).accepted
    with engine.connect() as connection:
        assert 'An\\n\t"ü\U0001f600' == connection.execute(text("SELECT name FROM o2c.customers")).scalar()


def test_a_name_of_another_type_does_no_harm(engine):
    """Stripe's free text is stored as text, whatever it holds."""
    let_in(engine, invoice("in_1", number=17), invoice("in_2", number={"a": 1}), invoice("in_3"))
    assert 3 == validate_pending(engine, "invoice", ZONE).accepted


def test_a_deleted_customer_keeps_its_day(engine):
    """Deleting in Stripe leaves only an id; the customer stays in the partition of its creation."""
    let_in(engine, {"id": "cus_1", "object": "customer", "name": "Ann", "email": None, "created": CREATED})
    validate_pending(engine, "customer", ZONE)
    let_in(engine, {"id": "cus_1", "object": "customer", "deleted": True}, second=5)
    validate_pending(engine, "customer", ZONE)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT deleted, created_at FROM o2c.customers")).one()
    assert (True, datetime.fromtimestamp(CREATED, UTC)) == tuple(row)


def test_a_payload_that_changes_meanwhile_stays_pending(engine):
    """A newer payload that came while the older one was validated is validated too."""
    let_in(engine, charge("ch_1"))
    batch = rows.pending(engine, "charge", 10)
    let_in(engine, charge("ch_1", amount_captured=200, amount=200), second=5)
    rows.accept(engine, "payments", [], [], batch)
    assert ["ch_1"] == [item.id for item in rows.pending(engine, "charge", 10)]


def test_what_changes_before_the_batch_that_is_looked_at_is_validated_too(engine):
    """A charge that was done already, and changes while those behind it are validated."""
    let_in(engine, charge("ch_1"), charge("ch_2"))
    seen = []
    for batch in rows.all_pending(engine, "charge", 1):
        seen.append(batch[0].id)
        rows.accept(engine, "payments", [], [], batch)
        if len(seen) == 2:
            let_in(engine, charge("ch_1", amount_captured=200, amount=200), second=5)
    assert seen == ["ch_1", "ch_2", "ch_1"]


def test_more_than_a_batch_is_validated_and_progress_told(engine):
    """Batches follow each other until nothing is pending."""
    let_in(engine, *(charge(f"ch_{number}", currency="USD" if number % 1000 == 0 else "usd") for number in range(2500)))
    told: list[int] = []
    result = validate_pending(engine, "charge", ZONE, told.append)
    assert (2497, 3) == (result.accepted, len(result.rejected))
    assert [2000, 500] == told
