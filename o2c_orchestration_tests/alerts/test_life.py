"""The life of an alert at the wire: told once, told again when there is more of it or it gets old, and all clear."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from o2c_orchestration.store.alerts import listed
from o2c_orchestration.store.audit import entries, verify
from o2c_orchestration_tests.alerts.wire import Hook, Office, gap, hook, policy, resolve


@pytest.fixture
def finance() -> Iterator[Hook]:
    """A channel."""
    with hook() as made:
        yield made


@pytest.fixture
def office(engine: Engine, finance: Hook) -> Office:
    """One channel, and books in order."""
    return Office(engine, {"finance": finance}, policy())


def test_many_gaps_of_one_cause_are_one_message(office: Office, finance: Hook):
    """Four hundred gaps are one message, which says how many, how much by currency, since when, who and what to do."""
    for number in range(400):
        gap(office.engine, f"in_{number}", 1_000 + number, currency="eur" if number % 2 else "usd")
    assert office.tick().sent == 1
    [message] = finance.told
    assert message["title"] == "Invoices have no NetSuite document: 400 gaps, 2,400.00 EUR, 2,398.00 USD"
    since = ("Since: ", "(1 hour)", "the oldest document is of 2026-02-15")
    for words in (*since, "Owner: team:finance-systems", "To do: "):
        assert words in message["message"]
    assert message["message"].count("o2c trace in_") == 5
    assert "o2c trace in_399" in message["message"]
    assert "395 more: o2c gaps" in message["message"]


def test_what_was_told_is_not_told_again(office: Office, finance: Hook):
    """The same cause, look after look, is silent; a few more gaps of it too."""
    gap(office.engine, "in_1", 100_000)
    office.tick()
    for number in range(2, 6):
        office.later(minutes=1)
        gap(office.engine, f"in_{number}", 100)
        office.tick()
    assert len(finance.told) == 1


def test_two_causes_are_two_messages_in_their_order(office: Office, finance: Hook):
    """What has to be done differs, so it is told apart."""
    gap(office.engine, "ch_1", kind="paid_twice")
    gap(office.engine, "in_1")
    office.tick()
    assert [title.partition(":")[0] for title in finance.titles()] == [
        "Invoices have no NetSuite document",
        "Payments are booked twice",
    ]


def test_more_money_is_an_update(office: Office, finance: Hook):
    """Half as much again is told at once, with the new sum; the same money told twice is not."""
    gap(office.engine, "in_1", 10_000)
    office.tick()
    gap(office.engine, "in_2", 5_000)
    office.later(minutes=1)
    office.tick()
    office.tick()
    assert finance.titles()[1:] == ["More of it: Invoices have no NetSuite document: 2 gaps, 150.00 USD"]


def test_an_update_has_to_be_material(engine: Engine, finance: Hook):
    """Twice the money, but not a material amount more: it can wait for the digest."""
    office = Office(engine, {"finance": finance}, policy(material_minor={"usd": 1_000}))
    gap(engine, "in_1", 1_000)
    office.tick()
    gap(engine, "in_2", 999)
    office.tick()
    assert len(finance.told) == 1
    gap(engine, "in_3", 1)
    office.tick()
    assert len(finance.told) == 2


def test_what_is_not_settled_is_told_again_by_age_and_sooner_by_amount(engine: Engine, finance: Hook):
    """A day for most, four hours for what is urgent."""
    office = Office(engine, {"finance": finance}, policy(urgent_minor={"usd": 1_000_000}))
    gap(engine, "in_1", 10_000)
    gap(engine, "ch_1", 1_000_000, kind="paid_twice")
    office.tick()
    office.later(hours=4)
    office.tick()
    assert [title.startswith("URGENT: Open for") for title in finance.titles()] == [False, False, True]
    office.later(hours=19, minutes=59)
    office.tick()
    assert len(finance.told) == 4
    office.later(minutes=1)
    office.tick()
    assert finance.titles()[-1].startswith("Open for 1 day: Invoices have no NetSuite document")


def test_all_clear_when_the_last_gap_is_gone(office: Office, finance: Hook):
    """As long as one is left there is nothing to say; then it is said once, and as good news."""
    gap(office.engine, "in_1")
    gap(office.engine, "in_2")
    office.tick()
    resolve(office.engine, "in_1")
    office.tick()
    assert len(finance.told) == 1
    resolve(office.engine)
    office.tick()
    office.tick()
    assert finance.titles()[1:] == ["All clear: Invoices have no NetSuite document"]
    assert finance.told[1]["type"] == "success"


def test_what_comes_back_is_told_anew(office: Office, finance: Hook):
    """After an all-clear the same cause is news, under the same alert."""
    for _ in range(2):
        gap(office.engine, "in_1")
        office.tick()
        resolve(office.engine)
        office.tick()
    assert len(finance.told) == 4
    assert [alert.state for alert in listed(office.engine, None)] == ["closed"]


def test_what_comes_and_goes_is_nobodys_business(engine: Engine, finance: Hook):
    """A gap younger than the grace is not told, and one that is gone for a moment is no all-clear."""
    office = Office(engine, {"finance": finance}, policy(grace_minutes=15))
    gap(engine, "in_1", at=office.now)
    office.later(minutes=14)
    office.tick()
    assert finance.told == []
    office.later(minutes=1)
    office.tick()
    assert len(finance.told) == 1
    resolve(engine)
    office.later(minutes=10)
    office.tick()
    gap(engine, "in_1")
    office.later(minutes=10)
    office.tick()
    assert len(finance.told) == 1
    resolve(engine)
    for _ in range(2):
        office.later(minutes=15)
        office.tick()
    assert len(finance.told) == 2


def test_what_is_not_material_is_only_in_the_digest(engine: Engine, finance: Hook):
    """Less than the policy's amount is kept and shown, and told in the morning."""
    urls = {"dagster_url": "https://dagster.example", "pages_url": "https://pages.example"}
    office = Office(engine, {"finance": finance}, policy(material_minor={"usd": 50_000}, digest_hour=8, **urls))
    office.now = datetime(2026, 3, 3, 15, 59, tzinfo=UTC)  # 07:59 in Los Angeles
    gap(engine, "in_1", 49_999, at=office.now - timedelta(hours=2))
    office.tick()
    assert finance.told == []
    assert len(listed(engine)) == 1
    office.later(minutes=1)
    office.tick()
    [digest] = finance.told
    assert digest["title"] == "Order to cash on 2026-03-03: 1 open gaps"
    for words in (
        "0 of 0 Stripe invoices",
        "1 open alert:",
        "499.99 USD",
        "For 2 hours; team:finance-systems; to do: ",
        "https://pages.example/o2c/trace/in_1",
        "https://dagster.example/assets/",
    ):
        assert words in digest["message"]


