"""Deals: won opportunities or activated orders of Salesforce, what they call for, and what Salesforce is told."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.described import object_of, read_fields
from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.extract.salesforce import Polled
from o2c_orchestration.orchestration.assets.common import Shared, off, result
from o2c_orchestration.orchestration.assets.drift import drift_check, drift_spec
from o2c_orchestration.orchestration.lineage import deal_column_metadata
from o2c_orchestration.orchestration.metadata import TABLE_ROWS_MAX, money, table
from o2c_orchestration.reconcile.deal_times import monthly
from o2c_orchestration.store import customer_360, orders, write_backs
from o2c_orchestration.store.deal_gaps import LEGS
from o2c_orchestration.store.gaps import Gap, list_gaps
from o2c_orchestration.validate.described import learn_objects

SALESFORCE_TYPES = {
    "products": ("Product2", "PricebookEntry"),
    "accounts": ("Account",),
    "opportunities": ("Opportunity", "OpportunityLineItem"),
    "orders": ("Order", "OrderItem"),
}
_DESCRIPTIONS = {
    "products": "Salesforce's products and price book entries, which name NetSuite items and Stripe prices.",
    "accounts": "Salesforce's accounts, less what nobody here reads; those that deals point to in any case.",
    "opportunities": "Salesforce's opportunities that changed since the last poll; all lines of those that are won.",
    "orders": "Salesforce's orders that changed since the last poll; read where they are deals, or were once.",
}
_READABLE = "salesforce_lets_us_read"
_SENSE = "records_make_sense"
_ORDERS = ["netsuite_order"]
_VARIABLE = "SALESFORCE_BASE_URL"
DEALS_KEY = ["reconciliation", "deals"]
# The assets of deals, by key: what a change in Salesforce sets in motion.
DEAL_KEYS = (
    *(("salesforce", name) for name in SALESFORCE_TYPES),
    ("plan", "deal_documents"),
    ("apply", "deal_documents"),
    ("netsuite", "sales_order_mirrors"),
    ("reconciliation", "deals"),
    ("apply", "salesforce_updates"),
)


def deal_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this way, all stages of it."""
    return [
        *(_salesforce(shared, name) for name in SALESFORCE_TYPES),
        _plan(shared),
        _apply(shared),
        _mirror(shared),
        _reconcile(shared),
        _write_back(shared),
        _customers(shared),
    ]


