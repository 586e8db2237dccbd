"""Several Stripe accounts read as one: each object is asked of the account that it belongs to.

Of an id that nobody owns as far as the store knows (a price, something that only the ledger names), every account is
asked in turn, and only what none of them has is absent.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.keys import coupon_of
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.extract.stripe import Extracted, Lately, StripeExtractor
from o2c_orchestration.store.accounts import owners
from o2c_orchestration.store.gate import mark_absent

_NOBODY: Mapping[str, str | None] = {}


class AccountsExtractor:
    """The extractors of a company's Stripe accounts, by account; with one account it asks no further."""

    def __init__(self, engine: Engine, each: Mapping[str, StripeExtractor]) -> None:
        self._engine = engine
        self.each = each

    def objects(self, object_type: str, ids: Sequence[str], said: Mapping[str, str | None] = _NOBODY) -> Extracted:
        """Single objects, by id; `said` is the account of an id where an event told it."""
        return self._each_of_its_own(ids, said, object_type, lambda own, mine: own.objects(object_type, mine))

    def changed(
        self, object_type: str, ids: Sequence[str], said: Mapping[str, str | None], lately: Lately
    ) -> Extracted:
        """As `objects`, but one that cannot be read now fails alone, and many new ones are read page by page."""
        return self._each_of_its_own(ids, said, object_type, lambda own, mine: own.changed(object_type, mine, lately))

    def _each_of_its_own(
        self,
        ids: Sequence[str],
        said: Mapping[str, str | None],
        object_type: str,
        read: Callable[[StripeExtractor, Sequence[str]], Extracted],
    ) -> Extracted:
        known, total = self._owners(ids), Extracted()
        whose = {key: known.get(key) or said.get(key) or coupon_of(key)[0] for key in ids}
        for account, extractor in self.each.items():
            own = [key for key in ids if whose[key] == account]
            if own:
                total.join(read(extractor, own))
        return total.join(self._anywhere(object_type, [key for key in ids if whose[key] not in self.each]))

    def invoice_payments_of(self, payment_intents: Sequence[str]) -> Extracted:
        """The invoice payments that a PaymentIntent made."""
        return self._shared(payment_intents, StripeExtractor.invoice_payments_of)

    def balance_movements_of(self, customers: Sequence[str]) -> Extracted:
        """Every movement of the balances of these customers."""
        return self._shared(customers, StripeExtractor.balance_movements_of)

    def window(self, object_type: str, first: date, last: date) -> Extracted:
        """All objects of a type created on the UTC days [first, last], of all accounts."""
        total = Extracted()
        for extractor in self.each.values():
            total.join(extractor.window(object_type, first, last))
        return total

    def discounts_of(self, invoices: Sequence[str]) -> Extracted:
        """The discounts of invoices, and their coupons."""
        return self._shared(invoices, StripeExtractor.discounts_of)

    def members_of(self, payouts: Sequence[str]) -> Extracted:
        """The balance transactions of payouts, and which payout each belongs to."""
        return self._shared(payouts, StripeExtractor.members_of)

    def _shared(self, ids: Sequence[str], read: Callable[[StripeExtractor, Sequence[str]], Extracted]) -> Extracted:
        whose, total = self._owners(ids), Extracted()
        for account, extractor in self.each.items():
            own = [key for key in ids if whose.get(key) == account]
            if own:
                total.join(read(extractor, own))
        return total

    def _owners(self, ids: Sequence[str]) -> Mapping[str, str]:
        if len(self.each) == 1:
            return dict.fromkeys(ids, next(iter(self.each)))
        return owners(self._engine, ids)

    def _anywhere(self, object_type: str, ids: Sequence[str]) -> Extracted:
        total, left = Extracted(), list(ids)
        for extractor in self.each.values() if left else ():
            found = extractor.objects(object_type, left, remember=False)
            if found.unreadable is None:
                left, found.absent = found.absent, []
            total.join(found)
        if left and total.unreadable is None:
            mark_absent(self._engine, left, datetime.now(UTC))
            total.absent += left
        return total


def check_accounts(readers: Mapping[str, StripeReader]) -> None:
    """Raise SettingsError where a key is not the one of the account that it is given for.

    Asked before anything is read: objects that are stored under another company's name are booked there.
    """
    if len(readers) == 1:
        return
    main = readers[MAIN].account_id()
    if main in readers:
        fix = f"set STRIPE_API_KEY to the key of the main account, and {main}'s in STRIPE_API_KEYS only"
        raise SettingsError(f"STRIPE_API_KEY is a key of {main}, which is an entity of o2c.yaml", fix)
    for account, reader in readers.items():
        if account != MAIN:
            _check(account, reader.account_id())


def check_writer(reader: StripeReader, writer: StripeReader) -> None:
    """Raise SettingsError where the key that writes is not surely of the account that is read.

    Asked before anything is made: customers and invoices would be another company's.
    """
    read, written = reader.account_id(), writer.account_id()
    if read is None or written is None:
        fix = "give both keys read permission for their account (GET /v1/account)"
        raise SettingsError("Stripe does not say whether STRIPE_WRITE_KEY is of STRIPE_API_KEY's account", fix)
    if read != written:
        fix = f"set STRIPE_WRITE_KEY to a key of {read}"
        raise SettingsError(f"STRIPE_WRITE_KEY is a key of {written}, and STRIPE_API_KEY one of {read}", fix)


def _check(account: str, found: str | None) -> None:
    if found is None:
        fix = f"give the key of {account} in STRIPE_API_KEYS read permission for its account (GET /v1/account)"
        raise SettingsError(f"Stripe does not say whether the key for {account} is {account}'s", fix)
    if found != account:
        fix = f"set {account}=<a key of {account}> in STRIPE_API_KEYS"
        raise SettingsError(f"the key for {account} in STRIPE_API_KEYS is a key of {found}", fix)
