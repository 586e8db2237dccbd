"""Where what a test run throws away is kept: in memory, if there is room; or with a server that runs already."""

import os
import shutil
from pathlib import Path

# The environment variable with the URL of a PostgreSQL server for tests, which then start none.
SERVER_FOR_TESTS = "O2C_TEST_DATABASE_URL"
_ROOM = 4 << 30


def in_memory() -> Path | None:
    """A file system in memory with room for databases, if there is one: making files is a good part of their work."""
    place = Path("/dev/shm")
    roomy = place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > _ROOM
    return place if roomy else None
