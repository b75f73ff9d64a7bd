"""Where the access token of a call comes from. Tokens are never logged."""

from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr


class TokenProvider(Protocol):
    """Where the access token comes from."""

    async def token(self) -> str:
        """The token to use now."""
        ...

    async def renew(self, refused: str) -> str | None:
        """Another token after Kommo answered 401 to `refused`; None when there is none."""
        ...


@dataclass(frozen=True)
class StaticToken:
    """A long-lived token of a private integration; nothing can renew it."""

    secret: SecretStr

    async def token(self) -> str:
        return self.secret.get_secret_value()

    async def renew(self, refused: str) -> str | None:
        return None
