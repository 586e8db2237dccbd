"""o2c.yaml as files: all problems at once with their lines, several files in one, the schema that is shipped."""

import json
from pathlib import Path

import pytest

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.policy_file import COMPONENT, known_keys, load_policy
from o2c_orchestration.policy_schema import FILE_NAME, text

ROOT = Path(__file__).parents[2]


def error(folder: Path, **files: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(folder, **files)
    return caught.value


def load(folder: Path, **files: str) -> Policy:
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content)
    return load_policy(folder / "o2c.yaml")


def test_every_problem_is_told_at_once_with_its_line(tmp_path):
    """Whoever has made three mistakes corrects three, and does not run three times."""
    found = error(tmp_path, o2c="moed: sync\naccounts:\n  fess: X\nbooks:\n  start: someday\n")
    lines = str(found).splitlines()
    assert 4 == len(lines)
    assert "o2c.yaml:1: unknown setting 'moed'. Did you mean 'mode'?" in lines[1]
    assert "o2c.yaml:3: unknown setting 'accounts.fess'. Did you mean 'fees'?" in lines[2]
    assert "o2c.yaml:5: books.start" in lines[3]


def test_a_name_that_alerts_do_not_know_is_told_where_it_stands(tmp_path):
    """In a list, as a key, and in a route; with the nearest that there is."""
    lists = "  urgent: [paid_twce]\n  routes:\n    - {jobs: [janitr]}\n"
    alerts = f"alerts:\n  owners:\n    deals_holt: me@example.com\n{lists}"
    assert [line.strip().partition(": ")[2] for line in str(error(tmp_path, o2c=alerts)).splitlines()[1:]] == [
        "alerts.owners.deals_holt: 'deals_holt' is no kind of gap, asset check, job or leg: did you mean 'deals_hold'? "
        f"Correct alerts.owners.deals_holt in {tmp_path}/o2c.yaml",
        "alerts.urgent[1]: 'paid_twce' is no kind of gap, asset check or job: did you mean 'paid_twice'? "
        f"Correct alerts.urgent[1] in {tmp_path}/o2c.yaml",
        "alerts.routes[1].jobs[1]: 'janitr' is no job: did you mean 'janitor'? "
        f"Correct alerts.routes[1].jobs[1] in {tmp_path}/o2c.yaml",
    ]


@pytest.mark.parametrize("below", ["", "attributes:\n", "attributes: {}\n"])
def test_a_component_that_says_nothing_is_the_default(tmp_path, below):
    """As an empty o2c.yaml is."""
    assert load(tmp_path, o2c=f"type: {COMPONENT}\n{below}") == Policy()


def test_a_component_includes_other_files_and_its_lines_are_told(tmp_path):
    """What stands under its attributes is read as o2c.yaml is; another type is no file of ours."""
    head = f"type: {COMPONENT}\nattributes:\n  include: more.yaml\n"
    found = load(tmp_path, o2c=f"{head}  mode: sync\n", more="books: {start: 2026-03-01}\n")
    assert (found.mode, str(found.books.start)) == ("sync", "2026-03-01")
    twice = error(tmp_path, o2c=f"{head}  books:\n    start: 2026-01-01\n")
    assert "o2c.yaml:5: books.start is stated in" in twice.what
    assert "more.yaml:1 too" in twice.what
    assert "unknown setting 'type'" in str(error(tmp_path, o2c="type: other.Thing\nattributes: {}\n"))


def test_a_misspelt_key_of_a_component_is_not_the_default(tmp_path):
    """Else the commands would go by a policy that nobody has written."""
    wrong = error(tmp_path, o2c=f"type: {COMPONENT}\nattribute:\n  mode: sync\n")
    assert "o2c.yaml:2: unknown key 'attribute' of a component" in wrong.what
    assert wrong.what_to_do == "did you mean 'attributes'?"
    beside = error(tmp_path, o2c=f"type: {COMPONENT}\nattributes: {{}}\nmode: sync\n")
    assert ("o2c.yaml:3: unknown key 'mode'" in beside.what, "under attributes" in beside.what_to_do) == (True, True)


