"""Metadata of materializations: rows, money per currency, small tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from o2c_orchestration.domain.money import format_money, to_major

TABLE_ROWS_MAX = 40


def money(totals: Iterable[tuple[str, int, int]]) -> dict[str, Any]:
    """Row count, and rows and money per currency from (currency, rows, minor units)."""
    found = list(totals)
    values: dict[str, Any] = {"dagster/row_count": sum(rows for _, rows, _ in found)}
    for currency, _, minor in found:
        # A number, so that the UI plots it over time.
        values[f"total {currency.upper()}"] = float(to_major(minor, currency))
    values["money"] = table(
        [
            {"currency": currency.upper(), "rows": rows, "total": format_money(minor, currency)}
            for currency, rows, minor in found
        ]
    )
    return values


def table(records: Sequence[Mapping[str, Any]], total: int | None = None) -> dg.MarkdownMetadataValue:
    """A Markdown table of the first records; `total`: how many there are, where these are only the first."""
    if not records:
        return dg.MetadataValue.md("*nothing*")
    heads = list(records[0])
    # Without blanks: Dagster hides a text of a thousand characters behind a link.
    lines = ["|" + "|".join(heads) + "|", "|" + "-|" * len(heads)]
    lines += ["|" + "|".join(_cell(row[head]) for head in heads) + "|" for row in records[:TABLE_ROWS_MAX]]
    more = (len(records) if total is None else total) - min(len(records), TABLE_ROWS_MAX)
    if more > 0:
        lines.append(f"\n*and {more} more*")
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: Any) -> str:
    return str(value if value is not None else "").replace("|", "\\|").replace("\n", " ")
