"""Settings that the staff change on their pages."""

from alembic import op

revision = "2026_11_25_0340"
down_revision = "2026_11_25_0330"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE shop_setting (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        changed_by BIGINT,
        CONSTRAINT pk_shop_setting PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE shop_day (
        day DATE NOT NULL,
        name TEXT NOT NULL,
        opens TIME WITHOUT TIME ZONE,
        closes TIME WITHOUT TIME ZONE,
        changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        changed_by BIGINT,
        CONSTRAINT pk_shop_day PRIMARY KEY (day),
        CONSTRAINT ck_shop_day_hours_make_sense CHECK ((opens IS NULL AND closes IS NULL) OR opens < closes)
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
