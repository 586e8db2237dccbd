"""What was set aside is looked at again: objects and records by their schema as it is now, signed
bodies as events.

Nothing is read from Stripe or Salesforce for it: the payload is stored, and the gate let it in. What passes leaves
quarantine as a row like any other; what does not stays, with the reason it fails for now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.policy_live import Live
from o2c_orchestration.domain.stripe_events import Expected, NotAnEvent, read_event
from o2c_orchestration.store import events, quarantine
from o2c_orchestration.store.quarantine import Held
from o2c_orchestration.validate.records import judge


@dataclass
class Replayed:
    """Ids by what became of them; `closed` are bodies that a person gave up."""

    released: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Replay:
    """How to look again: time zones of the books (the main one, and of further accounts), and what events must be."""

    engine: Engine
    zone: ZoneInfo
    zones: Mapping[str, ZoneInfo]
    live: Live
    livemode: bool | None = None

    def objects(self, held: Sequence[Held], reason: str | None) -> Replayed:
        """Objects of Stripe go through validation again; a reason lets nothing through that fails."""
        # Not at the top: a command would start with pandas.
        from o2c_orchestration.validate.run import validate_pending

        ids = sorted(each.id for each in held)
        quarantine.ask(self.engine, ids, reason)
        for kind in sorted({each.object for each in held}):
            validate_pending(self.engine, kind, self.zone, zones=self.zones)
        kept = quarantine.settle(self.engine, ids)
        return Replayed([key for key in ids if key not in kept], [], sorted(kept))

    def records(self, held: Sequence[Held], reason: str | None) -> Replayed:
        """Records of Salesforce are judged again as they are stored by now."""
        ids = sorted(each.id for each in held)
        quarantine.ask(self.engine, ids, reason, "salesforce")
        for kind, some in sorted(quarantine.records(self.engine, ids).items()):
            judge(self.engine, kind, some)
        kept = quarantine.settle(self.engine, ids, "salesforce")
        return Replayed([key for key in ids if key not in kept], [], sorted(kept))

    def body(self, held: Held, payload: Any, reason: str | None, *, close: bool) -> Replayed:
        """A signed body is read as an event; what is none still is closed if a person says so, or stays.

        An event that follows nothing (another mode, an object without documents) is kept with that reason.
        """
        try:
            wire = orjson.loads(str(payload["body"]))
            event = read_event(wire, "webhook", Expected(self.livemode, held.account), self.live)
        except (orjson.JSONDecodeError, NotAnEvent) as error:
            if close:
                quarantine.let_body_go(self.engine, held.id, "closed", reason)
                return Replayed(closed=[held.id])
            quarantine.still_no_event(self.engine, held.id, str(error))
            return Replayed(stays=[held.id])
        events.record(self.engine, [event])
        quarantine.let_body_go(self.engine, held.id, "event", reason or "it is read as an event now")
        return Replayed(released=[held.id])
