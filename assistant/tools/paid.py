"""The tool that notes a payment which the customer says they made. It believes nothing and marks nothing as paid."""

from assistant.conversation.responder import HandOffReason
from assistant.tools.orders import own_orders
from assistant.tools.toolbox import Arguments, Recorded, ToolContext

PAYMENT_RECORD = "payment_claim"
RECEIPT = "Obrigado por avisar! Anotei aqui e passei para a equipe conferir; a confirmação quem dá é a equipe."


class PaymentClaimNoted(Recorded):
    """A payment that the staff have to look for."""


class PaymentClaimArguments(Arguments):
    """Takes nothing: what was paid, and how much, the staff see for themselves."""


async def record_payment_claim(context: ToolContext, arguments: PaymentClaimArguments) -> PaymentClaimNoted:
    """Notes that the customer says they have paid, or sent a receipt, and has the staff check it.

    Call it when the customer says so. Put `receipt` into your message, word for word, and never say that it is paid,
    received or confirmed: only the staff can.
    """
    owing = [order.number for order in await own_orders(context) if order.account.balance]
    number = owing[0] if len(owing) == 1 else None
    about = f" ({number})" if number else ""
    return PaymentClaimNoted(
        record=PAYMENT_RECORD,
        receipt=RECEIPT,
        reason=HandOffReason.PAYMENT,
        task=f"avisa que pagou{about}; falta conferir, nada foi dado como pago",
        terms={"order_number": number},
    )
