"""Typed settings from the environment, `.env` and `o2c.yaml`. Nothing else reads os.environ."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from o2c_orchestration.clients.alert_channels import read_channels
from o2c_orchestration.clients.credentials import (
    SALESFORCE_EVENTS,
    NetSuiteCredentials,
    SalesforceCredentials,
    StripeCredentials,
    is_loopback,
    is_plain_host,
)
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import MAIN, Mode, Policy
from o2c_orchestration.env_file import check_lines
from o2c_orchestration.policy_file import load_policy
from o2c_orchestration.tracing import Collector
from o2c_orchestration.transport import PlaintextHosts

__all__ = ["Environment", "Settings", "env_file", "load_environment", "load_policy", "load_settings"]

_ENV_FILE = "O2C_ENV_FILE"
STRIPE_API = "https://api.stripe.com"


def _variable(name: str) -> Any:
    return Field(default=None, validation_alias=AliasChoices(name))


class Environment(BaseSettings):
    """The environment variables of the design's contract, unprocessed. Secrets hide in `repr`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, case_sensitive=True)

    database_url: SecretStr | None = _variable("O2C_DATABASE_URL")
    replica_url: SecretStr | None = _variable("O2C_REPLICA_URL")
    config: Path = Field(default=Path("o2c.yaml"), validation_alias=AliasChoices("O2C_CONFIG"))
    home: Path = Field(default=Path(".o2c"), validation_alias=AliasChoices("O2C_HOME"))
    mode: Mode | None = _variable("O2C_MODE")

    stripe_api_key: SecretStr | None = _variable("STRIPE_API_KEY")
    stripe_api_keys: SecretStr | None = _variable("STRIPE_API_KEYS")
    stripe_write_key: SecretStr | None = _variable("STRIPE_WRITE_KEY")
    stripe_api_base: str = Field(default=STRIPE_API, validation_alias=AliasChoices("STRIPE_API_BASE"))
    stripe_webhook_secrets: SecretStr | None = _variable("STRIPE_WEBHOOK_SECRETS")

    netsuite_account_id: str | None = _variable("NETSUITE_ACCOUNT_ID")
    netsuite_base_url: str | None = _variable("NETSUITE_BASE_URL")
    netsuite_concurrency: int = Field(default=5, ge=1, le=200, validation_alias=AliasChoices("NETSUITE_CONCURRENCY"))
    netsuite_client_id: str | None = _variable("NETSUITE_CLIENT_ID")
    netsuite_certificate_id: str | None = _variable("NETSUITE_CERTIFICATE_ID")
    netsuite_private_key: SecretStr | None = _variable("NETSUITE_PRIVATE_KEY")
    netsuite_consumer_key: SecretStr | None = _variable("NETSUITE_CONSUMER_KEY")
    netsuite_consumer_secret: SecretStr | None = _variable("NETSUITE_CONSUMER_SECRET")
    netsuite_token_id: SecretStr | None = _variable("NETSUITE_TOKEN_ID")
    netsuite_token_secret: SecretStr | None = _variable("NETSUITE_TOKEN_SECRET")

    alert_channels: SecretStr | None = _variable("O2C_ALERT_CHANNELS")

    salesforce_base_url: str | None = _variable("SALESFORCE_BASE_URL")
    salesforce_client_id: str | None = _variable("SALESFORCE_CLIENT_ID")
    salesforce_client_secret: SecretStr | None = _variable("SALESFORCE_CLIENT_SECRET")
    salesforce_username: str | None = _variable("SALESFORCE_USERNAME")
    salesforce_private_key: SecretStr | None = _variable("SALESFORCE_PRIVATE_KEY")
    salesforce_events: str = Field(
        default=SALESFORCE_EVENTS, validation_alias=AliasChoices("SALESFORCE_EVENTS_ENDPOINT")
    )

    allowed_hosts: str = Field(default="", validation_alias=AliasChoices("O2C_ALLOWED_HOSTS"))
    plaintext_hosts: str = Field(default="", validation_alias=AliasChoices("O2C_PLAINTEXT_HOSTS"))

    # Only with warm workers.
    redis_url: SecretStr | None = _variable("O2C_REDIS_URL")
    redis_password_file: Path | None = _variable("O2C_REDIS_PASSWORD_FILE")

    # Traces, by OpenTelemetry's own names. Its SDK reads the others (sampler, batches, certificates) by itself.
    otel_endpoint: str | None = _variable("OTEL_EXPORTER_OTLP_ENDPOINT")
    otel_traces_endpoint: str | None = _variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    otel_headers: SecretStr | None = _variable("OTEL_EXPORTER_OTLP_HEADERS")
    otel_traces_headers: SecretStr | None = _variable("OTEL_EXPORTER_OTLP_TRACES_HEADERS")
    otel_service_name: str | None = _variable("OTEL_SERVICE_NAME")
    otel_disabled: bool = Field(default=False, validation_alias=AliasChoices("OTEL_SDK_DISABLED"))

    @classmethod
    def variable(cls, field: str) -> str:
        """The name by which a field is set."""
        alias = cls.model_fields[field].validation_alias
        return str(alias.choices[0]) if isinstance(alias, AliasChoices) else field


