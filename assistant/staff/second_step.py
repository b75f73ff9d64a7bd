"""Judging the second step of a login: the code of the app, or a recovery code in its place."""

from datetime import UTC, datetime

import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, Doer, note
from assistant.staff.models import StaffUser
from assistant.staff.totp import Sealer, take_code, take_recovery_code
from integrations.kommo.connection.vault import Unopened

log = structlog.get_logger()


async def is_right_code(session: AsyncSession, sealer: Sealer | None, user: StaffUser, typed: str, doer: Doer) -> bool:
    """Whether it opens; what was taken does not open again."""
    secret = opened(sealer, user)
    if secret is not None and take_code(user, secret, typed, datetime.now(UTC)):
        return True
    if await take_recovery_code(session, user.id, typed):
        note(session, doer, Action.RECOVERY_CODE_USED)
        return True
    return False


def opened(sealer: Sealer | None, user: StaffUser) -> SecretStr | None:
    """The person's secret; `None` when there is none, or no key to open it."""
    if sealer is None or user.totp_sealed is None:
        return None
    try:
        return sealer.open(user.totp_sealed)
    except Unopened:
        log.error("staff.second_step_unopened", user=user.id)
        return None
