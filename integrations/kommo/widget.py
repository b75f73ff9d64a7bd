"""Checks the call of a waiting Salesbot (widget_request) and says which bot waits, on which lead, with what data.

Kommo signs a token with the integration's secret; nothing of the body is believed before that is checked, and the
address for the answer must be the account's own. Pure: no I/O.
Source: developers.kommo.com `docs/widget-request`. Consumers disagree whether Kommo signs HS256 or HS512.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import jwt
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from integrations.kommo.caller import API
from integrations.kommo.formtree import Node, UndecodableBody, parse
from integrations.kommo.loose import Number, TextValue, read_text
from integrations.kommo.replies.widget_way import ContinuePoint, continue_point

ALGORITHMS = ["HS256", "HS512"]
LEEWAY_SECONDS = 30
ENTITY_TYPES: dict[str, Literal["leads", "contacts"]] = {
    "lead": "leads",
    "leads": "leads",
    "2": "leads",
    "contact": "contacts",
    "contacts": "contacts",
    "1": "contacts",
}


class WidgetProblem(StrEnum):
    """Why a request is refused."""

    UNREADABLE = "unreadable"
    BAD_TOKEN = "bad_token"
    EXPIRED = "expired"
    FOREIGN_ADDRESS = "foreign_address"


class BadWidgetRequest(Exception):
    """The request is not from Kommo, too old, or cannot be read."""

    def __init__(self, problem: WidgetProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class WidgetRequest:
    """A bot waits for a text. `jti` is the key under which the request is stored once."""

    jti: str
    account_id: int | None
    entity_type: Literal["leads", "contacts"] | None
    entity_id: int | None
    continue_url: str
    point: ContinuePoint
    data: dict[str, str]

    @property
    def lead_id(self) -> int | None:
        """The lead the bot runs on; None when it runs on a contact."""
        return self.entity_id if self.entity_type == "leads" else None

    @property
    def contact_id(self) -> int | None:
        """The contact the bot runs on; None when it runs on a lead."""
        return self.entity_id if self.entity_type == "contacts" else None


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore")

    jti: str = Field(min_length=1)
    account_id: Number = None
    entity_type: TextValue = ""
    entity_id: Number = None


def read_widget_request(body: bytes, secret: SecretStr, base_url: str) -> WidgetRequest:
    """The request in a body, JSON or form-encoded. Raises `BadWidgetRequest`.

    `secret` is the integration's; `base_url` the account's address, on whose host the answer must go.
    """
    token, return_url, data = _parts(body)
    claims = _claims(token, secret)
    point = continue_point(return_url, base_url)
    if point is None:
        raise BadWidgetRequest(WidgetProblem.FOREIGN_ADDRESS)
    return WidgetRequest(
        jti=claims.jti,
        account_id=claims.account_id,
        entity_type=ENTITY_TYPES.get(claims.entity_type),
        entity_id=claims.entity_id,
        continue_url=f"{base_url.rstrip('/')}{API}/salesbot/{point.bot_id}/continue/{point.continue_id}",
        point=point,
        data=data,
    )


def _claims(token: str, secret: SecretStr) -> _Claims:
    try:
        claims = jwt.decode(
            token,
            secret.get_secret_value(),
            algorithms=ALGORITHMS,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "jti"], "verify_aud": False, "verify_iat": False},
        )
        return _Claims.model_validate(claims)
    except jwt.ExpiredSignatureError:
        raise BadWidgetRequest(WidgetProblem.EXPIRED) from None
    except (jwt.PyJWTError, ValidationError):
        raise BadWidgetRequest(WidgetProblem.BAD_TOKEN) from None


def _parts(body: bytes) -> tuple[str, str, dict[str, str]]:
    """Token, return address and data, from either form of the body."""
    if body.lstrip().startswith(b"{"):
        return _json_parts(body)
    try:
        root = parse(body)
    except UndecodableBody:
        raise BadWidgetRequest(WidgetProblem.UNREADABLE) from None
    return root.text("token"), root.text("return_url"), _texts(root.child("data"))


def _json_parts(body: bytes) -> tuple[str, str, dict[str, str]]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise BadWidgetRequest(WidgetProblem.UNREADABLE) from None
    token, address, data = (found.get(name) for name in ("token", "return_url", "data"))
    if not isinstance(token, str) or not isinstance(address, str):
        raise BadWidgetRequest(WidgetProblem.UNREADABLE)
    given = data.items() if isinstance(data, dict) else ()
    return token, address, {str(name): _clean(value) for name, value in given}


def _texts(branch: Node) -> dict[str, str]:
    return {name: node.values[-1] for name, node in branch.items() if node.values}


def _clean(value: object) -> str:
    """A value as text; Kommo's are strings, a bot's author may have put anything in."""
    return read_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
