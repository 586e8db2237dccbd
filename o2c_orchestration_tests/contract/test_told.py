"""What Stripe is asked for a suggestion: an object, its lines, each price once; and what it refuses is told."""

from typing import Any

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import O2CError, ObjectMissing, PermissionDenied
from o2c_orchestration.extract.told import Asker
from o2c_orchestration_tests.contract.test_client_stripe import failure, reader
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

REGION = {"region": "EU"}


def line(amount: int, price: str, tax: int = 0, **metadata: str) -> dict[str, Any]:
    taxes = [{"amount": tax, "tax_behavior": "inclusive"}, {"amount": 7, "tax_behavior": "exclusive"}]
    details = {"price": price, "product": price.replace("price", "prod")}
    return {"amount": amount, "metadata": metadata, "taxes": taxes, "pricing": {"price_details": details}}


LINES = [line(1200, "price_1", 200, team="red"), line(500, "price_1"), line(700, "price_2")]
INVOICE = {
    "id": "in_1", "currency": "usd", "metadata": REGION, "customer": {"id": "cus_1", "metadata": {"tier": "gold"}},
    "lines": {"data": LINES, "has_more": False},
}  # fmt: skip


def asked(answers: dict[str, Any], *, prices: bool = True, stripe_id: str = "in_1", document: str = "invoice"):
    """What Asker tells, the paths that were asked, and what failed."""

    def answer(seen: Seen) -> Reply:
        found = answers.get(seen.path)
        return found if isinstance(found, Reply) else Reply(200, found) if found else failure(404, "resource_missing")

    failures: list[tuple[str, type[O2CError]]] = []
    with WireFake(answer) as fake:
        stripe: StripeReader = reader(fake.base_url)
        asker = Asker(stripe, lambda what, error: failures.append((what, type(error))), prices=prices)
        told = asker.told(stripe_id, document)
        return told, [each.path for each in fake.seen], failures


PRICES = {"/v1/prices/price_1": {"id": "price_1", "metadata": {"unit": "A"}}, "/v1/prices/price_2": {"id": "price_2"}}


def test_an_invoice_with_its_lines_and_each_price_once() -> None:
    """Amounts without taxes that are in them; facts by the paths of rules."""
    told, paths, failures = asked({"/v1/invoices/in_1": INVOICE, **PRICES})
    assert (told.currency, dict(told.facts)) == (
        "usd", {"currency": "usd", "metadata.region": "EU", "customer.metadata.tier": "gold"})  # fmt: skip
    first = {"line.product_id": "prod_1", "line.price_id": "price_1", "line.price.metadata.unit": "A"}
    assert list(told.lines) == [
        (1000, {"line.metadata.team": "red", **first}), (500, first),
        (700, {"line.product_id": "prod_2", "line.price_id": "price_2"})]  # fmt: skip
    assert paths == ["/v1/invoices/in_1", "/v1/prices/price_1", "/v1/prices/price_2"]
    assert failures == []


def test_prices_are_not_asked_where_policy_says_so() -> None:
    """As nowhere else."""
    told, paths, _ = asked({"/v1/invoices/in_1": INVOICE}, prices=False)
    assert (len(told.lines), paths) == (3, ["/v1/invoices/in_1"])


def test_more_lines_than_stripe_embeds_are_fetched_and_very_many_have_no_say() -> None:
    """Nobody knows then whose amount is whose."""
    cut = {**INVOICE, "lines": {"data": LINES[:1], "has_more": True}}
    for more, count in ((False, 3), (True, 0)):
        page = {"object": "list", "data": LINES, "has_more": more}
        told, _, failures = asked({"/v1/invoices/in_1": cut, "/v1/invoices/in_1/lines": page, **PRICES})
        assert (len(told.lines), failures) == (count, [])


def test_what_cannot_be_read_says_nothing_and_is_told() -> None:
    """An invoice that is not there, and prices that the key may not read: the rest has its say."""
    told, _, failures = asked({})
    assert (dict(told.facts), list(told.lines), failures) == ({}, [], [("invoice", ObjectMissing)])
    told, _, failures = asked({"/v1/invoices/in_1": INVOICE, **PRICES, "/v1/prices/price_1": failure(403)})
    assert [dict(facts).get("line.metadata.team") for _, facts in told.lines] == ["red", None, None]
    assert failures == [("price", PermissionDenied)]


def test_only_what_a_rule_may_read() -> None:
    """Of a refund neither its customer nor lines; of ids that nobody knows nothing."""
    told, _, _ = asked({"/v1/refunds/re_1": {"id": "re_1", "metadata": REGION}}, stripe_id="re_1", document="refund")
    assert dict(told.facts) == {"metadata.region": "EU"}
    told, paths, failures = asked({}, stripe_id="xx_1")
    assert (dict(told.facts), paths, failures) == ({}, [], [])
