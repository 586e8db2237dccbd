"""Days that are not as usual, as Dagster tells of them."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.anomalies import JOB, NAME
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.days import record_read
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, definitions, environment
from o2c_orchestration_tests.integration_store.builders import accept


def _checks(assembly: Assembly) -> dict[str, dg.AssetCheckEvaluation]:
    job = definitions(assembly).resolve_job_def(JOB)
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = job.execute_in_process(instance=instance, run_config=QUIET)
    return {each.asset_key.to_user_string(): each for each in outcome.get_asset_check_evaluations()}


def test_a_day_without_payments_warns_on_their_asset(database_url: str, engine: Engine, tmp_path):
    """The check of payments warns with what was expected, all others pass; an empty store warns of nothing."""
    variables = {"O2C_DATABASE_URL": database_url, "O2C_HOME": str(tmp_path)}
    with environment(variables):
        assembly = Assembly(load_settings())
        assert all(each.passed and each.check_name == NAME for each in _checks(assembly).values())
        days = [date(2026, 3, 1) + timedelta(days=n) for n in range(80)]
        for day in days[:-1]:
            noon = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
            accept(engine, "payments", *({"id": f"ch_{day:%j}x{n}", "created_at": noon} for n in range(40)))
        for kind in ("invoice", "charge"):
            record_read(engine, kind, days[0], days[-1] + timedelta(days=1), datetime(2026, 9, 1, tzinfo=UTC))
        found = _checks(assembly)
        assembly.engine.dispose()
    told = found.pop("validated/payments")
    assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert f"payments.count.usd|{days[-1]}|UNUSUAL|0|40|" in told.metadata["days"].value
    assert len(found) == 5
    assert all(each.passed for each in found.values())
