"""What became of a request, put on record: done, refused, unknown, not written, or given up.

A request whose answer was lost may be carried out minutes after we stopped waiting. So its document is looked up
early and often, to be adopted; but only a look-up made after NetSuite's own limit for a request proves that nothing
was written, and only then is the request made again.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.domain import vanished
from o2c_orchestration.domain.documents import Command, system_of
from o2c_orchestration.domain.errors import O2CError, RateLimited, Refused, SystemFailure, TransientError
from o2c_orchestration.domain.policy import ApplyPolicy
from o2c_orchestration.store import journal
from o2c_orchestration.store.journal import Claim

log = structlog.get_logger(__name__)

OUTCOMES = ("done", "refused", "unknown", "not_written", "dead")
# What a person does with a refusal once its cause is mended, where that is not to try again.
_RETRY, _THEN = "retry {}", {vanished.CODE: "drop {} --reason WHY"}
_LONGEST_WAIT = 60.0
_LONGEST_LOOK_UP_WAIT = 600.0
_SHORTEST_LOOK_UP_WAIT = 0.05


# The id of what a command asks for, where it is there already.
Find = Callable[[Command], str | None]


@contextmanager
def journal_span(what: str, claim: Claim) -> Iterator[tracing.Span]:
    """The span of a document's way through the journal, in the trace of the object that it is made of.

    Lines of the log within it have that object's id, the document and its external id.
    """
    command = claim.command
    said: dict[str, tracing.Value] = {
        "o2c.document": command.document,
        "o2c.external_id": command.external_id,
        "o2c.attempt": claim.attempts,
    }
    bound = structlog.contextvars.bound_contextvars(document=command.document, external_id=command.external_id)
    with bound, tracing.span(f"{what} {command.document}", said, about=command.stripe_id) as span:
        yield span


class Outcomes:
    """Decides what an answer, or its absence, means for a journal row, and records it under the row's lease.

    `edge` is called around every record and look-up; `count` is told of `written`, `adopted` and `refused`.
    """

    def __init__(
        self,
        engine: Engine,
        find: Find,
        policy: ApplyPolicy,
        *,
        edge: Callable[[str], None],
        count: Callable[[str], None],
    ) -> None:
        self._engine = engine
        self._find = find
        self._policy = policy
        self._edge = edge
        self._count = count

    def done(self, claim: Claim, identifier: str, *, adopted: bool) -> None:
        """The document is there, under this id of its system's."""
        if self._keep("done", journal.record_done, claim, identifier, adopted=adopted):
            self._count("adopted" if adopted else "written")
        log.info("document written", id=identifier, adopted=adopted)

    def refuse(self, claim: Claim, code: str, detail: str, fix: str, status: int | None = None) -> None:
        """NetSuite says no, or would: a person has to change something first."""
        then = f"o2c dead-letters {_THEN.get(code, _RETRY).format(claim.command.external_id)}"
        self._keep("refused", journal.record_refused, claim, code, detail, f"{fix}; then: {then}", status=status)
        self._count("refused")
        log.warning("document refused", code=code, detail=detail)

    def refused(self, claim: Claim, refused: Refused) -> None:
        """A duplicate external id means that the document is there already: look it up and adopt it."""
        command = claim.command
        if refused.category == "duplicate":
            try:
                found = self._find(command)
            except O2CError as error:
                self._unknown(claim, f"{refused.detail}; {error.what}", refused.status)
                return
            if found is not None:
                self.done(claim, found, adopted=True)
                return
        self.refuse(claim, refused.code, refused.detail, refused.fix, refused.status)

    def unknown(self, claim: Claim, error: SystemFailure) -> None:
        """The request left, and nobody knows what became of it."""
        self._unknown(claim, error.what, error.status)

    def try_again(self, claim: Claim, error: TransientError) -> None:
        """Nothing was written, surely: the same request again later, a bounded number of times."""
        if claim.attempts >= self._policy.attempts_max and not isinstance(error, RateLimited):
            self._give_up(claim, error.what, error.status)
            return
        self.not_written(claim, error.what, self._wait(claim), error.status)

    def not_written(self, claim: Claim, words: str, wait_seconds: float, status: int | None = None) -> None:
        """Nothing was written, surely."""
        self._keep("not_written", journal.record_not_written, claim, words, wait_seconds, status=status)

    def look_up(self, claim: Claim) -> bool:
        """Adopt what NetSuite holds under the external id, or find out that it holds nothing.

        False when the outcome is as unknown as before.
        """
        with journal_span("look up", claim):
            return self._look_up(claim)

    def _look_up(self, claim: Claim) -> bool:
        command, system = claim.command, system_of(claim.command.document)
        self._edge("before_look_up")
        try:
            found = self._find(command)
        except O2CError as error:
            return self._not_looked_up(claim, error)
        self._edge("after_look_up")
        if found is not None:
            self.done(claim, found, adopted=True)
        elif claim.settles_in > 0:
            self._unknown(claim, f"not in {system} yet; it may still be written within {claim.settles_in:.0f} s")
            return False
        elif claim.attempts >= self._policy.attempts_max:
            self._give_up(claim, f"no answer, and {system} does not hold the document")
        else:
            self.not_written(claim, f"looked up: not in {system}", self._wait(claim))
        return True

    def _not_looked_up(self, claim: Claim, error: O2CError) -> bool:
        if claim.look_ups < self._policy.look_ups_max:
            self._unknown(claim, error.what)
            return False
        key, system = claim.command.external_id, system_of(claim.command.document)
        fix = f"see whether {system} answers, then: o2c dead-letters retry {key}, which looks it up before it sends"
        detail = f"whether {system} has the document is unknown: {error.what}"
        self._keep("dead", journal.record_dead, claim, detail, fix, code=journal.OUTCOME_UNKNOWN)
        log.error("dead letter", detail=detail)
        return True

    def _unknown(self, claim: Claim, words: str, status: int | None = None) -> None:
        self._keep("unknown", journal.record_unknown, claim, words, self._look_up_wait(claim), status=status)
        log.warning("the outcome is unknown: it is looked up", detail=words)

    def _give_up(self, claim: Claim, detail: str, status: int | None = None) -> None:
        system = system_of(claim.command.document)
        fix = f"see whether {system} answers, then: o2c dead-letters retry {claim.command.external_id}"
        self._keep("dead", journal.record_dead, claim, detail, fix, status=status)
        log.error("dead letter", detail=detail)

    def _wait(self, claim: Claim) -> float:
        """Growing and jittered, so that several writers do not march in step."""
        return random.uniform(0.5, 1.0) * min(0.5 * 2.0**claim.attempts, _LONGEST_WAIT)

    def _look_up_wait(self, claim: Claim) -> float:
        """The first at its full length; growing, jittered, and not past the moment from which a look-up is proof."""
        wait = self._policy.resolve_after_seconds
        if claim.look_ups:
            wait = random.uniform(0.5, 1.0) * min(wait * 2.0**claim.look_ups, _LONGEST_LOOK_UP_WAIT)
        if claim.settles_in > 0:
            wait = min(wait, claim.settles_in)
        return max(wait, _SHORTEST_LOOK_UP_WAIT)

    def _keep(self, outcome: str, record: Callable[..., bool], claim: Claim, *values: Any, **named: Any) -> bool:
        """Record one of OUTCOMES between two edges; False when the lease was lost to another worker."""
        self._edge(f"before_record_{outcome}")
        kept = record(self._engine, claim, *values, **named)
        tracing.say("o2c.outcome", ("adopted" if named.get("adopted") else outcome) if kept else "lease lost")
        self._edge(f"after_record_{outcome}")
        return kept
