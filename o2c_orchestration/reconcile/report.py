"""A close as plain data, for programs: the command line prints it and the asset keeps it as evidence."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import orjson

from o2c_orchestration.reconcile.close import Close
from o2c_orchestration.reconcile.lock import changes
from o2c_orchestration.reconcile.payouts import PayoutEquation
from o2c_orchestration.store.month_locks import MonthLock

_LOCK = ("locked_at", "locked_by", "reason", "ready", "sha256", "unlocked_at", "unlocked_by", "unlock_reason")


def close_data(found: Close) -> dict[str, Any]:
    """A close with every figure in minor units, residuals and states spelled out; times and days are not text yet.

    Where the month is locked, with its lock and what has changed since, as far as that is the month's.
    """
    figures, lock = _figures(found), found.lock
    since = [] if lock is None else changes(lock.figures, orjson.loads(as_text(figures)))
    earlier = [_lock(each) for each in found.locks if each != lock]
    return figures | {"lock": lock and _lock(lock), "since_lock": since, "earlier_locks": earlier}


def as_text(figures: Mapping[str, Any]) -> str:
    """Figures as JSON text with sorted keys, as they are kept and hashed."""
    return orjson.dumps(figures, option=orjson.OPT_SORT_KEYS).decode()


def _lock(lock: MonthLock) -> dict[str, Any]:
    """Without the figures, which would be told twice."""
    told = {name: getattr(lock, name) for name in _LOCK}
    return {name: value for name, value in told.items() if value is not None}


def _figures(found: Close) -> dict[str, Any]:
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
        "differences": found.differences,
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
        "late_items": found.late,
        "openings": [
            _with(each, "due_minor", "still_minor", "left_minor", "residual_minor") for each in found.openings
        ],
        "customer_credits": [_with(each, "residual_minor") for each in found.credits],
        "evidence": found.evidence,
    }


def payout_data(each: PayoutEquation) -> dict[str, Any]:
    """A payout's equations: sums, what they leave, and the state."""
    left = {name: getattr(each, name) for name in ("stripe_minor", "lines_minor", "bank_minor", "state", "why")}
    return {**dataclasses.asdict(each.sums), **left}


def _with(value: Any, *names: str) -> dict[str, Any]:
    return {**dataclasses.asdict(value), **{name: getattr(value, name) for name in names}}
