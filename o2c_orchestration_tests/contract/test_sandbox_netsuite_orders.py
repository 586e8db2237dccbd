"""Promises of sales orders under the sandbox's NetSuite: what they post, what bills them, and every status."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.netsuite.store import FILE_NAME
from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account, error_of, running_account

STATUS = "SELECT status, BUILTIN.DF(status) AS name FROM transaction WHERE id = "


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def line(quantity: float | None = None, rate: float | None = None, item: str = "1", **more: Any) -> dict[str, Any]:
    """A line of an order at a custom price."""
    given = {"quantity": quantity, "rate": rate, "price": {"id": "-1"}, **more}
    return {"item": {"id": item}, **{name: value for name, value in given.items() if value is not None}}


def order_body(customer: str, *lines: dict[str, Any], **body: Any) -> dict[str, Any]:
    """An order as our client posts it."""
    return {"entity": {"id": customer}, "currency": {"id": "1"}, "item": {"items": list(lines)}, **body}


def goods(account: Account, name: str) -> str:
    """An item that has to be fulfilled before it is billed."""
    return account.create("nonInventorySaleItem", {"itemId": name})


def status(account: Account, order: str) -> str:
    """The letter of an order, which SuiteQL, record and screen agree on."""
    (row,) = account.sql(STATUS + order)
    shown = account.get(f"salesOrder/{order}")["status"]
    assert row == {"status": shown["id"], "name": f"Sales Order : {shown['refName']}"}
    (seen,) = [each for each in orders(account) if each["id"] == order]
    assert seen["status"] == row["status"]
    return str(row["status"])


def orders(account: Account) -> list[dict[str, Any]]:
    """All orders as the screen lists them."""
    answer = account.session.get(f"{account.base_url}/_sandbox/netsuite/orders", timeout=10)
    return list(answer.json()["orders"])


def desk(account: Account, do: str, order: str, **more: Any) -> dict[str, Any]:
    """What a clerk does with an order."""
    return account.control("orders", {"do": do, "id": order, **more})


def refused_desk(account: Account, do: str, order: str, **more: Any) -> str:
    """Why a clerk cannot do it."""
    url = f"{account.base_url}/_sandbox/netsuite/orders"
    answer = account.session.post(url, json={"do": do, "id": order, **more}, timeout=10)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"])


def transformed(account: Account, order: str, *lines: dict[str, Any], **body: Any) -> requests.Response:
    """The answer to billing an order over REST."""
    given = body | ({"item": {"items": list(lines)}} if lines else {})
    return account.call("POST", f"salesOrder/{order}/!transform/invoice", given)


def billed(account: Account, order: str, *lines: dict[str, Any], **body: Any) -> str:
    """The id of the invoice that bills an order."""
    answer = transformed(account, order, *lines, **body)
    assert answer.status_code == 204, answer.text
    return answer.headers["Location"].rsplit("/invoice/", 1)[1]


def quantities(account: Account, order: str) -> list[tuple[float, float]]:
    """Ordered and billed of each line."""
    return [(each["quantity"], each["quantityBilled"]) for each in account.get(f"salesOrder/{order}")["item"]["items"]]


def test_an_order_is_read_as_it_was_written(account: Account) -> None:
    """Every property comes back, over REST and SuiteQL; nothing is posted and nothing is owed."""
    customer = account.customer()
    body = order_body(
        customer,
        line(12, 99.95, description="Seats"),
        line(amount=-100, item="2", price=None),
        externalId="006000000000001AAA",
        tranDate="2026-03-02",
        subsidiary={"id": "1"},
        memo="Acme 2026",
        otherRefNum="PO-7",
        startDate="2026-04-01",
        endDate="2027-03-31",
    )
    order = account.create("salesOrder", body)
    record = account.get("salesOrder/eid:006000000000001AAA")
    kept = ("externalId", "tranDate", "memo", "otherRefNum", "startDate", "endDate")
    assert {name: record[name] for name in kept} == {name: body[name] for name in kept}
    assert (record["id"], record["total"], record["tranId"]) == (order, 1099.4, f"SO{order}")
    assert record["status"] == {"id": "F", "refName": "Pending Billing"} == record["orderStatus"]
    first = record["item"]["items"][0]
    shown = {"quantity": 12, "rate": 99.95, "amount": 1199.4, "description": "Seats", "price": {"id": "-1"}}
    assert {name: first[name] for name in shown} == shown
    assert not {"postingPeriod", "dueDate"} & set(record)
    assert account.get(f"customer/{customer}")["balance"] == 0
    rows = account.sql(
        "SELECT t.type, t.recordtype, t.posting, t.foreigntotal, t.externalid, TO_CHAR(t.startdate, 'YYYY-MM-DD') AS s,"
        f" l.mainline, l.quantity, l.foreignamount, l.item FROM transaction t JOIN transactionline l"
        f" ON l.transaction = t.id WHERE t.id = {order} ORDER BY l.id"
    )
    assert [row.get("foreignamount") for row in rows] == ["1099.4", "-1199.4", "100"]
    head = {"type": "SalesOrd", "recordtype": "salesorder", "posting": "F", "foreigntotal": "1099.4", "s": "2026-04-01"}
    assert all(row.items() >= head.items() for row in rows)
    assert (rows[1]["quantity"], rows[1]["item"], rows[1]["externalid"]) == ("-12", "1", "006000000000001AAA")
    (posted,) = account.sql(
        f"SELECT COUNT(*) AS n FROM transactionaccountingline WHERE transaction = {order} AND posting = 'T'"
    )
    assert posted["n"] == "0"


@pytest.mark.parametrize(
    ("broken", "detail", "path"),
    [
        ({"entity": None}, "Please enter value(s) for: Customer.", None),
        ({"item": {"items": []}}, "You must enter at least one line item", None),
        ({"item": {"items": [{"quantity": 1, "rate": 2}]}}, "Please enter value(s) for: Item.", None),
        ({"item": {"items": [line(1)]}}, "Invalid content", "item.items[0].amount"),
        ({"item": {"items": [line(1, 2, item="999")]}}, "Invalid Field Value 999", "item.items[0].item"),
        ({"entity": {"id": "99999"}}, "Invalid Field Value 99999", "entity"),
        ({"currency": {"id": "4"}}, "Invalid Field Value 4", "currency"),
        ({"subsidiary": {"id": "7"}}, "Invalid Field Value 7", "subsidiary"),
        ({"orderStatus": {"id": "G"}}, "Invalid Field Value G", "orderStatus"),
    ],
)
def test_a_body_that_cannot_be(account: Account, broken: dict[str, Any], detail: str, path: str | None) -> None:
    """What is missing and what does not exist is refused as in an invoice, and leaves nothing behind."""
    before = len(orders(account))
    error = account.refused("POST", "salesOrder", order_body(account.customer(), line(1, 2)) | broken)
    assert detail in error["detail"]
    assert error.get("o:errorPath") == path
    assert len(orders(account)) == before


def test_no_period_keeps_an_order_out(account: Account) -> None:
    """An order is written into a closed month and into one that no period covers; its invoice is not."""
    customer = account.customer()
    account.control("periods", {"name": "Jan 2025", "closed": True})
    order = account.create("salesOrder", order_body(customer, line(1, 5), tranDate="2025-01-15"))
    account.create("salesOrder", order_body(customer, line(1, 5), tranDate="2031-01-15"))
    answer = transformed(account, order, tranDate="2025-01-20")
    assert "closed period" in error_of(answer)["detail"]
    assert status(account, order) == "F"


def test_external_ids_share_one_namespace(account: Account) -> None:
    """An id that an invoice has is taken for orders, whatever its case, and the other way round."""
    customer = account.customer()
    account.invoice(customer, 5, externalId="006Shared")
    error = account.refused("POST", "salesOrder", order_body(customer, line(1, 5), externalId="006SHARED"))
    assert "This record already exists." in error["detail"]
    account.create("salesOrder", order_body(customer, line(1, 5), externalId="006Order"))
    answer = account.call("PUT", "invoice/eid:006order", {"entity": {"id": customer}, "item": {"items": [line(1, 5)]}})
    assert "This record already exists." in error_of(answer)["detail"]


def test_upsert_replaces_lines_only_when_asked(account: Account) -> None:
    """A second PUT doubles the lines, unless it replaces the sublist."""
    customer, path = account.customer(), "salesOrder/eid:006Twice"
    body = order_body(customer, line(2, 10))
    for query, total in (("", 20), ("", 40), ("?replace=item", 20)):
        assert account.call("PUT", path + query, body).status_code == 204
        assert account.get(path)["total"] == total
    assert account.call("PATCH", path, {"memo": "later"}).status_code == 204
    assert (account.get(path)["memo"], account.get(path)["total"]) == ("later", 20)


def test_billed_in_parts(account: Account) -> None:
    """Part by part the order is billed; the last part makes it Billed, a deleted invoice opens it again."""
    order = account.create("salesOrder", order_body(account.customer(), line(10, 7.5), line(amount=40)))
    first = billed(account, order, {"orderLine": 1, "quantity": 4}, {"orderLine": 2, "quantity": 0})
    assert (account.get(f"invoice/{first}")["total"], status(account, order)) == (30, "F")
    shown = account.get(f"salesOrder/{order}")["item"]["items"]
    assert [(each.get("quantity"), each["quantityBilled"], each["isOpen"]) for each in shown] == [
        (10, 4, True),
        (None, 0, True),
    ]
    rest = billed(account, order)
    assert account.get(f"invoice/{rest}")["total"] == 6 * 7.5 + 40
    assert account.get(f"invoice/{rest}")["createdFrom"]["id"] == order
    assert status(account, order) == "G"
    assert f"You have an invalid sales order {order}" in error_of(transformed(account, order))["detail"]
    (seen,) = account.sql(
        f"SELECT quantitybilled, quantity FROM transactionline WHERE transaction = {order} AND id = 1"
    )
    assert seen == {"quantitybilled": "10", "quantity": "-10"}
    named = account.sql(
        f"SELECT DISTINCT transaction AS id FROM transactionline WHERE createdfrom = {order} ORDER BY 1"
    )
    assert [row["id"] for row in named] == [first, rest]
    assert account.call("DELETE", f"invoice/{rest}").status_code == 204
    assert status(account, order) == "F"
    account.control("void", {"id": first})
    assert billed(account, order) != rest
    assert status(account, order) == "G"


def test_an_invoice_that_names_its_order(account: Account) -> None:
    """`createdFrom` bills the lines of the same item, or those that `orderLine` names; never another customer's."""
    customer = account.customer()
    order = account.create("salesOrder", order_body(customer, line(3, 10), line(2, 50, item="8")))
    head = {"entity": {"id": customer}, "createdFrom": {"id": order}}
    account.create("invoice", {**head, "item": {"items": [line(2, 50, item="8"), line(1, 3, item="4")]}})
    assert quantities(account, order) == [(3, 0), (2, 2)]
    error = account.refused("POST", "invoice", {**head, "item": {"items": [line(1, 10, orderLine=9)]}})
    assert error["o:errorPath"] == "item.items[0].orderLine"
    stranger = {**head, "entity": {"id": account.customer()}}
    assert (
        "invalid sales order"
        in account.refused("POST", "invoice", {**stranger, "item": {"items": [line(1, 1)]}})["detail"]
    )
    last = account.create("invoice", {**head, "item": {"items": [line(3, 10, orderLine=1)]}})
    assert (quantities(account, order), status(account, order)) == ([(3, 3), (2, 2)], "G")
    assert "already billed" in account.refused("POST", "invoice", {**head, "item": {"items": [line(1, 1)]}})["detail"]
    # One that bills the order already is changed as any other.
    assert account.call("PATCH", f"invoice/{last}", {"memo": "later"}).status_code == 204
    assert (
        account.call("PATCH", f"invoice/{last}", {"item": {"items": [{"line": 1, "quantity": 1}]}}).status_code == 204
    )
    assert (quantities(account, order), status(account, order)) == ([(3, 1), (2, 2)], "F")


