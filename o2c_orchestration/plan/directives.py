"""Whether a document may be written, by what metadata of its object or customer says of NetSuite.

Metadata is text that people type. What it names is taken or refused by name; nothing is written instead of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.directives import Pointer
from o2c_orchestration.domain.documents import (
    ChargeHistory,
    Command,
    CreditNoteRow,
    KnownDocument,
    LineRow,
    Refusal,
    Rows,
)
from o2c_orchestration.domain.keys import (
    NAMED_CUSTOMER,
    common_customer_key,
    common_customer_name,
    named_customer_key,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.vanished import CODE
from o2c_orchestration.plan.currencies import lacking
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.outcome import Skip, refuse_command
from o2c_orchestration.plan.subsidiaries import PERSONAL, mixed, stranger

Outcome = Command | Refusal | Skip
LOOKS_ENTERED = "LOOKS_ENTERED"


@dataclass(frozen=True)
class Guard:
    """Turns commands that metadata forbids into refusals. `known` are keys of documents and customers that exist."""

    policy: Policy
    rows: Rows
    known: Mapping[str, KnownDocument]

    def check(self, item: Outcome) -> Outcome:
        """The command, or why it must not be carried out; refusals and skips are left as they are.

        But for what does not fit an invoice any more, if it looks as if somebody had entered it already.
        """
        if isinstance(item, Refusal) and item.code == "DOES_NOT_FIT" and (entered := self._entered(item)):
            code, reason, fix = entered
            return replace(item, code=code, reason=reason, fix=fix)
        if not isinstance(item, Command):
            return item
        problem = self._of_customer(item) or self._vanished(item) or self._unclear(item) or self._of_pointer(item)
        problem = problem or self._entered(item) or mixed(item, self.known)
        problem = problem or stranger(self.policy, self.rows, item, self.known)
        problem = problem or lacking(self.policy, self.known, item)
        return refuse_command(item, *problem) if problem else item

    def _of_customer(self, item: Command) -> tuple[str, str, str] | None:
        if item.document not in PERSONAL:
            return None
        key, common = entity_key(self.policy, item.customer_id), self.policy.customers.common
        if common is not None and key == common_customer_key(common):
            if key in self.known:
                return None
            text = f"NetSuite has no customer {common!r} or more than one of this name"
            return "GLOBAL_CUSTOMER", text, "name one customer under customers.global in o2c.yaml, by its internal id"
        payers, customer = self.rows.directives.payers, item.customer_id or ""
        if item.stripe_id in payers and not customer.startswith(NAMED_CUSTOMER):
            return self._named_besides(item, payers[item.stripe_id])
        return self._named(item, customer)

    def _named(self, item: Command, customer: str) -> tuple[str, str, str] | None:
        """The customer that metadata names has to exist."""
        named = self.rows.directives.customers.get(customer)
        if named is None or customer in self.known:
            return None
        holder = self._holder(item, customer) if customer.startswith(NAMED_CUSTOMER) else customer
        text = f"metadata of {holder} names NetSuite customer {named!r}, "
        text += "which does not exist" if metadata.internal_id(named) else "which is no internal id"
        return "CUSTOMER_NAMED", text, f"correct {metadata.CUSTOMER} of {holder} in Stripe, or remove it"

    def _holder(self, item: Command, customer: str) -> str:
        """The charge whose metadata names the customer: the command's own, of those that name him."""
        payers = self.rows.directives.payers
        own = (key for key in (item.stripe_id, *item.depends_on) if key in payers)
        every = (key for key, value in payers.items() if named_customer_key(value) == customer)
        return next(own, None) or next(every, item.stripe_id)

    def _named_besides(self, item: Command, payer: str) -> tuple[str, str, str] | None:
        """A charge may name the customer that its Stripe customer is in NetSuite, and no other."""
        found = self.known.get(item.customer_id or "")
        if found is not None and found.netsuite_id == metadata.internal_id(payer):
            return None
        own = "has none yet" if found is None else f"is {found.netsuite_id}"
        text = f"metadata of {item.stripe_id} names NetSuite customer {payer!r}, and "
        text += f"its customer {item.customer_id} {own}"
        where = f"set {metadata.CUSTOMER} on {item.customer_id} in Stripe instead, or remove it from {item.stripe_id}"
        return "CUSTOMER_NAMED", text, where

    def _vanished(self, item: Command) -> tuple[str, str, str] | None:
        """Who took his place, a person says: NetSuite would refuse the document, and a second customer undoes it."""
        key = entity_key(self.policy, item.customer_id) or ""
        customer = self.known.get(key)
        if item.document not in PERSONAL or customer is None or customer.vanished is None:
            return None
        gone, name = customer.vanished, common_customer_name(key)
        if name is not None:
            return CODE, gone.words("all documents"), f"name {gone.successor} under customers.global in o2c.yaml"
        holder = self._holder(item, key) if key.startswith(NAMED_CUSTOMER) else key
        fix = f"name {gone.successor} as {metadata.CUSTOMER} in the metadata of {holder} in Stripe: "
        return CODE, gone.words(f"Stripe {holder}"), f"{fix}{item.external_id} follows by itself"

    def _unclear(self, item: Command) -> tuple[str, str, str] | None:
        blocked = self.rows.directives.blocked
        for key in (item.stripe_id, item.customer_id or ""):
            if key in blocked and metadata.blocks(blocked[key]) is None:
                text = f"metadata of {key} says {metadata.BLOCK}: {blocked[key]!r}, which is neither true nor false"
                return "BLOCK_UNCLEAR", text, f"correct {metadata.BLOCK} of {key} in Stripe, or remove it"
        return None

    def _of_pointer(self, item: Command) -> tuple[str, str, str] | None:
        """A pointer stops its document and what leans on it; that of the object itself stops all its documents.

        Others say nothing here: a refund may name the memo of its credit note, and needs none of its own.
        """
        concerned = {item.external_id, item.stripe_id, *item.depends_on} - self.known.keys()
        for pointer in self.rows.directives.pointers.get(item.stripe_id, ()):
            problem = _problem(pointer) if pointer.key in concerned else None
            if problem:
                text = f"metadata of {pointer.stripe_id} names NetSuite {pointer.document} {pointer.value!r}, {problem}"
                fix = f"correct {pointer.name} of {pointer.stripe_id} in Stripe, or remove it"
                return "DOCUMENT_NAMED", text, fix
        return None

    def _entered(self, item: Command | Refusal) -> tuple[str, str, str] | None:
        """A second document is worse than a missing one: a person knows whether this one was entered by hand.

        A refund whose memo is held up is held up with it.
        """
        alikes, leans = self.rows.directives.look_alikes, item.depends_on if isinstance(item, Command) else ()
        lacking = (key for key in (item.external_id, *leans) if key not in self.known)
        own = next((alikes[key] for key in lacking if key in alikes), None)
        # What has left is looked up by its own external id.
        found = None if item.external_id in self.rows.departed else own
        if found is None:
            return None
        name = found.number or found.netsuite_id
        whose = "of the same amount" if found.document == "deposit" else "for the same customer and amount"
        text = f"NetSuite has {found.document} {name} of {found.day} {whose}, which names no "
        fix = f"if it is the same, write 'Stripe: {item.stripe_id}' into its memo; if it is of nothing in Stripe: "
        return LOOKS_ENTERED, f"{text}Stripe object", f"{fix}o2c unlinked dismiss {found.netsuite_id} --reason WHY"