class Settings:
    """Everything a process needs to know: the environment and the company's policy.

    A system without credentials is off: its credentials are None, and its assets say so.
    Raises SettingsError with one line that says what is wrong and what to do.
    """

    def __init__(self, environment: Environment, policy: Policy) -> None:
        self.environment = environment
        self.policy = policy if environment.mode is None else policy.model_copy(update={"mode": environment.mode})
        _check_hosts(environment)
        _check_transport(environment)
        # What is wrong with the keys is told at the start and not when Stripe is first asked.
        _ = self.stripe_writer
        # By name, with addresses that hold secrets.
        self.alert_channels = read_channels(_reveal(environment.alert_channels))
        self.collector = _collector(environment)

    @property
    def mode(self) -> Mode:
        return self.policy.mode

    @property
    def home(self) -> Path:
        return self.environment.home.absolute()

    @property
    def database_url(self) -> str | None:
        return _reveal(self.environment.database_url)

    @property
    def replica_url(self) -> str | None:
        """A hot standby that reports are read from."""
        return _reveal(self.environment.replica_url)

    @property
    def stripe_accounts(self) -> dict[str, StripeCredentials]:
        """Credentials by Stripe account: those of the main account and of every entity, or none where Stripe is off."""
        return _stripe_accounts(self.environment, self.policy)

    @property
    def stripe(self) -> StripeCredentials | None:
        """Those of the main account; further ones are in `stripe_accounts`, by account."""
        return self.stripe_accounts.get(MAIN)

    @property
    def stripe_writer(self) -> StripeCredentials | None:
        """What deals are billed with: the key of STRIPE_WRITE_KEY, else the main account's, which then does both.

        Raises SettingsError where there is a key that writes and none that reads, or one of the other mode.
        """
        reader, key = self.stripe, _reveal(self.environment.stripe_write_key)
        if key is None:
            return reader
        if reader is None:
            raise SettingsError("STRIPE_WRITE_KEY is set and STRIPE_API_KEY is not", "set it to a key that may read")
        if _livemode(key) != self.livemode:
            fix = "set both to keys of live mode, or both to keys of test mode"
            raise SettingsError("STRIPE_WRITE_KEY is of another mode than STRIPE_API_KEY", fix)
        return StripeCredentials(key, reader.base_url, writes=True)

    @property
    def livemode(self) -> bool | None:
        """Whether the Stripe key is one of live mode; None when there is none, or it does not say."""
        return _livemode(_reveal(self.environment.stripe_api_key) or "")

    @property
    def webhook_secrets(self) -> str | None:
        """The signing secrets of the webhook endpoints, as they are written in the environment."""
        return _reveal(self.environment.stripe_webhook_secrets)

    @property
    def netsuite(self) -> NetSuiteCredentials | None:
        env = self.environment
        if env.netsuite_account_id is None:
            return None
        return NetSuiteCredentials(
            account_id=env.netsuite_account_id,
            base_url=env.netsuite_base_url,
            concurrency=env.netsuite_concurrency,
            client_id=env.netsuite_client_id,
            certificate_id=env.netsuite_certificate_id,
            private_key=_pem(env.netsuite_private_key, "NETSUITE_PRIVATE_KEY"),
            consumer_key=_reveal(env.netsuite_consumer_key),
            consumer_secret=_reveal(env.netsuite_consumer_secret),
            token_id=_reveal(env.netsuite_token_id),
            token_secret=_reveal(env.netsuite_token_secret),
        )

    @property
    def salesforce(self) -> SalesforceCredentials | None:
        env = self.environment
        if env.salesforce_base_url is None or env.salesforce_client_id is None:
            return None
        return SalesforceCredentials(
            base_url=env.salesforce_base_url,
            client_id=env.salesforce_client_id,
            client_secret=_reveal(env.salesforce_client_secret),
            username=env.salesforce_username,
            private_key=_pem(env.salesforce_private_key, "SALESFORCE_PRIVATE_KEY"),
            events=env.salesforce_events,
        )


