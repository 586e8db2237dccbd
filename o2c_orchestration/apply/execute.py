"""Executes the journal: claims, sends, records. As many writes in flight as NetSuite's concurrency limit allows.

Order: what an earlier process left without an outcome is looked up first, then customers, invoices and
payments are written, each only when the documents it leans on are there.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import Engine

from o2c_orchestration.apply.body import UnresolvedReference, document_keys, resolve
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ObjectMissing,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    Refused,
    TransientError,
)
from o2c_orchestration.domain.policy import ApplyPolicy, Documents
from o2c_orchestration.store import journal, ledger
from o2c_orchestration.store.journal import Claim
from o2c_orchestration.store.lock import writer_lock

log = structlog.get_logger(__name__)

ORDER = ("customer", "invoice", "customerPayment")
_OUTCOMES = ("done", "refused", "unknown", "not_written", "dead")
# Every point where a process may die, with its trace left on one side of it.
EDGES = (
    *("before_intent", "after_intent", "before_claim", "after_claim"),
    *("before_request", "after_response", "before_look_up", "after_look_up"),
    *(f"{side}_record_{outcome}" for outcome in _OUTCOMES for side in ("before", "after")),
)
_BATCH = 500
# Workers beyond NetSuite's limit, which the client keeps: they claim and record while the others' requests are
# under way, so that a slot never waits for our own database.
_AHEAD = 2
# Within one apply, rows that fall due sooner than this are waited for; later ones are left to the next run.
_PATIENCE_SECONDS = 30.0


class Writer(Protocol):
    """The writing half of the NetSuite client."""

    def create(self, record_type: str, body: Any) -> str:
        """Internal id of the new record."""


class Finder(Protocol):
    """The look-up half of the NetSuite client."""

    def find_by_external_id(self, record_type: str, external_id: str) -> str | None:
        """Internal id of the record with this external id, if there is one."""


@dataclass(frozen=True)
class ApplyResult:
    """Journal rows after an apply, by state, and how many of them this apply brought there."""

    written: int
    adopted: int
    refused: int
    open: int
    dead: int


class Executor:
    """Brings the journal's open rows to an outcome.

    `edge` is called with each of EDGES where it lies; it does nothing here, and the crash tests hand in one that
    kills.
    """

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        finder: Finder,
        policy: ApplyPolicy,
        documents: Documents,
        *,
        concurrency: int,
        progress: Callable[[int], None] = lambda done: None,
        edge: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._finder = finder
        self._policy = policy
        self._allowed = [name for name in ORDER if documents.allows(name)]
        self._concurrency = concurrency
        self._progress = progress
        self._edge = edge
        self._tally: dict[str, int] = {"written": 0, "adopted": 0, "refused": 0}
        self._tally_lock = threading.Lock()

    def run(self, commands: Sequence[Command]) -> ApplyResult:
        """Persist the commands as intents and work until nothing more can be done now."""
        with writer_lock(self._engine):
            self._edge("before_intent")
            allowed = [item for item in commands if item.document in self._allowed]
            journal.intend(self._engine, allowed)
            self._edge("after_intent")
            self._reference = ledger.reference(self._engine)
            with ThreadPoolExecutor(self._concurrency + _AHEAD, thread_name_prefix="netsuite-write") as pool:
                self._resolve_unknown(pool, takeover=True)
                for _ in range(journal.overtaken(self._engine, allowed)):
                    self._count("adopted")
                self._work(pool)
        counts = journal.counts(self._engine)
        waiting = sum(counts.get(state, 0) for state in journal.OPEN_STATES)
        return ApplyResult(**self._tally, open=waiting, dead=counts.get("dead", 0))

    def _work(self, pool: ThreadPoolExecutor) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            if self._send_ready(pool) + self._resolve_unknown(pool):
                deadline = time.monotonic() + _PATIENCE_SECONDS
                continue
            wait = journal.next_due_in(self._engine, self._allowed)
            if wait is None or time.monotonic() + wait > deadline:
                return
            time.sleep(max(wait, 0.05))

    def _send_ready(self, pool: ThreadPoolExecutor) -> int:
        """Customers before invoices before payments, so that dependencies are met in one pass."""
        sent = 0
        for document in self._allowed:
            while ids := journal.ready(self._engine, document, _BATCH):
                sent += sum(pool.map(self._send, ids))
        return sent

    def _resolve_unknown(self, pool: ThreadPoolExecutor, *, takeover: bool = False) -> int:
        claims = journal.claim_unknown(self._engine, _BATCH, self._policy.lease_seconds, takeover=takeover)
        list(pool.map(self._look_up, claims))
        return len(claims)

    def _send(self, journal_id: int) -> int:
        self._edge("before_claim")
        claim = journal.claim(self._engine, journal_id, self._policy.lease_seconds)
        if claim is None:
            return 0
        self._edge("after_claim")
        command = claim.command
        with structlog.contextvars.bound_contextvars(stripe_id=command.stripe_id, document=command.document):
            try:
                self._create(claim)
            except UnresolvedReference as missing:
                self._refuse(claim, "REFERENCE_MISSING", str(missing), missing.fix)
            except Refused as refused:
                self._settle_refusal(claim, refused)
            except ObjectMissing as error:
                self._refuse(claim, "NOT_FOUND", error.what, error.what_to_do)
            except TransientError as error:
                self._try_again(claim, error)
            except (AuthenticationError, PermissionDenied) as error:
                # Not this document's fault: nothing was written, and no other write would fare better.
                self._keep("not_written", journal.record_not_written, claim, error.what, 0)
                raise
            except (OutcomeUnknown, ProtocolError) as error:
                self._keep("unknown", journal.record_unknown, claim, error.what, self._policy.resolve_after_seconds)
        return 1

    def _create(self, claim: Claim) -> None:
        command = claim.command
        documents = journal.netsuite_ids(self._engine, sorted(document_keys(command.body)))
        body = resolve(command.body, documents, self._reference)
        self._edge("before_request")
        netsuite_id = self._writer.create(command.document, body)
        self._edge("after_response")
        self._done(claim, int(netsuite_id), adopted=False)

    def _settle_refusal(self, claim: Claim, refused: Refused) -> None:
        """A duplicate external id means that the document is there already: look it up and adopt it."""
        command = claim.command
        if refused.category == "duplicate":
            try:
                found = self._finder.find_by_external_id(command.document, command.external_id)
            except O2CError as error:
                self._keep("unknown", journal.record_unknown, claim, error.what, self._wait(claim))
                return
            if found is not None:
                self._done(claim, int(found), adopted=True)
                return
        self._refuse(claim, refused.code, refused.detail, refused.fix)

    def _look_up(self, claim: Claim) -> None:
        """Adopt what NetSuite holds under the external id, or plan another attempt if it holds nothing."""
        command = claim.command
        self._edge("before_look_up")
        try:
            found = self._finder.find_by_external_id(command.document, command.external_id)
        except O2CError as error:
            self._keep("unknown", journal.record_unknown, claim, error.what, self._wait(claim))
            return
        self._edge("after_look_up")
        if found is not None:
            self._done(claim, int(found), adopted=True)
        elif claim.attempts >= self._policy.attempts_max:
            self._give_up(claim, "no answer, and NetSuite does not hold the document")
        else:
            self._keep(
                "not_written", journal.record_not_written, claim, "looked up: not in NetSuite", self._wait(claim)
            )

    def _try_again(self, claim: Claim, error: O2CError) -> None:
        if claim.attempts >= self._policy.attempts_max and not isinstance(error, RateLimited):
            self._give_up(claim, error.what)
        else:
            self._keep("not_written", journal.record_not_written, claim, error.what, self._wait(claim))

    def _wait(self, claim: Claim) -> float:
        """Growing and jittered, so that several writers do not march in step."""
        return random.uniform(0.5, 1.0) * min(0.5 * 2.0**claim.attempts, 60.0)

    def _done(self, claim: Claim, netsuite_id: int, *, adopted: bool) -> None:
        if self._keep("done", journal.record_done, claim, netsuite_id, adopted=adopted):
            self._count("adopted" if adopted else "written")
        log.info("document written", netsuite_id=netsuite_id, adopted=adopted)

    def _refuse(self, claim: Claim, code: str, detail: str, fix: str) -> None:
        retry = f"o2c dead-letters retry {claim.command.external_id}"
        self._keep("refused", journal.record_refused, claim, code, detail, f"{fix}; then: {retry}")
        self._count("refused")
        log.warning("document refused", code=code, detail=detail)

    def _give_up(self, claim: Claim, detail: str) -> None:
        fix = "see whether NetSuite answers, then: o2c dead-letters retry " + claim.command.external_id
        self._keep("dead", journal.record_dead, claim, detail, fix)
        log.error("dead letter", external_id=claim.command.external_id, detail=detail)

    def _keep(self, outcome: str, record: Callable[..., bool], claim: Claim, *values: Any, **named: Any) -> bool:
        """Record one of _OUTCOMES between two edges; False when the lease was lost to another worker."""
        self._edge(f"before_record_{outcome}")
        kept = record(self._engine, claim, *values, **named)
        self._edge(f"after_record_{outcome}")
        return kept

    def _count(self, outcome: str) -> None:
        with self._tally_lock:
            self._tally[outcome] += 1
            self._progress(sum(self._tally.values()))