def test_approval(account: Account) -> None:
    """An order that waits for approval cannot be billed; approval is a property, for clients and clerks alike."""
    customer = account.customer()
    order = account.create("salesOrder", order_body(customer, line(1, 5), orderStatus={"id": "A"}))
    assert (status(account, order), transformed(account, order).status_code) == ("A", 400)
    assert account.call("PATCH", f"salesOrder/{order}", {"orderStatus": "B"}).status_code == 204
    assert status(account, order) == "F"
    assert desk(account, "unapprove", order)["status"] == "A"
    assert desk(account, "approve", order)["status"] == "F"
    assert desk(account, "default", order, status="A") == {"status": "A"}
    later = account.create("salesOrder", order_body(customer, line(1, 5)))
    desk(account, "default", order, status="B")
    assert status(account, later) == "A"


def test_goods_are_fulfilled_first(account: Account) -> None:
    """B, D, E, F and G, as goods leave and are billed; what has not left cannot be billed."""
    order = account.create("salesOrder", order_body(account.customer(), line(5, 20, item=goods(account, "Box"))))
    assert (status(account, order), transformed(account, order).status_code) == ("B", 400)
    assert desk(account, "fulfil", order, lines={"1": 2})["status"] == "E"
    invoice = desk(account, "bill", order, body={"tranDate": "2026-05-05"})["invoice"]
    assert (account.get(f"invoice/{invoice}")["total"], status(account, order)) == (40, "D")
    assert desk(account, "fulfil", order)["status"] == "F"
    assert account.get(f"salesOrder/{order}")["item"]["items"][0]["quantityFulfilled"] == 5
    assert desk(account, "bill", order, lines={"1": 3})["status"] == "G"
    assert "nothing to fulfil" in refused_desk(account, "fulfil", order)


