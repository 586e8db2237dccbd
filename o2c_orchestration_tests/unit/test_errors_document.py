"""docs/errors.md has an entry for each error that can be named, and none for what is no longer there."""

import ast
import json
import re
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import o2c_orchestration
from o2c_orchestration.cli import app
from o2c_orchestration.clients._http import Answer
from o2c_orchestration.clients.netsuite_errors import refusal
from o2c_orchestration.clients.salesforce_errors import DAILY_LIMIT
from o2c_orchestration.clients.salesforce_errors import classify as classify_salesforce
from o2c_orchestration.clients.salesforce_write import LOCKED
from o2c_orchestration.clients.stripe_read import classify
from o2c_orchestration.console.explain import DOCUMENT, Entry, letter_topic, look_up, read_entries
from o2c_orchestration.domain import errors
from o2c_orchestration.domain.errors import CATEGORIES, O2CError
from o2c_orchestration.domain.topics import SALESFORCE_DAILY, line_of, topic_of

NOW = datetime(2026, 11, 2, tzinfo=UTC)
PACKAGE = Path(o2c_orchestration.__file__).parent
CODE = re.compile(r"[A-Z][A-Z]*(_[A-Z]+)*")
# Constants that look like codes and are none: PostgreSQL's machine, SQLAlchemy's word, Unicode.
NO_CODES = {"SC_PAGE_SIZE", "SC_PHYS_PAGES", "AUTOCOMMIT", "NFKD", "UTC"}
PLACES = ("plan", "domain", "store", "validate", "apply", "reconcile")
SYSTEMS = {"stripe": ("login", "permission", "missing", "rate_limit", "trouble", "refused"),
           "salesforce": ("login", "permission", "missing", "rate_limit", "trouble", "refused")}  # fmt: skip
# The connector's own list, as its documentation has it.
_LISTED = """
bank_deposit_account_missing inventorying_waiting_on_child_records missing_netsuite_account_mapping
payout_currency_account_missing subsidary_not_found_likely_permission_issue subsidary_search_failed
undep_funds_account_fetch_error undep_funds_account_not_found transient_netsuite_error
validating_waiting_on_child_records already_deposited deleted_netsuite_record duplicate_netsuite_record_in_payout
invalid_subsidiary undep_funds_account_mismatch unequal_amounts deposit_search_failed unexpected_breakage_error
unexpected_subsidiary_initialization_error multiple_successful_translations_found scn_account_disabled scn_amount_due
scn_amount_too_large scn_amount_too_small scn_currency_not_found scn_duplicate_key scn_invalid_argument
scn_invalid_customer_record scn_invalid_internal_id scn_link_invalidated_by_merchant scn_minimum_balance_not_met
scn_no_payable_balance scn_no_resource_lock scn_ns_concurrent_request_limit_exceeded scn_ns_insufficient_permission
scn_ns_invalid_login_attempt scn_ns_record_changed scn_ns_record_validation_error scn_recent_payment_found
scn_record_not_found scn_unsupported_record_type"""
CONNECTOR = _LISTED.split()


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return read_entries()


def _sources(*places: str) -> list[ast.Module]:
    found = [path for place in places for path in (PACKAGE / place).rglob("*.py")]
    return [ast.parse(path.read_text()) for path in found if "sandbox" not in path.parts]


@cache
def codes() -> set[str]:
    """Every constant of the stages that reads like a code; docstrings do not."""
    constants = (node.value for tree in _sources(*PLACES) for node in ast.walk(tree) if isinstance(node, ast.Constant))
    words = {text for text in constants if isinstance(text, str) and len(text) > 3 and CODE.fullmatch(text)}
    return words - NO_CODES


@cache
def classes() -> set[str]:
    """Every class that is an O2CError, wherever it is defined."""
    found = {node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
             for tree in _sources("") for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}  # fmt: skip
    known, before = {O2CError.__name__}, set[str]()
    while known != before:
        before = set(known)
        known |= {name for name, bases in found.items() if known & set(bases)}
    return known


def salesforce_codes() -> set[str]:
    return {*LOCKED, DAILY_LIMIT}


def refusals() -> set[str]:
    words = {f"{system}_{word}" for system, kinds in SYSTEMS.items() for word in kinds}
    return {*CATEGORIES, *words, *salesforce_codes(), "lock_timeout"}


def test_the_lists_are_not_empty() -> None:
    """A search that finds nothing would prove nothing."""
    assert {"ITEM_UNMAPPED", "OUTCOME_UNKNOWN", "MAYBE_KNOWN", "REFERENCE_MISSING"} <= codes()
    assert {"Refused", "WriterBusy", "TooManyRows"} <= classes()
    assert {each.__name__ for each in vars(errors).values() if isinstance(each, type)} >= {"Refused"}


def test_every_error_has_an_entry(entries: dict[str, Entry]) -> None:
    """Classes, kinds of refusals, codes."""
    assert {*codes(), *classes(), *refusals()} - entries.keys() == set()


