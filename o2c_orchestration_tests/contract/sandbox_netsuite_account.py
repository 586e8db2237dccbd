"""A NetSuite account on a free port, and a plain `requests` client for it that shares no code with ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
import requests
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.netsuite import NetSuiteSandbox

RECORDS = "/services/rest/record/v1"
SUITEQL = "/services/rest/query/v1/suiteql"
TOKEN = "/services/rest/auth/oauth2/v1/token"
KEY = ec.generate_private_key(ec.SECP256R1())


def pem_of(public_key: Any) -> str:
    """A public key as PEM text."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return public_key.public_bytes(encoding, form).decode()


CONFIG = SandboxConfig(netsuite_public_key_pem=pem_of(KEY.public_key()))


class Account:
    """A client that is logged in."""

    def __init__(self, base_url: str, sandbox: NetSuiteSandbox) -> None:
        self.base_url = base_url
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {self.token()['access_token']}"

    def assertion(self, key: Any = KEY, algorithm: str = "ES256", kid: str | None = None, **claims: Any) -> str:
        """A client assertion; claims of None are left out."""
        now = int(time.time())
        payload = {
            "iss": CONFIG.netsuite_client_id,
            "scope": ["rest_webservices"],
            "aud": self.base_url + TOKEN,
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        payload = {name: value for name, value in payload.items() if value is not None}
        headers = {"kid": kid or CONFIG.netsuite_certificate_id, "typ": "JWT"}
        return jwt.encode(payload, key, algorithm=algorithm, headers=headers)

    def ask_token(self, assertion: str, **form: str) -> requests.Response:
        """What the token endpoint answers."""
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            **form,
        }
        return self.session.post(self.base_url + TOKEN, data=fields, timeout=10)

    def token(self) -> dict[str, Any]:
        """A fresh access token."""
        return self.ask_token(self.assertion()).json()

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """One request under record/v1, or under an absolute path."""
        url = self.base_url + (path if path.startswith("/services") else f"{RECORDS}/{path}")
        return self.session.request(method, url, json=body, timeout=10, **options)

    def create(self, name: str, body: dict[str, Any]) -> str:
        """Make a record and return its id out of the Location."""
        answer = self.call("POST", name, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["Location"].rsplit("/", 1)[1]

    def get(self, path: str) -> dict[str, Any]:
        """A record with its sublists."""
        answer = self.call("GET", path, params={"expandSubResources": "true"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        """The one error detail of a call that is refused with 400."""
        answer = self.call(method, path, body, **options)
        assert answer.status_code == 400, (answer.status_code, answer.text)
        return error_of(answer)

    def sql(self, query: str, *params: str) -> list[dict[str, Any]]:
        """The rows of a query that fits one page, without their empty links."""
        answer = self.sql_page(query, list(params))
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        assert all(item.pop("links") == [] for item in items)
        return items

    def balances(self) -> dict[str, float]:
        """Every account that is not at nought, in the base currency, debits less credits."""
        query = "SELECT account, SUM(amount) AS amount FROM transactionaccountingline GROUP BY account ORDER BY account"
        found = {row["account"]: round(float(row["amount"]), 2) for row in self.sql(query)}
        return {name: amount for name, amount in found.items() if amount}

    def sql_page(self, query: str, params: list[str] | None = None, **page: int) -> requests.Response:
        """One page of a query."""
        body = {"q": query} if params is None else {"q": query, "params": params}
        return self.call("POST", SUITEQL, body, params=page, headers={"Prefer": "transient"})

    def control(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do what an administrator would do."""
        answer = self.session.post(f"{self.base_url}/_sandbox/netsuite/{name}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def customer(self, **body: Any) -> str:
        """A customer of the only subsidiary."""
        return self.create("customer", {"companyName": "Acme", "subsidiary": {"id": "1"}, **body})

    def invoice(self, customer: str, *amounts: float, **body: Any) -> str:
        """An invoice with one line for each amount."""
        lines = [{"item": {"id": "1"}, "amount": amount} for amount in amounts]
        return self.create("invoice", {"entity": {"id": customer}, "item": {"items": lines}, **body})

    def payment(self, customer: str, amount: float, applied: dict[str, float], **body: Any) -> str:
        """A payment applied to invoices."""
        return self.create("customerPayment", payment_body(customer, amount, applied) | body)


def payment_body(customer: str, amount: float, applied: dict[str, float]) -> dict[str, Any]:
    """What a client posts for a payment."""
    lines = [{"doc": {"id": doc}, "apply": True, "amount": part} for doc, part in applied.items()]
    return {"customer": {"id": customer}, "payment": amount, "apply": {"items": lines}}


def error_of(answer: requests.Response) -> dict[str, Any]:
    """The one detail of an error body, whose shape is checked."""
    body = answer.json()
    assert set(body) == {"type", "title", "status", "o:errorDetails"}
    assert body["status"] == answer.status_code
    (detail,) = body["o:errorDetails"]
    return detail


@contextmanager
def running_account(state_dir: Path, config: SandboxConfig = CONFIG) -> Iterator[Account]:
    """Serve an account from `state_dir` for the length of the block."""
    sandbox = NetSuiteSandbox(state_dir, config)
    app = Starlette(routes=sandbox.routes)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Account(f"http://127.0.0.1:{port}", sandbox)
    finally:
        server.should_exit = True
        thread.join()
        sandbox.close()
