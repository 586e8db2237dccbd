"""What Stripe says of single objects, by the paths that rules of the mapping read: asked for a suggestion.

It is kept nowhere: metadata that o2c.yaml does not name has no place in the store.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.mapping_fields import is_readable
from o2c_orchestration.extract.stripe import PATHS

_TYPES = {"in_": "invoice", "ch_": "charge", "py_": "charge", "cn_": "credit_note", "re_": "refund", "po_": "payout"}
_WITH_CUSTOMER = frozenset({"invoice", "charge", "credit_note"})
# Lines of one invoice that are looked at; with more of them nobody knows whose amount is whose.
_LINES = 100


@dataclass(frozen=True)
class Told:
    """What Stripe says of an object and, of an invoice, of each line: its amount in minor units of `currency` without
    taxes that are in it, and facts of the line and its price. Facts go by path of a rule."""

    currency: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[tuple[int, Mapping[str, str]]] = ()


class Asker:
    """Asks one Stripe account. `failed` is told what could not be read, by what it is and why; that says nothing then.

    `prices`: whether prices may be asked for what their metadata says, each once.
    """

    def __init__(self, reader: StripeReader, failed: Callable[[str, O2CError], None], *, prices: bool) -> None:
        self._reader, self._failed, self._prices = reader, failed, prices
        self._of_prices: dict[str, dict[str, str]] = {}

    def told(self, stripe_id: str, document: str) -> Told:
        """Metadata of an object, its customer and its subscription, its currency and its lines, as far as rules on
        documents of a type (as o2c.yaml calls it) may read that."""
        kind = next((each for begins, each in _TYPES.items() if stripe_id.startswith(begins)), None)
        if kind is None:
            return Told()
        params = {"expand": ["customer"]} if kind in _WITH_CUSTOMER else None
        payload = self._retrieve(kind, stripe_id, params)
        facts = {path: value for path, value in _paths(payload) if is_readable(document, "header", path)}
        lines = self._lines(payload) if kind == "invoice" else []
        told = [(_amount(line), dict(self._of_line(line, document))) for line in lines]
        return Told(str(payload.get("currency") or ""), facts, told)

    def _retrieve(self, kind: str, stripe_id: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            return self._reader.retrieve(f"{PATHS[kind]}/{stripe_id}", params)[0]
        except O2CError as error:
            self._failed(kind, error)
            return {}

    def _lines(self, invoice: Mapping[str, Any]) -> Sequence[Any]:
        lines = _map(invoice.get("lines"))
        if not lines.get("has_more"):
            return [each for each in lines.get("data") or () if isinstance(each, dict)]
        try:
            page = self._reader.page(f"{PATHS['invoice']}/{invoice['id']}/lines", {"limit": _LINES})
        except O2CError as error:
            self._failed("lines of an invoice", error)
            return []
        return [] if page.has_more else page.data

    def _of_line(self, line: Mapping[str, Any], document: str) -> Iterator[tuple[str, str]]:
        return ((path, value) for path, value in self._line_paths(line) if is_readable(document, "lines", path))

    def _line_paths(self, line: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        yield from _metadata("line.metadata.", line)
        details = _map(_map(line.get("pricing")).get("price_details"))
        if isinstance(details.get("product"), str):
            yield "line.product_id", details["product"]
        if isinstance(details.get("price"), str):
            yield "line.price_id", details["price"]
            yield from self._of_price(details["price"]).items()

    def _of_price(self, price: str) -> Mapping[str, str]:
        if not self._prices:
            return {}
        if price not in self._of_prices:
            self._of_prices[price] = dict(_metadata("line.price.metadata.", self._retrieve("price", price)))
        return self._of_prices[price]


def _amount(line: Mapping[str, Any]) -> int:
    """As it is booked: taxes that are in the price are lines of their own."""
    taxes = [each for each in line.get("taxes") or () if _map(each).get("tax_behavior") == "inclusive"]
    return int(line.get("amount") or 0) - sum(int(each.get("amount") or 0) for each in taxes)


def _paths(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if isinstance(payload.get("currency"), str):
        yield "currency", payload["currency"]
    yield from _metadata("metadata.", payload)
    yield from _metadata("customer.metadata.", _map(payload.get("customer")))
    details = _map(_map(payload.get("parent")).get("subscription_details"))
    yield from _metadata("subscription.metadata.", details)


def _metadata(begins: str, owner: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in _map(owner.get("metadata")).items():
        yield f"{begins}{key}", str(value)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
