"""What seals the staff's secrets at rest: the vault that also keeps the account's tokens."""

from assistant.staff.totp import Sealer
from integrations.kommo.connection.vault import Vault
from integrations.settings import Settings


def sealer_of(settings: Settings) -> Sealer | None:
    """The sealer of these settings; `None` without keys, and then the second step is not offered."""
    return Vault(settings.vault_keys) if settings.vault_keys else None
