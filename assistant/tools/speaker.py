"""Who is writing: from the phone of the Kommo contact to the speaker of a turn.

The phone is the only proof of identity. What somebody types (a name, a plate, an OS number) is never looked at here.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from assistant.tools.toolbox import Speaker
from integrations.contact import first_name, normal_phone
from integrations.workshop.customers import customers_with_phone
from integrations.workshop.models import Customer


async def identify(session: AsyncSession, phone: str | None, contact_name: str | None = None) -> Speaker:
    """The speaker behind a contact's phone, as Kommo holds it; unknown when no profile has that phone."""
    normal = normal_phone(phone)
    customers = await customers_with_phone(session, normal)
    return Speaker(
        customer_ids=tuple(customer.id for customer in customers),
        phone=normal,
        name=_name(customers, contact_name),
    )


def _name(customers: Sequence[Customer], contact_name: str | None) -> str | None:
    """The profile's first name; where a family shares the phone, only the contact's own name can tell who it is."""
    names = {name for customer in customers if (name := first_name(customer.full_name)) is not None}
    return names.pop() if len(names) == 1 else first_name(contact_name)
