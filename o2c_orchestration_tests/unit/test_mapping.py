"""The mapping of o2c.yaml over planned documents: values from rows, tables and expressions, and refusals by name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

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
    Refusal,
    Rows,
)
from o2c_orchestration.domain.expressions import parse
from o2c_orchestration.domain.mapping_sources import Person, Sources, Trace
from o2c_orchestration.domain.off_stripe import OffStripeRow
from o2c_orchestration.domain.payouts import PayoutRow
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration.plan.deposit import ACCOUNTS, FEES, Entry, Head, deposit_body
from o2c_orchestration.plan.explain_mapping import changes, shown
from o2c_orchestration.plan.mapping import Mapper
from o2c_orchestration.plan.mapping_facts import FactBook
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT, DEAL
from o2c_orchestration_tests.unit.deal_builders import rows as deal_rows

AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
LINE = LineRow("il_1", "Seats", 120_000, tax_exclusive_minor=9_000, price_id="price_1", product_id="prod_1")
INVOICE = InvoiceRow(
    *("in_1", "cus_1", "A-1", "usd", "open", 129_000, 9_000, 129_000, date(2026, 11, 3), date(2026, 12, 3), AT),
    lines=(LINE, replace(LINE, id="il_2", amount_minor=0, tax_exclusive_minor=0, price_id=None, product_id=None)),
)
PAYMENT = PaymentRow("ch_1", "cus_1", "usd", 129_000, date(2026, 11, 4), AT, (ApplicationRow("in_1", 129_000),))
TOLD = {"in_1": {"metadata.region": "EU", "subscription.metadata.team": "north"}, "cus_1": {"metadata.region": "EU"}}
ROWS = Rows(
    customers=(CustomerRow("cus_1", "Ann", "ann@example.com", AT, ("usd",)),),
    invoices=(INVOICE,),
    payments=(PAYMENT,),
    sources=Sources(TOLD, {"cus_1": Person("Ann", "ann@example.com")}),
)


def plan(mapping: dict[str, Any], rows: Rows = ROWS, known: Any = None, **policy: Any) -> Plan:
    return make_plan(Policy.model_validate({"mapping": mapping, **policy}), rows, known or {})


def command(found: Plan, key: str) -> Command:
    return next(item for item in found.commands if item.external_id == key)


def header(rule: Any, field: str = "custbody_x", rows: Rows = ROWS, **mapping: Any) -> Any:
    """What one rule for one field of the invoice's header comes to."""
    found = plan({"invoice": {"header": {field: rule}}, **mapping}, rows)
    return command(found, "in_1").body.get(field)


def refusal(rule: Any, field: str = "custbody_x", rows: Rows = ROWS, **mapping: Any) -> Refusal:
    found = plan({"invoice": {"header": {field: rule}}, **mapping}, rows)
    return next(item for item in found.refusals if item.stripe_id == "in_1")


def lines(rule: Any, field: str = "custcol_x", rows: Rows = ROWS, **mapping: Any) -> list[Any]:
    found = plan({"invoice": {"lines": {field: rule}}, **mapping}, rows)
    return [line.get(field) for line in command(found, "in_1").body["item"]["items"]]


def made(mapping: dict[str, Any], document: str) -> dict[str, Any]:
    """The body of the first document of a type under a mapping."""
    return dict(next(item.body for item in plan(mapping).commands if item.document == document))


def test_words_of_netsuites_own_stand_where_an_id_does():
    """A language is no number, and neither is how a customer wants documents by e-mail."""
    header = {"language": "de_DE", "emailPreference": "PDF"}
    body = made({"customer": {"header": header}}, "customer")
    assert (body["language"], body["emailPreference"]) == ({"id": "de_DE"}, {"id": "PDF"})
    wrong = plan({"customer": {"header": {"language": {"expression": "name + '!'"}}}}).refusals
    assert "is none of NetSuite's words" in next(each.reason for each in wrong if each.document == "invoice")


def test_a_unit_is_text():
    """The browser of NetSuite's REST API shows it as a string."""
    assert set(lines(3, "units")) == {"3"}


