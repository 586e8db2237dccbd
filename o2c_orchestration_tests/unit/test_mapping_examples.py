"""The worked examples of docs/mapping.md: what the page says that a mapping makes is what it makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    CustomerRow,
    InvoiceRow,
    LineRow,
    PaymentRow,
    Rows,
)
from o2c_orchestration.domain.mapping_sources import Person, Sources
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.explain_mapping import flat
from o2c_orchestration.policy_file import load_policy

PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
AT = datetime(2026, 11, 3, 20, tzinfo=UTC)
SEATS = LineRow("il_1", "Seats", 120_000, tax_exclusive_minor=9_000, price_id="price_seats", product_id="prod_seats")
INVOICE = InvoiceRow(
    *("in_1", "cus_1", "A-1", "usd", "paid", 129_000, 9_000, 0, date(2026, 11, 3), date(2026, 12, 3), AT),
    lines=(SEATS,),
)
PAYMENT = PaymentRow("ch_1", "cus_1", "usd", 129_000, date(2026, 11, 3), AT, (ApplicationRow("in_1", 129_000),))
MEMBER = MemberRow(
    *("txn_1", "charge", "charge", "ch_1", "usd", 129_000, 3_771, 125_229, AT, (("stripe_fee", 3_771),)),
    source_currency="usd",
    source_minor=129_000,
)
PAYOUT = PayoutRow("po_1", "usd", 125_229, "paid", date(2026, 11, 5), AT, True, True, (MEMBER,))
ROWS = Rows(
    customers=(CustomerRow("cus_1", "Ann", "ann@example.com", AT, ("usd",)),),
    invoices=(INVOICE,),
    payments=(PAYMENT,),
    payouts=(PAYOUT,),
    sources=Sources(
        {"in_1": {"metadata.region": "EU", "metadata.po": "4711"}, "cus_1": {"metadata.tier": "gold"}},
        {"cus_1": Person("Ann", "ann@example.com")},
    ),
)


@dataclass(frozen=True)
class Example:
    """A part of the page: the file, and what it makes as (document, field, value)."""

    title: str
    yaml: str
    made: tuple[tuple[str, str, str], ...]


def examples() -> Iterator[Example]:
    for part in re.split(r"^### Example ", PAGE.read_text(), flags=re.M)[1:]:
        part = part.split("\n## ")[0]
        yaml = re.search(r"```yaml\n(.*?)```", part, re.S)
        rows = re.findall(r"^\| (\w\S*(?: of \S+)?) \| (\S+) \| ?(.*?) ?\|$", part, re.M)
        assert yaml is not None, part
        yield Example(part.splitlines()[0], yaml.group(1), tuple(row for row in rows if row[0] != "document"))


def test_the_page_has_its_examples():
    """Enough of them, and each says what it makes."""
    found = list(examples())
    assert len(found) >= 8
    assert all(example.made for example in found)


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.title)
def test_an_example_makes_what_the_page_says(example, tmp_path):
    """Read from a file like any o2c.yaml, planned, and compared field by field; everything can be written."""
    path = tmp_path / "o2c.yaml"
    path.write_text(example.yaml)
    company = load_policy(path)
    for document, field, value in example.made:
        key, _, account = document.partition(" of ")
        plan = make_plan(company.of(account or "main"), ROWS, {})
        assert () == plan.refusals
        command = next(item for item in plan.commands if item.external_id == key)
        assert value == flat(command.body).get(field, ""), field
