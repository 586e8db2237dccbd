"""Coupons whose ids people chose: which others may have chosen too."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from o2c_orchestration.domain.keys import coupon_key
from o2c_orchestration.domain.policy import MAIN, Items
from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.extract.accounts import AccountsExtractor
from o2c_orchestration.extract.complete import named_by_lines
from o2c_orchestration.extract.stripe import StripeExtractor
from o2c_orchestration.store import events, inbox
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration_tests.contract.test_client_stripe import failure, reader
from o2c_orchestration_tests.integration_store.builders import MOMENT
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

OTHER = "acct_2"


def coupon(identifier: str, item: str) -> dict[str, Any]:
    return {"id": identifier, "object": "coupon", "created": 5, "metadata": {"netsuite_discount_item_id": item}}


def stripe(item: str, invoice: str, identifier: str = "gold") -> Any:
    """An account with one coupon and an invoice that has it; its discount tells the coupon's id alone."""

    def answer(seen: Seen) -> Reply:
        if seen.path == "/v1/coupons":
            return Reply(body={"object": "list", "data": [coupon(identifier, item)], "has_more": False})
        if seen.path.startswith("/v1/coupons/"):
            return Reply(body=coupon(identifier, item))
        if seen.path == f"/v1/prices/{identifier}":
            named = {"netsuite_service_sale_item_id": "7"}
            return Reply(body={"id": identifier, "object": "price", "created": 5, "metadata": named})
        if seen.path == f"/v1/invoices/{invoice}":
            shown = {"id": f"di_{invoice}", "object": "discount", "source": {"coupon": identifier}}
            return Reply(body={"id": invoice, "object": "invoice", "total_discount_amounts": [{"discount": shown}]})
        return failure(404)

    return answer


def read(engine: Engine, extractor: Any) -> None:
    for kind, _ in named_by_lines(extractor, engine, Items()):
        validate_pending(engine, kind, ZoneInfo("UTC"))


def named(engine: Engine, *invoices: tuple[str, str]) -> None:
    with raw_cursor(engine) as cursor:
        for invoice, account in invoices:
            cursor.execute("INSERT INTO o2c.discounts_named VALUES (%s, %s)", (f"di_{invoice}", invoice))
            cursor.execute(
                """INSERT INTO o2c.stripe_objects (id, object, created_at, status, read_at, payload_hash, payload,
                       account, validated_hash) VALUES (%s, 'invoice', now(), 'paid', now(), '', '{}', %s, '')""",
                (invoice, account),
            )


def items(engine: Engine) -> dict[str, str]:
    """By discount, what its coupon names."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT d.id, m.value FROM o2c.discounts d JOIN o2c.stripe_metadata m ON m.stripe_id = d.coupon_id"
        )
        return dict(cursor.fetchall())


def test_a_coupon_and_a_price_may_have_the_same_id(engine: Engine) -> None:
    """Old plans have ids that people chose, as coupons have: neither is taken for the other."""
    named(engine, ("in_1", MAIN))
    with WireFake(stripe("21", "in_1")) as fake:
        extractor = StripeExtractor(engine, reader(fake.base_url), 2)
        extractor.objects("price", ["gold"])
        validate_pending(engine, "price", ZoneInfo("UTC"))
        read(engine, extractor)
    assert items(engine) == {"di_in_1": "21"}
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT name, value FROM o2c.stripe_metadata WHERE stripe_id = 'gold'")
        assert cursor.fetchall() == [("netsuite_service_sale_item_id", "7")]


def test_each_account_has_coupons_of_its_own(engine: Engine) -> None:
    """Both call one 'gold', and mean different items."""
    named(engine, ("in_1", MAIN), ("in_2", OTHER))
    with WireFake(stripe("21", "in_1")) as one, WireFake(stripe("22", "in_2")) as two:
        each = {
            MAIN: StripeExtractor(engine, reader(one.base_url), 2),
            OTHER: StripeExtractor(engine, reader(two.base_url), 2, account=OTHER),
        }
        extractor = AccountsExtractor(engine, each)
        read(engine, extractor)
        assert items(engine) == {"di_in_1": "21", "di_in_2": "22"}
        keys = [coupon_key(account, "gold") for account in each]
        with raw_cursor(engine) as cursor:
            cursor.execute("DELETE FROM o2c.stripe_objects WHERE id = ANY(%s)", (keys,))
            cursor.execute("DELETE FROM o2c.stripe_metadata WHERE stripe_id = ANY(%s)", (keys,))
        extractor.objects("coupon", keys)
        validate_pending(engine, "coupon", ZoneInfo("UTC"))
    assert items(engine) == {"di_in_1": "21", "di_in_2": "22"}


def test_events_of_a_coupon_and_a_price_of_the_same_id_are_two(engine: Engine) -> None:
    told = [
        StripeEvent("evt_1", "price.updated", "price", "gold", MOMENT, "webhook"),
        StripeEvent("evt_2", "coupon.updated", "coupon", "gold", MOMENT, "webhook"),
        StripeEvent("evt_3", "coupon.updated", "coupon", "gold", MOMENT, "list", OTHER),
    ]
    assert events.record(engine, told) == 3
    found = {(each.object_id, each.object, each.account) for each in inbox.take(engine, 9)}
    assert found == {
        ("gold", "price", None),
        (coupon_key(MAIN, "gold"), "coupon", None),
        (coupon_key(OTHER, "gold"), "coupon", OTHER),
    }


def test_an_id_that_people_chose_may_hold_any_character(engine: Engine) -> None:
    with WireFake(Reply(body=coupon("50% off/you?", "21"))) as fake:
        extractor = StripeExtractor(engine, reader(fake.base_url), 2)
        extractor.objects("coupon", [coupon_key(MAIN, "50% off/you?")])
        assert [each.path for each in fake.seen] == ["/v1/coupons/50%25%20off%2Fyou%3F"]
