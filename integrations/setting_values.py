"""The kinds of values that settings have, each checked where it is read; what is wrong is said without the value."""

import base64
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

from integrations.workshop.warranty import parse_rules


def listed(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _empty_is_unset(value: object) -> object:
    return None if value == "" else value


def _postgres_only(value: str | None) -> str | None:
    if value is not None and not value.startswith(("postgres://", "postgresql://", "postgresql+asyncpg://")):
        raise ValueError("must start with postgresql://")
    return value


def _known_level(value: str) -> str:
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def _long_secret(value: SecretStr | None) -> SecretStr | None:
    if value is not None and len(value.get_secret_value()) < 24:
        raise ValueError("must have at least 24 characters")
    return value


def _whole_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must start with https://")
    return value.rstrip("/")


def _usable_keys(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not all(map(_is_key, listed(value.get_secret_value()))):
        raise ValueError("every key must be one that `autoprime new-key` has printed")
    return value


def _is_key(text: str) -> bool:
    """Whether it is a Fernet key; checked here without loading the cryptography."""
    try:
        return len(base64.urlsafe_b64decode(text)) == 32
    except ValueError:
        return False


def _readable_rules(value: str | None) -> str | None:
    parse_rules(value or "")
    return value


OptionalText = Annotated[str | None, BeforeValidator(_empty_is_unset)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_empty_is_unset)]
DatabaseUrl = Annotated[str | None, AfterValidator(_postgres_only), BeforeValidator(_empty_is_unset)]
LogLevel = Annotated[str, AfterValidator(_known_level)]
LongSecret = Annotated[SecretStr | None, AfterValidator(_long_secret), BeforeValidator(_empty_is_unset)]
Address = Annotated[str, AfterValidator(_whole_address)]
KeyList = Annotated[SecretStr | None, AfterValidator(_usable_keys), BeforeValidator(_empty_is_unset)]
WarrantyRules = Annotated[str | None, AfterValidator(_readable_rules)]
