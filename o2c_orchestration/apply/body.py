"""A command's body as NetSuite takes it: placeholders become internal ids and decimal amounts."""

from collections.abc import Collection, Mapping
from typing import Any

from o2c_orchestration.domain.documents import DOCUMENT_ORDER, Command
from o2c_orchestration.domain.mapping_fields import is_own_kind
from o2c_orchestration.domain.money import ONLY_CURRENCY, to_major

_KINDS = {
    **{"$item": "item", "$currency": "currency", "$subsidiary": "subsidiary", "$account": "account"},
    **{"$term": "term", "$class": "class", "$department": "department", "$location": "location"},
}


# Of what NetSuite has no field for: the currency, in an account that keeps only one.
_NO_FIELD = object()


class NotToBeSent(Exception):
    """A document that we refuse ourselves, before any request: `code` of docs/errors.md, what is wrong, `fix`."""

    code: str

    @property
    def fix(self) -> str:
        """What a person does about it."""
        raise NotImplementedError


class UnresolvedReference(NotToBeSent):
    """A name or document that NetSuite does not have, as far as we know."""

    code = "REFERENCE_MISSING"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"NetSuite has no {kind} {name!r}")
        self.kind = kind
        self.name = name

    @property
    def fix(self) -> str:
        """What a person does about it."""
        if self.kind in (*DOCUMENT_ORDER, "document"):
            return f"settle the gap of {self.name} first"
        if self.kind == "currency":
            return f"add the currency {self.name.upper()} in NetSuite (Lists > Accounting > Currencies)"
        if is_own_kind(self.kind):
            return f"add {self.name!r} to {self.kind} in NetSuite, make it active, or name another value in o2c.yaml"
        return f"create the {self.kind} {self.name!r} in NetSuite, make it active, or name another one in o2c.yaml"


class OtherCurrency(NotToBeSent):
    """A bank account that NetSuite keeps in another currency than that of the payout."""

    code = "ACCOUNT_CURRENCY"

    def __init__(self, account: str, currency: str) -> None:
        kept = f"NetSuite does not keep account {account!r} in {currency.upper()}"
        super().__init__(f"{kept}, and a deposit takes the currency of its account")
        self._currency = currency

    @property
    def fix(self) -> str:
        """What a person does about it."""
        return f"name an account in {self._currency.upper()} under accounts.bank or accounts.destinations in o2c.yaml"


def document_keys(value: Any) -> set[str]:
    """External ids of the documents a body refers to."""
    if isinstance(value, Mapping):
        if "$document" in value:
            return {value["$document"][1]}
        for placeholder in ("$key", "$written"):
            if placeholder in value:
                return {value[placeholder]}
        return set().union(*(document_keys(item) for item in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(document_keys(item) for item in value))
    return set()


def resolve(value: Any, documents: Mapping[str, int | str], reference: Mapping[tuple[str, str], str]) -> Any:
    """The body with every placeholder replaced. Raises UnresolvedReference.

    Amounts leave as JSON numbers: a float prints the shortest text that reads back the same, which for
    two or three decimals is the exact amount up to 15 significant digits.
    """
    if isinstance(value, Mapping):
        return _resolve_mapping(value, documents, reference)
    if isinstance(value, list | tuple):
        return [resolve(item, documents, reference) for item in value]
    return value


def _resolve_mapping(
    value: Mapping[str, Any], documents: Mapping[str, int | str], reference: Mapping[tuple[str, str], str]
) -> Any:
    if "$minor" in value:
        minor, currency = value["$minor"]
        return float(to_major(minor, currency))
    if "$document" in value:
        kind, key = value["$document"]
        return {"id": str(_document(kind, key, documents))}
    for placeholder in ("$key", "$written"):
        if placeholder in value:
            return _document("document", value[placeholder], documents)
    if "$item_id" in value:
        return {"id": _item(str(value["$item_id"]), reference)}
    for placeholder, kind in (*_KINDS.items(), *_own_kinds(value)):
        if placeholder in value:
            found = _named(kind, str(value[placeholder]), reference)
            return _NO_FIELD if (kind, found) == ("currency", ONLY_CURRENCY) else {"id": found}
    resolved = ((key, resolve(item, documents, reference)) for key, item in value.items() if key != "$record")
    return {key: item for key, item in resolved if item is not _NO_FIELD}


def _own_kinds(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Placeholders of values of the account's own lists and record types, such as `$customlist_region`."""
    return [(key, key[1:]) for key in value if key.startswith("$") and is_own_kind(key[1:])]


def paid_back(command: Command) -> list[str]:
    """External ids of the payments that a refund pays back; none for what is no refund."""
    lines = command.body["apply"]["items"] if command.document == "customerRefund" else ()
    targets = (line["doc"]["$document"] for line in lines)
    return [key for document, key in targets if document == "customerPayment"]


def paying_back_deposits(body: Mapping[str, Any], deposits: Collection[int]) -> dict[str, Any]:
    """A resolved refund that names these customer deposits where NetSuite takes them: in a sublist of their own."""
    lines = body["apply"]["items"]
    owed = [line for line in lines if int(line["doc"]["id"]) in deposits]
    rest = [line for line in lines if line not in owed]
    found = {name: {"items": some} for name, some in (("apply", rest), ("deposit", owed)) if some}
    return {**{name: value for name, value in body.items() if name != "apply"}, **found}


def of_its_currency(command: Command, body: Mapping[str, Any], kept_in: Mapping[str, str], own: str | None) -> None:
    """Raise OtherCurrency where a resolved deposit is on an account that is kept in another currency than its payout's.

    `kept_in`: currencies of accounts, by internal ids of both; an account that is not in it is let through. `own`: the
    payout's.
    """
    if command.document != "deposit" or own in (None, ONLY_CURRENCY):
        return
    if kept_in.get(body["account"]["id"], own) != own:
        raise OtherCurrency(str(command.body["account"]["$account"]), command.currency)


def _document(kind: str, key: str, documents: Mapping[str, int | str]) -> int | str:
    if key not in documents:
        raise UnresolvedReference(kind, key)
    return documents[key]


def _item(identifier: str, reference: Mapping[tuple[str, str], str]) -> str:
    """An item by its internal id alone: an item that has such a number for its name is another one."""
    if reference.get(("item", identifier)) != identifier:
        raise UnresolvedReference("item", identifier)
    return identifier


def _named(kind: str, name: str, reference: Mapping[tuple[str, str], str]) -> str:
    found = reference.get((kind, name)) or reference.get((kind, name.lower()))
    if found is None:
        raise UnresolvedReference(kind, name)
    return found
