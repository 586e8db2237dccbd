"""`o2c run` begins with the preflight: what is wrong is told before anything is read, and the run goes on."""

import json
import time
from collections.abc import Iterator

import pytest
import requests

from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.preflight.start import start_run
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, company, sandbox, today
from o2c_orchestration_tests.e2e.test_check_netsuite import Changed, changed, inactive

__all__ = ["changed"]


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A small company in the sandbox."""
    home = tmp_path_factory.mktemp("start")
    with new_database() as url, sandbox(home, url) as found:
        found.load_company(company())
        yield found


def test_what_is_wrong_is_told_and_the_run_goes_on(world: World, changed: Changed) -> None:
    """On standard error: what, where to mend it, what would go wrong. Standard output is one JSON document as ever."""
    inactive(changed, "account", "7")
    variables = world.environment(items={"bad_debt": "Nothing"})
    run = CommandLine(world.home)
    told = run("run", "--from", f"{today()}", "--json", **variables)
    assert told.code == 0, told.err
    asked = {"run_id", "from", "to", "mode", "journal", "agreement", "open_gaps", "blocked_by_metadata"}
    assert json.loads(told.out).keys() == asked
    first, *each = told.err.splitlines()
    said = "o2c: preflight, 2 found wrong; the run goes on, without what needs it. `o2c check` tells all."
    assert first == said, told.err
    [fee] = [line for line in each if line.startswith("o2c:   accounts.fee: ")]
    assert "which is inactive. To do: make the account active in NetSuite, or name another one" in fee
    assert "Otherwise: NetSuite refuses each document that names it" in fee
    assert any(line.startswith("o2c:   items.bad_debt: NetSuite has no item 'Nothing'.") for line in each)
    assert len(each) == 2


def test_a_run_where_all_is_right_says_nothing(world: World) -> None:
    """Hints are for `o2c check`."""
    with world.assembly() as assembly:
        start = start_run(assembly)
        assert (start.wrong, start.reined) == ([], [])


def test_a_run_that_can_only_be_refused_says_it_once(world: World, changed: Changed) -> None:
    """The subsidiary of the books is inactive: that is why nothing is written, and no finding beside it."""
    inactive(changed, "subsidiary", "1")
    with world.assembly() as assembly:
        start = start_run(assembly)
        assert [each.what for each in start.reined] == ["books.subsidiary"]
        assert start.wrong == []
        assert not assembly.writes


def test_trouble_in_the_middle_of_the_looks_stops_no_run(world: World) -> None:
    """NetSuite answers that it can be reached, and then not: the looks give up soon, and the run tries for longer."""
    away = [{"system": "netsuite", "path_regex": "metadata-catalog|governanceLimits", "kind": "server_error"}]
    url = f"{world.base_url}/_sandbox/faults"
    with world.assembly() as assembly:
        requests.post(url, json=away, timeout=30).raise_for_status()
        try:
            began = time.monotonic()
            start = start_run(assembly)
            assert time.monotonic() - began < 15
        finally:
            requests.delete(url, timeout=30).raise_for_status()
    assert (start.wrong, start.reined) == ([], [])


def test_what_the_start_asks_is_not_asked_again(world: World) -> None:
    """No more requests than `o2c check` makes, although systems are reached first, for a wrong key to end the run; and
    the run's own stage takes over the reference data that were read a moment ago. The time after that it reads.
    """
    with world.assembly() as assembly:
        checked = requests_of(world, lambda: preflight(assembly))
        started = requests_of(world, lambda: start_run(assembly))
        assert started == checked
        read = requests_of(world, assembly.read_reference)
        assert read == []
        assert requests_of(world, assembly.read_reference) != []


def requests_of(world: World, act: object) -> list[tuple[str, str]]:
    """System and path of what something asks of Stripe, NetSuite and Salesforce, logins apart."""
    assert callable(act)
    systems = ("stripe", "netsuite", "salesforce")
    before = {name: len(world.asked(name)) for name in systems}
    act()
    asked = [(name, str(each["path"])) for name in systems for each in world.asked(name)[before[name] :]]
    return sorted(each for each in asked if "/token" not in each[1])
