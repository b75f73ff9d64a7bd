"""Small things every resource of the API needs: who is calling, and which entity a path means."""

from typing import get_args

from .errors import Problem, not_found
from .model import Contact, EntityKind, Lead, Token
from .wire import AnyRequest
from .world import World

KINDS: tuple[EntityKind, ...] = get_args(EntityKind)


def token_of(request: AnyRequest) -> Token:
    """The token that the gate let in."""
    token = request.scope["state"]["token"]
    if not isinstance(token, Token):
        raise Problem(401, "Unauthorized")
    return token


def acting_user(request: AnyRequest) -> int:
    """The user whose token it is; everything is written in his name."""
    return token_of(request).user_id


def require_admin(request: AnyRequest, world: World) -> None:
    """403 unless the token is an administrator's."""
    if not world.users.rows[acting_user(request)].is_admin:
        raise Problem(403, "Forbidden")


def paths(rest: str) -> list[str]:
    """The same path under each entity: a router prefers the fixed word, so a variable in its place is never reached."""
    return [f"/{kind}{rest}" for kind in KINDS]


def kind_of(request: AnyRequest) -> EntityKind:
    """The entity that the path of a call names."""
    return entity_kind(request.scope["path"].split("/")[3])


def entity_kind(word: str) -> EntityKind:
    """The entity a plural word names; 404 for another word."""
    for kind in KINDS:
        if word == kind:
            return kind
    raise not_found("Cannot find the requested resource")


def find(world: World, kind: EntityKind, entity_id: int | None) -> Lead | Contact | None:
    """The living lead, contact or company with this id."""
    if entity_id is None:
        return None
    row = world.leads.get(entity_id) if kind == "leads" else world.contacts.get(entity_id)
    if row is None or row.is_deleted or (isinstance(row, Contact) and row.kind != kind):
        return None
    return row
