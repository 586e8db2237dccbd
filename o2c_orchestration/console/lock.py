"""`o2c close --lock` and `--unlock`: who says that nothing is booked in a month any more, and its figures."""

from collections.abc import Callable
from dataclasses import dataclass

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.months import Month
from o2c_orchestration.reconcile.close import Close
from o2c_orchestration.reconcile.lock import Change
from o2c_orchestration.reconcile.report import as_text, close_data
from o2c_orchestration.store import actor
from o2c_orchestration.store.lock import writer_lock
from o2c_orchestration.store.month_locks import MonthLock, lock_month, unlock_month


@dataclass(frozen=True)
class Decision:
    """What a person asks for: to lock or to unlock, his name, why, and whether to lock a month that is not ready."""

    lock: bool
    by: str
    reason: str | None
    anyway: bool


def decision(*, lock: bool, unlock: bool, by: str | None, reason: str | None, anyway: bool) -> Decision | None:
    """The options as one decision; None: nobody wants to decide anything. Raises SettingsError."""
    name, why = (by or "").strip(), (reason or "").strip()
    if not (lock or unlock):
        if by or reason or anyway:
            raise SettingsError(
                "--by, --reason and --anyway belong to --lock or --unlock", "say which of them is meant"
            )
        return None
    if lock and unlock:
        raise SettingsError("--lock and --unlock contradict each other", "say one of them")
    if not name:
        raise SettingsError("a decision about a month has a name to it", "say who decides: --by NAME")
    if (unlock or anyway) and not why:
        raise SettingsError("this needs a reason, which the audit trail keeps", "say why: --reason '...'")
    if unlock and anyway:
        raise SettingsError("--anyway belongs to --lock", "leave it out")
    return Decision(lock, name, why or None, anyway)


def decide(assembly: Assembly, month: Month, wanted: Decision, look: Callable[[], Close]) -> Close:
    """Carry the decision out and look again; a month that is not ready stays as it is, unless told otherwise.

    Nobody writes to NetSuite meanwhile: what is under way would land in the month behind its figures. Raises
    WriterBusy, MonthLocked.
    """
    actor.act_as(f"user:{wanted.by}")
    with writer_lock(assembly.engine):
        if not wanted.lock:
            unlock_month(assembly.engine, month, wanted.by, wanted.reason or "")
            return look()
        found = look()
        if found.ready or wanted.anyway or found.lock:
            figures = as_text(close_data(found))
            lock_month(assembly.engine, month, wanted.by, wanted.reason, figures, ready=found.ready)
            return look()
        return found


def show_locks(found: Close) -> None:
    """The locks of the month, and what has changed since the one in force."""
    rows = [{"": "unlocked" if each.unlocked_at else "in force", "locked": _locked(each), "unlocked": _unlocked(each)}
            for each in found.locks]  # fmt: skip
    tables.show(f"Locks of {found.month}", rows)
    if found.lock is None:
        return
    changed = close_data(found)["since_lock"]
    tables.show("Changed since the lock", [_changed(each) for each in changed], right=["then", "now", "difference"])
    if not changed:
        tables.console.print("Nothing of the month has changed since it was locked.")


def _locked(lock: MonthLock) -> str:
    text = f"{lock.locked_at:%Y-%m-%d %H:%M} UTC by {lock.locked_by}" + (f": {lock.reason}" if lock.reason else "")
    return f"{text}{'' if lock.ready else ', though it was not ready'}; figures {lock.sha256[:16]}…"


def _unlocked(lock: MonthLock) -> str:
    if lock.unlocked_at is None:
        return ""
    return f"{lock.unlocked_at:%Y-%m-%d %H:%M} UTC by {lock.unlocked_by}: {lock.unlock_reason}"


def _changed(each: Change) -> dict[str, str]:
    then, now, left = (
        format_money(minor, each.currency)
        for minor in (each.then_minor, each.now_minor, each.now_minor - each.then_minor)
    )
    return {"figure": each.what + (" (other rows)" if each.rows else ""), "then": then, "now": now, "difference": left}
