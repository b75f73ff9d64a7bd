"""Configurações › Kommo, the part of the webhook: another address for what Kommo tells us, the old one in its grace.

The new secret is stored before Kommo is told, so nothing that Kommo posts is refused in between; what Kommo does not
take now stands in the plan of Preparo, which mends it. The address is never shown.
"""

from litestar import Response, post

from assistant.staff.audit import Action, note
from assistant.staff.kommo_at_hand import NO_KEY, UNREACHABLE, NoAccount, at_hand
from assistant.staff.roles import Role
from assistant.staff.web.parts import StaffParts, parts_of
from assistant.staff.web.rendering import go_to
from assistant.staff.web.visit import StaffRequest, visit_of
from integrations.database import transaction
from integrations.kommo.connection.vault import create_vault
from integrations.kommo.connection.webhook_secrets import rotate_webhook_secret
from integrations.kommo.errors import KommoError
from integrations.kommo.setup.applying import apply
from integrations.kommo.setup.planning import webhook_plan

PATH = "/configuracoes/kommo"
ON_THE_SERVER = "O endereço está definido no servidor (AUTOPRIME_WEBHOOK_SECRET): troque lá."
CHANGED = "Endereço trocado: o Kommo já avisa no novo. O antigo ainda vale por um dia."
HALF_DONE = "O endereço mudou aqui, mas o Kommo não aceitou a troca: termine em Preparo do Kommo. O antigo vale um dia."


@post(f"{PATH}/avisos/trocar", lowest=Role.GERENTE)
async def rotate(request: StaffRequest) -> Response[str]:
    """A new secret in the address, subscribed at Kommo in place of the old one."""
    parts = parts_of(request)
    if parts.settings.webhook_secret is not None:
        return go_to(request, PATH, say=ON_THE_SERVER)
    if not parts.settings.vault_keys:
        return go_to(request, PATH, say=NO_KEY)
    try:
        async with at_hand(parts) as account:
            await account.client.webhooks()
    except NoAccount as no_account:
        return go_to(request, PATH, say=str(no_account))
    except KommoError as error:
        return go_to(request, PATH, say=UNREACHABLE.format(error=error))
    async with transaction(parts.sessions) as session:
        await rotate_webhook_secret(session, create_vault(parts.settings))
        note(session, visit_of(request).doer, Action.WEBHOOK_ROTATED)
    return go_to(request, PATH, say=CHANGED if await _told(parts) else HALF_DONE)


async def _told(parts: StaffParts) -> bool:
    """Whether Kommo posts to the new address now, and to the old one no more."""
    try:
        async with at_hand(parts) as account:
            planned = await webhook_plan(account.client, account.expected.wanted)
            return all([outcome.is_good async for outcome in apply(account.client, planned)])
    except (NoAccount, KommoError):
        return False
