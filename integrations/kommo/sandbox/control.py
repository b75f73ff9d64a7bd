"""The sandbox's own API under /sandbox/: account, faults, calls, token, edits by a person. No part of Kommo.

Every wrong call is answered with a sentence that says what to send.
"""

from typing import Annotated, Literal, TypeVar

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from . import leads, tokens
from .api_leads import check_leads
from .context import Sandbox
from .errors import BadControl
from .faults import FaultKind
from .gate import revoked_before
from .inputs import LeadInput, read_one
from .paging import query_of
from .shapes import lead as lead_shape
from .wire import AnyRequest, Doc, base_url, read_json

Model = TypeVar("Model", bound=BaseModel)
Plan = Literal["trial", "base", "advanced", "pro", "enterprise", "technical"]
Scope = Literal["crm", "send_external_messages", "list_external_messages", "files"]


class ControlInput(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FaultInput(ControlInput):
    kind: FaultKind
    rate: Annotated[float, Field(ge=0, le=1)] = 1.0
    seconds: Annotated[float, Field(gt=0)] | None = None
    path: str | None = None


class AccountInput(ControlInput):
    plan: Plan | None = None
    chats_limit: Annotated[int, Field(ge=0)] | None = None
    scopes: list[Scope] | None = None
    bare_messages: bool | None = None
    leads_from_chats: bool | None = None
    widget_url: str | None = None
    redirect_uri: str | None = None
    subdomain: Annotated[str, Field(pattern="^[a-z0-9-]{1,63}$")] | None = None


async def read_control(request: AnyRequest, schema: type[Model]) -> Model:
    """The body of a /sandbox/ call; 400 naming each wrong key."""
    body = await read_json(request)
    try:
        return schema.model_validate(body)
    except ValidationError as error:
        flaws = [f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors(include_url=False)]
        keys = ", ".join(schema.model_fields)
        raise BadControl(f"Send a JSON object with {keys}. {'; '.join(flaws)}") from error


def account_body(box: Sandbox) -> Doc:
    account = box.world.account
    return {
        "id": account.id,
        "plan": account.plan,
        "chats_limit": account.chats_limit,
        "chats_used": account.chats_used,
        "scopes": account.scopes,
        "bare_messages": account.bare_messages,
        "leads_from_chats": account.leads_from_chats,
        "widget_url": account.widget_url,
        "redirect_uri": account.redirect_uri,
        "subdomain": box.world.subdomain,
    }


@get("/account")
async def show_account(box: NamedDependency[Sandbox]) -> Doc:
    return account_body(box)


@patch("/account")
async def change_account(request: AnyRequest, box: NamedDependency[Sandbox]) -> Doc:
    """Another plan, another number of paid messages (counted from now), other scopes, other habits, another name."""
    given = await read_control(request, AccountInput)
    account = box.world.account
    for name in given.model_fields_set:
        value = getattr(given, name)
        if value is not None or name in ("widget_url", "redirect_uri"):
            setattr(account, name, list(value) if name == "scopes" else value)
    if given.chats_limit is not None:
        account.chats_used = 0
    box.world.accounts.put(account)
    return account_body(box)


@post("/faults", status_code=201)
async def add_fault(request: AnyRequest, box: NamedDependency[Sandbox]) -> Doc:
    given = await read_control(request, FaultInput)
    fault = box.faults.add(given.kind, given.rate, given.seconds, given.path or "", box.world.clock())
    return fault.body()


@get("/faults")
async def list_faults(box: NamedDependency[Sandbox]) -> list[Doc]:
    return [fault.body() for fault in box.faults.active]


@delete("/faults", status_code=204)
async def clear_faults(box: NamedDependency[Sandbox]) -> None:
    box.faults.clear()


@get("/calls")
async def list_calls(request: AnyRequest, box: NamedDependency[Sandbox]) -> list[Doc]:
    """Every API call received, oldest first; `?since=` (unix seconds) only those after it."""
    given = query_of(request).get("since", "0")
    try:
        since = float(str(given))
    except ValueError as error:
        raise BadControl("since must be a unix time in seconds, as in ?since=1764000000.5") from error
    return [call.body() for call in box.calls.since(since)]


@get("/token")
async def show_token(request: AnyRequest, box: NamedDependency[Sandbox]) -> Doc:
    """What a person would copy out of the account: the address and a long-lived token."""
    token = tokens.long_lived(box.world, revoked_before(box))
    return {"base_url": base_url(request), "access_token": token.text}


@patch("/leads/{lead_id:int}")
async def edit_lead(request: AnyRequest, lead_id: FromPath[int], box: NamedDependency[Sandbox]) -> Doc:
    """A person edits a lead on Kommo's screen: the API's keys, `user_id` for who it was, `is_deleted`."""
    world, row = box.world, box.world.leads.get(lead_id)
    if row is None:
        raise BadControl(f"There is no lead {lead_id}", 404)
    body = await read_json(request)
    given = body.get("user_id") if isinstance(body, dict) else None
    user_id = known_user(box, given)
    batch = await read_one(request, LeadInput)
    drafts = check_leads(box, batch, [row])
    leads.announce_changes(box, [leads.change(box, row, batch.items[0], drafts[0], user_id)])
    deleted = body.get("is_deleted") if isinstance(body, dict) else None
    if isinstance(deleted, bool):
        leads.set_deleted(box, row, user_id, deleted=deleted)
    return lead_shape(world, row, {"contacts"})


def known_user(box: Sandbox, given: object) -> int:
    """A user of the account; the administrator when none is named."""
    if given is None:
        return box.world.owner.id
    if not isinstance(given, int) or box.world.users.get(given) is None:
        known = ", ".join(str(i) for i in box.world.users.rows)
        raise BadControl(f"user_id must be one of the account's users: {known}")
    return given


@get("/integration")
async def show_integration(box: NamedDependency[Sandbox]) -> Doc:
    """The keys as the account's integration page shows them, for an OAuth connection."""
    chosen = box.world.settings
    keys: Doc = {"client_id": chosen.client_id, "client_secret": chosen.client_secret}
    return keys | {"redirect_uri": box.world.account.redirect_uri, "authorize_url": f"{box.world.base_url}/oauth"}


ROUTES = [
    show_account,
    change_account,
    add_fault,
    list_faults,
    clear_faults,
    list_calls,
    show_token,
    show_integration,
    edit_lead,
]
