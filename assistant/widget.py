"""A Salesbot asks us for an answer (widget_request): check its token, store the request once, answer.

Kommo wants a 2xx within two seconds and takes the text later at the continue address. Only what the signed token says
is believed. Without a client secret in the settings there is no such page.
"""

import json

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, NotAuthorizedException, NotFoundException
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from assistant.webhook import MAX_BODY
from integrations.database import transaction
from integrations.kommo.connection.accounts import account_address
from integrations.kommo.events import NewEvent
from integrations.kommo.models import EventSource
from integrations.kommo.widget import BadWidgetRequest, WidgetProblem, read_widget_request
from integrations.settings import Settings


@post("/webhooks/kommo/{secret:str}/widget", status_code=HTTP_200_OK, request_max_body_size=MAX_BODY)
async def kommo_widget(secret: FromPath[str], request: Request[None, None, State]) -> Response[bytes]:
    """Store a waiting bot's request; 401 for a token that is not Kommo's or too old, 400 for an unreadable body."""
    settings: Settings = request.app.state.settings
    client_secret = settings.kommo_client_secret
    if client_secret is None or not await request.app.state.doorkeeper.knows(secret):
        raise NotFoundException
    account = await _account(request)
    if account is None:
        raise NotFoundException
    try:
        asked = read_widget_request(await request.body(), client_secret, account)
    except BadWidgetRequest as error:
        if error.problem is WidgetProblem.UNREADABLE:
            raise ClientException("The body is neither JSON nor a form with token and return_url.") from None
        raise NotAuthorizedException(f"The widget request was refused: {error.problem.value}.") from None
    body = {
        "lead_id": asked.lead_id,
        "contact_id": asked.contact_id,
        "continue_url": asked.continue_url,
        "message": asked.data.get("message", ""),
    }
    event = NewEvent(f"widget:{asked.jti}", json.dumps(body, ensure_ascii=False), EventSource.WIDGET)
    await request.app.state.events.store(event)
    return Response(b"", status_code=HTTP_200_OK)


async def _account(request: Request[None, None, State]) -> str | None:
    """The address of the account in use."""
    async with transaction(request.app.state.sessions) as session:
        return await account_address(session, request.app.state.settings)