def _problem(pointer: Pointer) -> str:
    """Why the document that metadata names cannot be the object's; it was not linked, so there is a reason."""
    claimed = pointer.stands_for not in (None, pointer.key)
    problems = (
        (pointer.netsuite_id is None, "which is no internal id"),
        (pointer.found is None, "which the ledger, as far as it was read, does not hold"),
        (pointer.found != pointer.document, f"which is of type {pointer.found}"),
        (claimed, f"which stands for {pointer.stands_for} already"),
        (bool(pointer.rivals), f"which metadata of {', '.join(pointer.rivals)} names too"),
        (not pointer.customer_fits, "which is booked under another customer"),
    )
    return next((text for holds, text in problems if holds), "which has not been linked yet: plan again")


def with_price_items(rows: Rows) -> Rows:
    """Lines that name no item themselves get what the metadata of their price names."""
    given = rows.directives
    prices = given.price_items or given.price_discounts or given.unread_prices
    if not (prices or given.coupon_items or given.unread_discounts):
        return rows
    return replace(
        rows,
        invoices=tuple(replace(row, lines=tuple(_line(rows, line) for line in row.lines)) for row in rows.invoices),
        closed=tuple(replace(row, lines=tuple(_line(rows, line) for line in row.lines)) for row in rows.closed),
        balanced=tuple(replace(row, lines=tuple(_line(rows, line) for line in row.lines)) for row in rows.balanced),
        credit_notes=tuple(replace(row, lines=_credited(rows, row)) for row in rows.credit_notes),
        invoice_lines={key: _line(rows, line) for key, line in rows.invoice_lines.items()},
        histories=tuple(_history(rows, row) for row in rows.histories),
    )


def _history(rows: Rows, row: ChargeHistory) -> ChargeHistory:
    if row.invoice is None:
        return row
    return replace(row, invoice=replace(row.invoice, lines=tuple(_line(rows, line) for line in row.invoice.lines)))


def _line(rows: Rows, line: LineRow) -> LineRow:
    """A discount goes on the item that the line names, or its coupon, or its price."""
    given, price = rows.directives, line.price_id or ""
    own = metadata.PRICE_UNREAD if price in given.unread_prices else given.price_items.get(price)
    discount = line.discount_item or given.price_discounts.get(price)
    coupons = () if line.discount_item else _coupons(rows, line)
    return replace(line, item=line.item or own, discount_item=discount, coupons=coupons)


def _coupons(rows: Rows, line: LineRow) -> tuple[tuple[str, int], ...]:
    given = rows.directives
    unread = {name: metadata.COUPON_UNREAD for name, _ in line.discounts if name in given.unread_discounts}
    items = [(given.coupon_items.get(name) or unread.get(name), minor) for name, minor in line.discounts]
    return tuple((item, minor) for item, minor in items if item is not None)


def _credited(rows: Rows, note: CreditNoteRow) -> tuple[LineRow, ...]:
    """Its items are those of the lines that it takes back; of which coupon a discount is, its own lines say."""
    named = {key for key, line in rows.invoice_lines.items() if line.discount_item}
    return tuple(line if line.origin in named else replace(line, coupons=_coupons(rows, line)) for line in note.lines)
