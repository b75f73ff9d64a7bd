"""What the staff's pages share for the life of the application: settings, templates, static files, passwords."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from jinja2 import Environment
from litestar.connection import ASGIConnection

from assistant.staff.passwords import Passwords
from assistant.staff.sessions import Limits
from assistant.staff.totp import Sealer
from assistant.staff.web.assets import Assets
from integrations.database import Sessions
from integrations.settings import Settings


@dataclass(frozen=True)
class StaffParts:
    """Made once, at the start of the web process."""

    settings: Settings
    sessions: Sessions
    templates: Environment
    assets: Assets
    passwords: Passwords
    sealer: Sealer | None
    """Without keys in the settings nothing can be sealed, and the second step is not offered."""

    @property
    def secure(self) -> bool:
        """Whether people reach the pages over TLS."""
        return self.settings.service_url.startswith("https://")

    @property
    def limits(self) -> Limits:
        """How long sessions last."""
        return Limits(
            timedelta(minutes=self.settings.staff_idle_minutes), timedelta(hours=self.settings.staff_session_hours)
        )


def parts_of(connection: ASGIConnection[Any, Any, Any, Any]) -> StaffParts:
    """The parts of the application that a request came to."""
    parts = connection.app.state.staff
    assert isinstance(parts, StaffParts)
    return parts
