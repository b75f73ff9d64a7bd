"""Drawing pages: `page` for a whole one or, when htmx asks, one block of it; `go_to` after something was changed.

Templates escape everything. What they find besides the values of the handler: `visit`, `me`, `navigation`, `toast`,
`static(name)`, and the filters of `formats.py`.
"""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from assistant.staff.web.assets import Assets
from assistant.staff.web.cookies import NOTICE, clear_cookie, notice_cookie, read_notice
from assistant.staff.web.formats import FILTERS
from assistant.staff.web.parts import parts_of
from assistant.staff.web.visit import StaffRequest, visit_of

UNKNOWN_SHOP = "Painel da oficina"


def create_templates(assets: Assets) -> Environment:
    """The environment of all templates."""
    templates = Environment(
        loader=PackageLoader("assistant.staff"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters.update(FILTERS)
    templates.globals["static"] = assets.address
    return templates


def page(
    request: StaffRequest, template: str, *, status: int = HTTP_200_OK, block: str | None = None, **values: Any
) -> Response[str]:
    """The page drawn from `templates/pages/`; for htmx only `block` of it, when one is named."""
    parts, visit = parts_of(request), visit_of(request)
    drawn = parts.templates.get_template(f"pages/{template}")
    navigation = request.app.state.navigation
    shared = {
        "visit": visit,
        "me": visit.member,
        "shop": visit.shop or UNKNOWN_SHOP,
        "navigation": navigation.of(visit.member, request.url.path),
    }
    if block is not None and request.htmx:
        context = drawn.new_context({**shared, "toast": None, **values})
        return html("".join(drawn.blocks[block](context)), status)
    toast = read_notice(request, visit, secure=parts.secure)
    response = html(drawn.render({**shared, "toast": toast, **values}), status)
    if toast is not None:
        response.set_cookie(clear_cookie(NOTICE, secure=parts.secure))
    return response


def html(text: str, status: int) -> Response[str]:
    """Text that is HTML already."""
    return Response(text, status_code=status, media_type=MediaType.HTML)


def go_to(request: StaffRequest, path: str, *, say: str | None = None) -> Response[str]:
    """On to another page of ours, which shows `say` once."""
    parts = parts_of(request)
    where = {"HX-Redirect": path} if request.htmx else {"Location": path}
    response = Response("", status_code=HTTP_200_OK if request.htmx else HTTP_303_SEE_OTHER, headers=where)
    if say is not None:
        response.set_cookie(notice_cookie(visit_of(request), say, secure=parts.secure))
    return response
