"""Money: exact ways between minor units and decimals, by Stripe's currency list."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.money import (
    THREE_DECIMAL,
    ZERO_DECIMAL,
    Money,
    MoneyError,
    exponent,
    format_money,
    prorated,
    to_major,
    to_minor,
)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("usd", 2), ("EUR", 2), ("jpy", 0), ("KRW", 0), ("kwd", 3), ("TND", 3), ("isk", 2), ("ugx", 2), ("huf", 2)],
)
def test_decimals_are_stripes_not_isos(currency, decimals):
    """ISK and UGX have two decimals on Stripe's wire although ISO gives them none; case does not matter."""
    assert decimals == exponent(currency)


def test_stripes_lists_are_whole():
    """Fifteen currencies without decimals and five with three, none in both."""
    assert (15, 5) == (len(ZERO_DECIMAL), len(THREE_DECIMAL))
    assert not ZERO_DECIMAL & THREE_DECIMAL


@pytest.mark.parametrize(
    ("minor", "currency", "major"),
    [(1050, "usd", "10.50"), (-1, "usd", "-0.01"), (500, "jpy", "500"), (12345, "kwd", "12.345"), (0, "bhd", "0.000")],
)
def test_minor_units_become_exact_decimals(minor, currency, major):
    """The decimal has the currency's decimals and not a digit more."""
    assert Decimal(major) == to_major(minor, currency)
    assert minor == to_minor(major, currency)


@pytest.mark.parametrize(
    ("major", "currency"), [("10.505", "usd"), ("0.5", "jpy"), ("1.0001", "kwd"), (Decimal("0.001"), "eur")]
)
def test_nothing_is_rounded_away(major, currency):
    """An amount with more decimals than its currency is an error, never a rounded amount."""
    with pytest.raises(MoneyError, match=currency.upper()):
        to_minor(major, currency)


def test_trailing_zeros_are_no_decimals():
    """10.5000 USD is 1050 cents, as NetSuite may write it."""
    assert 1050 == to_minor("10.5000", "usd")
    assert 7 == to_minor("7.000", "jpy")


@pytest.mark.parametrize("text", ["", "ten", "NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_an_error(text):
    """Words, NaN and infinity are never money."""
    with pytest.raises((MoneyError, ArithmeticError)):
        to_minor(text, "usd")


def test_amounts_beyond_any_float_stay_exact():
    """Nineteen digits survive both ways, where a float keeps fifteen."""
    assert 9_223_372_036_854_775_807 == to_minor("92233720368547758.07", "usd")
    assert Decimal("92233720368547758.07") == to_major(9_223_372_036_854_775_807, "usd")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(123450, "usd", "1,234.50 USD"), (-1, "usd", "-0.01 USD"), (5000, "jpy", "5,000 JPY"), (1, "kwd", "0.001 KWD")],
)
def test_people_read_amounts_with_currency(minor, currency, text):
    """Thousands grouped, the currency's own decimals, its code in capitals."""
    assert text == format_money(minor, currency)
    assert text == str(Money(minor, currency))


def test_money_adds_within_one_currency_only():
    """Dollars and yen have no sum."""
    assert Money(3, "usd") == Money(5, "usd") + -Money(2, "usd")
    with pytest.raises(MoneyError, match="jpy"):
        Money(1, "usd") + Money(1, "jpy")


@given(weights=st.lists(st.integers(-1000, 100_000), min_size=1, max_size=12), share=st.integers(1, 10**9))
def test_shares_sum_to_the_amount_and_none_is_more_than_its_weight(weights: list[int], share: int):
    """Of any amount up to all of the weights; all of them is the weights themselves."""
    whole = sum(weights)
    if whole <= 0:
        with pytest.raises(MoneyError):
            prorated(share, weights)
        return
    amount = share % whole + 1
    shares = prorated(amount, weights)
    assert sum(shares) == amount
    assert all(0 <= part <= weight or weight <= part <= 0 for part, weight in zip(shares, weights, strict=True))
    assert all(abs(part * whole - amount * weight) < whole for part, weight in zip(shares, weights, strict=True))
    assert prorated(whole, weights) == weights
