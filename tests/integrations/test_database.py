"""The database's URL in the forms that hosting providers hand out."""

import pytest
from sqlalchemy import text

from integrations.database import Sessions, async_url, create_engine, driver_dsn


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_usual_scheme_is_understood(scheme: str) -> None:
    assert (
        async_url(f"{scheme}://ana:s%40fe@db.example:6543/shop")
        == "postgresql+asyncpg://ana:s%40fe@db.example:6543/shop"
    )
    assert driver_dsn(f"{scheme}://ana:s%40fe@db.example:6543/shop") == "postgresql://ana:s%40fe@db.example:6543/shop"


def test_another_database_is_refused_with_what_to_write() -> None:
    with pytest.raises(ValueError, match="must start with postgresql://"):
        async_url("mysql://db.example/shop")


async def test_sslmode_in_the_url_reaches_the_driver(sessions: Sessions, database: str) -> None:
    """SQLAlchemy's dialect knows no `sslmode` and would refuse the connection."""
    separator = "&" if "?" in database else "?"
    engine = create_engine(f"{database}{separator}sslmode=disable")
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await engine.dispose()
