"""Orders in the sandbox's Salesforce: draft, activated, reduced, and what an activated one does not allow."""

from collections.abc import Iterator

import pytest

from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient


@pytest.fixture
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OrgClient]:
    with SandboxServer(tmp_path_factory.mktemp("orders")) as server:
        yield OrgClient(server)


def test_an_order_is_activated_once_it_has_items(org: OrgClient) -> None:
    """Draft first, then items, then activated; the total is that of the items."""
    account, entry = org.create("Account", Name="Buyer"), org.sellable()
    ready = {"AccountId": account, "EffectiveDate": "2026-11-01", "Status": "Activated"}
    assert org.refused("POST", "sobjects/Order", ready) == (400, "FAILED_ACTIVATION")
    order = draft_order(org, account)
    path = f"sobjects/Order/{order}"
    assert org.refused("PATCH", path, {"Status": "Activated"}) == (400, "FAILED_ACTIVATION")
    item = org.create("OrderItem", OrderId=order, PricebookEntryId=entry, Quantity=3, UnitPrice=7)
    org.change("Order", order, Status="Activated")
    look = (
        "SELECT OrderNumber, StatusCode, TotalAmount, (SELECT OrderItemNumber, TotalPrice FROM OrderItems) FROM Order"
    )
    (found,) = org.rows(look)
    assert (found["OrderNumber"], found["StatusCode"], found["TotalAmount"]) == ("00000001", "Activated", 21.0)
    assert found["OrderItems"]["records"][0]["TotalPrice"] == 21.0
    assert org.refused("PATCH", f"sobjects/OrderItem/{item}", {"Quantity": 4}) == (400, "FIELD_INTEGRITY_EXCEPTION")


def test_an_activated_order_stays_until_it_is_a_draft_again(org: OrgClient) -> None:
    """Neither it nor its products can be deleted; deactivated, both can."""
    order = draft_order(org, org.create("Account", Name="Buyer"))
    first, second = (
        org.create("OrderItem", OrderId=order, PricebookEntryId=org.sellable(), Quantity=1, UnitPrice=7)
        for _ in range(2)
    )
    org.change("Order", order, Status="Activated")
    assert org.refused("DELETE", f"sobjects/OrderItem/{first}") == (400, "DELETE_FAILED")
    assert org.refused("DELETE", f"sobjects/Order/{order}") == (400, "DELETE_FAILED")
    org.change("Order", order, Status="Draft")
    assert org.send("DELETE", f"sobjects/OrderItem/{first}").status_code == 204
    assert org.send("DELETE", f"sobjects/Order/{order}").status_code == 204
    assert org.column(f"SELECT Id FROM OrderItem WHERE Id IN ('{first}', '{second}')") == []


def test_order_products_are_of_the_orders_price_book(org: OrgClient) -> None:
    """An order without a price book takes none; one in another currency does not either."""
    account, entry = org.create("Account", Name="Buyer"), org.sellable()
    bare = org.create("Order", AccountId=account, EffectiveDate="2026-11-01", Status="Draft")
    for order, price in ((bare, entry), (draft_order(org, account), org.sellable(currency="EUR"))):
        item = {"OrderId": order, "PricebookEntryId": price, "Quantity": 1, "UnitPrice": 7}
        assert org.refused("POST", "sobjects/OrderItem", item) == (400, "FIELD_INTEGRITY_EXCEPTION")


def test_a_reduction_order_takes_from_an_activated_one(org: OrgClient) -> None:
    """Its products count below zero, and nobody else's do."""
    account, entry = org.create("Account", Name="Buyer"), org.sellable()
    order = draft_order(org, account)
    item = {"PricebookEntryId": entry, "UnitPrice": 7}
    below = item | {"OrderId": order, "Quantity": -1}
    assert org.refused("POST", "sobjects/OrderItem", below) == (400, "FIELD_INTEGRITY_EXCEPTION")
    org.create("OrderItem", **item, OrderId=order, Quantity=3)
    books = {"Pricebook2Id": standard_book(org), "EffectiveDate": "2026-11-02", "Status": "Draft"}
    less = {"AccountId": account, "IsReductionOrder": True, "OriginalOrderId": order, **books}
    assert org.refused("POST", "sobjects/Order", less) == (400, "FIELD_INTEGRITY_EXCEPTION")
    org.change("Order", order, Status="Activated")
    reduction = org.create("Order", **less)
    org.create("OrderItem", **item, OrderId=reduction, Quantity=-1)
    assert org.column(f"SELECT TotalAmount FROM Order WHERE Id = '{reduction}'") == [-7.0]


def standard_book(org: OrgClient) -> str:
    return str(org.column("SELECT Id FROM Pricebook2 WHERE IsStandard = true")[0])


def draft_order(org: OrgClient, account: str) -> str:
    given = {"EffectiveDate": "2026-11-01", "Status": "Draft", "Pricebook2Id": standard_book(org)}
    return org.create("Order", AccountId=account, **given)
