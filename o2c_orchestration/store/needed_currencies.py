"""Which currencies NetSuite has to know."""

from sqlalchemy import Engine

from o2c_orchestration.store.database import reading_cursor


def needed_currencies(engine: Engine) -> set[str]:
    """Currencies of stored invoices and payments, in small letters."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT DISTINCT currency FROM o2c.invoices UNION SELECT DISTINCT currency FROM o2c.payments")
        return {str(row[0]) for row in cursor.fetchall()}
