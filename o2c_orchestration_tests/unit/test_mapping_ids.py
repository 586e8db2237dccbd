"""Internal ids that a mapping names: of which kind of record each is, so that it can be looked up."""

import pytest

from o2c_orchestration.domain.mapping_fields import FREE
from o2c_orchestration.domain.mapping_ids import KINDS, NamedId, named_ids
from o2c_orchestration.domain.policy_mapping import Mappings

# Of these NetSuite does not say which table they are in, or there is none.
NOT_KNOWN = {
    *("billAddressList", "shipAddressList", "leadSource", "customForm", "messageSel", "revRecSchedule"),
    *("paymentMethod", "paymentOption", "entityStatus"),
}


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("category", "customercategory"),
        ("terms", "term"),
        ("salesRep", "employee"),
        ("receivablesAccount", "account"),
        ("parent", "customer"),
        ("priceLevel", "pricelevel"),
        ("customForm", None),
    ],
)
def test_an_id_is_of_the_record_that_its_field_says(field, kind):
    """Alone, and in a table."""
    rule = {"lookup": "t", "by": "metadata.x", "default": 7}
    made = Mappings.model_validate({"tables": {"t": {"EU": 8}}, "customer": {"header": {field: rule}}})
    assert named_ids(made) == [
        NamedId(f"mapping.customer.header.{field}", field, kind, "7"),
        NamedId("mapping.tables.t.EU", field, kind, "8"),
    ]


def test_every_field_of_an_id_is_known_or_known_not_to_be():
    """One that is new, or that is taken out of the table, is no longer looked up, and nobody would notice."""
    fields = {field for each in FREE.values() for field, kind in each.items() if kind == "r"}
    assert fields - KINDS.keys() == NOT_KNOWN
