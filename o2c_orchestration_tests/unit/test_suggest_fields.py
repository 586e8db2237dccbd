"""Rules for fields that nobody mapped: what past documents show, how sure that is, and lines that o2c.yaml takes."""

from typing import Any

import pytest
import yaml

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.shown import unsayable
from o2c_orchestration.reconcile.fields import (
    FieldSuggestion,
    Held,
    Sample,
    Suggested,
    held_fields,
    suggest_fields,
    varying,
)
from o2c_orchestration.reconcile.line_samples import held_lines, line_samples

REGIONS = ("EMEA", "AMER", "APAC")


def class_(name: str) -> dict[str, str]:
    return {"id": str(len(name)), "refName": name}


def samples(many: int, **fields: Any) -> list[Sample]:
    """Documents whose fields are values, or functions of their number."""
    found = []
    for n in range(many):
        record = {name: value(n) if callable(value) else value for name, value in fields.items()}
        facts = {"metadata.region": REGIONS[n % 3], "metadata.order": f"order {n}", "currency": "usd"}
        held = held_fields("invoice", {key: value for key, value in record.items() if value is not None}, ())
        found.append(Sample(held, facts))
    return found


def suggested(found: list[Sample], *taken: tuple[str, str], mandatory: tuple[str, ...] = ()) -> list[FieldSuggestion]:
    return suggest_fields("mapping.invoice", found, taken, mandatory).rules


def as_policy(each: FieldSuggestion) -> Policy:
    """o2c.yaml with the lines as they are printed. Raises what the policy says of a rule that it does not take."""
    level = each.setting.rpartition(".")[2]
    tables = yaml.safe_load(each.tables_yaml) if each.tables_yaml else {}
    return Policy.model_validate({"mapping": {"tables": tables, "invoice": {level: yaml.safe_load(each.yaml)}}})


def test_what_all_documents_have_is_a_constant():
    """With how many of the last documents have it; a class by its name, another record by its id."""
    found = suggested(samples(12, **{"class": class_("Services")}, custbody_region={"id": "7", "refName": "EMEA"}))
    assert {each.name: (each.rule, each.score) for each in found} == {
        "class": ("Services", 1000),
        "custbody_region": ({"constant": 7, "reference": "id"}, 1000),
    }
    assert found[0].evidence == "12 of the last 12 documents that others made have Services"
    assert [as_policy(each).mapping.invoice.header[each.name][0].constant for each in found] == ["Services", 7]


def test_what_stripe_says_too_is_a_source():
    """A field that varies with a key of metadata is that key; what two documents have otherwise costs points."""
    found = suggested(samples(12, custbody_channel=lambda n: "by hand" if n < 2 else REGIONS[n % 3]))
    assert [(each.rule, each.score) for each in found] == [({"source": "metadata.region"}, 833)]
    assert as_policy(found[0]).mapping.invoice.header["custbody_channel"][0].source == "metadata.region"


def test_what_follows_from_stripe_is_a_table():
    """Other words for the same: the table is printed with the rule; a record's ids need no name of the same kind."""
    names = {"EMEA": "Europe", "AMER": "America", "APAC": "Asia"}
    ids = {"EMEA": "4", "AMER": "5", "APAC": "6"}
    by_name = suggested(samples(12, **{"class": lambda n: class_(names[REGIONS[n % 3]])}))
    by_id = suggested(samples(12, custbody_region=lambda n: {"id": ids[REGIONS[n % 3]], "refName": REGIONS[n % 3]}))
    assert [(each.rule, each.table, each.score) for each in by_name] == [
        ({"lookup": "class_by_region", "by": "metadata.region"}, {"class_by_region": dict(sorted(names.items()))}, 900)
    ]
    assert by_id[0].rule == {"lookup": "custbody_region_by_region", "by": "metadata.region", "reference": "id"}
    assert by_id[0].table == {"custbody_region_by_region": {"AMER": 5, "APAC": 6, "EMEA": 4}}
    for each in (*by_name, *by_id):
        assert as_policy(each).mapping.tables == each.table


def test_a_table_that_holds_for_most_only_is_chance():
    """Two of three regions have one class each, the third has either: ten of twelve, and no rule."""
    found = samples(12, **{"class": lambda n: class_(("Odd", "Even", "Odd" if n < 6 else "Even")[n % 3])})
    assert suggested(found) == []