def test_no_entry_is_about_what_is_no_longer_there(entries: dict[str, Entry]) -> None:
    """All that has a heading is there; the connector's codes have rows."""
    headed = {name for name, entry in entries.items() if not entry.part.startswith("Codes of Stripe's connector")}
    assert headed - {*codes(), *classes(), *refusals()} == set()


def test_each_entry_says_what_one_sees_why_and_who_does_what(entries: dict[str, Entry]) -> None:
    """All four parts, none of them empty."""
    for name, entry in entries.items():
        if not entry.part.startswith("Codes of Stripe's connector"):
            parts = re.findall(r"^- \*\*(.+?):\*\* \S", entry.text, flags=re.MULTILINE)
            assert parts == ["You see", "Cause", "By itself", "You"], name


def test_every_code_of_the_connector_is_covered(entries: dict[str, Entry]) -> None:
    """By one of ours that has an entry, or with the reason why it cannot happen."""
    for code in CONNECTOR:
        text = entries[code].text
        assert text.startswith("here: ") or "no equivalent; " in text, code
        named = re.findall(r"`([a-z_]+)`|\b([A-Z][A-Z_]{3,}|[A-Z][a-z]+[A-Z]\w+)\b", text.partition(";")[0])
        ours = {one or other for one, other in named} - {"NetSuite", "payment_mismatch"}
        assert ours <= entries.keys(), code
        assert text.startswith("here: ") == bool(ours), code


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("code", ["", "lock_timeout", "parameter_unknown"])
def test_whatever_stripe_says_has_an_entry(entries: dict[str, Entry], status: int, code: str) -> None:
    """Each status, with each kind of code."""
    body = b'{"error": {"code": "%s", "message": "no"}}' % code.encode()
    error = classify(Answer(status, {}, body, asked_at=NOW), "/v1/x", "sk", "STRIPE_API_KEY")
    assert topic_of(error) in entries
    assert line_of(error).endswith(f"(o2c explain {topic_of(error)})")


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
@pytest.mark.parametrize("code", ["", DAILY_LIMIT, "UNABLE_TO_LOCK_ROW", "INVALID_FIELD"])
def test_whatever_salesforce_says_has_an_entry(entries: dict[str, Entry], status: int, code: str) -> None:
    """Each status, with each kind of code."""
    from simple_salesforce.exceptions import SalesforceError

    content = [{"errorCode": code, "message": "no"}] if code else "no"
    assert topic_of(classify_salesforce(SalesforceError("url", status, "x", content), [])) in entries
    assert SALESFORCE_DAILY == DAILY_LIMIT


def test_a_refusal_of_netsuite_is_told_by_its_kind() -> None:
    """The line ends with the short way to the entry; settings say all in their line."""
    body = b'{"o:errorDetails": [{"detail": "This record already exists.", "o:errorCode": "USER_ERROR"}]}'
    refused = refusal(400, body, "create invoice in_1")
    assert refused is not None
    assert line_of(refused).endswith("(o2c explain duplicate)")
    assert line_of(errors.SettingsError("x is wrong", "set it")) == "x is wrong. Set it"


def test_a_dead_letter_points_to_its_entry(entries: dict[str, Entry]) -> None:
    """Our own codes as they are, NetSuite's by their words, Stripe's together."""
    assert letter_topic("OUTCOME_UNKNOWN", "no answer") == "OUTCOME_UNKNOWN"
    assert letter_topic("USER_ERROR", "Please enter value(s) for: Location.") == "missing_field"
    assert letter_topic("resource_missing", "No such price", "stripe:invoice:006x") == "stripe_refused"
    assert letter_topic(None, None) is None


def test_a_name_is_found_in_any_case(entries: dict[str, Entry]) -> None:
    """Exactly as it is, or else whatever differs in case alone: `currency` is NetSuite's, `CURRENCY` ours."""
    assert [each.name for each in look_up(entries, "currency")] == ["currency"]
    assert [each.name for each in look_up(entries, "CURRENCY")] == ["CURRENCY"]
    assert {each.name for each in look_up(entries, "Currency")} == {"currency", "CURRENCY"}
    assert look_up(entries, "nothing") == []


def test_the_command_prints_an_entry_or_the_nearest_name() -> None:
    """Exit 0 with the entry; exit 1 with the name that was probably meant."""
    runner = CliRunner()
    told = runner.invoke(app, ["explain", "closed_period"])
    assert (told.exit_code, "Cause" in told.output) == (0, True)
    assert json.loads(runner.invoke(app, ["explain", "ITEM_UNMAPPED", "--json"]).stdout)[0]["name"] == "ITEM_UNMAPPED"
    unknown = runner.invoke(app, ["explain", "closed_periode"])
    assert (unknown.exit_code, "Did you mean closed_period?" in unknown.output) == (1, True)


def test_the_document_is_shipped() -> None:
    """Without the checkout the package has it, where `deployed_file` looks."""
    shipped = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())
    included = shipped["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included[DOCUMENT] == f"o2c_orchestration/deploy/{DOCUMENT}"
