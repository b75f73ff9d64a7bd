"""The people of the staff: found, created, changed. Takes a session and never commits; hashing is done by the caller.

One manager always remains: whatever would leave the shop without an active one is refused.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.models import RecoveryCode, StaffUser
from assistant.staff.roles import Role
from assistant.staff.sessions import end_sessions

TEMPORARY_FOR = timedelta(days=3)
"""How long a password that somebody else knows may be used."""
EMAIL = re.compile(r"[^@\s<>\"']{1,64}@[^@\s<>\"']{1,190}\.[^@\s<>\"'.]{2,}")


class LastManager(Exception):
    """Nobody could manage the users any more."""

    def __init__(self) -> None:
        super().__init__("Precisa haver pelo menos um gerente ativo.")


class EmailTaken(Exception):
    """Somebody has this address already."""

    def __init__(self) -> None:
        super().__init__("Já existe um usuário com este e-mail.")


class NoEmail(ValueError):
    """What was given cannot be an e-mail address."""

    def __init__(self) -> None:
        super().__init__("Isto não parece um e-mail. Exemplo: nome@oficina.com.br")


def normal_email(typed: str) -> str:
    """The address as it is stored and compared. Raises `NoEmail`."""
    email = typed.strip().lower()
    if not EMAIL.fullmatch(email):
        raise NoEmail
    return email


async def find_user(session: AsyncSession, email: str) -> StaffUser | None:
    """The person with this address, in normal form."""
    return await session.scalar(select(StaffUser).where(StaffUser.email == email))


async def all_users(session: AsyncSession) -> Sequence[StaffUser]:
    """Everybody, active people first, by name."""
    return (await session.scalars(select(StaffUser).order_by(StaffUser.disabled_at.is_not(None), StaffUser.name))).all()


async def create_user(session: AsyncSession, email: str, name: str, role: Role, password_hash: str) -> StaffUser:
    """Add a person. Raises `EmailTaken`, `NoEmail`."""
    email = normal_email(email)
    if await find_user(session, email) is not None:
        raise EmailTaken
    user = StaffUser(email=email, name=name.strip(), role=role, password_hash=password_hash)
    session.add(user)
    await session.flush()
    return user


async def give_temporary(session: AsyncSession, user: StaffUser, password_hash: str, now: datetime) -> None:
    """A password that has to be changed at the next login; whoever is signed in with the old one is signed out."""
    user.password_hash = password_hash
    user.temporary_until = now + TEMPORARY_FOR
    await end_sessions(session, user.id)


def change_password(user: StaffUser, password_hash: str) -> None:
    """The person's own new password."""
    user.password_hash = password_hash
    user.temporary_until = None


async def change_role(session: AsyncSession, user: StaffUser, role: Role) -> None:
    """Raises `LastManager`."""
    if role is not Role.GERENTE:
        await _another_manager_than(session, user)
    user.role = role


async def disable(session: AsyncSession, user: StaffUser, now: datetime) -> None:
    """Let the person in no more, from this moment. Raises `LastManager`."""
    await _another_manager_than(session, user)
    user.disabled_at = now
    await end_sessions(session, user.id)


async def turn_second_step_off(session: AsyncSession, user: StaffUser) -> None:
    """Forget the secret and the recovery codes."""
    user.totp_sealed = user.totp_since = user.totp_step = None
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


async def _another_manager_than(session: AsyncSession, user: StaffUser) -> None:
    managers = (StaffUser.role == Role.GERENTE) & StaffUser.disabled_at.is_(None)
    # Locked, so that two managers who disable one another do not both succeed.
    left = await session.scalars(select(StaffUser.id).where(managers).order_by(StaffUser.id).with_for_update())
    if set(left) <= {user.id}:
        raise LastManager


async def managers(session: AsyncSession) -> int:
    """How many active managers there are."""
    query = select(func.count()).where(StaffUser.role == Role.GERENTE, StaffUser.disabled_at.is_(None))
    return (await session.execute(query)).scalar_one()
