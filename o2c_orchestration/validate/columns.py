"""Columns that several schemas share: ids, integer minor units, enums, currencies."""

from typing import Any

import pandera.pandas as pa

CURRENCY = pa.Check.str_matches(r"^[a-z]{3}$", error="currency is not a three-letter lower-case code")


def identifier(*prefixes: str, nullable: bool = False) -> pa.Column:
    """A Stripe id with one of these prefixes."""
    pattern = rf"^(?:{'|'.join(prefixes)})_[A-Za-z0-9_]+$"
    check = pa.Check.str_matches(pattern, error=f"not an id of the form {' or '.join(prefixes)}_…")
    return pa.Column(object, check, nullable=nullable)


def minor_units(*, nullable: bool = False, signed: bool = False) -> pa.Column:
    """Integer minor units. Coercion would accept 10.0 or "10"; Stripe sends integers and nothing else."""
    checks = [pa.Check(is_integer, element_wise=True, error="not an integer of minor units")]
    if not signed:
        checks.append(pa.Check(_not_negative, element_wise=True, error="negative"))
    return pa.Column(object, checks, nullable=nullable)


def is_integer(value: Any) -> bool:
    """Within PostgreSQL's bigint too: one number beyond it would fail the COPY of all its neighbours."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _not_negative(value: Any) -> bool:
    return not is_integer(value) or value >= 0


def status(*values: str) -> pa.Column:
    """One of the values that Stripe documents."""
    return pa.Column(object, pa.Check.isin(values, error=f"status is none of {', '.join(values)}"))


def text(*, nullable: bool = True) -> pa.Column:
    """Text that is kept as it is."""
    return pa.Column(object, nullable=nullable)


def flag() -> pa.Column:
    """True or false. Anything else would fail the COPY of all its neighbours."""
    check = pa.Check(lambda value: isinstance(value, bool), element_wise=True, error="neither true nor false")
    return pa.Column(object, check)


def balances_sound(balances: dict[str, Any]) -> bool:
    """Whether every balance of a customer is an integer."""
    return all(is_integer(amount) for amount in balances.values())


def lines_sound(lines: list[dict[str, Any]]) -> bool:
    """Whether every amount of every line is an integer."""
    keys = ("amount_minor", "discount_minor", "grant_minor", "tax_exclusive_minor", "tax_inclusive_minor")
    return all(is_integer(line[key]) for line in lines for key in keys)
