"""`autoprime user`: the staff's accounts from the command line; the first manager is made here.

A password is asked for on a terminal, else made up and printed once. Either way it must be changed at the first login.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.problem import Problem
from assistant.staff.audit import Action, Doer, about_user, note
from assistant.staff.models import StaffUser
from assistant.staff.passwords import Passwords, temporary_password, weakness
from assistant.staff.roles import Role
from assistant.staff.users import (
    EmailTaken,
    LastManager,
    NoEmail,
    all_users,
    create_user,
    disable,
    find_user,
    give_temporary,
    turn_second_step_off,
)
from integrations.database import create_sessions, transaction
from integrations.settings import Settings

Done = TypeVar("Done")
EMAIL = click.option("--email", required=True, help="The address the person signs in with.")


@click.group(help="The staff's accounts: create, list, reset-password, disable.")
def command() -> None:
    """The group; each subcommand is one transaction."""


@command.command(help="Create an account; its password must be changed at the first login.")
@EMAIL
@click.option("--name", required=True, help="The person's name, as the pages show it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What they may do.")
def create(email: str, name: str, role: str) -> None:
    password, made_up = _new_password(email, name)
    _run(lambda settings: add(settings, email, name, Role(role), password))
    click.echo(f"{email} may sign in as {role}.")
    _tell(password, made_up)


@command.command(name="list", help="Show who may sign in.")
def list_users() -> None:
    for user in _run(everybody):
        state = "disabled" if user.disabled_at else "temporary password" if user.temporary_until else "active"
        seen = user.last_login_at.isoformat(timespec="minutes") if user.last_login_at else "never"
        second = "two steps" if user.totp_since else "password only"
        click.echo(f"{user.email}\t{user.name}\t{user.role}\t{state}\t{second}\tlast login {seen}")


@command.command(name="reset-password", help="A new password to be changed at the next login; ends all sessions.")
@EMAIL
@click.option("--no-second-step", is_flag=True, help="Turn the second step off too, for a lost phone.")
def reset_password(email: str, no_second_step: bool) -> None:
    password, made_up = _new_password(email, "")
    _run(lambda settings: reset(settings, email, password, no_second_step=no_second_step))
    _tell(password, made_up)


@command.command(name="disable", help="Let the person in no more; ends all sessions.")
@EMAIL
def disable_user(email: str) -> None:
    _run(lambda settings: shut_out(settings, email))
    click.echo(f"{email} may not sign in any more.")


async def add(settings: Settings, email: str, name: str, role: Role, password: str) -> None:
    """Create an account. Raises `Problem`."""
    hashed = await Passwords().hash(password)
    async with _session(settings) as session:
        user = await create_user(session, email, name, role, hashed)
        await give_temporary(session, user, hashed, datetime.now(UTC))
        note(session, Doer(), Action.USER_CREATED, about_user(user.id))


async def everybody(settings: Settings) -> list[StaffUser]:
    """All accounts."""
    async with _session(settings) as session:
        return list(await all_users(session))


async def reset(settings: Settings, email: str, password: str, *, no_second_step: bool) -> None:
    """Another password. Raises `Problem`."""
    hashed = await Passwords().hash(password)
    async with _session(settings) as session:
        user = await _known(session, email)
        await give_temporary(session, user, hashed, datetime.now(UTC))
        note(session, Doer(), Action.USER_PASSWORD_RESET, about_user(user.id))
        if no_second_step:
            await turn_second_step_off(session, user)
            note(session, Doer(), Action.USER_SECOND_STEP_OFF, about_user(user.id))


async def shut_out(settings: Settings, email: str) -> None:
    """Disable an account. Raises `Problem`."""
    async with _session(settings) as session:
        user = await _known(session, email)
        await disable(session, user, datetime.now(UTC))
        note(session, Doer(), Action.USER_DISABLED, about_user(user.id))


async def _known(session: AsyncSession, email: str) -> StaffUser:
    user = await find_user(session, email.strip().lower())
    if user is None:
        raise Problem("Nobody has this address: `autoprime user list` shows who may sign in.")
    return user


@asynccontextmanager
async def _session(settings: Settings) -> AsyncIterator[AsyncSession]:
    """One transaction; what the staff's pages say in Portuguese becomes a problem of the command line."""
    async with engine_of(settings) as engine:
        try:
            async with transaction(create_sessions(engine)) as session:
                yield session
        except EmailTaken:
            raise Problem("Somebody has this address already: `autoprime user list` shows them.") from None
        except NoEmail:
            raise Problem("That is no e-mail address.") from None
        except LastManager:
            raise Problem("This is the last active manager: create another one first.") from None


def _run(work: Callable[[Settings], Coroutine[Any, Any, Done]]) -> Done:
    with settings_with_database() as settings:
        return asyncio.run(work(settings))


def _new_password(email: str, name: str) -> tuple[str, bool]:
    """The password, and whether it was made up."""
    if not sys.stdin.isatty():
        return temporary_password(), True
    typed = str(click.prompt("Password (empty: make one up)", default="", hide_input=True, show_default=False))
    if not typed:
        return temporary_password(), True
    if weakness(typed, email, name) is not None:
        raise Problem("This password is too easy to guess: use at least 10 characters, not the person's name.")
    return typed, False


def _tell(password: str, made_up: bool) -> None:
    if made_up:
        click.echo(f"Password, shown only now: {password}")
    click.echo("It must be changed at the first login, within three days.")
