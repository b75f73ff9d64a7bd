"""What the account's fields, stages and users mean to the shop."""

from alembic import op

revision = "2026_11_25_0320"
down_revision = "2026_11_25_0310"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE kommo_stage_choice (
    meaning TEXT NOT NULL,
    pipeline_id BIGINT NOT NULL,
    pipeline_name TEXT NOT NULL,
    stage_id BIGINT NOT NULL,
    stage_name TEXT NOT NULL,
    chosen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_kommo_stage_choice PRIMARY KEY (meaning)
)
""",
    """
CREATE TABLE kommo_user_choice (
    kommo_user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    staff_id BIGINT,
    is_default BOOLEAN DEFAULT false NOT NULL,
    chosen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_kommo_user_choice PRIMARY KEY (kommo_user_id)
)
""",
    "CREATE UNIQUE INDEX ix_kommo_user_choice_is_default ON kommo_user_choice (is_default) WHERE is_default",
    """
CREATE TABLE kommo_field_seen (
    name TEXT NOT NULL,
    field_id BIGINT NOT NULL,
    field_name TEXT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_kommo_field_seen PRIMARY KEY (name)
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