def test_what_differs_from_document_to_document_is_no_rule():
    """A key whose values are each seen once explains anything; a note that nobody repeats explains nothing."""
    assert suggested(samples(12, custbody_note=lambda n: f"note {n}")) == []
    assert suggested(samples(12, custbody_note=lambda n: f"order {11 - n}")) == []


@pytest.mark.parametrize(("many", "having", "told"), [(12, 12, True), (12, 8, True), (12, 7, False), (2, 2, False)])
def test_few_documents_and_few_that_agree_are_no_evidence(many, having, told):
    """Three that agree are enough of three; of twelve most have to."""
    found = suggested(samples(many, location=lambda n: class_("Berlin") if n < having else None))
    assert bool(found) is told


def test_what_o2c_yaml_says_already_is_not_suggested():
    """By level; what only NetSuite decides, money and names are not fields for a mapping at all."""
    record = {"class": class_("Services"), "memo": "in_1", "total": 5, "tranId": "INV1", "email": "a@b.c"}
    assert {each.name for each in suggested(samples(9, **record))} == {"class"}
    assert suggested(samples(9, **record), ("header", "class")) == []
    assert suggested(samples(9, **record), ("lines", "class")) != []


def test_mandatory_fields_come_first_and_say_so():
    """Whatever else is as likely; a plain field of NetSuite's is looked at because it is mandatory."""
    record = {"class": class_("A"), "terms": {"id": "2", "refName": "Net 30"}}
    found = [Sample(held_fields("invoice", record, ("terms",))) for _ in range(6)]
    told = suggested(found, mandatory=("terms",))
    assert [each.name for each in told] == ["terms", "class"]
    assert told[0].evidence.endswith("have Net 30; NetSuite makes it mandatory")
    assert as_policy(told[0]).mapping.invoice.header["terms"][0].constant == 2


def test_lines_that_agree_have_a_rule():
    """Where all lines of a document have the same; a document whose lines differ is no witness."""

    def of(*departments: str) -> Sample:
        lines = {"items": [{"department": class_(each), "amount": 5} for each in departments]}
        return Sample(held_fields("invoice", {"item": lines}, ()))

    found = suggested([*(of("Sales", "Sales") for _ in range(9)), of("Sales", "Support")])
    assert [(each.setting, each.name, each.rule, each.score) for each in found] == [
        ("mapping.invoice.lines", "department", "Sales", 900)
    ]
    as_policy(found[0])


def test_stripe_is_asked_only_where_a_field_varies():
    """A constant explains itself."""
    assert not varying(samples(5, **{"class": class_("Services")}), ())
    varied = samples(5, custbody_channel=lambda n: str(n))
    assert varying(varied, ())
    assert not varying(varied, [("header", "custbody_channel")])


def test_values_as_stripe_would_write_them():
    """True is `true`."""
    assert [Held(plain=each).text for each in (True, 5, "x")] == ["true", "5", "x"]


PRODUCTS = {"prod_seats0123456789": "EMEA", "prod_hours9876543210": "AMER"}


def booked(n: int) -> tuple[dict[str, Any], list[tuple[int, dict[str, str]]]]:
    """An invoice of two lines and its tax as NetSuite has it, and the two lines as Stripe has them."""
    facts = [
        {"line.metadata.team": f"team {line}", "line.product_id": product} for line, product in enumerate(PRODUCTS)
    ]
    lines = [
        {"amount": f"{10 + line}.50", "class": class_(f"Class {line}"), "custcol_team": f"team {line}"}
        for line in range(2)
    ]
    record = {"item": {"items": [*lines, {"amount": "3.99", "class": class_("Taxes")}]}}
    return record, [(1050, facts[0]), (1150, facts[1])]


def of_lines(many: int) -> list[list[Sample]]:
    found = (booked(n) for n in range(many))
    return [line_samples(held_lines("invoice", record), told, "usd") for record, told in found]