def test_a_number_of_a_line_goes_where_there_is_one():
    """Money that comes in has one, a fee has none: NetSuite refuses a deposit with a field that it does not know."""
    lines = {"refNum": {"source": "id"}, "department": "Finance"}
    policy = Policy.model_validate({"mapping": {"deposit": {"lines": lines}}})
    row = PayoutRow("po_1", "usd", 100, "paid", date(2026, 11, 3), AT, True, True)
    entries = [Entry(ACCOUNTS, "", 200, account="Reserves"), Entry(FEES, "", -100, account="Stripe Fees")]
    body = deposit_body(Head("po_1", "Checking", "usd", date(2026, 11, 3), ""), entries)
    deposit = replace(command(plan({}), "in_1"), document="deposit", external_id="po_1", stripe_id="po_1", body=body)
    mapper = Mapper(policy, FactBook(Rows(payouts=(row,)), ZoneInfo("UTC")), {})
    written = mapper.check(deposit)
    assert isinstance(written, Command)
    other, cashback = (written.body[name]["items"][0] for name in ("other", "cashback"))
    assert ("refNum" in other, "refNum" in cashback) == (True, False)
    assert other["department"] == cashback["department"] == {"$department": "Finance"}


def test_without_a_mapping_nothing_changes():
    """The section's default is the plan as it was."""
    assert plan({}) == make_plan(Policy(), replace(ROWS, sources=Sources()), {})


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("Services", "Services"),
        (7, 7),
        (False, False),
        ({"constant": "x"}, "x"),
        ({"source": "number"}, "A-1"),
        ({"source": "due_date"}, "2026-12-03"),
        ({"source": "created_at"}, "2026-11-03"),
        ({"source": "customer.email"}, "ann@example.com"),
        ({"source": "customer.id"}, "cus_1"),
        ({"source": "metadata.region"}, "EU"),
        ({"source": "customer.metadata.region"}, "EU"),
        ({"source": "subscription.metadata.team"}, "north"),
        ({"source": "kind"}, "in"),
        ({"source": "closed_date", "default": "never"}, "never"),
        ({"source": "closed_date", "missing": "omit"}, None),
        ({"source": "number", "when": "amount_minor > 100000 and currency == 'usd'"}, "A-1"),
        ({"source": "number", "when": "amount_minor > 200000"}, None),
        ({"source": "number", "when": "closed_date == None"}, "A-1"),
        ([{"constant": "big", "when": "amount_minor > 200000"}, {"constant": "small"}], "small"),
        ([{"constant": "big", "when": "amount_minor > 100"}, {"constant": "small"}], "big"),
        ({"expression": "upper(number) + '-' + currency"}, "A-1-usd"),
        ({"expression": "amount_minor // 100"}, 1290),
        ({"expression": "money(amount_minor - tax_minor)"}, {"$minor": [120_000, "usd"]}),
        ({"expression": "coalesce(closed_date, paid_date, 'open')"}, "open"),
        ({"expression": "part(number, '-', 2)"}, "1"),
        ({"expression": "days_after(date, 30)"}, "2026-12-03"),
        ({"expression": "'EU' if metadata.region in ('EU', 'UK') else 'US'"}, "EU"),
        ({"constant": "12", "reference": "id"}, {"id": "12"}),
        ({"constant": "East", "reference": "location"}, {"$location": "East"}),
        ({"source": "metadata.region", "reference": "customlist_region"}, {"$customlist_region": "EU"}),
        ({"constant": 7, "reference": "customrecord_contract"}, {"$customrecord_contract": "7"}),
    ],
)
def test_a_rule_gives_its_value(rule, value):
    """Every kind of rule, with defaults, conditions and references."""
    assert header(rule) == value


@pytest.mark.parametrize("path", ["customer.id", "customer.name", "customer.metadata.region"])
def test_a_customer_whom_netsuite_alone_knows_has_nothing_to_read(path):
    """A charge of nobody in Stripe that names him: there is no value, and no metadata that was never read."""
    known = {"netsuite:107": KnownDocument("107"), "in_1": KnownDocument("1")}
    rows = Rows(payments=(replace(PAYMENT, customer_id="netsuite:107"),), sources=ROWS.sources)
    made = plan({"payment": {"header": {"custbody_x": {"source": path, "default": "none"}}}}, rows, known)
    assert [refusal.reason for refusal in made.refusals] == []
    assert command(made, "ch_1").body["custbody_x"] == "none"


def test_classes_departments_and_locations_need_no_more_than_their_name():
    """By name or internal id, in the header and on lines."""
    found = plan({"invoice": {"header": {"class": "Services", "location": 3}, "lines": {"department": "Sales"}}})
    body = command(found, "in_1").body
    assert ({"$class": "Services"}, {"$location": "3"}) == (body["class"], body["location"])
    assert [{"$department": "Sales"}] * 3 == [line["department"] for line in body["item"]["items"]]


