"""Where Dagster keeps its runs and events: PostgreSQL, as `dagster.yaml` says, and never in plain text.

Webserver and daemon read no settings of ours, and they send the same password and events as everybody else.
"""

from typing import Any, Self

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import pg_url_from_config

from o2c_orchestration.settings import load_environment
from o2c_orchestration.store.lines import patient_text
from o2c_orchestration.transport import PlaintextHosts


class EncryptedStorage(DagsterPostgresStorage):
    """Dagster's own, after a look at its address."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Raises SettingsError for what is no address, and where another machine would be asked without TLS."""
        hosts = PlaintextHosts(load_environment().plaintext_hosts)
        url = patient_text(pg_url_from_config(config_value), "O2C_DATABASE_URL")
        hosts.check_database(url, "O2C_DATABASE_URL")
        return cls(url, config_value.get("should_autocreate_tables", True), inst_data)
