"""Figures by day: in the zone of the books, of days that were read whole."""

from datetime import UTC, date, datetime, timedelta

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.reconcile.daily import unusual_days
from o2c_orchestration.store.daily_series import figures, last_whole_day
from o2c_orchestration.store.days import record_read
from o2c_orchestration_tests.integration_store.builders import accept

ZONE = "America/Los_Angeles"
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 5)
# 05:00 UTC is the evening before in Los Angeles.
EVENING = datetime(2026, 3, 4, 5, tzinfo=UTC)


def told(engine, name):
    return {
        (each.currency, each.day): (each.value, each.events)
        for each in figures(engine, ZONE, FIRST, LAST)
        if each.name == name
    }


def test_documents_are_counted_on_the_day_of_the_books(engine):
    """By currency, without drafts and what did not succeed."""
    at = {"created_at": EVENING}
    accept(
        engine,
        "invoices",
        {"id": "in_1", **at},
        {"id": "in_2", "total_minor": 50, **at},
        {"id": "in_3", "status": "draft", **at},
        {"id": "in_4", "currency": "eur", **at},
        {"id": "in_5", "created_at": EVENING - timedelta(days=9)},
    )
    accept(engine, "payments", {"id": "ch_1", **at}, {"id": "ch_2", "status": "failed", **at})
    accept(engine, "refunds", {"id": "re_1", "amount_minor": 7, **at})
    day = date(2026, 3, 3)
    assert told(engine, "invoices.count") == {("usd", day): (2, 2), ("eur", day): (1, 1)}
    assert told(engine, "invoices.amount") == {("usd", day): (150, 2), ("eur", day): (100, 1)}
    assert told(engine, "payments.count") == {("usd", day): (1, 1)}
    assert told(engine, "refunds.amount") == {("usd", day): (7, 1)}


def test_the_typical_document_is_not_moved_by_one_large_one(engine):
    """The geometric mean: a hundred times as much in one of four is three times, not twenty-five times as much."""
    amounts = (100, 100, 100, 10_000)
    accept(engine, "payments", *({"id": f"ch_{n}", "amount_minor": each, "created_at": EVENING}
                                 for n, each in enumerate(amounts)), {"id": "ch_f", "status": "failed"})  # fmt: skip
    ((where, (value, events)),) = told(engine, "payments.typical").items()
    assert (where, round(value, 2), events) == (("usd", date(2026, 3, 3)), 316.23, 4)


def test_what_repeats_another_document_is_counted(engine):
    """The same customer and amount within 20 hours, over midnight too; not a day later, nor another's."""
    hour = timedelta(hours=1)
    again = {"customer_id": "cus_1", "total_minor": 500}
    accept(
        engine,
        "invoices",
        {"id": "in_0", **again, "created_at": EVENING - 24 * hour},
        {"id": "in_1", **again, "created_at": EVENING},
        {"id": "in_2", **again, "created_at": EVENING + hour},
        {"id": "in_3", **again, "created_at": EVENING + 12 * hour},
        {"id": "in_4", **again, "currency": "eur", "created_at": EVENING},
        {"id": "in_5", "customer_id": "cus_1", "total_minor": 501, "created_at": EVENING},
        {"id": "in_6", "customer_id": "cus_2", "total_minor": 500, "created_at": EVENING},
        {"id": "in_7", "customer_id": None, "total_minor": 500, "created_at": EVENING},
        {"id": "in_8", "customer_id": None, "total_minor": 500, "created_at": EVENING},
        {"id": "in_9", **again, "status": "draft", "created_at": EVENING},
    )
    before, day, after = (date(2026, 3, n) for n in (2, 3, 4))
    assert told(engine, "invoices.repeated") == {
        ("usd", before): (0, 1), ("usd", day): (1, 4), ("usd", after): (1, 1), ("eur", day): (0, 1)}  # fmt: skip


def test_what_repeats_another_refund_is_counted(engine):
    """Of one customer, or of one charge where there is no customer; the same amount within 20 hours."""
    hour = timedelta(hours=1)
    customers = {"ch_1": "cus_1", "ch_2": "cus_1", "ch_3": None, "ch_4": None, "ch_5": "cus_2"}
    accept(engine, "payments", *({"id": each, "customer_id": whose} for each, whose in customers.items()))
    refunds = [
        ("ch_1", 500, 0),
        ("ch_2", 500, 1),  # another charge of the same customer
        ("ch_1", 501, 2),
        ("ch_5", 500, 0),
        ("ch_3", 500, 0),
        ("ch_3", 500, 1),  # the same charge, of nobody
        ("ch_4", 500, 0),
        ("ch_9", 500, 0),  # a charge that was not read
        ("ch_2", 500, 22),
    ]
    for n, (charge, minor, after) in enumerate(refunds):
        at = EVENING + (after - 2) * hour
        accept(engine, "refunds", {"id": f"re_{n}", "charge_id": charge, "amount_minor": minor, "created_at": at})
    failed = {"id": "re_f", "charge_id": "ch_1", "amount_minor": 500, "status": "failed", "created_at": EVENING}
    accept(engine, "refunds", failed)
    assert told(engine, "refunds.repeated") == {
        ("usd", date(2026, 3, 3)): (2, 8),
        ("usd", date(2026, 3, 4)): (0, 1),
    }