def _salesforce(shared: Shared, name: str) -> dg.AssetsDefinition:
    before = {"accounts": ("products",), "opportunities": ("products", "accounts"), "orders": ("opportunities",)}

    @dg.asset(
        key=["salesforce", name],
        deps=[["salesforce", other] for other in before.get(name, ())],
        description=_DESCRIPTIONS[name],
        check_specs=[
            dg.AssetCheckSpec(_READABLE, asset=["salesforce", name], description="The app may see these objects."),
            dg.AssetCheckSpec(
                _SENSE,
                asset=["salesforce", name],
                description="Records that changed passed their Pandera schema. They are kept in any case, and a deal "
                "that cannot be read is refused by name.",
            ),
            drift_spec(["salesforce", name]),
        ],
        **shared.options("extract", "salesforce", "postgres", pool="salesforce"),
    )
    def salesforce_objects(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.salesforce is None:
            return off("Salesforce", _VARIABLE, *_looked(assembly, name, Polled()))
        found = assembly.deals.poll(SALESFORCE_TYPES[name])
        return result(_polled(assembly, found), *_looked(assembly, name, found))

    return salesforce_objects


def _plan(shared: Shared) -> dg.AssetsDefinition:
    key = ["plan", "deal_documents"]

    @dg.asset(
        key=key,
        deps=[["salesforce", "orders"], ["validated", "customers"], ["netsuite", "ledger"]],
        description="Sales orders, and what Stripe is to bill, that won deals call for and that do not exist.",
        check_specs=[dg.AssetCheckSpec("every_deal_can_be_written", asset=key, description="No won deal is refused.")],
        **shared.options("plan", "python", "postgres"),
    )
    def deal_documents(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.salesforce is None:
            return off("Salesforce", _VARIABLE, _refused_check(Plan()))
        plan = assembly.deals.plan()
        return result(_planned(plan) | deal_column_metadata(assembly.policy), _refused_check(plan))

    return deal_documents


def _apply(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["apply", "deal_documents"],
        deps=[["plan", "deal_documents"]],
        description="Sales orders written to NetSuite, customers and what bills deals to Stripe, each once, by the "
        "journal. With mode: observe this asset writes to no system.",
        **shared.options("apply", "netsuite", "postgres", pool="netsuite"),
    )
    def deal_documents(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.salesforce is None or assembly.settings.netsuite is None:
            return off("Salesforce or NetSuite", f"{_VARIABLE} or NETSUITE_ACCOUNT_ID")
        outcome = assembly.apply_deals()
        if outcome is None:
            return result({"status": "mode is observe: nothing was written", "dagster/row_count": 0})
        values = {"written": outcome.written, "adopted": outcome.adopted, "refused": outcome.refused}
        return result({"dagster/row_count": outcome.written + outcome.adopted, **values, "unknown": outcome.unknown})

    return deal_documents


def _mirror(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["netsuite", "sales_order_mirrors"],
        deps=[["apply", "deal_documents"]],
        description="NetSuite's sales orders as it shows them, whoever entered them, with their status.",
        check_specs=[drift_spec(["netsuite", "sales_order_mirrors"])],
        **shared.options("mirror", "netsuite", "postgres", pool="netsuite"),
    )
    def sales_order_mirrors(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.salesforce is None or assembly.settings.netsuite is None:
            told = drift_check(assembly.engine, _ORDERS)
            return off("Salesforce or NetSuite", f"{_VARIABLE} or NETSUITE_ACCOUNT_ID", told)
        read, changed, gone = assembly.deals.mirror()
        values = {"read": read, "changed": changed, "deleted": gone, **money(orders.totals(assembly.engine))}
        return result(values, drift_check(assembly.engine, _ORDERS))

    return sales_order_mirrors


def _reconcile(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=DEALS_KEY,
        deps=[["netsuite", "sales_order_mirrors"], ["validated", "invoices"], ["validated", "payments"]],
        description="Each won deal against its sales order and its billing: missing, not billed, other terms; and how "
        "many days it takes from won to order, to the first invoice, to cash.",
        check_specs=[
            dg.AssetCheckSpec("deals_hold", asset=DEALS_KEY, description="Deals are ordered and billed as won.")
        ],
        **shared.options("reconcile", "python", "postgres"),
    )
    def deals(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.salesforce is None:
            return off("Salesforce", _VARIABLE, _gaps_check([]))
        facts = assembly.deals.facts()
        change = assembly.deals.reconcile(facts)
        found = list_gaps(assembly.engine, legs=LEGS)
        values = {"dagster/row_count": change.deals, "open gaps": len(found), "opened": change.opened}
        times = table(monthly(facts))
        return result({**values, "resolved": change.resolved, "days to cash": times}, _gaps_check(found))

    return deals


def _write_back(shared: Shared) -> dg.AssetsDefinition:
    key = ["apply", "salesforce_updates"]

    @dg.asset(
        key=key,
        deps=[DEALS_KEY],
        description="Order numbers and status, invoices, payments and what is open, told to Salesforce where it does "
        "not say so yet.",
        check_specs=[dg.AssetCheckSpec("salesforce_took_everything", asset=key, description="No record was refused.")],
        **shared.options("apply", "salesforce", "postgres", pool="salesforce"),
    )
    def salesforce_updates(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.salesforce is None:
            return off("Salesforce", _VARIABLE, _taken_check(assembly))
        outcome = assembly.write_back()
        if outcome is None:
            text = "mode is observe, or deals.write_back is off: nothing was written"
            return result({"status": text, "dagster/row_count": 0}, _taken_check(assembly))
        values = {"written": outcome.written, "locked": outcome.locked, "refused": outcome.refused}
        counts = {"dagster/row_count": outcome.written, "requests": outcome.requests, "unchanged": outcome.unchanged}
        return result({**counts, **values}, _taken_check(assembly))

    return salesforce_updates


def _customers(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["reconciliation", "customer_360"],
        deps=[DEALS_KEY, ["reconciliation", "gaps"]],
        description="One row for each customer and currency: ids in all three systems, pipeline, won, ordered, billed, "
        "paid, open, overdue. A view in the database: o2c.customer_360.",
        **shared.options("reconcile", "postgres", "sql"),
    )
    def customer_360_rows(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        rows, count = customer_360.read(assembly.engine, TABLE_ROWS_MAX)
        return result({"dagster/row_count": count, "customers": table(rows, count)})

    return customer_360_rows


def _polled(assembly: Assembly, found: Polled) -> dict[str, Any]:
    values: dict[str, Any] = {"dagster/row_count": sum(found.seen.values())}
    for kind in found.seen:
        values |= {f"{kind}: seen": found.seen[kind], f"{kind}: changed": found.changed.get(kind, 0)}
        values |= {f"{kind}: deleted": found.deleted[kind]} if kind in found.deleted else {}
    usage = assembly.salesforce.usage
    values["requests"] = assembly.salesforce.requests
    return values | ({"org's requests today": f"{usage[0]:,} of {usage[1]:,}"} if usage else {})


def _looked(assembly: Assembly, name: str, found: Polled) -> Iterator[dg.AssetCheckResult]:
    yield _readable_check(found)
    yield _check(_SENSE, [{"record": key, "what": reason} for key, reason in sorted(found.odd.items())])
    # Contacts are read for accounts that nothing ties to Stripe, in whatever poll needs them.
    kinds = (*SALESFORCE_TYPES[name], "Contact") if name == "accounts" else SALESFORCE_TYPES[name]
    if assembly.settings.salesforce is not None:
        learn_objects(assembly.engine, assembly.salesforce, kinds, read_fields(assembly.policy))
    told = [*(f"salesforce_{kind.lower()}" for kind in kinds), *map(object_of, kinds)]
    yield drift_check(assembly.engine, told, assembly.policy)


def _readable_check(found: Polled) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=_READABLE,
        passed=not found.closed,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={**found.closed},
    )


def _planned(plan: Plan) -> dict[str, Any]:
    rows = [
        {"document": item.document, "deal": item.why, "amount": format_money(item.amount_minor, item.currency)}
        for item in plan.commands
    ]
    return {"dagster/row_count": len(rows), "documents": table(rows), "refused": len(plan.refusals)}


def _refused_check(plan: Plan) -> dg.AssetCheckResult:
    rows = [
        {"amount": format_money(item.amount_minor, item.currency), "reason": item.reason, "to do": item.fix}
        for item in plan.refusals
    ]
    return _check("every_deal_can_be_written", rows)


def _gaps_check(found: list[Gap]) -> dg.AssetCheckResult:
    rows = [
        {"kind": gap.kind, "deal": gap.salesforce_id, "customer": gap.customer, "reason": gap.reason}
        | {"at stake": format_money(gap.at_stake_minor, gap.currency)}
        for gap in found
    ]
    return _check("deals_hold", rows)


def _taken_check(assembly: Assembly) -> dg.AssetCheckResult:
    rows = [
        {"object": each.object, "record": each.key, "code": each.code, "Salesforce says": each.words}
        for each in write_backs.refused(assembly.engine)
    ]
    return _check("salesforce_took_everything", rows)


def _check(name: str, rows: list[dict[str, Any]]) -> dg.AssetCheckResult:
    metadata: dict[str, Any] = {"count": len(rows), "list": table(rows)}
    return dg.AssetCheckResult(check_name=name, passed=not rows, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)
