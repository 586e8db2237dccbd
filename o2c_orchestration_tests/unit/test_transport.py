"""What is sent to another machine travels under TLS, or the administrator has named the machine."""

import pytest

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings
from o2c_orchestration_tests.e2e.cli_fixtures import environment

DATABASE, REPLICA, REDIS = "O2C_DATABASE_URL", "O2C_REPLICA_URL", "O2C_REDIS_URL"
COLLECTOR, COLLECTOR_OF_TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
HERE = [
    "postgresql:///o2c",
    "postgresql://o2c:hunter2@localhost/o2c",
    "postgresql://o2c@127.0.0.5:5433/o2c",
    "postgresql://o2c@[::1]/o2c",
    "postgresql://o2c@/o2c?host=/run/postgresql",
    "postgresql+psycopg2://o2c@localhost/o2c?sslmode=disable",
]
UNENCRYPTED = [
    "postgresql://o2c:hunter2@db.example/o2c",
    "postgresql+psycopg2://o2c:hunter2@db.example/o2c",
    "postgresql://o2c:hunter2@10.0.0.7:5432/o2c",
    "postgresql://o2c:hunter2@db.example/o2c?sslmode=disable",
    "postgresql://o2c:hunter2@db.example/o2c?sslmode=prefer",
    # The name is this machine's, where it connects to is not.
    "postgresql://o2c:hunter2@localhost/o2c?hostaddr=10.0.0.7",
    "postgresql:///o2c?user=o2c&password=hunter2&host=localhost:5432&host=db.example:5432",
    "postgresql:///o2c?user=o2c&password=hunter2&service=books",
]
ENCRYPTED = [
    "postgresql://o2c:hunter2@db.example/o2c?sslmode=require",
    "postgresql://o2c:hunter2@db.example/o2c?sslmode=verify-ca",
    "postgresql://o2c:hunter2@db.example/o2c?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    "postgresql://o2c:hunter2@db.example/o2c?sslrootcert=system",
    "postgresql:///o2c?service=books&sslmode=verify-full",
]


def refusal(variables: dict[str, str]) -> str:
    with environment(variables), pytest.raises(SettingsError) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("variable", [DATABASE, REPLICA])
@pytest.mark.parametrize("address", UNENCRYPTED)
def test_a_database_elsewhere_without_tls_is_refused(variable: str, address: str):
    """By the name of the variable, with what to write and with no password."""
    said = refusal({variable: address})
    assert said.startswith(f"{variable} names ")
    assert "sslmode=verify-full" in said
    assert "O2C_PLAINTEXT_HOSTS" in said


@pytest.mark.parametrize("address", [*HERE, *ENCRYPTED])
def test_a_database_here_or_under_tls_is_taken(address: str):
    """A socket and the loopback device leave the machine with nothing to read."""
    with environment({DATABASE: address, REPLICA: address}):
        assert load_settings().database_url == address


def test_the_host_is_told_and_may_be_named():
    """One host, and not those that it is asked beside."""
    both = "postgresql://o2c:hunter2@db.example,other.example/o2c"
    assert "db.example," in refusal({DATABASE: both})
    assert "other.example," in refusal({DATABASE: both, "O2C_PLAINTEXT_HOSTS": " DB.example ,third"})
    with environment({DATABASE: both, "O2C_PLAINTEXT_HOSTS": "db.example,other.example"}):
        assert load_settings().database_url == both


@pytest.mark.parametrize(
    ("libpq", "address", "taken"),
    [
        ({"PGSSLMODE": "require"}, "postgresql://o2c@db.example/o2c", True),
        ({"PGSSLROOTCERT": "system"}, "postgresql://o2c@db.example/o2c", True),
        # A file of an authority alone asks for nothing.
        ({"PGSSLROOTCERT": "/etc/ca.pem"}, "postgresql://o2c@db.example/o2c", False),
        ({"PGSSLMODE": "verify-full"}, "postgresql://o2c@db.example/o2c?sslmode=prefer", False),
        ({"PGHOST": "db.example"}, "postgresql:///o2c", False),
        ({"PGHOSTADDR": "10.0.0.7"}, "postgresql://o2c@localhost/o2c", False),
        ({"PGHOST": "db.example"}, "postgresql://o2c@localhost/o2c", True),
    ],
)
def test_libpqs_own_variables_count(libpq: dict[str, str], address: str, taken: bool):
    """As they count for libpq: after what the address says."""
    with environment({**libpq, DATABASE: address}):
        if taken:
            assert load_settings().database_url == address
            return
    refusal({**libpq, DATABASE: address})


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("redis://:hunter2@localhost:6379/0", True),
        ("redis://:hunter2@127.0.0.1:6379/0", True),
        ("redis+socket:///run/redis.sock", True),
        ("rediss://:hunter2@redis.example:6380/0?ssl_cert_reqs=required", True),
        ("redis://:hunter2@redis.example:6379/0", False),
        ("sentinel://:hunter2@127.0.0.1:26379;sentinel://:hunter2@b.example:26379", False),
    ],
)
def test_a_redis_elsewhere_without_tls_is_refused(address: str, taken: bool):
    """What waits for a worker names runs, and its password opens them."""
    if not taken:
        assert "rediss://" in refusal({REDIS: address})
        return
    with environment({REDIS: address}):
        load_settings()


@pytest.mark.parametrize("variable", [COLLECTOR, COLLECTOR_OF_TRACES])
def test_a_collector_elsewhere_without_tls_is_refused(variable: str):
    """Unless it is named; and a key is never sent there in plain text."""
    address, named = "http://collector.example:4318", {"O2C_PLAINTEXT_HOSTS": "collector.example"}
    assert "https://" in refusal({variable: address})
    with environment({variable: address, **named}):
        assert load_settings().collector is not None
    assert "unencrypted" in refusal({variable: address, **named, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=hunter2"})
