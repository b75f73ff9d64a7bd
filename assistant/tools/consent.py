"""The tools by which a customer stops what we write first, and lets us begin again.

They look at the ledger and propose no question: what they return is written down with the reply. Answers to the
customer's own questions are not concerned.
"""

from assistant.conversation.responder import HandOffReason
from assistant.tools.toolbox import Arguments, Recorded, ToolContext, ToolFailed
from campaigns.consent import opted_out
from campaigns.models import ConsentState

CONSENT_RECORD = "consent"
STOPPED = (
    "Pronto, não te mandamos mais mensagens por iniciativa nossa; se mudar de ideia, é só escrever *voltar*, e às suas "
    "perguntas continuo respondendo por aqui."
)
STOPPED_BEFORE = "Seu pedido já está registrado: não te mandamos mensagens por iniciativa nossa."
BACK = "Combinado, você volta a receber as nossas mensagens; para parar de novo, é só pedir."


class ConsentNoted(Recorded):
    """What the customer wants about being written to first."""


class RecordOptOutArguments(Arguments):
    """Takes nothing."""


class RecordOptInArguments(Arguments):
    """Takes nothing."""


async def record_opt_out(context: ToolContext, arguments: RecordOptOutArguments) -> ConsentNoted:
    """Notes that the customer wants no more messages that the shop writes first (reminders, campaigns, follow-ups).

    Call it when the customer asks us to stop sending messages. Put `receipt` into your message, word for word.
    """
    before = await opted_out(context.session, context.speaker.phone, context.speaker.contact_id)
    return _noted(ConsentState.OPTED_OUT, STOPPED_BEFORE if before else STOPPED, changes=not before)


async def record_opt_in(context: ToolContext, arguments: RecordOptInArguments) -> ConsentNoted:
    """Undoes an earlier stop: the customer wants to receive the shop's messages again.

    Call it only when the customer asks for it in so many words. Put `receipt` into your message, word for word.
    """
    if not await opted_out(context.session, context.speaker.phone, context.speaker.contact_id):
        raise ToolFailed("this customer never stopped our messages: there is nothing to undo")
    return _noted(ConsentState.OPTED_IN, BACK, changes=True)


def _noted(state: ConsentState, receipt: str, *, changes: bool) -> ConsentNoted:
    stops = state is ConsentState.OPTED_OUT
    return ConsentNoted(
        record=CONSENT_RECORD,
        receipt=receipt,
        reason=HandOffReason.OPT_OUT,
        task="não quer mais receber mensagens nossas" if stops else "quer voltar a receber as nossas mensagens",
        terms={"state": state.value, "changes": changes},
    )
