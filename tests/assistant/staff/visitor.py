"""A person at a browser, over HTTP: keeps cookies, fills the forms it was shown, follows redirects by hand."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from assistant.staff.models import StaffUser
from assistant.staff.passwords import Passwords
from assistant.staff.roles import Role
from assistant.staff.users import create_user, give_temporary
from integrations.database import Sessions, transaction

PASSWORD = "cavalo-bateria-grampo"
SESSION = "autoprime_session"
HTMX = {"HX-Request": "true"}
"""What htmx says of itself."""


@dataclass
class Visitor:
    """One browser; what it saw last is in `seen`."""

    http: httpx.AsyncClient
    seen: httpx.Response | None = None

    @property
    def text(self) -> str:
        assert self.seen is not None
        return html.unescape(self.seen.text)

    @property
    def status(self) -> int:
        assert self.seen is not None
        return self.seen.status_code

    @property
    def token(self) -> str | None:
        """The token of the session's cookie."""
        return self.http.cookies.get(SESSION)

    def csrf(self) -> str:
        """What the forms of the page seen last carry."""
        assert self.seen is not None
        found = re.search(r'name="_csrf" value="(\w+)"', self.seen.text)
        assert found is not None, "no form on this page"
        return found[1]

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> "Visitor":
        self.seen = await self.http.get(path, headers=headers, follow_redirects=False)
        return self

    async def post(
        self, path: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> "Visitor":
        """Send a form as the page seen last would."""
        body = {"_csrf": self.csrf(), **(fields or {})}
        self.seen = await self.http.post(path, data=body, headers=headers, follow_redirects=False)
        return self

    async def follow(self) -> "Visitor":
        """Where the answer leads."""
        assert self.seen is not None
        return await self.get(self.seen.headers["Location"])

    @property
    def leads_to(self) -> str | None:
        assert self.seen is not None
        return self.seen.headers.get("Location") if self.seen.status_code == 303 else None

    async def sign_in(self, email: str, password: str = PASSWORD, para: str = "") -> "Visitor":
        await self.get("/entrar" + (f"?para={para}" if para else ""))
        return await self.post("/entrar", {"email": email, "password": password, "para": para})


async def hire(
    sessions: Sessions, email: str, role: Role = Role.ATENDENTE, *, name: str = "Bia Souza", temporary: bool = False
) -> int:
    """Somebody who may sign in with `PASSWORD`; their id."""
    hashed = await Passwords().hash(PASSWORD)
    async with transaction(sessions) as session:
        user = await create_user(session, email, name, role, hashed)
        if temporary:
            await give_temporary(session, user, hashed, datetime.now(UTC))
        return user.id


async def person(sessions: Sessions, user_id: int) -> StaffUser:
    """The person as stored."""
    async with transaction(sessions) as session:
        return await session.get_one(StaffUser, user_id)