def test_one_problem_is_one_line_with_its_place(tmp_path):
    """As before, and with the line."""
    found = error(tmp_path, o2c="items:\n  prices: {}\n  defualt: X\n")
    assert "o2c.yaml:3: unknown setting 'items.defualt'" in found.what
    assert "did you mean 'default'?" == found.what_to_do


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("clas: X", "did you mean class?"),
        ("externalId: X", "it would be written twice"),
        ("tranDate: null", "Stripe's date"),
        ("memo: {source: number}", "custom field of your own"),
        ("custcol_x: 1", "begin with custbody"),
        ("custBody_x: 1", "small letters"),
        ("discountRate: 10", "change the total"),
        ("class: {sorce: number}", "id you mean 'source'?"),
        ("class: {source: nubmer}", "did you mean number?"),
        ("class: {source: line.price_id}", "invoice.header can read"),
        ("class: {source: metadata.}", "can read"),
        ("class: {source: number, constant: 1}", "this one has source and constant"),
        ("class: {}", "this one has none"),
        ("class: {lookup: t}", "lookup and by go together"),
        ("class: {lookup: t, by: number}", "there is no table tables.t"),
        ("class: []", "has no rule"),
        ("class: [{constant: A}, {constant: B}]", "never reached"),
        ("class: {constant: A, default: B}", "never missing"),
        ("class: {source: number, default: B, missing: omit}", "two different things"),
        ("class: {constant: A, reference: location}", "takes no location"),
        ("dueDate: tomorrow", "is no date such as"),
        ("toBeEmailed: 'yes'", "neither true nor false"),
        ("otherRefNum: {constant: 1, reference: id}", "plain value"),
        ("class: {constant: A, reference: customlist_x}", "takes no customlist_x"),
        ("custbody_x: {constant: A, reference: list_of_regions}", "script id of a list"),
        ("custbody_x: {constant: A, reference: CustomList_X}", "in small letters"),
        ("custbody_x: {constant: A, reference: 'customlist_x; DROP'}", "script id of a list"),
        ("class: 1.5", "in quotes"),
        ("class: {expression: amount_minor * 1.5}", "no decimals"),
        ("class: {expression: open('/etc/passwd')}", "there is no function open"),
        ("class: {expression: number.__class__}", "can read"),
        ("class: {expression: uper(number)}", "did you mean upper?"),
        ("class: {expression: 'upper(number, 2)'}", "upper(text)"),
        ("class: {expression: '[x for x in number]'}", "is none of"),
        ("class: {expression: 'lambda: 1'}", "is none of"),
        ("class: {constant: A, when: amount_minor >}", "not understood"),
        ("class: {constant: A, when: amount > 3}", "did you mean"),
        ("class: {expression: 2 ** 99999}", "only"),
        ("class: {expression: 'number[0]'}", "is none of"),
        ("class: {expression: \"f'{number}'\"}", "is none of"),
        ("dueDate: '2026-11-31'", "'2026-11-31' is no date such as"),
        ("dueDate: 2026-11-30 12:00:00", "a date is written without a time"),
        ("dueDate: {source: due_date, default: soon}", "'soon' is no date"),
        ("toBeEmailed: {source: metadata.send, default: 1}", "1 is neither true nor false"),
        (f"otherRefNum: {'x' * 46}", "longer than the 45 characters"),
        (f"otherRefNum: {{source: number, default: {'x' * 46}}}", "longer than the 45 characters"),
        ("message: true", "True is no text"),
        ("terms: Net 30", "'Net 30' is no internal id"),
        ("terms: {source: metadata.terms, default: 0}", "0 is no internal id"),
        ("class: true", "is no record's name"),
        ("custbody_x: {constant: Net 30, reference: id}", "'Net 30' is no internal id"),
        ("class: ''", "null takes a field away"),
        ("class: {constant: [A]}", "is text, a whole number, true, false or a date"),
        ("class: [null]", "is a value (text, a whole number"),
        ("customerMessage: 3", "NetSuite's REST API calls it messageSel"),
    ],
)
def test_a_wrong_rule_is_refused_at_reading(tmp_path, yaml, words):
    """Each with its line, the field and the reason; nothing of it waits for a document to fail."""
    found = error(tmp_path, o2c=f"mapping:\n  invoice:\n    header:\n      {yaml}\n")
    assert words in str(found)
    assert "mapping.invoice.header" in str(found)
    assert "o2c.yaml:4" in str(found)


@pytest.mark.parametrize(
    ("document", "level", "field", "words"),
    [
        ("payment", "header", "toBePrinted", "a payment has toBeEmailed"),
        ("refund", "header", "TOBEEMAILED", "a refund has toBePrinted"),
        ("credit_memo", "header", "fob", "not on credit memos"),
        ("credit_memo", "header", "customerMessage", "messageSel"),
        ("journal_entry", "lines", "refNum", "NetSuite has it on lines of deposits"),
        ("deposit", "lines", "fob", "custom fields begin with custcol"),
    ],
)
def test_a_field_that_was_one_is_told_with_what_is_right(tmp_path, document, level, field, words):
    """The nearest name is another field: messageSel is not like customerMessage."""
    found = error(tmp_path, o2c=f"mapping: {{{document}: {{{level}: {{{field}: 1}}}}}}")
    assert words in str(found)
    assert "did you mean" not in str(found)


