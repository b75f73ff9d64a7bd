"""START HERE: the staff's pages as one router, and what it needs of the application.

A request passes the reception (who is there?), the guards (may they? does the form carry the token?), and then a
handler in `pages/`, which reads and changes through the modules of this folder in one transaction and draws a template.
Kommo's webhook, health and metrics do not pass here.
"""

from collections.abc import AsyncIterator

from litestar import Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.response import Redirect
from litestar_htmx import HTMXRequest
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.areas import AREAS
from assistant.staff.passwords import Passwords
from assistant.staff.sealing import sealer_of
from assistant.staff.web.areas import Navigation, routes_of
from assistant.staff.web.assets import Assets, static_file
from assistant.staff.web.guards import csrf_guard, role_guard
from assistant.staff.web.parts import StaffParts
from assistant.staff.web.reception import Reception
from assistant.staff.web.rendering import create_templates
from integrations.database import Sessions, transaction
from integrations.settings import Settings

LARGEST_FORM = 256 * 1024
"""Bytes of a form; a page that takes files sets its own limit."""


async def provide_session(state: State) -> AsyncIterator[AsyncSession]:
    """One transaction for the handler: committed before the answer leaves, rolled back when the handler raises."""
    async with transaction(state.sessions) as session:
        yield session


@get("/", public=True, sync_to_thread=False)
def front_door() -> Redirect:
    """On to the first page, which sends whoever is not signed in to the login."""
    return Redirect("/inicio", status_code=303)


def staff_routers() -> list[Router]:
    """The pages behind the reception, and the static files in front of it."""
    pages = Router(
        path="/",
        route_handlers=[front_door, *routes_of(AREAS)],
        middleware=[Reception()],
        guards=[role_guard, csrf_guard],
        dependencies={"session": Provide(provide_session)},
        request_class=HTMXRequest,
        request_max_body_size=LARGEST_FORM,
    )
    return [pages, Router(path="/", route_handlers=[static_file])]


def staff_state(settings: Settings, sessions: Sessions) -> dict[str, object]:
    """What the pages find in the application's state."""
    assets = Assets()
    parts = StaffParts(settings, sessions, create_templates(assets), assets, Passwords(), sealer_of(settings))
    return {"staff": parts, "navigation": Navigation(AREAS)}
