"""What a document must be before a request is made of it: the rows that its schema is made of.

Rows are read off commands (`domain/documents.py`), whose fields are those that the planner fills
(`domain/standard_fields.py`) or a mapping may set (`domain/mapping_fields.py`). Amounts are minor units.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Final

from o2c_orchestration.domain.documents import STRIPE_DOCUMENTS, Command, DocumentType
from o2c_orchestration.domain.keys import DEALS
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES, kind_of, sublists_of
from o2c_orchestration.domain.standard_fields import STANDARD
from o2c_orchestration.domain.stored import Currency, Holds, SignedMinor

_ID = "[A-Za-z0-9_]+"
_NUMBER = "[0-9]+"
_BACK: Final = f"(?:re|pyr|dp|du)_{_ID}"
_SALESFORCE: Final = "[A-Za-z0-9]{12}[A-Z0-5]{3}"
# As the functions of domain/keys.py make them, by type of document.
_KEYS: Final[Mapping[str, str]] = {
    "customer": f"cus_{_ID}|001{_SALESFORCE}",
    "customerSubsidiaryRelationship": f"cs-{_NUMBER}-{_NUMBER}",
    "customerCurrency": f"cc-{_NUMBER}-[a-z]{{3}}",
    "customerField": f"cf-{_NUMBER}-[a-z0-9_]+",
    "invoice": f"in_{_ID}|ri-(?:in|dp|du)_{_ID}|bi-(?:in|cn|cbtxn)_{_ID}|bd-cbtxn_{_ID}|bo-in_{_ID}|si-(?:ch|py)_{_ID}",
    "customerPayment": f"(?:ch|py)_{_ID}|(?:rf|rp)-{_BACK}|op-in_{_ID}",
    "creditMemo": f"cn_{_ID}|cm-(?:in_{_ID}|{_BACK})|cb-(?:in|cbtxn)_{_ID}|bg-cbtxn_{_ID}|ni-in_{_ID}",
    "customerRefund": _BACK,
    "deposit": f"po_{_ID}(?:-{_NUMBER})?|rc-txn_{_ID}",
    "journalEntry": f"pf-po_{_ID}",
    "salesOrder": f"(?:{'|'.join(DEALS)}){_SALESFORCE}",
}
_OF_STRIPE: Final = re.compile(r"stripe:[a-z_]+:[A-Za-z0-9_-]+")
_PATTERNS: Final = {document: re.compile(pattern) for document, pattern in _KEYS.items()}
# Where a document says what it comes to: a field, or the lines of a sublist and a field of theirs.
_TOTALS: Final[Mapping[str, tuple[str, str]]] = {
    "invoice": ("item", "amount"),
    "creditMemo": ("item", "amount"),
    "salesOrder": ("item", "amount"),
    "customerRefund": ("apply", "amount"),
}
_SIDES: Final = ("debit", "credit")


@dataclass(frozen=True)
class OutgoingRow:
    """A document as its schema looks at it. `day` is its date in NetSuite, ISO; `comes_to` what its body adds up to,
    empty where it does not say; `amounts` are all amounts of its body, `unknown` fields that no definition has.
    """

    document: DocumentType
    external_id: str
    well_formed: bool
    currency: Currency
    amount_minor: SignedMinor
    effective_date: date
    day: str | None
    comes_to: SignedMinor | None
    amounts: Annotated[list[Any], Holds("amounts")]
    unknown: list[Any]


def row_of(command: Command, further: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The row of a command; `further` are fields of lines that the policy names besides (revenue recognition)."""
    body = command.body
    return {
        "document": command.document,
        "external_id": command.external_id,
        "well_formed": is_well_formed(command.document, command.external_id),
        "currency": command.currency,
        "amount_minor": command.amount_minor,
        "effective_date": command.effective_date,
        "day": body.get("tranDate"),
        "comes_to": _comes_to(command),
        "amounts": list(_amounts(body)),
        "unknown": sorted(set(_unknown(command.document, body, further))),
    }