def test_fees_are_a_share_of_what_was_charged(engine):
    """Of charges only, whatever else Stripe costs."""
    at = {"created_at": EVENING}
    charge = {"id": "txn_1", "amount_minor": 1000, "fee_minor": 30, "net_minor": 970, **at}
    accept(engine, "balance_transactions", charge, {"id": "txn_2", "type": "stripe_fee", "amount_minor": -5, **at})
    assert told(engine, "fees.rate") == {("usd", date(2026, 3, 3)): (0.03, 1)}


def test_days_of_sales_outstanding_come_from_open_and_billed(engine):
    """What was issued and not paid, over what was billed in 90 days, once there are 90."""
    old = {"created_at": EVENING - timedelta(days=200), "issue_date": FIRST - timedelta(days=200)}
    paid, void = {"status": "paid", "paid_date": FIRST + timedelta(days=2)}, {"status": "void", "closed_date": LAST}
    accept(
        engine,
        "invoices",
        {"id": "in_0", **old, "paid_date": old["issue_date"], "status": "paid"},
        {"id": "in_1", "issue_date": FIRST, "total_minor": 900},
        {"id": "in_2", "issue_date": FIRST, "total_minor": 900, **paid},
        {"id": "in_3", "issue_date": FIRST, "total_minor": 0},
        {"id": "in_4", "issue_date": LAST, **void},
    )
    found = {day: value for (_, day), (value, _) in told(engine, "dso").items()}
    assert found == {FIRST: 90, FIRST + timedelta(days=1): 90, FIRST + timedelta(days=2): 45, LAST: 900 * 90 / 1900}


def test_a_day_that_was_not_read_whole_is_not_judged(engine):
    """What nobody has read has no invoices for another reason."""
    assert last_whole_day(engine) is None
    assert unusual_days(engine, Policy()) == []
    for kind, last in (("invoice", date(2026, 3, 9)), ("charge", date(2026, 3, 7))):
        record_read(engine, kind, FIRST, last, datetime(2026, 3, 20, tzinfo=UTC))
    record_read(engine, "invoice", date(2026, 3, 10), date(2026, 3, 10), datetime(2026, 3, 10, 12, tzinfo=UTC))
    assert last_whole_day(engine) == date(2026, 3, 6)


def test_a_day_billed_twice_is_told_though_chance_had_made_it_small(engine):
    """Twenty invoices where thirty are usual, twice: forty are no news, that half of them repeat the others is."""
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(90)]
    for day in days:
        noon = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        customers = [*range(20), *range(20)] if day == days[-1] else [*range(24 + day.day * 7 % 13), 0]
        accept(engine, "invoices", *({"id": f"in_{day:%j}x{n}", "customer_id": f"cus_{each}", "created_at": noon}
                                     for n, each in enumerate(customers)))  # fmt: skip
    for kind in ("invoice", "charge"):
        record_read(engine, kind, days[0], days[-1] + timedelta(days=1), datetime(2026, 9, 1, tzinfo=UTC))
    found = {each.series: each for each in unusual_days(engine, Policy()) if each.day == days[-1]}
    assert (found["invoices.count.usd"].unusual, found["invoices.repeated.usd"].unusual) == (False, True)
    assert (found["invoices.repeated.usd"].actual, found["invoices.repeated.usd"].low) == (20, 0)


def test_a_day_on_which_payments_stop_is_told(engine):
    """From rows to the judgement, over three months."""
    policy = Policy()
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(90)]
    for day in days[:-1]:
        noon = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        accept(engine, "payments", *({"id": f"ch_{day:%j}x{n}", "created_at": noon} for n in range(30 + day.day % 5)))
    for kind in ("invoice", "charge"):
        record_read(engine, kind, days[0], days[-1] + timedelta(days=1), datetime(2026, 9, 1, tzinfo=UTC))
    found = [each for each in unusual_days(engine, policy) if each.series == "payments.count.usd"]
    assert [(each.day, each.unusual, each.actual) for each in found] == [
        (days[-2], False, found[0].actual), (days[-1], True, 0.0)]  # fmt: skip
