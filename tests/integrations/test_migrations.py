"""Migrations: on an empty database, on the shop's, by many processes at once, and in step with the models."""

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from integrations.contact import name_key, normal_document, normal_email, normal_phone, normal_plate
from integrations.database import Base, Sessions, create_engine, transaction
from integrations.workshop.matching.sounds import name_ends, name_start
from migrations.tables import ours
from migrations.upgrade import migrate, pending

SHOP = """
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY);
CREATE TABLE profiles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL UNIQUE REFERENCES auth.users, full_name text, phone text, loyalty_points integer);
CREATE TABLE vehicles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES auth.users, model text NOT NULL, plate text NOT NULL);
CREATE TABLE services (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL,
    description text, price numeric);
INSERT INTO services (name) VALUES ('Revisão');
CREATE TABLE ordens_servico (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), numero_os text NOT NULL, plate text,
    vehicle text, client_name text, client_phone text, status text DEFAULT 'orcamento', valor_final numeric DEFAULT 0,
    km_atual text);
INSERT INTO auth.users VALUES ('00000000-0000-0000-0000-000000000001');
INSERT INTO profiles (user_id, full_name, phone)
    VALUES ('00000000-0000-0000-0000-000000000001', 'Rita Nunes', '(11) 8765-4321');
INSERT INTO vehicles (user_id, model, plate) VALUES ('00000000-0000-0000-0000-000000000001', 'Fox', 'abc-1234');
INSERT INTO ordens_servico (numero_os, plate, client_phone) VALUES ('OS-7', 'ABC1C34', '+55 11 98765-4321');
"""


async def test_the_shops_own_database_keeps_its_rows_and_gains_links(empty_database: str) -> None:
    engine = create_engine(empty_database)
    async with engine.begin() as connection:
        for statement in SHOP.split(";\n"):
            if statement.strip():
                await connection.execute(text(statement))
    await migrate(engine)
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text(
                    "SELECT o.numero_os, p.full_name, v.model, p.loyalty_points FROM ordens_servico o "
                    "JOIN profiles p ON p.id = o.customer_id JOIN vehicles v ON v.id = o.vehicle_id"
                )
            )
        ).one()
        await connection.execute(text("INSERT INTO profiles (full_name) VALUES ('Sem login')"))
    await engine.dispose()
    assert row == ("OS-7", "Rita Nunes", "Fox", None)


async def test_ten_replicas_migrate_once(empty_database: str) -> None:
    engines = [create_engine(empty_database, pool_size=2) for _ in range(10)]
    assert await pending(engines[0])
    await asyncio.gather(*(migrate(engine) for engine in engines))
    assert not await pending(engines[0])
    async with engines[0].connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar_one() == 1
    await asyncio.gather(*(engine.dispose() for engine in engines))


async def test_models_and_migrations_agree(database: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        return list(compare_metadata(context, Base.metadata))

    engine = create_engine(database)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


TYPED_PHONES = st.one_of(
    st.text(alphabet="0123456789+-() ", max_size=20),
    st.from_regex(r"(\+?55 ?)?\(?0?[1-9][0-9]\)? ?9?[0-9]{4}-?[0-9]{4}", fullmatch=True),
    st.text(max_size=20),
)
TYPED_PLATES = st.one_of(
    st.from_regex(r"[A-Za-z]{3}[- ]?[0-9][A-Za-z0-9][0-9]{2}", fullmatch=True), st.text(max_size=9)
)

TYPED_DOCUMENTS = st.one_of(
    st.from_regex(r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9]{2}\.?[A-Za-z0-9]{3}\.?[A-Za-z0-9]{3}/?[A-Za-z0-9]{4}-?[0-9]{2}", fullmatch=True),
    st.text(max_size=20),
)
TYPED_EMAILS = st.one_of(st.emails(), st.from_regex(r"\s?[A-Za-z._]{1,5}@[A-Za-z.-]{1,8}\s?"), st.text(max_size=12))
SPELLED_NAMES = st.lists(
    st.sampled_from(
        ["Thiago", "Philippe", "Kátia", "Wagner", "Luíz", "de", "dos", "Júnior", "Souza", "Sá", "Ltda", "J."]
    )
    | st.text(alphabet="aehpqutykwcszjãÇ ", max_size=8),
    max_size=6,
).map(" ".join)
TYPED_NAMES = st.one_of(st.text(max_size=30), st.text(alphabet="aBcÁéÕçÑ dE'-.", max_size=20))


async def test_sql_and_python_agree_on_normal_forms(sessions: Sessions) -> None:
    async def in_sql(function: str, typed: list[str]) -> list[str | None]:
        async with transaction(sessions) as session:
            query = text(
                f"SELECT {function}(t) FROM unnest(CAST(:typed AS text[])) WITH ORDINALITY AS x(t, n) ORDER BY n"
            )
            return list((await session.execute(query, {"typed": typed})).scalars())

    phones, plates, names = samples(TYPED_PHONES), samples(TYPED_PLATES), samples(TYPED_NAMES)
    assert await in_sql("normal_phone", phones) == [normal_phone(phone) for phone in phones]
    assert await in_sql("normal_plate", plates) == [normal_plate(plate) for plate in plates]
    assert await in_sql("name_key", names) == [name_key(name) for name in names]
    documents, emails = samples(TYPED_DOCUMENTS), samples(TYPED_EMAILS)
    assert await in_sql("normal_document", documents) == [normal_document(document) for document in documents]
    assert await in_sql("normal_email", emails) == [normal_email(email) for email in emails]
    heard = names + samples(SPELLED_NAMES)
    assert await in_sql("name_ends", heard) == [name_ends(name) for name in heard]
    assert await in_sql("name_start", heard) == [name_start(name) for name in heard]


def samples(strategy: st.SearchStrategy[str]) -> list[str]:
    """Five hundred texts that the strategy finds worth trying (PostgreSQL stores no NUL)."""
    found: list[str] = []

    @hypothesis_settings(max_examples=500, database=None, suppress_health_check=list(HealthCheck), deadline=None)
    @given(strategy)
    def collect(value: str) -> None:
        found.append(value.replace("\x00", "").encode("utf-8", "ignore").decode())

    collect()
    return found
