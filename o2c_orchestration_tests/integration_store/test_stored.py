"""The tables are what the classes of their rows say: names, types, and what may be empty."""

import pytest
from sqlalchemy import text

from o2c_orchestration.domain.stored import STORED, fields_of
from o2c_orchestration.store.rows import columns

SQL = {"str": "text", "int": "bigint", "bool": "boolean", "date": "date", "list": "json", "dict": "json",
       "datetime": "timestamp with time zone"}  # fmt: skip
# Lines of invoices lie in a table of their own.
ASIDE = {"invoices": {"lines"}}


@pytest.mark.parametrize("table", sorted(STORED))
def test_a_table_has_the_columns_of_its_class(engine, table):
    """A migration that changes a column changes the class too, or this fails, and the other way round."""
    with engine.connect() as connection:
        found = connection.execute(
            text("""SELECT column_name, data_type, is_nullable = 'YES' AS empty FROM information_schema.columns
                    WHERE table_schema = 'o2c' AND table_name = :table AND column_name <> 'validated_at'"""),
            {"table": table},
        )
        there = {row.column_name: (row.data_type, row.empty) for row in found}
    said = {
        each.name: (SQL[each.type.__name__], each.nullable)
        for each in fields_of(STORED[table])
        if each.name not in ASIDE.get(table, set())
    }
    assert there == said
    assert columns(table)[0] == "id"