def _check_hosts(environment: Environment) -> None:
    """Raises SettingsError where a system's keys would go to a host that is neither the system's nor named as allowed.

    Of SALESFORCE_BASE_URL the login itself takes salesforce.com alone. The message holds no part of the address, which
    may carry a password.
    """
    allowed = {each.strip().lower() for each in environment.allowed_hosts.split(",")}
    for variable, address, domain in (
        ("STRIPE_API_BASE", environment.stripe_api_base, "stripe.com"),
        ("NETSUITE_BASE_URL", environment.netsuite_base_url or "", "netsuite.com"),
        ("SALESFORCE_EVENTS_ENDPOINT", f"//{environment.salesforce_events}", "salesforce.com"),
    ):
        host = _host(address)
        known = host in {"", *allowed} or (is_plain_host(host) and f".{host}".endswith(f".{domain}"))
        # Plain http to any other machine than this one is refused where it is used, whoever is listed.
        if known or address.startswith("http://") or is_loopback(address):
            continue
        fix = "correct it; or, if it is a proxy of yours, add its host, without a port, to O2C_ALLOWED_HOSTS"
        raise SettingsError(f"{variable} names a host that is not of {domain}", fix)


def _check_transport(environment: Environment) -> None:
    """Raises SettingsError where what we store or hand to workers would travel to another machine in plain text."""
    hosts = PlaintextHosts(environment.plaintext_hosts)
    hosts.check_database(_reveal(environment.database_url), "O2C_DATABASE_URL")
    hosts.check_database(_reveal(environment.replica_url), "O2C_REPLICA_URL")
    hosts.check_redis(_reveal(environment.redis_url), "O2C_REDIS_URL")


def _host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:
        return ""  # what is no address is told where it is used


def _livemode(key: str) -> bool | None:
    modes = {"live": True, "test": False}
    return next((modes[part] for part in key.split("_") if part in modes), None)


def _stripe_accounts(environment: Environment, policy: Policy) -> dict[str, StripeCredentials]:
    """Raises SettingsError where keys and entities are not one for one."""
    main, further = environment.stripe_api_key, _account_keys(_reveal(environment.stripe_api_keys) or "")
    if main is None and not further:
        return {}
    if main is None:
        raise SettingsError(
            "STRIPE_API_KEYS is set and STRIPE_API_KEY is not", "set STRIPE_API_KEY to the main account's"
        )
    for account in further.keys() - policy.entities.keys():
        fix = f"say under entities.{account} in o2c.yaml how its books are kept, or take its key away"
        raise SettingsError(f"STRIPE_API_KEYS has a key for {account}, which is no entity", fix)
    for account in policy.entities.keys() - further.keys():
        raise SettingsError(f"entities.{account} has no key", f"add {account}=<its key> to STRIPE_API_KEYS")
    base = environment.stripe_api_base
    keys = {MAIN: main.get_secret_value(), **further}
    return {
        account: StripeCredentials(key, base, None if account == MAIN else account) for account, key in keys.items()
    }


