"""Asking for the password once more before something that a stolen session must not do; throttled like the login."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.staff.models import StaffUser
from assistant.staff.throttle import account, address, admit, forgive
from assistant.staff.web.parts import StaffParts
from assistant.staff.web.visit import Visit
from integrations.database import transaction


@dataclass(frozen=True)
class Wait:
    """There were too many wrong ones; nothing was compared."""

    time: timedelta


async def prove(parts: StaffParts, user: StaffUser, password: str, visit: Visit) -> bool | Wait:
    """Whether it is the person's password. In transactions of its own, so that a wrong one is counted in any case."""
    who, where = account(user.email), address(visit.browser.address)
    async with transaction(parts.sessions) as session:
        wait = await admit(session, (who, where), datetime.now(UTC))
    if wait is not None:
        return Wait(wait)
    if not await parts.passwords.matches(user.password_hash, password):
        return False
    async with transaction(parts.sessions) as session:
        await forgive(session, who, where)
    return True
