"""A stored conversation as a dialogue file: what was written, who it was and their orders, without the people in it.

The orders are as they are now, which need not be as they were; what a good reply must hold is the author's to say.
Reads with the given session and never commits.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.problem import Problem
from assistant.rehearsal.anonymise import Anonymiser
from integrations.brazil import local
from integrations.database import Base
from integrations.kommo.chats.models import AuthorType, Conversation, Direction, Message
from integrations.workshop.customers import customers_with_phone
from integrations.workshop.models import Customer
from integrations.workshop.orders import ServiceOrder, orders_of

HEAD = """\
# From conversation {conversation}, with other names, phones, plates, OS numbers, documents and e-mail addresses.
# Read it before you give it away: streets, relatives and the like are not found. Then write under each reply what it
# has to hold (`says`) and must not (`never`), and at the end what the database has to hold (`expect`).
"""
PAUSE = timedelta(minutes=30)
"""A longer silence becomes a step."""
COLUMNS: Mapping[str, Sequence[str]] = {
    "profiles": ("id", "full_name", "phone"),
    "vehicles": ("id", "customer_id", "brand", "model", "year", "plate"),
    "ordens_servico": (
        "id", "numero_os", "customer_id", "vehicle_id", "client_name", "client_phone", "vehicle", "plate", "status",
        "posicao_patio", "data_entrada", "data_orcamento", "data_aprovacao", "data_conclusao", "data_entrega",
        "data_previsao_entrega", "valor_orcado", "valor_aprovado", "valor_final", "descricao_problema", "diagnostico",
    ),
    "ordens_servico_itens": (
        "ordem_servico_id", "descricao", "tipo", "quantidade", "valor_unitario", "valor_total", "status",
        "previsao_chegada",
    ),
    "pagamentos": ("ordem_servico_id", "amount", "method", "instalments", "paid_at"),
}  # fmt: skip
"""What of the shop's rows goes into the file."""


async def export_dialogue(session: AsyncSession, conversation_id: int) -> str:
    """The file's text; raises `Problem` when there is no such conversation."""
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise Problem(f"There is no conversation {conversation_id}.")
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.sent_at, Message.id)
    messages = (await session.execute(query)).scalars().all()
    if not any(message.direction == Direction.IN for message in messages):
        raise Problem(f"In conversation {conversation_id} no customer has written anything.")
    phone = next(iter(conversation.phones or ()), None)
    customers = await customers_with_phone(session, phone)
    orders = await orders_of(session, tuple(customer.id for customer in customers), phone)
    names = [conversation.contact_name, *(customer.full_name for customer in customers)]
    hidden = Anonymiser(names, [order.row.numero_os for order in orders])
    head = {
        "title": f"What went on in conversation {conversation_id}",
        "who": {"phone": hidden.phone(phone), "name": hidden.name(conversation.contact_name)},
        "at": local(messages[0].sent_at).replace(tzinfo=None, microsecond=0),
        "rows": _rows(hidden, customers, orders),
    }
    steps = "".join(_steps(hidden, messages))
    return f"{HEAD.format(conversation=conversation_id)}{_yaml(head)}steps:\n{steps}expect: {{}}\n"


def _rows(
    hidden: Anonymiser, customers: Sequence[Customer], orders: Sequence[ServiceOrder]
) -> dict[str, list[dict[str, Any]]]:
    """The shop's rows about this person."""
    cars = {order.car.id: order.car for order in orders if order.car is not None}
    found: dict[str, Sequence[Base]] = {
        "profiles": customers,
        "vehicles": list(cars.values()),
        "ordens_servico": [order.row for order in orders],
        "ordens_servico_itens": [item for order in orders for item in order.items],
        "pagamentos": [payment for order in orders for payment in order.payments],
    }
    return {table: [_row(hidden, row, COLUMNS[table]) for row in rows] for table, rows in found.items() if rows}


def _row(hidden: Anonymiser, row: Base, columns: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns}
    return {name: _shown(hidden, name, value) for name, value in values.items() if value is not None}


def _shown(hidden: Anonymiser, column: str, value: Any) -> Any:
    """A value as the file holds it."""
    match value:
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return local(value).isoformat(timespec="minutes")
        case date() | int():
            return value
    match column:
        case "full_name" | "client_name":
            return hidden.name(value)
        case "phone" | "client_phone":
            return hidden.phone(value)
        case "plate":
            return hidden.plate(value)
        case "numero_os":
            return hidden.order(value)
    return hidden.text(str(value))


def _steps(hidden: Anonymiser, messages: Sequence[Message]) -> Iterator[str]:
    """The steps, each with what was said then as a comment."""
    before: Message | None = None
    for burst, replies in _exchanges(messages):
        first = burst[0]
        if before is not None and first.sent_at - before.sent_at > PAUSE:
            yield _step({"later": f"{int((first.sent_at - before.sent_at).total_seconds() // 60)}min"})
        before = [*burst, *replies][-1]
        if first.direction == Direction.OUT:
            yield _step({"staff": hidden.text(first.text) or "(sem texto)"})
            continue
        written = [_message(hidden, message) for message in burst]
        said = [hidden.text(reply.text) for reply in replies]
        wanted: dict[str, Any] = {"says": [], "never": []} if said else {"silent": True}
        yield _step({"customer": written if len(written) > 1 else written[0], **wanted}, said)


def _message(hidden: Anonymiser, message: Message) -> Any:
    text = hidden.text(message.text)
    if message.message_type == "text" and text:
        return text
    kind = message.message_type if message.message_type != "text" else "file"
    return {"kind": kind, "text": text} if text else {"kind": kind}


def _exchanges(messages: Sequence[Message]) -> Iterator[tuple[list[Message], list[Message]]]:
    """Bursts of the customer with the replies to them, and single messages of the staff."""
    burst: list[Message] = []
    replies: list[Message] = []
    for message in messages:
        customer = message.direction == Direction.IN
        staff = not customer and message.author_type == AuthorType.INTERNAL
        if burst and (staff or (customer and replies)):
            yield burst, replies
            burst, replies = [], []
        if staff:
            yield [message], []
        elif customer:
            burst.append(message)
        elif burst:
            replies.append(message)
    if burst:
        yield burst, replies


def _step(step: Mapping[str, Any], said: Sequence[str] = ()) -> str:
    first, *rest = _yaml([dict(step)]).splitlines()
    comment = [f"    # said: {' '.join(text.split())}" for text in said]
    return "\n".join([f"  {first}", *(f"  {line}" for line in rest), *comment]) + "\n"


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)
