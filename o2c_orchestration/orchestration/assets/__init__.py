"""Software-defined assets, one module per stage of the way of the data."""

from collections.abc import Sequence

import dagster as dg

from o2c_orchestration.orchestration.assets.alert import alert_assets
from o2c_orchestration.orchestration.assets.apply import apply_assets
from o2c_orchestration.orchestration.assets.common import Shared
from o2c_orchestration.orchestration.assets.deals import deal_assets
from o2c_orchestration.orchestration.assets.equations import equation_assets
from o2c_orchestration.orchestration.assets.extract import extract_assets
from o2c_orchestration.orchestration.assets.mirror import mirror_assets
from o2c_orchestration.orchestration.assets.plan import plan_assets
from o2c_orchestration.orchestration.assets.reconcile import reconcile_assets
from o2c_orchestration.orchestration.assets.validate import validate_assets


def all_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """Every asset, in the order of the stages."""
    makers = (
        extract_assets,
        validate_assets,
        plan_assets,
        apply_assets,
        mirror_assets,
        reconcile_assets,
        equation_assets,
        deal_assets,
        alert_assets,
    )
    return [asset for maker in makers for asset in maker(shared)]