def test_a_currency_that_is_not_named_is_material(engine: Engine, finance: Hook):
    """Nobody has said what little is in that currency."""
    office = Office(engine, {"finance": finance}, policy(material_minor={"usd": 50_000}))
    gap(engine, "in_1", 1, currency="jpy")
    office.tick()
    assert len(finance.told) == 1


def test_the_digest_comes_once_a_day_also_when_all_is_well(engine: Engine, finance: Hook):
    """From its hour on, however often one looks, and again on the next day."""
    office = Office(engine, {"finance": finance}, policy(digest_hour=8))
    office.now = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    for _ in range(3):
        office.tick()
        office.later(hours=3)
    assert finance.titles() == ["Order to cash on 2026-03-03: all clear"]
    assert "All clear: no open gaps." in finance.told[0]["message"]
    office.later(hours=15)
    office.tick()
    assert finance.titles()[1:] == ["Order to cash on 2026-03-04: all clear"]


def test_quiet_hours_hold_back_all_but_what_is_urgent(engine: Engine, finance: Hook):
    """At night only what is urgent is told. What came and went by morning is never told; the rest is, as it is then."""
    quiet = {"from": "20:00", "to": "07:00"}
    office = Office(engine, {"finance": finance}, policy(quiet_hours=quiet, urgent=["paid_twice"]))
    office.now = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # 20:00 in Los Angeles
    gap(engine, "in_1", at=office.now)
    gap(engine, "ch_1", kind="payment_missing", at=office.now)
    gap(engine, "ch_2", kind="paid_twice", at=office.now)
    office.tick()
    assert [title.startswith("URGENT: Payments are booked twice") for title in finance.titles()] == [True]
    resolve(engine, "ch_1")
    gap(engine, "in_2", at=office.now)
    office.later(hours=10, minutes=59)
    office.tick()
    assert [title for title in finance.titles() if "URGENT" not in title] == []
    office.later(minutes=1)
    office.tick()
    told = [title for title in finance.titles() if "URGENT" not in title]
    assert told == ["Invoices have no NetSuite document: 2 gaps, 200.00 USD"]