def test_lines_know_what_they_are_made_of():
    """Each Stripe line tells its own, and tax what it is; nothing of that is left in the body."""
    assert ["item", "item", "tax"] == lines({"source": "line.role"})
    assert [120_000, 0, 9_000] == lines({"source": "line.amount_minor"})
    assert ["price_1", "none", "none"] == lines({"source": "line.price_id", "default": "none"})
    assert ["Seats", None, None] == lines({"source": "line.description", "when": "line.product_id != None"})
    body = command(
        plan({"payment": {"header": {"custbody_x": 1}}, "invoice": {"lines": {"custcol_x": 1}}}), "in_1"
    ).body
    assert not any("$line" in line for line in body["item"]["items"])


def test_lines_are_looked_up_by_product():
    """A table from product to class; a line without a product takes the default."""
    table = {"tables": {"by_product": {"prod_1": "Software"}}}
    rule = {"lookup": "by_product", "by": "line.product_id", "default": "Other"}
    assert [{"$class": "Software"}, {"$class": "Other"}, {"$class": "Other"}] == lines(rule, "class", **table)


def test_null_takes_a_field_away():
    """Of those that are written without being necessary."""
    assert header(None, "otherRefNum") is None
    assert "A-1" == command(plan({}), "in_1").body["otherRefNum"]
    assert [None] * 3 == lines(None, "description")


def test_a_missing_value_is_a_refusal_and_never_a_guess():
    """It says which rule, which value and what to do."""
    found = refusal({"source": "closed_date"})
    assert "MAPPING" == found.code
    assert "mapping.invoice.header.custbody_x" in found.reason
    assert "closed_date has no value" in found.reason
    assert "default" in found.fix
    assert "in_1" == found.external_id


def test_a_value_that_a_table_does_not_have_is_a_refusal_by_name():
    """A region nobody has thought of gets nobody's class."""
    found = refusal({"lookup": "t", "by": "metadata.region"}, "class", tables={"t": {"US": "Americas"}})
    assert "'EU'" in found.reason
    assert "mapping.tables.t" in found.fix


def test_metadata_that_was_never_kept_is_told_apart_from_metadata_that_is_not_there():
    """A key that was named yesterday says nothing of what was read last year: read it again."""
    absent = replace(ROWS, sources=Sources({**TOLD, "in_1": {"metadata.region": None}}))
    assert "has no value" in refusal({"source": "metadata.region"}, rows=absent).reason
    unread = replace(ROWS, sources=Sources({**TOLD, "in_1": {}}))
    for rule in ({"source": "metadata.region", "default": "x"}, {"constant": "x", "when": "metadata.region == 'EU'"}):
        found = refusal(rule, rows=unread)
        assert "was read before the mapping named it" in found.reason
        assert "o2c run" in found.fix


