"""Alembic migrations of the schema `o2c`, run at start and by `o2c migrate`."""
