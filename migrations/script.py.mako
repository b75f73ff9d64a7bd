"""${message}"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only adds: the shop's own application keeps running on the same tables."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
