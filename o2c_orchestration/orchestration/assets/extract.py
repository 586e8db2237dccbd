"""extract: Stripe's objects as they were, NetSuite's reference data and ledger before anything is planned."""

from collections.abc import Sequence

import dagster as dg

from o2c_orchestration.domain.described import RECORDS, further_fields
from o2c_orchestration.domain.read_rows import NETSUITE
from o2c_orchestration.extract.stripe import Extracted
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES, Shared, off, result
from o2c_orchestration.orchestration.assets.drift import drift_check, drift_spec
from o2c_orchestration.orchestration.assets.validate import odd_check
from o2c_orchestration.orchestration.partitions import days
from o2c_orchestration.store.odd_rows import odd_references
from o2c_orchestration.validate.described import learn_records

_DESCRIPTIONS = {
    "customers": "Stripe customers created in the partition, as Stripe renders them, less contact details.",
    "invoices": "Stripe invoices created in the partition, with all their lines, and prices, whose metadata may "
    "name items.",
    "payments": "Stripe charges created in the partition, and the invoice payments that say what they paid.",
    "credit_notes": "Stripe credit notes created in the partition, with their lines and the refunds that pay them out.",
    "refunds": "Stripe refunds created in the partition, with those that failed and brought their money back.",
    "disputes": "Stripe disputes opened in the partition, with the money they withdrew and gave back.",
    "balance_transactions": "Every movement of the Stripe balance of the partition: amount, fees and net.",
    "payouts": "Stripe payouts created in the partition: what reached the bank account, and what came back.",
}


_READABLE = "stripe_lets_us_read"
_FITTING = "rows_fit_what_they_point_to"
# What SuiteQL gives to each of NetSuite's assets here; sales orders have one of their own.
_NAMES = ("netsuite_reference",)
_REFERENCE = (*_NAMES, *RECORDS)
_LEDGER = tuple(kind for kind in NETSUITE if kind not in (*_NAMES, "netsuite_order"))


def extract_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage."""
    return [
        *(_stripe(shared, name) for name in STRIPE_TYPES),
        _references(shared),
        _reference_data(shared),
        _ledger(shared),
    ]


def _stripe(shared: Shared, name: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["stripe", name],
        description=_DESCRIPTIONS[name],
        check_specs=[
            dg.AssetCheckSpec(_READABLE, asset=["stripe", name], description="The Stripe key may read these objects."),
            drift_spec(["stripe", name]),
        ],
        **shared.options("extract", "stripe", "postgres", pool="stripe"),
    )
    def stripe_objects(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly, kinds = shared.source.get(), STRIPE_TYPES[name]
        if assembly.settings.stripe is None:
            return off("Stripe", "STRIPE_API_KEY", _readable_check({}), drift_check(assembly.engine, kinds))
        found = assembly.extract(kinds, *days(context))
        values = _metadata(found) | {"requests": assembly.stripe_requests}
        return result(values, _readable_check(found), drift_check(assembly.engine, kinds))

    return stripe_objects


def _references(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["stripe", "references"],
        deps=[*(["validated", name] for name in STRIPE_TYPES), ["netsuite", "ledger"]],
        description="Single Stripe objects that rows or ledger documents point to and the windows did not bring: "
        "customers of older days, invoices that a new payment settles, the balance transactions of a payout, ids that "
        "NetSuite memos name.",
        check_specs=[
            dg.AssetCheckSpec(
                _FITTING,
                asset=["stripe", "references"],
                description="What the rows point to exists in Stripe and fits: customers, currencies, and no "
                "more is taken back than there was.",
            )
        ],
        **shared.options("extract", "stripe", "postgres", pool="stripe"),
    )
    def references(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly, (first, last) = shared.source.get(), days(context)
        if assembly.settings.stripe is None:
            return off("Stripe", "STRIPE_API_KEY", odd_check(_FITTING, odd_references(assembly.engine, first, last)))
        found = assembly.complete(first, last)
        return result(_metadata(found), odd_check(_FITTING, odd_references(assembly.engine, first, last)))

    return references


def _reference_data(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["netsuite", "reference_data"],
        description="NetSuite's currencies, items and what else o2c.yaml names: names to internal ids.",
        check_specs=[drift_spec(["netsuite", "reference_data"])],
        **shared.options("extract", "netsuite", "postgres", pool="netsuite"),
    )
    def reference_data(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.netsuite is None:
            return off("NetSuite", "NETSUITE_ACCOUNT_ID", drift_check(assembly.engine, _REFERENCE))
        counts = assembly.read_reference()
        learn_records(assembly.engine, assembly.ledger, further_fields(assembly.policy))
        values = {"dagster/row_count": sum(counts.values()), **counts}
        return result(values, drift_check(assembly.engine, _REFERENCE, assembly.policy))

    return reference_data


def _ledger(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["netsuite", "ledger"],
        deps=[["netsuite", "reference_data"]],
        description="NetSuite's documents before anything is planned: what is already there is adopted, not written "
        "twice.",
        check_specs=[drift_spec(["netsuite", "ledger"])],
        **shared.options("extract", "netsuite", "postgres", pool="netsuite"),
    )
    def ledger(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.netsuite is None:
            return off("NetSuite", "NETSUITE_ACCOUNT_ID", drift_check(assembly.engine, _LEDGER))
        read = assembly.read_ledger(*days(context), stage="extract")
        values = {"dagster/row_count": read.read, "changed": read.changed, "deleted in NetSuite": read.deleted}
        return result(values, drift_check(assembly.engine, _LEDGER))

    return ledger


def _readable_check(found: dict[str, Extracted]) -> dg.AssetCheckResult:
    """What cannot be read is not compared either: that must not go unnoticed."""
    closed = {kind: part.unreadable for kind, part in found.items() if part.unreadable}
    return dg.AssetCheckResult(
        check_name=_READABLE, passed=not closed, severity=dg.AssetCheckSeverity.WARN, metadata={**closed}
    )


def _metadata(found: dict[str, Extracted]) -> dict[str, int]:
    values = {"dagster/row_count": sum(part.seen for part in found.values())}
    for kind, part in found.items():
        values |= {f"{kind}: seen": part.seen, f"{kind}: changed": part.changed}
        if part.proved or part.absent:
            values |= {f"{kind}: re-read": part.proved, f"{kind}: not in Stripe": len(part.absent)}
    return values
