"""What customers were given or charged on their balance by hand, in a company that books it: pairs of documents.

What belongs here: rules over movements that no invoice and no credit note made. Stripe tells of one by the balance that
it leaves, so several that leave none are not seen, and nobody's books are wrong by them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from o2c_orchestration_tests.simulation.oracle.movements import Due, id_of
from o2c_orchestration_tests.simulation.oracle.view import Wire

_MADE_BY_HAND = ("adjustment", "initial")
# The document on the company's own item: for what was given, and for what was charged.
_GIVEN, _CHARGED = "bg-", "bd-"


def adjustments(objects: Mapping[str, Wire], day: Callable[[int], date]) -> Iterator[Due]:
    """Both documents of each: the memo settles the invoice, over the whole amount, on the movement's own day."""
    for wire in objects.values():
        if wire["object"] == "customer_balance_transaction" and wire["type"] in _MADE_BY_HAND and wire["amount"]:
            key, size = wire["id"], abs(wire["amount"])
            given = wire["amount"] < 0
            bill, memo = ("bi-" + key, _GIVEN + key) if given else (_CHARGED + key, "cb-" + key)
            head = key, id_of(wire["customer"]), wire["currency"], size, size, frozenset({day(wire["created"])})
            yield Due(bill, "invoice", *head, "missing_in_netsuite", (size, 0), (), {})
            yield Due(memo, "creditMemo", *head, "credit_memo_missing", (size, 0), (bill,), {bill: size})


def unseen(dues: Mapping[str, Due], journal: Sequence[Wire]) -> set[str]:
    """Keys of movements that leave no balance together, of one customer and currency, and that nobody has booked."""
    begun = {row["stripe_id"] for row in journal}
    groups: dict[tuple[str, str], list[Due]] = defaultdict(list)
    for due in dues.values():
        if due.key.startswith((_GIVEN, _CHARGED)) and due.stripe_id not in begun:
            groups[due.customer, due.currency].append(due)
    silent = (group for group in groups.values() if not sum(map(_left, group)))
    found = {due.stripe_id for group in silent for due in group}
    return {due.key for due in dues.values() if due.stripe_id in found}


def _left(due: Due) -> int:
    return due.most if due.key.startswith(_GIVEN) else -due.most
