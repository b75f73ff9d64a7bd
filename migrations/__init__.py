"""Alembic migrations. They only add to a database that the shop already uses."""
