"""What is made in Stripe for a deal, and how it is found again. Only `apply` uses it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from o2c_orchestration.apply import payer_fields
from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.clients.stripe_write import StripeWriter
from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.errors import ObjectMissing, Refused

_LISTS = {
    "subscriptionSchedule": "/v1/subscription_schedules",
    "stripeInvoice": "/v1/invoices",
    "paymentLink": "/v1/payment_links",
}
# Stripe tells payment links of all customers in one list. What we make meanwhile, our journal knows.
_LINKS_KEPT_SECONDS = 600


class StripeSide:
    """Makes objects, and finds those that were made.

    `written` gives the id of what was made under a key of the journal, `server_errors` how often Stripe answered a
    request for it with a 5xx.
    """

    def __init__(
        self,
        writer: StripeWriter,
        reader: StripeReader,
        written: Callable[[str], str | None],
        server_errors: Callable[[str], int],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._written = written
        self._server_errors = server_errors
        self._lock = threading.Lock()
        self._links: dict[str, str] = {}
        self._links_until = 0.0

    def create(self, command: Command, body: Mapping[str, Any]) -> str:
        """Make it, under an idempotency key that its content names: a second request makes nothing twice.

        Stripe keeps a 5xx under its key for a day and gives it again: what was looked up and is not there goes under
        the next key then.
        """
        path = str(body["path"]).format(body.get("of", ""))
        key = f"o2c-{command.external_id}-{command.digest[:16]}"
        again = self._server_errors(command.external_id)
        return self._writer.create(path, body["params"], f"{key}-{again}" if again else key)

    def made_before(self, command: Command) -> str | None:
        """Its id, if it was made before our journal remembers: by a database that was lost, or by another one.

        Asked before the first request for it, since Stripe forgets idempotency keys after a day.
        """
        if command.document == "stripeCustomerField":
            return payer_fields.made_before(self._reader, command.body)
        if command.document == "stripeCustomer":
            return self._customer_before(command.stripe_id)
        if command.document != "paymentLink":
            return self.find(command)
        with self._lock:
            if time.monotonic() > self._links_until:
                self._links = dict(self._tagged(_LISTS["paymentLink"], {}))
                self._links_until = time.monotonic() + _LINKS_KEPT_SECONDS
            return self._links.get(command.stripe_id)

    def find(self, command: Command) -> str | None:
        """Its id, where Stripe has it: by metadata, since keys are forgotten after a day."""
        if command.document == "stripeCustomerField":
            return payer_fields.find(self._reader, command.body)
        if command.document == "stripeCustomer":
            return self._customer(command.stripe_id)
        if command.document in _LISTS:
            return self._listed(command)
        return self._step(command)

    def _customer(self, account_id: str) -> str | None:
        query = f"metadata['{metadata.ACCOUNT}']:'{account_id}'"
        found, _ = self._reader.retrieve("/v1/customers/search", {"query": query, "limit": 10})
        tied = (item for item in found.get("data") or [] if _named(item, metadata.ACCOUNT) == account_id)
        return min((str(item["id"]) for item in tied), default=None)

    def _customer_before(self, account_id: str) -> str | None:
        """Stripe does not search for accounts of every country; the idempotency key alone is left then."""
        try:
            return self._customer(account_id)
        except (ObjectMissing, Refused):
            return None

    def _listed(self, command: Command) -> str | None:
        customer = command.body["params"].get("customer")
        tagged = self._tagged(_LISTS[command.document], {"customer": customer} if customer else {})
        return next((made for deal, made in tagged if deal == command.stripe_id), None)

    def _tagged(self, path: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Deals that objects of a list name, each with the object's id, newest objects first."""
        for page in self._reader.iterate(path, params):
            for item in page.data:
                for deal in filter(None, (_named(item, key) for key in metadata.DEALS)):
                    yield deal, str(item["id"])

    def _step(self, command: Command) -> str | None:
        """A further step of an invoice: whether it shows that the step was taken."""
        invoice_id = self._written(command.body["of"]["$written"])
        if invoice_id is None:
            return None
        try:
            invoice, _ = self._reader.retrieve(f"/v1/invoices/{invoice_id}")
        except ObjectMissing:
            return None
        lines = (invoice.get("lines") or {}).get("data") or []
        taken = bool(lines) if command.document == "stripeInvoiceLines" else invoice.get("status") != "draft"
        return invoice_id if taken else None


def _named(item: Mapping[str, Any], key: str) -> str | None:
    """What an object's metadata say under a key."""
    value = (item.get("metadata") or {}).get(key)
    return None if value is None else str(value)
