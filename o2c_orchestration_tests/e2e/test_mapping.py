"""The mapping the whole way: Stripe's metadata in fields that NetSuite shows, explained and compared by commands."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.plan.explain_mapping import shown
from o2c_orchestration.shadow import shadow_plan
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import Books, run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, fresh_books, opened

TABLES = {"class_of_region": {"EU": "Services", "US": "Software"}, "list_of_region": {"EU": "emea", "US": "2"}}
MAPPING: dict[str, Any] = {
    "tables": TABLES,
    "customer": {"header": {"custentity_tier": "standard"}},
    "invoice": {
        "header": {
            "class": {"lookup": "class_of_region", "by": "metadata.region"},
            "location": [{"constant": "Europe : Berlin", "when": "metadata.region == 'EU'"}, "Americas"],
            "custbody_region": {"lookup": "list_of_region", "by": "metadata.region", "reference": "customlist_region"},
            "custbody_note": {"expression": "'Stripe ' + coalesce(number, id)"},
            "custbody_urgent": [{"constant": True, "when": "amount_minor > 1000000"}, False],
            "otherRefNum": None,
        },
        "lines": {"department": "Sales", "custcol_product": {"source": "line.product_id", "missing": "omit"}},
    },
    "credit_memo": {"lines": {"department": "Customer Success"}},
    "payment": {"header": {"department": "Finance"}},
    "deposit": {"lines": {"department": {"constant": "Finance", "when": "line.role == 'cashback'"}}},
}

OWN = {"custentity_tier", "class", "location", "custbody_region", "custbody_note", "custbody_urgent"}
OWN |= {"department", "custcol_product"}


def regional(books: Books) -> Books:
    """The same company, its invoices of two regions and with metadata that nobody maps."""
    for number, invoice in enumerate(books.of("invoice")):
        invoice["metadata"] = {"region": ("EU", "US")[number % 2], "private": "born 1970-01-01"}
    return books


@contextmanager
def company(tmp_path: Path, keys: Path, new_database: NewDatabase, mapping: Any) -> Iterator[Company]:
    books = regional(fresh_books())
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy={"mapping": mapping}) as made:
            run(made.product, books.span)
            yield made


def record(made: Company, kind: str, key: str) -> dict[str, Any] | None:
    """A record as NetSuite shows it, with its lines."""
    found = made.product.ledger.find_by_external_id(kind, key)
    return None if found is None else made.product.ledger.record(kind, found, sublists=True)[0]


def test_netsuite_shows_what_the_mapping_says(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Header and lines, of invoices and customers; nothing is a gap, and nothing is written twice."""
    with company(tmp_path, keys, new_database, MAPPING) as made:
        assert list_gaps(made.product.engine) == []
        seen = 0
        for invoice in made.books.of("invoice"):
            found = record(made, "invoice", invoice["id"])
            if found is None:
                continue
            region, seen = invoice["metadata"]["region"], seen + 1
            assert found["class"]["refName"] == {"EU": "Services", "US": "Software"}[region]
            assert found["location"]["refName"] == {"EU": "Berlin", "US": "Americas"}[region]
            assert found["custbody_region"]["refName"] == {"EU": "EMEA", "US": "AMER"}[region]
            assert found["custbody_note"] == f"Stripe {invoice['number']}"
            assert found["custbody_urgent"] is (invoice["total"] > 1_000_000)
            assert "otherRefNum" not in found
            assert {line["department"]["refName"] for line in found["item"]["items"]} == {"Sales"}
            products = {line["pricing"]["price_details"]["product"] for line in invoice["lines"]["data"]}
            assert {line["custcol_product"] for line in found["item"]["items"] if "custcol_product" in line} == products
        assert seen
        customers = [record(made, "customer", each["id"]) for each in made.books.of("customer")]
        assert {each["custentity_tier"] for each in customers if each} == {"standard"}
        made.run()
        assert made.world.writes() == []
        policy = made.product.policy
        every = shadow_plan(made.product.engine, policy, *made.books.span).commands
        assert {"customer", "invoice", "customerPayment", "deposit"} <= {each.document for each in every}
        for command in every:
            fields = [each.field for each in shown(command, policy, ()).fields if each.source == "not known here"]
            assert {name.rpartition(".")[2] for name in fields} <= OWN


