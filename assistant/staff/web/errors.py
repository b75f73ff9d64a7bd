"""Errors as people see them: plain words, what to do, and a reference number that is in the log. Nothing of the cause.

Addresses that machines ask for keep the framework's JSON. htmx gets a message for the page it is on.
"""

from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.exceptions.responses import create_exception_response
from litestar_htmx import HTMXRequest
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from assistant.staff.web.areas import Seen
from assistant.staff.web.guards import SAFE, FormTooOld, PasswordMustChange
from assistant.staff.web.headers import safe_headers
from assistant.staff.web.parts import StaffParts
from assistant.staff.web.reception import new_reference
from assistant.staff.web.rendering import UNKNOWN_SHOP, html
from assistant.staff.web.visit import Visit

log = structlog.get_logger()

MACHINES = ("/webhooks", "/health", "/metrics", "/static")
"""Addresses that no person opens."""
WORDS: dict[int, tuple[str, str]] = {
    400: ("Pedido incompleto", "O endereço ou o formulário chegou com algo que não entendemos. Volte e tente de novo."),
    401: ("Entre para continuar", "Sua sessão terminou. Entre de novo; o que você estava enviando não foi gravado."),
    403: ("Sem permissão", "Esta página é de outra função. Se você precisa dela, fale com o gerente."),
    404: ("Página não encontrada", "Não há nada neste endereço. Confira o link ou volte ao início."),
    405: ("Isto não se abre assim", "Este endereço só recebe formulários. Volte ao início e siga pelo menu."),
    413: ("Grande demais", "O que você enviou passa do tamanho aceito. Envie algo menor."),
    422: ("Confira o formulário", "Algum campo não pôde ser aceito. Volte e confira o que preencheu."),
    429: ("Muitas tentativas", "Espere um pouco antes de tentar de novo."),
    500: (
        "Algo deu errado aqui",
        "O erro é nosso e ficou registrado. Tente de novo; se repetir, informe o número.",
    ),
    503: ("Fora do ar por um momento", "O banco de dados não responde. Nada foi perdido: tente de novo em um minuto."),
}
TOO_OLD = ("Esta página ficou velha", "Por segurança, nada foi gravado. Volte, atualize a página e tente de novo.")
UNREACHABLE = (OperationalError, InterfaceError, NoConnectionFree, OSError)


def handle_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to whatever was raised, anywhere in the application."""
    if request.url.path.startswith(MACHINES):
        return create_exception_response(request, error)
    status, reference = _status(error), request.scope["state"].setdefault("reference", new_reference())
    if status >= 500:
        log.error("staff.page_failed", request=reference, status=status, exc_info=error)
    else:
        log.info("staff.refused", request=reference, status=status, error=type(error).__name__)
    parts: StaffParts = request.app.state.staff
    response = _elsewhere(request, error, status) or _told(request, error, status, reference, parts)
    response.headers.update(safe_headers(secure=parts.secure))
    response.headers["X-Request-Id"] = reference
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    # Without a statement it was the connection itself that failed.
    lost = isinstance(error, DBAPIError) and (error.connection_invalidated or error.statement is None)
    return 503 if lost or isinstance(error, UNREACHABLE) else 500


def _elsewhere(request: Request[Any, Any, Any], error: Exception, status: int) -> Response[str] | None:
    """Where to go instead of being told: to the login, or to change a password that somebody else knows."""
    if isinstance(error, PasswordMustChange):
        path = "/trocar-senha"
    elif status == 401 and (request.method in SAFE or "HX-Request" in request.headers):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        path = "/entrar" if here in ("/", "/inicio") or request.method not in SAFE else f"/entrar?para={quote(here)}"
    else:
        return None
    if "HX-Request" in request.headers:
        page = "/entrar" if status == 401 else path
        return Response("", status_code=status, headers={"HX-Redirect": page})
    return Response("", status_code=303, headers={"Location": path})


def _told(
    request: Request[Any, Any, Any], error: Exception, status: int, reference: str, parts: StaffParts
) -> Response[str]:
    title, text = TOO_OLD if isinstance(error, FormTooOld) else WORDS.get(status, WORDS[500 if status > 499 else 400])
    visit = request.scope.get("auth")
    known = visit if isinstance(visit, Visit) else None
    values = {
        "visit": known,
        "me": known.member if known else None,
        "shop": (known.shop if known else None) or UNKNOWN_SHOP,
        "navigation": request.app.state.navigation.of(known.member, request.url.path) if known else Seen(),
        "toast": None,
        "status": status,
        "title": title,
        "text": text,
        "reference": reference,
    }
    template = parts.templates.get_template("pages/error.html")
    if HTMXRequest(request.scope).htmx:
        part = html("".join(template.blocks["toast_part"](template.new_context(values))), status)
        part.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
        return part
    return html(template.render(values), status)
