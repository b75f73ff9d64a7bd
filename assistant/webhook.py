"""Kommo's POST: check the address, store the body once, answer.

Nothing slow happens before the answer, because Kommo waits two seconds (docs/webhooks-general of Kommo) and disables a
webhook that fails too often. The body carries no signature: the secret in the path is what keeps strangers out, and a
wrong one looks like no page at all. Nothing of the body reaches a log.
"""

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from integrations.kommo.events import NewEvent, body_key

MAX_BODY = 1024 * 1024
"""Bytes; a larger body is answered 413."""


@post("/webhooks/kommo/{secret:str}", status_code=HTTP_200_OK, request_max_body_size=MAX_BODY)
async def kommo_webhook(secret: FromPath[str], request: Request[None, None, State]) -> Response[bytes]:
    """Store what Kommo sent; 200 only after the commit, so that a failed one makes Kommo send again."""
    if not await request.app.state.doorkeeper.knows(secret):
        raise NotFoundException
    body = decode_form(await request.body())
    await request.app.state.events.store(NewEvent(body_key(body), body))
    return Response(b"", status_code=HTTP_200_OK)


def decode_form(body: bytes) -> str:
    """The form-encoded body as text; raises 400 for what no form can be."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ClientException("The body is not UTF-8; send application/x-www-form-urlencoded.") from None
    if "=" not in text or "\x00" in text:
        raise ClientException("The body holds no form fields; send application/x-www-form-urlencoded.")
    return text
