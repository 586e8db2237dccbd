"""An org of the Salesforce sandbox seen over plain HTTP, and the few records that many tests start from."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from o2c_orchestration.sandbox.server import SandboxServer

Json = dict[str, Any]
VERSION = "v68.0"
DATA = f"/services/data/{VERSION}"


class PlainHttp(HTTPAdapter):
    """Sends what simple-salesforce addresses to https://anything to the sandbox instead."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = self._base_url + request.path_url
        return super().send(request, *args, **kwargs)


def simple_salesforce(server: SandboxServer) -> Salesforce:
    """simple-salesforce as it comes, logged in."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", PlainHttp(server.base_url))
    return Salesforce(
        consumer_key=server.config.salesforce_client_id,
        consumer_secret=server.config.salesforce_client_secret,
        domain="acme.my",
        session=session,
    )


class OrgClient:
    """Plain requests with a token; paths are those behind `/services/data/vNN.0/`."""

    def __init__(self, server: SandboxServer) -> None:
        self.base_url = server.base_url
        self._session = requests.Session()
        self._session.trust_env = False
        self._form = {
            "grant_type": "client_credentials",
            "client_id": server.config.salesforce_client_id,
            "client_secret": server.config.salesforce_client_secret,
        }
        self.log_in()

    def log_in(self) -> Json:
        """A new token; what came with it."""
        answer = self._session.post(f"{self.base_url}/services/oauth2/token", data=self._form, timeout=10)
        token: Json = answer.json()
        self._session.headers["Authorization"] = f"Bearer {token['access_token']}"
        return token

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """One request; a path with a slash in front is taken as it is."""
        url = path if path.startswith("/") else f"{DATA}/{path}"
        return self._session.request(method, self.base_url + url, json=body, timeout=30, **more)

    def query(self, soql: str, **headers: str) -> Json:
        """The first page of a query that has to work."""
        answer = self.send("GET", "query", params={"q": soql}, headers=headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def rows(self, soql: str) -> list[Json]:
        """The records of a query without their attributes."""
        return [_bare(each) for each in self.query(soql)["records"]]

    def column(self, soql: str) -> list[Any]:
        """The only field of each record."""
        return [next(iter(each.values())) for each in self.rows(soql)]

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        """Status and error code of a request that has to fail."""
        answer = self.send(method, path, body, **more)
        assert isinstance(answer.json(), list), answer.text
        return answer.status_code, answer.json()[0]["errorCode"]

    def create(self, kind: str, **fields: Any) -> str:
        """A new record's id."""
        answer = self.send("POST", f"sobjects/{kind}", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def change(self, kind: str, identifier: str, **fields: Any) -> None:
        """Change a record."""
        answer = self.send("PATCH", f"sobjects/{kind}/{identifier}", fields)
        assert (answer.status_code, answer.content) == (204, b""), answer.text

    def control(self, path: str, body: Json | None = None, method: str = "POST") -> Any:
        """What happens behind the client's back."""
        answer = self._session.request(method, f"{self.base_url}/_sandbox/salesforce/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def load(self, *records: Json) -> None:
        """Put records in as they are."""
        answer = self._session.post(f"{self.base_url}/_sandbox/load", json={"salesforce": records}, timeout=30)
        assert answer.status_code == 200, answer.text

    def sellable(self, price: float = 100, currency: str = "USD") -> str:
        """A price book entry of a new product in the standard price book; its id."""
        book = self.column("SELECT Id FROM Pricebook2 WHERE IsStandard = true")[0]
        product = self.create("Product2", Name="Growth plan", ProductCode="GROWTH", IsActive=True)
        return self.create(
            "PricebookEntry",
            Pricebook2Id=book,
            Product2Id=product,
            UnitPrice=price,
            IsActive=True,
            CurrencyIsoCode=currency,
        )

    def deal(self, **fields: Any) -> str:
        """An opportunity; its id."""
        return self.create(
            "Opportunity", **({"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-11-20"} | fields)
        )


def _bare(record: Json) -> Json:
    return {
        name: _bare(value) if isinstance(value, dict) and "attributes" in value else value
        for name, value in record.items()
        if name != "attributes"
    }
