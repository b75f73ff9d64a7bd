"""`autoprime kommo`: prepare the account (`setup`), and see whether it works (`check`). For the operator."""

import asyncio
import json
import sys

import click

from assistant.commands.kommo_account import Connected, connected
from assistant.commands.kommo_rotate import rotate_keys_command, rotate_webhook_command
from assistant.commands.kommo_setup import Choices, set_up
from assistant.commands.kommo_table import as_json, show_table
from assistant.commands.postgres import settings_with_database
from integrations.kommo.check.running import check_account, stops_work
from integrations.kommo.check.testchat import prove_reply_path
from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.replies import choose_ways
from integrations.settings import Settings


@click.group(help="Prepare the Kommo account, and see whether it works end to end.")
def command() -> None:
    """Only the subcommands do something."""


command.add_command(rotate_keys_command)
command.add_command(rotate_webhook_command)


@command.command(help="Show what the account lacks, then make it. Safe to repeat: what exists is found.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    metavar="MEANING=STAGE",
    help="Choose a stage by name or id, e.g. qualified='Orçamento Aprovado'; PIPELINE/STAGE when a name is in several; "
    "empty: none.",
)
@click.option("--responsible", metavar="USER", help="Kommo user, by name or id, whose leads are when nobody else's.")
def setup(yes: bool, stages: tuple[str, ...], responsible: str | None) -> None:
    choices = Choices(stages, responsible)
    with settings_with_database(log_level="ERROR") as settings:
        done = asyncio.run(_set_up(settings, choices, yes=yes))
    sys.exit(0 if done else 1)


async def _set_up(settings: Settings, choices: Choices, *, yes: bool) -> bool:
    async with connected(settings) as account:
        return await set_up(account, choices, yes=yes)


@command.command(help="Test the connection end to end. Exit status 1 when something lacks that stops work.")
@click.option("--test-chat", metavar="PHONE", help="Send a test message to this phone's chat and follow it.")
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def check(test_chat: str | None, wants_json: bool) -> None:
    with settings_with_database(log_level="ERROR") as settings:
        found = asyncio.run(_check(settings, test_chat))
    if wants_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        show_table(found)
    sys.exit(1 if stops_work(found) else 0)


async def _check(settings: Settings, test_chat: str | None) -> list[Finding]:
    async with connected(settings) as account:
        found = await check_account(account.client, *await account.expectation())
        return [*found, *await _test(account, test_chat, found)]


async def _test(account: Connected, phone: str | None, found: list[Finding]) -> list[Finding]:
    if all(one.code is not Code.ACCOUNT_FOUND for one in found):
        return []
    if phone is None:
        return [finding(Code.TEST_NOT_RUN)]
    return await prove_reply_path(account.client, choose_ways(account.client, account.settings), phone)
