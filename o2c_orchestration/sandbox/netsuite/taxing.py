"""The tax engine: what NetSuite itself adds to a sales order that is saved, once an administrator has switched it on.

By Oracle's help, SuiteTax calculates when a transaction is saved and keeps the tax in lines of its own (`taxline`);
REST shows it as `taxTotal` and takes no tax codes. Here it is one rate, and on sales orders alone: invoices come with
the tax that Stripe has calculated.
"""

from __future__ import annotations

import sqlite3
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from o2c_orchestration.sandbox.netsuite.service import NetSuiteService

Json = dict[str, Any]
_META = "tax_percent"


def set_tax(service: NetSuiteService, change: Json) -> Json:
    """`{"percent": 8}`: what is added to orders from now on; 0 switches it off."""
    percent = Decimal(str(change["percent"]))
    with service.ledger.store.write() as connection:
        connection.execute("INSERT OR REPLACE INTO x_meta VALUES (?, ?)", (_META, str(percent)))
    return {"percent": float(percent)}


def tax_of(connection: sqlite3.Connection, minor: int) -> int:
    """The tax on so many minor units, half up."""
    row = connection.execute("SELECT value FROM x_meta WHERE name = ?", (_META,)).fetchone()
    percent = Decimal(str(row[0])) if row is not None else Decimal(0)
    return int((minor * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
