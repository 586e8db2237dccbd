"""Life in a company: everything on the menu can happen, the wire takes it, and a seed brings the same again."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.simulation.life import Life, distort_events

Wire = dict[str, Any]
CUSTOMER = {"companyName": "Acme", "subsidiary": {"id": "1"}, "currency": {"id": "1"}}


class Desk:
    """The requests of a person, over HTTP."""

    def __init__(self, server: SandboxServer) -> None:
        self._server = server
        self._session = requests.Session()
        self._session.trust_env = False

    def __call__(self, system: str, method: str, path: str, given: Mapping[str, Any] | None = None, /) -> Any:
        url, key = self._server.base_url + path, {"Authorization": f"Bearer {self._server.config.stripe_secret_key}"}
        if method == "GET":
            return self._session.get(url, params=given, headers=key, timeout=30).json()
        body: Any = {"data": given} if system == "stripe" else {"json": given}
        return self._session.request(method, url, headers=key, timeout=30, **body).json()

    def books(self) -> Wire:
        """What NetSuite's screens show."""
        return dict(self("sandbox", "GET", "/_sandbox/netsuite/records"))

    def enter(self, record: str, body: Wire) -> str:
        """A record entered at a screen."""
        made = self(
            "sandbox", "POST", "/_sandbox/netsuite/records", {"do": "enter", "recordType": record, "body": body}
        )
        return str(made["id"])

    def stripe(self, path: str) -> Wire:
        """An object of Stripe's."""
        return dict(self("stripe", "GET", f"/v1/{path}"))


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with SandboxServer(folder, config=SandboxConfig(stripe_requests_per_second=100_000)) as server:
        yield Desk(server)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A sandbox of this test's own."""
    with _desk(tmp_path) as opened:
        yield opened


def settled_life(desk: Desk, seed: int = 1) -> Life:
    """A life with a customer whom NetSuite knows, an invoice that is booked, and a payment of it."""
    life = Life(random.Random(seed), desk, sells=True)
    life.do("stripe.sign_up")
    (customer,) = desk.stripe("customers")["data"]
    currencies = {"currencyList": {"items": [{"currency": {"id": each}} for each in "123479"]}}
    booked = desk.enter("customer", CUSTOMER | currencies | {"externalId": customer["id"]})
    lines = {"item": {"items": [{"item": {"id": "1"}, "quantity": 1, "amount": 70.5}]}}
    invoice = desk.enter("invoice", {"entity": {"id": booked}, "externalId": "in_1Booked00", **lines})
    applied = {"apply": {"items": [{"doc": {"id": invoice}, "apply": True, "amount": 70.5}]}}
    desk.enter("customerPayment", {"customer": {"id": booked}, "payment": 70.5, **applied})
    desk.enter("invoice", {"entity": {"id": booked}, "memo": "open", **lines})
    for _ in range(3):
        life.do("stripe.bill")
        life.do("stripe.draft")
    return life


NAMES = Life(random.Random(0), lambda *_: {}).names
NEEDS = {
    "stripe.pay_late": "stripe.write_off",
    "money.credit_paid": "stripe.pay",
    "money.credit_refund": "money.refund",
    "money.void_note": "money.credit_open",
    "money.refund": "stripe.pay",
    "money.fail_refund": "money.refund",
    "money.dispute": "money.charge_alone",
    "money.decide": "money.dispute",
    "money.win_part": "money.dispute",
    "money.pay_out": "money.charge_alone",
    "money.arrive": "money.pay_out",
    "money.fail_payout": "money.pay_out",
    "netsuite.open_period": "netsuite.close_period",
    "netsuite.resume_customer": "netsuite.stop_customer",
    "sales.rewin": "sales.reopen",
    **dict.fromkeys(("sales.save", "sales.reopen", "sales.edit", "sales.drop"), "sales.win"),
}


@pytest.mark.parametrize("name", NAMES)
def test_everything_on_the_menu_happens(desk: Desk, name: str) -> None:
    """Each action finds something to do in an ordinary company, and the systems take it."""
    life = settled_life(desk)
    needs = [name]
    while needs[-1] in NEEDS:
        needs.append(NEEDS[needs[-1]])
    # NetSuite may refuse a draw, as it would a person: deleting what is paid, for instance.
    records = [[life.do(step) for step in reversed(needs)][-1] for _ in range(12)]
    done = [record for record in records if record is not None and "refused" not in record]
    assert done, records
    if name.startswith("netsuite."):
        assert all(record["change"] and "document" in record for record in done)


