"""The navigation: a page module says where it stands with an `Area`; places without an area do not appear.

Several areas of one place (as in Configurações) become tabs. Who may not open an area does not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from litestar.handlers import HTTPRouteHandler

from assistant.staff.roles import Role
from assistant.staff.web.visit import Member


class Place(Enum):
    """The entries of the navigation in their order, each with its icon (`templates/parts/icons.html`)."""

    HOME = ("Início", "home")
    IMPORT = ("Importação", "inbox")
    CHATS = ("Conversas", "chat")
    CUSTOMERS = ("Clientes", "people")
    FUNNEL = ("Funil", "funnel")
    CAMPAIGNS = ("Campanhas", "megaphone")
    HEALTH = ("Saúde", "pulse")
    SETTINGS = ("Configurações", "gear")


@dataclass(frozen=True)
class Area:
    """A group of pages under one path."""

    title: str
    path: str
    lowest: Role
    routes: Sequence[HTTPRouteHandler]
    place: Place | None = None
    """`None`: reached by another way than the navigation."""


@dataclass(frozen=True)
class Link:
    """One entry as it is drawn."""

    label: str
    path: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Seen:
    """The navigation for one person on one page."""

    entries: Sequence[Link] = ()
    tabs: Sequence[Link] = ()


class Navigation:
    """All areas, as each person sees them."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = areas

    def of(self, member: Member | None, path: str) -> Seen:
        """What this person sees while on `path`; nothing while they may do nothing."""
        if member is None or member.must_change:
            return Seen()
        open_ones = [area for area in self._areas if area.place is not None and member.role.allows(area.lowest)]
        here = max((a for a in open_ones if _within(path, a.path)), key=lambda area: len(area.path), default=None)
        place = here.place if here else None
        first = {area.place: area for area in reversed(open_ones)}
        entries = [
            Link(shown.value[0], first[shown].path, shown.value[1], shown is place) for shown in Place if shown in first
        ]
        beside = [area for area in open_ones if area.place is place]
        tabs = [Link(area.title, area.path, "", area is here) for area in beside] if len(beside) > 1 else []
        return Seen(entries, tabs)


def _within(path: str, area: str) -> bool:
    return path == area or path.startswith(f"{area}/")


def routes_of(areas: Sequence[Area]) -> Sequence[Any]:
    """Every handler of these areas."""
    return [handler for area in areas for handler in area.routes]
