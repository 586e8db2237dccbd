"""The oracle's eye for deals: each breach is seen alone, on hand-made worlds."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from o2c_orchestration_tests.simulation.oracle import judge_deals, judge_deals_settled

Wire = dict[str, Any]


def did(action: str, deal: str = "006A", **about: Any) -> Wire:
    told = {"account": "001A", "amount": 5000, "won": True, "edited": False, **about}
    return {"action": f"sales.{action}", "system": "salesforce", "deal": deal, **told}


def invoice(deal: str = "006A", identifier: str = "in_1", **about: Any) -> Wire:
    told = {"metadata": {"salesforce_opportunity_id": deal}, "status": "open", "total": 5000}
    return {"id": identifier, "object": "invoice", **told, **about}


def customer(account: str = "001A", identifier: str = "cus_1") -> Wire:
    return {"id": identifier, "object": "customer", "metadata": {"salesforce_account_id": account}}


def order(deal: str = "006A", identifier: int = 7, total: int = 5000) -> Wire:
    return {"id": identifier, "externalId": deal, "total": total}


@dataclass
class Deals:
    """A world in which one deal was won, ordered and billed."""

    history: list[Wire] = field(default_factory=lambda: [did("win")])
    things: list[Wire] = field(default_factory=lambda: [invoice(), customer()])
    orders: list[Wire] = field(default_factory=lambda: [order()])
    told: list[str] = field(default_factory=list)
    rows: list[Wire] = field(default_factory=list)
    now: float = 0.0

    def stripe_objects(self) -> dict[str, Wire]:
        return {thing["id"]: thing for thing in self.things}

    def sales_orders(self) -> list[Wire]:
        return self.orders

    def deal_gaps(self) -> list[Wire]:
        return [{"salesforce_id": deal} for deal in self.told]

    def deal_journal(self) -> list[Wire]:
        return self.rows

    def netsuite_records(self) -> list[Wire]:
        """The customer of the deal, and somebody else."""
        return [{"type": "customer", "id": str(100 + n), "externalId": f"cus_{n}"} for n in (1, 2)]

    def nothing(self) -> list[Wire]:
        return []

    gaps = journal = kept_out = nothing


def test_a_deal_that_holds_is_left_alone() -> None:
    """Also a subscription's schedule instead of an invoice, and a world in which nothing was sold."""
    world = Deals()
    assert judge_deals(world) + judge_deals_settled(world) == []
    schedule = {"id": "sub_sched_1", "object": "subscription_schedule", "metadata": invoice()["metadata"]}
    world = Deals(things=[schedule, customer()])
    assert judge_deals(world) + judge_deals_settled(world) == []
    empty = Deals(history=[], things=[], orders=[])
    assert judge_deals(empty) + judge_deals_settled(empty) == []


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (Deals(orders=[order(), order(identifier=8)]), "deal 006A has 2 sales orders: 7, 8"),
        (Deals(things=[invoice(), invoice(identifier="in_2"), customer()]), "has 2 things that bill it: in_1, in_2"),
        (Deals(things=[invoice(), customer(), customer(identifier="cus_2")]), "account 001A has 2 customers in Stripe"),
        (Deals(orders=[order(), order("006B")]), "something was made for deal 006B, which nobody has won"),
        (Deals(things=[invoice(), customer(), customer("001B", "cus_2")]), "account 001B, which has no deal"),
        (Deals(orders=[order(total=4999)]), "the order of deal 006A is of 4999, it was won for [5000]"),
        (Deals(things=[invoice(total=1), customer()]), "the invoice of deal 006A is of 1, it was won for [5000]"),
    ],
)
def test_what_must_never_be_is_seen_at_once(world: Deals, words: str) -> None:
    """One sentence for one breach."""
    (found,) = judge_deals(world)
    assert words in found


LOST = did("reopen", won=False)
EDITED = did("edit", amount=6000, edited=True)


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (Deals(orders=[]), "is won and has 0 orders and 1 things"),
        (Deals(things=[customer()]), "is won and has 1 orders and 0 things"),
        (Deals(things=[invoice(status="draft"), customer()]), "is won and has 1 orders and 0 things"),
        (Deals(history=[did("win"), LOST]), "is not won any more, its order stands, and no gap says so"),
        (Deals(history=[did("win"), EDITED]), "is worth 6000 now, its order 5000, and no gap says so"),
        (Deals(told=["006A"]), "a gap tells of deal 006A, which holds"),
        (Deals(rows=[{"state": "unknown", "external_key": "006a"}]), "the journal still has 006a as unknown"),
    ],
)
def test_what_is_left_at_the_end_is_seen(world: Deals, words: str) -> None:
    """One sentence for one breach, and none of them is one before the end."""
    assert judge_deals(world) == []
    (found,) = judge_deals_settled(world)
    assert words in found


@pytest.mark.parametrize("history", [[did("win"), LOST], [did("win"), EDITED]])
def test_a_gap_is_all_that_is_asked_for(history: list[Wire]) -> None:
    """Nothing is undone behind anybody's back."""
    assert judge_deals_settled(Deals(history=history, told=["006A"])) == []


def test_a_deal_that_was_won_again_is_a_deal_that_holds() -> None:
    """And one that was taken back before anything was made of it needs nothing."""
    assert judge_deals_settled(Deals(history=[did("win"), LOST, did("rewin")])) == []
    assert judge_deals_settled(Deals(history=[did("win"), LOST], things=[], orders=[])) == []


def test_an_order_in_a_currency_that_netsuite_was_not_told_of_is_a_gap() -> None:
    """A customer who is billed in another currency as well: the refusal is named, or it is a breach."""
    world = Deals(orders=[])
    world.things[0] |= {"customer": "cus_1", "currency": "usd"}
    world.things.append({"id": "in_2", "object": "invoice", "customer": "cus_1", "currency": "jpy"})
    assert judge_deals_settled(world) == ["deal 006A is won and has 0 orders and 1 things that bill it"]
    world.told = ["006A"]
    assert judge_deals_settled(world) == []
    world.things[-1]["currency"] = "usd"
    assert judge_deals_settled(world) == ["deal 006A is won and has 0 orders and 1 things that bill it"]
    world.history.append({"system": "netsuite", "change": "customer", "document": "102"})
    assert len(judge_deals_settled(world)) == 1, "somebody else was stopped"
    world.history.append({"system": "netsuite", "change": "customer", "document": "101"})
    assert judge_deals_settled(world) == []
