"""The door: deploy/Caddyfile in a real Caddy, before receiver and Dagster's pages as docker-compose.yml starts them.

Who asks has an address of the internet: it is told to Caddy by the PROXY protocol, which the copy of the file that runs
here listens for and the file itself does not. Everything else of it is as it is deployed. Skipped where no Caddy from
2.9 on is on PATH.
"""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
import stripe
import yaml
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.test_receiver import event
from o2c_orchestration_tests.e2e.compose import ROOT, Machine, free_port


def _too_old() -> bool:
    """Before 2.8 `basic_auth` had another name; before 2.9 a proxy could not speak from another address of its own."""
    if shutil.which("caddy") is None:
        return True
    said = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    return found is None or (int(found[1]), int(found[2])) < (2, 9)


pytestmark = pytest.mark.skipif(_too_old(), reason="no Caddy from 2.9 on is on PATH")

SECRET, USER, PASSWORD = "whsec_proxy", "finance", "canary-of-the-door"
WEBHOOKS = "/webhooks/stripe"
_PROTOCOL = Subprotocol("graphql-ws")
# Of whom so many in a minute were not signed is not looked at any more.
MOST = 5
STRIPE = "192.5.5.241"
# The receiver believes 127.0.0.1 without being told to, as it would not believe another container.
_OF_THE_PROXY = "127.0.0.2"
# In front of the file: no port below 1024, no word to the machine's own list of authorities, and who asks is told.
_HERE = """{{
	admin 127.0.0.1:{admin}
	http_port {http}
	https_port {https}
	default_bind 127.0.0.1
	skip_install_trust
	servers {{
		listener_wrappers {{
			proxy_protocol {{
				allow 127.0.0.0/8
			}}
			tls
		}}
	}}
}}
"""


@dataclass(frozen=True)
class Answer:
    """What came through the door."""

    status: int
    headers: Mapping[str, str]
    text: str


class _From(http.client.HTTPSConnection):
    """TLS to the door from an address of the internet."""

    def __init__(self, sender: str, port: int, trusted: ssl.SSLContext) -> None:
        super().__init__("localhost", port, timeout=60, context=trusted)
        self._sender, self._trusted = sender, trusted

    def connect(self) -> None:
        self.sock = self._trusted.wrap_socket(_said_to_come_from(self._sender, self.port), server_hostname="localhost")


def _said_to_come_from(sender: str, port: int) -> socket.socket:
    family, here = ("TCP6", "::1") if ":" in sender else ("TCP4", "127.0.0.1")
    made = socket.create_connection(("127.0.0.1", port), timeout=60)
    made.sendall(f"PROXY {family} {sender} {here} 50000 443\r\n".encode())
    return made


@dataclass
class Door:
    """The proxy, and what stands behind it."""

    machine: Machine
    https: int
    plain: int
    trusted: ssl.SSLContext
    database_url: str

    def ask(self, sender: str, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request of this sender's."""
        connection = _From(sender, self.https, self.trusted)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(
                answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read().decode()
            )
        finally:
            connection.close()

    def page(self, path: str, user: str = USER, password: str = PASSWORD) -> Answer:
        return self.ask("198.41.0.1", "GET", path, **_login(user, password))

    def unsigned(self, sender: str, **headers: str) -> int:
        return self.ask(sender, "POST", WEBHOOKS, event(), **headers).status

    def webhook(self, sender: str, key: str, **more: object) -> int:
        """One that Stripe has signed."""
        body = event(key, **more)
        signature = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET, int(time.time()))
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json; charset=utf-8"}
        return self.ask(sender, "POST", WEBHOOKS, body, **headers).status

    def kept(self, key: str) -> bool:
        with psycopg.connect(self.database_url) as connection:
            query = "SELECT count(*) = 1 FROM o2c.stripe_events WHERE id = %s"
            return bool(connection.execute(query, (key,)).fetchone() == (True,))