def test_closed_and_cancelled(account: Account) -> None:
    """Closed lines are billed no more; what was billed cannot be cancelled; both end what is left."""
    customer = account.customer()
    order = account.create("salesOrder", order_body(customer, line(4, 10), line(1, 5, item="8")))
    billed(account, order, {"orderLine": 1, "quantity": 1}, {"orderLine": 2, "quantity": 0})
    assert "cannot be cancelled" in refused_desk(account, "cancel", order)
    closing = {"item": {"items": [{"line": 1, "isclosed": True}]}}
    assert account.call("PATCH", f"salesOrder/{order}", closing).status_code == 204
    head = {"entity": {"id": customer}, "createdFrom": {"id": order}}
    account.create("invoice", {**head, "item": {"items": [line(1, 10)]}})
    assert (status(account, order), quantities(account, order)) == ("F", [(4, 1), (1, 0)])
    assert account.get(f"invoice/{billed(account, order)}")["total"] == 5
    assert status(account, order) == "H"
    assert transformed(account, order).status_code == 400
    third = account.create("salesOrder", order_body(customer, line(4, 10), line(1, 5)))
    assert desk(account, "close", third, lines={"2": True})["status"] == "F"
    assert desk(account, "close", third)["status"] == "H"
    (row,) = account.sql(f"SELECT isclosed FROM transactionline WHERE transaction = {order} AND id = 1")
    assert row["isclosed"] == "T"
    other = account.create("salesOrder", order_body(customer, line(1, 5)))
    assert desk(account, "cancel", other)["status"] == "C"
    assert (account.call("PATCH", f"salesOrder/{other}", {"memo": "x"}).status_code, status(account, other)) == (
        204,
        "C",
    )
    assert transformed(account, other).status_code == 400


