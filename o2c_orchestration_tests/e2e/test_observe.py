"""Observe mode looks at everything and touches nothing; sync over the same store then writes what was planned."""

from pathlib import Path

from o2c_orchestration.domain.keys import stripe_id_of
from o2c_orchestration.sandbox.company import Company as DemoCompany
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.store import planning
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.world import TODAY, open_gaps, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, demo_books, opened

READING = ("/services/rest/query/v1/suiteql", "/services/rest/auth/oauth2/v1/token")


def assert_touched_nothing(company: Company) -> None:
    """Stripe saw only GET, NetSuite only GET, queries and the login."""
    stripe, netsuite = company.world.requests("stripe"), company.world.requests("netsuite")
    assert stripe
    assert netsuite
    assert [each for each in stripe if each["method"] != "GET"] == []
    assert [each for each in netsuite if each["method"] != "GET" and each["path"] not in READING] == []
    assert company.world.requests("salesforce") == []


def movements(made: DemoCompany) -> list[tuple[str, str]]:
    """Type and key of every other document to write. What was written off and paid before needs none."""
    paid = {thing["id"] for thing in made.stripe if thing["object"] == "invoice" and thing["status"] == "paid"}
    pairs = [(document, key) for document, keys in made.documents_missing.items() for key in keys]
    return [pair for pair in pairs if pair[1].partition("-")[2] not in paid]


def told(made: DemoCompany, key: str) -> str | None:
    """The kind of gap that its absence is; None where another gap of the same object tells it."""
    if key.startswith("cm-in_"):
        # An invoice that NetSuite holds is open there and closed in Stripe; one that it lacks is missing, and no more.
        return None if stripe_id_of(key) in made.missing else "status_mismatch"
    kinds = {"cn": "credit_memo_missing", "re": "refund_missing", "rf-re": "payment_missing", "po": "deposit_missing"}
    kinds |= {"ch": "payment_missing", "py": "payment_missing", "pyr": "refund_missing", "rf-pyr": "payment_missing"}
    kinds |= dict.fromkeys(("dp", "du", "rp-dp", "rp-du"), "dispute_missing")
    return kinds.get(key.partition("_")[0])


def test_observe_writes_nothing_and_shows_everything(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Not one write reaches any system; the plan and the gaps are whole; sync over the same store then applies."""
    books, made = demo_books(40, 6), build(7, 40, today=TODAY, days=6)
    truth = {(row["kind"], row["stripe_id"]) for row in books.truth if row["stripe_id"]}
    # A closed period, and a customer without the currency: NetSuite would refuse them, and is not needed for that.
    assert len({row["stripe_id"] for row in books.truth if row["kind"] == "sync_failed"}) == 2
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        before = audit.actual(world.state)
        with opened(world, books, url, mode="observe") as company:
            company.run()
            assert_touched_nothing(company)
            assert company.product.apply(*books.span) is None
            plan = planning.read_plan(company.product.engine)
            planned = {(command.document, command.stripe_id) for command in plan.commands}
            found = open_gaps(company.product)
        assert audit.actual(world.state) == before
        assert planned == {
            *(("invoice", key) for key in made.missing),
            *(("customerPayment", key) for key in made.payments_missing),
            *(("customer", key) for key in made.customers_missing),
            *((document, stripe_id_of(key)) for document, key in movements(made)),
        }
        missing = {("missing_in_netsuite", key) for key in made.missing}
        unpaid = {("payment_missing", key) for key in made.payments_missing}
        gone = {(kind, stripe_id_of(key)) for _, key in movements(made) if (kind := told(made, key))}
        # Nothing is on Suspense before a deposit is written.
        later = {gap for gap in truth if gap[0] == "payout_residual"}
        assert {gap for gap in found if gap[1] and not gap[1].isdigit()} == missing | unpaid | gone | truth - later
        with opened(world, books, url) as company:
            company.run()
            written = [each for each in world.writes() if each["status"] == 204]
            assert len(written) == len(planned)
            assert {gap for gap in open_gaps(company.product) if gap[1] and not gap[1].isdigit()} == truth


def test_observe_works_no_journal(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Writes that an earlier sync left open stay open while the mode is observe."""
    books = demo_books(40, 6)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        world.faults({"method": "POST", "kind": "rate_limit"})
        with opened(world, books, url, policy={"apply": {"patience_seconds": 0}}) as company:
            company.run()
        world.faults()
        with opened(world, books, url, mode="observe") as company:
            company.run()
            assert_touched_nothing(company)
