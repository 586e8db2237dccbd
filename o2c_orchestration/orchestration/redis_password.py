"""Redis's password, read from a file whenever a connection is made: it stands in no address and no environment."""

from redis import CredentialProvider

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import Environment


class FromFile(CredentialProvider):
    """What deploy/dagster.celery.yaml names as credential provider of broker and results."""

    def get_credentials(self) -> tuple[str]:
        """The password alone, for Redis's default user. Raises SettingsError where no file is named."""
        path = Environment().redis_password_file
        if path is None:
            raise SettingsError("O2C_REDIS_PASSWORD_FILE is not set", "name the file that holds Redis's password")
        return (path.read_text().strip(),)
