"""What finance is told: the digest here; beside it causes, routes, messages, the outbox and channels."""

from collections.abc import Sequence

from o2c_orchestration.reconcile import summarize
from o2c_orchestration.store.agreement import Agreement
from o2c_orchestration.store.audit import Head
from o2c_orchestration.store.gap_sums import SomeGaps

_NAMES = {
    "customerPayment": "payments",
    "creditMemo": "credit memos",
    "customerRefund": "refunds",
    "deposit": "deposits",
}


def digest(found: SomeGaps, ties: Sequence[Agreement], head: Head | None = None) -> str:
    """The morning's message as Markdown: all clear, or how much money, of what kind, since when.

    With the `head` of the audit trail: whoever keeps the message can prove later what came before it.
    """
    return "\n".join([*_state(found, ties), *_proof(head)])


def _state(found: SomeGaps, ties: Sequence[Agreement]) -> list[str]:
    lines = ["; ".join(_agreed(ties)) + "."]
    if not found.count:
        return [*lines, "", "All clear: no open gaps."]
    lines += ["", f"{found.count} open gaps:", ""]
    lines += [
        f"- {row['gaps']} × {row['kind']}: {row['at stake']}, oldest {row['oldest']}" for row in summarize(found.sums)
    ]
    return lines


def _agreed(ties: Sequence[Agreement]) -> list[str]:
    """Invoices always, the other types where there are any."""
    invoices = [tie for tie in ties if tie.document == "invoice"]
    agreed, total = sum(tie.agreed for tie in invoices), sum(tie.count for tie in invoices)
    found = [f"{agreed} of {total} Stripe invoices agree with NetSuite to the cent"]
    for document, name in _NAMES.items():
        same = [tie for tie in ties if tie.document == document]
        if same:
            found.append(f"{sum(tie.agreed for tie in same)} of {sum(tie.count for tie in same)} {name}")
    return found


def _proof(head: Head | None) -> list[str]:
    if head is None:
        return []
    return ["", f"Audit trail: {head.seq} entries, head `{head.hash.hex()}`."]