def _login(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Door]:
    """Receiver, pages and proxy, healthy."""
    home: Path = tmp_path_factory.mktemp("proxy")
    with new_database() as url:
        behind = Machine(home, _behind(home, url))
        admin, plain, https = free_port(), free_port(), free_port()
        places = {"/etc/caddy/Caddyfile": f"{home}/Caddyfile", "127.0.0.1:2019": f"127.0.0.1:{admin}"}
        proxy = Machine(home, _variables(), ports=behind.ports, places=places)
        _write_caddyfile(home, behind.ports, _HERE.format(admin=admin, http=plain, https=https))
        try:
            for machine, name in ((proxy, "proxy"), (behind, "receiver"), (behind, "pages"), (behind, "webserver")):
                machine.start(name)
            for name in ("receiver", "pages", "webserver"):
                behind.wait_until_healthy(name)
            yield Door(proxy, https, plain, _trusting(proxy, home, https), url)
        finally:
            for machine in (proxy, behind):
                for name in list(machine.running):
                    machine.kill(name)


def _behind(home: Path, url: str) -> dict[str, str]:
    (home / "dagster").mkdir()
    shutil.copyfile(ROOT / "dagster.yaml", home / "dagster" / "dagster.yaml")
    (home / "o2c.yaml").write_text(yaml.safe_dump({"webhooks": {"refused_per_minute": MOST}}))
    (home / "o2c.env").write_text(f"STRIPE_WEBHOOK_SECRETS={SECRET}\n")
    return {
        "O2C_DATABASE_URL": url,
        "PGPASSFILE": str(home / "pgpass"),
        "O2C_ENV_FILE": str(home / "o2c.env"),
        "O2C_HOME": str(home),
        "O2C_CONFIG": str(home / "o2c.yaml"),
        "DAGSTER_HOME": str(home / "dagster"),
    }


def _variables() -> dict[str, str]:
    """What `.env` says of the door, with a password hashed as deploy.md has it done."""
    asked = ["caddy", "hash-password"]
    told = subprocess.run(asked, input=f"{PASSWORD}\n", capture_output=True, text=True, check=True).stdout.strip()
    return {"O2C_DOMAIN": "localhost", "O2C_UI_USER": USER, "O2C_UI_PASSWORD_HASH": told}


def _write_caddyfile(home: Path, ports: Mapping[str, int], options: str) -> None:
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    for name, there in (("receiver", "8950"), ("pages", "8960"), ("webserver", "3000")):
        assert text.count(f" {name}:{there}\n") == 1
        here = f"127.0.0.1:{ports[name]} {{\n transport http {{\n local_address {_OF_THE_PROXY}\n }}\n }}"
        text = text.replace(f"{name}:{there}", here)
    (home / "Caddyfile").write_text(options + text)


def _trusting(proxy: Machine, home: Path, https: int) -> ssl.SSLContext:
    """One that believes Caddy's own authority, once it has made itself a certificate."""
    root, deadline = home / ".local/share/caddy/pki/authorities/local/root.crt", time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline, proxy.said("proxy")
        try:
            trusted = ssl.create_default_context(cafile=str(root))
            trusted.set_alpn_protocols(["http/1.1"])
            trusted.wrap_socket(_said_to_come_from(STRIPE, https), server_hostname="localhost").close()
        except OSError:
            time.sleep(0.2)
        else:
            return trusted


def test_a_signed_webhook_is_taken_through_tls(door: Door) -> None:
    """It is in the database when 200 is answered."""
    assert door.webhook(STRIPE, "evt_through_tls") == 200
    assert door.kept("evt_through_tls")