def test_a_report_by_department_finds_the_fees(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Lines of deposits carry theirs in SuiteQL, where reports are made."""
    query = (
        "SELECT tl.department AS department, COUNT(*) AS lines FROM transactionline tl "
        "INNER JOIN transaction t ON t.id = tl.transaction WHERE t.type = 'Deposit' AND tl.mainline = 'F' "
        "AND tl.department IS NOT NULL GROUP BY tl.department ORDER BY tl.department"
    )
    with company(tmp_path, keys, new_database, MAPPING) as made:
        rows = list(made.product.ledger.suiteql(query))
        assert [str(row["department"]) for row in rows] == ["3"]


def test_only_metadata_that_is_mapped_is_kept(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """The region, and nothing of what else people write there."""
    from o2c_orchestration.store.database import raw_cursor

    with company(tmp_path, keys, new_database, MAPPING) as made, raw_cursor(made.product.engine) as cursor:
        cursor.execute("SELECT count(*) FROM o2c.stripe_objects WHERE payload::text LIKE '%born 1970%'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM o2c.kept_metadata WHERE told::text LIKE '%EU%'")
        assert (cursor.fetchone() or (0,))[0] > 0


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"custbody_nobody": "x"}, "custbody_nobody"),
        ({"class": "Hardware"}, "NetSuite has no class 'Hardware'"),
        ({"class": "Nobody's"}, 'NetSuite has no class "Nobody\'s"'),
        ({"custbody_region": {"constant": 3, "reference": "id"}}, "custbody_region"),
        ({"custbody_region": {"constant": "APAC", "reference": "customlist_region"}}, "no customlist_region 'APAC'"),
        ({"custbody_region": {"constant": "EMEA", "reference": "customlist_regions"}}, "no customlist_regions 'EMEA'"),
        ({"custbody_urgent": "yes"}, "custbody_urgent"),
        ({"custbody_note": {"source": "metadata.channel"}}, "metadata.channel has no value"),
    ],
)
def test_what_netsuite_does_not_know_is_a_gap_by_name(
    tmp_path: Path, keys: Path, new_database: NewDatabase, rule: Any, words: str
) -> None:
    """An unknown field, a class that is inactive or not there, a value of another kind: no invoice is written."""
    with company(tmp_path, keys, new_database, {"invoice": {"header": rule}}) as made:
        gaps = [gap for gap in list_gaps(made.product.engine) if (gap.stripe_id or "").startswith("in_")]
        assert gaps
        assert {gap.kind for gap in gaps} == {"sync_failed"}
        assert all(words in (gap.reason or "") for gap in gaps), gaps[0].reason


def test_a_key_that_is_named_later_is_read_again(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """What was read before says nothing of it: planned at once it is refused by name; a run reads it and goes on."""
    books = regional(fresh_books())
    for customer in books.of("customer"):
        customer["metadata"] = {"tier": "gold"}
    rules = {"class": {"lookup": "class_of_region", "by": "metadata.region"}}
    rules |= {"custbody_note": {"source": "customer.metadata.tier"}}
    mapping = {"tables": TABLES, "invoice": {"header": rules}}
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, mode="observe") as before:
            run(before.product, books.span)
        with opened(world, books, url, policy={"mapping": mapping}) as made:
            plan = made.product.plan(*books.span)
            refused = [item for item in plan.refusals if item.code == "MAPPING"]
            assert refused
            assert all("was read before the mapping named it" in item.reason for item in refused)
            run(made.product, books.span)
            assert list_gaps(made.product.engine) == []
            found = [record(made, "invoice", each["id"]) for each in books.of("invoice")]
            assert {each["custbody_note"] for each in found if each} == {"gold"}


def command(made: Company, monkeypatch: pytest.MonkeyPatch, capsys: Any, *words: str, **policy: Any) -> tuple[int, Any]:
    """What `o2c …` ends with, and what it prints as JSON."""
    from o2c_orchestration import cli

    for name, value in made.world.environment(made.database_url, "observe", policy or None).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["o2c", *words])
    capsys.readouterr()
    code = cli._run()
    return code, json.loads(capsys.readouterr().out or "null")


def test_the_commands_explain_and_compare(
    tmp_path: Path, keys: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """`show` tells each field of a document that was written long ago; `diff` what another file would change."""
    with company(tmp_path, keys, new_database, MAPPING) as made:
        made.world.forget_requests()
        written = next(each for each in made.books.of("invoice") if record(made, "invoice", each["id"]))
        made.world.forget_requests()
        code, [shown] = command(made, monkeypatch, capsys, "mapping", "show", written["id"], "--json", mapping=MAPPING)
        fields = {each["field"]: each for each in shown["fields"]}
        assert (0, "invoice", written["id"]) == (code, shown["document"], shown["external_id"])
        assert "mapping.invoice.header.class" == fields["class"]["rule"]
        assert "metadata.region in table class_of_region" == fields["class"]["source"]
        assert ("standard", "invoice.id") == (fields["externalId"]["rule"], fields["externalId"]["source"])
        assert "mapping.invoice.lines.department" == fields["item[1].department"]["rule"]
        assert fields["otherRefNum"]["value"] is None
        assert all(each["source"] != "not known here" for each in shown["fields"])

        old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
        old.write_text(json.dumps({"mapping": MAPPING}))
        header = {**MAPPING["invoice"]["header"], "custbody_note": "x", "otherRefNum": {"source": "number"}}
        changed = {**MAPPING, "invoice": {**MAPPING["invoice"], "header": header}}
        new.write_text(json.dumps({"mapping": changed}))
        days = ("--days", "3000", "--json")
        code, same = command(made, monkeypatch, capsys, "mapping", "diff", str(old), str(old), *days)
        assert (0, []) == (code, same)
        code, found = command(made, monkeypatch, capsys, "mapping", "diff", str(old), str(new), *days)
        assert 0 == code
        assert {"changed"} == {each["change"] for each in found}
        assert {"invoice"} == {each["document"] for each in found}
        mine = next(each for each in found if each["external_id"] == written["id"])
        was = f"Stripe {written['number']}"
        assert {"field": "custbody_note", "old": was, "new": "x"} in mine["fields"]
        assert {"field": "otherRefNum", "old": None, "new": written["number"]} in mine["fields"]
        assert 2 == len(mine["fields"])

        new.write_text(
            json.dumps({"mapping": {"invoice": {"header": {"custbody_note": {"source": "metadata.later"}}}}})
        )
        code, found = command(made, monkeypatch, capsys, "mapping", "diff", str(old), str(new), *days)
        assert 1 == code
        refused = [each for each in found if each["change"] == "refused" and each["document"] == "invoice"]
        assert "was read before the mapping named it" in refused[0]["reason"]
        assert made.world.requests("netsuite") == []
        assert made.world.requests("stripe") == []
        code, schema = command(made, monkeypatch, capsys, "mapping", "schema")
        assert "mapping" in schema["properties"]
        code, _ = command(made, monkeypatch, capsys, "mapping", "show", "in_nobody", "--json")
        assert 1 == code
