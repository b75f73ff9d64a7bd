"""The tool by which a customer asks about their own data: what we have, erase it, correct it (LGPD art. 18).

It opens a request for the staff and gives its number; it reads out no data, erases nothing and corrects nothing,
because whoever holds the phone has not shown who they are. The law gives 15 days for an answer about what data there
is (art. 19, II); for the others it refers to regulation (art. 18, § 5), and the shop holds itself to the same days.
"""

from datetime import date, timedelta

from pydantic import Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.responder import HandOffReason
from assistant.decisions.models import DataRight, PrivacyRequest, RequestState
from assistant.tools.toolbox import Arguments, Recorded, Speaker, ToolContext, ToolFailed
from integrations.brazil import day, local_day

PRIVACY_RECORD = "privacy_request"
ANSWERED_WITHIN = timedelta(days=15)
ASKED = {
    DataRight.ACCESS: "saber quais dados seus nós temos",
    DataRight.ERASURE: "apagar os seus dados",
    DataRight.CORRECTION: "corrigir os seus dados",
}
NEXT = {
    DataRight.ACCESS: "Uma pessoa da equipe confere que é você e te responde por aqui",
    DataRight.ERASURE: (
        "Uma pessoa da equipe confere que é você, apaga o que a lei não manda guardar e te responde por aqui"
    ),
    DataRight.CORRECTION: "Uma pessoa da equipe confere com você o que está errado e corrige",
}
TASKS = {
    DataRight.ACCESS: "quer saber quais dados pessoais temos (LGPD, art. 18, II)",
    DataRight.ERASURE: "pede para APAGAR os próprios dados (LGPD, art. 18, VI)",
    DataRight.CORRECTION: "pede para CORRIGIR os próprios dados (LGPD, art. 18, III)",
}


class DataRequestNoted(Recorded):
    """An opened request, or the one that is open already."""

    protocol: str
    answer_by: date


class DataRequestArguments(Arguments):
    kind: DataRight = Field(
        description="access: which data we have; erasure: delete it; correction: something in it is wrong."
    )


async def record_data_request(context: ToolContext, arguments: DataRequestArguments) -> DataRequestNoted:
    """Opens a request about the customer's personal data (LGPD): access, erasure or correction. A person answers it.

    Call it when the customer asks which data the shop has of them, wants it deleted, or wants it corrected. Put
    `receipt`, with its protocol number, into your message, word for word. Never read out or change the data yourself.
    """
    kind = arguments.kind
    before = await _open_one(context.session, kind, context.speaker)
    number = before.id if before else await _next_number(context.session)
    answer_by = before.answer_by if before else local_day(context.now) + ANSWERED_WITHIN
    return DataRequestNoted(
        record=PRIVACY_RECORD,
        receipt=_receipt(kind, number, answer_by, again=before is not None),
        reason=HandOffReason.OPT_OUT,
        task=f"{TASKS[kind]}. Protocolo LGPD-{number}, responder até {day(answer_by)}",
        terms={"id": number, "kind": kind.value, "answer_by": answer_by.isoformat(), "changes": before is None},
        protocol=f"LGPD-{number}",
        answer_by=answer_by,
    )


def _receipt(kind: DataRight, number: int, answer_by: date, *, again: bool) -> str:
    start = "Seu pedido já está aberto" if again else "Recebi o seu pedido"
    return f"{start} para {ASKED[kind]}: protocolo *LGPD-{number}*. {NEXT[kind]}; o prazo é {day(answer_by)}."


async def _open_one(session: AsyncSession, kind: DataRight, speaker: Speaker) -> PrivacyRequest | None:
    query = select(PrivacyRequest).where(
        PrivacyRequest.kind == kind, PrivacyRequest.state == RequestState.OPEN, _theirs(speaker)
    )
    return (await session.execute(query)).scalar_one_or_none()


def _theirs(speaker: Speaker) -> ColumnElement[bool]:
    if speaker.phone is not None:
        return PrivacyRequest.phone == speaker.phone
    if speaker.contact_id is None:
        raise ToolFailed("nobody knows who this is: hand over to a person")
    return PrivacyRequest.phone.is_(None) & (PrivacyRequest.contact_id == speaker.contact_id)


async def _next_number(session: AsyncSession) -> int:
    """A protocol number. One that is drawn and not used (a refused draft) leaves a gap, nothing else."""
    sequence = func.pg_get_serial_sequence(PrivacyRequest.__tablename__, "id")
    return int((await session.execute(select(func.nextval(sequence)))).scalar_one())
