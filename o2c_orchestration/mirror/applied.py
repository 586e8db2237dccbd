"""What payments, memos and refunds are applied to, also where a deposit application of NetSuite's lies in between."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from o2c_orchestration.mirror import queries

Row = Mapping[str, Any]
Query = Callable[[str], Sequence[Row]]


def read_applied(query: Query, page: Sequence[Row], minor: Callable[[Any, int], int]) -> list[tuple[int, int, int]]:
    """(from, to, minor units) for the documents of a page, in order of id: see `store.ledger.Batch`.

    `query` gives the rows of a SuiteQL text; `minor` makes minor units of an amount in the currency of a document of
    the page. What is taken of a customer deposit is asked for only where the page holds one, or a refund that pays out
    more than it is applied to otherwise.
    """
    first, last = int(page[0]["id"]), int(page[-1]["id"])
    here = {int(row["id"]): row for row in page}

    def read(text: str) -> list[tuple[int, int, int]]:
        rows = [row for row in query(text) if int(row["payment"]) in here]
        return [
            (int(row["payment"]), int(row["invoice"]), minor(row.get("amount"), int(row["payment"]))) for row in rows
        ]

    found = read(queries.applications(first, last))
    if any(row["type"] == queries.CUSTOMER_DEPOSIT for row in page):
        found += read(queries.deposits_applied(first, last))
    if any(row["type"] == "CustRfnd" for row in page) and _unsaid(here, found, minor):
        found += read(queries.deposits_refunded(first, last))
    return found


def _unsaid(here: Mapping[int, Row], found: Sequence[tuple[int, int, int]], minor: Callable[[Any, int], int]) -> bool:
    """Whether a refund pays out more than what is known of it says."""
    said: dict[int, int] = {}
    for document, _, amount in found:
        said[document] = said.get(document, 0) + amount
    refunds = [number for number, row in here.items() if row["type"] == "CustRfnd"]
    return any(minor(here[each].get("foreigntotal"), each) > said.get(each, 0) for each in refunds)