@pytest.mark.parametrize("field", ["language", "emailPreference"])
def test_a_word_of_netsuites_own_names_no_record(tmp_path, field):
    """It stands where an id does, and is none."""
    rule = "{source: metadata.language, reference: id}"
    found = error(tmp_path, o2c=f"mapping: {{customer: {{header: {{{field}: {rule}}}}}}}")
    assert "takes a plain value, and no reference to a record" in found.what


@pytest.mark.parametrize("value", ["1", "true", "de DE!", "{source: metadata.language, default: 7}"])
@pytest.mark.parametrize("field", ["language", "emailPreference"])
def test_a_word_of_netsuites_own_is_no_number(tmp_path, field, value):
    """An earlier version took internal ids there."""
    found = error(tmp_path, o2c=f"mapping: {{customer: {{header: {{{field}: {value}}}}}}}")
    assert "is none of NetSuite's words, such as en_US or PDF" in found.what
    good = load(tmp_path, o2c=f"mapping: {{customer: {{header: {{{field}: en_US}}}}}}")
    assert "en_US" == good.mapping.customer.header[field][0].constant


def test_a_date_needs_no_quotes(tmp_path):
    """YAML reads a date, a person means what is written: alone, in rules, in lists and in tables."""
    rules = "[{constant: 2026-11-30, when: amount_minor > 1}, {lookup: t, by: metadata.x, default: 2026-11-29}]"
    fields = f"{{dueDate: 2026-11-28, shipDate: {rules}}}"
    made = load(tmp_path, o2c=f"mapping: {{tables: {{t: {{2026-01-01: 2026-01-02}}}}, invoice: {{header: {fields}}}}}")
    header = made.mapping.invoice.header
    assert "2026-11-28" == header["dueDate"][0].constant
    assert ("2026-11-30", "2026-11-29") == (header["shipDate"][0].constant, header["shipDate"][1].default)
    assert {"t": {"2026-01-01": "2026-01-02"}} == made.mapping.tables


def test_a_row_that_its_field_does_not_take_is_told_where_it_stands(tmp_path):
    """Each row, with the field that looks it up; one that is empty is no value."""
    table = "mapping:\n  tables:\n    t:\n      EU: maybe\n      US: true\n      CH: 7\n      UK: ''\n"
    found = error(tmp_path, o2c=f"{table}  invoice: {{header: {{toBeEmailed: {{lookup: t, by: metadata.region}}}}}}\n")
    first, second = str(found).splitlines()[1:]
    assert "o2c.yaml:4: mapping.tables.t.EU: 'maybe' is neither true nor false" in first
    assert "mapping.invoice.header.toBeEmailed looks it up" in first
    assert "o2c.yaml:6: mapping.tables.t.CH: 7 is neither" in second
    rule = "{lookup: t, by: metadata.region}"
    assert load(tmp_path, o2c=f"{table}  invoice: {{header: {{otherRefNum: null, class: null, custbody_x: {rule}}}}}")


@pytest.mark.parametrize(
    ("field", "row", "words"),
    [
        ("dueDate", "soon", "no date"),
        ("terms", "Net 30", "no internal id"),
        ("otherRefNum", "x" * 46, "longer than the 45"),
        ("message", "true", "no text"),
    ],
)
def test_rows_are_held_to_every_kind(tmp_path, field, row, words):
    """As constants are."""
    rule = f"{{header: {{{field}: {{lookup: t, by: metadata.region}}}}}}"
    assert words in error(tmp_path, o2c=f"mapping: {{tables: {{t: {{EU: {row}}}}}, invoice: {rule}}}").what


def test_a_row_is_told_once_where_its_table_stands(tmp_path):
    """The company's tables are those of its entities too; one that an entity has itself is told there."""
    rule = "invoice: {header: {toBeEmailed: {lookup: t, by: metadata.region}}}"
    company = f"mapping:\n  tables: {{t: {{EU: maybe}}}}\n  {rule}\n"
    entity = "entities:\n  acct_1:\n    name: GmbH\n"
    assert "o2c.yaml:2: mapping.tables.t.EU" in error(tmp_path, o2c=company + entity).what
    sound = company.replace("maybe", "true")
    own = error(tmp_path, o2c=f"{sound}{entity}    mapping: {{tables: {{t: {{EU: maybe}}}}}}\n")
    assert "o2c.yaml:7: entities.acct_1.mapping.tables.t.EU" in own.what
    rules = error(tmp_path, o2c=f"mapping: {{tables: {{t: {{EU: maybe}}}}}}\n{entity}    mapping: {{{rule}}}\n")
    assert "o2c.yaml:1: mapping.tables.t.EU" in rules.what


def test_customers_keep_their_name(tmp_path):
    """What NetSuite wants may come from elsewhere, and not be taken away."""
    assert "cannot be taken away" in str(error(tmp_path, o2c="mapping: {customer: {header: {companyName: null}}}"))


