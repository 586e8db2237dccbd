"""What of a Stripe object is not kept: card data, contact details, links that need no login, most metadata."""

from collections.abc import Collection
from typing import Any

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.contact import kept_part
from o2c_orchestration.domain.mapping_sources import DETAIL, KEPT_FOR, LINE, OWN, SUBSCRIPTION, Kept

# Least personal data: the planner needs a customer's name and e-mail address and nothing else.
DROPPED = frozenset(
    {
        "payment_method_details",
        "billing_details",
        "payment_method",
        "source",
        "sources",
        "default_source",
        "receipt_email",
        "receipt_url",
        "receipt_number",
        "address",
        "shipping",
        "phone",
        "customer_email",
        "customer_address",
        "customer_phone",
        "customer_shipping",
        "customer_tax_ids",
        "hosted_invoice_url",
        "invoice_pdf",
        "account_tax_ids",
        "fraud_details",
        "ip",
        # What a dispute or refund says about the customer and his card.
        "evidence",
        "evidence_details",
        "destination_details",
        "instructions_email",
        "memo",
        "pdf",
        "next_action",
    }
)
# A charge's `source` is a card; a balance transaction's is the id of what moved the money.
KEPT_AS_ID = "source"


def redact(payload: dict[str, Any], mapped: Kept | None = None) -> dict[str, Any]:
    """The object without the fields above, at its top level. An invoice keeps its shipping cost.

    Of its metadata and that of its lines only what the connector for NetSuite reads is left, and what o2c.yaml asks for
    of such objects (`mapped`): keys of metadata, a customer's address. The object then says which these are: of one
    that was read before, nobody could tell whether it has them.
    """
    kept = payload.copy()
    keys = (mapped or {}).get(str(payload.get("object")), {})
    for key in DROPPED.intersection(payload):
        if key != KEPT_AS_ID or not isinstance(payload[key], str):
            del kept[key]
    kept |= {name: kept_part(name, payload[name]) for name in keys.get(DETAIL, ()) if payload.get(name)}
    if kept.get("metadata"):
        kept["metadata"] = metadata.kept(kept["metadata"], keys.get(OWN, ()))
    if kept.get("parent"):
        kept["parent"] = _parent(kept["parent"], keys.get(SUBSCRIPTION, ()))
    lines = kept.get("lines")
    if isinstance(lines, dict) and _annotated(lines.get("data")):
        kept["lines"] = {**lines, "data": [_line(line, keys.get(LINE, ())) for line in lines["data"]]}
    if keys:
        kept[KEPT_FOR] = sorted(f"{kind}:{key}" for kind, names in keys.items() for key in names)
    return kept


def _annotated(lines: Any) -> bool:
    return isinstance(lines, list) and any(isinstance(line, dict) and line.get("metadata") for line in lines)


def _line(line: Any, keys: Collection[str]) -> Any:
    return line if not isinstance(line, dict) else {**line, "metadata": metadata.kept(line.get("metadata"), keys)}


def _parent(parent: Any, keys: Collection[str]) -> Any:
    """An invoice carries a copy of its subscription's metadata: the deal is of interest, and what is mapped."""
    if not isinstance(parent, dict):
        return parent
    return {
        name: {**value, "metadata": _deal(value["metadata"], keys)}
        if isinstance(value, dict) and value.get("metadata")
        else value
        for name, value in parent.items()
    }


def _deal(told: Any, keys: Collection[str]) -> dict[str, str]:
    found = metadata.kept(told, keys).items()
    return {name: value for name, value in found if name in metadata.DEALS or name in keys}
