"""Pandera at the way out: documents are judged as a frame before they are kept as a plan, and so before any request.

One that fails is refused, alone with what leans on it. It is a mistake of ours or of a mapping, never of NetSuite's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pandera.pandas as pa

from o2c_orchestration.domain.documents import OF_CUSTOMERS, Command, Plan, Refusal
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.domain.outgoing import OutgoingRow, row_of
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.stored import fields_of
from o2c_orchestration.validate.columns import is_integer, schema
from o2c_orchestration.validate.schemas import failing

CODE = "DOCUMENT_UNSOUND"
_PEOPLE = ("customer", *OF_CUSTOMERS)
_SHARED = tuple({each.name for each in fields(Refusal)} & {each.name for each in fields(Command)})
_FIX = "nothing was sent: correct the mapping if a field of it is named, and tell us of it otherwise"
# Nobody is billed by a date a year ahead, nor of long before there was Stripe (test data of its own are of 2009). What
# is ordered for the years to come is ordered now.
_FIRST = date(2000, 1, 1)
_BILLED, _AHEAD = timedelta(days=370), {"salesOrder": timedelta(days=3660)}


def _unique(frame: pd.DataFrame) -> pd.Series:
    """NetSuite tells no large letters from small ones."""
    folded = [fold(str(key)) for key in frame["external_id"]]
    counts = Counter(folded)
    return pd.Series([counts[key] == 1 for key in folded], index=frame.index)


def _formed(frame: pd.DataFrame) -> pd.Series:
    return pd.Series([each is True for each in frame["well_formed"]], index=frame.index)


def _adds_up(frame: pd.DataFrame) -> pd.Series:
    pairs = zip(frame["comes_to"], frame["amount_minor"], strict=True)
    return pd.Series([total is None or total == amount for total, amount in pairs], index=frame.index)


def _one_currency(frame: pd.DataFrame) -> pd.Series:
    pairs = zip(frame["amounts"], frame["currency"], strict=True)
    return pd.Series([all(each[1:] == [code] for each in map(list, some)) for some, code in pairs], index=frame.index)


def _dated(frame: pd.DataFrame) -> pd.Series:
    today = datetime.now(UTC).date()
    days = zip(frame["document"], frame["day"], frame["effective_date"], strict=True)
    dated = [_in_range(day, booked, today + _AHEAD.get(kind, _BILLED)) for kind, day, booked in days]
    return pd.Series(dated, index=frame.index)


def _in_range(day: str | None, booked: date, last: date) -> bool:
    return day is None or (day == booked.isoformat() and _FIRST <= booked <= last)


def _known(frame: pd.DataFrame) -> pd.Series:
    return pd.Series([not some for some in frame["unknown"]], index=frame.index)


SCHEMA = schema(
    fields_of(OutgoingRow),
    "documents on their way out",
    pa.Check(_unique, error="another document has its external id", name="unique"),
    pa.Check(_formed, error="its external id is not one of a document of its type", name="formed"),
    pa.Check(_adds_up, error="its lines do not add up to its amount", name="adds up"),
    pa.Check(_one_currency, error="an amount is in another currency than the document", name="currency"),
    pa.Check(_dated, error="its date is not that of the plan, before 2000 or too far ahead", name="dated"),
    pa.Check(_known, error="it has a field that no definition has", name="known"),
)


def sound(plan: Plan, policy: Policy) -> Plan:
    """The plan in which every document that fails the schema is refused, and with it what leans on that one."""
    if not plan.commands:
        return plan
    further = frozenset(name for _, own in policy.each() for name in own.revenue.fields)
    wrong = failing(SCHEMA, [row_of(command, further) for command in plan.commands])
    if not wrong:
        return plan
    refused = [_refused(plan.commands[number], reason) for number, reason in wrong.items()]
    return _without(plan, refused, [each for number, each in enumerate(plan.commands) if number not in wrong])


def _refused(command: Command, reason: str, fix: str = _FIX) -> Refusal:
    # What is no amount cannot be kept as one.
    amount = command.amount_minor if is_integer(command.amount_minor) else 0
    told = {name: getattr(command, name) for name in _SHARED}
    return Refusal(**{**told, "amount_minor": amount}, code=CODE, reason=reason, fix=fix)


def _without(plan: Plan, refused: list[Refusal], kept: Sequence[Command]) -> Plan:
    """What leans on a refused document would wait for it in the journal for ever."""
    gone: set[str] = {each.external_id for each in refused}
    while leaning := [command for command in kept if gone.intersection(command.depends_on)]:
        for command in leaning:
            key = next(key for key in command.depends_on if key in gone)
            refused.append(_refused(command, f"it leans on {key}, which is refused", f"see {key}"))
        kept = [command for command in kept if command not in leaning]
        gone = {each.external_id for each in refused}
    return replace(plan, commands=tuple(_needed(plan, kept)), refusals=(*plan.refusals, *refused))


def _needed(plan: Plan, kept: Sequence[Command]) -> Sequence[Command]:
    """Without customers, their subsidiaries and currencies that were planned for refused documents alone."""
    leant_on = {key for command in plan.commands for key in command.depends_on}
    while True:
        still = {key for command in kept for key in command.depends_on}
        idle = leant_on - still
        rest = [each for each in kept if each.document not in _PEOPLE or each.external_id not in idle]
        if len(rest) == len(kept):
            return kept
        kept = rest