def is_well_formed(document: str, key: str) -> bool:
    """Whether a key is one that a document of this type has."""
    if document in STRIPE_DOCUMENTS:
        return _OF_STRIPE.fullmatch(key) is not None
    found = _PATTERNS.get(document)
    return found is not None and found.fullmatch(key) is not None


def _comes_to(command: Command) -> Any:
    """What its body adds up to in minor units; None where it does not say. What is no amount is told as such."""
    body = command.body
    if command.document in _TOTALS:
        sublist, field = _TOTALS[command.document]
        return _sum(line.get(field) for line in _lines(body.get(sublist)))
    if command.document == "customerPayment":
        return _sum([body.get("payment")])
    if command.document == "deposit":
        return _deposited(command)
    if command.document == "journalEntry":
        debit, credit = (_sum(line.get(side) for line in _lines(body.get("line")) if side in line) for side in _SIDES)
        return debit if debit == credit else f"debits of {debit} and credits of {credit}"
    return None


def _deposited(command: Command) -> Any:
    """The sum of a deposit's readable lines, if its body says the same. It states what is on accounts, and of documents
    only that of those in another currency: what of the lines is not on accounts is theirs.

    The line that takes money from the deposit's own bank account is of no readable line: its total is what the others
    add up to.
    """
    posted, converted = _posted(command.body), _converted(command.body)
    rest = Counter(line.amount_minor for line in command.lines if line.amount_minor)
    rest.subtract(posted)
    documents = sum(amount * count for amount, count in rest.items())
    if min(rest.values(), default=0) < 0 or (converted is not None and converted != documents):
        return "lines in the body that are not those of the plan"
    return sum(line.amount_minor for line in command.lines)


def _posted(body: Mapping[str, Any]) -> list[Any]:
    """What is on accounts, as it counts in the deposit: `other` adds to it, `cashback` takes from it."""
    lines = [(line, 1) for line in _lines(body.get("other"))] + [(line, -1) for line in _lines(body.get("cashback"))]
    return [sign * _sum([line.get("amount")]) for line, sign in lines if line.get("account") != body.get("account")]


def _converted(body: Mapping[str, Any]) -> int | None:
    """What documents bring, 0 where there are none; None where one of them does not say."""
    amounts = [line.get("paymentAmount") for line in _lines(body.get("payment"))]
    return None if None in amounts else _sum(amounts)


def _sum(values: Any) -> Any:
    """The sum of amounts; what is none of them in place of it, which no schema takes for an integer."""
    total = 0
    for value in values:
        minor = value["$minor"][0] if isinstance(value, Mapping) and "$minor" in value else value
        if not isinstance(minor, int) or isinstance(minor, bool):
            return f"{minor!r}"
        total += minor
    return total


def _amounts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        if "$minor" in value:
            yield value["$minor"]
        else:
            for each in value.values():
                yield from _amounts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _amounts(each)


def _unknown(document: str, body: Mapping[str, Any], further: frozenset[str]) -> Iterator[str]:
    if document not in STANDARD:
        return
    for name, value in body.items():
        if name.startswith("$"):
            continue
        lines = _lines(value)
        if lines:
            fields = {field for line in lines for field in line}
            yield from (f"{name}[].{field}" for field in fields if not _is_known(document, name, field, further))
        elif not _is_known(document, "", name, further):
            yield name


@cache
def _is_known(document: str, sublist: str, field: str, further: frozenset[str]) -> bool:
    path = f"{sublist}[].{field}" if sublist else field
    if path in STANDARD[document] or (sublist and field in further):
        return True
    if sublist and sublist not in sublists_of(document, field):
        return False
    return kind_of(RECORD_TYPES[document], "lines" if sublist else "header", field) is not None


def _lines(value: Any) -> list[Mapping[str, Any]]:
    items = value.get("items", ()) if isinstance(value, Mapping) else ()
    return [line for line in items if isinstance(line, Mapping)]
