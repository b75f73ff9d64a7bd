"""All findings about an account, section by section. A section that cannot be read says so, and the others go on."""

from collections.abc import Coroutine, Iterable

from integrations.kommo.check.account import account_findings
from integrations.kommo.check.bots import bot_findings, way_finding
from integrations.kommo.check.chats import chat_findings
from integrations.kommo.check.expected import Expected
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError
from integrations.kommo.findings import Code, Finding, State, finding
from integrations.kommo.mapping.checking import check_mapping
from integrations.kommo.mapping.choices import Chosen
from integrations.kommo.setup.fields import field_items
from integrations.kommo.setup.webhooks import reachable_from, shown_address, webhook_items


async def check_account(client: KommoClient, expected: Expected, chosen: Chosen) -> list[Finding]:
    """Everything that can be found without sending a message. Raises nothing of Kommo's.

    Without an account that answers there is nothing more to look at.
    """
    found = await account_findings(client, expected)
    if all(one.code is not Code.ACCOUNT_FOUND for one in found):
        return found
    found += await _guarded(("Webhooks", "Avisos do Kommo"), _webhooks(client, expected))
    found += await _guarded(("Fields", "Campos"), _fields(client, expected))
    found += await _guarded(("Bots", "Robôs"), bot_findings(client, expected))
    found += await _guarded(("Chats", "Conversas"), chat_findings(client, expected))
    found += await _guarded(("Stages and users", "Etapas e usuários"), check_mapping(client, chosen))
    return [*found, way_finding(found, expected)]


def stops_work(found: Iterable[Finding]) -> bool:
    """Whether something lacks without which the service cannot do its work."""
    return any(one.state is State.MISSING for one in found)


async def _webhooks(client: KommoClient, expected: Expected) -> list[Finding]:
    address = expected.wanted.webhook
    found = [item.finding for item in webhook_items(await client.webhooks(), address)]
    if address is not None and not reachable_from(client.base_url, address.get_secret_value()):
        found.append(finding(Code.WEBHOOK_ADDRESS_LOCAL, address=shown_address(address.get_secret_value())))
    return found


async def _fields(client: KommoClient, expected: Expected) -> list[Finding]:
    return [item.finding for item in field_items(await client.lead_fields(), expected.wanted)]


async def _guarded(name: tuple[str, str], looking: Coroutine[None, None, list[Finding]]) -> list[Finding]:
    try:
        return await looking
    except KommoError as error:
        return [finding(Code.SECTION_UNREADABLE, section=name, detail=str(error))]
