"""Money as integers: minor units of Stripe's own currency list, and the way to and from NetSuite's decimals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

# Stripe's lists, not ISO 4217: docs.stripe.com/currencies (ISK and UGX have two decimals on the wire).
ZERO_DECIMAL: Final = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DECIMAL: Final = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])

# The default context keeps 28 digits and would round off what lies beyond them without a word.
_EXACT: Final = Context(prec=400)

# Stands for the internal id of the one currency that a NetSuite account without Multiple Currencies keeps.
ONLY_CURRENCY = "0"


class MoneyError(ValueError):
    """An amount that cannot be expressed exactly in its currency's minor units."""


def exponent(currency: str) -> int:
    """Decimals between a currency's major and minor unit on Stripe's wire: 0, 2 or 3."""
    code = currency.lower()
    if code in ZERO_DECIMAL:
        return 0
    return 3 if code in THREE_DECIMAL else 2


def to_major(minor: int, currency: str) -> Decimal:
    """Minor units to the exact decimal amount: ``to_major(1050, "usd") == Decimal("10.50")``."""
    return Decimal(minor).scaleb(-exponent(currency))


def to_minor(major: Decimal | int | str, currency: str) -> int:
    """The exact minor units of a decimal amount; raises MoneyError rather than round money away."""
    scaled = Decimal(major).scaleb(exponent(currency), _EXACT)
    if scaled != scaled.to_integral_value():
        raise MoneyError(f"{major} {currency.upper()} has more decimals than the currency")
    return int(scaled)


def format_amount(minor: int, currency: str) -> str:
    """For people, where the currency stands beside it: ``-1,234.50``."""
    return f"{to_major(minor, currency):,.{exponent(currency)}f}"


def format_money(minor: int, currency: str) -> str:
    """For people: ``-1,234.50 USD``."""
    return f"{format_amount(minor, currency)} {currency.upper()}"


def prorated(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """`amount_minor` in proportion to `weights`, to the cent: each share rounded, and they sum to the amount.

    No share is more than its weight where the amount is not more than all of them; negative weights get negative
    shares. What rounding leaves goes to the largest remainders, the first of equal ones. Raises MoneyError where the
    weights do not sum to more than zero.
    """
    whole = sum(weights)
    if whole <= 0:
        raise MoneyError(f"{amount_minor} cannot be divided in proportion to {list(weights)}")
    shares = [amount_minor * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(amount_minor * weights[index] % whole))
    for index in by_remainder[: amount_minor - sum(shares)]:
        shares[index] += 1
    return shares


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units of one currency (lower-case code, as Stripe writes it)."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MoneyError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        return format_money(self.minor, self.currency)
