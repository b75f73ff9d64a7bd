"""The customer's decision about a quote: approve, approve in part, refuse."""

from uuid import UUID

from assistant.conversation.responder import HandOff, HandOffReason
from assistant.decisions.kinds import NotAsProposed, Receipt, Terms
from assistant.decisions.reading import Wish
from assistant.tools.decide import ProposedVerdict, VerdictArguments, order_words, propose_quote_decision
from assistant.tools.orders import own_orders
from assistant.tools.toolbox import ToolContext, ToolFailed
from integrations.brazil import clock, day, local, money
from integrations.workshop.decide import QuoteChanged, QuoteVerdict, Verdict, decide_quote
from integrations.workshop.models import OrderItem
from integrations.workshop.orders import ServiceOrder
from integrations.workshop.payments import ZERO
from integrations.workshop.quotes import item_total


class QuoteProposals:
    """Implements `ProposalKind`."""

    reason = HandOffReason.QUOTE_DECISION

    def wish(self, terms: Terms) -> Wish:
        return Wish.REFUSAL if Verdict(terms["verdict"]) is Verdict.REFUSE else Wish.QUOTE

    async def carry_out(self, context: ToolContext, terms: Terms) -> Receipt:
        verdict = QuoteVerdict(
            order_id=UUID(terms["order_id"]),
            version=terms["version"],
            verdict=Verdict(terms["verdict"]),
            approved=frozenset(UUID(item_id) for item_id in terms["approved"]),
            reason=terms["reason"],
        )
        # Whose order it is, is looked at again: the contact's phone may have been corrected meanwhile.
        if await _own(context, verdict.order_id) is None:
            raise NotAsProposed
        try:
            await decide_quote(context.session, verdict, context.now)
        except QuoteChanged as changed:
            raise NotAsProposed from changed
        decided = await _own(context, verdict.order_id)
        assert decided is not None
        return _receipt(context, decided, verdict)

    async def propose_again(self, context: ToolContext, terms: Terms) -> ProposedVerdict | None:
        order = await _own(context, UUID(terms["order_id"]))
        if order is None:
            return None
        chosen = {UUID(item_id) for item_id in terms["approved"]}
        wanted = VerdictArguments(
            verdict=Verdict(terms["verdict"]),
            order_number=order.number,
            items=[item.descricao for item in order.items if item.id in chosen],
            reason=terms["reason"],
        )
        try:
            return await propose_quote_decision(context, wanted)
        except ToolFailed:
            return None

    def declined(self, terms: Terms) -> str:
        if Verdict(terms["verdict"]) is Verdict.REFUSE:
            return "Tudo bem, não registrei nada: o orçamento continua esperando a sua resposta."
        return (
            "Tudo bem, não registrei a aprovação e nada muda. Quer que eu detalhe os itens, ou prefere falar com um "
            "consultor?"
        )


async def _own(context: ToolContext, order_id: UUID) -> ServiceOrder | None:
    return next((order for order in await own_orders(context) if order.row.id == order_id), None)


def _receipt(context: ToolContext, order: ServiceOrder, verdict: QuoteVerdict) -> Receipt:
    at = f"{day(context.now)} às {clock(local(context.now))}"
    name = context.speaker.name
    start = f"Pronto, {name}!" if name else "Pronto!"
    about = order_words(order).removeprefix("da ")
    if verdict.verdict is Verdict.REFUSE:
        text = f"{start} Registrei em {at} que você não quer fazer o orçamento {order_words(order)}."
        wish = f"RECUSOU o orçamento pelo WhatsApp. Motivo: {order.row.motivo_recusa or 'não disse'}"
        return Receipt(f"{text} A equipe já foi avisada.", _handoff(name, about, wish))
    whole = verdict.verdict is Verdict.APPROVE
    total = money(order.row.valor_aprovado or ZERO)
    listed = "".join(_line(item) for item in order.items if whole or item.id in verdict.approved)
    part = "a aprovação" if whole else "a aprovação em parte"
    text = f"{start} Registrei {part} do orçamento {order_words(order)}, em {at}:\n{listed}*Total aprovado: {total}*"
    wish = f"APROVOU {'o orçamento' if whole else 'SÓ UMA PARTE do orçamento'} pelo WhatsApp: {total}"
    return Receipt(f"{text}\nA equipe já foi avisada e cuida dos próximos passos.", _handoff(name, about, wish))


def _line(item: OrderItem) -> str:
    total = item_total(item)
    return f"- {item.descricao}{f': {money(total)}' if total is not None else ''}\n"


def _handoff(name: str | None, about: str, wish: str) -> HandOff:
    return HandOff(HandOffReason.QUOTE_DECISION, f"{name or 'Cliente'} – {about}: {wish}.")
