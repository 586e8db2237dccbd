"""Contacts of Salesforce that change, where o2c.yaml has e-mail addresses of customers in Stripe follow them.

Nobody's address book is read: of all contacts that changed come ids alone, and addresses only of accounts whose
customers we made, or of which a contact was read before.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.store import inbox, salesforce

_CURSOR = "salesforce:Contact:changes"
# The first look has nothing to go by but our own clock.
_FIRST = timedelta(days=1)


class ContactPoll:
    """Which contacts are to be read again since the last look. `overlap` is for what commits late."""

    def __init__(self, engine: Engine, reader: SalesforceReader, overlap: timedelta) -> None:
        self._engine, self._reader, self._overlap = engine, reader, overlap

    def changed(self) -> tuple[str, list[str], Callable[[], None]]:
        """By which field they are asked for, its values, and what to call once they were read.

        At the first look all contacts of the accounts are.
        """
        cursor = inbox.read_cursor(self._engine, _CURSOR)
        if cursor is None:
            newest = datetime.now(UTC) - _FIRST
            which, ids = "AccountId", salesforce.followed_by_contact(self._engine)
        else:
            newest, accounts = self._since(datetime.fromisoformat(cursor))
            which, ids = "Id", self._of_interest(accounts)
        return which, ids, lambda: inbox.write_cursor(self._engine, _CURSOR, newest.isoformat())

    def kept(self) -> list[str]:
        """Contacts that are stored and not known to be deleted."""
        return salesforce.others(self._engine, "Contact", [], datetime.now(UTC))

    def _since(self, moment: datetime) -> tuple[datetime, dict[str, str]]:
        """The newest stamp, and the accounts of those that changed, by the contact's id."""
        stamp = (moment - self._overlap).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        where = f"WHERE SystemModstamp >= {stamp} ORDER BY SystemModstamp, Id"
        rows = self._reader.query_all(f"SELECT Id, AccountId, SystemModstamp FROM Contact {where}")
        stamps = [datetime.fromisoformat(str(row["SystemModstamp"])) for row in rows]
        return max([moment, *stamps]), {str(row["Id"]): str(row.get("AccountId") or "") for row in rows}

    def _of_interest(self, accounts: dict[str, str]) -> list[str]:
        known = {*salesforce.alive_among(self._engine, sorted(accounts))}
        ours = {*salesforce.followed_by_contact(self._engine, sorted({*accounts.values()}))}
        return sorted(contact for contact, account in accounts.items() if contact in known or account in ours)
