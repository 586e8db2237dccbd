"""A close as plain data, for programs: the command line prints it and the asset keeps it as evidence."""

import dataclasses
from typing import Any

from o2c_orchestration.reconcile.close import Close
from o2c_orchestration.reconcile.payouts import PayoutEquation


def close_data(found: Close) -> dict[str, Any]:
    """A close with every figure in minor units, residuals and states spelled out; times and days are not text yet."""
    return {
        "month": str(found.month),
        "ready": found.ready,
        "readiness": list(found.items),
        "as_of": {
            "asked": found.now,
            "stripe_oldest": found.days.oldest,
            "stripe_newest": found.days.newest,
            "netsuite": found.facts.ledger_read_at,
        },
        "open_gaps": found.facts.gaps,
        "earlier_open_gaps": found.facts.earlier_gaps,
        "writes": found.facts.writes,
        "unread_days": [{"object": kind, "day": day} for kind, day in found.days.unread],
        "payouts": [payout_data(each) for each in found.payouts],
        "documents": [_with(tie, "residual_minor") for tie in found.ties],
        "balance": [_with(each, "unpaid_minor", "residual_minor", "closes") for each in found.balance],
        "balance_days": [
            {"currency": code, "day": day, "transactions": count, "net_minor": net}
            for code, day, count, net in found.balance_days
        ],
        "undeposited": [_with(each, "residual_minor") for each in found.clearing.waiting],
        "undeposited_differences": found.clearing.differences,
        "suspense": [_with(each, "residual_minor") for each in found.clearing.suspense],
        "receivables": [_with(each, "residual_minor") for each in found.receivables],
        "customers_that_differ": found.owing,
        "customer_credits": [_with(each, "residual_minor") for each in found.credits],
        "evidence": found.evidence,
    }


def payout_data(each: PayoutEquation) -> dict[str, Any]:
    """A payout's equations: sums, what they leave, and the state."""
    left = {name: getattr(each, name) for name in ("stripe_minor", "lines_minor", "bank_minor", "state", "why")}
    return {**dataclasses.asdict(each.sums), **left}


def _with(value: Any, *names: str) -> dict[str, Any]:
    return {**dataclasses.asdict(value), **{name: getattr(value, name) for name in names}}
