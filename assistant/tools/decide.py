"""The tool that proposes the customer's decision about a quote. It restates and asks; it decides nothing.

What the customer then confirms is carried out by `assistant/decisions`, and only for the version restated here.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from assistant.tools.orders import own_orders, with_number
from assistant.tools.quotes import QuoteItem, item_line, item_of
from assistant.tools.toolbox import Arguments, Proposed, ToolContext, ToolFailed
from integrations.brazil import money
from integrations.workshop.decide import LONGEST_REASON, Verdict, part_total, quote_version
from integrations.workshop.orders import ServiceOrder, order_name
from integrations.workshop.quotes import Decision, decision_on, quote_total
from integrations.workshop.stages import plain_key

QUOTE_PROPOSAL = "quote"
YES_OR_NO = "Responda *sim* para confirmar ou *não* para deixar como está."


class ProposedVerdict(Proposed):
    """A decision on a quote, restated for the customer. `items` is what would be done, `left_out` the rest."""

    number: str
    vehicle: str
    plate: str | None
    verdict: Verdict
    items: tuple[QuoteItem, ...]
    left_out: tuple[QuoteItem, ...]
    proposed_total: Decimal | None


class VerdictArguments(Arguments):
    verdict: Verdict = Field(description="approve: the whole quote; approve_part: only `items`; refuse: nothing of it.")
    order_number: str | None = Field(None, description="The OS number; needed when several quotes wait for an answer.")
    items: list[str] = Field(
        default_factory=list,
        description="For approve_part: descriptions of the items TO DO, exactly as the tool `quote` gives them.",
    )
    reason: str | None = Field(None, description="For refuse: the customer's own reason, in their words.")


async def propose_quote_decision(context: ToolContext, arguments: VerdictArguments) -> ProposedVerdict:
    """Restates the customer's decision about a quote (approve all, approve part, refuse) and asks for a yes or no.

    Call it when the customer decides about a quote that was sent. Nothing is approved or refused by it: the system does
    that when the customer answers the `question` with an explicit yes. End your message with `question`, word for word.
    """
    order = await _waiting_order(context, arguments.order_number)
    verdict, chosen = _chosen(order, arguments)
    total = _total(order, verdict, chosen)
    return ProposedVerdict(
        proposal=QUOTE_PROPOSAL,
        question=_question(order, verdict, chosen, total),
        reminder=_reminder(order, verdict, total),
        terms={
            "order_id": str(order.row.id),
            "version": quote_version(order.row, order.items),
            "verdict": verdict.value,
            "approved": [str(item_id) for item_id in chosen] if verdict is Verdict.APPROVE_PART else [],
            "reason": (arguments.reason or "").strip()[:LONGEST_REASON] or None,
        },
        number=order.number,
        vehicle=order.vehicle,
        plate=order.plate,
        verdict=verdict,
        items=_items(order, chosen),
        left_out=_items(order, [item.id for item in order.items if item.id not in chosen]),
        proposed_total=total,
    )


async def _waiting_order(context: ToolContext, number: str | None) -> ServiceOrder:
    """The one order whose quote waits for a decision."""
    orders = await own_orders(context)
    if number:
        orders = with_number(orders, number)
    waiting = [order for order in orders if order.row.data_orcamento is not None and _awaits(order)]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise ToolFailed("no quote of this customer waits for a decision")
    raise ToolFailed(f"several quotes wait, ask which one is meant: {', '.join(order.number for order in waiting)}")


def _awaits(order: ServiceOrder) -> bool:
    return decision_on(order.row, order.items) is Decision.AWAITING


def _chosen(order: ServiceOrder, arguments: VerdictArguments) -> tuple[Verdict, Sequence[UUID]]:
    """The verdict and the ids of what would be done; a part that is everything is the whole."""
    everything = [item.id for item in order.items]
    if arguments.verdict is not Verdict.APPROVE_PART:
        return arguments.verdict, everything if arguments.verdict is Verdict.APPROVE else []
    wanted = {plain_key(text) for text in arguments.items}
    known = {plain_key(item.descricao) for item in order.items}
    if not wanted or not wanted <= known:
        raise ToolFailed(f"name the items to do exactly: {'; '.join(item.descricao for item in order.items)}")
    chosen = [item.id for item in order.items if plain_key(item.descricao) in wanted]
    return (Verdict.APPROVE, everything) if len(chosen) == len(everything) else (Verdict.APPROVE_PART, chosen)


def _total(order: ServiceOrder, verdict: Verdict, chosen: Sequence[UUID]) -> Decimal | None:
    """What the customer agrees to; raises `ToolFailed` where only a consultant can say."""
    whole = quote_total(order.row, order.items)
    total = part_total(order.row, order.items, chosen) if verdict is Verdict.APPROVE_PART else whole
    if total is None and verdict is not Verdict.REFUSE:
        raise ToolFailed("the amount cannot be told item by item here: hand over to a consultant")
    return total


def _items(order: ServiceOrder, ids: Sequence[UUID]) -> tuple[QuoteItem, ...]:
    return tuple(item_of(item) for item in order.items if item.id in ids)


def _question(order: ServiceOrder, verdict: Verdict, chosen: Sequence[UUID], total: Decimal | None) -> str:
    name = order_words(order)
    if verdict is Verdict.REFUSE:
        amount = f", de {money(total)}" if total is not None else ""
        return f"Posso registrar que você *não quer fazer* o orçamento {name}{amount}?\n{YES_OR_NO}"
    whole = verdict is Verdict.APPROVE
    opening = f"Para aprovar o orçamento {name}:" if whole else f"Para fazer só uma parte do orçamento {name}:"
    lines = [opening, *map(item_line, _items(order, chosen))]
    if total is not None:
        lines.append(f"*Total: {money(total)}*")
    if not whole:
        left = [item.id for item in order.items if item.id not in chosen]
        lines += ["Fica de fora:", *map(item_line, _items(order, left))]
    ask = "Posso registrar a aprovação?" if whole else "Posso registrar assim?"
    return "\n".join([*lines, f"{ask} {YES_OR_NO}"])


def _reminder(order: ServiceOrder, verdict: Verdict, total: Decimal | None) -> str:
    amount = f", total de {money(total)}" if total is not None else ""
    what = {
        Verdict.APPROVE: "a aprovação do orçamento",
        Verdict.APPROVE_PART: "a aprovação de uma parte do orçamento",
        Verdict.REFUSE: "que você não quer fazer o orçamento",
    }[verdict]
    return f"Posso registrar {what} {order_words(order)}{amount}? Responda *sim* ou *não*."


def order_words(order: ServiceOrder) -> str:
    """`da OS-1044, VW Jetta (GHI5J67)`."""
    return f"da {order_name(order.number)}, {order.vehicle}{f' ({order.plate})' if order.plate else ''}"
