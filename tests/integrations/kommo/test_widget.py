"""The call of a waiting bot: believed only with Kommo's signature, in time, and with the account's own address."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from integrations.kommo.widget import BadWidgetRequest, WidgetProblem, read_widget_request

BASE = "https://doctorautoprime.kommo.com"
SECRET = SecretStr("the-secret-of-the-integration-is-this-long-so-that-HS512-takes-it")
URL = f"{BASE}/api/v4/salesbot/12/continue/3456"
NEVER = 9_999_999_999
"""An expiry that the collected tests outlive, however long the run."""


def token(algorithm: str = "HS256", secret: str | None = None, **changed: object) -> str:
    """A token as Kommo signs it, with some claims changed; None leaves a claim out."""
    now = datetime.now(UTC)
    claims: dict[str, object] = {
        "iss": BASE,
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": "0f1e2d3c-1111-4222-8333-444455556666",
        "subdomain": "doctorautoprime",
        "client_uid": "5b1e2c3d-0f4a-4d6b-9c8e-7a6f5e4d3c2b",
        "account_id": 33001234,
        "entity_type": "2",
        "entity_id": "7744001",
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, secret or SECRET.get_secret_value(), algorithm=algorithm)


def body(token_text: str, url: str = URL) -> bytes:
    data = {"message": "{{message_text}}", "from": "widget"}
    return json.dumps({"token": token_text, "data": data, "return_url": url}).encode()


def problem_of(content: bytes) -> WidgetProblem:
    with pytest.raises(BadWidgetRequest) as refused:
        read_widget_request(content, SECRET, BASE)
    return refused.value.problem


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_a_signed_request_says_which_lead_waits(algorithm: str) -> None:
    request = read_widget_request(body(token(algorithm)), SECRET, BASE)
    assert (request.jti, request.account_id) == ("0f1e2d3c-1111-4222-8333-444455556666", 33001234)
    assert (request.lead_id, request.contact_id) == (7744001, None)
    assert (request.continue_url, request.point) == (URL, (12, 3456))
    assert request.data == {"message": "{{message_text}}", "from": "widget"}


def test_the_form_encoded_request_is_the_same() -> None:
    pairs = {"token": token(), "data[message]": "oi", "data[from]": "widget", "return_url": URL}
    request = read_widget_request(urlencode(pairs).encode(), SECRET, BASE)
    assert (request.lead_id, request.data) == (7744001, {"message": "oi", "from": "widget"})


@pytest.mark.parametrize(
    ("entity_type", "lead", "contact"),
    [("lead", 5, None), ("leads", 5, None), (2, 5, None), ("contacts", None, 5), (1, None, 5), ("x", None, None)],
)
def test_every_way_to_name_the_entity(entity_type: object, lead: int | None, contact: int | None) -> None:
    request = read_widget_request(body(token(entity_type=entity_type, entity_id=5)), SECRET, BASE)
    assert (request.lead_id, request.contact_id) == (lead, contact)


@pytest.mark.parametrize(
    "forged",
    [
        token(secret="another-secret-that-is-just-as-long-as-the-real-one-but-wrong!!!", exp=NEVER),
        jwt.encode({"jti": "x", "exp": NEVER}, "", algorithm="none"),
        token("HS384", exp=NEVER),
        token(exp=None),
        token(jti=None, exp=NEVER),
        token(jti="", exp=NEVER),
        "",
        "a.b.c",
    ],
)
def test_a_forged_token_is_refused(forged: str) -> None:
    assert problem_of(body(forged)) is WidgetProblem.BAD_TOKEN


def test_an_old_token_is_refused() -> None:
    old = token(exp=datetime.now(UTC) - timedelta(minutes=1))
    assert problem_of(body(old)) is WidgetProblem.EXPIRED


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/api/v4/salesbot/12/continue/3456",
        "https://doctorautoprime.kommo.com.evil.example/api/v4/salesbot/12/continue/3456",
        "https://doctorautoprime.kommo.com@evil.example/api/v4/salesbot/12/continue/3456",
        "https://me:pw@doctorautoprime.kommo.com/api/v4/salesbot/12/continue/3456",
        "http://doctorautoprime.kommo.com/api/v4/salesbot/12/continue/3456",
        "https://doctorautoprime.kommo.com:8443/api/v4/salesbot/12/continue/3456",
        "https://doctorautoprime.kommo.com/api/v4/leads/12",
        "https://doctorautoprime.kommo.com/api/v4/salesbot/12/continue/../../leads",
        "https://[/api/v4/salesbot/12/continue/3456",
        "",
    ],
)
def test_the_answer_goes_to_the_account_only(url: str) -> None:
    assert problem_of(body(token(), url)) is WidgetProblem.FOREIGN_ADDRESS


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: ("{" + text).encode("utf-8"))))
def test_any_body_is_refused_in_one_way(content: bytes) -> None:
    assert problem_of(content) in WidgetProblem
