"""A deal that is won starts one run, which does everything; what that run writes starts no other."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from o2c_orchestration.orchestration.deals import DEALS
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, World, checks, definitions, metadata, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import go, orders, price, product


def tick(defs: dg.Definitions, instance: dg.DagsterInstance) -> dg.SensorResult | Any:
    with dg.build_sensor_context(instance=instance, repository_def=defs.get_repository_def()) as context:
        return defs.resolve_sensor_def("salesforce_changes").evaluate_tick(context)


def test_a_won_deal_starts_one_run_that_does_everything(world: World, seller: Seller, tmp_path: Path) -> None:
    """Nothing while nothing changes; then a run with order, billing, reconciliation and what Salesforce is told."""
    entry = seller.product("SEAT", 50, price=price(world, 5000, "month"))
    deal = seller.deal(seller.account("Acme Inc"), today().isoformat(), stage="Prospecting", O2C_Term_Months__c=12)
    seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
    with product(world) as made, dg.DagsterInstance.ephemeral() as instance:
        go(made)
        defs = definitions(made)
        assert not tick(defs, instance).run_requests
        seller.change("Opportunity", deal, StageName="Closed Won")
        (request,) = tick(defs, instance).run_requests
        job = defs.resolve_job_def(DEALS)
        outcome = job.execute_in_process(instance=instance, partition_key=request.partition_key, run_config=QUIET)
        assert outcome.success
        assert len(orders(world)) == 1
        assert seller.get("Opportunity", deal)["Stripe_Billing_Id__c"].startswith("sub_sched_")
        assert metadata(outcome, "apply", "deal_documents")["written"] == 4
        lineage = metadata(outcome, "plan", "deal_documents")["dagster/column_lineage"].deps_by_column
        closed = ("salesforce/opportunities", "CloseDate")
        assert closed in {
            (each.asset_key.to_user_string(), each.column_name) for each in lineage["salesOrder.tranDate"]
        }
        assert metadata(outcome, "reconciliation", "deals")["dagster/row_count"] == 1
        assert all(check.passed for check in checks(outcome).values())
        assert not tick(defs, instance).run_requests


@pytest.mark.parametrize("system", ["SALESFORCE_"])
def test_without_salesforce_everything_else_goes_on(world: World, system: str) -> None:
    """The sensor says why it does nothing."""
    with world.assembly(without=[system]) as made, dg.DagsterInstance.ephemeral() as instance:
        found = tick(definitions(made), instance)
        assert "SALESFORCE_BASE_URL is not set" in str(found.skip_message)


def test_before_the_ledger_was_ever_read_no_run_is_started(world: World, seller: Seller) -> None:
    """It would be refused, and another be asked for at the next tick. The sensor says what to do, and deals wait."""
    entry = seller.product("SEAT", 50)
    seller.line(seller.deal(seller.account("Acme Inc"), today().isoformat()), entry, 4, 50)
    with product(world) as made, dg.DagsterInstance.ephemeral() as instance:
        defs = definitions(made)
        for _ in range(2):
            found = tick(defs, instance)
            assert not found.run_requests
            assert "NetSuite holds was never read" in str(found.skip_message)
            assert "o2c run" in str(found.skip_message)
        assert orders(world) == []
        made.read_ledger(today(), today())
        assert len(tick(defs, instance).run_requests) == 1


def test_observe_does_not_wait_for_the_ledger(world: World, seller: Seller) -> None:
    """Nothing is written there, so nothing is refused."""
    seller.deal(seller.account("Acme Inc"), today().isoformat())
    with product(world, mode="observe") as made, dg.DagsterInstance.ephemeral() as instance:
        assert len(tick(definitions(made), instance).run_requests) == 1
