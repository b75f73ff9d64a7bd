"""Which account a worker works for: wait until there is one, and notice when the staff connect another.

Reads the connection's row every two seconds; calls nobody.
"""

import asyncio

import structlog

from integrations.database import Sessions, transaction
from integrations.kommo.connection.accounts import Account, account_address, kommo_account
from integrations.settings import Settings

log = structlog.get_logger(__name__)

LOOK_EVERY = 2.0


async def wait_for_account(settings: Settings, sessions: Sessions, ending: asyncio.Event) -> Account | None:
    """The account to work for, as soon as there is one; None when the process is asked to end before."""
    told = False
    while not ending.is_set():
        account = await kommo_account(settings, sessions)
        if account is not None:
            return account
        if not told:
            log.info("worker.waits_for_connection")
            told = True
        try:
            await asyncio.wait_for(ending.wait(), LOOK_EVERY)
        except TimeoutError:
            continue
    return None


async def until_changed(settings: Settings, sessions: Sessions, account: Account) -> None:
    """Return when another account is the one in use; never for the environment's, which cannot change."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if account.stored and await _address(settings, sessions) not in (account.base_url, None):
            return


async def _address(settings: Settings, sessions: Sessions) -> str | None:
    """The address in use; None when it cannot be seen just now."""
    try:
        async with transaction(sessions) as session:
            return await account_address(session, settings)
    except Exception as error:
        # The database hiccups: the work goes on for the account it began with.
        log.warning("worker.account_not_seen", error=type(error).__name__)
        return None
