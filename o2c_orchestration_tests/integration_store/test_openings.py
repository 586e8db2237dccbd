"""The equation of opening balances over stored rows: what is declared and taken, what Stripe held and paid out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import ledger
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.store.older import not_looked_up, record_looked_up
from o2c_orchestration.store.openings import OpeningBalance, moved_since, opening_balances, opening_told, record_opening
from o2c_orchestration.store.payout_sums import payouts_created
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.sound_books import ARRIVAL, NOON, document, members, netsuite, stripe

START = NOON.date()
CUT = datetime.combine(START, datetime.min.time(), UTC)
BEFORE = CUT - timedelta(seconds=1)
CHECKING, SUSPENSE, OPENING = 1, 6, 9
HELD = 12_500


def policy(amount_minor: int | None = HELD, currency: str = "usd") -> Policy:
    opening = {} if amount_minor is None else {currency: {"account": "stripe opening", "amount_minor": amount_minor}}
    return Policy.model_validate({"books": {"start": START, "opening": opening}})


def deposit(
    engine: Engine, number: int, payout: str, total: int, *lines: tuple[int, int, str], held: tuple[int, ...] = ()
):
    posted = [(number, n, account, minor, memo) for n, (account, minor, memo) in enumerate(lines, 1)]
    made = document(number, "deposit", payout, total, entity_id=None, trandate=ARRIVAL)
    netsuite(engine, made, lines=posted, deposited=[(each, number) for each in held])


@pytest.fixture
def books(engine: Engine) -> Engine:
    """Stripe held 125.00: a charge of 100.00 with a fee of 3.00, another of 30.00 and a levy of −2.00; two payouts."""
    names = [("1", "Checking"), ("6", "Suspense"), ("7", "Stripe Fees"), ("9", "Stripe Opening")]
    ledger.replace_reference(engine, "account", names, datetime.now(UTC))
    ledger.merge_customers(engine, [(1, "cus_1", "Ann", False)], datetime.now(UTC))
    stripe(engine, "customers", {"id": "cus_1", "created_at": BEFORE})
    stripe(engine, "invoices", {"id": "in_1", "status": "paid", "total_minor": 10000, "created_at": BEFORE})
    old = [{"id": f"ch_{n}", "amount_minor": minor, "created_at": BEFORE} for n, minor in ((1, 10000), (2, 3000))]
    stripe(engine, "payments", *old)
    levy = {"id": "txn_levy", "type": "galactic_levy", "category": "other_adjustment", "amount_minor": -200}
    charges = [
        {"id": "txn_1", "source_id": "ch_1", "amount_minor": 10000, "fee_minor": 300},
        {"id": "txn_2", "source_id": "ch_2", "amount_minor": 3000},
        levy,
    ]
    stripe(engine, "balance_transactions", *({**each, "created_at": BEFORE} for each in charges))
    own = {"type": "payout", "category": "payout"}
    paid = [
        {**own, "id": f"txn_p{n}", "source_id": f"po_{n}", "amount_minor": -minor}
        for n, minor in ((1, 9700), (2, 2800))
    ]
    stripe(engine, "balance_transactions", *paid)
    stripe(engine, "payouts", {"id": "po_1", "amount_minor": 9700}, {"id": "po_2", "amount_minor": 2800})
    stripe(engine, "payouts", {"id": "po_0", "amount_minor": 500, "created_at": BEFORE})
    stripe(
        engine, "balance_transactions", {"id": "txn_0", "source_id": "ch_0", "amount_minor": 500, "created_at": BEFORE}
    )
    members(engine, "po_0", "txn_0")
    members(engine, "po_1", "txn_1", "txn_p1")
    members(engine, "po_2", "txn_2", "txn_levy", "txn_p2")
    record_opening(engine, "main", CUT, {"usd": HELD, "eur": 0})
    return engine


def figure(engine: Engine, declared: int | None = HELD) -> OpeningBalance:
    [found] = [each for each in opening_balances(engine, policy(declared)) if each.currency == "usd"]
    return found


def gaps(engine: Engine, declared: int | None = HELD) -> list[tuple[str, str | None, int | None]]:
    """What comparing what has changed finds, which has to be what comparing everything does."""
    reconcile(engine, policy(declared))
    found = sorted((each.kind, each.stripe_id, each.difference_minor) for each in list_gaps(engine))
    reconcile(engine, policy(declared), full=True)
    assert found == sorted((each.kind, each.stripe_id, each.difference_minor) for each in list_gaps(engine))
    return found


def test_it_closes_before_between_and_after_the_payouts(books: Engine) -> None:
    """What payouts took on the one side is what they brought on the other, at any moment."""
    assert (figure(books).left_minor, figure(books).still_minor) == (HELD, HELD)
    deposit(books, 40, "po_0", 500)
    deposit(books, 41, "po_1", 9700, (OPENING, 9700, "opening balance"))
    assert (figure(books).left_minor, figure(books).still_minor) == (2800, 2800)
    deposit(books, 42, "po_2", 2800, (OPENING, 3000, "opening balance"), (SUSPENSE, -200, "txn_levy galactic_levy"))
    # What nobody knows of then is on Suspense and still of the opening balance, on both sides.
    assert (figure(books).left_minor, figure(books).still_minor) == (-200, -200)
    assert gaps(books) == [("payout_residual", "txn_levy", 200)]
    deposit(books, 42, "po_2", 2800, (OPENING, 2800, "opening balance"))
    assert (figure(books).left_minor, figure(books).still_minor) == (0, 0)
    assert gaps(books) == []
    assert [tie for tie in agreement(books) if tie.residual_minor] == []
    assert {each.id for each in payouts_created(books, "Suspense")} == {"po_1", "po_2"}


@pytest.mark.parametrize("wrong", [1, -1])
def test_a_wrong_amount_is_one_gap(books: Engine, wrong: int) -> None:
    """With both sides in it and their difference; a right one closes it, and what is not declared is no gap of this."""
    missing = [("deposit_missing", "po_1", -9700), ("deposit_missing", "po_2", -2800)]
    assert gaps(books, HELD + wrong) == [*missing, ("opening_mismatch", "opening:main:usd", wrong)]
    [gap] = [each for each in list_gaps(books) if each.kind == "opening_mismatch"]
    assert (gap.leg, gap.currency, gap.effective_date) == ("payout_deposit", "usd", START)
    assert (gap.expected_minor, gap.actual_minor) == (HELD, HELD + wrong)
    assert "Stripe held 125.00 USD when the books started (2026-02-15 00:00 UTC)" in gap.reason
    assert gaps(books) == missing


def test_a_line_that_a_person_changed_shows(books: Engine) -> None:
    """So does a deposit by hand that has no such line at all, until somebody corrects it."""
    deposit(books, 41, "po_1", 9700, (OPENING, 9699, "opening balance"), (CHECKING, 1, "by hand"))
    missing = ("deposit_missing", "po_2", -2800)
    assert gaps(books) == [missing, ("opening_mismatch", "opening:main:usd", 1)]
    deposit(books, 41, "po_1", 9700, (OPENING, 9700, "opening balance"))
    reconcile(books, policy())
    assert [each.kind for each in list_gaps(books)] == ["deposit_missing"]
    deposit(books, 41, "po_1", 9700)
    assert figure(books).residual_minor == 9700


def test_what_has_a_document_is_none_of_it(books: Engine) -> None:
    """A payment that NetSuite holds is in Undeposited Funds: to declare it too would be to have it twice."""
    netsuite(books, document(21, "customerPayment", "ch_1", 10000))
    # What was paid out before the books was not on the balance any more.
    netsuite(books, document(22, "customerPayment", "ch_0", 500))
    found = figure(books)
    assert (found.adopted_minor, found.due_minor, found.residual_minor) == (9700, 2800, 9700)
    deposit(books, 41, "po_1", 9700, (7, -300, "fees: stripe_fee"), held=(21,))
    assert (figure(books, 2800).residual_minor, figure(books, 2800).opened_minor) == (0, 0)


def test_without_stripes_figure_nothing_is_judged(books: Engine) -> None:
    """Of another moment than the start of the books it is no figure."""
    record_opening(books, "main", CUT - timedelta(days=1), {"usd": 1})
    assert (figure(books).balance_minor, figure(books).residual_minor) == (None, None)
    assert [kind for kind, *_ in gaps(books)] == ["deposit_missing", "deposit_missing"]
    assert (opening_told(books, "main", CUT), opening_told(books, "acct_1", CUT)) == (False, False)


def test_what_is_older_is_a_gap_only_where_nothing_is_declared(books: Engine) -> None:
    """As it was: the invoice, the payments and a payout of before; once it is declared, none of them, at once."""
    older = [("deposit_missing", "po_0", -500), ("missing_in_netsuite", "in_1", -10000)]
    older += [("payment_missing", "ch_1", -10000), ("payment_missing", "ch_2", -3000)]
    own = [("deposit_missing", "po_1", -9700), ("deposit_missing", "po_2", -2800)]
    assert gaps(books, None) == sorted([*older, *own])
    assert gaps(books) == own
    stripe(books, "payments", {"id": "ch_3", "amount_minor": 77, "created_at": BEFORE})
    assert gaps(books) == own
    netsuite(books, document(11, "invoice", "in_1", 9999))
    assert gaps(books) == sorted([*own, ("amount_mismatch", "in_1", -1)])
    netsuite(books, gone=[11])
    assert gaps(books, None) == sorted([*older, *own, ("payment_missing", "ch_3", -77)])


def test_the_planner_reads_what_earlier_payouts_brought(books: Engine) -> None:
    """Of the same currency, from before, in payouts of the books; and nothing where nothing is declared."""
    stripe(
        books, "balance_transactions", {"id": "txn_0", "source_id": "ch_0", "amount_minor": 500, "created_at": BEFORE}
    )
    members(books, "po_0", "txn_0")
    given = {row.id: [each.id for each in row.earlier] for row in read(books, policy())}
    assert given == {"po_1": [], "po_2": ["txn_1"]}
    assert [row.earlier for row in read(books, policy(None))] == [(), ()]
    assert [row.earlier for row in read(books, policy(currency="eur"))] == [(), ()]
    netsuite(books, document(21, "customerPayment", "ch_1", 10000))
    known = plan_input(books, START, START, "Suspense", books=policy().books).known
    assert "ch_1" in known


def test_each_stripe_account_has_its_own(books: Engine) -> None:
    """What an entity declares is compared with what its own account held, under its name and its key."""
    opening = {"usd": {"account": "9", "amount_minor": 700}}
    entity = {"name": "Example GmbH", "books": {"opening": opening}}
    both = Policy.model_validate({**policy().model_dump(include={"books"}), "entities": {"acct_1": entity}})
    for payload in ({"id": "po_9", "object": "payout"}, {"id": "ch_9", "object": "charge"}):
        admit(books, [StripeObject.of({**payload, "created": int(NOON.timestamp())}, NOON, account="acct_1")])
    stripe(books, "balance_transactions",
           {"id": "txn_9", "source_id": "ch_9", "amount_minor": 600, "created_at": BEFORE})  # fmt: skip
    stripe(books, "payouts", {"id": "po_9", "amount_minor": 600})
    stripe(books, "payments", {"id": "ch_9", "amount_minor": 600, "created_at": BEFORE})
    members(books, "po_9", "txn_9")
    record_opening(books, "acct_1", CUT, {"usd": 600})
    deposit(books, 49, "po_9", 600, (OPENING, 600, "opening balance"))
    found = {each.account: each for each in opening_balances(books, both) if each.currency == "usd"}
    assert (found["acct_1"].left_minor, found["acct_1"].still_minor) == (100, 0)
    assert (found["main"].left_minor, found["main"].still_minor) == (HELD, HELD)
    reconcile(books, both)
    told = {each.stripe_id: each.reason for each in list_gaps(books) if each.kind != "deposit_missing"}
    assert list(told) == ["opening:acct_1:usd"]
    assert "correct entities.acct_1.books.opening.usd in o2c.yaml" in told["opening:acct_1:usd"]
    assert told["opening:acct_1:usd"].endswith("[Example GmbH]")


def read(engine: Engine, of: Policy):
    return plan_input(engine, START, START, "Suspense", books=of.books).rows.payouts


def test_documents_of_older_objects_are_asked_for_once(books: Engine) -> None:
    """Those that the mirror has not; asked once, they are not asked again."""
    netsuite(books, document(21, "customerPayment", "ch_1", 10000))
    assert not_looked_up(books, CUT) == ["ch_2", "in_1"]
    record_looked_up(books, ["ch_2", "in_1"])
    assert not_looked_up(books, CUT) == []
    assert not_looked_up(books, CUT + timedelta(days=1)) == []


def test_movements_that_make_no_sense_are_no_sum(engine: Engine) -> None:
    """One damaged transaction among them, and nobody says what was there before."""
    assert moved_since(engine, "main", CUT) == {}
    for number, net in (("1", 100), ("2", -30), ("3", "lots")):
        payload = {"id": f"txn_{number}", "object": "balance_transaction", "currency": "usd", "net": net}
        keep(engine, payload, NOON)
        expected = None if net == "lots" else {"usd": 100 if number == "1" else 70}
        assert moved_since(engine, "main", CUT) == expected
    assert moved_since(engine, "main", NOON + timedelta(days=1)) == {}


def keep(engine: Engine, payload: dict, at: datetime) -> None:
    admit(engine, [StripeObject.of({**payload, "created": int(at.timestamp())}, at)])
