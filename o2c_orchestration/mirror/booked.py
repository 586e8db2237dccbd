"""On which items lines of documents are booked: read when somebody asks, and kept nowhere."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.money import exponent, to_minor
from o2c_orchestration.mirror import queries

_AT_ONCE = 100


def booked_lines(reader: NetSuiteReader, documents: Mapping[int, str]) -> Iterator[tuple[int, str, int]]:
    """(document, item, minor units as Stripe counts them) of each line; `documents` maps internal ids to currencies."""
    every = sorted(documents)
    for ids in (every[place : place + _AT_ONCE] for place in range(0, len(every), _AT_ONCE)):
        for row in reader.suiteql(queries.item_lines(ids)):
            document = int(row["id"])
            step = Decimal(1).scaleb(-exponent(documents[document]))
            # Revenue lines carry the credit side's sign.
            amount = -Decimal(str(row.get("amount") or 0)).quantize(step)
            yield document, str(row["item"]), to_minor(amount, documents[document])
