"""Random little worlds: changes that are made in a store, through its own functions, and in a plain dict alike.

Ids come from small pools, so that documents, payments and invoices meet; two of each id are enough to disagree.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.store import gate, journal, letters, planning
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    accept,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
    refusal,
)

Change = tuple[Any, ...]

INVOICES = ("in_1", "in_2", "in_3")
CHARGES = ("ch_1", "ch_2", "py_3")
# Named by documents and by nothing of Stripe's.
ABSENT = ("in_8", "ch_9")
CUSTOMERS = ("cus_1", "cus_2")
DATES = st.sampled_from([date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 15)])
CURRENCY = st.sampled_from(["usd", "usd", "usd", "jpy"])
AMOUNT = st.sampled_from([100, 100, 100, 120, 40])
TAX = st.sampled_from([0, 0, 20])
LEFT = st.sampled_from([0, 100])
DOCUMENT_OF = {"cus": "customer", "in": "invoice", "ch": "customerPayment", "py": "customerPayment"}


def _fields(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(strategies)


INVOICE = _fields(
    customer_id=st.sampled_from(CUSTOMERS),
    currency=CURRENCY,
    status=st.sampled_from(["open", "paid", "paid", "uncollectible", "void", "draft"]),
    total_minor=AMOUNT,
    tax_minor=TAX,
    amount_remaining_minor=LEFT,
    issue_date=DATES,
    zero_lines=st.sampled_from([False, False, False, True]),
).map(lambda value: {**value, "total_minor": 0, "tax_minor": 0} if value["zero_lines"] else value)
PAYMENT = _fields(
    customer_id=st.sampled_from(CUSTOMERS),
    payment_intent=st.sampled_from([None, "pi_1", "pi_2"]),
    currency=CURRENCY,
    status=st.sampled_from(["succeeded", "succeeded", "failed"]),
    amount_minor=AMOUNT,
    payment_date=DATES,
)
PART = st.one_of(
    _fields(
        invoice_id=st.sampled_from(INVOICES),
        payment_intent=st.sampled_from(["pi_1", "pi_2"]),
        charge_id=st.sampled_from([None, None, *CHARGES]),
        status=st.sampled_from(["paid", "paid", "open", "canceled"]),
        amount_minor=AMOUNT,
    ),
    _fields(
        invoice_id=st.sampled_from(INVOICES),
        payment_intent=st.none(),
        charge_id=st.sampled_from(CHARGES),
        status=st.sampled_from(["paid", "paid", "open"]),
        amount_minor=AMOUNT,
    ),
)


def _document(kind: str, references: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    named = st.tuples(st.sampled_from(references), st.sampled_from(["external_id", "external_id", "reference"]))
    link = st.one_of(named, named, named, st.just((None, None)))
    fields = _fields(
        document=st.just(kind),
        link=link,
        currency=CURRENCY,
        total_minor=AMOUNT,
        tax_minor=TAX if kind == "invoice" else st.just(0),
        remaining_minor=LEFT,
        trandate=DATES,
        entity_id=st.sampled_from([1, 1, 2, None]),
        voided=st.sampled_from([False, False, False, True]),
    )
    return fields.map(lambda value: {**value, "stripe_ref": value["link"][0], "linked_by": value["link"][1]})


INVOICE_DOCUMENT = _document("invoice", (*INVOICES, ABSENT[0]))
PAYMENT_DOCUMENT = _document("customerPayment", (*CHARGES, ABSENT[1]))
INVOICE_NUMBERS = (1, 2, 3, 4)
PAYMENT_NUMBERS = (11, 12, 13)
APPLICATIONS = st.dictionaries(st.sampled_from(INVOICE_NUMBERS), AMOUNT, max_size=2)
REFUSABLE = (*CUSTOMERS, *INVOICES, *CHARGES)

CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.tuples(st.just("invoice"), st.sampled_from(INVOICES), INVOICE),
    st.tuples(st.just("payment"), st.sampled_from(CHARGES), PAYMENT),
    st.tuples(st.just("part"), st.sampled_from(["inpay_1", "inpay_2", "inpay_3"]), PART),
    st.tuples(st.just("invoice document"), st.sampled_from(INVOICE_NUMBERS), INVOICE_DOCUMENT),
    st.tuples(st.just("payment document"), st.sampled_from(PAYMENT_NUMBERS), PAYMENT_DOCUMENT, APPLICATIONS),
    st.tuples(st.just("linked anew"), st.sampled_from(INVOICE_NUMBERS), st.sampled_from([None, *INVOICES])),
    st.tuples(st.just("deleted"), st.sampled_from([*INVOICE_NUMBERS, *PAYMENT_NUMBERS])),
    st.tuples(st.just("customer"), st.sampled_from(CUSTOMERS)),
    st.tuples(st.just("ledger customer"), st.sampled_from([1, 2]), st.sampled_from([None, *CUSTOMERS])),
    st.tuples(st.just("absent"), st.sampled_from(ABSENT)),
    st.tuples(st.just("planned"), st.frozensets(st.sampled_from(REFUSABLE), max_size=2)),
    st.tuples(st.just("refused"), st.sampled_from(REFUSABLE)),
    st.tuples(st.just("retried"), st.sampled_from(REFUSABLE)),
    st.tuples(st.just("planned anew"), st.sampled_from(REFUSABLE), st.sampled_from([200, 300])),
)


@st.composite
def full_worlds(draw: st.DrawFn) -> list[Change]:
    """A world in which everything there may be is there, and a few changes on top."""
    rows = [
        *(("customer", key) for key in CUSTOMERS),
        *(("ledger customer", number, key) for number, key in zip((1, 2), CUSTOMERS, strict=True)),
        *(("invoice", key, draw(INVOICE)) for key in INVOICES),
        *(("payment", key, draw(PAYMENT)) for key in CHARGES),
        *(("part", f"inpay_{number}", draw(PART)) for number in (1, 2, 3)),
        *(("invoice document", number, draw(INVOICE_DOCUMENT)) for number in INVOICE_NUMBERS[:3]),
        *(("payment document", number, draw(PAYMENT_DOCUMENT), draw(APPLICATIONS)) for number in PAYMENT_NUMBERS),
    ]
    return [*rows, *draw(st.lists(CHANGES, max_size=6))]


@dataclass
class Universe:
    """A store and the dict that says the same."""

    engine: Engine
    world: dict[str, Any] = field(
        default_factory=lambda: {
            "customers": set(),
            "invoices": {},
            "payments": {},
            "invoice_payments": {},
            "ledger_customers": {},
            "documents": {},
            "applications": {},
            "absent": set(),
            "refused": {},
        }
    )
    by_netsuite: dict[str, int] = field(default_factory=dict)
    by_planner: frozenset[str] = frozenset()

    def change(self, change: Change) -> None:
        """Make one change in both."""
        name, *details = change
        getattr(self, "_" + name.replace(" ", "_"))(*details)
        said = dict.fromkeys(self.by_planner, "planner") | dict.fromkeys(self.by_netsuite, "netsuite")
        self.world["refused"] = {
            key: {
                "document": DOCUMENT_OF[key.split("_")[0]],
                "by": by,
                "customer_id": "cus_1",
                "currency": "usd",
                "effective_date": DAY,
            }
            for key, by in said.items()
        }

    def _invoice(self, key: str, values: dict[str, Any]) -> None:
        accept(self.engine, "invoices", {"id": key, **values})
        self.world["invoices"][key] = values

    def _payment(self, key: str, values: dict[str, Any]) -> None:
        accept(self.engine, "payments", {"id": key, **values})
        self.world["payments"][key] = values

    def _part(self, key: str, values: dict[str, Any]) -> None:
        # An invoice payment never moves to another invoice or payment in Stripe; only its status and amount change.
        before = self.world["invoice_payments"].get(key, values)
        fixed = {name: before[name] for name in ("invoice_id", "payment_intent", "charge_id")}
        accept(self.engine, "invoice_payments", {"id": key, **values, **fixed})
        self.world["invoice_payments"][key] = {**values, **fixed}

    def _invoice_document(self, number: int, values: dict[str, Any]) -> None:
        mirror(self.engine, [self._read(number, values)])

    def _payment_document(self, number: int, values: dict[str, Any], applications: dict[int, int]) -> None:
        mirror(self.engine, [self._read(number, values)], [(number, to, amount) for to, amount in applications.items()])
        kept = {key: amount for key, amount in self.world["applications"].items() if key[0] != number}
        self.world["applications"] = kept | {(number, to): amount for to, amount in applications.items()}

    def _read(self, number: int, values: dict[str, Any]) -> Any:
        self.world["documents"][number] = {**values, "deleted": False}
        fields = {name: value for name, value in values.items() if name not in ("link", "document")}
        return ledger_document(number, values["document"], **fields)

    def _linked_anew(self, number: int, reference: str | None) -> None:
        """Somebody corrects the Stripe id that a document names, and nothing else of it."""
        before = self.world["documents"].get(number)
        if before is not None and not before["deleted"]:
            link = {"stripe_ref": reference, "linked_by": reference and "external_id"}
            self._invoice_document(
                number, {name: value for name, value in {**before, **link}.items() if name != "deleted"}
            )

    def _deleted(self, number: int) -> None:
        mirror(self.engine, gone=[number])
        if number in self.world["documents"]:
            self.world["documents"][number]["deleted"] = True

    def _customer(self, key: str) -> None:
        accept(self.engine, "customers", {"id": key})
        self.world["customers"].add(key)

    def _ledger_customer(self, number: int, external_id: str | None) -> None:
        ledger_customer(self.engine, number, external_id)
        self.world["ledger_customers"][number] = external_id

    def _absent(self, key: str) -> None:
        gate.mark_absent(self.engine, [key], datetime.now(UTC))
        self.world["absent"].add(key)

    def _planned(self, keys: frozenset[str]) -> None:
        refusals = tuple(refusal(DOCUMENT_OF[key.split("_")[0]], key) for key in sorted(keys))  # type: ignore[arg-type]
        planning.save_plan(self.engine, Plan((), refusals), DAY, DAY)
        self.by_planner = keys

    def _refused(self, key: str, amount: int = 100) -> None:
        if key in self.by_netsuite:
            return
        journal.intend(self.engine, [command(DOCUMENT_OF[key.split("_", maxsplit=1)[0]], key, amount=amount)])  # type: ignore[arg-type]
        claim = journal.claim(self.engine, journal_id(self.engine, key), 60)
        if claim is None:
            # Nothing is sent of what is void, so NetSuite says nothing of it.
            return
        assert journal.record_refused(self.engine, claim, "USER_ERROR", "NetSuite says no", "ask NetSuite")
        self.by_netsuite[key] = claim.command.amount_minor

    def _retried(self, key: str) -> None:
        letters.reopen(self.engine, [key], "a tester")
        self.by_netsuite.pop(key, None)

    def _planned_anew(self, key: str, amount: int) -> None:
        """The planner asks for another document than the one that was refused, which opens the row again."""
        if key in self.by_netsuite:
            journal.intend(self.engine, [command(DOCUMENT_OF[key.split("_", maxsplit=1)[0]], key, amount=amount)])  # type: ignore[arg-type]
            if self.by_netsuite[key] != amount:
                del self.by_netsuite[key]