def test_plain_http_is_sent_to_tls(door: Door) -> None:
    """Nothing is taken on the other port."""
    connection = http.client.HTTPConnection("127.0.0.1", door.plain, timeout=60)
    connection.request("POST", WEBHOOKS, event("evt_plain"), {"Host": "localhost"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"].split(":")[0]) == (308, "https")
    connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/server_info", "/graphql", "/locations", "/healthz", "/o2c/gaps", "/o2c/trace/in_1"]
)
def test_pages_want_a_password(door: Door, path: str) -> None:
    """None, a wrong one and another user's are refused alike, whatever is asked for."""
    nobody = door.ask("198.41.0.1", "GET", path)
    assert (nobody.status, nobody.text) == (401, "")
    assert nobody.headers["www-authenticate"].startswith("Basic")
    assert door.page(path, password="wrong").status == 401
    assert door.page(path, user="nobody").status == 401


def test_pages_are_served_to_who_has_the_password(door: Door) -> None:
    """Dagster's own, and what they ask."""
    assert "dagster_webserver_version" in json.loads(door.page("/server_info").text)
    assert "dagster" in door.page("/").text.lower()
    asked = json.dumps({"query": "{ version }"}).encode()
    headers = {**_login(USER, PASSWORD), "Content-Type": "application/json"}
    assert "version" in json.loads(door.ask("198.41.0.1", "POST", "/graphql", asked, **headers).text)["data"]
    assert "the systems agree" in door.page("/o2c/gaps").text
    assert "Nothing is known of it" in door.page("/o2c/trace/a%2Fb").text


_LIMIT = 'mutation { setConcurrencyLimit(concurrencyKey: "canary", limit: 0) }'
_BY_ADDRESS = f"/graphql?{urlencode({'query': _LIMIT})}"


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        # An image, a form, a script, a link: in a browser of today, and of yesterday, which says less.
        ("GET", _BY_ADDRESS, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
        ("GET", _BY_ADDRESS, {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}),
        ("GET", _BY_ADDRESS, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
        ("GET", _BY_ADDRESS, {}),
        ("HEAD", _BY_ADDRESS, {}),
        ("GET", _BY_ADDRESS.replace("graphql", "graphql/"), {}),
        ("GET", _BY_ADDRESS.replace("graphql", "%67raphql"), {}),
        ("POST", _BY_ADDRESS, {"Origin": "https://evil.example"}),
        ("POST", _BY_ADDRESS, {"Origin": "null"}),
        ("POST", _BY_ADDRESS, {"Origin": "https://localhost.evil.example"}),
        ("POST", _BY_ADDRESS, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}),
    ],
)
def test_no_other_site_has_a_browser_do_anything(door: Door, method: str, path: str, told: dict[str, str]) -> None:
    """It sends the password by itself, wherever the page is from that it shows."""
    asked = json.dumps({"query": _LIMIT}).encode() if method == "POST" else None
    headers = {**_login(USER, PASSWORD), **({"Content-Type": "application/json"} if asked else {}), **told}
    assert door.ask("198.41.0.1", method, path, asked, **headers).status in (403, 405)
    assert "canary" not in _ours(door, "{ instance { concurrencyLimits { concurrencyKey } } }").text


def test_this_sites_own_pages_may_ask_and_be_come_to(door: Door) -> None:
    """What their scripts send, a link from a message, an address that somebody types; none of it in a frame."""
    own = {"Origin": f"https://localhost:{door.https}", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert "data" in json.loads(_ours(door, "{ version }", **own).text)
    for site in ("none", "cross-site", "same-site"):
        come = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        for path in ("/", "/o2c/gaps", "/runs"):
            page = door.ask("198.41.0.1", "GET", path, **_login(USER, PASSWORD), **come)
            assert (page.status, page.headers["x-frame-options"]) == (200, "DENY"), (site, path)
    # By now the limit may be set: the mutation is one that Dagster takes.
    assert "errors" not in json.loads(_ours(door, _LIMIT.replace("canary", "o2c-of-a-test"), **own).text)


def test_no_other_site_listens_to_runs(door: Door) -> None:
    """A web socket asks nobody's leave but ours."""
    made = _said_to_come_from("198.41.0.1", door.https)
    address, login = f"wss://localhost:{door.https}/graphql", _login(USER, PASSWORD)
    with (
        pytest.raises(InvalidStatus),
        connect(
            address,
            sock=made,
            ssl=door.trusted,
            additional_headers=login,
            origin=Origin("https://evil.example"),
            subprotocols=[_PROTOCOL],
        ),
    ):
        pass


def _ours(door: Door, query: str, **told: str) -> Answer:
    headers = {**_login(USER, PASSWORD), "Content-Type": "application/json", **told}
    return door.ask("198.41.0.1", "POST", "/graphql", json.dumps({"query": query}).encode(), **headers)


def test_what_pages_show_as_it_happens_comes_through(door: Door) -> None:
    """Runs are followed over a web socket."""
    made = _said_to_come_from("198.41.0.1", door.https)
    address, login = f"wss://localhost:{door.https}/graphql", _login(USER, PASSWORD)
    with connect(address, sock=made, ssl=door.trusted, additional_headers=login, subprotocols=[_PROTOCOL]) as socket_:
        socket_.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket_.recv(timeout=60))["type"] == "connection_ack"


