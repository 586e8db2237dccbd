"""One NetSuite account: its connections, its login and its concurrency slots, shared by reader and writer.

What belongs here: sending one request. What does not: what an answer means (`netsuite_errors`, `netsuite`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
import requests

from o2c_orchestration.clients._http import Answer, Timeout, exchange, open_session
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import NetSuiteCredentials, checked_base_url
from o2c_orchestration.clients.netsuite_auth import login_for
from o2c_orchestration.clients.netsuite_errors import asked_language, says_too_many
from o2c_orchestration.clients.retry import RetryPolicy


class NetSuiteAccount:
    """Sends requests to one account; safe to share between threads.

    NetSuite counts concurrency for the whole account, reads and writes together. So there is one of these for a
    process, and its `slots` (`credentials.concurrency` of them) bound reader and writer alike.

    Raises SettingsError when the login is incomplete or the base URL is unsafe. Nothing is sent before the first
    request. The read timeout is long because NetSuite may work on one record for minutes.
    """

    def __init__(
        self,
        credentials: NetSuiteCredentials,
        *,
        timeout: Timeout = (10, 180),
        retry: RetryPolicy | None = None,
        slots: RateBudget | None = None,
    ) -> None:
        self.base_url = checked_base_url(credentials.host_url, "NETSUITE_BASE_URL")
        self.retry = retry or RetryPolicy()
        self.slots = slots or RateBudget(None, credentials.concurrency)
        self._timeout = timeout
        self._login = login_for(credentials, self.base_url, timeout=timeout, retry=self.retry)
        self._session = open_session(self.base_url, self.slots.in_flight_max, self._login)
        self._session.headers["User-Agent"] = "o2c-orchestration"
        self._secrets = (
            credentials.private_key,
            credentials.consumer_key,
            credentials.consumer_secret,
            credentials.token_id,
            credentials.token_secret,
        )

    @property
    def secrets(self) -> tuple[str | None, ...]:
        """What must not appear in any text; for taking it out of NetSuite's own words."""
        return self._secrets

    def role(self) -> str | None:
        """Internal id of the role that the login works as, where it tells; logs in, and raises as a request would."""
        return self._login.role()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        ahead: bool = False,
    ) -> Answer:
        """One exchange. After a 401 the login is renewed and the request sent once more: a 401 did nothing.

        So it is when NetSuite wants to be asked in the company's language: from then on it is.
        `ahead`: it takes the next place, before all that wait for one without that.

        Raises NotSent and NoAnswer of `_http`, and the errors of the login, which mean that nothing was sent.
        """
        answer = self._send_once(method, path, params, body, headers, ahead)
        if answer.status == requests.codes.unauthorized and self._login.renew(answer.authorization):
            answer = self._send_once(method, path, params, body, headers, ahead)
        if answer.status == requests.codes.bad_request and self._learn_language(answer):
            answer = self._send_once(method, path, params, body, headers, ahead)
        if answer.status >= requests.codes.bad_request and says_too_many(answer.status, answer.body):
            self.slots.throttled(concurrency=True)
        return answer

    def _learn_language(self, answer: Answer) -> bool:
        """Whether it was refused for its language alone, and the session did not know that when it was sent."""
        language = asked_language(answer.body)
        if language is None or language == answer.language:
            return False
        self._session.headers["Accept-Language"] = language
        return True

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _send_once(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        ahead: bool,
    ) -> Answer:
        sent = {"Accept": "application/json", **(headers or {})}
        data = None
        if body is not None:
            data = encode(body)
            sent["Content-Type"] = "application/json"
        with self.slots.ahead() if ahead else self.slots:
            return exchange(
                self._session,
                method,
                self.base_url + path,
                params=params,
                data=data,
                headers=sent,
                timeout=self._timeout,
            )


def encode(body: Mapping[str, Any]) -> bytes:
    """JSON with Decimal amounts as numbers, digit by digit; no amount passes through a float."""
    return orjson.dumps(body, default=_number)


def _number(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"a NetSuite body cannot hold {type(value).__name__}")
