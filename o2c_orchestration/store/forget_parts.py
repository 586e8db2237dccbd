"""Which columns of which tables may hold personal data, and the rule that rewrites each. The only such list.

Whoever adds a column that may hold a name adds it here; `e2e/test_forget.py` searches every column of every table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from o2c_orchestration.domain import forget
from o2c_orchestration.domain.forget import Subject
from o2c_orchestration.store.planning import command_from
from o2c_orchestration.store.salesforce import digests

Row = Sequence[Any]
_OWN = "{} IN (SELECT id FROM own)"
_NAMED = "concat_ws(' ', {}) ILIKE ANY(%(like)s)"
_ABOUT = "stripe_id IN (SELECT id FROM own) OR customer_id IN (SELECT id FROM own)"
_LETTERS = f"journal_id IN (SELECT id FROM o2c.journal WHERE {_ABOUT})"


@dataclass(frozen=True)
class Part:
    """Columns of a table with their types, which rows (`where`), and what becomes of them.

    The first `told` columns are only looked at. `also` are further assignments, from what `more` makes of a new row.
    """

    table: str
    what: str
    where: str
    columns: Mapping[str, str]
    rewrite: Callable[[Subject, Row], Row]
    becomes: str = "replaced"
    told: int = 0
    also: str = ""
    more: Callable[[Row], Mapping[str, Any]] = field(default=lambda row: {})


def _stripe(subject: Subject, row: Row) -> Row:
    return [forget.stripe_object(row[0], subject.words)]


def _stripe_hash(row: Row) -> dict[str, Any]:
    # As the gate makes it, so that the same object that is read again is no change.
    body = orjson.dumps(row[0], option=orjson.OPT_SORT_KEYS)
    return {"hash": blake2b(body, digest_size=16).digest()}


def _salesforce(subject: Subject, row: Row) -> Row:
    kind, payload = row
    return [kind, subject.words.out_of_json(forget.salesforce_record(kind, payload))]


def _salesforce_hashes(row: Row) -> dict[str, Any]:
    payload_hash, facts_hash = digests(*row)
    return {"hash": payload_hash, "facts": facts_hash}


def _quarantined(subject: Subject, row: Row) -> Row:
    source, kind, reason, payload = row
    known = source in ("stripe", "salesforce") and isinstance(payload, dict)
    if source == "salesforce":
        _, kept = _salesforce(subject, [kind, payload])
    else:
        kept = forget.stripe_object(payload, subject.words) if known else subject.words.out_of_json(payload)
    return [source, kind, subject.words.out_of(reason, about=known), kept]


def _empty(subject: Subject, row: Row) -> Row:
    return [None] * len(row)


def _metadata(subject: Subject, row: Row) -> Row:
    return [forget.kept_metadata(row[0], subject.words)]


def _json(subject: Subject, row: Row) -> Row:
    return [subject.words.out_of_json(each) for each in row]


def _words(subject: Subject, row: Row) -> Row:
    """Texts about the person."""
    return [subject.words.out_of(each, about=True) for each in row]


def _names(subject: Subject, row: Row) -> Row:
    """Texts that may be about anybody."""
    return [subject.words.out_of(each) for each in row]


def _journal(subject: Subject, row: Row) -> Row:
    document, key, command, request, *texts = row
    body = forget.command(command, subject.words)
    sent = subject.words.out_of_json(request)
    if document in ("customer", "stripeCustomer"):
        sent = subject.words.out_of_json(forget.record(request, str(key).rpartition(":")[2]))
    if document in ("customerField", "stripeCustomerField"):
        sent = forget.change(request)
    return [document, key, body, sent, *_words(subject, texts)]


def _planned(subject: Subject, row: Row) -> Row:
    command, digest, *texts = row
    if command is None:
        return [command, digest, *_words(subject, texts)]
    body = forget.command(command, subject.words)
    return [body, command_from(body).digest, body["why"], *_words(subject, texts[1:])]


PARTS = (
    Part("stripe_objects", "payloads", _OWN.format("id"), {"payload": "json"}, _stripe,
         also=""", payload_hash = %(hash)s, validated_hash = CASE
                     WHEN validated_hash = payload_hash THEN %(hash)s ELSE validated_hash END""", more=_stripe_hash),
    Part("customers", "name, e-mail address", "id = ANY(%(ids)s)", {"name": "text", "email": "text"}, _empty,
         "emptied"),
    Part("kept_metadata", "details, metadata that o2c.yaml names", _OWN.format("stripe_id"), {"told": "json"},
         _metadata, "emptied"),
    Part("invoice_lines", "texts of lines", _OWN.format("invoice_id"), {"lines": "json"}, _json),
    Part("credit_notes", "texts of lines", _OWN.format("id"), {"lines": "json"}, _json),
    Part("quarantine", "payloads, reasons", f"{_OWN.format('id')} OR {_NAMED.format('reason, payload::text')}",
         {"source": "text", "object": "text", "reason": "text", "payload": "json"}, _quarantined, told=1),
    Part("salesforce_objects", "account, contacts, deals", _OWN.format("id"), {"object": "text", "payload": "jsonb"},
         _salesforce, told=1, also=", payload_hash = %(hash)s, facts_hash = %(facts)s", more=_salesforce_hashes),
    Part("salesforce_written", "Salesforce's words", _OWN.format("key"), {"error_detail": "text"}, _words),
    Part("account_links", "why they are one", _OWN.format("account_id"), {"evidence": "text"}, _words),
    Part("netsuite_customers", "name", "id = ANY(%(netsuite)s)", {"name": "text"}, _empty, "emptied"),
    Part("plan_entries", "what is planned", _ABOUT,
         {"command": "json", "digest": "text", "reason": "text", "fix": "text"}, _planned),
    Part("journal", "what was written", _ABOUT,
         {"document": "text", "external_id": "text", "command": "json", "request": "json", "error_detail": "text",
          "fix": "text", "decision": "text"}, _journal, told=2),
    Part("journal_attempts", "words of answers", _LETTERS, {"words": "text"}, _words),
    Part("journal_history", "words of answers", _LETTERS, {"note": "text"}, _words),
    Part("inbox", "words of answers", _OWN.format("object_id"), {"failure": "text"}, _words),
    Part("gaps", "customer, reason",
         f"{_OWN.format('stripe_id')} OR {_OWN.format('salesforce_id')} OR {_NAMED.format('customer, reason')}",
         {"customer": "text", "reason": "text"}, _words),
    Part("alerts", "what is told", _NAMED.format("facts::text, told::text"), {"facts": "jsonb", "told": "jsonb"},
         _json),
    Part("alert_messages", "what was told", _NAMED.format("title, body, markdown, error"),
         {"title": "text", "body": "text", "markdown": "text", "error": "text"}, _names),
    Part("alert_signals", "words of checks", _NAMED.format("words, to_do"), {"words": "text", "to_do": "text"}, _names),
    Part("unrelated_documents", "why it is other business", _NAMED.format("reason"), {"reason": "text"}, _names),
)  # fmt: skip