def _collector(environment: Environment) -> Collector | None:
    """Where traces go; None: nowhere, which is the default. Raises SettingsError, which tells no address but a host.

    A key to a collector is never sent in plain text to another machine, whoever is named as trusted.
    """
    variable = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    address = environment.otel_traces_endpoint
    if address is None and environment.otel_endpoint is not None:
        variable, address = "OTEL_EXPORTER_OTLP_ENDPOINT", environment.otel_endpoint.rstrip("/") + "/v1/traces"
    if address is None or environment.otel_disabled:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise SettingsError(f"{variable} is not the address of a collector", "write it as https://collector:4318")
    headers = _headers(_reveal(environment.otel_traces_headers or environment.otel_headers) or "")
    if headers and parts.scheme == "http" and not is_loopback(address):
        raise SettingsError(f"the headers for {variable} would travel unencrypted", "use https:// for it")
    PlaintextHosts(environment.plaintext_hosts).check_collector(address, variable)
    return Collector(address, headers, environment.otel_service_name, trust_environment=not is_loopback(address))


def _headers(text: str) -> dict[str, str]:
    """`name=value` pairs, comma separated, values percent-encoded: as OpenTelemetry writes headers."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    found = {name.strip(): unquote(value.strip()) for name, _, value in pairs}
    if not all(re.fullmatch(r"[\w-]+", name) and value and value.isprintable() for name, value in found.items()):
        raise SettingsError("OTEL_EXPORTER_OTLP_HEADERS is not a list of headers", "write it as name=value,name=value")
    return found


def _account_keys(text: str) -> dict[str, str]:
    """`acct_…=rk_…` pairs, comma separated. Never tells a key in an error."""
    found: dict[str, str] = {}
    fix = "write it as acct_…=rk_…,acct_…=rk_… with one pair for each further account"
    for number, pair in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
        account, _, key = (part.strip() for part in pair.partition("="))
        if not account.startswith("acct_") or not key:
            raise SettingsError(f"STRIPE_API_KEYS: pair {number} is not an account and its key", fix)
        if account in found:
            raise SettingsError(f"STRIPE_API_KEYS has two keys for {account}", "leave one of them")
        if key in found.values():
            raise SettingsError(f"STRIPE_API_KEYS has the same key for two accounts, {account} is one", fix)
        found[account] = key
    return found


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _pem(secret: SecretStr | None, variable: str) -> str | None:
    """A private key given as PEM text or as the path of a file that holds it."""
    if secret is None:
        return None
    text = secret.get_secret_value()
    if "-----BEGIN" in text:
        return text.replace("\\n", "\n")
    try:
        return Path(text).expanduser().read_text()
    except OSError as error:
        raise SettingsError(
            f"{variable} is neither a PEM key nor a readable file ({error.strerror})",
            f"set {variable} to the PEM text or to the path of the key file",
        ) from None


def load_settings() -> Settings:
    """Settings of this process. Raises SettingsError on an unknown key, a bad value or an unreadable file."""
    environment = load_environment()
    return Settings(environment, load_policy(environment.config))


def load_environment() -> Environment:
    """The variables alone. Raises SettingsError on a bad value or an unreadable file."""
    try:
        return Environment(_env_file=_readable_env_file())
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        raise SettingsError(f"{name}: {problem['msg']}", f"correct {name} in the environment or .env") from None


def env_file() -> Path:
    """`.env`, or the file of secrets that a deployment mounts; it may not be there."""
    return Path(os.environ.get(_ENV_FILE) or ".env")


def _readable_env_file() -> Path:
    """Raises SettingsError if a file that is named cannot be read, or a line of it makes no sense."""
    path = env_file()
    if os.environ.get(_ENV_FILE) and not os.access(path, os.R_OK):
        fix = "see that the file is there and that this process's user may read it"
        raise SettingsError(f"{_ENV_FILE}: {path} cannot be read", fix)
    check_lines(path)
    return path


def store_events_together() -> None:
    """Have Dagster, which looks for this in the environment only, store the events of an asset's days together.

    One by one, each has a commit of its own, and a backfill of a year spends more time on them than on its data.
    """
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "500")
