"""The middleware of the staff's routes, and of no other: reference number, session, headers.

It only finds out who is there; who may in is decided by the guards (`guards.py`). One short transaction, closed before
the handler begins.
"""

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from litestar import Request
from litestar.datastructures import MutableScopeHeaders, State
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import select

from assistant.staff.sessions import Browser, find_session, note_use
from assistant.staff.web.cookies import FORM, SESSION, name_of
from assistant.staff.web.headers import safe_headers
from assistant.staff.web.parts import StaffParts
from assistant.staff.web.visit import Visit
from integrations.database import transaction
from integrations.workshop.models import ShopConfig


def new_reference() -> str:
    """What a person reads out and an operator finds in the log: eight letters and digits."""
    return secrets.token_hex(4)


class Reception(ASGIMiddleware):
    """Puts a `Visit` into every request."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        parts: StaffParts = scope["litestar_app"].state.staff
        reference = scope["state"]["reference"] = new_reference()
        with structlog.contextvars.bound_contextvars(request=reference):
            visit = scope["auth"] = await _visit(Request(scope), parts, reference)
            scope["user"] = visit.member
            await next_app(scope, receive, _with_headers(send, parts, reference))


def _with_headers(send: Send, parts: StaffParts, reference: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            headers["X-Request-Id"] = reference
            for name, value in safe_headers(secure=parts.secure).items():
                headers[name] = value
        await send(message)

    return send_with_headers


async def _visit(request: Request[None, None, State], parts: StaffParts, reference: str) -> Visit:
    browser = Browser(request.client.host if request.client else "", request.headers.get("User-Agent", ""))
    visit = Visit(reference, browser, secret=request.cookies.get(name_of(FORM, secure=parts.secure), ""))
    now = datetime.now(UTC)
    async with transaction(parts.sessions) as session:
        visit = replace(visit, shop=await session.scalar(SHOP))
        token = request.cookies.get(name_of(SESSION, secure=parts.secure))
        found = await find_session(session, token, parts.limits, now) if token else None
        if found is None or token is None:
            return visit
        if not request.route_handler.opt.get("unattended"):
            await note_use(session, found[0].id, now)
        return visit.of(*found, token)


SHOP = select(ShopConfig.nome).order_by(ShopConfig.created_at, ShopConfig.id).limit(1)
"""The shop's name, which is on every page."""
