"""What the account's fields, stages and users mean to the shop."""

from alembic import op

revision = "2026_11_25_0320"
down_revision = "2026_11_25_0310"
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
