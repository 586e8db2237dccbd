"""Dashboard and alarm rules ask for figures that there are, and every alarm says what to do."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from o2c_orchestration.web.metrics import Metrics
from o2c_orchestration.web.page_metrics import PageMetrics
from o2c_orchestration_tests.e2e.compose import ROOT, services

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/alerts.rules.yml").read_text())["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((ROOT / "deploy/grafana.json").read_text())["panels"]
_NAME = re.compile(r"\bo2c_[a-z_]+")


def _expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in RULES)
    yield from (target["expr"] for panel in PANELS for target in panel["targets"])


def _told() -> set[str]:
    """Names of all figures; those of the store as they are named where it is asked."""

    def away() -> Engine:
        raise ConnectionError

    pages = PageMetrics(["/o2c/gaps"])
    pages.answered("/o2c/gaps", 200, 0.1)
    text = Metrics(away).render().decode() + pages.render().decode()
    names = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples} | {
        "o2c_webhooks_total",
        "o2c_events_total",
    }
    source = (ROOT / "o2c_orchestration/web/metrics.py").read_text()
    return names | set(re.findall(r'GaugeMetricFamily\(\s*"(\w+)"', source))


def test_every_figure_that_is_asked_for_is_told():
    """A rule about a name that nobody tells would never fire."""
    told = _told()
    asked = {name for expression in _expressions() for name in _NAME.findall(expression)}
    assert asked <= told, asked - told


def test_every_job_that_an_alarm_is_about_is_described():
    """By name, with the address at which docker-compose.yml has it; and each that is described has its alarm."""
    text = (ROOT / "docs" / "operations.md").read_text()
    jobs = [yaml.safe_load(line)[0] for line in re.findall(r"^ +(- \{job_name: .+)$", text, re.MULTILINE)]
    about = [name for expression in _expressions() for name in re.findall(r'\bjob="([^"]+)"', expression)]
    assert sorted(about) == sorted(job["job_name"] for job in jobs) == ["o2c", "o2c-pages"]
    for job, service in zip(jobs, ("receiver", "pages"), strict=True):
        command = services()[service]["command"]
        targets = [f"{service}:{command[command.index('--port') + 1]}"]
        assert job["static_configs"] == [{"targets": targets}]


def test_every_alarm_is_made_to_fire():
    """In the file for Prometheus' own checker, by figures that are told; where that is at hand, it is asked."""
    cases = yaml.safe_load((ROOT / "deploy/alerts.test.yml").read_text())["tests"]
    fired = {each["labels"] for each in cases[-1]["promql_expr_test"][0]["exp_samples"]}
    assert fired == {f'{{alertname="{rule["alert"]}"}}' for rule in RULES}
    series = {name for case in cases for each in case["input_series"] for name in _NAME.findall(each["series"])}
    assert series <= _told()
    if (promtool := shutil.which("promtool")) is None:
        return
    told = subprocess.run(
        [promtool, "test", "rules", "alerts.test.yml"], cwd=ROOT / "deploy", capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alarm_says_what_to_do(rule):
    """Its runbook is a heading in docs/operations.md."""
    file, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(), re.MULTILINE)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
