"""What people do in NetSuite behind our back: each function is one thing at a screen, and says what it did.

What belongs here: choosing and doing. `change` tells the oracle what may now look different: see `oracle.view`.
"""

import random
from calendar import month_abbr
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from o2c_orchestration_tests.simulation.life_wire import Call, Record, Wire, refusal

_SCREEN = "/_sandbox/netsuite/records"
ITEM, TAX_ITEM, SUBSIDIARY = "1", "3", "1"
_CURRENCY_IDS = {"USD": "1", "GBP": "2", "CAD": "3", "EUR": "4", "JPY": "7", "KWD": "9"}
_SCALES = {"JPY": 1, "KWD": 1000}


class NetSuiteLife:
    """The clerk's side of a company's life, drawn from `rng`."""

    def __init__(self, rng: random.Random, call: Call) -> None:
        self._rng = rng
        self._call = call
        self._closed: list[str] = []
        self._stopped: list[str] = []

    def edit_amount(self) -> Record | None:
        """An invoice gets another amount, never less than what is applied to it."""
        document = self._document("invoice")
        if document is None:
            return None
        total = max(document["applied"], document["total"] + self._rng.choice((-1, 1)) * self._rng.randrange(1, 5000))
        total = max(total, 1)
        return self._change("edit_amount", document, {"item": {"items": [_line(ITEM, total, document)]}}, "item")

    def edit_date(self) -> Record | None:
        """A document is moved to another day, often of another month."""
        document = self._document("invoice")
        if document is None:
            return None
        day = date.fromisoformat(document["tranDate"]) + timedelta(days=self._rng.randrange(-35, 5))
        return self._change("edit_date", document, {"tranDate": day.isoformat()})

    def edit_memo(self) -> Record | None:
        """A note is written over the memo."""
        document = self._document()
        return document and self._change("edit_memo", document, {"memo": f"seen {self._rng.randrange(1000)}"})

    def strip_names(self) -> Record | None:
        """A document loses everything that says which Stripe object it belongs to."""
        document = self._document("invoice")
        return document and self._change("strip_names", document, {"externalId": None, "memo": "", "otherRefNum": ""})

    def unapply(self) -> Record | None:
        """A payment is taken off its invoices."""
        document = self._document("customerPayment", applied=True)
        if document is None:
            return None
        off = [{"doc": {"id": each["id"]}, "apply": False} for each in document["applications"]]
        return self._change("unapply", document, {"apply": {"items": off}})

    def delete(self) -> Record | None:
        """A document is deleted, as far as NetSuite lets one."""
        document = self._document()
        if document is None:
            return None
        answer = self._screen("delete", document["recordType"], id=document["id"])
        return _did("delete", answer, "deleted", document["id"], was=document["externalId"])

    def void(self) -> Record | None:
        """A document is voided: it stays, with nought on it."""
        document = self._document("customerPayment") if self._rng.random() < 0.5 else self._document(applied=False)
        if document is None:
            return None
        answer = self._call("sandbox", "POST", "/_sandbox/netsuite/void", {"id": document["id"]})
        return _did("void", answer, "deleted", document["id"], was=document["externalId"])

    def enter(self) -> Record | None:
        """A Stripe invoice is entered by hand: with its id in the memo, its number, or nothing that names it."""
        found = self._call("stripe", "GET", "/v1/invoices", {"limit": 100})["data"]
        found = [each for each in found if each["status"] in ("open", "paid") and each["total"] > 0]
        customers = {each["externalid"]: str(each["id"]) for each in self._books()["customers"]}
        found = [each for each in found if each["customer"] in customers]
        if not found:
            return None
        invoice = self._rng.choice(found)
        style = self._rng.choice(("memo", "memo", "number", "nothing"))
        names = {"memo": {"memo": f"Stripe {invoice['id']}"}, "number": {"otherRefNum": invoice["number"]}}
        body = _invoice(invoice, customers[invoice["customer"]]) | names.get(style, {"memo": "agreed by phone"})
        answer = self._screen("enter", "invoice", body=body)
        return _did("enter", answer, "entered", answer.get("id"), stripe=invoice["id"], style=style)

    def enter_payment(self) -> Record | None:
        """A clerk enters a payment that the books lack, rightly, a cent off, or net of its fee."""
        books = self._books()
        customers = {each["externalid"]: str(each["id"]) for each in books["customers"] if each["isinactive"] != "T"}
        charge = self._unbooked(books, customers)
        if charge is None:
            return None
        fee = self._call("stripe", "GET", f"/v1/balance_transactions/{charge['balance_transaction']}").get("fee") or 0
        style = self._rng.choice(("right", "cent", "cent", "net", "net", "net", "wrong"))
        step = 10 if charge["currency"] == "kwd" else 1
        off = {"right": 0, "cent": self._rng.choice((-1, 1)), "net": -fee // step, "wrong": -self._rng.randrange(2, 99)}
        money = {"currency": charge["currency"].upper(), "scale": _SCALES.get(charge["currency"].upper(), 100)}
        minor = charge["amount"] + step * off[style]
        body = _payment(charge, customers[charge["customer"]], minor, money)
        body |= self._rng.choice(({"externalId": charge["id"]}, {"memo": f"Stripe {charge['id']}"}))
        answer = self._screen("enter", "customerPayment", body=body | self._applied(books, charge, minor, money))
        return _did("enter_payment", answer, "entered", answer.get("id"), stripe=charge["id"], style=style)

    def _unbooked(self, books: Wire, customers: dict[str, str]) -> Wire | None:
        """A charge that the books lack; if there is none, somebody pays an invoice of theirs, or something else."""
        texts = " ".join(f"{each['externalId']} {each['memo']}" for each in books["transactions"])
        known = self._listed("charges", lambda each: each["customer"] in customers and each["currency"])
        lacking = [each for each in known if each["status"] == "succeeded" and each["id"] not in texts]
        if not lacking:
            before = {each["id"] for each in known}
            self._somebody_pays(texts, customers)
            lacking = self._listed("charges", lambda each: each["customer"] in customers and each["id"] not in before)
            lacking = [each for each in lacking if each["status"] == "succeeded"]
        return self._rng.choice(lacking) if lacking else None

    def _somebody_pays(self, texts: str, customers: dict[str, str]) -> None:
        found = self._listed("invoices", lambda each: each["status"] == "open" and each["id"] in texts)
        card = {"payment_method": "pm_card_visa"}
        if found and self._rng.random() < 0.7:
            self._call("stripe", "POST", f"/v1/invoices/{self._rng.choice(found)['id']}/pay", card)
            return
        people = self._listed("customers", lambda each: each["id"] in customers and each.get("currency"))
        if people:
            payer, amount = self._rng.choice(people), 10 * self._rng.randrange(10, 5000)
            fields = {"customer": payer["id"], "currency": payer["currency"], "amount": amount, "confirm": "true"}
            self._call("stripe", "POST", "/v1/payment_intents", fields | card)

    def _applied(self, books: Wire, charge: Wire, minor: int, money: Wire) -> Wire:
        """Put on the invoice that the charge pays, as far as that has room."""
        parts = self._listed("invoice_payments", lambda each: True)
        paid = {
            part["invoice"]
            for part in parts
            if part["status"] == "paid" and part["payment"].get("payment_intent") == charge["payment_intent"]
        }
        document = next((each for each in books["transactions"] if each["externalId"] in paid), None)
        room = min(minor, document["total"] - document["applied"]) if document else 0
        if document is None or room <= 0 or document["currency"] != money["currency"]:
            return {}
        return {"apply": {"items": [{"doc": {"id": document["id"]}, "apply": True, "amount": room / money["scale"]}]}}

    def _listed(self, what: str, fits: Callable[[Wire], object]) -> list[Wire]:
        listed = self._call("stripe", "GET", f"/v1/{what}", {"limit": 100}).get("data") or []
        return [each for each in listed if fits(each)]

    def close_period(self) -> Record | None:
        """The month of some document is closed."""
        document = self._document()
        if document is None:
            return None
        day = date.fromisoformat(document["tranDate"])
        return self._period(f"{month_abbr[day.month]} {day.year}", closed=True)

    def open_period(self) -> Record | None:
        """A closed month is opened again."""
        return self._period(self._rng.choice(self._closed), closed=False) if self._closed else None

    def stop_customer(self) -> Record | None:
        """A customer is made inactive: nothing can be booked for it."""
        active = [str(each["id"]) for each in self._books()["customers"] if each["isinactive"] != "T"]
        return self._inactive(self._rng.choice(active), inactive=True) if active else None

    def resume_customer(self) -> Record | None:
        """A customer is active again."""
        return self._inactive(self._rng.choice(self._stopped), inactive=False) if self._stopped else None

    def _period(self, name: str, *, closed: bool) -> Record:
        answer = self._call("sandbox", "POST", "/_sandbox/netsuite/periods", {"name": name, "closed": closed})
        self._closed = [each for each in self._closed if each != name] + ([name] if closed else [])
        action = "close_period" if closed else "open_period"
        return _did(action, answer, "period", None, period=name, closed=closed)

    def _inactive(self, customer: str, *, inactive: bool) -> Record:
        fields = {"recordType": "customer", "id": customer, "inactive": inactive}
        answer = self._call("sandbox", "POST", "/_sandbox/netsuite/inactive", fields)
        self._stopped = [each for each in self._stopped if each != customer] + ([customer] if inactive else [])
        return _did("stop_customer" if inactive else "resume_customer", answer, "customer", customer)

    def _document(self, kind: str | None = None, *, applied: bool | None = None) -> Wire | None:
        found = [
            each
            for each in self._books()["transactions"]
            if kind in (None, each["recordType"]) and applied in (None, each["applied"] > 0)
        ]
        return self._rng.choice(found) if found else None

    def _books(self) -> Wire:
        return dict(self._call("sandbox", "GET", _SCREEN))

    def _change(self, action: str, document: Wire, body: Wire, *replace: str) -> Record:
        answer = self._screen("change", document["recordType"], id=document["id"], body=body, replace=list(replace))
        return _did(action, answer, "edited", document["id"], was=document["externalId"])

    def _screen(self, do: str, record: str, **more: Any) -> Wire:
        return dict(self._call("sandbox", "POST", _SCREEN, {"do": do, "recordType": record, **more}))


def _invoice(invoice: Wire, customer: str) -> Wire:
    """The whole invoice on one line, tax apart, dated today by NetSuite's own clock."""
    currency = invoice["currency"].upper()
    money = {"currency": currency, "scale": _SCALES.get(currency, 100)}
    tax = sum(each["amount"] for each in invoice["total_taxes"])
    lines = [_line(ITEM, invoice["total"] - tax, money)] + ([_line(TAX_ITEM, tax, money)] if tax else [])
    head = {"entity": {"id": customer}, "subsidiary": {"id": SUBSIDIARY}}
    return head | {"currency": {"id": _CURRENCY_IDS[currency]}, "item": {"items": lines}}


def _payment(charge: Wire, customer: str, minor: int, money: Wire) -> Wire:
    """A payment as a clerk enters it, dated today by NetSuite's own clock."""
    currency = {"id": _CURRENCY_IDS[money["currency"]]}
    return {"customer": {"id": customer}, "currency": currency, "payment": minor / money["scale"], "autoApply": False}


def _line(item: str, minor: int, money: Wire) -> Wire:
    return {"item": {"id": item}, "quantity": 1, "amount": minor / money["scale"]}


def _did(action: str, body: Wire, change: str, document: str | None, **more: Any) -> Record:
    """What NetSuite refuses has changed nothing, and the diary says so."""
    record: Record = {"action": action, "system": "netsuite", **more}
    if refused := refusal(body):
        return record | {"refused": refused}
    return record | {"change": change, "document": document}
