"""Secrets at rest: sealed with the operator's keys before they are stored, opened when they are used.

Fernet (AES-128-CBC with HMAC-SHA256) of the package `cryptography`. The first key seals, every key opens, so that keys
can be replaced one after the other (docs/operate.md). No I/O; what it opens leaves as `SecretStr` only.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from integrations.settings import Settings, WrongSettings


class Unopened(Exception):
    """None of the keys in use opens this: it was sealed with another one, or changed since."""

    def __init__(self) -> None:
        super().__init__("a stored secret was sealed with a key that AUTOPRIME_SECRET_KEYS does not have")


class Vault:
    """Seals and opens with one list of keys."""

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        self._fernet = MultiFernet([Fernet(key.get_secret_value()) for key in keys])

    def seal(self, secret: SecretStr) -> str:
        """The secret as it may lie in the database."""
        return self._fernet.encrypt(secret.get_secret_value().encode()).decode()

    def open(self, sealed: str) -> SecretStr:
        """The secret again. Raises `Unopened`."""
        try:
            return SecretStr(self._fernet.decrypt(sealed.encode()).decode())
        except InvalidToken:
            raise Unopened from None

    def reseal(self, sealed: str) -> str:
        """The same secret sealed with the first key. Raises `Unopened`."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise Unopened from None


def create_vault(settings: Settings) -> Vault:
    """The vault of these settings; raises `WrongSettings` that says how to get a key."""
    keys = settings.vault_keys
    if not keys:
        raise WrongSettings(
            "AUTOPRIME_SECRET_KEYS: is needed to store tokens and not set; `autoprime new-key` prints a fresh one"
        )
    return Vault(keys)


def new_key() -> str:
    """A fresh key, as AUTOPRIME_SECRET_KEYS takes it."""
    return Fernet.generate_key().decode()
