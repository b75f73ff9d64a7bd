"""Secrets at rest: sealed, opened by every key of the list, sealed anew by the first, and never shown."""

import pytest
from pydantic import SecretStr

from integrations.kommo.connection.vault import Unopened, Vault, create_vault, new_key
from integrations.settings import Settings, WrongSettings, load_settings

SECRET = SecretStr("eyJ-an-access-token")


def vault(*keys: str) -> Vault:
    return Vault([SecretStr(key) for key in keys])


def test_what_is_sealed_is_opened_and_cannot_be_read_before() -> None:
    sealed = vault(new_key()).seal(SECRET)
    assert SECRET.get_secret_value() not in sealed


def test_every_key_opens_and_the_first_one_seals() -> None:
    old, new = new_key(), new_key()
    sealed = vault(old).seal(SECRET)
    assert vault(new, old).open(sealed) == SECRET
    anew = vault(new, old).reseal(sealed)
    assert vault(new).open(anew) == SECRET
    with pytest.raises(Unopened):
        vault(old).open(anew)


def test_what_was_changed_is_not_opened() -> None:
    key = new_key()
    sealed = vault(key).seal(SECRET)
    middle = len(sealed) // 2
    changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
    with pytest.raises(Unopened) as error:
        vault(key).open(changed)
    assert changed not in str(error.value)


def test_without_a_key_it_is_said_how_to_get_one(settings: Settings) -> None:
    with pytest.raises(WrongSettings, match="autoprime new-key"):
        create_vault(settings)


def test_a_wrong_key_is_reported_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOPRIME_SECRET_KEYS", f"{new_key()}, not-a-key")
    with pytest.raises(WrongSettings) as error:
        load_settings()
    assert "AUTOPRIME_SECRET_KEYS" in str(error.value)
    assert "not-a-key" not in str(error.value)


def test_an_empty_list_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOPRIME_SECRET_KEYS", "")
    assert load_settings().vault_keys == ()
