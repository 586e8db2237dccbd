"""Gaps and traces in a browser: what is stored, escaped, and nothing that could change it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import requests
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.domain.errors import UnreachableError
from o2c_orchestration.store.database import go_back, open_database, open_to_read, raw_cursor
from o2c_orchestration.web.pages import Pages, trace_link
from o2c_orchestration.web.watched import Watched
from o2c_orchestration_tests.alerts.wire import gap
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.test_receiver import figures, metrics, serving
from o2c_orchestration_tests.integration_store.builders import accept

HOSTILE = "in_<script>alert(1)</script>&"


@pytest.fixture
def url(engine: Engine) -> Iterator[str]:
    with serving(Pages(lambda: engine)) as base:
        yield base


def rows(page: requests.Response) -> list[list[str]]:
    """The cells of each row, without markup."""
    found = [
        re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)
    ]
    return [[" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in row] for row in found if row]


def test_an_object_is_followed(url: str, engine: Engine) -> None:
    """Its open gaps and every step, each id a link to its own page."""
    accept(engine, "invoices", {"id": "in_1", "total_minor": 1000})
    gap(engine, "in_1")
    page = requests.get(f"{url}/o2c/trace/in_1", timeout=20)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    found = rows(page)
    assert found[0][1:3] == ["missing_in_netsuite", "100.00 USD"]
    assert {row[2] for row in found[1:]} == {"in_1"}
    assert "reconcile" in {row[1] for row in found[1:]}
    assert 'href="/o2c/trace/in_1"' in page.text


def test_what_nobody_knows_is_not_found(url: str) -> None:
    """It says what to do, and does not look for what can be no id."""
    page = requests.get(f"{url}/o2c/trace/in_none", timeout=20)
    assert page.status_code == 404
    assert "Run the days it was created on" in page.text
    for path in ("", "x" * 300, "a%00b", "%0a"):
        assert requests.get(f"{url}/o2c/trace/{path}", timeout=20).status_code == 404, path


def test_open_gaps_are_listed_with_their_sums(url: str, engine: Engine) -> None:
    """As `o2c gaps` lists them; resolved ones are not among them."""
    assert "the systems agree" in requests.get(f"{url}/o2c/gaps", timeout=20).text
    gap(engine, "in_1", 123_456)
    gap(engine, "ch_1", 5, "payment_missing")
    with raw_cursor(engine) as cursor:
        cursor.execute("UPDATE o2c.gaps SET state = 'resolved', resolved_at = now() WHERE stripe_id = 'ch_1'")
    found = rows(requests.get(f"{url}/o2c", timeout=20))
    assert found[0] == ["missing_in_netsuite", "1", "1,234.56 USD"]
    assert [row[1:3] for row in found[1:]] == [["missing_in_netsuite", "1,234.56 USD"]]
    assert "replica" not in requests.get(f"{url}/o2c/gaps", timeout=20).text, "nobody has named one"


def test_what_systems_say_is_never_markup(url: str, engine: Engine) -> None:
    """Ids, reasons: escaped in text and in links; and if not, a browser would run nothing."""
    gap(engine, HOSTILE)
    for path in ("/o2c/gaps", trace_link(HOSTILE)):
        page = requests.get(url + path, timeout=20)
        assert "<script" not in page.text.lower(), path
        assert "&lt;script&gt;" in page.text
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'nonce-")
        assert "script-src" not in policy
        assert (page.headers["cache-control"], page.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_nothing_can_be_sent(url: str) -> None:
    """There is nothing but reading."""
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert requests.request(method, f"{url}/o2c/gaps", timeout=20).status_code == 405
    assert requests.get(f"{url}/healthz", timeout=20).json() == {"status": "up"}


def test_without_a_database_it_says_so() -> None:
    """And no word of where the database is."""

    def nowhere() -> Engine:
        raise UnreachableError("no answer from postgresql://canary:secret@db", "start it", system="database")

    with serving(Pages(nowhere)) as url:
        before = figures(metrics(url))
        page = requests.get(f"{url}/o2c/gaps", timeout=20)
        found = figures(metrics(url))
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "canary" not in page.text
    # What first appeared with a 1 would be no increase, and no alarm.
    assert before["o2c_page_requests_total", ("/o2c/gaps", "503")] == 0
    assert found["o2c_page_requests_total", ("/o2c/gaps", "503")] == 1
    assert found["o2c_page_failures_total", ("UnreachableError",)] == 1
    assert found["o2c_page_reads_total", ("database",)] == 0


def test_metrics_tell_requests_by_route_and_never_by_path(url: str, engine: Engine) -> None:
    """Prometheus can read it: status, time, and nothing of what somebody looked for."""
    gap(engine, "in_of_jane")
    for path in ("/o2c/gaps", "/o2c/trace/in_of_jane", "/o2c/trace/jane@doe.example", "/o2c", "/doe", "/healthz"):
        requests.get(url + path, timeout=20, allow_redirects=False)
    requests.post(f"{url}/o2c/gaps", timeout=20)
    told = metrics(url)
    found = figures(told)
    assert {key: value for (name, key), value in found.items() if name == "o2c_page_requests_total" and value} == {
        ("/o2c", "307"): 1,
        ("/o2c/gaps", "200"): 1,
        ("/o2c/gaps", "405"): 1,
        ("/o2c/trace/{key}", "200"): 1,
        ("/o2c/trace/{key}", "404"): 1,
        ("/healthz", "200"): 1,
        ("other", "404"): 1,
    }
    assert found["o2c_page_seconds_count", ("/o2c/trace/{key}",)] == 2
    assert 0 < found["o2c_page_seconds_sum", ("/o2c/trace/{key}",)] < 20
    assert (found["o2c_page_reads_total", ("database",)], found["o2c_page_reads_total", ("replica",)]) == (3, 0)
    assert "jane" not in told
    assert "doe" not in told


def test_an_error_that_nobody_expected_is_told_as_one() -> None:
    """With the pattern of its route, although nobody answered."""

    async def broken(request: Request) -> Response:
        raise RuntimeError

    told = list[tuple[str, int]]()
    routes = [Route("/o2c/{key:path}", broken)]
    watched = Middleware(Watched, routes=routes, tell=lambda route, status, *_: told.append((route, status)))
    app = Starlette(routes=routes, middleware=[watched])
    with serving(SimpleNamespace(application=lambda: app)) as url:
        assert requests.get(f"{url}/o2c/jane", timeout=20).status_code == 500
    assert told == [("/o2c/{key}", 500)]


def test_pages_migrate_nothing_and_write_nothing(new_database: NewDatabase) -> None:
    """Somebody who takes the schema back finds it as he left it, and no session of a page can write."""
    with new_database() as url:
        go_back(url, "0030")
        with pytest.raises(UnreachableError, match="not this version's schema"):
            open_to_read(url)
        assert go_back(url, "0030") == ("0030", "0030")
        open_database(url).dispose()
        engine = open_to_read(url)
        with raw_cursor(engine) as cursor, pytest.raises(ReadOnlySqlTransaction):
            cursor.execute("DELETE FROM o2c.gaps")
        with serving(Pages(lambda: engine)) as base:
            assert requests.get(f"{base}/o2c/gaps", timeout=20).status_code == 200
            assert requests.get(f"{base}/o2c/trace/in_1", timeout=20).status_code == 404
        engine.dispose()


def test_times_are_utc(url: str, engine: Engine) -> None:
    """As the terminal shows them."""
    gap(engine, "in_1")
    with raw_cursor(engine) as cursor:
        cursor.execute("UPDATE o2c.gaps SET first_seen_at = %s", (datetime(2026, 11, 3, 23, 5, 7, tzinfo=UTC),))
    assert "2026-11-03 23:05:07" in requests.get(f"{url}/o2c/trace/in_1", timeout=20).text