def test_a_field_that_revenue_writes_is_not_mapped_too(tmp_path):
    """Two settings for one field: neither beats the other."""
    revenue = "revenue: {start_field: custcol_a, end_field: custcol_b}\n"
    found = error(tmp_path, o2c=revenue + "mapping: {invoice: {lines: {custcol_a: x}}}")
    assert "revenue writes this field already" in str(found)


def test_a_field_is_told_by_what_it_is_in_the_entity_that_says_it(tmp_path):
    """A table that only the entity names."""
    own = "mapping: {invoice: {header: {class: {lookup: t, by: number}}}}"
    found = error(tmp_path, o2c=f"entities:\n  acct_1:\n    name: GmbH\n    {own}\n")
    assert "entities.acct_1.mapping.invoice.header.class: there is no table" in str(found)


def test_several_files_are_one(tmp_path):
    """Maps go into each other; what is left out stays the default."""
    policy = load(
        tmp_path,
        o2c="include: [items.yaml, mapping.yaml]\nitems: {default: Seats}\n",
        items="items: {prices: {price_1: A}}\n",
        mapping="mapping: {invoice: {header: {class: X}}}\n",
    )
    assert ("Seats", {"price_1": "A"}) == (policy.items.default, policy.items.prices)
    assert "X" == policy.mapping.invoice.header["class"][0].constant


def test_what_two_files_state_is_refused_with_both_places(tmp_path):
    """Which of them counts is not guessed, even if they agree."""
    found = error(tmp_path, o2c="include: a.yaml\nitems:\n  default: X\n", a="items:\n  default: X\n")
    assert "o2c.yaml:3: items.default is stated in" in str(found)
    assert "a.yaml:2" in str(found)


def test_a_key_that_one_file_states_twice_is_refused(tmp_path):
    """YAML would take the last and say nothing."""
    found = error(tmp_path, o2c="items:\n  default: X\n  tax: Y\n  default: Z\n")
    assert "o2c.yaml:4: items.default stands there twice, first in" in str(found)
    assert ":2" in str(found)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"o2c": "include: b.yaml"}, "b.yaml does not exist"),
        ({"o2c": "include: b.yaml", "b": "include: o2c.yaml"}, "includes this file"),
        ({"o2c": "include: o2c.yaml"}, "includes this file"),
        ({"o2c": "include: [1]"}, "file name"),
        ({"o2c": "include: b.yaml", "b": "itms: {}"}, "b.yaml:1: unknown setting 'itms'"),
        ({"o2c": "include: b.yaml", "b": "- a"}, "stated in"),
    ],
)
def test_an_include_that_cannot_be_is_told(tmp_path, files, words):
    """A file that is not there, one that includes itself, one that is wrong itself."""
    assert words in str(error(tmp_path, **files))


def test_a_file_that_two_others_include_is_read_once(tmp_path):
    """Its keys are stated once."""
    policy = load(tmp_path, o2c="include: [a.yaml, b.yaml]", a="include: c.yaml", b="include: c.yaml", c="owner: me")
    assert "me" == policy.owner


def test_aliases_and_merges_of_yaml_work(tmp_path):
    """Anchors are how people say a thing once."""
    yaml = "mapping:\n  invoice: &same {header: {class: A}}\n  credit_memo: *same\n"
    assert "A" == load(tmp_path, o2c=yaml).mapping.credit_memo.header["class"][0].constant
    deep = "a: &a [1]\nb: &b [*a, *a]\n"
    assert "unknown setting 'a'" in str(error(tmp_path, o2c=deep))


def test_the_keys_below_any_key_are_known():
    """Also through entities, aliases and rules."""
    assert "global" in known_keys(("customers",))
    assert "bank" in known_keys(("entities", "acct_1", "accounts"))
    assert "source" in known_keys(("mapping", "invoice", "header", "class", 0))
    assert "include" in known_keys(())


def test_the_schema_that_is_shipped_is_that_of_the_code():
    """Made anew with: o2c mapping schema > o2c.schema.json"""
    assert (ROOT / FILE_NAME).read_text() == text()


def test_the_schema_knows_fields_and_refuses_others():
    """An editor completes `class` and underlines `clas`; custom fields go by how they begin."""
    found = json.loads(text())
    header = found["definitions"]["mapping_invoice"]["properties"]["header"]
    assert "class" in header["properties"]
    assert header["additionalProperties"] is False
    assert ["^custbody[a-z0-9_]*$"] == list(header["patternProperties"])
    assert "externalId" not in header["properties"]
    assert "include" in found["properties"]
    assert found["additionalProperties"] is False


def test_the_shipped_file_names_the_schema_for_editors():
    """The first line is what a YAML language server reads."""
    assert f"# yaml-language-server: $schema={FILE_NAME}" == (ROOT / "o2c.yaml").read_text().splitlines()[0]
