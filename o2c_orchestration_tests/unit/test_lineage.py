"""Column lineage of the plan, and the table of standard fields that it is made from."""

from typing import Any

import dagster as dg
import pytest

from o2c_orchestration.domain.mapping_fields import paths_of
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.standard_fields import ASSETS, STANDARD, read_by
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES
from o2c_orchestration.orchestration.assets.deals import SALESFORCE_TYPES
from o2c_orchestration.orchestration.lineage import column_metadata, deal_column_metadata


def columns(**mapping: Any) -> dict[str, set[tuple[str, str]]]:
    """Column → (asset, source column), as Dagster is told."""
    told = column_metadata(Policy.model_validate({"mapping": mapping}))["dagster/column_lineage"]
    return {
        name: {(dep.asset_key.to_user_string(), dep.column_name) for dep in deps}
        for name, deps in told.deps_by_column.items()
    }


def test_standard_fields_come_from_stripe():
    """Each column of the plan names the asset and the field that it is made of."""
    found = columns()
    assert {("stripe/invoices", "number")} == found["invoice.otherRefNum"]
    assert {("stripe/payments", "amount_captured")} == found["customerPayment.payment"]
    assert ("stripe/payouts", "arrival_date") in found["deposit.tranDate"]


def test_mapped_fields_come_from_what_their_rules_read():
    """Also through tables, conditions and expressions, on lines and in headers."""
    found = columns(
        tables={"t": {"EU": "Europe"}},
        invoice={
            "header": {
                "class": {"lookup": "t", "by": "metadata.region", "when": "customer.metadata.tier == 'gold'"},
                "otherRefNum": None,
                "custbody_x": {"expression": "number + subscription.metadata.plan"},
            },
            "lines": {"department": {"source": "line.price.metadata.team"}},
        },
        deposit={"lines": {"department": "Finance"}},
    )
    assert {("stripe/invoices", "metadata.region"), ("stripe/customers", "metadata.tier")} == found["invoice.class"]
    assert {("stripe/invoices", "number"), ("stripe/invoices", "subscription.metadata.plan")} == found[
        "invoice.custbody_x"
    ]
    assert {("stripe/invoices", "metadata.team")} == found["invoice.item[].department"]
    assert "invoice.otherRefNum" not in found
    schema = column_metadata(Policy.model_validate({"mapping": {"deposit": {"lines": {"department": "Finance"}}}}))
    told = {column.name: column.description for column in schema["dagster/column_schema"].columns}
    assert "mapping.deposit.lines.department: constant" == told["deposit.cashback[].department"]


def test_a_field_is_a_column_of_the_sublists_that_have_it():
    """A deposit's lines that take money have no number of theirs; both have a department."""
    fields = {"refNum": {"source": "id"}, "department": {"source": "metadata.team"}}
    mapping = {"deposit": {"lines": fields}}
    told = column_metadata(Policy.model_validate({"mapping": mapping}))["dagster/column_schema"].columns
    mapped = {each.name for each in told if each.name.endswith(("refNum", "].department"))}
    assert mapped == {f"deposit.{each}" for each in ("other[].refNum", "other[].department", "cashback[].department")}


def test_what_one_entity_leaves_out_is_still_written_by_the_others():
    """A column is gone when nobody writes it."""
    less = {"invoice": {"header": {"otherRefNum": None}}}
    own = {"books": {"subsidiary": "2"}, "accounts": {"bank": {"usd": "Checking 2"}}, "mapping": less}
    entity = {"acct_2": {"name": "Two", **own}}
    for company, there in (({}, True), (less, False)):
        policy = Policy.model_validate({"mapping": company, "entities": entity})
        assert ("invoice.otherRefNum" in column_metadata(policy)["dagster/column_lineage"].deps_by_column) is there


def test_sales_orders_come_from_salesforce():
    """Standard fields and mapped ones, as Salesforce calls what they are made of; on the plan of deals alone."""
    mapping = {
        "header": {"custbody_stage": {"source": "stage"}, "department": {"source": "customer.name"}},
        "lines": {"class": {"source": "line.product_code"}},
    }
    policy = Policy.model_validate({"mapping": {"sales_order": mapping}})
    told = deal_column_metadata(policy)["dagster/column_lineage"]
    found = {
        name: {(dep.asset_key.to_user_string(), dep.column_name) for dep in deps}
        for name, deps in told.deps_by_column.items()
    }
    assert {("salesforce/opportunities", "CloseDate"), ("salesforce/orders", "EffectiveDate")} == found[
        "salesOrder.tranDate"
    ]
    assert ("salesforce/opportunities", "StageName") in found["salesOrder.custbody_stage"]
    assert ("salesforce/opportunities", "ProductCode") in found["salesOrder.item[].class"]
    assert {("stripe/customers", "name")} == found["salesOrder.department"]
    assert {name.partition(".")[0] for name in found} == {"salesOrder"}
    assert not [name for name in columns() if name.startswith("salesOrder")]


@pytest.mark.parametrize("level", ["header", "lines"])
def test_every_path_of_a_sales_order_has_a_source_in_salesforce(level: str):
    """But for the role of a line, which is ours, and the kind of document."""
    without = {path for path in paths_of("sales_order", level) if not read_by("sales_order", path)}
    assert without <= {"kind", "line.role"}


def test_every_source_is_an_asset_that_there_is():
    """Objects of Stripe and Salesforce lie where the assets that read them say."""
    kinds = {kind: f"stripe/{name}" for name, each in STRIPE_TYPES.items() for kind in each}
    kinds |= {kind: f"salesforce/{name}" for name, each in SALESFORCE_TYPES.items() for kind in each}
    for fields in STANDARD.values():
        for origin in fields.values():
            for path in origin.paths:
                owner = path.partition(".")[0]
                assert owner in ASSETS, path
                assert kinds[owner] == "/".join(ASSETS[owner])


def test_dagster_takes_it_as_metadata():
    """Under the names that its UI reads."""
    made = dg.MaterializeResult(metadata=column_metadata(Policy()))
    assert {"dagster/column_schema", "dagster/column_lineage"} == set(made.metadata or {})
