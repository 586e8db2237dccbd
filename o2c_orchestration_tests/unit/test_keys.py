"""External ids and gap identities."""

import pytest

from o2c_orchestration.domain.keys import (
    STRIPE_REFERENCE,
    collisions,
    customer_key,
    fold,
    gap_id,
    invoice_key,
    key_from_external_id,
    payment_key,
    payout_part_key,
    stripe_id_of,
)


@pytest.mark.parametrize(
    ("function", "stripe_id"),
    [(customer_key, "cus_A1"), (invoice_key, "in_1Ab"), (payment_key, "ch_1"), (payment_key, "py_1")],
)
def test_the_external_id_is_the_stripe_id(function, stripe_id):
    """Documents carry the ids that Stripe's own connector writes, so what it made is adopted."""
    assert stripe_id == function(stripe_id)


@pytest.mark.parametrize(
    ("function", "stripe_id"),
    [(customer_key, "in_1"), (invoice_key, "cus_1"), (payment_key, "pi_1"), (invoice_key, ""), (payment_key, "CH_1")],
)
def test_an_id_of_another_object_is_refused(function, stripe_id):
    """A PaymentIntent's id never becomes the external id of a payment, and so on."""
    with pytest.raises(ValueError, match="not an id of the form"):
        function(stripe_id)


def test_ids_that_differ_in_case_only_are_found():
    """NetSuite takes in_Ab and in_aB for one document; equal ids are no collision."""
    found = collisions(["in_Ab", "in_aB", "in_Ab", "in_c", "in_c"])
    assert {"in_ab": ("in_Ab", "in_aB")} == found
    assert fold("in_Ab") == fold("in_aB")


def test_a_gap_keeps_its_identity():
    """The id is the same in every run and every release: a pinned value."""
    assert "gap_d2f543ca56aa65e5e8ed" == gap_id("stripe_netsuite", "missing_in_netsuite", "in_1", "")
    assert gap_id("stripe_netsuite", "amount_mismatch", "in_1", None) == gap_id(
        "stripe_netsuite", "amount_mismatch", "in_1", ""
    )


def test_gaps_of_other_kind_leg_or_document_are_others():
    """Leg, kind and each key tell gaps apart, and a key cannot slip into its neighbour's place."""
    ids = {
        gap_id("stripe_netsuite", "paid_twice", "ch_1", "7"),
        gap_id("stripe_netsuite", "paid_twice", "ch_1", "8"),
        gap_id("stripe_netsuite", "paid_twice", "ch_2", "7"),
        gap_id("stripe_netsuite", "duplicate_in_netsuite", "ch_1", "7"),
        gap_id("payout_deposit", "paid_twice", "ch_1", "7"),
        gap_id("payout_deposit", "paid_twice", "", "ch_17"),
    }
    assert 6 == len(ids)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Stripe: in_1AbcDEF", ["in_1AbcDEF"]),
        ("paid by ch_3QwertyU for in_1AbcDEF.", ["ch_3QwertyU", "in_1AbcDEF"]),
        ("in_12345", []),
        ("cabin_123456", []),
        ("margin_call", []),
        ("sub_1234567", []),
    ],
)
def test_stripe_ids_are_found_where_a_person_wrote_them(text, found):
    """Whole ids of objects that have documents, never the tail of a word."""
    assert found == STRIPE_REFERENCE.findall(text)


def test_the_parts_of_a_payout_have_keys_of_their_own():
    """The first is the payout's, as Stripe's connector writes it; all of them stand for the payout."""
    keys = [payout_part_key("po_1", part) for part in (1, 2, 3)]
    assert ["po_1", "po_1-2", "po_1-3"] == keys
    assert {"po_1"} == {stripe_id_of(key) for key in keys}
    assert {"po_1"} == {stripe_id_of(key) for key in ("pf-po_1", "po_1")}
    assert "po_1-2" == key_from_external_id("deposit", "po_1-2")
    assert "in_1-2" == stripe_id_of("in_1-2")
    with pytest.raises(ValueError, match="count from 1"):
        payout_part_key("po_1", 0)
    with pytest.raises(ValueError, match="not an id of the form"):
        payout_part_key("ch_1", 2)
