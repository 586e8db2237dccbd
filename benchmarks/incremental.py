"""What reconciliation costs when 1 % of the invoices changed, against comparing everything again.

    python -m benchmarks.incremental --rows 1000000 --repeat 3

Each round changes other invoices: 96 % of them on both sides alike, 2 % in Stripe only and 2 % in the ledger only
(which opens gaps); their payments change on both sides; the dirty keys are noted as the store does. Then the gaps of
the changed part are kept, and compared with those of a full run over the same rows.
"""

import argparse
from typing import Any

from sqlalchemy import Engine

from benchmarks.common import (
    Measure,
    Meter,
    load_books,
    load_payments,
    make_books,
    middle,
    report,
    say,
    throwaway_store,
    vacuum,
)
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import reconcile

_PICK = """
CREATE TEMPORARY TABLE picked ON COMMIT DROP AS
SELECT i.id, d.id AS document, i.place FROM (
    SELECT id, row_number() OVER (ORDER BY hashtextextended(id, %s)) AS place FROM o2c.invoices
) i JOIN o2c.netsuite_documents d ON d.stripe_ref = i.id WHERE i.place <= %s"""
_IN_STRIPE = """UPDATE o2c.invoices i SET total_minor = total_minor + 11, validated_at = clock_timestamp()
                FROM picked p WHERE p.id = i.id AND p.place %% 50 <> 1"""
_IN_LEDGER = """UPDATE o2c.netsuite_documents d SET total_minor = total_minor + 11, read_at = clock_timestamp()
                FROM picked p WHERE p.document = d.id AND p.place %% 50 <> 2"""
# The payments of the changed invoices change with them, on both sides.
_PAID = (
    """CREATE TEMPORARY TABLE paid ON COMMIT DROP AS SELECT p.id, p.payment_intent, d.id AS document
       FROM picked JOIN o2c.payments p ON p.id = 'ch_3' || substr(picked.id, 5)
       JOIN o2c.netsuite_documents d ON d.stripe_ref = p.id""",
    "UPDATE o2c.payments p SET amount_minor = amount_minor + 11 FROM paid WHERE paid.id = p.id",
    """UPDATE o2c.invoice_payments i SET amount_minor = amount_minor + 11 FROM paid
       WHERE paid.payment_intent = i.payment_intent""",
    "UPDATE o2c.netsuite_documents d SET total_minor = total_minor + 11 FROM paid WHERE paid.document = d.id",
    "UPDATE o2c.netsuite_applications a SET amount_minor = amount_minor + 11 FROM paid WHERE document = payment_id",
)
_DIRTY = "INSERT INTO o2c.dirty (key) SELECT id FROM picked UNION ALL SELECT id FROM paid ON CONFLICT DO NOTHING"
_GAPS = """SELECT gap_id, kind, stripe_id, netsuite_id, customer, currency, expected_minor, actual_minor, reason
           FROM o2c.gaps WHERE state = 'open' ORDER BY gap_id"""


def main() -> None:
    """Change, reconcile what changed, reconcile everything, compare; `--repeat` times."""
    parser = argparse.ArgumentParser(description="Incremental against full reconciliation")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--without-payments", action="store_true", help="invoices only")
    arguments = parser.parse_args()
    with throwaway_store() as (engine, meter):
        load_books(engine, make_books(arguments.rows))
        if not arguments.without_payments:
            load_payments(engine)
        reconcile(engine, full=True)
        vacuum(engine)
        rounds = [one_round(engine, meter, seed, arguments.rows // 100) for seed in range(arguments.repeat)]
    measures = [middle([item[side] for item in rounds]) for side in (0, 1)]
    report(f"{arguments.rows:,} invoices, 1 % changed, median of {arguments.repeat}", measures, "everything")
    say(f"share of the full run's time, round by round: {[f'{a.seconds / b.seconds:.1%}' for a, b in rounds]}")


def one_round(engine: Engine, meter: Meter, seed: int, changed: int) -> tuple[Measure, Measure]:
    """Change so many invoices: comparing what changed, and everything."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_PICK, (seed, changed))
        for statement in (_IN_STRIPE, _IN_LEDGER):
            cursor.execute(statement, ())
        for statement in (*_PAID, _DIRTY):
            cursor.execute(statement)
    part = meter.run("what changed", lambda: reconcile(engine), str)
    kept = _gaps(engine)
    everything = meter.run("everything", lambda: reconcile(engine, full=True), str)
    assert kept == _gaps(engine), "a full run found other gaps"
    say(f"  {part}\n  {everything}\n  the same {len(kept)} gaps")
    return part, everything


def _gaps(engine: Engine) -> list[tuple[Any, ...]]:
    with raw_cursor(engine) as cursor:
        cursor.execute(_GAPS)
        return cursor.fetchall()


if __name__ == "__main__":
    main()