def test_an_all_clear_waits_for_the_morning_too(engine: Engine, finance: Hook):
    """Good news wakes nobody up; what is back by then needs no word at all."""
    office = Office(engine, {"finance": finance}, policy(quiet_hours={"from": "20:00", "to": "07:00"}))
    office.now = datetime(2026, 3, 3, 3, 59, tzinfo=UTC)
    gap(engine, "in_1", at=office.now)
    gap(engine, "ch_1", kind="payment_missing", at=office.now)
    office.tick()
    office.later(hours=1)
    resolve(engine)
    office.tick()
    gap(engine, "ch_1", kind="payment_missing")
    office.tick()
    assert len(finance.told) == 2
    office.later(hours=10, minutes=1)
    office.tick()
    assert finance.titles()[2:] == ["All clear: Invoices have no NetSuite document"]


def test_links_lead_to_the_asset_and_the_trace(engine: Engine, finance: Hook):
    """With the address of Dagster, a message links to the page of its asset."""
    office = Office(engine, {"finance": finance}, policy(dagster_url="https://dagster.example.com/"))
    gap(engine, "po_1", kind="deposit_missing", leg="payout_deposit")
    gap(engine, "006Deal", kind="order_missing", leg="salesforce_netsuite")
    office.tick()
    payout, deal = (each["message"] for each in finance.told)
    assert "https://dagster.example.com/assets/reconciliation/payouts" in payout
    assert "https://dagster.example.com/assets/reconciliation/deals" in deal
    assert "o2c trace 006Deal" in deal


def test_with_pages_the_trace_is_a_link_too(engine: Engine, finance: Hook):
    """An id is whatever somebody wrote: it stays one part of an address."""
    own = policy(pages_url="https://books.example.com/", objects=2)
    office = Office(engine, {"finance": finance}, own)
    for minor, key in enumerate(("in_3", "a/../b?c", "in_1"), 100):
        gap(engine, key, minor)
    office.tick()
    [message] = (each["message"] for each in finance.told)
    assert "https://books.example.com/o2c/trace/in_1" in message
    assert "/o2c/trace/a%2F..%2Fb%3Fc" in message
    assert "1 more: https://books.example.com/o2c/gaps" in message
    assert "o2c trace" not in message


def test_two_who_look_at_once_tell_once(office: Office, finance: Hook):
    """The sensor and a cron job at the same moment: one message, and one of them sends it."""
    gap(office.engine, "in_1")
    finance.delay = 0.2
    with ThreadPoolExecutor(4) as pool:
        sent = [each.sent for each in pool.map(lambda _: office.tick(), range(4))]
    office.tick()
    assert sum(sent) == 1
    assert len(finance.told) == 1


def test_the_audit_trail_says_who_was_told_what_and_when(office: Office):
    """Opened, told, closed: with the sums, and without the text."""
    gap(office.engine, "in_1")
    office.tick()
    resolve(office.engine)
    office.tick()
    [alert] = listed(office.engine, "closed")
    assert [each.action for each in entries(office.engine, f"alert {alert.cause.key}")] == [
        "alert_opened",
        "alert_closed",
    ]
    [sent] = entries(office.engine, f"message {alert.id}.1")
    assert sent.action == "message_sent"
    assert '"channel" : "finance"' in (sent.after or "")
    assert verify(office.engine).intact
