"""Puts the parts together from settings: database, clients, stages. For Dagster and the command line only."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.apply.execute import ApplyResult, Executor, look_alike_days
from o2c_orchestration.apply.stripe import StripeSide
from o2c_orchestration.apply.write_back import WriteBackResult
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import SalesforceCredentials
from o2c_orchestration.clients.netsuite import NetSuiteAccount, NetSuiteReader, NetSuiteWriter
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.clients.salesforce_write import SalesforceWriter
from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.clients.stripe_write import StripeWriter
from o2c_orchestration.deal_stages import DealStages
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.errors import O2CError, SettingsError
from o2c_orchestration.domain.policy import MAIN, Mode, Policy
from o2c_orchestration.domain.priority import priority_of_change
from o2c_orchestration.extract.accounts import AccountsExtractor, check_accounts, check_writer
from o2c_orchestration.extract.anew import read_anew
from o2c_orchestration.extract.complete import complete_all
from o2c_orchestration.extract.every_customer import read_every_customer
from o2c_orchestration.extract.off_stripe import ask_off_stripe
from o2c_orchestration.extract.openings import ask_openings
from o2c_orchestration.extract.stripe import VANISHING, Extracted, StripeExtractor
from o2c_orchestration.mirror.older import look_up_older
from o2c_orchestration.mirror.read import LedgerReader
from o2c_orchestration.mirror.reference import read_reference
from o2c_orchestration.plan.totals import PlanTotals
from o2c_orchestration.plan_stage import Ledger, PlanStage
from o2c_orchestration.reconcile.matches import Suggested, suggestions
from o2c_orchestration.settings import Settings
from o2c_orchestration.store import inbox, matches, planning
from o2c_orchestration.store.audit import tell_policy
from o2c_orchestration.store.database import open_database, start_embedded
from o2c_orchestration.store.days import record_read
from o2c_orchestration.store.gate import unseen
from o2c_orchestration.store.ledger import LEDGER_CURSOR, MirrorResult
from o2c_orchestration.store.written import server_errors, written_ids

if TYPE_CHECKING:
    from o2c_orchestration.validate.run import Validated

# stage, rows done so far in this stage
Progress = Callable[[str, int], None]


def _silent(*_: object) -> None:
    """Nobody listens."""


def _seen(found: Mapping[str, Extracted]) -> int:
    return sum(part.seen for part in found.values())


def _made(outcome: ApplyResult | None) -> int | None:
    return None if outcome is None else outcome.written + outcome.adopted


class LedgerUnread(O2CError):
    """Writing was asked for before it is known what the ledger holds."""


@dataclass
class Assembly:
    """Everything that the stages need, made when first used. One per process."""

    settings: Settings
    progress: Progress = field(default=_silent)
    step_done: Callable[[str], None] = field(default=_silent)
    # Told before a stage whose rows are known in advance.
    expected: Progress = field(default=_silent)
    # A longer span is planned in parts of so many invoices and payments, which take some 400 MB.
    plan_rows_max: int = 20_000

    _told: dict[str, int] = field(default_factory=dict, init=False)
    _fresh: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        tracing.start(self.settings.collector)

    @property
    def policy(self) -> Policy:
        return self.settings.policy

    @property
    def writes(self) -> bool:
        """Whether the mode lets this process write to other systems."""
        return self.policy.mode is Mode.SYNC

    @cached_property
    def database_url(self) -> str:
        """The URL of the database; starts the embedded server when none is set."""
        return self.settings.database_url or start_embedded(self.settings.home)

    @cached_property
    def engine(self) -> Engine:
        return open_database(self.database_url)

    @cached_property
    def stripe_budget(self) -> RateBudget:
        """The share of Stripe's limits that this process may use; counts its requests."""
        limits = self.policy.stripe
        return RateBudget(limits.requests_per_second, limits.requests_in_flight)

    @cached_property
    def further_budgets(self) -> dict[str, RateBudget]:
        """The same for each further account."""
        limits = self.policy.stripe
        return {
            account: RateBudget(limits.requests_per_second, limits.requests_in_flight)
            for account in self.policy.entities
        }

    @property
    def stripe_requests(self) -> int:
        """How many requests this process has sent to Stripe, for all accounts."""
        return sum(budget.requests for budget in (self.stripe_budget, *self.further_budgets.values()))

    @cached_property
    def stripe(self) -> StripeReader:
        """The reader of the main account. Raises SettingsError when Stripe has no credentials."""
        credentials = self.settings.stripe
        if credentials is None:
            raise SettingsError("Stripe is off: STRIPE_API_KEY is not set", "set it to a restricted key that may read")
        return StripeReader(credentials, self.stripe_budget)

    @cached_property
    def stripe_readers(self) -> dict[str, StripeReader]:
        """A reader for each Stripe account, with a rate budget of its own, as Stripe's limits are by account.

        Raises SettingsError also where a key is another account's than it is given for.
        """
        readers = {MAIN: self.stripe}
        for account, credentials in self.settings.stripe_accounts.items():
            if account != MAIN:
                readers[account] = StripeReader(credentials, self.further_budgets[account])
        check_accounts(readers)
        return readers

    @cached_property
    def hasty_readers(self) -> dict[str, StripeReader]:
        """As `stripe_readers`, but they give up soon: one object that cannot be read must not hold up the others."""
        hasty = RetryPolicy(attempts=2, longest_wait=1.0)
        return {account: reader.with_retry(hasty) for account, reader in self.stripe_readers.items()}

    @cached_property
    def netsuite(self) -> NetSuiteAccount:
        """Raises SettingsError when NetSuite has no credentials."""
        credentials = self.settings.netsuite
        if credentials is None:
            raise SettingsError(
                "NetSuite is off: NETSUITE_ACCOUNT_ID is not set",
                "set it and NETSUITE_CLIENT_ID, NETSUITE_CERTIFICATE_ID, NETSUITE_PRIVATE_KEY",
            )
        return NetSuiteAccount(credentials)

    @cached_property
    def ledger(self) -> NetSuiteReader:
        return NetSuiteReader(self.netsuite)

    @cached_property
    def salesforce(self) -> SalesforceReader:
        """Raises SettingsError when Salesforce has no credentials."""
        return SalesforceReader(self._salesforce_credentials())

    @cached_property
    def deals(self) -> DealStages:
        """The stages of deals. Raises SettingsError when Salesforce has no credentials."""
        settings = self.settings
        return DealStages(
            self.engine,
            self.policy,
            self.salesforce,
            (lambda: self.stripe) if settings.stripe is not None else None,
            (lambda: self.ledger) if settings.netsuite is not None else None,
            self.progress,
            self._know_customers,
        )

    def _know_customers(self) -> None:
        if self.settings.stripe is not None:
            read_every_customer(self.engine, self.extractor("extract").each[MAIN], self.validate)

    def suggestions(self) -> list[Suggested]:
        """Accounts of Salesforce that may be customers whom Stripe knows, by what the store holds."""
        return suggestions(*matches.untied(self.engine))

    def apply_deals(self) -> ApplyResult | None:
        """Write what is planned for deals, to Stripe and NetSuite; None in observe mode."""
        return self.deals.apply(self._executor()) if self._may_write() else None

    def write_back(self) -> WriteBackResult | None:
        """Tell Salesforce what it does not say yet; None in observe mode, or where the policy leaves it alone."""
        if not self.writes or not self.policy.deals.write_back:
            return None
        return self.deals.write_back(self._salesforce_writer)

    @cached_property
    def _salesforce_writer(self) -> SalesforceWriter:
        return SalesforceWriter(self._salesforce_credentials())

    def _salesforce_credentials(self) -> SalesforceCredentials:
        if self.settings.salesforce is None:
            raise SettingsError(
                "Salesforce is off: SALESFORCE_BASE_URL is not set",
                "set it and SALESFORCE_CLIENT_ID with SALESFORCE_CLIENT_SECRET, or a username and a private key",
            )
        return self.settings.salesforce

    def extractor(self, stage: str, *, patient: bool = True) -> AccountsExtractor:
        """Reads Stripe, with progress under the given stage."""
        in_flight, tell = self.policy.stripe.requests_in_flight, partial(self.progress, stage)
        readers = self.stripe_readers if patient else self.hasty_readers
        each = {
            account: StripeExtractor(self.engine, reader, in_flight, tell, account, self.policy.of(account).kept)
            for account, reader in readers.items()
        }
        return AccountsExtractor(self.engine, each)

    @tracing.stage("extract", rows=_seen)
    def extract(self, object_types: list[str], first: date, last: date) -> dict[str, Extracted]:
        """Read windows of Stripe."""
        tracing.say("o2c.objects", object_types)
        extractor = self.extractor("extract")
        unwanted = set() if self.policy.items.price_metadata else {"price"}
        wanted = (kind for kind in object_types if kind not in unwanted)
        return {kind: self._window(extractor, kind, first, last) for kind in wanted}

    def _window(self, extractor: AccountsExtractor, object_type: str, first: date, last: date) -> Extracted:
        total = Extracted()
        for account, own in extractor.each.items():
            began = datetime.now(UTC)
            found = own.window(object_type, first, last)
            if found.unreadable is None:
                found.changed += self._vanished(own, object_type, first, last, began, account)
                record_read(self.engine, object_type, first, last, began, account)
            total.join(found)
        return total

    def _vanished(
        self, own: StripeExtractor, object_type: str, first: date, last: date, began: datetime, account: str
    ) -> int:
        """Stripe lists no deleted objects, and the event that told of one may be gone: how many were found to be."""
        if object_type not in VANISHING:
            return 0
        return own.objects(object_type, unseen(self.engine, object_type, first, last, began, account)).changed

    @tracing.stage("validate", rows=lambda found: found.accepted)
    def validate(self, object_type: str) -> "Validated":
        """Validate what is pending of one type."""
        tracing.say("o2c.objects", [object_type])
        # Pandas and Pandera take a quarter of the time in which a command starts, and few commands validate.
        from o2c_orchestration.validate.run import validate_pending

        zones = {account: own.books.zone for account, own in self.policy.each()}
        return validate_pending(self.engine, object_type, zones[MAIN], partial(self.progress, "validate"), zones)

    @tracing.stage("complete", rows=_seen)
    def complete(self, first: date, last: date) -> dict[str, Extracted]:
        """Fetch what rows and ledger point to and the store lacks, until nothing is missing."""
        extractor = self.extractor("extract")
        ask_off_stripe(self.engine, self.stripe_readers, self.policy.stripe.requests_in_flight)
        for kind in read_anew(extractor, self.engine, self.policy, first, last):
            self.validate(kind)
        totals = complete_all(extractor, self.engine, first, last, self.policy.items, self.policy.books, self.validate)
        ask_openings(self.engine, extractor.each, self.policy.books)
        return totals

    @tracing.stage("reference", rows=lambda counts: sum(counts.values()))
    def read_reference(self) -> dict[str, int]:
        """Refresh NetSuite's currencies, items and what else the policy names; rows by kind."""
        fresh, self._fresh = self._fresh, {}
        self._told = fresh or read_reference(self.engine, self.ledger, self.policy)
        return self._told

    def reference_is_fresh(self) -> None:
        """The next to ask for reference data gets what was read just now: a run's stage, what its preflight read."""
        self._fresh = self._told

    @tracing.stage("mirror", rows=lambda found: found.read)
    def read_ledger(self, first: date, last: date, stage: str = "mirror") -> MirrorResult:
        """Mirror the ledger: what changed and what is dated in [first, last]."""
        return self._ledger_reader(stage).read(first, last)

    @tracing.stage("mirror", rows=lambda found: found.read)
    def read_recent_ledger(self, stage: str = "mirror") -> MirrorResult:
        """Mirror what changed in the ledger since it was read last."""
        return self._ledger_reader(stage).read_recent()

    def _ledger_reader(self, stage: str) -> LedgerReader:
        return LedgerReader(self.engine, self.ledger, self.policy, lambda count: self.progress(stage, count))

    @tracing.stage("plan", rows=lambda found: sum(found.documents.values()))
    def plan(self, first: date, last: date) -> PlanTotals:
        """Plan the documents of [first, last] and keep the plan, which `store.planning` reads."""
        tell_policy(self.engine, self.policy)
        self._adopt_older()
        ledger = self._asked if self.settings.netsuite is not None else None
        stage = PlanStage(self.engine, self.policy, ledger, partial(self.progress, "plan"), self.plan_rows_max)
        return stage.plan(first, last)

    def _asked(self) -> Ledger:
        return Ledger(self.ledger, self.netsuite.slots.in_flight_max)

    def _adopt_older(self) -> None:
        """Look up NetSuite's documents of objects from before the books, which no read of the ledger brings."""
        if self.settings.netsuite is not None and inbox.read_cursor(self.engine, LEDGER_CURSOR) is not None:
            look_up_older(self.engine, self._ledger_reader("plan"), self.policy.books)

    @tracing.stage("apply", rows=_made)
    def apply(self, first: date | None = None, last: date | None = None) -> ApplyResult | None:
        """Write the kept plan to NetSuite; None in observe mode, which writes to no system."""
        if not self._may_write():
            return None
        self.expected("apply", planning.count_planned(self.engine, first, last))
        return self._executor().run_all(planning.batches(self.engine, first, last))

    def intend(self, spans: Sequence[tuple[date, date]]) -> None:
        """Put what is planned for these spans of days into the journal, to go before what sweeps have planned."""
        if self._may_write():
            self._executor().intend(self._planned(spans), self._priority)

    @tracing.stage("apply", rows=lambda made: made)
    def apply_first(self, spans: Sequence[tuple[date, date]]) -> int | None:
        """As `intend`, and write what can be written without waiting, whoever intended it.

        Returns how many documents were written or adopted, None when another process is writing and takes them along.
        In observe mode that is 0.
        """
        if not self._may_write():
            return 0
        return self._executor().run_first(self._planned(spans), self._priority)

    def _planned(self, spans: Sequence[tuple[date, date]]) -> list[Command]:
        """Each once: a customer is planned with the documents of every span that lean on it."""
        plans = [planning.read_plan(self.engine, *span) for span in spans]
        return list({command.external_id: command for plan in plans for command in plan.commands}.values())

    def _priority(self, command: Command) -> int:
        return priority_of_change(command, self.policy.live)

    @property
    def writing_waits(self) -> bool:
        """Whether the mode lets us write and nothing is written yet, since it is not known what the ledger holds."""
        return self.writes and inbox.read_cursor(self.engine, LEDGER_CURSOR) is None

    def _may_write(self) -> bool:
        """Whether the mode lets us write. Raises LedgerUnread where it is not known what the ledger holds."""
        if self.writing_waits:
            text = "the ledger has not been read yet, so what it already holds is not known"
            raise LedgerUnread(text, "run `o2c run` first")
        return self.writes

    @tracing.stage("sweep", rows=_made)
    def sweep(self) -> ApplyResult | None:
        """Resolve writes without an outcome and make failed ones again; None in observe mode. Raises WriterBusy."""
        if not self.writes:
            return None
        today = datetime.now(UTC).date()
        return self._executor().sweep(lambda: self.read_ledger(today, today, "apply"))

    @cached_property
    def stripe_side(self) -> StripeSide | None:
        """What makes objects in Stripe, only where it is to bill deals: its key needs to write for nothing else.

        Raises SettingsError where its key is not one of the account that is read.
        """
        credentials = self.settings.stripe_writer
        if credentials is None or not self.policy.deals.bills:
            return None
        if credentials.writes:
            with closing(StripeReader(credentials, self.stripe_budget)) as asked:
                check_writer(self.stripe, asked)
        writer, errors = StripeWriter(credentials, self.stripe_budget), partial(server_errors, self.engine)
        return StripeSide(writer, self.stripe, lambda key: written_ids(self.engine, [key]).get(key), errors)

    def _executor(self) -> Executor:
        tell_policy(self.engine, self.policy)
        return Executor(
            self.engine,
            NetSuiteWriter(self.netsuite),
            self.ledger,
            self.policy.apply,
            self.policy.documents,
            concurrency=self.netsuite.slots.in_flight_max,
            look_alike_days=look_alike_days(self.policy),
            stripe=self.stripe_side,
            progress=lambda done: self.progress("apply", 1),
        )
