"""What is made in Stripe for a deal, and how it is found again. Only `apply` uses it."""

from collections.abc import Callable, Mapping
from typing import Any

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.clients.stripe_write import StripeWriter
from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.errors import ObjectMissing

_LISTS = {
    "subscriptionSchedule": "/v1/subscription_schedules",
    "stripeInvoice": "/v1/invoices",
    "paymentLink": "/v1/payment_links",
}


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

    def create(self, command: Command, body: Mapping[str, Any]) -> str:
        """Make it, under an idempotency key that its content names: a second request makes nothing twice.

        Stripe keeps a 5xx under its key for a day and gives it again: what was looked up and is not there goes under
        the next key then.
        """
        path = str(body["path"]).format(body.get("of", ""))
        key = f"o2c-{command.external_id}-{command.digest[:16]}"
        again = self._server_errors(command.external_id)
        return self._writer.create(path, body["params"], f"{key}-{again}" if again else key)

    def find(self, command: Command) -> str | None:
        """Its id, where Stripe has it: by metadata, since keys are forgotten after a day."""
        if command.document == "stripeCustomer":
            return self._customer(command.stripe_id)
        if command.document in _LISTS:
            return self._listed(command)
        return self._step(command)

    def _customer(self, account_id: str) -> str | None:
        query = f"metadata['{metadata.ACCOUNT}']:'{account_id}'"
        found, _ = self._reader.retrieve("/v1/customers/search", {"query": query, "limit": 10})
        return min((str(item["id"]) for item in found.get("data") or []), default=None)

    def _listed(self, command: Command) -> str | None:
        customer = command.body["params"].get("customer")
        params = {"customer": customer} if customer else {}
        for page in self._reader.iterate(_LISTS[command.document], params):
            for item in page.data:
                if (item.get("metadata") or {}).get(metadata.DEAL) == command.stripe_id:
                    return str(item["id"])
        return None

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
