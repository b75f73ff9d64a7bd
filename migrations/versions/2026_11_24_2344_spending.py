"""What a contact and the whole service may spend, and how names are compared to keep other people's out of replies."""

from alembic import op

revision = "2026_11_24_2344"
down_revision = "2026_11_24_2343"
branch_labels = None
depends_on = None

NAME_KEY = r"""
CREATE OR REPLACE FUNCTION name_key(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN words[1] = '' THEN NULL
        WHEN words[1] = words[cardinality(words)] THEN words[1]
        ELSE words[1] || ' ' || words[cardinality(words)]
    END
    FROM (
        SELECT regexp_split_to_array(btrim(regexp_replace(lower(translate(
            coalesce(typed, ''),
            'ÁÀÂÃÄáàâãäÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÕÖóòôõöÚÙÛÜúùûüÇçÑñ',
            'aaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuuuccnn'
        ) COLLATE "C"), '[^a-z]+', ' ', 'g')), ' ') AS words
    ) AS cleaned
$$
"""

STATEMENTS: tuple[str, ...] = (
    NAME_KEY,
    "CREATE INDEX ix_profiles_name_key ON profiles (name_key(full_name))",
    "CREATE INDEX ix_ordens_servico_client_name_key ON ordens_servico (name_key(client_name))",
    "CREATE INDEX ix_turn_costly_started_at ON turn (started_at) WHERE cost_usd IS NOT NULL",
    """
    CREATE TABLE model_budget_day (
        day DATE NOT NULL,
        reached_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_model_budget_day PRIMARY KEY (day)
    )
    """,
)


def upgrade() -> None:
    """Create them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