def test_edits_of_a_billed_order(account: Account) -> None:
    """A line may grow, and shrink to what is billed of it; less, another item, another customer are refused."""
    order = account.create("salesOrder", order_body(account.customer(), line(4, 10)))
    billed(account, order, {"orderLine": 1, "quantity": 3})
    for change in (
        {"item": {"items": [{"line": 1, "quantity": 2}]}},
        {"item": {"items": [{"line": 1, "item": {"id": "8"}}]}},
        {"entity": {"id": account.customer()}},
        {"orderStatus": {"id": "A"}},
    ):
        assert account.call("PATCH", f"salesOrder/{order}", change).status_code == 400
    assert account.call("PATCH", f"salesOrder/{order}?replace=item", {"item": None}).status_code == 400
    edited = desk(account, "edit", order, body={"item": {"items": [{"line": 1, "quantity": 3}]}})
    assert edited["status"] == "G"
    body = {"item": {"items": [line(6, 10)]}}
    assert desk(account, "edit", order, body=body, replace=["item"])["status"] == "F"


def test_deleted(account: Account) -> None:
    """An order that nothing bills is deleted and leaves a trace; one with an invoice is not."""
    customer = account.customer()
    order = account.create("salesOrder", order_body(customer, line(1, 5)))
    other = account.create("salesOrder", order_body(customer, line(1, 5)))
    assert desk(account, "delete", order) == {"deleted": True}
    (trace,) = account.sql(f"SELECT type FROM deletedrecord WHERE recordid = {order}")
    assert trace["type"] == "SalesOrd"
    billed(account, other)
    assert "linked to by one or more" in refused_desk(account, "delete", other)


def test_billing_counts_as_a_change_of_the_order(account: Account) -> None:
    """Whoever polls orders by their last change sees that one was billed, in part as well."""
    order = account.create("salesOrder", order_body(account.customer(), line(2, 5)))
    store = account.sandbox.service.ledger.store
    with store.write() as connection:
        connection.execute(
            "UPDATE \"transaction\" SET lastmodifieddate = '~2020-01-01 00:00:00' WHERE id = ?", (order,)
        )
    billed(account, order, {"orderLine": 1, "quantity": 1})
    (row,) = account.sql(f"SELECT TO_CHAR(lastmodifieddate, 'YYYY') AS year FROM transaction WHERE id = {order}")
    assert row["year"] != "2020"


def test_an_account_of_an_earlier_version(tmp_path: Path) -> None:
    """An account whose lines lack the columns of orders is opened, and sells."""
    with running_account(tmp_path) as account:
        account.customer()
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    for column in ("quantitybilled", "quantityshiprecv"):
        connection.execute(f"ALTER TABLE transactionline DROP COLUMN {column}")
    connection.close()
    with running_account(tmp_path) as account:
        order = account.create("salesOrder", order_body(account.customer(companyName="Later"), line(2, 5)))
        assert (status(account, order), billed(account, order) != order, status(account, order)) == ("F", True, "G")
