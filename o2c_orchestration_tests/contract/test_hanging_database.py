"""A PostgreSQL that is there and says nothing: somebody's lock, a machine that stopped. Who asks is not used up."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
import requests
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from o2c_orchestration.store.database import open_database, open_to_read
from o2c_orchestration.store.lines import patient, patient_text
from o2c_orchestration.web.pages import Pages
from o2c_orchestration.web.receiver import Receiver
from o2c_orchestration.web.signature import parse_secrets
from o2c_orchestration_tests.contract.test_receiver import SECRETS, event, figures, metrics, post, receiver, serving

# More than threads that wait for a page (40), and far more than connections of one process (20).
READERS = 42


@contextmanager
def locked(engine: Engine, table: str = "gaps") -> Iterator[Callable[[], int]]:
    """Nobody gets at this table, as in a migration that takes its time; gives how many wait for it."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as other:
        holder.execute(f"LOCK TABLE o2c.{table} IN ACCESS EXCLUSIVE MODE")

        def waiting() -> int:
            asked = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            found = other.execute(asked).fetchone()
            assert found is not None
            return int(found[0])

        yield waiting
        holder.rollback()


def ask_and_leave(url: str) -> None:
    """Readers who have all gone before they are answered."""

    def gone(number: int) -> None:
        with pytest.raises(requests.Timeout):
            requests.get(url, timeout=0.5)

    with ThreadPoolExecutor(READERS) as readers:
        list(readers.map(gone, range(READERS)))


def test_pages_that_hang_are_given_up(database_url: str, engine: Engine) -> None:
    """With their place: the next reader is told in time, and nothing waits any more. Their figures need no place."""
    pages = open_to_read(database_url, "6s")
    with serving(Pages(lambda: pages)) as url:
        with locked(engine) as waiting:
            ask_and_leave(f"{url}/o2c/gaps")
            assert requests.get(f"{url}/healthz", timeout=4).status_code == 200
            assert requests.get(f"{url}/metrics", timeout=4).status_code == 200
            page = requests.get(f"{url}/o2c/gaps", timeout=60)
            assert (page.status_code, page.headers["retry-after"]) == (503, "10")
            gone = time.monotonic() + 60
            while waiting():
                assert time.monotonic() < gone
                time.sleep(0.1)
        assert requests.get(f"{url}/o2c/gaps", timeout=20).status_code == 200
        found = figures(metrics(url))
        assert found["o2c_page_failures_total", ("QueryCanceled",)] > 0
    pages.dispose()


def test_figures_that_hang_take_no_connection_from_webhooks(engine: Engine) -> None:
    """One question waits, and whoever asks after it is told in time that there is no answer."""
    with serving(receiver(engine)) as url:
        assert figures(metrics(url))["o2c_database_up", ()] == 1
        with locked(engine) as waiting:
            ask_and_leave(f"{url}/metrics")
            assert post(url, event()).status_code == 200
            assert requests.get(f"{url}/readyz", timeout=20).status_code == 200
            found = figures(metrics(url))
            assert not [name for name, _ in found if name.startswith("o2c_open_gap")]
            assert waiting() <= 1
        found = figures(metrics(url))
        assert (found["o2c_database_up", ()], found["o2c_inbox_objects", ()]) == (1, 1)
        assert found["o2c_webhooks_total", ("taken",)] == 1


def test_a_receiver_whose_figures_hang_says_so_and_can_be_stopped(engine: Engine) -> None:
    """In the time that Prometheus has; and whoever stops it does not wait for somebody's lock."""
    with locked(engine, "inbox"):
        with serving(receiver(engine)) as url:
            began = time.monotonic()
            found = figures(metrics(url))
            assert time.monotonic() - began < 10
            assert found["o2c_database_up", ()] == 0
            assert math.isnan(found["o2c_inbox_objects", ()])
            late = threading.Thread(target=metrics, args=(url,))
            late.start()
            time.sleep(0.5)
            stopped = time.monotonic()
        assert time.monotonic() - stopped < 10
        late.join()


def test_readiness_waits_for_nobody() -> None:
    """Where not even a connection is to be had, it says so after five seconds, and not when that is decided."""
    hold = threading.Event()

    def frozen() -> Engine:
        hold.wait(60)
        raise ConnectionError

    with serving(Receiver(parse_secrets(SECRETS), frozen)) as url:
        assert requests.get(f"{url}/readyz", timeout=12).status_code == 503
        hold.set()


def test_a_server_that_has_vanished_is_noticed_within_a_minute(database_url: str) -> None:
    """By the system: two hours, or a quarter of one. What an address says itself stays."""
    own = make_url(database_url).update_query_dict({"keepalives_idle": "5"})
    opened = open_database(own.render_as_string(hide_password=False))
    with opened.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
        driver = connection.connection.driver_connection
        assert driver is not None
        told = driver.info.get_parameters()
    opened.dispose()
    names = ("connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
    assert [told[name] for name in names] == ["10", "5", "10", "3", "60000"]
    for_dagster = make_url(patient_text(database_url, "O2C_DATABASE_URL"))
    assert for_dagster == patient(make_url(database_url))
    assert for_dagster.query["tcp_user_timeout"] == "60000"
