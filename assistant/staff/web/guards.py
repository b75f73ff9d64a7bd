"""Who may in: every handler names its lowest role or says that it is open to everybody; and no change without a token.

A handler that says neither lets nobody in. `lowest=Role…` or `public=True` in its decorator say it;
`while_changing=True` keeps it open to somebody who has to change their password first.
"""

import hmac
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from assistant.staff.web.visit import StaffRequest, visit_of

SAFE = frozenset({"GET", "HEAD"})
FIELD, HEADER = "_csrf", "X-CSRF-Token"


class PasswordMustChange(PermissionDeniedException):
    """Somebody else knows this password; the way on is the page to change it."""


class FormTooOld(PermissionDeniedException):
    """The form's token is not this session's: the page is older than the session, or another site sent it."""


async def role_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """401 without a session, 403 with too low a role or for a handler that forgot to name one."""
    if handler.opt.get("public"):
        return
    member = visit_of(connection).member
    if member is None:
        raise NotAuthorizedException
    if member.must_change and not handler.opt.get("while_changing"):
        raise PasswordMustChange
    lowest = handler.opt.get("lowest")
    if lowest is None or not member.role.allows(lowest):
        raise PermissionDeniedException


async def csrf_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """403 for a change that does not bring the session's token, or that a browser says comes from another site."""
    assert isinstance(connection, StaffRequest)
    if connection.method in SAFE:
        return
    if connection.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise FormTooOld
    given = connection.headers.get(HEADER) or (await connection.form()).get(FIELD, "")
    visit = visit_of(connection)
    if not visit.secret or not isinstance(given, str) or not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        raise FormTooOld


def own_path(given: str | None) -> str | None:
    """`given` when it is a path of ours to go on to, else `None`: nobody is led to another site by us."""
    if not given or not given.startswith("/") or given.startswith("//"):
        return None
    return given if given.isprintable() and "\\" not in given else None
