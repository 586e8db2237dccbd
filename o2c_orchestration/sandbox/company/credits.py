"""Credit notes of the demo company and what they make of their invoice.

What belongs here: the amounts of a credit note, and the fields of the invoice that follow from it. `settle` says
what the credit does: `pre` lowers what is left to pay, `post` goes back by a refund, `mixed` is first the one and
then the other, `outside` is settled without Stripe.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from .balance import Money
from .catalog import Wire
from .currencies import share
from .ids import IdMaker
from .invoices import Bill
from .lines import Line, taxes_on
from .wire_credits import credit_note, credited_line, custom_line, custom_totals, line_totals, linked_refunds


@dataclass
class Credit:
    """A credit note and its bill; `lines` are what is credited, empty when it is a sum of its own."""

    bill: Bill
    note: Wire
    lines: list[Line]

    def link(self, refund: Wire) -> None:
        """Say which refund pays the note out."""
        self.note["refunds"] = linked_refunds([(refund["id"], refund["amount"])])


class Creditor:
    """Issues credit notes; `made` has all of them."""

    def __init__(self, ids: IdMaker, money: Money) -> None:
        self._ids, self._money = ids, money
        self._numbers: Counter[str] = Counter()
        self.made: list[Credit] = []

    def credit_whole(self, bill: Bill, moment: int, *, settle: str) -> Credit:
        """Credit every line of the invoice."""
        return self._issue(bill, moment, bill.lines, self._whole_lines(bill), settle)

    def credit_part(self, bill: Bill, moment: int, percent: int, *, settle: str) -> Credit:
        """Credit so much of the largest line, with its share of discount and tax."""
        place = max(range(len(bill.lines)), key=lambda each: bill.lines[each].amount)
        line = _part(bill.lines[place], percent, bill.currency)
        shown = credited_line(
            self._ids.new("cnli"), line, bill.invoice["lines"]["data"][place]["id"], _discount(bill), whole=False
        )
        return self._issue(bill, moment, [line], [shown], settle)

    def credit_sum(self, bill: Bill, moment: int, amount: int, *, settle: str) -> Credit:
        """Credit a sum that belongs to no line."""
        return self._issue(bill, moment, [], [custom_line(self._ids.new("cnli"), amount, "Goodwill")], settle)

    def credit_and_void(self, bill: Bill, moment: int, amount: int, voided_at: int) -> None:
        """A credit note issued and taken back: the invoice is as it was."""
        before = dict(bill.invoice)
        note = self.credit_sum(bill, moment, amount, settle="pre").note
        bill.invoice.update(before)
        note.update(status="void", voided_at=voided_at)

    def _issue(self, bill: Bill, moment: int, lines: list[Line], shown: list[Wire], settle: str) -> Credit:
        invoice = bill.invoice
        self._numbers[invoice["id"]] += 1
        number = f"{invoice['number']}-CN-{self._numbers[invoice['id']]:02d}"
        totals = line_totals(lines, _discount(bill)) if lines else custom_totals(shown[0]["amount"])
        note = credit_note(self._ids.new("cn"), invoice, number, moment, shown, totals)
        note.update(_settlement(note["total"], invoice["amount_remaining"], settle))
        invoice["pre_payment_credit_notes_amount"] += note["pre_payment_amount"]
        invoice["post_payment_credit_notes_amount"] += note["post_payment_amount"]
        invoice["amount_due"] -= note["pre_payment_amount"]
        invoice["amount_remaining"] -= note["pre_payment_amount"]
        credit = Credit(bill, note, lines)
        self.made.append(credit)
        self._money.credit_notes.append(note)
        return credit

    def _whole_lines(self, bill: Bill) -> list[Wire]:
        shown = zip(bill.lines, bill.invoice["lines"]["data"], strict=True)
        return [
            credited_line(self._ids.new("cnli"), line, wire["id"], _discount(bill), whole=True) for line, wire in shown
        ]


def _settlement(total: int, remaining: int, settle: str) -> Wire:
    """How much comes off what is left to pay, and how much is settled otherwise."""
    pre = {"pre": total, "mixed": min(total, remaining)}.get(settle, 0)
    kind = {"pre": "pre_payment", "mixed": "mixed"}.get(settle, "post_payment")
    outside = {"out_of_band_amount": total} if settle == "outside" else {}
    return {"pre_payment_amount": pre, "post_payment_amount": total - pre, "type": kind, **outside}


def _part(line: Line, percent: int, currency: str) -> Line:
    amount, discount = (share(each, percent, 100, currency) for each in (line.amount, line.discount))
    taxes = taxes_on(amount - discount, tuple(tax.rate for tax in line.taxes), currency)
    return replace(line, amount=amount, discount=discount, taxes=taxes)


def _discount(bill: Bill) -> str | None:
    discounts = bill.invoice["discounts"]
    return str(discounts[0]) if discounts else None