def test_lines_that_differ_follow_what_stripe_says_of_each():
    """Its own metadata word for word, and a class by product; a tax has no line of Stripe's and no say."""
    lines = of_lines(6)
    assert [len(each) for each in lines] == [2] * 6
    samples_ = [Sample(held_fields("invoice", booked(n)[0], ())) for n in range(6)]
    found = suggest_fields("mapping.invoice", samples_, (), lines=lines).rules
    team = next(each for each in found if each.name == "custcol_team")
    assert (team.rule, team.score, team.count) == ({"source": "line.metadata.team"}, 1000, 12)
    assert team.evidence == (
        "12 of 12 lines of the last 6 documents that others made have the value of line.metadata.team; "
        "Stripe has that key on 12"
    )
    by_product = next(each for each in found if each.name == "class" and "product" in str(each.rule))
    assert by_product.table == {"class_by_product_id": dict(zip(sorted(PRODUCTS), ("Class 1", "Class 0"), strict=True))}
    for each in found:
        as_policy(each)
    assert suggest_fields("mapping.invoice", samples_, [("lines", "class"), ("lines", "custcol_team")], (), lines) == (
        Suggested([])
    )


def test_many_lines_of_few_documents_are_few_witnesses():
    """Who booked one document booked all of its lines: two of them say too little."""
    lines = of_lines(2)
    samples_ = [Sample(held_fields("invoice", booked(n)[0], ())) for n in range(2)]
    assert suggest_fields("mapping.invoice", samples_, (), lines=lines).rules == []


def test_lines_of_one_amount_are_not_told_apart():
    """Nor is one that has no amount, or one of another currency's decimals."""
    record = {"item": {"items": [{"amount": "5.00"}, {"amount": "5"}, {"amount": None}, {"amount": "7.005"}]}}
    assert line_samples(held_lines("invoice", record), [(500, {}), (700, {})], "usd") == []
    assert len(line_samples(held_lines("invoice", record), [(7005, {})], "kwd")) == 1
    twice = {"item": {"items": [{"amount": "5.00"}]}}
    assert line_samples(held_lines("invoice", twice), [(500, {}), (500, {})], "usd") == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ann@example.com", "an e-mail address"),
        ("mail to ann.lee@example.com please", "an e-mail address"),
        ("sk_test_1", "a key or token"),
        ("a8F3kk20dm29dkz02m", "a key or token"),
        ("0c6f1a9e-8a2b-4c7d-9e10-3f5a6b7c8d9e", "a key or token"),
        ("+49 (170) 123 45 67", "a number of a phone, a card or an account"),
        ("word " * 20, "a long text"),
        ("EMEA", None),
        ("Services : Onboarding 2026", None),
        ("net-30", None),
        ("4711", None),
        ("tokenless", None),
    ],
)
def test_values_that_may_be_personal_or_secret_are_not_shown(value, why):
    """The field is named, and what its value may be; no rule, evidence or table has it."""
    assert unsayable(value) == why
    told = suggest_fields("mapping.invoice", samples(12, custbody_contact=value), ())
    assert (len(told.rules), dict(told.unsaid)) == (
        (1, {}) if why is None else (0, {"mapping.invoice.header.custbody_contact": why})
    )
    named = suggested(samples(12, custbody_person={"id": "7", "refName": value}))
    assert named[0].rule == {"constant": 7, "reference": "id"}
    assert (value in named[0].evidence) is (why in (None, "a long text"))


def test_a_table_shows_values_that_repeat():
    """Not one whose rows may be personal; not a row that one document alone has; and not a list of everything."""
    mails = {"EMEA": "eu@example.com", "AMER": "us@example.com", "APAC": "ap@example.com"}
    told = suggest_fields("mapping.invoice", samples(12, custbody_desk=lambda n: mails[REGIONS[n % 3]]), ())
    assert (told.rules, list(told.unsaid.values())) == ([], ["an e-mail address"])

    def facts(found: list[Sample], values: list[str]) -> list[Sample]:
        return [Sample(each.fields, {"metadata.desk": value}) for each, value in zip(found, values, strict=True)]

    fields = samples(12, **{"class": lambda n: class_("Odd") if n % 2 else class_("Even")})
    rare = suggested(facts(fields, ["1" if n % 2 else "0" for n in range(11)] + ["Ann Lee"]))
    assert rare[0].table == {"class_by_desk": {"0": "Even", "1": "Odd"}}
    many = samples(120, **{"class": lambda n: class_("Odd") if n % 2 else class_("Even")})
    assert suggested(facts(many, [str(n % 30) for n in range(120)])) == []
    assert len(suggested(facts(many, [str(n % 20) for n in range(120)]))) == 1
