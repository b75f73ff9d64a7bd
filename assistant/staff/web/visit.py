"""One request of the staff's pages: who makes it, with which session, under which reference number.

The reception puts a `Visit` into each request before any handler runs; nothing else tells a handler who is there.
"""

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import Any

from litestar.connection import ASGIConnection
from litestar_htmx import HTMXRequest

from assistant.staff.audit import Doer
from assistant.staff.models import StaffSession, StaffUser
from assistant.staff.roles import Role
from assistant.staff.sessions import Browser

StaffRequest = HTMXRequest
"""A request of these pages; `request.htmx` tells whether htmx asks for a part of one."""


@dataclass(frozen=True)
class Member:
    """Whoever is signed in."""

    id: int
    name: str
    email: str
    role: Role
    must_change: bool
    """Somebody else knows the password: nothing but changing it is open."""
    second_step: bool

    @classmethod
    def of(cls, user: StaffUser) -> "Member":
        changing = user.temporary_until is not None
        return cls(user.id, user.name, user.email, user.known_role, changing, user.totp_since is not None)


@dataclass(frozen=True)
class Visit:
    """What is known of a request besides what it asks for."""

    reference: str
    browser: Browser
    secret: str = field(default="", repr=False)
    """The cookie's token: of the session, or of the form before there is one."""
    member: Member | None = None
    session_id: int | None = None
    awaits_code_of: int | None = None
    """The password of this person was right, and the second step is still to come."""
    shop: str | None = None

    @property
    def doer(self) -> Doer:
        """As the audit log names whoever makes this request."""
        return Doer(self.member.id if self.member else None, self.browser.address, self.reference)

    @property
    def csrf(self) -> str:
        """What a form has to bring: follows from the cookie, so it dies with the session and needs no storage."""
        return signature(self.secret, "csrf")

    def of(self, session: StaffSession, user: StaffUser, token: str) -> "Visit":
        """The same request, with its session."""
        if session.awaits_code:
            return replace(self, secret=token, session_id=session.id, awaits_code_of=user.id)
        return replace(self, secret=token, session_id=session.id, member=Member.of(user))


def signature(secret: str, text: str) -> str:
    """`text` signed with a cookie's token."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def visit_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visit:
    """The visit of a request that went through the reception."""
    visit = connection.scope["auth"]
    assert isinstance(visit, Visit)
    return visit


def member_of(request: StaffRequest) -> Member:
    """Whoever is signed in, in a handler that is open to nobody else."""
    member = visit_of(request).member
    assert member is not None, "a page open to everybody asked who is signed in"
    return member
