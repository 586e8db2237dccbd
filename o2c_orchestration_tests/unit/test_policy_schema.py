"""o2c.schema.json: an editor marks what would be refused at reading, and nothing that is taken."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.mapping_fields import FREE, MAPPED, metadata_of, paths_of
from o2c_orchestration.domain.policy_mapping import Mappings
from o2c_orchestration.policy_file import load_policy
from o2c_orchestration.policy_schema import schema
from o2c_orchestration_tests.unit.json_schema import editor_takes, takes

ROOT = Path(__file__).parents[2]
VALUES = (True, 0, 12, "12", " 12 ", "x", "X y", "2026-11-30", "en_US", "y" * 60, "", None)


def of_invoice(field: str) -> str:
    return f"mapping: {{invoice: {{header: {{{field}}}}}}}"


@pytest.mark.parametrize(
    "field",
    [
        "toBeEmailed: 'yes'",
        "toBeEmailed: 1",
        "toBeEmailed: {source: metadata.send, default: 'no'}",
        "toBeEmailed: [{constant: 'no', when: amount_minor > 1}, true]",
        "toBeEmailed: [{constant: true, when: amount_minor > 1}, 'no']",
        "dueDate: tomorrow",
        "dueDate: 20261130",
        "dueDate: {source: due_date, default: soon}",
        "otherRefNum: {source: numbr}",
        "class: {lookup: t, by: metadta.region}",
        "class: {lookup: t, by: line.price_id}",
        "class: {source: metadata.}",
        "class: [{source: numbr}]",
        "class: true",
        "custbody_x: {source: numbr}",
        f"otherRefNum: '{'x' * 46}'",
        "terms: Net 30",
        "fob: true",
        "clas: X",
        "customerMessage: 3",
    ],
)
def test_an_editor_marks_what_reading_refuses(field, tmp_path):
    """The line is red before anybody runs anything."""
    text = f"{of_invoice(field)[:-1]}, tables: {{t: {{a: b}}}}}}"
    path = tmp_path / "o2c.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"mapping\.invoice\.header"):
        load_policy(path)
    assert not editor_takes(text)


@pytest.mark.parametrize("value", ["1", "de DE!", "true", "[en_US, 1]", "{source: metadata.language, default: 4}"])
def test_an_editor_marks_what_is_no_word_of_netsuites(value):
    """Numbers stood there until NetSuite's REST API was looked at."""
    assert not editor_takes(f"mapping: {{customer: {{header: {{language: {value}}}}}}}")


def test_an_editor_marks_a_name_that_is_taken_away():
    """A customer keeps one."""
    assert not editor_takes("mapping: {customer: {header: {companyName: null}}}")
    assert editor_takes("mapping: {customer: {header: {companyName: {source: email}, phone: null}}}")


@pytest.mark.parametrize(
    "field",
    [
        "toBeEmailed: true",
        "toBeEmailed: [{constant: false, when: amount_minor > 1}, true]",
        "toBeEmailed: {lookup: t, by: metadata.send, default: false}",
        "toBeEmailed: null",
        "dueDate: 2026-11-30",
        "dueDate: '2026-11-30'",
        "dueDate: {source: due_date, default: 2026-11-30}",
        "dueDate: {expression: 'days_after(date, 30)'}",
        "otherRefNum: {source: subscription.metadata.po, missing: omit}",
        "terms: 3",
        "terms: {source: metadata.terms, default: '3'}",
        "class: [{constant: 7, when: amount_minor > 1}, Services]",
        "custbody_x: [{constant: 1, when: amount_minor > 1}, {source: metadata.x, default: 2026-11-30}]",
    ],
)
def test_an_editor_lets_stand_what_is_taken(field, tmp_path):
    """Every way to write a rule."""
    text = f"{of_invoice(field)[:-1]}, tables: {{t: {{a: true}}}}}}"
    path = tmp_path / "o2c.yaml"
    path.write_text(text)
    assert load_policy(path).mapping.tables
    assert editor_takes(text)


def pages() -> list[str]:
    found = [(ROOT / "o2c.yaml").read_text()]
    for page in sorted((ROOT / "docs").glob("*.md")):
        found += re.findall(r"^```yaml\n(mapping:.*?)```", page.read_text(), re.S | re.M)
    return found


def test_an_editor_lets_stand_what_is_shipped_and_shown():
    """o2c.yaml itself and the examples of the pages."""
    found = pages()
    assert len(found) > 8
    assert [text for text in found if not editor_takes(text)] == []


@pytest.mark.parametrize(("document", "level"), list(FREE))
def test_an_editor_marks_no_value_that_is_taken(document, level):
    """Each field with values of each kind, in each place where one may stand."""
    marked = []
    for field in (*FREE[document, level], "custbody_x", "custcol_x", "custentity_x"):
        for value in VALUES:
            for rule in (value, {"constant": value}, {"source": "id", "default": value}, [value]):
                mapping = {document: {level: {field: rule}}}
                try:
                    Mappings.model_validate(mapping)
                except ValidationError:
                    continue
                if not takes({"mapping": mapping}):
                    marked.append((field, rule))
    assert marked == []


def test_an_editor_completes_every_path():
    """Those that there are, by document and level; metadata by its beginning."""
    definitions = schema()["definitions"]
    for document, level in FREE:
        choices = definitions[f"path_{document}_{level}"]["anyOf"]
        assert choices[0] == {"enum": list(paths_of(document, level))}
        assert ("pattern" in choices[1]) is bool(metadata_of(document, level))
    assert {document for document, _ in FREE} == set(MAPPED)
