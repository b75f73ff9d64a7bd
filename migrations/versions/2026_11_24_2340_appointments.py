"""Booked visits: who booked, and by which conversation."""

from alembic import op

revision = "2026_11_24_2340"
down_revision = "2026_11_24_2330"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE appointments ADD COLUMN IF NOT EXISTS customer_id uuid "
    "CONSTRAINT fk_appointments_customer_id_profiles REFERENCES profiles (id)",
    "ALTER TABLE appointments ADD COLUMN IF NOT EXISTS conversation_id bigint",
    "ALTER TABLE appointments ADD COLUMN IF NOT EXISTS contact_phone text",
    # A customer who came through Kommo has no login, and a new one not even a vehicle.
    "ALTER TABLE appointments ALTER COLUMN user_id DROP NOT NULL",
    "ALTER TABLE appointments ALTER COLUMN vehicle_id DROP NOT NULL",
    "CREATE INDEX IF NOT EXISTS ix_appointments_customer_id ON appointments (customer_id)",
    "CREATE INDEX IF NOT EXISTS ix_appointments_appointment_date ON appointments (appointment_date)",
)


def upgrade() -> None:
    """Create them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
