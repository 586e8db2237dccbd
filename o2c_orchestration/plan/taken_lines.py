"""What refunds and disputes take of an invoice's own lines: all of them, or by policy a part of each.

Taken back line by line, revenue and tax go back where they were booked, and of what is delivered over time what is
still to come. Where that is not certain, a memo is one line on an item of its own.
"""

from dataclasses import replace
from datetime import date

from o2c_orchestration.domain.documents import ApplicationRow, InvoiceRow, PaymentRow
from o2c_orchestration.domain.money import prorated
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.lines import Entry, entries, misnamed, total, unmapped


class TakenLines:
    """The lines of the invoice that a charge paid, less what went back of each so far, in minor units.

    Only where the charge paid that invoice and nothing else, and its lines make its total; else nothing is ever taken.
    """

    def __init__(self, policy: Policy, payment: PaymentRow, invoice: InvoiceRow | None) -> None:
        self._policy = policy
        self._invoice = invoice if invoice and _is_paid_by(payment, invoice) else None
        self._left = [entry.line.amount_minor for entry in self._entries(payment.payment_date)]
        self.invoiced_minor = self._invoice.total_minor if self._invoice else 0
        self._shares: dict[str, list[int]] = {}
        self._coming: list[tuple[date, str]] = []

    def take(self, key: str, amount_minor: int, day: date, *, in_parts: bool) -> list[Entry] | None:
        """So much of the lines for the document `key`, with the days to come from `day` on; None if one line has to do.

        `in_parts`: whether less than the whole invoice may be spread over its lines. Each takes its share of what the
        ones before it left, so that nothing is left on any line once all of the invoice went back.
        """
        self._take_in(day)
        there = sum(self._left)
        whole = amount_minor == self.invoiced_minor == there
        if not (whole or (in_parts and 0 < amount_minor <= there)):
            if not in_parts:
                self._forget()
            return None
        self._shares[key] = shares = prorated(amount_minor, self._left)
        self._left = [left - share for left, share in zip(self._left, shares, strict=True)]
        return [of_amount(entry, share) for entry, share in zip(self._entries(day), shares, strict=True) if share]

    def come_back(self, key: str, day: date) -> None:
        """What `key` took is booked again; from that day on it may be taken once more."""
        if key in self._shares:
            self._coming.append((day, key))

    def _forget(self) -> None:
        """A part went back in one line: which lines it took nobody knows, so none is there any more, nor comes back."""
        self._left = []
        self._shares.clear()
        self._coming.clear()

    def _take_in(self, day: date) -> None:
        for key in [key for since, key in self._coming if since <= day]:
            self._left = [left + share for left, share in zip(self._left, self._shares.pop(key), strict=True)]
        self._coming = [each for each in self._coming if each[0] > day]

    def _entries(self, day: date) -> list[Entry]:
        """The invoice's lines as a memo of that day would take them back; none where they are not certain."""
        row, policy = self._invoice, self._policy
        if row is None:
            return []
        found = entries(policy, row.lines, row.shipping_minor, row.tax_minor, policy.items.default, day)
        sound = total(found) == row.total_minor and unmapped(found) is None and misnamed(found) is None
        return found if sound else []


def _is_paid_by(payment: PaymentRow, invoice: InvoiceRow) -> bool:
    alone = payment.applications == (ApplicationRow(invoice.id, payment.amount_minor),)
    return alone and invoice.currency == payment.currency


def of_amount(entry: Entry, amount_minor: int) -> Entry:
    """The same line of another amount."""
    return replace(entry, line=replace(entry.line, amount_minor=amount_minor))
