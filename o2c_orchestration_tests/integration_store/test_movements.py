"""Payouts and what is in them, deposits and what they hold: what is missing, what moved, what is looked at again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from o2c_orchestration.domain.keys import stripe_id_of
from o2c_orchestration.store import movements, rows
from o2c_orchestration.store.gate import StripeObject, admit, mark_absent
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    MOMENT,
    accept,
    dirty,
    ledger_customer,
    ledger_document,
    mirror,
)

OLD = MOMENT - timedelta(days=90)


def table(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(text(query)))


def places(engine: Engine) -> list[tuple[object, ...]]:
    """(document, deposit)."""
    return table(engine, "SELECT document_id, deposit_id FROM o2c.netsuite_deposited")


def test_what_rows_point_to_is_missing_by_type(engine):
    """Invoices of credit notes, charges of refunds and disputes, failures, sources of members; no transfers."""
    accept(engine, "credit_notes", {"id": "cn_1", "invoice_id": "in_1"})
    accept(engine, "refunds", {"id": "re_1", "charge_id": "ch_1", "failure_transaction": "txn_1"})
    accept(engine, "disputes", {"id": "dp_1", "charge_id": "py_1"})
    accept(engine, "payouts", {"id": "po_1", "failure_transaction": "txn_2"})
    for number, source in enumerate(["re_2", "pyr_2", "du_2", "ch_2", "tr_2", None]):
        accept(engine, "balance_transactions", {"id": f"txn_m{number}", "source_id": source})
    movements.record_members(engine, "po_1", [f"txn_m{number}" for number in range(6)], MOMENT)
    accept(engine, "balance_transactions", {"id": "txn_alone", "source_id": "ch_in_no_payout"})
    assert {
        "invoice": ["in_1"],
        "charge": ["ch_1", "ch_2", "py_1"],
        "balance_transaction": ["txn_1", "txn_2"],
        "refund": ["pyr_2", "re_2"],
        "dispute": ["du_2"],
    } == movements.missing_references(engine)


def test_what_the_ledger_names_is_missing_by_type(engine):
    """By the Stripe object that a document stands for, derived keys included; deleted documents name nothing."""
    documents = ["creditMemo cn_1", "creditMemo cm-re_1", "deposit po_1-2", "deposit rc-txn_1", "journalEntry pf-po_3"]
    documents += ["customerPayment rf-re_4", "customerPayment rp-du_4", "invoice ri-in_5", "customerRefund re_9"]
    for number, (kind, key) in enumerate(document.split() for document in documents):
        mirror(engine, [ledger_document(number, kind, stripe_ref=key)])
    mirror(engine, gone=[8])
    assert {
        "credit_note": ["cn_1"],
        "refund": ["re_1", "re_4"],
        "dispute": ["du_4"],
        "payout": ["po_1", "po_3"],
        "balance_transaction": ["txn_1"],
        "invoice": ["in_5"],
    } == movements.missing_references(engine)


def test_what_is_there_or_absent_is_not_missing(engine):
    """An object that is stored, valid or not, is not asked for; nor is one that Stripe does not have."""
    accept(engine, "refunds", {"id": "re_1", "charge_id": "ch_1"}, {"id": "re_2", "charge_id": "ch_2"})
    mark_absent(engine, ["ch_2"], datetime.now(UTC))
    admit(engine, [StripeObject.of({"id": "ch_1", "object": "charge", "created": 1_770_000_000}, datetime.now(UTC))])
    assert {} == movements.missing_references(engine)


def test_members_are_read_of_payouts_that_stripe_has_settled(engine):
    """Automatic, completed, created in the window, and not read before."""
    accept(
        engine,
        "payouts",
        {"id": "po_1"},
        {"id": "po_2", "reconciliation": "in_progress"},
        {"id": "po_3", "automatic": False, "reconciliation": "not_applicable"},
        {"id": "po_4", "created_at": MOMENT + timedelta(days=1)},
        {"id": "po_5"},
    )
    movements.record_members(engine, "po_5", [], MOMENT)
    assert ["po_1"] == movements.payouts_to_read(engine, DAY, DAY)
    assert ["po_1", "po_4"] == movements.payouts_to_read(engine, DAY, DAY + timedelta(1))


def test_members_are_those_of_the_newest_read(engine):
    """What a payout no longer has is forgotten, what another one has now is moved; each once, and told to all."""
    movements.record_members(engine, "po_1", ["txn_1", "txn_2", "txn_2"], MOMENT)
    assert {"po_1"} == dirty(engine)
    movements.record_members(engine, "po_1", ["txn_2", "txn_3"], MOMENT)
    movements.record_members(engine, "po_2", ["txn_3"], MOMENT)
    assert [("txn_2", "po_1"), ("txn_3", "po_2")] == table(engine, "SELECT * FROM o2c.payout_members")


def test_old_charges_that_are_reversed_are_looked_up(engine):
    """Of a charge refunded or disputed in these days it must be known which invoice it pays, however old it is."""
    for number in (1, 2, 3, 4):
        accept(engine, "payments", {"id": f"ch_{number}", "payment_intent": f"pi_{number}", "created_at": OLD})
    accept(engine, "refunds", {"id": "re_1", "charge_id": "ch_1"}, {"id": "re_4", "charge_id": "ch_4"})
    accept(engine, "disputes", {"id": "dp_1", "charge_id": "ch_2"})
    accept(engine, "invoice_payments", {"id": "inpay_4", "invoice_id": "in_4", "payment_intent": "pi_4"})
    assert ["pi_1", "pi_2"] == rows.payments_without_invoice_payment(engine, DAY, DAY)
    assert [] == rows.payments_without_invoice_payment(engine, date(2026, 1, 1), date(2026, 1, 2))


@pytest.mark.parametrize(
    ("given", "then", "changed", "after"),
    [
        ([(1, 50)], [(1, 50)], set(), [(1, 50)]),
        ([(1, 50), (2, 50)], [(1, 50)], {"ch_2", "po_1"}, [(1, 50)]),
        ([(1, 50)], [(1, 50), (2, 50)], {"ch_2", "po_1"}, [(1, 50), (2, 50)]),
        ([(1, 50)], [(1, 51)], {"ch_1", "po_1", "po_2"}, [(1, 51)]),
        ([(1, 50), (2, 51)], [(1, 51), (2, 50)], {"ch_1", "ch_2", "po_1", "po_2"}, [(1, 51), (2, 50)]),
    ],
)
def test_what_a_deposit_holds_is_that_of_the_newest_read(engine, given, then, changed, after):
    """Members go, come, and move from deposit to deposit, all in one read; who changed is looked at again."""
    payments = [ledger_document(number, "customerPayment", stripe_ref=f"ch_{number}") for number in (1, 2)]
    deposits = [ledger_document(50, "deposit", stripe_ref="po_1"), ledger_document(51, "deposit", stripe_ref="po_2")]
    mirror(engine, [*payments, *deposits], deposited=given)
    dirty(engine)
    mirror(engine, deposits, deposited=then)
    assert changed == dirty(engine)
    assert after == places(engine)


def test_a_payment_that_only_its_new_deposit_shows_has_moved(engine):
    """The deposit that it left need not be in the same read."""
    mirror(engine, [ledger_document(50, "deposit", stripe_ref="po_1")], deposited=[(1, 50)])
    mirror(engine, [ledger_document(51, "deposit", stripe_ref="po_2")], deposited=[(1, 51)])
    assert [(1, 51)] == places(engine)
    mirror(engine, [ledger_document(50, "deposit", stripe_ref="po_1")], deposited=[])
    assert [(1, 51)] == places(engine)


def test_a_deleted_deposit_frees_what_it_held(engine):
    """Its payments may be deposited anew, and are looked at again."""
    payment = ledger_document(1, "customerPayment", stripe_ref="ch_1")
    mirror(engine, [payment, ledger_document(50, "deposit", stripe_ref="po_1")], deposited=[(1, 50)])
    dirty(engine)
    mirror(engine, gone=[50])
    assert [] == places(engine)
    assert {"ch_1", "po_1"} == dirty(engine)


def test_a_deposits_lines_are_those_of_the_newest_read(engine):
    """Lines change, come and go; a read that says the same dirties nothing."""
    deposit = ledger_document(50, "deposit", stripe_ref="po_1")
    mirror(engine, [deposit], lines=[(50, 1, 7, -30, "fees"), (50, 2, 6, 5, None)])
    dirty(engine)
    mirror(engine, [deposit], lines=[(50, 1, 7, -30, "fees"), (50, 2, 6, 5, None)])
    assert set() == dirty(engine)
    for lines in ([(50, 1, 7, -30, "fees"), (50, 2, 6, 6, None)], [(50, 1, 7, -30, "fees")], [(50, 1, 8, -30, "x")]):
        mirror(engine, [deposit], lines=lines)
        assert {"po_1"} == dirty(engine)
        assert lines == table(
            engine, "SELECT deposit_id, line, account_id, amount_minor, memo FROM o2c.netsuite_deposit_lines"
        )


def test_a_charge_that_comes_last_dirties_what_reversed_it(engine):
    """A refund or dispute whose charge was not known says nothing; with its charge it is looked at again."""
    accept(engine, "refunds", {"id": "re_1"})
    accept(engine, "disputes", {"id": "dp_1"})
    dirty(engine)
    accept(engine, "payments", {"id": "ch_1"})
    assert {"ch_1", "re_1", "dp_1"} == dirty(engine)


def test_a_transaction_dirties_what_it_tells_about(engine):
    """The refund or payout of whose failure it is, and the payout that it is in."""
    accept(engine, "refunds", {"id": "re_1", "failure_transaction": "txn_1"})
    accept(engine, "payouts", {"id": "po_1", "failure_transaction": "txn_1"}, {"id": "po_2"})
    movements.record_members(engine, "po_2", ["txn_1"], MOMENT)
    dirty(engine)
    accept(engine, "balance_transactions", {"id": "txn_1"})
    assert {"re_1", "po_1", "po_2"} == dirty(engine)


def test_a_new_link_of_a_customer_dirties_objects_not_keys(engine):
    """What stands under a derived key is looked at by its Stripe id."""
    mirror(engine, [ledger_document(5, "customerPayment", stripe_ref="rf-re_1", entity_id=1)])
    dirty(engine)
    ledger_customer(engine, 1, "cus_1")
    assert {"re_1", "cus_1"} == dirty(engine)


KEYS = st.one_of(
    st.text(st.sampled_from("cmripfd-_o1aZé.\n"), max_size=8),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "cm-", "ri-", "rf-", "rp-", "pf-", "rc-", "xx-"]),
        st.sampled_from(["in_1", "po_1", "po_Ab_9", "txn_1", "re-1"]),
        st.sampled_from(["", "-2", "-10", "-x", "-", "-٣"]),
    ),
)


@given(keys=st.lists(KEYS, min_size=1, max_size=50))
def test_sql_and_python_agree_which_object_a_key_stands_for(shared_engine, keys):
    """`o2c.stripe_id_of` and `domain.keys.stripe_id_of` are one rule."""
    with shared_engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT o2c.stripe_id_of(key) FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY k (key, n) ORDER BY n"
            ),
            {"keys": keys},
        ).scalars()
        assert [stripe_id_of(key) for key in keys] == list(found)
