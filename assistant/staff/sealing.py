"""What seals the staff's secrets at rest. SEAM: the vault of the connection's tokens is to stand here."""

from assistant.staff.totp import Sealer
from integrations.settings import Settings


def sealer_of(settings: Settings) -> Sealer | None:
    """The sealer of these settings; `None` without keys, and then the second step is not offered."""
    return None
