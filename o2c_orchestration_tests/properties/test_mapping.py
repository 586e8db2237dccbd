"""The mapping for any rules and rows: pure, idempotent, independent of order and batches, and never near the money."""

import copy
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, reject
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    Command,
    CreditNoteRow,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Plan,
    Rows,
)
from o2c_orchestration.domain.expressions import BadExpression, WrongType, parse
from o2c_orchestration.domain.mapping_fields import promised
from o2c_orchestration.domain.mapping_sources import Person, Sources
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.mapping_facts import MADE_OF

AT, DAY = datetime(2026, 2, 15, 12, tzinfo=UTC), date(2026, 2, 15)
TABLES = {"t": {"EU": "Europe", "US": "1", "A-1": "x"}}
HEADER = ["custbody_a", "custbody_b", "class", "location", "otherRefNum", "dueDate", "terms", "toBeEmailed"]
LINES = ["custcol_a", "class", "department", "description"]
PATHS = ["number", "due_date", "status", "total_minor", "kind", "customer.email", "metadata.region", "id", "currency"]
LINE_PATHS = ["line.role", "line.amount_minor", "line.price_id", "line.metadata.team", "line.period_start"]
CONDITIONS = [
    "amount_minor > 1000",
    "currency == 'usd'",
    "metadata.region != None",
    "kind in ('in', 'cn')",
    "not number",
]


def rules(paths: list[str]) -> st.SearchStrategy[Any]:
    further = st.fixed_dictionaries(
        {}, optional={"when": st.sampled_from(CONDITIONS), "default": st.sampled_from(["d", "2026-03-01", "7", True])}
    )
    source = st.sampled_from(paths)
    ways = st.one_of(
        source.map(lambda path: {"source": path}),
        source.map(lambda path: {"lookup": "t", "by": path}),
        source.map(lambda path: {"expression": f"coalesce({path}, id)"}),
        source.map(lambda path: {"source": path, "missing": "omit"}),
    )
    rule = st.tuples(ways, further).map(lambda two: _joined(*two))
    constants = st.sampled_from(["Services", "2026-01-31", 7, True])
    conditional = st.tuples(rule, st.sampled_from(CONDITIONS)).map(lambda two: {**two[0], "when": two[1]})
    several = st.tuples(conditional, rule).map(list)
    return st.one_of(rule, constants, several, st.none())


def _joined(way: dict[str, Any], further: dict[str, Any]) -> dict[str, Any]:
    return {**way, **({} if "missing" in way and "default" in further else further)}


@st.composite
def policies(draw: Any) -> Policy:
    header = st.dictionaries(st.sampled_from(HEADER), rules(PATHS), max_size=4)
    lines = st.dictionaries(st.sampled_from(LINES), rules([*PATHS, *LINE_PATHS]), max_size=3)
    both = st.fixed_dictionaries({"header": header, "lines": lines})
    payment = st.dictionaries(st.sampled_from(["class", "custbody_a"]), rules(["kind", "metadata.region"]), max_size=2)
    customer = st.dictionaries(st.just("custentity_a"), rules(["email", "metadata.tier", "id"]), max_size=1)
    mapping = {"tables": TABLES, "invoice": draw(both), "credit_memo": draw(both)}
    mapping |= {"payment": {"header": draw(payment)}, "customer": {"header": draw(customer)}}
    try:
        return Policy.model_validate({"mapping": mapping})
    except ValueError:
        # A constant that its field does not take is refused at reading, which is another test's.
        return reject()


@st.composite
def worlds(draw: Any) -> Rows:
    invoices, notes, payments = [], [], []
    told: dict[str, dict[str, str | None]] = {
        f"cus_{n}": {"metadata.tier": draw(st.sampled_from([None, "x"]))} for n in (1, 2)
    }
    for number in range(draw(st.integers(1, 4))):
        key, customer = f"in_{number}", f"cus_{draw(st.integers(1, 2))}"
        amount, tax = draw(st.integers(1, 5000)), draw(st.sampled_from([0, 19]))
        line = LineRow(
            f"il_{number}", "Seats", amount, tax_exclusive_minor=tax, price_id=draw(st.sampled_from([None, "p"]))
        )
        invoices.append(
            InvoiceRow(
                *(key, customer, draw(st.sampled_from([None, "A-1"])), draw(st.sampled_from(["usd", "eur"])), "paid"),
                *(amount + tax, tax, 0, DAY, draw(st.sampled_from([None, date(2026, 3, 1)])), AT),
                lines=(line,),
            )
        )
        currency = invoices[-1].currency
        payments.append(
            PaymentRow(f"ch_{number}", customer, currency, amount + tax, DAY, AT, (ApplicationRow(key, amount + tax),))
        )
        if draw(st.booleans()):
            back = replace(line, id=f"cnli_{number}", origin=line.id, tax_exclusive_minor=0)
            notes.append(
                CreditNoteRow(f"cn_{number}", key, customer, currency, "issued", amount, 0, amount, DAY, AT, (back,))
            )
        for owner in (key, f"ch_{number}", f"cn_{number}"):
            if draw(st.integers(0, 4)):
                told[owner] = {"metadata.region": draw(st.sampled_from([None, "EU", "XX"]))}
        told[line.id] = {"metadata.team": draw(st.sampled_from([None, "north"]))}
    people = {f"cus_{n}": Person("Ann", draw(st.sampled_from([None, "a@b.c"]))) for n in (1, 2)}
    return Rows(
        customers=tuple(CustomerRow(key, each.name, each.email, AT, ("usd",)) for key, each in people.items()),
        invoices=tuple(invoices),
        payments=tuple(payments),
        credit_notes=tuple(notes),
        invoice_lines={line.id: line for row in invoices for line in row.lines},
        sources=Sources(told, people),
    )


