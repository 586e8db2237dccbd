"""Which coupon a discount is of: as Stripe renders it today, as it did before, and where it does not show it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Items
from o2c_orchestration.extract.complete import named_by_lines
from o2c_orchestration.extract.stripe import StripeExtractor
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.store.unread import coupons_listed, discounted_invoices, note_coupons_listed, unread_coupons
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration_tests.contract.test_client_stripe import failure, reader
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

COUPON = {"id": "SUMMER", "object": "coupon", "created": 5, "metadata": {"netsuite_discount_item_id": "21"}}
WHOLE = "total_discount_amounts.discount.source.coupon"


def discount(**coupon: Any) -> dict[str, Any]:
    return {"id": "di_1", "object": "discount", "start": 7, "customer": "cus_1", **coupon}


def invoice(shown: Any) -> Reply:
    amounts = [{"amount": 100, "discount": shown}]
    return Reply(body={"id": "in_1", "object": "invoice", "total_discount_amounts": amounts})


@pytest.fixture
def named(engine: Engine) -> Engine:
    """A store with an invoice whose lines name a discount; some coupon names an item, and all have been seen."""
    with raw_cursor(engine) as cursor:
        cursor.execute("INSERT INTO o2c.discounts_named VALUES ('di_1', 'in_1')")
        cursor.execute("INSERT INTO o2c.coupons VALUES ('OTHER', now())")
        cursor.execute("INSERT INTO o2c.stripe_metadata VALUES ('OTHER', 'netsuite_discount_item_id', '22', 22)")
    note_coupons_listed(engine, datetime.now(UTC))
    return engine


def read(engine: Engine, fake: WireFake) -> None:
    extractor = StripeExtractor(engine, reader(fake.base_url), 2)
    for kind, _ in named_by_lines(extractor, engine, Items()):
        validate_pending(engine, kind, ZoneInfo("UTC"))


def items(engine: Engine) -> list[tuple[Any, ...]]:
    """(discount, coupon, what its metadata names)"""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT d.id, d.coupon_id, m.value FROM o2c.discounts d"
            " LEFT JOIN o2c.stripe_metadata m ON m.stripe_id = d.coupon_id"
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    "coupon", [{"source": {"type": "coupon", "coupon": COUPON}}, {"coupon": COUPON}], ids=["today", "before"]
)
def test_a_coupon_that_comes_with_its_discount_is_kept(named: Engine, coupon: dict[str, Any]) -> None:
    """One request, though the coupon may be deleted by now; no customer of the discount is kept."""
    with WireFake(invoice(discount(**coupon))) as fake:
        read(named, fake)
        assert [(each.path, each.query) for each in fake.seen] == [("/v1/invoices/in_1", {"expand[0]": WHOLE})]
        read(named, fake)
        assert len(fake.seen) == 1
    assert items(named) == [("di_1", "coupon:main:SUMMER", "21")]
    with raw_cursor(named) as cursor:
        cursor.execute("SELECT count(*) FROM o2c.stripe_objects WHERE payload::text LIKE '%cus_1%'")
        assert cursor.fetchone() == (0,)


def test_where_coupons_do_not_come_with_it_they_are_read_by_id(named: Engine) -> None:
    """Stripe refuses the longer way, and the shorter one shows an id."""

    def answer(seen: Seen) -> Reply:
        if seen.path == "/v1/coupons/SUMMER":
            return Reply(body=COUPON)
        return failure(400) if seen.query["expand[0]"] == WHOLE else invoice(discount(source={"coupon": "SUMMER"}))

    with WireFake(answer) as fake:
        read(named, fake)
    assert items(named) == [("di_1", "coupon:main:SUMMER", "21")]


@pytest.mark.parametrize("shown", ["di_1", discount(source=None), discount(source={"coupon": 7})])
def test_a_discount_that_does_not_show_its_coupon_is_asked_for_once(named: Engine, shown: Any) -> None:
    """It says nothing; nothing waits for it."""
    with WireFake(invoice(shown)) as fake:
        read(named, fake)
    assert (items(named), discounted_invoices(named), unread_coupons(named)) == ([], [], [])


@pytest.mark.parametrize(
    "shown",
    [
        *({"total_discount_amounts": odd} for odd in (7, True, "di_1", {"discount": "di_1"}, [None], [{}])),
        *({"total_discount_amounts": [{"discount": odd}]} for odd in (7, [], "di\0", {"id": "di\0", "coupon": "a"})),
        {"total_discount_amounts": [{"discount": discount(coupon={"id": "A\0B"})}]},
        {"total_discount_amounts": [{"discount": discount(coupon={"id": "A"})}]},
    ],
)
def test_an_odd_answer_stops_nothing(named: Engine, shown: dict[str, Any]) -> None:
    with WireFake(Reply(body={"id": "in_1", "object": "invoice", **shown})) as fake:
        read(named, fake)


@pytest.mark.parametrize("reply", [failure(403), Reply(404, {"error": {"code": "resource_missing"}})])
def test_a_coupon_that_may_not_be_read_stays_unread(named: Engine, reply: Reply) -> None:
    """Its lines are refused where the connector is in use, and it is asked for again."""
    with WireFake(reply) as fake:
        read(named, fake)
    assert (items(named), discounted_invoices(named)) == ([], ["in_1"])


def stored(engine: Engine, identifier: str, status: str) -> None:
    """An invoice with the discount `di_1` on its line, validated."""
    taken = [{"amount": 100, "discount": "di_1"}]
    line = {"id": f"il_{identifier}", "amount": 1000, "description": "Seats", "discount_amounts": taken}
    wire = {"id": identifier, "object": "invoice", "status": status, "created": 5, "customer": "cus_1",
            "currency": "usd", "total": 900, "amount_paid": 0, "amount_remaining": 900,
            "status_transitions": {"finalized_at": None if status == "draft" else 6},
            "lines": {"data": [line]}}  # fmt: skip
    admit(engine, [StripeObject.of(wire, datetime.now(UTC))])
    assert validate_pending(engine, "invoice", ZoneInfo("UTC")).rejected == []


def test_a_draft_is_not_asked_for_its_coupons(named: Engine) -> None:
    """It may be deleted, or lose its discount; then other invoices with that discount would wait for ever."""
    with raw_cursor(named) as cursor:
        cursor.execute("DELETE FROM o2c.discounts_named")
    stored(named, "in_draft", "draft")
    assert discounted_invoices(named) == []
    stored(named, "in_2", "open")
    assert discounted_invoices(named) == ["in_2"]


def test_an_invoice_that_is_followed_tells_its_own_coupons(named: Engine) -> None:
    """The discount is known by another one, which nobody follows now."""
    stored(named, "in_2", "open")
    assert discounted_invoices(named, ["in_2"]) == ["in_2"]
    with WireFake(invoice(discount(source={"coupon": COUPON}))) as fake:
        for _ in range(2):
            for kind, _ in named_by_lines(StripeExtractor(named, reader(fake.base_url), 2), named, Items(), ["in_2"]):
                validate_pending(named, kind, ZoneInfo("UTC"))
        assert [each.path for each in fake.seen] == ["/v1/invoices/in_2"]
    assert items(named) == [("di_1", "coupon:main:SUMMER", "21")]


def test_coupons_are_listed_once_there_is_a_discount_and_then_the_new_ones(engine: Engine) -> None:
    """Where none names an item, no invoice is asked for its discounts."""
    with WireFake(Reply(body={"object": "list", "data": [], "has_more": False})) as fake:
        read(engine, fake)
        assert fake.seen == []
        with raw_cursor(engine) as cursor:
            cursor.execute("INSERT INTO o2c.discounts_named VALUES ('di_1', 'in_1')")
        for _ in range(2):
            read(engine, fake)
        first = [each.path for each in fake.seen]
        assert set(first) == {"/v1/coupons"}
        note_coupons_listed(engine, datetime.now(UTC) - timedelta(minutes=10))
        read(engine, fake)
        again = [int(each.query["created[gte]"]) for each in fake.seen[len(first) :]]
    assert 0 < len(again) <= len(first)
    assert min(again) > (datetime.now(UTC) - timedelta(days=2)).timestamp()


def test_coupons_that_may_not_be_listed_are_asked_for_again(engine: Engine) -> None:
    """Until they were, nobody knows whether one names an item."""
    with raw_cursor(engine) as cursor:
        cursor.execute("INSERT INTO o2c.discounts_named VALUES ('di_1', 'in_1')")
    with WireFake(failure(403)) as fake:
        read(engine, fake)
        asked = len(fake.seen)
        read(engine, fake)
        assert len(fake.seen) == asked
    assert coupons_listed(engine)[0] is None


@pytest.mark.parametrize("status", [400, 404])
def test_a_server_without_coupons_has_none(engine: Engine, status: int) -> None:
    """Nothing waits for them, and nothing stops."""
    with raw_cursor(engine) as cursor:
        cursor.execute("INSERT INTO o2c.discounts_named VALUES ('di_1', 'in_1')")
    with WireFake(failure(status)) as fake:
        read(engine, fake)
    assert coupons_listed(engine)[0] is not None


def test_a_coupon_that_is_deleted_goes_on_counting_for_what_it_said(named: Engine) -> None:
    """Of a deleted one Stripe may show no more than its id: what was read before stays."""
    with WireFake(invoice(discount(source={"coupon": COUPON}))) as fake:
        read(named, fake)
    with raw_cursor(named) as cursor:
        cursor.execute("INSERT INTO o2c.discounts_named VALUES ('di_2', 'in_1')")
    gone = {"id": "SUMMER", "object": "coupon", "deleted": True}
    with WireFake(invoice({**discount(source={"coupon": gone}), "id": "di_2"})) as fake:
        read(named, fake)
    assert {(row[0], row[2]) for row in items(named)} == {("di_1", "21"), ("di_2", "21")}
