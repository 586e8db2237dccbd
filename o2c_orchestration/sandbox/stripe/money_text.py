"""Amounts as Stripe writes them in its messages: $25.00, ¥1200, 10.00 CHF. Pure."""

from __future__ import annotations

SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}
NO_DECIMALS = ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf")
THREE_DECIMALS = ("bhd", "jod", "kwd", "omr", "tnd")


def money(amount: int, currency: str) -> str:
    """`amount` in minor units of `currency`, for people."""
    places = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    whole, part = divmod(abs(amount), 10**places)
    digits = f"{whole:,}" + (f".{part:0{places}d}" if places else "")
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS[currency]}{digits}" if currency in SYMBOLS else f"{sign}{digits} {currency.upper()}"