def by_key(plan: Plan) -> dict[str, Command]:
    return {command.external_id: command for command in plan.commands}


@given(policies(), worlds())
def test_the_same_rows_give_the_same_commands(policy: Policy, rows: Rows):
    """Twice, from copies, and in whatever order the rows come."""
    first = make_plan(policy, rows, {})
    assert first == make_plan(policy.model_copy(deep=True), copy.deepcopy(rows), {})
    turned = replace(
        rows, invoices=rows.invoices[::-1], payments=rows.payments[::-1], credit_notes=rows.credit_notes[::-1]
    )
    assert first == make_plan(policy, turned, {})


@given(policies(), worlds())
def test_one_invoice_alone_gives_what_all_of_them_give(policy: Policy, rows: Rows):
    """No document reads anything of another one's rows."""
    together = make_plan(policy, rows, {})
    alone: dict[str, Command] = {}
    for row in rows.invoices:
        alone |= by_key(make_plan(policy, replace(rows, invoices=(row,), payments=(), credit_notes=()), {}))
    invoices = {key: command for key, command in by_key(together).items() if command.document == "invoice"}
    assert invoices == {key: command for key, command in alone.items() if command.document == "invoice"}


@given(policies(), worlds())
def test_a_plan_that_was_carried_out_is_empty(policy: Policy, rows: Rows):
    """Fields of the mapping call for nothing new of what is there."""
    made = by_key(make_plan(policy, rows, {}))
    known = {key: KnownDocument(str(number)) for number, key in enumerate(made, start=1)}
    assert not set(by_key(make_plan(policy, rows, known))) & set(made)


@given(policies(), worlds())
def test_whatever_the_mapping_says_money_and_keys_stay(policy: Policy, rows: Rows):
    """Every document is the standard one but for fields that a rule may have, or is refused by name; none is added."""
    plain, mapped = make_plan(Policy(), rows, {}), make_plan(policy, rows, {})
    standard = by_key(plain)
    assert set(by_key(mapped)) <= set(standard)
    for key, command in by_key(mapped).items():
        was = standard[key]
        assert replace(command, body=was.body) == was
        assert _promised(command.body) == _promised(was.body)
        assert MADE_OF not in str(command.body)
    # A customer who is not needed any more needs no refusal of his own.
    lost = {key for key in set(standard) - set(by_key(mapped)) if standard[key].document != "customer"}
    assert lost <= {item.external_id for item in mapped.refusals}
    assert all(item.fix for item in mapped.refusals)
    assert all("mapping." in item.reason for item in mapped.refusals if item.code == "MAPPING")


def _promised(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _promised(each) for name, each in value.items() if promised(name) or name == "items"}
    return [_promised(each) for each in value] if isinstance(value, list) else value


OPERATORS = ["+", "-", "*", "//", "%", "==", "!=", "<", ">=", "and", "or"]
EXPRESSIONS = st.recursive(
    st.sampled_from(["number", "amount_minor", "'EU'", "7", "None", "True", "metadata.region", "line.role"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda three: "({} {} {})".format(*three)),
        inner.map(lambda text: f"(not ({text}))"),
        inner.map(lambda text: f"upper({text})"),
        st.tuples(inner, inner).map(lambda two: f"coalesce({two[0]}, {two[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.sampled_from([None, "A-1", 7, True]))
def test_an_expression_gives_a_value_or_says_why_not(text: str, value: Any):
    """Whatever people write: text, number, truth, nothing, or an error in words."""
    found = parse(text)
    assert found == parse(text)
    with suppress(WrongType):
        told = found.value(lambda path: value)
        assert told is None or isinstance(told, str | int | bool)


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_refused(text: str):
    """Nothing that somebody types makes the reader fail in another way, and nothing of it is ever run."""
    with suppress(BadExpression, WrongType):
        parse(text).value(lambda path: "x")
