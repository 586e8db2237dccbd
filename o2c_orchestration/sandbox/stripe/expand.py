"""`expand[]`: references become objects, and lists that are left out by default come in."""

from __future__ import annotations

from typing import Any

import orjson

from o2c_orchestration.sandbox.stripe.errors import StripeError, cannot_expand, expand_too_deep
from o2c_orchestration.sandbox.stripe.resources import ANYTHING, EXPANDABLE, LIST_OF
from o2c_orchestration.sandbox.stripe.store import Cursor, StripeStore, Wire

LEVELS_MAX = 4
# Lists that are embedded on request: where their rows are, and the column that points back.
INCLUDED_LISTS = {
    "payments": ("invoice_payment", "/v1/invoice_payments"),
    "refunds": ("refund", "/v1/charges/{owner}/refunds"),
}
# What the source of a balance transaction can be.
SOURCES = ("charge", "refund", "payment_intent", "dispute", "payout")

Path = tuple[str, ...]


def parse(params: dict[str, Any], kind: str, *, is_list: bool) -> list[Path]:
    """The asked paths, without the leading `data` for a list.

    Raises StripeError 400 for a path that is too deep or leads to nothing expandable, whatever the
    objects at hand hold.
    """
    asked = params.get("expand", [])
    if not isinstance(asked, list):
        raise StripeError(400, "Invalid array", param="expand")
    return [_checked(path, kind, is_list) for path in asked]


def _checked(path: str, kind: str, is_list: bool) -> Path:
    words = tuple(path.split("."))
    if len(words) > LEVELS_MAX:
        raise expand_too_deep(path)
    if not is_list:
        if not _leads_somewhere(words, kind):
            raise cannot_expand(path)
        return words
    if words[0] != "data":
        raise cannot_expand(path, hint=_leads_somewhere(words, kind))
    if not _leads_somewhere(words[1:], kind):
        raise cannot_expand(path)
    return words[1:]


def _leads_somewhere(words: Path, kind: str) -> bool:
    if kind == ANYTHING:
        return any(_leads_somewhere(words, each) for each in SOURCES)
    step = _step(words, kind)
    if step is None:
        return False
    rest, target = words[len(step) :], EXPANDABLE[kind][".".join(step)]
    if target.startswith(LIST_OF):
        if rest and rest[0] != "data":
            return False
        rest, target = rest[1:], target.removeprefix(LIST_OF)
    return not rest or (target != "" and _leads_somewhere(rest, target))


def _step(words: Path, kind: str) -> Path | None:
    fields = EXPANDABLE.get(kind, {})
    for length in range(1, len(words) + 1):
        if ".".join(words[:length]) in fields:
            return words[:length]
    return None


class Expander:
    """Expands paths in rendered objects, reading each referenced object once per request."""

    def __init__(self, store: StripeStore) -> None:
        self._store = store
        self._seen: dict[str, Wire | None] = {}

    def expand(self, wire: Wire, words: Path) -> None:
        """Follow one checked path from `wire`, replacing what is on the way in place."""
        step = _step(words, wire.get("object", "")) if words else None
        if step is None:
            return
        rest, name = words[len(step) :], step[-1]
        for holder in _holders(wire, step[:-1]):
            self._include(holder, name)
            holder[name] = self._resolved(holder.get(name))
            for inner in _objects(holder[name]):
                self.expand(inner, rest[1:] if holder[name] is not inner and rest[:1] == ("data",) else rest)

    def _include(self, holder: Wire, name: str) -> None:
        if name in holder:
            return
        if name in INCLUDED_LISTS and holder.get("object") in ("invoice", "charge"):
            holder[name] = self._included_list(holder["id"], name)
        elif holder.get("object") in ("invoice", "payment_link"):
            holder.update({key: value for key, value in self._store.hidden(holder["id"]).items() if key == name})

    def _included_list(self, owner: str, name: str) -> Wire:
        kind, url = INCLUDED_LISTS[name]
        page = self._store.page(kind, ["owner = ?"], [owner], Cursor(limit=10))
        assert page is not None
        rows = [orjson.loads(row) for row in page.rows]
        return {"object": "list", "data": rows, "has_more": page.has_more, "url": url.format(owner=owner)}

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if not isinstance(value, str):
            return value
        if value not in self._seen:
            self._seen[value] = self._store.get(value)
        found = self._seen[value]
        # A copy, since the same customer may stand in a hundred rows and each is expanded further.
        return value if found is None else {**found}


def _holders(wire: Wire, path: Path) -> list[Wire]:
    holders: list[Any] = [wire]
    for name in path:
        inner = [holder.get(name) for holder in holders if isinstance(holder, dict)]
        holders = [item for value in inner for item in (value if isinstance(value, list) else [value])]
    return [holder for holder in holders if isinstance(holder, dict)]


def _objects(value: Any) -> list[Wire]:
    if isinstance(value, dict) and value.get("object") == "list":
        value = value["data"]
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
