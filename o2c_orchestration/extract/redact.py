"""What of a Stripe object is not kept: card data, contact details, links that need no login, most metadata."""

from typing import Any

from o2c_orchestration.domain import metadata

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


def redact(payload: dict[str, Any]) -> dict[str, Any]:
    """The object without the fields above, at its top level. An invoice keeps its shipping cost.

    Of its metadata and that of its lines only what the connector for NetSuite reads is left.
    """
    kept = payload.copy()
    for key in DROPPED.intersection(payload):
        if key != KEPT_AS_ID or not isinstance(payload[key], str):
            del kept[key]
    if kept.get("metadata"):
        kept["metadata"] = metadata.kept(kept["metadata"])
    if kept.get("parent"):
        kept["parent"] = _parent(kept["parent"])
    lines = kept.get("lines")
    if isinstance(lines, dict) and any(line.get("metadata") for line in lines.get("data", ())):
        kept["lines"] = {**lines, "data": [_line(line) for line in lines["data"]]}
    return kept


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "metadata": metadata.kept(line.get("metadata"))}


def _parent(parent: Any) -> Any:
    """An invoice carries a copy of its subscription's metadata, of which only the deal is of interest."""
    if not isinstance(parent, dict):
        return parent
    return {
        name: {**value, "metadata": _deal(value["metadata"])}
        if isinstance(value, dict) and value.get("metadata")
        else value
        for name, value in parent.items()
    }


def _deal(told: Any) -> dict[str, str]:
    return {name: value for name, value in metadata.kept(told).items() if name == metadata.DEAL}
