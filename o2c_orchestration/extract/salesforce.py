"""Salesforce → the store: what changed since the last poll, what was deleted, and what deals point to.

Polling goes by `SystemModstamp`, which moves with every change, with an overlap for transactions that commit late.
It is complete by itself: change events (`change_events`) only make it faster.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.clients.salesforce import Deletions, SalesforceReader
from o2c_orchestration.domain.errors import ObjectMissing, PermissionDenied, Refused
from o2c_orchestration.domain.salesforce_fields import DETAILS, NEEDED, READ, Source, own_field
from o2c_orchestration.extract.contacts import ContactPoll
from o2c_orchestration.store import inbox, salesforce
from o2c_orchestration.store.salesforce import SalesforceRecord

# What is polled, in this order: an account before its deals, a deal before its lines.
POLLED = ("Product2", "PricebookEntry", "Account", "Opportunity", "OpportunityLineItem", "Order", "OrderItem")
# What is polled when there is little time: the rest changes seldom, and a deal's own entries are read with it.
QUICK = ("Account", "Opportunity", "OpportunityLineItem", "Order", "OrderItem")
# The lines of what is a deal, and how they name it.
_LINES = {"Opportunity": ("OpportunityLineItem", "OpportunityId"), "Order": ("OrderItem", "OrderId")}
# Salesforce tells of deletions for 15 days: one less, for the hours of a day that it does not count.
_DELETIONS_KEPT = timedelta(days=14)
# By no more than this is our clock ahead of Salesforce's; what was deleted meanwhile is told once more.
_CLOCKS = timedelta(days=1)
# A query travels in the address, which Salesforce cuts at 16 KB.
_IDS_AT_ONCE = 250
_ID = re.compile(r"[A-Za-z0-9]{15,18}")
_OF_DETAILS = frozenset(name for some in DETAILS.values() for name in some)
_BEGINNING = datetime(1999, 1, 1, tzinfo=UTC)


@dataclass
class Polled:
    """What a poll brought, by type: records seen, changed and deleted. `closed` is why a type cannot be read.

    `odd` has reasons by record, of those that changed and make no sense.
    """

    seen: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    changed_ids: set[str] = field(default_factory=set)
    odd: dict[str, str] = field(default_factory=dict)


# Looks at records of a type that are new or changed; reasons by id, of those that make no sense.
Judge = Callable[[str, Sequence[Mapping[str, Any]]], Mapping[str, str]]


class SalesforceExtractor:
    """Reads one org into the store. `more`: fields by type that o2c.yaml asks for besides those that all need.

    `needed` are those of them without which nothing of the type is read. `follow_contacts`: also contacts that change.
    """

    def __init__(
        self,
        engine: Engine,
        reader: SalesforceReader,
        overlap: timedelta,
        progress: Callable[[int], None] = lambda count: None,
        judge: Judge = lambda kind, records: {},
        source: Source = "opportunities",
        more: Mapping[str, Sequence[str]] = MappingProxyType({}),
        needed: Mapping[str, Sequence[str]] = MappingProxyType({}),
        *,
        follow_contacts: bool = False,
    ) -> None:
        self._contact_poll = ContactPoll(engine, reader, overlap) if follow_contacts else None
        self._source, self._more, self._needed = source, more, needed
        self._judge = judge
        self._engine = engine
        self._reader = reader
        self._overlap = overlap
        self._progress = progress
        self._known: dict[str, tuple[str, ...]] = {}

    def poll(self, kinds: Sequence[str] = POLLED, *, deletions: bool = True) -> Polled:
        """Read what changed since the last poll, then what that points to."""
        found = Polled()
        with self._asking():
            for kind in kinds:
                with _closed(found, kind):
                    self._poll(kind, found, deletions=deletions)
            # A poll in a hurry looks at what came in; a sweep at everything, so that nothing stays unread for long.
            self._behind(found, everything=deletions)
            if self._contact_poll is not None:
                with _closed(found, "Contact"):
                    self._follow_contacts(self._contact_poll, found, deletions=deletions)
        return found

    def changed(self, ids: Mapping[str, Sequence[str]], whole: Collection[str] = ()) -> Polled:
        """Read these records, by type, as they are now, then what they point to; a record that is not there is deleted.

        `whole`: types of which somebody knows that much changed and not what: they are polled, deletions and all.
        """
        found = Polled()
        with self._asking():
            for kind in POLLED:
                with _closed(found, kind):
                    if kind in whole:
                        self._poll(kind, found, deletions=True)
                    elif ids.get(kind):
                        self._by_id(kind, ids[kind], found)
            self._behind(found, everything=False)
        return found

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except Refused:
            # A field that was there when this process began may be there no more.
            self._known.clear()
            raise

    def _behind(self, found: Polled, *, everything: bool) -> None:
        """The lines of deals that changed, and what all of it points to."""
        for kind, (line, naming) in _LINES.items():
            with _closed(found, line):
                self._lines(kind, line, naming, found)
        self._references(found, everything=everything)

    def _by_id(self, kind: str, ids: Sequence[str], found: Polled) -> None:
        if not self._may_see(kind, inbox.read_cursor(self._engine, _fields_cursor(kind)), found):
            return
        for some in chunks(ids):
            began = datetime.now(UTC)
            self._read(kind, f"WHERE Id IN ({quoted(some)}) ORDER BY Id", found)
            self._gone(kind, salesforce.unseen(self._engine, kind, some, began), found)

    def _may_see(self, kind: str, seen: str | None, found: Polled) -> tuple[str, ...]:
        """The fields that are asked for; none where one is hidden that nothing can be done without."""
        fields = self._fields(kind, seen)
        needed = (*NEEDED.get(kind, ()), *self._needed.get(kind, ()))
        hidden = [name for name in needed if name not in fields]
        if not hidden:
            return fields
        found.closed[kind] = f"fields cannot be seen: {', '.join(hidden)}"
        # The next poll asks again what may be seen.
        self._known.pop(kind, None)
        return ()

    def _poll(self, kind: str, found: Polled, *, deletions: bool) -> None:
        started = datetime.now(UTC)
        cursor, seen = (inbox.read_cursor(self._engine, name) for name in (f"salesforce:{kind}", _fields_cursor(kind)))
        fields = self._may_see(kind, seen, found)
        if not fields:
            return
        # A field that we may see from now on has values in records that have not changed since, and so has one that
        # nobody asks for any more.
        anew = cursor is None or seen is None or not set(fields) <= set(seen.split())
        anew = anew or bool(_OF_DETAILS & set((seen or "").split()) - set(fields))
        since = _BEGINNING if cursor is None or anew else datetime.fromisoformat(cursor) - self._overlap
        newest = self._read(kind, f"WHERE SystemModstamp >= {_literal(since)} ORDER BY SystemModstamp, Id", found)
        if cursor is None and inbox.read_cursor(self._engine, _deletions_cursor(kind)) is None:
            # What is seen for the first time can only have been deleted since.
            self._looked_at_deletions(kind, started, None)
        elif deletions:
            self._deletions(kind, started, found)
        # Salesforce's clock, not ours: what it has shown us is what we have seen.
        if newest is not None:
            inbox.write_cursor(self._engine, f"salesforce:{kind}", newest.isoformat())
        if seen != " ".join(fields):
            inbox.write_cursor(self._engine, _fields_cursor(kind), " ".join(fields))

    def _read(self, kind: str, condition: str, found: Polled) -> datetime | None:
        """Store the records of a query; the newest stamp among them."""
        newest = None
        for page in self._reader.pages(f"SELECT {', '.join(self._fields(kind))} FROM {kind} {condition}"):
            rows = [_flat(row, self._fields(kind)) for row in page.records]
            records = [SalesforceRecord(kind, row, page.read_at) for row in rows]
            changed = salesforce.admit(self._engine, records)
            _count(found.seen, kind, len(records))
            _count(found.changed, kind, len(changed))
            found.changed_ids.update(changed)
            new = frozenset(changed)
            found.odd.update(self._judge(kind, [row for row in rows if row["Id"] in new]))
            self._progress(len(records))
            stamps = [datetime.fromisoformat(str(row["SystemModstamp"])) for row in rows]
            newest = max([stamp for stamp in (newest, *stamps) if stamp is not None], default=None)
        return newest

    def _deletions(self, kind: str, started: datetime, found: Polled) -> None:
        """What was deleted since the last look at deletions, which not every poll takes."""
        looked = inbox.read_cursor(self._engine, _deletions_cursor(kind))
        since = datetime.fromisoformat(looked) - self._overlap if looked else _BEGINNING
        told = self._told(kind, since, started)
        if told is None:
            self._compare_all(kind, found)
        else:
            self._gone(kind, self._not_alive(kind, salesforce.alive_among(self._engine, told.ids)), found)
        self._looked_at_deletions(kind, started, told)

    def _looked_at_deletions(self, kind: str, started: datetime, told: Deletions | None) -> None:
        """The next look begins where Salesforce says; where it says nothing, a day ago: our clock may be wrong."""
        covered = told.covered if told is not None else None
        moment = min(started, covered) if covered is not None else started - _CLOCKS
        inbox.write_cursor(self._engine, _deletions_cursor(kind), moment.isoformat())

    def _told(self, kind: str, since: datetime, until: datetime) -> Deletions | None:
        """What Salesforce says was deleted; None where it may have forgotten some of it."""
        if until - since > _DELETIONS_KEPT:
            return None
        # Salesforce refuses a span of less than a minute, and takes no notice of seconds: what was deleted in the
        # minute that runs is in no span that ends in it.
        start, end = min(since, until - timedelta(minutes=2)), until + timedelta(minutes=1)
        told = self._reader.deleted(kind, start, end)
        forgot = told is not None and told.whole_since is not None and told.whole_since > start
        return None if forgot else told

    def _not_alive(self, kind: str, ids: Sequence[str]) -> list[str]:
        """Those of these ids that are not there: what was deleted may have been taken out of the bin again."""
        alive: set[str] = set()
        for some in chunks(ids):
            rows = self._reader.query_all(f"SELECT Id FROM {kind} WHERE Id IN ({quoted(some)})")
            alive.update(str(row["Id"]) for row in rows)
        return [each for each in ids if each not in alive]

    def _compare_all(self, kind: str, found: Polled) -> None:
        """Nobody can say any more what was deleted: whatever is not there is. What is there and unknown is read."""
        began = datetime.now(UTC)
        alive = {str(row["Id"]) for row in self._reader.query_all(f"SELECT Id FROM {kind}")}
        self._gone(kind, salesforce.others(self._engine, kind, sorted(alive), began), found)
        known = salesforce.alive_among(self._engine, sorted(alive))
        for some in chunks(sorted(alive.difference(known))):
            self._read(kind, f"WHERE Id IN ({quoted(some)}) ORDER BY Id", found)

    def _gone(self, kind: str, ids: Sequence[str], found: Polled) -> None:
        gone = salesforce.mark_deleted(self._engine, ids)
        _count(found.deleted, kind, len(gone))
        found.changed_ids.update(gone)

    def _lines(self, kind: str, line: str, naming: str, found: Polled) -> None:
        """All lines of won deals of which anything changed: a line that was taken out tells nobody."""
        deals = salesforce.won_among(self._engine, kind, sorted(found.changed_ids))
        for some in chunks(deals):
            began = datetime.now(UTC)
            before = set(found.changed_ids)
            self._read(line, f"WHERE {naming} IN ({quoted(some)}) ORDER BY Id", found)
            gone = salesforce.forget_children(self._engine, line, some, began)
            _count(found.deleted, line, gone)
            found.changed_ids |= before

    def _references(self, found: Polled, *, everything: bool) -> None:
        for kind in ("Account", "PricebookEntry", "Product2"):
            among = None if everything else sorted(found.changed_ids)
            with _closed(found, kind):
                for some in chunks(salesforce.unread(self._engine, kind, among)):
                    self._read(kind, f"WHERE Id IN ({quoted(some)}) ORDER BY Id", found)
        with _closed(found, "Contact"):
            self._contacts(found)

    def _contacts(self, found: Polled) -> None:
        accounts = salesforce.accounts_without_contact(self._engine, sorted(found.changed_ids), self._source)
        # Who may not see addresses cannot ask for those who have one either.
        if accounts and "Email" in self._fields("Contact"):
            for some in chunks(accounts):
                self._read("Contact", f"WHERE AccountId IN ({quoted(some)}) AND Email != null ORDER BY Id", found)

    def _follow_contacts(self, poll: ContactPoll, found: Polled, *, deletions: bool) -> None:
        if "Email" not in self._fields("Contact"):
            return
        which, ids, heard = poll.changed()
        for some in chunks(ids):
            self._read("Contact", f"WHERE {which} IN ({quoted(some)}) ORDER BY Id", found)
        heard()
        if not deletions:
            return
        started, looked = datetime.now(UTC), inbox.read_cursor(self._engine, _deletions_cursor("Contact"))
        since = datetime.fromisoformat(looked) - self._overlap if looked else _BEGINNING
        told = self._told("Contact", since, started)
        # Where nobody can say what was deleted, those are looked for that we know: the others are none of our business.
        known = poll.kept() if told is None else salesforce.alive_among(self._engine, told.ids)
        self._gone("Contact", self._not_alive("Contact", known), found)
        self._looked_at_deletions("Contact", started, told)

    def _fields(self, kind: str, seen: str | None = None) -> tuple[str, ...]:
        """Those of the fields we read that the org has and the app's user may see.

        `seen`: those of the last poll, perhaps of another process; if they are others, Salesforce is asked again.
        """
        # Poll and change events read side by side: what one of them forgets the other may just have asked for.
        known = self._known.get(kind)
        if known is None or (seen is not None and seen != " ".join(known)):
            there = self._reader.fields(kind)
            wanted = (*READ[kind], *self._more.get(kind, ()))
            known = self._known[kind] = tuple(name for name in wanted if own_field(name) in there)
        return known


@contextmanager
def _closed(found: Polled, kind: str) -> Iterator[None]:
    """What cannot be read is noted, and the rest is read."""
    try:
        yield
    except (PermissionDenied, ObjectMissing) as error:
        found.closed[kind] = error.what


def _flat(row: Mapping[str, Any], fields: Iterable[str]) -> Mapping[str, Any]:
    """A record with what it says of others under the names by which that was asked for, and nothing else of them."""
    ways = [name.partition(".") for name in fields if "." in name]
    if not ways:
        return row
    told = {f"{other}.{name}": (row.get(other) or {}).get(name) for other, _, name in ways}
    return {name: value for name, value in row.items() if name not in {other for other, _, _ in ways}} | told


def _fields_cursor(kind: str) -> str:
    return f"salesforce:{kind}:fields"


def _deletions_cursor(kind: str) -> str:
    return f"salesforce:{kind}:deleted"


def _literal(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def quoted(ids: Iterable[str]) -> str:
    """Ids for a query; what is none is left out."""
    return ", ".join(f"'{identifier}'" for identifier in ids if _ID.fullmatch(identifier))


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many ids at once as a query takes."""
    return (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))


def _count(counts: dict[str, int], kind: str, number: int) -> None:
    counts[kind] = counts.get(kind, 0) + number
