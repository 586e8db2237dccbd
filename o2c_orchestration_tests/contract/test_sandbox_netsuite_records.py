"""Promises of record/v1 in the sandbox: verbs, names, references, sublists, transforms, collections."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from o2c_orchestration_tests.contract.sandbox_netsuite_account import (
    RECORDS,
    Account,
    error_of,
    payment_body,
    running_account,
)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        yield account


def _lines(account: Account, invoice: str) -> list[Any]:
    return [line["amount"] for line in account.get(f"invoice/{invoice}")["item"]["items"]]


def test_create_answers_204_with_location(account: Account) -> None:
    """A create has no body; the new id is the last part of the Location."""
    answer = account.call("POST", "customer", {"companyName": "Acme", "subsidiary": {"id": "1"}})
    assert (answer.status_code, answer.content) == (204, b"")
    location = answer.headers["Location"]
    assert location.startswith(f"{account.base_url}{RECORDS}/customer/")
    assert account.session.get(location, timeout=5).json()["companyName"] == "Acme"


def test_names_are_case_insensitive(account: Account) -> None:
    """Record segments and property names work in any case."""
    body = {"COMPANYNAME": "Acme", "Subsidiary": {"ID": "1"}, "externalid": "cus_case"}
    customer = account.create("CUSTOMER", body)
    assert account.get("Customer/EID:CUS_CASE")["id"] == customer
    line = {"Item": {"id": "1"}, "AMOUNT": 5}
    invoice = account.create("Invoice", {"ENTITY": customer, "ITEM": {"items": [line]}})
    assert account.get(f"invoice/{invoice}")["total"] == 5


def test_get_shapes(account: Account) -> None:
    """References carry links, id and name; sublists are links until expanded; ids are text."""
    customer = account.customer(externalId="cus_shapes")
    invoice = account.invoice(customer, 10, externalId="in_shapes", tranDate="2026-10-05", memo="m")
    answer = account.call("GET", "invoice/eid:in_shapes")
    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=singular"
    body = answer.json()
    assert body["id"] == invoice
    assert body["entity"]["id"] == customer
    assert set(body["entity"]) == {"links", "id", "refName"}
    assert body["item"] == {"links": [{"rel": "self", "href": f"{account.base_url}{RECORDS}/invoice/{invoice}/item"}]}
    assert body["status"] == {"id": "A", "refName": "Open"}
    assert (body["tranDate"], body["memo"], body["total"]) == ("2026-10-05", "m", 10)
    assert body["postingPeriod"]["refName"] == "Oct 2026"
    assert body["createdDate"].endswith("Z")
    expanded = account.get(f"invoice/{invoice}")["item"]
    assert (expanded["count"], expanded["totalResults"], expanded["hasMore"]) == (1, 1, False)
    assert account.call("GET", f"invoice/{invoice}/item").json()["items"] == expanded["items"]
    assert account.call("GET", f"invoice/{invoice}/item/1").json()["amount"] == 10


def test_fields_selects(account: Account) -> None:
    """`fields` names body properties; a sublist cannot be selected."""
    invoice = account.invoice(account.customer(), 10)
    body = account.call("GET", f"invoice/{invoice}", params={"fields": "total,tranid"}).json()
    assert set(body) == {"links", "id", "total", "tranId"}
    error = account.refused("GET", f"invoice/{invoice}", params={"fields": "item"})
    assert error["o:errorCode"] == "INVALID_PARAMETER"


def test_patch_changes_what_it_names(account: Account) -> None:
    """Omitted properties stay, null clears."""
    customer = account.customer(email="a@example.com", phone="5550100")
    answer = account.call("PATCH", f"customer/{customer}", {"email": None, "comments": "new"})
    assert answer.status_code == 204
    assert answer.headers["Location"].endswith(f"/customer/{customer}")
    body = account.get(f"customer/{customer}")
    assert (body.get("email"), body["phone"], body["comments"]) == (None, "5550100", "new")


def test_put_makes_then_changes(account: Account) -> None:
    """An upsert by external id creates once and updates afterwards."""
    first = account.call("PUT", "customer/eid:cus_put", {"companyName": "A", "subsidiary": {"id": "1"}})
    second = account.call("PUT", "customer/eid:cus_put", {"companyName": "B"})
    assert (first.status_code, second.status_code) == (204, 204)
    assert first.headers["Location"] == second.headers["Location"]
    assert account.get("customer/eid:cus_put")["companyName"] == "B"
    assert account.call("PUT", "customer/101", {"companyName": "B"}).status_code == 405


def test_repeated_upsert_doubles_lines(account: Account) -> None:
    """Lines of an item sublist are appended, unless the request replaces them or names the line."""
    customer = account.customer()
    body = {"entity": {"id": customer}, "item": {"items": [{"item": {"id": "1"}, "amount": 10}]}}
    invoice = account.call("PUT", "invoice/eid:in_twice", body).headers["Location"].rsplit("/", 1)[1]
    account.call("PUT", "invoice/eid:in_twice", body)
    assert _lines(account, invoice) == [10, 10]
    account.call("PUT", "invoice/eid:in_twice?replace=item", body)
    assert _lines(account, invoice) == [10]
    line = account.get(f"invoice/{invoice}")["item"]["items"][0]["line"]
    changed = {"item": {"items": [{"line": line, "amount": 12}, {"item": {"id": "1"}, "amount": 1}]}}
    account.call("PATCH", f"invoice/{invoice}", changed)
    assert _lines(account, invoice) == [12, 1]
    error = account.refused("PATCH", f"invoice/{invoice}", {"item": None})
    assert error["detail"].endswith("You must enter at least one line item for this transaction.")


def test_apply_is_keyed_by_doc(account: Account) -> None:
    """A second application to the same invoice changes the first; false takes it away."""
    customer = account.customer()
    one, two = account.invoice(customer, 10), account.invoice(customer, 20)
    payment = account.payment(customer, 25, {one: 10})
    path = f"customerPayment/{payment}"
    account.call("PATCH", path, payment_body(customer, 25, {one: 4, two: 20}))
    assert [account.get(f"invoice/{each}")["amountRemaining"] for each in (one, two)] == [6, 0]
    off = {"customer": {"id": customer}, "apply": {"items": [{"doc": {"id": two}, "apply": False}]}}
    account.call("PATCH", path, off)
    assert [account.get(f"invoice/{each}")["amountRemaining"] for each in (one, two)] == [6, 20]
    account.call("PATCH", f"{path}?replace=apply", payment_body(customer, 25, {two: 5}))
    assert [account.get(f"invoice/{each}")["amountRemaining"] for each in (one, two)] == [10, 15]
    body = account.get(path)
    assert (body["applied"], body["unapplied"]) == (5, 20)
    (line,) = body["apply"]["items"]
    assert (line["doc"]["id"], line["amount"], line["due"], line["total"]) == (two, 5, 15, 20)


def test_unknown_names(account: Account) -> None:
    """Unknown names are dropped with a warning, refused or ignored, as the header asks."""
    body = {"companyName": "A", "subsidiary": {"id": "1"}, "compnyName": "B"}
    header = "X-NetSuite-PropertyNameValidation"
    warned = account.call("POST", "customer", body)
    assert "compnyName" in warned.headers[f"{header}-Warning"]
    ignored = account.call("POST", "customer", body, headers={header: "ignore"})
    assert f"{header}-Warning" not in ignored.headers
    error = account.refused("POST", "customer", body, headers={header: "error"})
    assert (error["o:errorCode"], error["o:errorPath"]) == ("INVALID_CONTENT", "compnyName")
    line = {"item": {"id": "1"}, "amont": 5, "amount": 6}
    invoice = {"entity": {"id": account.customer()}, "item": {"items": [line]}}
    error = account.refused("POST", "invoice", invoice, headers={header: "error"})
    assert error["o:errorPath"] == "item.items[0].amont"


def test_wrong_syntax(account: Account) -> None:
    """Bad JSON and values of the wrong kind are INVALID_CONTENT."""
    url = f"{account.base_url}{RECORDS}/customer"
    for text in ("{", "[]", "", '{"creditLimit": NaN}'):
        answer = account.session.post(url, data=text, timeout=5)
        assert answer.status_code == 400
        assert error_of(answer)["o:errorCode"] == "INVALID_CONTENT"
        assert error_of(answer)["detail"].startswith("Invalid content in the request body")
    for wrong in (
        {"isPerson": "yes"},
        {"companyName": {}},
        {"subsidiary": {"name": "x"}},
        {"startDate": "1/2/2026"},
    ):
        assert account.refused("POST", "customer", wrong)["o:errorCode"] == "INVALID_CONTENT"


def test_missing_record_and_type(account: Account) -> None:
    """A missing instance is 404 NONEXISTENT_ID; a missing type says so."""
    for path in ("invoice/999999", "invoice/eid:in_none", "invoice/abc"):
        answer = account.call("GET", path)
        assert answer.status_code == 404
        detail = error_of(answer)
        assert detail["o:errorCode"] == "NONEXISTENT_ID"
        assert detail["detail"] == "The record instance does not exist. Provide a valid record instance ID."
    answer = account.call("GET", "bad-path")
    assert (answer.status_code, error_of(answer)["detail"]) == (404, "Record type 'bad-path' does not exist")
    customer = account.customer(externalId="cus_type")
    assert account.call("GET", f"invoice/{customer}").status_code == 404
    assert account.call("GET", "invoice/eid:cus_type").status_code == 404


def test_wrong_urls_and_methods(account: Account) -> None:
    """A path that is none is INVALID_URL; a verb that the record lacks is INVALID_METHOD."""
    assert account.refused("GET", "/services/rest/nowhere")["o:errorCode"] == "INVALID_URL"
    for method, path in (("DELETE", "currency/1"), ("POST", "subsidiary"), ("PATCH", "invoice")):
        answer = account.call(method, path, {})
        assert (answer.status_code, error_of(answer)["o:errorCode"]) == (405, "INVALID_METHOD")
    error = account.refused("POST", "customer", {}, headers={"Prefer": "respond-async"})
    assert "not supported" in error["detail"]


def test_delete(account: Account) -> None:
    """A record that nothing depends on goes; the id answers 404 and its external id is free again."""
    customer = account.customer()
    invoice = account.invoice(customer, 10, externalId="in_gone")
    assert account.call("DELETE", f"invoice/{invoice}").status_code == 204
    assert account.call("GET", f"invoice/{invoice}").status_code == 404
    again = account.invoice(customer, 10, externalId="in_gone")
    assert int(again) > int(invoice)
    assert account.sql("SELECT recordid FROM deletedrecord WHERE recordid = ?", invoice) == [{"recordid": invoice}]


def test_collection(account: Account) -> None:
    """A collection gives ids and links, page by page; offsets between pages are refused."""
    customer = account.customer(companyName="Collector", email="c@example.com")
    invoices = [account.invoice(customer, 1, otherRefNum=f"po-{n}") for n in range(5)]
    query = {"q": f"entity ANY_OF [{customer}]", "limit": "2"}
    page = account.call("GET", "invoice", params={**query, "offset": "2"}).json()
    assert [item["id"] for item in page["items"]] == invoices[2:4]
    assert (page["count"], page["offset"], page["hasMore"], page["totalResults"]) == (2, 2, True, 5)
    links = {link["rel"]: link["href"] for link in page["links"]}
    assert set(links) == {"self", "next", "last", "prev", "first"}
    following = account.session.get(links["next"], timeout=5).json()
    assert ([item["id"] for item in following["items"]], following["hasMore"]) == (invoices[4:], False)
    assert account.refused("GET", "invoice", params={"limit": "2", "offset": "1"})
    assert account.refused("GET", "invoice", params={"limit": "1001"})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('email IS "Q@example.com"', True),
        ('companyName START_WITH "Quer" AND email CONTAIN "example"', True),
        ('companyName IS "Nobody" OR externalId IS "cus_Q" AND isInactive IS false', True),
        ("(companyName IS Nobody OR externalId IS cus_Q) AND isInactive IS true", False),
        ('dateCreated ON_OR_AFTER "1/1/2020"', True),
        ('dateCreated BEFORE "1/1/2020"', False),
        ("phone EMPTY", True),
        ("companyName IS_NOT Query", False),
    ],
)
def test_filters(account: Account, query: str, found: bool) -> None:
    """The q language finds what it says."""
    if account.call("GET", "customer/eid:cus_q").status_code == 404:
        account.customer(companyName="Query", email="q@example.com", externalId="cus_q")
    customer = account.get("customer/eid:cus_q")["id"]
    page = account.call("GET", "customer", params={"q": query}).json()
    assert (customer in [item["id"] for item in page["items"]]) is found


def test_bad_filters(account: Account) -> None:
    """ISO dates, unknown properties and broken text are refused."""
    for query in ('dateCreated AFTER "2026-01-01"', 'nothing IS "x"', "email IS", "email LOOKS x"):
        assert account.refused("GET", "customer", params={"q": query})["o:errorCode"] == "INVALID_PARAMETER"


def test_transform_order_to_invoice(account: Account) -> None:
    """An order becomes an invoice once; then it is billed."""
    customer = account.customer()
    lines = [{"item": {"id": "1"}, "quantity": 2, "rate": 7.5}]
    order = account.create("salesOrder", {"entity": {"id": customer}, "item": {"items": lines}, "memo": "so"})
    answer = account.call("POST", f"salesOrder/{order}/!transform/invoice")
    assert answer.status_code == 204
    invoice = account.get(f"invoice/{answer.headers['Location'].rsplit('/', 1)[1]}")
    assert (invoice["total"], invoice["memo"], invoice["createdFrom"]["id"]) == (15, "so", order)
    assert account.get(f"salesOrder/{order}")["status"]["refName"] == "Billed"
    error = account.refused("POST", f"salesOrder/{order}/!transform/invoice")
    assert f"You have an invalid sales order {order} or the order is already billed" in error["detail"]


def test_transform_invoice_to_memo_and_payment(account: Account) -> None:
    """An invoice becomes a memo applied to itself, or a payment of what is left, as the client says."""
    customer = account.customer()
    invoice = account.invoice(customer, 100)
    lines = [{"item": {"id": "1"}, "amount": 30}]
    answer = account.call(
        "POST",
        f"invoice/{invoice}/!transform/creditMemo?replace=item",
        {
            "externalId": "cn_1",
            "item": {"items": lines},
            "apply": {"items": [{"doc": {"id": invoice}, "amount": 30}]},
        },
    )
    assert answer.status_code == 204, answer.text
    assert account.get("creditMemo/eid:cn_1")["status"]["refName"] == "Fully Applied"
    account.call("POST", f"invoice/{invoice}/!transform/customerPayment", {"externalId": "ch_part", "payment": 20})
    assert account.get("customerPayment/eid:ch_part")["unapplied"] == 0
    account.call("POST", f"invoice/{invoice}/!transform/customerPayment", {"externalId": "ch_rest"})
    assert account.get("customerPayment/eid:ch_rest")["payment"] == 50
    assert account.get(f"invoice/{invoice}")["status"]["refName"] == "Paid In Full"
    error = account.refused("POST", f"invoice/{invoice}/!transform/customerPayment")
    assert f"Can not initialize customerPayment: invalid invoice reference {invoice}." in error["detail"]
    assert account.call("POST", f"invoice/{invoice}/!transform/deposit").status_code == 400


def test_select_options(account: Account) -> None:
    """A create with the select-options media type lists choices and creates nothing."""
    customer = account.customer(currency={"id": "7"})
    answer = account.call(
        "POST",
        "invoice?fields=currency,subsidiary",
        {"entity": {"id": customer}},
        headers={"Accept": "application/vnd.oracle.resource+json; type=select-options"},
    )
    options = answer.json()
    assert options["currency"]["_selectOptions"]["items"] == [{"id": "7", "refName": "Japanese Yen"}]
    assert options["subsidiary"]["_selectOptions"]["items"] == [{"id": "1", "refName": "Parent Company"}]


def test_chart_of_a_fresh_account(account: Account) -> None:
    """The currencies, accounts, items and periods that the demo company leans on are there."""
    symbols = {row["symbol"]: row["id"] for row in account.sql("SELECT id, symbol FROM currency ORDER BY id")}
    assert symbols == {"USD": "1", "EUR": "4", "GBP": "2", "JPY": "7", "KWD": "9", "CAD": "3"}
    names = {row["n"] for row in account.sql("SELECT accountsearchdisplayname AS n FROM account ORDER BY id")}
    assert names >= {
        "Accounts Receivable",
        "Undeposited Funds",
        "Checking",
        "Sales",
        "Sales Tax Payable",
        "Suspense",
    }
    items = {row["itemid"]: row["itemtype"] for row in account.sql("SELECT itemid, itemtype FROM item ORDER BY id")}
    assert items["Stripe Item"] == "Service"
    assert items["Stripe Discount"] == "Discount"
    assert items["Stripe Tax"] == "OthCharge"
    assert "Stripe Shipping" in items
    months = account.sql("SELECT periodname FROM accountingperiod WHERE isposting = 'T' ORDER BY startdate, id")
    assert (len(months), months[0], months[-1]) == (
        48,
        {"periodname": "Jan 2024"},
        {"periodname": "Dec 2027"},
    )
    assert account.get("currency/7")["symbol"] == "JPY"
    assert account.get("subsidiary/1")["name"] == "Parent Company"
    assert account.get("account/2")["acctName"] == "Accounts Receivable"
    assert account.get("serviceSaleItem/1")["itemId"] == "Stripe Item"
    assert account.call("GET", "discountItem/1").status_code == 404


def test_items_can_be_made(account: Account) -> None:
    """A service item with an external id is made once."""
    item = account.create("serviceSaleItem", {"itemId": "Gold plan", "externalId": "price_gold"})
    error = account.refused("POST", "serviceSaleItem", {"itemId": "Other", "externalId": "PRICE_GOLD"})
    assert error["detail"].endswith("This record already exists.")
    customer = account.customer()
    line = {"item": {"externalId": "price_gold"}, "amount": 3}
    invoice = account.create("invoice", {"entity": {"id": customer}, "item": {"items": [line]}})
    assert account.get(f"invoice/{invoice}")["item"]["items"][0]["item"]["id"] == item


def test_state_survives_a_restart(tmp_path: Path) -> None:
    """A second server on the same directory knows every record, and old tokens still work."""
    with running_account(tmp_path) as first:
        customer = first.customer(externalId="cus_kept")
        token = first.session.headers["Authorization"]
    with running_account(tmp_path) as second:
        second.session.headers["Authorization"] = token
        assert second.get("customer/eid:cus_kept")["id"] == customer


def test_parallel_upserts_of_one_id_make_one_record(account: Account) -> None:
    """Racing upserts of the same external id end in one record."""
    body = {"companyName": "Race", "subsidiary": {"id": "1"}}
    statuses: list[int] = []

    def put() -> None:
        headers = {"Authorization": str(account.session.headers["Authorization"])}
        url = f"{account.base_url}{RECORDS}/customer/eid:cus_race"
        statuses.append(requests.put(url, json=body, headers=headers, timeout=10).status_code)

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [204] * 4
    assert account.sql("SELECT COUNT(*) AS n FROM customer WHERE externalid = 'cus_race'") == [{"n": "1"}]