@pytest.mark.parametrize(
    "path",
    [
        *("/metrics", "/healthz", "/readyz"),
        *(f"{WEBHOOKS}/{more}/metrics" for more in ("..", "../..", "%2e%2e/%2e%2e")),
        *(f"/o2c/{more}" for more in ("metrics", "healthz", "../metrics", "%2e%2e/metrics", "gaps/../../metrics")),
        *("/o2c/..%2fmetrics", "/o2c//../metrics", "//metrics"),
    ],
)
def test_nothing_else_of_receiver_and_pages_is_reached_from_outside(door: Door, path: str) -> None:
    """Not without the password, and not with it either: Dagster's pages answer then, or ours that there is none."""
    assert door.ask("198.41.0.1", "GET", path).status == 401
    told = door.page(path)
    assert "o2c_webhooks_total" not in told.text
    assert "o2c_page_" not in told.text
    assert told.text not in ('{"status":"up"}', '{"status":"ready"}')


def test_webhooks_are_posted_and_nothing_else(door: Door) -> None:
    """Also where the address is written in an odd way."""
    assert door.ask("198.41.0.1", "GET", WEBHOOKS).status == 405
    assert door.ask("198.41.0.1", "POST", "/webhooks//stripe", event()).status == 404


def test_a_body_over_a_megabyte_is_refused(door: Door) -> None:
    """Signed or not, and before the receiver has it: it would take a little more than that."""
    assert door.webhook(STRIPE, "evt_large", filler="x" * 900_000) == 200
    assert door.webhook(STRIPE, "evt_too_large", filler="x" * 1_010_000) == 413
    assert not door.kept("evt_too_large")


@pytest.mark.parametrize("sender", ["198.41.0.4", "2001:503:ba3e::2:30"])
def test_who_floods_is_limited_and_others_are_not(door: Door, sender: str) -> None:
    """The receiver counts senders and not the proxy, through which all come."""
    assert [door.unsigned(sender) for _ in range(MOST)] == [400] * MOST
    assert door.webhook(sender, "evt_of_who_floods") == 429
    assert door.webhook(STRIPE, f"evt_beside_{len(sender)}") == 200


def test_an_address_that_a_sender_makes_up_is_not_believed(door: Door) -> None:
    """A new one each time does not get round the limit, and Stripe's own does not shut Stripe out."""
    forged = [{"X-Forwarded-For": f"199.7.83.{number}"} for number in range(MOST)]
    assert [door.unsigned("198.41.0.5", **each) for each in forged] == [400] * MOST
    assert door.unsigned("198.41.0.5", **{"X-Forwarded-For": "199.7.83.99"}) == 429
    other = [{name: STRIPE, "Forwarded": f"for={STRIPE}"} for name in ("X-Forwarded-For", "X-Real-IP")]
    assert [door.unsigned("198.41.0.6", **each) for each in (*other, *other, *other)] == [*[400] * MOST, 429]
    assert door.webhook(STRIPE, "evt_after_forged") == 200


def test_a_killed_proxy_comes_back_as_the_same_door(door: Door) -> None:
    """While it is away nobody gets in; afterwards certificate, password and what stands behind are those of before."""
    door.machine.kill("proxy")
    with pytest.raises(ConnectionRefusedError):
        door.webhook(STRIPE, "evt_while_away")
    door.machine.start("proxy")
    ends = time.monotonic() + 60
    while not _answers(door):
        assert time.monotonic() < ends, door.machine.said("proxy")
        time.sleep(0.1)
    # As Stripe sends it again.
    assert door.webhook(STRIPE, "evt_while_away") == 200
    assert door.kept("evt_while_away")
    assert door.ask("198.41.0.1", "GET", "/").status == 401
    assert "the systems agree" in door.page("/o2c/gaps").text


def _answers(door: Door) -> bool:
    try:
        return door.page("/o2c/gaps").status == 200
    except OSError:
        return False


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed, which its health check asks with")
def test_its_health_check_passes(door: Door) -> None:
    """As docker-compose.yml has it."""
    door.machine.wait_until_healthy("proxy")
