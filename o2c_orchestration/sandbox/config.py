"""Settings of the sandbox: keys, limits and the seed.

What belongs here: `SandboxConfig`, making and keeping its key pairs, and the environment that points a
client at a running sandbox. What does not: any behaviour of a system.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

NETSUITE_KEY_FILE = "netsuite_private_key.pem"
SALESFORCE_KEY_FILE = "salesforce_private_key.pem"
RSA_KEY_BITS = 3072


@dataclass(frozen=True)
class SandboxConfig:
    """Everything a sandbox has to know before it answers; the defaults suit tests.

    An empty public key means that the key-pair flow of that system is off.
    `webhook_retry_seconds` is the wait before an undelivered webhook is sent again; it doubles from attempt to
    attempt, up to 720 times as long, until 4320 times as long has passed: 12 hours and 3 days, as Stripe in live mode.
    `webhook_concurrency` is how many are on their way to one endpoint at once.
    `salesforce_session_seconds` is how long a session lives unused; `salesforce_stamp_ms` is what the times of records
    are rounded down to, a second as in a real org. `salesforce_events_port` is that of change events (0: any; None:
    there are none), of which an empty answer tells after `salesforce_keepalive_seconds` of silence.
    `state_dir` is set only by `demo`, which keeps the matching private keys there.
    """

    stripe_secret_key: str = "sk_test_sandbox"
    stripe_account: str = "acct_sandbox"
    # Restricted keys of this account, each with its permissions: `charge_read`, `customer_write`.
    stripe_restricted_keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    # Further accounts of a group, each with its secret key.
    stripe_accounts: tuple[tuple[str, str], ...] = ()
    stripe_requests_per_second: int = 100
    # How long a search knows nothing of a write; at Stripe under a minute, as long as all is well.
    stripe_search_lag_seconds: float = 0.0
    webhook_timeout_seconds: float = 10.0
    webhook_retry_seconds: float = 60.0
    webhook_concurrency: int = 8
    netsuite_account_id: str = "TSTDRV_O2C"
    netsuite_concurrency: int = 5
    # Names of further subsidiaries, from number 2.
    netsuite_subsidiaries: tuple[str, ...] = ()
    netsuite_client_id: str = "sandbox-netsuite-client"
    netsuite_certificate_id: str = "sandbox-netsuite-certificate"
    netsuite_public_key_pem: str = ""
    netsuite_consumer_key: str = "sandbox-consumer-key"
    netsuite_consumer_secret: str = "sandbox-consumer-secret"
    netsuite_token_id: str = "sandbox-token-id"
    netsuite_token_secret: str = "sandbox-token-secret"
    salesforce_client_id: str = "sandbox-salesforce-client"
    salesforce_client_secret: str = "sandbox-salesforce-secret"
    salesforce_username: str = "sandbox@example.com"
    salesforce_public_key_pem: str = ""
    salesforce_multi_currency: bool = True
    salesforce_session_seconds: float = 7200.0
    salesforce_stamp_ms: int = 1000
    salesforce_events_port: int | None = None
    salesforce_keepalive_seconds: float = 270.0
    seed: int = 20261122
    latency_ms: int = 0
    state_dir: Path | None = None

    @classmethod
    def demo(cls, state_dir: Path) -> SandboxConfig:
        """Make the key pairs in `state_dir`, or load those an earlier start made.

        The private keys are written with mode 0600, so only the owner can read them.
        """
        state_dir.mkdir(parents=True, exist_ok=True)
        return replace(
            cls(),
            netsuite_public_key_pem=_public_key(state_dir / NETSUITE_KEY_FILE, _curve_key),
            salesforce_public_key_pem=_public_key(state_dir / SALESFORCE_KEY_FILE, _rsa_key),
            state_dir=state_dir,
        )

    def client_environment(self, base_url: str) -> dict[str, str]:
        """The environment variables that point the product at the sandbox on `base_url`.

        Raises ValueError when this configuration has no `state_dir`, hence no private key to name.
        """
        if self.state_dir is None:
            raise ValueError("client_environment needs the private key of SandboxConfig.demo(state_dir)")
        further = {"STRIPE_API_KEYS": ",".join("=".join(each) for each in self.stripe_accounts)}
        events = {"SALESFORCE_EVENTS_ENDPOINT": f"127.0.0.1:{self.salesforce_events_port}"}
        return {
            **(events if self.salesforce_events_port else {}),
            **(further if self.stripe_accounts else {}),
            "STRIPE_API_KEY": self.stripe_secret_key,
            "STRIPE_API_BASE": base_url,
            "NETSUITE_ACCOUNT_ID": self.netsuite_account_id,
            "NETSUITE_BASE_URL": base_url,
            "NETSUITE_CONCURRENCY": str(self.netsuite_concurrency),
            "NETSUITE_CLIENT_ID": self.netsuite_client_id,
            "NETSUITE_CERTIFICATE_ID": self.netsuite_certificate_id,
            "NETSUITE_PRIVATE_KEY": str((self.state_dir / NETSUITE_KEY_FILE).resolve()),
            "SALESFORCE_BASE_URL": base_url,
            "SALESFORCE_CLIENT_ID": self.salesforce_client_id,
            "SALESFORCE_CLIENT_SECRET": self.salesforce_client_secret,
        }


def _public_key(path: Path, make: Callable[[], PrivateKeyTypes]) -> str:
    if not path.exists():
        _write_private_key(path, make())
    # Whether an RSA key's factors are primes takes a tenth of a second to prove, and we made it ourselves.
    private_key = serialization.load_pem_private_key(
        path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True
    )
    public_pem = private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public_pem.decode()


def _curve_key() -> PrivateKeyTypes:
    """NetSuite takes both kinds; this one costs nothing to make, to load and to sign with."""
    return ec.generate_private_key(ec.SECP256R1())


def _rsa_key() -> PrivateKeyTypes:
    """Salesforce takes no other."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_KEY_BITS)


def _write_private_key(path: Path, private_key: PrivateKeyTypes) -> None:
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Written beside and renamed, so a kill half way cannot leave a truncated key behind.
    temporary = path.with_suffix(".new")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    os.replace(temporary, path)
