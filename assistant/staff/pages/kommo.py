"""Configurações › Kommo: connect the account in the browser or with a long-lived token, see how it stands, rotate.

Handlers that call Kommo ask for no session: no transaction is open while Kommo is asked. Tokens and secrets are taken
in and never shown.
"""

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from pydantic import Field, SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.pages.kommo_webhook import rotate
from assistant.staff.roles import Role
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.forms import Filled, Form, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of
from integrations.database import transaction
from integrations.kommo.connection.accounts import store_long_lived
from integrations.kommo.connection.errors import ConnectError, said
from integrations.kommo.connection.oauth import authorize_url, finish, missing_for_oauth
from integrations.kommo.connection.status import Source, connection_status
from integrations.kommo.connection.webhook_secrets import secret_standing

PATH = "/configuracoes/kommo"
LONGEST_TOKEN = 8192


class LongLived(Form):
    """An account and the long-lived token of its private integration."""

    address: str = Field(min_length=1, max_length=200)
    token: SecretStr = Field(min_length=1, max_length=LONGEST_TOKEN)


@get(PATH, lowest=Role.GERENTE)
async def show_connection(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """How the connection stands, and the ways to make one."""
    return await _connection_page(request, session, Filled())


@get(f"{PATH}/conectar", lowest=Role.GERENTE)
async def begin(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str] | Redirect:
    """On to Kommo's consent page. A link and not a form: a form may not lead to another site."""
    visit, settings = visit_of(request), parts_of(request).settings
    try:
        address = await authorize_url(
            session, settings, staff_session=visit.secret, staff_id=member_of(request).id, now=datetime.now(UTC)
        )
    except ConnectError as error:
        return go_to(request, PATH, say=said(error))
    return Redirect(address, status_code=303)


@get("/kommo/oauth", lowest=Role.GERENTE)
async def come_back(request: StaffRequest) -> Response[str]:
    """Where Kommo sends the browser with a code, or with a refusal."""
    parts, visit = parts_of(request), visit_of(request)
    try:
        await finish(parts.sessions, parts.settings, dict(request.query_params), staff_session=visit.secret)
    except ConnectError as error:
        return go_to(request, PATH, say=said(error))
    await _note_connected(request)
    return go_to(request, PATH, say="Kommo conectado.")


@post(f"{PATH}/token", lowest=Role.GERENTE)
async def take_token(request: StaffRequest) -> Response[str]:
    """Connect with a long-lived token; it is tried before it is kept."""
    parts, form = parts_of(request), await read_form(request, LongLived)
    if form.given is not None:
        try:
            await store_long_lived(
                parts.sessions, parts.settings, form.given.address, form.given.token, staff_id=member_of(request).id
            )
        except ConnectError as error:
            form.refuse(said(error))
    if form.errors:
        async with transaction(parts.sessions) as session:
            return await _connection_page(request, session, form)
    await _note_connected(request)
    return go_to(request, PATH, say="Kommo conectado.")


async def _note_connected(request: StaffRequest) -> None:
    async with transaction(parts_of(request).sessions) as session:
        note(session, visit_of(request).doer, Action.KOMMO_CONNECTED)


async def _connection_page(request: StaffRequest, session: AsyncSession, form: Filled[LongLived]) -> Response[str]:
    settings, now = parts_of(request).settings, datetime.now(UTC)
    status = await connection_status(session, settings, now)
    return page(
        request,
        "kommo.html",
        status=form.status,
        connection=status,
        fixed=status.source is Source.ENVIRONMENT,
        connected=status.source is not Source.NONE and not status.lost,
        missing=missing_for_oauth(settings),
        webhook=await secret_standing(session, now),
        webhook_fixed=settings.webhook_secret is not None,
        form=form,
    )


AREA = Area("Kommo", PATH, Role.GERENTE, (show_connection, begin, come_back, take_token, rotate), Place.SETTINGS)
