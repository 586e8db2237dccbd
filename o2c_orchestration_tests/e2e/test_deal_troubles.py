"""Every kind of gap and every reason for a refusal that deals have, planted once: precision and recall 1.0."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import Mode
from o2c_orchestration.sandbox.company import Deals, sell
from o2c_orchestration.sandbox.company.deal_aftermath import HAPPENINGS
from o2c_orchestration.sandbox.company.deal_mishaps import (
    HIDDEN_FIELD,
    HIDDEN_MISHAPS,
    MISHAPS,
    NEEDED,
    OLD_DAYS,
    ORDER_MISHAPS,
    Mishaps,
    go_wrong,
    go_wrong_as_orders,
    go_wrong_unseen,
)
from o2c_orchestration.sandbox.company.deal_troubles import FOLLOWS, TROUBLES, Troubles, trouble
from o2c_orchestration.store import gaps
from o2c_orchestration.store.deal_gaps import LEGS
from o2c_orchestration.store.matches import Decision, decide
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import World, company, sandbox, today
from o2c_orchestration_tests.e2e.mishaps import Doer
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, orders, product

STRICT: dict[str, Any] = {
    "recurring": "subscription",
    "one_off": "invoice",
    **{name: {"field": field} for name, field in FOLLOWS.items()},
}
# What a part of a piece, and another price, are refused for.
SHAPES = {"fraction": "FRACTION", "discount": "PRICE_DIFFERS"}
ORDERS: dict[str, Any] = {
    **{"source": "orders", "recurring": "subscription", "one_off": "invoice"},
    **{"price_differs": "inline", "fractions": "one"},
}
LENIENT: dict[str, Any] = {**STRICT, "price_differs": "inline", "fractions": "one"}
NAMED: dict[str, Any] = {"changes": {"stripe": {"name": "salesforce"}}}
# What `sell` plants, by its code.
SOLD = {
    "no_account": "NO_ACCOUNT",
    "unmapped_product": "PRODUCT_UNMAPPED",
    "inactive_price": "INACTIVE_PRICE",
    "currency_without_price": "PRICE_UNMAPPED",
    "negative_line": "NEGATIVE_LINE",
    "restricted_value": "UNREADABLE",
}
Found = Counter[tuple[str, str, str | None]]


@pytest.fixture(scope="module")
def sold() -> Deals:
    return sell(company(), today=today(), days=4)


@pytest.fixture(scope="module")
def troubles(sold: Deals) -> Troubles:
    return trouble(company(), sold, NEEDED, today=today())


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase, sold: Deals, troubles: Troubles
) -> Iterator[World]:
    with new_database() as url, sandbox(tmp_path_factory.mktemp("troubles"), url) as made:
        systems = {
            "stripe": [*sold.stripe_objects(company()), *troubles.stripe],
            "netsuite": [*sold.netsuite, *troubles.netsuite],
            "salesforce": [*sold.salesforce, *troubles.salesforce],
        }
        answer = requests.post(f"{made.base_url}/_sandbox/load", json=systems, timeout=60)
        assert answer.ok, answer.text
        yield made


@pytest.fixture(scope="module")
def strictly_refused(world: World) -> Counter[tuple[str, str]]:
    """What the first plan of all refuses, where nobody has decided anything and policy has no leniency."""
    with product(world, "observe", deals=STRICT) as found:
        go(found)
        return Counter((each.stripe_id, each.code) for each in found.deals.plan().refusals)


@pytest.fixture(scope="module")
def made(world: World, sold: Deals, strictly_refused: object) -> Iterator[Assembly]:
    """The product after it was told which accounts are which customers, over all deals."""
    with product(world, deals=LENIENT, customers=NAMED) as found:
        for account, customer in sold.matches.items():
            assert decide(found.engine, Decision(account, customer, None, "confirmed", "the truth", "test"))
        for _ in range(3):
            go(found)
        yield found


def found_in(made: Assembly) -> Found:
    """Leg, kind and deal of every gap of deals."""
    return Counter((gap.leg, gap.kind, gap.salesforce_id) for gap in gaps.list_gaps(made.engine) if gap.leg in LEGS)


def planted(sold: Deals, troubles: Troubles) -> Found:
    ours = Counter((each["leg"], each["kind"], each["opportunity"]) for each in troubles.truth)
    return ours + Counter(("salesforce_netsuite", "sync_failed", each["opportunity"]) for each in sold.truth)


def codes(sold: Deals, troubles: Troubles) -> Counter[tuple[str, str]]:
    ours = Counter((each["opportunity"], each["code"]) for each in troubles.truth if each["code"])
    return ours + Counter((each["opportunity"], SOLD[each["mistake"]]) for each in sold.truth)


def test_what_waits_for_people_and_policy_is_refused_by_name(
    sold: Deals, troubles: Troubles, strictly_refused: Counter[tuple[str, str]]
) -> None:
    """Whoever looks like a known customer, sells a part of a piece or for another price; and each planted mistake."""
    likely = {each["opportunity"] for each in sold.won if each["link"] == "likely"}
    by_policy = {
        (each["opportunity"], SHAPES[each["shape"]])
        for each in sold.won
        if each["link"] == "written" and each["shape"] in SHAPES
    } | {(troubles.spare["discounted"]["opportunity"], "PRICE_DIFFERS")}
    assert {code for _, code in by_policy} == set(SHAPES.values())
    waiting = {(deal, "MAYBE_KNOWN") for deal in likely} | by_policy
    assert strictly_refused == codes(sold, troubles) + Counter(waiting)


def test_every_trouble_is_its_gap_and_nothing_else(made: Assembly, sold: Deals, troubles: Troubles) -> None:
    """Kind by kind: what was planted, each once, on its leg."""
    assert found_in(made) == planted(sold, troubles)


def test_every_refusal_has_its_own_reason(made: Assembly, sold: Deals, troubles: Troubles) -> None:
    """The code that the mistake stands for, and no other."""
    refused = made.deals.plan().refusals
    assert Counter((each.stripe_id, each.code) for each in refused) == codes(sold, troubles)


def test_every_sound_deal_has_its_order(world: World, made: Assembly, sold: Deals, troubles: Troubles) -> None:
    """To the cent; and no deal with a mistake that is refused has one."""
    assert made.policy.mode is Mode.SYNC
    sound = {each["opportunity"]: each["total_minor"] for each in (*sold.won, *troubles.spare.values())}
    ordered = {order["externalId"]: order["total"] for order in orders(world)}
    assert {deal: ordered.get(deal) for deal in sound} == sound
    refused = {
        each["opportunity"]
        for each in troubles.truth
        if each["kind"] == "sync_failed" and each["leg"] == "salesforce_netsuite"
    }
    assert not refused & ordered.keys()


@pytest.fixture(scope="module")
def doer(world: World, made: Assembly, sold: Deals) -> Doer:
    wanted = ("Growth plan", "USD")
    offers = [each for each in sold.salesforce if each["attributes"]["type"] == "PricebookEntry"]
    entry = next(each["Id"] for each in offers if (each["Name"], each["CurrencyIsoCode"]) == wanted)
    return Doer(world, made, Seller(world.base_url, world.config), entry)


def gone_wrong(doer: Doer, wrong: Mishaps) -> tuple[Found, set[tuple[str, str]]]:
    """The gaps that there must be once all steps are done, and the reasons for refusals."""
    for step in wrong.steps:
        doer.do(step)
    told = [(each, each["opportunity"] or doer.sold[each["mistake"]]) for each in wrong.truth]
    found = Counter((each["leg"], each["kind"], deal) for each, deal in told)
    return found, {(deal, each["code"]) for each, deal in told if each["code"]}


def refusals(made: Assembly) -> set[tuple[str, str]]:
    return {(each.stripe_id, each.code) for each in made.deals.plan().refusals}


def test_every_mishap_is_its_gap_and_nothing_else(made: Assembly, sold: Deals, troubles: Troubles, doer: Doer) -> None:
    """What people do afterwards, in all three systems: once more kind by kind, and what was there before stays."""
    truth, reasons = gone_wrong(doer, go_wrong(troubles))
    for _ in range(2):
        go(made)
    assert found_in(made) == planted(sold, troubles) + truth
    assert refusals(made) - set(codes(sold, troubles)) == reasons


def test_a_field_that_may_not_be_seen_holds_up_what_was_read_without_it(
    world: World, made: Assembly, troubles: Troubles, doer: Doer
) -> None:
    """Nobody can tell an amendment from a deal then: one gap more, and those that were refused say so too; with the
    field shown, the next poll ends it.
    """
    before, reasons = found_in(made), refusals(made)
    truth, unread = gone_wrong(doer, go_wrong_unseen(troubles))
    made.deals.poll()
    [deal] = [deal for deal, _ in unread]
    with product(world, deals=LENIENT | {"amends": {"field": HIDDEN_FIELD}}, customers=NAMED) as other:
        for _ in range(2):
            go(other)
        assert found_in(other) == before + truth
        lacking = {deal, *(each for each, _ in reasons)}
        # Also what another system has refused until now.
        lacking |= {each["opportunity"] for each in troubles.truth if each["kind"] == "sync_failed"}
        assert refusals(other) == {(each, "EARLIER_UNREAD") for each in lacking}
        assert deal not in {order["externalId"] for order in orders(world)}
        told = {"type": "Opportunity", "name": HIDDEN_FIELD}
        requests.post(f"{world.base_url}/_sandbox/salesforce/fields", json=told, timeout=10).raise_for_status()
        for _ in range(2):
            go(other)
        assert deal in {order["externalId"] for order in orders(world)}
        assert "EARLIER_UNREAD" not in {code for _, code in refusals(other)}


def test_every_mishap_of_orders_is_its_gap_and_nothing_else(world: World, troubles: Troubles, doer: Doer) -> None:
    """The company makes orders its deals: what was sold as an opportunity, and what takes from what nobody wrote."""
    truth, reasons = gone_wrong(doer, go_wrong_as_orders(troubles))
    since = (today() - timedelta(days=OLD_DAYS // 2)).isoformat()
    with product(world, deals=ORDERS | {"since": since}) as made:
        for _ in range(2):
            go(made)
        found = Counter({key: count for key, count in found_in(made).items() if str(key[2]).startswith("801")})
        assert found == truth
        assert {pair for pair in refusals(made) if pair[0].startswith("801")} == reasons


def section(file: str, heading: str) -> str:
    """A section of one of our documents, up to the next one."""
    text = (Path(__file__).parents[2] / "docs" / file).read_text()
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_whatever_deals_can_be_refused_for_is_planted() -> None:
    """Each reason of docs/errors.md."""
    written = set(re.findall(r"^### (\w+)$", section("errors.md", "Refused by us: deals of Salesforce"), re.M))
    ours = [*TROUBLES.values(), *MISHAPS.values(), *HIDDEN_MISHAPS.values(), *ORDER_MISHAPS.values()]
    here = {each.code for each in ours} | set(SOLD.values()) | {"MAYBE_KNOWN", *SHAPES.values()}
    assert written - here == set()


def test_every_kind_of_their_gaps_is_planted() -> None:
    """Each of docs/deals.md, on its leg."""
    written, leg = set(), ""
    for first, kinds in re.findall(r"^\| ([`\w]*) ?\| (`[^|]+) \|", section("deals.md", "Gaps"), re.M):
        leg = first.strip("`") or leg
        written |= {(leg, kind) for kind in re.findall(r"`(\w+)`", kinds)}
    gaps_of = [each.gaps for each in (*TROUBLES.values(), *MISHAPS.values(), *ORDER_MISHAPS.values())]
    assert {gap for some in (*gaps_of, *(found for _, found in HAPPENINGS.values())) for gap in some} == written
