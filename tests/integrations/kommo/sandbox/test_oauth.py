"""OAuth: consent, codes, rotating refresh tokens, and what the token endpoint refuses."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import Stand, Started

BACK = "http://127.0.0.1:9/kommo/callback"


@pytest.fixture
async def oauth(start: Started, quick: SandboxSettings) -> Stand:
    return await start(replace(quick, redirect_uri=BACK))


async def _consent(stand: Stand, answer: str = "allow") -> dict[str, str]:
    """What the integration's address is called with after the administrator's answer."""
    client_id = stand.settings.client_id
    page = await stand.phone.get("/oauth", params={"client_id": client_id, "state": "abc<", "mode": "popup"})
    assert page.status_code == 200
    assert "abc&lt;" in page.text
    back = await stand.phone.post("/oauth", data={"state": "abc<", "answer": answer})
    assert back.status_code == 302
    address = urlsplit(back.headers["location"])
    assert back.headers["location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(address.query).items()}


async def _exchange(stand: Stand, **given: object) -> httpx.Response:
    keys = {"client_id": stand.settings.client_id, "client_secret": stand.settings.client_secret, "redirect_uri": BACK}
    return await stand.phone.post("/oauth2/access_token", json=keys | given)


async def _by_code(stand: Stand) -> dict[str, str]:
    code = (await _consent(stand))["code"]
    answer = await _exchange(stand, grant_type="authorization_code", code=code)
    assert answer.status_code == 200, answer.text
    pair: dict[str, str] = answer.json()
    return pair


async def _refresh(stand: Stand, token: str) -> httpx.Response:
    return await _exchange(stand, grant_type="refresh_token", refresh_token=token)


async def _use(stand: Stand, access_token: str) -> int:
    answer = await stand.phone.get("/api/v4/account", headers={"authorization": f"Bearer {access_token}"})
    return answer.status_code


async def test_consent_brings_a_code_that_works_once(oauth: Stand) -> None:
    back = await _consent(oauth)
    assert (back["state"], back["client_id"]) == ("abc<", oauth.settings.client_id)
    assert back["referer"] == urlsplit(oauth.base_url).netloc
    first = await _exchange(oauth, grant_type="authorization_code", code=back["code"])
    pair = first.json()
    assert set(pair) == {"token_type", "expires_in", "server_time", "access_token", "refresh_token"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 86400)
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})
    assert claims["scopes"] == ["crm", "send_external_messages", "list_external_messages", "files"]
    assert (claims["aud"], claims["exp"] - claims["iat"]) == (oauth.settings.client_id, 86400)
    assert claims["api_domain"] == urlsplit(oauth.base_url).netloc
    assert await _use(oauth, pair["access_token"]) == 200
    again = await _exchange(oauth, grant_type="authorization_code", code=back["code"])
    assert again.status_code == 400


async def test_a_refused_consent_comes_back_as_access_denied(oauth: Stand) -> None:
    back = await _consent(oauth, "deny")
    assert (back["error"], back["state"], "code" in back) == ("access_denied", "abc<", False)


async def test_the_old_refresh_token_dies_with_the_first_use_of_the_new_pair(oauth: Stand) -> None:
    first = await _by_code(oauth)
    lost = (await _refresh(oauth, first["refresh_token"])).json()
    # The answer was lost: the old token works again.
    second = (await _refresh(oauth, first["refresh_token"])).json()
    assert second["refresh_token"] != lost["refresh_token"]
    assert await _use(oauth, second["access_token"]) == 200
    reused = await _refresh(oauth, first["refresh_token"])
    assert (reused.status_code, reused.headers["content-type"]) == (401, "application/problem+json")
    assert reused.json()["hint"] == "Token has been revoked"
    assert reused.json()["type"].endswith("/v3/errors/OAuthProblemJson")
    assert (await _refresh(oauth, second["refresh_token"])).status_code == 200


async def test_using_an_older_access_token_does_not_count_as_use_of_the_new_pair(oauth: Stand) -> None:
    first = await _by_code(oauth)
    assert (await _refresh(oauth, first["refresh_token"])).status_code == 200
    assert await _use(oauth, first["access_token"]) == 200
    assert (await _refresh(oauth, first["refresh_token"])).status_code == 200


async def test_an_access_token_expires(start: Started, quick: SandboxSettings) -> None:
    stand = await start(replace(quick, redirect_uri=BACK, access_token_seconds=0))
    pair = await _by_code(stand)
    assert await _use(stand, pair["access_token"]) == 401
    assert (await _refresh(stand, pair["refresh_token"])).status_code == 200


async def test_what_the_token_endpoint_refuses(oauth: Stand) -> None:
    pair = await _by_code(oauth)
    wrong = await _exchange(oauth, grant_type="refresh_token", refresh_token=pair["refresh_token"], client_secret="x")
    assert (wrong.status_code, "hint" in wrong.json()) == (401, False)
    assert (await _exchange(oauth, grant_type="password")).status_code == 400
    assert (await _exchange(oauth, grant_type="authorization_code", code="nonsense")).status_code == 400
    code = (await _consent(oauth))["code"]
    elsewhere = await _exchange(oauth, grant_type="authorization_code", code=code, redirect_uri="https://evil.example")
    assert elsewhere.status_code == 400
    assert (await _refresh(oauth, "nonsense")).status_code == 401


async def test_revoking_reaches_refresh_tokens_and_a_new_connection_works(oauth: Stand) -> None:
    pair = await _by_code(oauth)
    await oauth.breaks("token_revoked")
    assert await _use(oauth, pair["access_token"]) == 401
    assert (await _refresh(oauth, pair["refresh_token"])).json()["hint"] == "Token has been revoked"
    fresh = await _by_code(oauth)
    assert await _use(oauth, fresh["access_token"]) == 200


async def test_an_unknown_integration_and_a_missing_address_are_said(stand: Stand) -> None:
    unknown = await stand.phone.get("/oauth", params={"client_id": "x"})
    assert (unknown.status_code, "client_id" in unknown.text) == (400, True)
    nowhere = await stand.phone.get("/oauth", params={"client_id": stand.settings.client_id})
    assert (nowhere.status_code, "redirect_uri" in nowhere.text) == (400, True)
    await stand.phone.patch("/sandbox/account", json={"redirect_uri": BACK})
    assert (await stand.phone.get("/oauth", params={"client_id": stand.settings.client_id})).status_code == 200
    keys = (await stand.phone.get("/sandbox/integration")).json()
    assert keys["client_secret"] == stand.settings.client_secret


async def test_narrower_scopes_show_in_the_next_token(stand: Stand) -> None:
    before = (await stand.phone.get("/sandbox/token")).json()["access_token"]
    assert (await stand.phone.get("/sandbox/token")).json()["access_token"] == before
    await stand.phone.patch("/sandbox/account", json={"scopes": ["crm"]})
    after = (await stand.phone.get("/sandbox/token")).json()["access_token"]
    assert jwt.decode(after, options={"verify_signature": False})["scopes"] == ["crm"]
    assert await _use(stand, before) == 200
