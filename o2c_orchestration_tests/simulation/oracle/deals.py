"""Deals: one order and one thing that bills it for each that was won, whatever failed; judged from the diary alone.

What belongs here: what salespeople did against what NetSuite and Stripe hold. Nothing of the product is imported.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from o2c_orchestration_tests.simulation.oracle.view import Wire, World

_DEAL, _ACCOUNT = "salesforce_opportunity_id", "salesforce_account_id"


@dataclass
class Deal:
    """A deal as its diary tells it: `amounts` are all that it was ever worth while won, in cents, the last one now."""

    account: str
    amounts: list[int] = field(default_factory=list)
    won: bool = False
    edited: bool = False


@dataclass
class _Books:
    """Sales orders by the deal that they name, and what Stripe has made for deals and accounts, each by its id.

    `mixed` are accounts whose customer is billed in several currencies, which NetSuite wants to be told of; `stopped`
    are those whose customer a clerk has stopped at some time.
    """

    orders: Mapping[str, list[Wire]]
    billing: Mapping[str, list[Wire]]
    customers: Counter[str]
    mixed: frozenset[str]
    stopped: frozenset[str]


def judge_deals(world: World) -> list[str]:
    """Breaches that nothing excuses, at any moment."""
    deals = _deals(world.history)
    if not deals:
        return []
    books = _read(world)
    return [*_nobodys(deals, books), *_once(deals, books), *_as_won(deals, books)]


def judge_deals_settled(world: World) -> list[str]:
    """What is not as it should be once everything has had its time."""
    deals = _deals(world.history)
    if not deals:
        return []
    books = _read(world)
    told = {str(gap["salesforce_id"]) for gap in world.deal_gaps()}
    found = [words for key, deal in deals.items() for words in _settled(key, deal, books, told)]
    hanging = [row for row in world.deal_journal() if row["state"] in ("sent", "unknown")]
    return [*found, *(f"the journal still has {row['external_key']} as {row['state']}" for row in hanging)]


def _deals(history: Sequence[Wire]) -> dict[str, Deal]:
    found: dict[str, Deal] = {}
    for entry in history:
        if entry.get("system") == "salesforce":
            deal = found.setdefault(str(entry["deal"]), Deal(str(entry["account"])))
            deal.amounts.append(int(entry["amount"]))
            deal.won, deal.edited = bool(entry["won"]), bool(entry["edited"])
    return found


def _read(world: World) -> _Books:
    orders: dict[str, list[Wire]] = defaultdict(list)
    billing: dict[str, list[Wire]] = defaultdict(list)
    customers: Counter[str] = Counter()
    for order in world.sales_orders():
        orders[str(order["externalId"])].append(order)
    objects = world.stripe_objects()
    for thing in objects.values():
        named = thing.get("metadata") or {}
        if thing["object"] in ("subscription_schedule", "invoice") and _DEAL in named:
            billing[str(named[_DEAL])].append(thing)
        if thing["object"] == "customer" and _ACCOUNT in named:
            customers[str(named[_ACCOUNT])] += 1
    return _Books(orders, billing, customers, frozenset(_mixed(objects)), _stopped(world, objects))


def _stopped(world: World, objects: Mapping[str, Wire]) -> frozenset[str]:
    """Under the id of their Stripe customer, or where he has none under the account's own."""
    changed = {str(entry["document"]) for entry in world.history if entry.get("change") == "customer"}
    records = (each for each in world.netsuite_records() if each["type"] == "customer" and str(each["id"]) in changed)
    names = [str(each.get("externalId") or "") for each in records]
    accounts = (((objects.get(name) or {}).get("metadata") or {}).get(_ACCOUNT) for name in names)
    return frozenset(str(each) for each in (*names, *accounts) if each)


def _mixed(objects: Mapping[str, Wire]) -> Iterator[str]:
    billed: dict[str, set[str]] = defaultdict(set)
    for thing in objects.values():
        if thing["object"] in ("invoice", "charge") and thing.get("customer"):
            billed[str(thing["customer"])].add(str(thing["currency"]))
    for customer, currencies in billed.items():
        account = (objects.get(customer) or {}).get("metadata", {}).get(_ACCOUNT)
        if len(currencies) > 1 and account:
            yield str(account)


def _nobodys(deals: Mapping[str, Deal], books: _Books) -> Iterator[str]:
    for key in {*books.orders, *books.billing} - deals.keys():
        yield f"something was made for deal {key}, which nobody has won"
    for account in books.customers.keys() - {deal.account for deal in deals.values()}:
        yield f"a Stripe customer was made for account {account}, which has no deal"


def _once(deals: Mapping[str, Deal], books: _Books) -> Iterator[str]:
    for what, made in (("sales orders", books.orders), ("things that bill it", books.billing)):
        for key, found in made.items():
            if len(found) > 1:
                yield f"deal {key} has {len(found)} {what}: {', '.join(sorted(str(each['id']) for each in found))}"
    for account, count in books.customers.items():
        if count > 1:
            yield f"account {account} has {count} customers in Stripe"


def _as_won(deals: Mapping[str, Deal], books: _Books) -> Iterator[str]:
    for key, found in books.orders.items():
        for order in found:
            if key in deals and order["total"] not in deals[key].amounts:
                yield f"the order of deal {key} is of {order['total']}, it was won for {deals[key].amounts}"
    for key, made in books.billing.items():
        for invoice in made:
            billed = invoice["object"] == "invoice" and invoice["status"] != "draft"
            if billed and key in deals and invoice["total"] not in deals[key].amounts:
                yield f"the invoice of deal {key} is of {invoice['total']}, it was won for {deals[key].amounts}"


def _settled(key: str, deal: Deal, books: _Books, told: set[str]) -> Iterator[str]:
    ordered = books.orders.get(key, [])
    # A draft asks nobody for money.
    billed = [thing for thing in books.billing.get(key, []) if thing.get("status") != "draft"]
    if not deal.won:
        if ordered and key not in told:
            yield f"deal {key} is not won any more, its order stands, and no gap says so"
        return
    refused = key in told and deal.account in books.stopped | books.mixed
    if billed and not ordered and refused:
        return
    if not ordered or not billed:
        yield f"deal {key} is won and has {len(ordered)} orders and {len(billed)} things that bill it"
    elif deal.edited and ordered[0]["total"] != deal.amounts[-1]:
        if key not in told:
            yield f"deal {key} is worth {deal.amounts[-1]} now, its order {ordered[0]['total']}, and no gap says so"
    elif not deal.edited and key in told:
        yield f"a gap tells of deal {key}, which holds"