@pytest.mark.parametrize(
    ("field", "rule", "words"),
    [
        ("dueDate", {"source": "number"}, "no date"),
        ("toBeEmailed", {"source": "number"}, "neither true nor false"),
        ("terms", {"source": "number"}, "no internal id"),
        ("otherRefNum", {"expression": "text(amount_minor * 1000) + first('" + "x" * 60 + "', 50)"}, "45"),
        ("custbody_x", {"expression": "number + amount_minor"}, "no whole number"),
        ("custbody_x", {"expression": "amount_minor // (amount_minor - amount_minor)"}, "nought"),
        ("custbody_x", {"constant": 1, "when": "number > 3"}, "ordered"),
        ("custbody_x", {"constant": 1, "when": "number == 3"}, "another kind"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_refusal(field, rule, words):
    """Nothing is bent into shape."""
    assert words in refusal(rule, field).reason


def test_what_leans_on_a_refused_document_is_refused_with_it():
    """The payment of an invoice that cannot be mapped waits for it."""
    found = plan({"invoice": {"header": {"custbody_x": {"source": "closed_date"}}}})
    assert {"in_1": "MAPPING", "ch_1": "INVOICE_MISSING"} == {item.stripe_id: item.code for item in found.refusals}
    assert () == found.commands


def test_documents_of_a_customer_who_cannot_be_mapped_are_refused_with_his_rule():
    """They would wait for him for ever; one who is in NetSuite already needs no mapping."""
    mapping = {"customer": {"header": {"custentity_x": {"source": "metadata.tier"}}}}
    unknown = replace(ROWS, sources=Sources({"cus_1": {"metadata.tier": None}}))
    found = plan(mapping, unknown)
    assert {"MAPPING"} == {item.code for item in found.refusals if item.stripe_id == "in_1"}
    assert all(
        "mapping.customer.header.custentity_x" in item.reason for item in found.refusals if item.code == "MAPPING"
    )
    assert () == found.commands
    there = plan(mapping, unknown, {"cus_1": KnownDocument("1")})
    assert {"in_1", "ch_1"} == {item.external_id for item in there.commands}


def test_a_customer_is_mapped_too():
    """The one who is made for his first document."""
    found = plan({"customer": {"header": {"companyName": {"source": "email"}, "custentity_plan": "gold"}}})
    body = command(found, "cus_1").body
    assert ("ann@example.com", "gold") == (body["companyName"], body["custentity_plan"])


def test_a_payment_outside_stripe_reads_its_own_row():
    """Whether its invoice is planned beside it or not."""
    outside = OffStripeRow("in_1", "cus_1", "usd", "paid", 129_000, 129_000, 0, date(2026, 11, 9), AT)
    mapping = {"payment": {"header": {"custbody_x": {"source": "paid_minor", "when": "kind == 'op-in'"}}}}
    for invoices in ((INVOICE,), ()):
        rows = replace(ROWS, invoices=invoices, payments=(), off_stripe=(outside,))
        known = {} if invoices else {"in_1": KnownDocument("5", "usd", 129_000, 129_000)}
        found = plan(mapping, rows, known, off_stripe={"account": "Checking"})
        assert 129_000 == command(found, "op-in_1").body["custbody_x"]


def test_an_entity_lays_its_rules_over_the_companys():
    """Field by field; null is no class at all."""
    mapping = {"invoice": {"header": {"class": "Services", "location": "HQ"}}}
    own = {"invoice": {"header": {"location": "Berlin", "class": None}}}
    entities = {"acct_1": {"name": "GmbH", "mapping": own}}
    policy = Policy.model_validate({"mapping": mapping, "entities": entities}).of("acct_1")
    body = next(item for item in make_plan(policy, ROWS, {}).commands if item.external_id == "in_1").body
    assert {"$location": "Berlin"} == body["location"]
    assert "class" not in body


def test_every_field_that_was_set_is_told_with_its_rule():
    """Field, value, source and key of o2c.yaml."""
    traces: dict[str, tuple[Trace, ...]] = {}
    rules = [{"constant": "x", "when": "amount_minor > 1000000"}, {"source": "number"}]
    mapping = {
        "invoice": {"header": {"custbody_x": rules, "otherRefNum": None}, "lines": {"class": {"source": "currency"}}}
    }
    make_plan(Policy.model_validate({"mapping": mapping}), ROWS, {}, traces=traces)
    found = {trace.field: (trace.value, trace.source, trace.rule) for trace in traces["in_1"]}
    assert ("A-1", "number", "mapping.invoice.header.custbody_x[2]") == found["custbody_x"]
    assert (None, "taken away", "mapping.invoice.header.otherRefNum") == found["otherRefNum"]
    assert ({"$class": "usd"}, "currency", "mapping.invoice.lines.class") == found["item[1].class"]


DEAL_MAPPING = {
    "customer": {"header": {"custentity_tier": {"source": "metadata.tier", "missing": "omit"}, "phone": "none"}},
    "sales_order": {
        "header": {
            "class": "Services",
            "custbody_note": {"expression": "name + ' ' + customer.name"},
            "startDate": None,
        },
        "lines": {"department": {"source": "line.product_code"}, "custcol_seats": {"source": "line.quantity"}},
    },
}


def test_orders_of_deals_and_their_customers_are_mapped_too():
    """The deal, its account and its lines are what rules read."""
    rows = deal_rows(DEAL, account=replace(ACCOUNT, stripe_id=None), customers=frozenset())
    traces: dict[str, tuple[Trace, ...]] = {}
    policy = Policy.model_validate({"mapping": DEAL_MAPPING})
    customer, order = plan_deals(policy, rows, traces=traces).commands
    assert ("salesOrder", {"$class": "Services"}, "Big deal Acme Inc") == (
        order.document,
        order.body["class"],
        order.body["custbody_note"],
    )
    assert "startDate" not in order.body
    [line] = order.body["item"]["items"]
    assert ({"$department": "SEAT"}, "4") == (line["department"], line["custcol_seats"])
    assert "$line" not in line
    assert ("none", None) == (customer.body["phone"], customer.body.get("custentity_tier"))
    assert {"class", "custbody_note", "startDate", "item[1].department", "item[1].custcol_seats"} == {
        trace.field for trace in traces[order.external_id]
    }
    for command in (customer, order):
        fields = shown(command, policy, traces[command.external_id]).fields
        assert [] == [each.field for each in fields if each.source == "not known here"]


def test_a_deal_whose_order_cannot_be_mapped_is_not_billed_either():
    """One refusal of the deal, by the rule."""
    policy = Policy.model_validate(
        {
            "deals": {"recurring": "subscription"},
            "mapping": {"sales_order": {"header": {"custbody_x": {"source": "stage"}}}},
        }
    )
    found = plan_deals(policy, deal_rows(replace(DEAL, stage="")))
    assert () == found.commands
    assert [("MAPPING", True)] == [
        (item.code, "sales_order.header.custbody_x" in item.reason) for item in found.refusals
    ]


def test_a_plan_is_compared_field_by_field():
    """What is new, gone, refused or another; what is the same is not told."""
    plain, other = plan({}), plan({"invoice": {"header": {"class": "A", "otherRefNum": None}}})
    [change] = changes(plain, other)
    assert ("changed", "in_1") == (change.kind, change.external_id)
    assert {("class", None, "A"), ("otherRefNum", "A-1", None)} == set(change.fields)
    refused = plan({"invoice": {"header": {"custbody_x": {"source": "closed_date"}}}})
    assert {"in_1": "refused", "ch_1": "refused", "cus_1": "gone"} == {
        each.external_id: each.kind for each in changes(plain, refused)
    }
    assert {"in_1": "released", "ch_1": "released", "cus_1": "new"} == {
        each.external_id: each.kind for each in changes(refused, plain)
    }
    assert [] == changes(refused, refused)


def test_a_line_of_a_credit_note_reads_the_line_that_it_takes_back():
    """Revenue goes back where it came from, whatever the note's own lines are called."""
    back = replace(LINE, id="cnli_1", origin="il_1", tax_exclusive_minor=0)
    note = CreditNoteRow(
        *("cn_1", "in_1", "cus_1", "usd", "issued", 120_000, 0, 120_000, date(2026, 11, 5), AT), lines=(back,)
    )
    sources = Sources({"il_1": {"metadata.team": "north"}, "in_1": {"subscription.metadata.plan": "gold"}})
    rows = Rows(customers=ROWS.customers, credit_notes=(note,), invoice_lines={"il_1": LINE}, sources=sources)
    rules = {"custcol_x": {"source": "line.metadata.team"}, "custcol_y": {"source": "subscription.metadata.plan"}}
    found = plan({"credit_memo": {"lines": rules}}, rows, {"in_1": KnownDocument("5", "usd", 129_000, 129_000)})
    [line] = command(found, "cn_1").body["item"]["items"]
    assert ("north", "gold") == (line["custcol_x"], line["custcol_y"])


def test_an_entity_that_maps_no_lines_itself_has_those_of_the_company():
    """Whatever was asked of its own part before."""
    mapping = {"invoice": {"lines": {"custcol_x": {"source": "line.role"}}}}
    policy = Policy.model_validate({"mapping": mapping, "entities": {"acct_1": {"name": "GmbH"}}})
    assert not policy.entities["acct_1"].mapping.maps_lines
    body = command(make_plan(policy.of("acct_1"), ROWS, {}), "in_1").body
    assert ["item", "item", "tax"] == [line["custcol_x"] for line in body["item"]["items"]]


def test_a_document_that_is_moved_out_of_a_closed_period_keeps_its_due_date_behind_it():
    """Also one that the mapping says."""
    closed = PeriodRow("Nov 2026", date(2026, 11, 1), date(2026, 11, 30), closed=True)
    rows = replace(ROWS, periods=(closed, PeriodRow("Dec 2026", date(2026, 12, 1), date(2026, 12, 31))))
    earlier = {"dueDate": {"constant": "2026-11-20"}}
    found = plan({"invoice": {"header": earlier}}, rows, periods={"closed": "first_open"})
    assert ("2026-12-01", "2026-12-01") == tuple(command(found, "in_1").body[name] for name in ("tranDate", "dueDate"))


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("x in (1, 2)", True, False),
        ("x in ('1',)", 1, False),
        ("x in (1, 2)", 1, True),
        ("x not in ('a',)", None, True),
    ],
)
def test_values_of_another_kind_are_never_the_same(text, value, told):
    """True is not 1, and text is no number."""
    assert parse(text).value(lambda path: value) is told
