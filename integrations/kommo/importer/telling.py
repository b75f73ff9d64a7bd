"""What Kommo is told when a lead became an OS, and when that was taken back. Rows of the outbox only."""

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.importer.leadwrites import MARK, NOTE, tell_lead
from integrations.kommo.importer.models import Candidate
from integrations.kommo.setup.wanted import LeadField
from integrations.workshop.models import Order

TAG = "OS criada"


async def tell_imported(session: AsyncSession, candidate: Candidate, order: Order, service_url: str) -> None:
    """The OS was made."""
    await _tell(session, candidate, order, f"{order.numero_os} criada.{_link(candidate, service_url)}")


async def tell_linked(session: AsyncSession, candidate: Candidate, order: Order, service_url: str) -> None:
    """The OS was there before."""
    await _tell(session, candidate, order, f"Este lead é da {order.numero_os}.{_link(candidate, service_url)}")


async def tell_undone(session: AsyncSession, candidate: Candidate, number: str) -> None:
    """The OS is no more, or not this lead's."""
    key = f"undo:{candidate.id}:{candidate.version}"
    text = f"Importação desfeita: este lead não está mais ligado à {number}."
    await tell_lead(session, candidate.lead_id, NOTE, f"{key}:note", {"text": text})
    cleared = {"fields": {LeadField.ORDER_NUMBER.value: None}, "remove": [TAG]}
    await tell_lead(session, candidate.lead_id, MARK, f"{key}:mark", cleared)


async def _tell(session: AsyncSession, candidate: Candidate, order: Order, text: str) -> None:
    key = f"import:{candidate.id}:{order.id}"
    await tell_lead(session, candidate.lead_id, NOTE, f"{key}:note", {"text": text})
    mark = {"fields": {LeadField.ORDER_NUMBER.value: order.numero_os}, "add": [TAG]}
    await tell_lead(session, candidate.lead_id, MARK, f"{key}:mark", mark)


def _link(candidate: Candidate, service_url: str) -> str:
    return f"\n{service_url.rstrip('/')}/importacao/{candidate.id}" if service_url else ""
