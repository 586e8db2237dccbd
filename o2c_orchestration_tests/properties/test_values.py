"""Money and keys for all values: exact both ways, an error rather than a rounded amount, ids without surprises."""

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from o2c_orchestration.apply.body import resolve
from o2c_orchestration.domain.keys import collisions, fold, gap_id, invoice_key
from o2c_orchestration.domain.money import THREE_DECIMAL, ZERO_DECIMAL, MoneyError, exponent, to_major, to_minor

BIGINT = st.integers(min_value=-(2**63), max_value=2**63 - 1)
# One list for each of Stripe's classes, and any other three letters, which have two decimals.
CURRENCIES = st.one_of(
    st.sampled_from(sorted(ZERO_DECIMAL)),
    st.sampled_from(sorted(THREE_DECIMAL)),
    st.sampled_from(["usd", "eur", "isk", "ugx", "huf", "twd"]),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=3),
)
STRIPE_ID = st.text("abAB01", min_size=1, max_size=6).map(lambda tail: "in_" + tail)


@given(minor=BIGINT, currency=CURRENCIES)
@example(minor=2**63 - 1, currency="kwd")
def test_money_survives_the_way_there_and_back(minor: int, currency: str):
    """Any amount that the store can hold comes back the same, through a decimal and through its text."""
    major = to_major(minor, currency)
    assert minor == to_minor(major, currency)
    assert minor == to_minor(str(major), currency)
    assert minor == to_minor(f"{major:f}", currency.upper())


@given(minor=BIGINT, currency=CURRENCIES)
def test_the_decimal_has_the_currencys_decimals(minor: int, currency: str):
    """Not a digit more or less than the currency has."""
    assert -exponent(currency) == to_major(minor, currency).as_tuple().exponent


@given(minor=BIGINT, digits=st.integers(1, 10**6), places=st.integers(1, 40), currency=CURRENCIES)
@example(minor=1, digits=1, places=40, currency="usd")
def test_an_amount_with_more_decimals_is_an_error(minor: int, digits: int, places: int, currency: str):
    """However small the rest, it is an error and never rounded away."""
    text = f"{to_major(minor, currency):f}" + ("." if exponent(currency) == 0 else "")
    rest = f"{digits:0{places}d}"
    assume(int(rest) > 0)
    with pytest.raises(MoneyError):
        to_minor(Decimal(text + rest), currency)


@given(minor=st.integers(-(10**14), 10**14), currency=CURRENCIES)
def test_what_is_sent_to_netsuite_reads_back_exactly(minor: int, currency: str):
    """The JSON number of an amount of up to fifteen digits is the amount, though a float carries it."""
    assert minor == to_minor(repr(resolve({"$minor": [minor, currency]}, {}, {})), currency)


@given(ids=st.lists(STRIPE_ID))
def test_collisions_are_exactly_the_ids_that_netsuite_takes_for_one(ids: list[str]):
    """Every id that differs from another one in case alone is found, and no other."""
    found = {key for group in collisions(ids).values() for key in group}
    assert {key for key in ids if any(fold(key) == fold(other) and key != other for other in ids)} == found
    assert collisions(ids) == collisions(reversed(ids))


@given(stripe_id=st.text(max_size=8))
def test_a_key_is_the_id_or_an_error(stripe_id: str):
    """No id is changed on the way to an external id."""
    if stripe_id.startswith("in_"):
        assert stripe_id == invoice_key(stripe_id)
    else:
        with pytest.raises(ValueError, match="not an id"):
            invoice_key(stripe_id)


@given(
    left=st.tuples(STRIPE_ID, st.none() | st.integers(0, 99).map(str)),
    right=st.tuples(STRIPE_ID, st.none() | st.integers(0, 99).map(str)),
)
def test_gap_ids_are_equal_only_for_equal_keys(left: tuple[str, str | None], right: tuple[str, str | None]):
    """The same in every run, different for different documents, of one shape."""
    one, other = (gap_id("stripe_netsuite", "paid_twice", *keys) for keys in (left, right))
    assert (one == other) is (left == right)
    assert one == gap_id("stripe_netsuite", "paid_twice", *left)
    assert (24, "gap_") == (len(one), one[:4])