def test_one_seed_is_one_life(tmp_path: Path) -> None:
    """The same seed does the same things to the same objects; another seed does others."""
    lives = []
    for place, seed in enumerate((5, 5, 6)):
        with _desk(tmp_path / str(place)) as desk:
            life = settled_life(desk, seed)
            # Without the moment, which is that of the real clock here.
            lives.append([{**life.act(), "effective_at": None} for _ in range(60)])
    assert lives[0] == lives[1] != lives[2]
    assert len({record["action"] for record in lives[0]}) > 10


def test_nobody_touches_the_books_unless_told_to(desk: Desk) -> None:
    """With no weight behind our back, NetSuite stays as it is."""
    settled_life(desk)
    life, before = Life(random.Random(3), desk, behind_our_back=0), desk.books()
    assert {life.act()["system"] for _ in range(40)} == {"stripe"}
    assert desk.books() == before


def test_parts_add_up_to_the_whole(desk: Desk) -> None:
    """Two partial payments and a card leave a paid invoice, three charges, and three payments of it."""
    life = Life(random.Random(2), desk)
    life.do("stripe.sign_up")
    life.do("stripe.bill")
    life.do("stripe.pay_part")
    (invoice,) = desk.stripe("invoices")["data"]
    assert invoice["status"] == "open"
    assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["total"]
    life.do("stripe.pay_part")
    desk("stripe", "POST", f"/v1/invoices/{invoice['id']}/pay", {"payment_method": "pm_card_visa"})
    (invoice,) = desk.stripe("invoices")["data"]
    parts = desk.stripe(f"invoice_payments?invoice={invoice['id']}")["data"]
    assert (invoice["status"], invoice["amount_remaining"]) == ("paid", 0)
    assert sum(part["amount_paid"] for part in parts) == invoice["total"]
    assert sum(charge["amount"] for charge in desk.stripe("charges")["data"]) == invoice["total"]


@pytest.mark.parametrize(("inclusive", "total", "net"), [("false", 1193, 1000), ("true", 1000, 838)])
def test_tax_is_on_top_or_inside(desk: Desk, inclusive: str, total: int, net: int) -> None:
    """19.25 % of 10.00 is 1.93 on top, or 1.61 inside, rounded half up; lines and totals agree."""
    fields = {"display_name": "VAT", "percentage": "19.25", "inclusive": inclusive}
    rate = desk("stripe", "POST", "/v1/tax_rates", fields)["id"]
    customer = desk("stripe", "POST", "/v1/customers", {})["id"]
    invoice = desk("stripe", "POST", "/v1/invoices", {"customer": customer, "currency": "usd"})["id"]
    item = {"customer": customer, "invoice": invoice, "amount": 1000, "currency": "usd", "tax_rates[0]": rate}
    desk("stripe", "POST", "/v1/invoiceitems", item)
    made = desk.stripe(f"invoices/{invoice}")
    assert (made["total"], made["total_excluding_tax"], made["amount_due"]) == (
        total,
        net + (inclusive == "true"),
        total,
    )
    assert [tax["amount"] for tax in made["total_taxes"]] == [
        tax["amount"] for tax in made["lines"]["data"][0]["taxes"]
    ]


EVENTS = [{"id": f"evt_{n}", "data": {"object": {"id": f"in_{n}"}}} for n in range(400)]


def _named(events: list[Wire]) -> list[str]:
    return [event["data"]["object"]["id"] for event in events]


def test_events_are_doubled_reordered_late_and_lost() -> None:
    """All four happen; nothing is invented; a double has an id of its own; what is late arrives later, once."""
    held: list[Wire] = []
    rng = random.Random(4)
    first = distort_events(EVENTS, rng, held)
    late = _named(held)
    counts = Counter(_named(first))
    assert max(counts.values()) == 2
    assert len({event["id"] for event in first}) == len(first)
    assert _named(first) != sorted(_named(first), key=lambda name: int(name[3:]))
    assert late
    assert 0 < 400 - len(counts) - len(late) < 100
    after: list[str] = []
    while held:
        after += _named(distort_events([], rng, held))
    assert sorted(after) == sorted(late)


def test_an_event_list_without_a_later_ends_with_the_late_ones() -> None:
    """Without a place to hold them back, late events come last, and the list given is left alone."""
    before = list(EVENTS)
    arrived = distort_events(EVENTS, random.Random(4))
    held: list[Wire] = []
    assert arrived == distort_events(EVENTS, random.Random(4), held) + held
    assert before == EVENTS
