"""PostgreSQL: the schema `o2c`, its migrations, and the only SQL of the project."""
