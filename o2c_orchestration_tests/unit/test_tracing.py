"""What spans may say of an address, when they are made at all, and where settings have them sent."""

import subprocess
import sys

import pytest

from o2c_orchestration import tracing
from o2c_orchestration.clients.routes import route
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.e2e.cli_fixtures import environment

BASE, TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
NETSUITE, SALESFORCE = "https://1.suitetalk.api.netsuite.com/services/rest", "https://acme.my.salesforce.com/services"


@pytest.mark.parametrize(
    ("url", "system", "path"),
    [
        ("https://api.stripe.com/v1/invoices?customer=cus_1", "stripe", "/v1/invoices"),
        ("https://api.stripe.com/v1/invoices/in_1/lines/il_2?limit=3", "stripe", "/v1/invoices/{id}/lines/{id}"),
        ("https://api.stripe.com/v1/coupons/JaneDoe", "stripe", "/v1/coupons/{id}"),
        ("https://api.stripe.com/v1/invoices/search?query=x", "stripe", "/v1/invoices/search"),
        (f"{NETSUITE}/record/v1/invoice/eid:in_1?replace=item", "netsuite", "/services/rest/record/v1/invoice/{id}"),
        (
            f"{NETSUITE}/record/v1/invoice/12/!transform/customerPayment",
            "netsuite",
            "/services/rest/record/v1/invoice/{id}/!transform/{id}",
        ),
        (f"{NETSUITE}/query/v1/suiteql?limit=5", "netsuite", "/services/rest/query/v1/suiteql"),
        (f"{NETSUITE}/auth/oauth2/v1/token", "netsuite", "/services/rest/auth/oauth2/v1/token"),
        (f"{SALESFORCE}/data/v63.0/query/?q=SELECT+Id", "salesforce", "/services/data/v63.0/query"),
        (f"{SALESFORCE}/data/v63.0/query/01gD0-2000", "salesforce", "/services/data/v63.0/query/{id}"),
        (f"{SALESFORCE}/data/v63.0/sobjects/Account/001A", "salesforce", "/services/data/v63.0/sobjects/Account/{id}"),
        (
            f"{SALESFORCE}/data/v63.0/composite/sobjects/Opportunity/Key__c",
            "salesforce",
            "/services/data/v63.0/composite/sobjects/Opportunity/Key__c",
        ),
        (f"{SALESFORCE}/oauth2/token", "salesforce", "/services/oauth2/token"),
        ("https://api.stripe.com/in_1", "unknown", "{id}"),
    ],
)
def test_a_route_names_neither_host_nor_id_nor_value(url: str, system: str, path: str):
    """Whatever stands where an id may stand is left out, also where it is a word."""
    assert route(url) == (system, path)


def test_traces_are_off_unless_somebody_names_a_collector():
    """No variable, no collector; and the standard's own switch turns it off again."""
    for nothing in ({}, {BASE: "", TRACES: ""}):
        with environment(nothing):
            assert load_settings().collector is None
    with environment({BASE: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}):
        assert load_settings().collector is None


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({BASE: "http://127.0.0.1:4318/"}, "http://127.0.0.1:4318/v1/traces"),
        ({TRACES: "", BASE: "http://127.0.0.1:4318"}, "http://127.0.0.1:4318/v1/traces"),
        ({TRACES: "https://c.example/own"}, "https://c.example/own"),
        ({TRACES: "https://c.example/own", BASE: "http://127.0.0.1:4318"}, "https://c.example/own"),
    ],
)
def test_the_address_is_made_as_the_standard_says(variables: dict[str, str], address: str):
    """The general one is added to, the one for traces is taken as it is and goes first."""
    with environment({**variables, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b,x=1"}):
        found = load_settings().collector
    assert found is not None
    assert (found.endpoint, found.headers) == (address, {"api-key": "a b", "x": "1"})
    assert address not in repr(found)
    assert "a b" not in repr(found)


@pytest.mark.parametrize(
    "variables",
    [
        {BASE: "collector:4318"},
        {BASE: "https://user:hunter2@c.example"},
        {BASE: "http://c.example:4318", "OTEL_EXPORTER_OTLP_HEADERS": "api-key=hunter2"},
        {BASE: "https://c.example", "OTEL_EXPORTER_OTLP_HEADERS": "hunter2"},
    ],
)
def test_what_is_no_address_or_would_show_a_key_is_refused(variables: dict[str, str]):
    """In one line that says what to do, and that repeats nothing of it."""
    with environment(variables), pytest.raises(SettingsError) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)


def test_off_means_that_nothing_is_loaded():
    """OpenTelemetry takes a part of a second to load: only who asked for traces waits for it."""
    look = (
        "import sys, o2c_orchestration.cli, o2c_orchestration.definitions\nfrom o2c_orchestration import tracing\n"
        "with tracing.span('x', about='in_1') as span: span.say('a', 1)\n"
        "tracing.happened('page /o2c/gaps', 0.1, {}, None)\n"
        "tracing.start(None); tracing.flush(); tracing.stop(); assert tracing.carried(print) is print\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_what_opentelemetry_does_not_take_stops_nobody():
    """Its own settings are its own: a wrong one turns traces off, and the process goes on."""
    with environment({"OTEL_BSP_MAX_QUEUE_SIZE": "-1"}):
        tracing.start(tracing.Collector("http://127.0.0.1:9/v1/traces"))
    assert not tracing.is_on()
