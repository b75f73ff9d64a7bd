"""One of many processes that want the access token at the same moment.

Says "ready", waits for a line, asks, and prints a hash of what it got.
"""

import asyncio
import hashlib
import sys

from integrations.database import create_engine, create_sessions
from integrations.kommo.connection.accounts import kommo_account
from integrations.settings import Settings


async def main() -> None:
    settings = Settings(_env_file=None)
    engine = create_engine(settings.required_database_url(), pool_size=2)
    account = await kommo_account(settings, create_sessions(engine))
    assert account is not None
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    token = await account.tokens.token()
    sys.stdout.write(hashlib.sha256(token.encode()).hexdigest())
    await engine.dispose()


asyncio.run(main())
