"""Normal documents, e-mails and the sound of names, and indexes that find a customer or vehicle by each.

The indexes on phones and plates get the row's id as a second column, those of orders the time: so the first rows of a
placeholder that thousands share (`(11) 99999-9999`, `AAA0000`) are read from the index in an order that never changes.
"""

from alembic import op

revision = "2026_11_25_0400"
down_revision = "2026_11_25_0340"
branch_labels = None
depends_on = None

NORMAL_DOCUMENT = r"""
CREATE OR REPLACE FUNCTION normal_document(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN document ~ '^([0-9]{11}|[A-Z0-9]{12}[0-9]{2})$' THEN document END
    FROM (
        SELECT upper(regexp_replace(coalesce(typed, ''), '[^A-Za-z0-9]', '', 'g') COLLATE "C") AS document
    ) AS cleaned
$$
"""

NORMAL_EMAIL = r"""
CREATE OR REPLACE FUNCTION normal_email(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN email ~ '^[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$' THEN email END
    FROM (SELECT lower(btrim(coalesce(typed, ''), E' \t\r\n') COLLATE "C") AS email) AS cleaned
$$
"""

SOUNDS = r"""string_to_array(nullif(btrim(
    regexp_replace(regexp_replace(translate(
        replace(replace(replace(replace(replace(replace(replace(replace(
            regexp_replace(regexp_replace(lower(translate(
                coalesce(typed, ''),
                'ÁÀÂÃÄáàâãäÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÕÖóòôõöÚÙÛÜúùûüÇçÑñ',
                'aaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuuuccnn'
            ) COLLATE "C"), '[^a-z]+', ' ', 'g'),
            '\m([a-z]|d[aeiou]|d[ao]s|junior|jr|filho|neto|sobrinho|segundo|ltda|me|mei|epp|eireli|cia)\M ?', '', 'g'),
        'ph', 'f'), 'th', 't'), 'y', 'i'), 'w', 'v'), 'qu', 'c'), 'k', 'c'), 'ch', 'x'), 'sh', 'x'),
        'zj', 'sg'), '([a-z])\1+', '\1', 'g'), '(?<=[a-z])[aeiouh]+(?=[a-z])', '', 'g')
), ''), ' ')"""
"""The words of a name as they sound: `integrations/workshop/matching/sounds.py` tells the rule."""

NAME_ENDS = f"""
CREATE OR REPLACE FUNCTION name_ends(typed text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    sounds text[] := {SOUNDS};
    one text COLLATE "C" := sounds[1];
    other text COLLATE "C" := sounds[cardinality(sounds)];
BEGIN
    RETURN CASE WHEN cardinality(sounds) > 1 THEN least(one, other) || ' ' || greatest(one, other) END;
END $$
"""

NAME_START = f"""
CREATE OR REPLACE FUNCTION name_start(typed text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    sounds text[] := {SOUNDS};
    one text COLLATE "C" := sounds[1];
    other text COLLATE "C" := sounds[2];
BEGIN
    RETURN CASE WHEN cardinality(sounds) > 2 THEN least(one, other) || ' ' || greatest(one, other) END;
END $$
"""

FUNCTIONS = (NORMAL_DOCUMENT, NORMAL_EMAIL, NAME_ENDS, NAME_START)

REPLACED = ("ix_profiles_normal_phone", "ix_vehicles_normal_plate", "ix_ordens_servico_normal_client_phone")

INDEXES = (
    "ix_profiles_normal_phone ON profiles (normal_phone(phone), id)",
    "ix_profiles_normal_document ON profiles (normal_document(cpf), id)",
    "ix_profiles_normal_email ON profiles (normal_email(email), id)",
    "ix_profiles_name_ends ON profiles (name_ends(full_name), id)",
    "ix_profiles_name_start ON profiles (name_start(full_name), id)",
    "ix_vehicles_normal_plate ON vehicles (normal_plate(plate), id)",
    "ix_vehicles_user_id ON vehicles (user_id)",
    "ix_ordens_servico_normal_client_phone ON ordens_servico (normal_phone(client_phone), created_at, id)",
    "ix_ordens_servico_normal_plate ON ordens_servico (normal_plate(plate), created_at, id)",
)


def upgrade() -> None:
    """Functions first, then the indexes; an index of the shop's own under one of the new names stays."""
    for function in FUNCTIONS:
        op.execute(function)
    for name in REPLACED:
        op.execute(f"DROP INDEX IF EXISTS {name}")
    for index in INDEXES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {index}")


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
