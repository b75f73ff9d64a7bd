"""Notes which of our fields stand at Kommo now, so that one that is deleted later is missed."""

from collections.abc import Mapping

from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient
from integrations.kommo.mapping.store import remember_fields
from integrations.kommo.schemas import CustomField
from integrations.kommo.setup.fields import standing_field
from integrations.kommo.setup.wanted import Wanted


async def remember_standing(client: KommoClient, sessions: Sessions, wanted: Wanted) -> Mapping[str, CustomField]:
    """The fields that stand, by our own names, noted. Raises `KommoError`."""
    fields = await client.lead_fields()
    standing = {field.name: found for field in wanted.fields if (found := standing_field(fields, field))}
    async with transaction(sessions) as session:
        await remember_fields(session, standing)
    return standing
