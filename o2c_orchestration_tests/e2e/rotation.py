"""Every key of the sandbox replaced at one moment: new ones in the file of secrets first, the old ones revoked at once.

What belongs here: whose keys are replaced, and holding a request until they are. What does not: tests.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from o2c_orchestration_tests.e2e.cli_fixtures import World
from o2c_orchestration_tests.stripe_keys import levels, permissions

STRIPE = {"STRIPE_API_KEY": "reader", "STRIPE_WRITE_KEY": "writer"}
# How long a request is held that is to meet revoked keys: many times what replacing them takes.
_HELD_MS, _REPLACING_SECONDS = 1500, 60.0


def restricted_keys() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For the configuration of a sandbox: an old and a new key that reads, and one that writes."""
    return tuple((_key(which, age), permissions(levels(which))) for which in STRIPE.values() for age in ("old", "new"))


def _key(which: str, age: str) -> str:
    return f"rk_test_{which}_{age}"


@dataclass
class Keys:
    """The file of secrets of a product that is pointed at this sandbox, with the old keys in it from the start."""

    world: World
    file: Path

    def __post_init__(self) -> None:
        given = self.world.config.client_environment(self.world.base_url)
        stripe = {name: _key(which, "old") for name, which in STRIPE.items()}
        self._values = {**given, **stripe, "STRIPE_WEBHOOK_SECRETS": "whsec_old"}
        self._write()

    def replace_all(self) -> None:
        """All at one moment, as no administrator would: what is under way with the old ones is refused from here on."""
        certificate, secret = self._values["NETSUITE_CERTIFICATE_ID"], "another-secret"
        self._values |= {name: _key(which, "new") for name, which in STRIPE.items()}
        self._values |= {"SALESFORCE_CLIENT_SECRET": secret, "STRIPE_WEBHOOK_SECRETS": "whsec_new,whsec_old"}
        self._values |= self.new_certificate()
        self._tell("salesforce/secret", client_secret=secret)
        self._write()
        for which in STRIPE.values():
            self._tell("stripe/keys", revoke=_key(which, "old"))
        self.revoke_certificate(certificate)
        self._tell("salesforce/sessions/expire")

    def replace_certificate(self) -> str:
        """NetSuite's certificate and private key together; the old one is still good. Returns the old one's id."""
        before = self._values["NETSUITE_CERTIFICATE_ID"]
        self._values |= self.new_certificate()
        self._write()
        return before

    def new_certificate(self) -> dict[str, str]:
        """Upload another certificate, of another private key: the variables that name both."""
        key, name = ec.generate_private_key(ec.SECP256R1()), "another-certificate"
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self.file.with_name("another_key.pem")
        path.write_bytes(private)
        self._tell("netsuite/certificates", certificate_id=name, public_key_pem=public.decode())
        return {"NETSUITE_CERTIFICATE_ID": name, "NETSUITE_PRIVATE_KEY": str(path)}

    def revoke_certificate(self, certificate: str) -> None:
        """With the tokens that it has led to."""
        self._tell("netsuite/certificates", revoke=certificate)
        self._tell("netsuite/tokens", revoke=True)

    def only_new_secret(self) -> None:
        """Stripe's time of overlap is over."""
        self._values["STRIPE_WEBHOOK_SECRETS"] = "whsec_new"
        self._write()

    def _write(self) -> None:
        text = "".join(f"{name}={value}\n" for name, value in self._values.items())
        beside = self.file.with_suffix(".new")
        beside.write_text(text)
        os.replace(beside, self.file)

    def _tell(self, path: str, **change: Any) -> None:
        answer = requests.post(f"{self.world.base_url}/_sandbox/{path}", json=change, timeout=10)
        assert answer.ok, answer.text


@contextmanager
def replaced_at(keys: Keys, system: str, method: str, path: str) -> Iterator[None]:
    """All keys are replaced while the first such request is on its way: it arrives with an old one that is no more."""
    url = f"{keys.world.base_url}/_sandbox/faults"
    rule = {"system": system, "method": method, "path_regex": path, "kind": "latency", "latency_ms": _HELD_MS}
    requests.post(url, json=[{**rule, "times": 1}], timeout=10).raise_for_status()
    over, replaced = threading.Event(), threading.Event()

    def work() -> None:
        # How long it takes to get there is the machine's business; when the block is over, nothing asks any more.
        while requests.get(url, timeout=10).json()[0]["times"]:
            if over.wait(0.02):
                return
        keys.replace_all()
        replaced.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_REPLACING_SECONDS)
    assert replaced.is_set(), f"nothing asked {system} for {method} {path}"
