"""Money: what is open, what was paid, how to pay. Takes no payment and confirms none.

"Já paguei" is thanked for, noted and handed over; whether money arrived is for the staff to say.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.answers import strangers
from assistant.conversation.embedded.answers.cars import of_yours, order_label, yours
from assistant.conversation.embedded.answers.pointing import Meant, meant
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.slots import plain
from assistant.conversation.responder import HandOffReason
from assistant.tools.paid import PaymentClaimNoted
from assistant.tools.payments import OrderAccount, PaymentMade, PaymentsResult
from integrations.brazil import money, since
from integrations.workshop.orders import order_name
from integrations.workshop.payments import TotalKind

PAID = re.compile(
    r"\b(?:paguei|pagamos|pago ja|ja (?:foi )?pag[ou]\w*|ja (?:ta|esta) (?:pago|quitado|acertado)|"
    r"(?:fiz|fez|fizemos|fizeram|efetu\w+|realiz(?:ei|ou|amos)|mandei|mandou) (?:ja )?(?:o|um|uma|a) "
    r"(?:pix|pagamento|transferencia|deposito|ted|valor|restante|resto)|"
    r"(?:acertei|acertamos) (?:o |a |tudo|agora|ja|ontem|hoje)\w*|^(?:pronto |prontinho |ta |ja )?pago\b|"
    r"transferi|depositei|quitei|segue (?:o )?comprovante|comprovante (?:do|de|ai|em anexo)|"
    r"enviei o (?:pix|comprovante)|caiu (?:o|ai))\b"
)
NOT_PAID = re.compile(r"\b(?:quanto|o que|quando|qto)\b.{0,20}\bpag\w+|\bsera que\b|\b(?:nao|nem|nunca|se)\b|\?")
CLAUSE = re.compile(r"(?<=[?!;,\n])|(?<=\.)\s")
INVOICE = re.compile(r"\b(?:nota fiscal|notas? fisca\w+|nf-?e?|nfs-?e?|nota|recibo|cupom fiscal|danfe)\b")
DOCUMENT = re.compile(r"\b(?:cpf|cnpj)\b")
PIX = re.compile(r"\bpix\b|\bchave\b")
WAYS = re.compile(
    r"\b(?:pix|cartao|credito|debito|boleto|dinheiro|parcel\w*|vezes|forma\w*|aceita\w*|transferencia|chave|a vista|"
    r"divid\w+|como (?:eu )?(?:pago|faco|posso pagar|pagar))\b"
)
ALTOGETHER = re.compile(r"\b(?:tudo|ao todo|no geral|soma\w*|os dois|as duas|ambos|todos)\b")
INSTALMENTS = re.compile(
    r"\b\d+ ?x\b|\ba vista\b|\b(?:parcel\w*|vezes|divid\w+|juros|descont\w*|entrada|prazo)\b|\d ?(?:%|por cento)"
)


async def payment(talk: Talk) -> Part:
    """What was asked about money."""
    if says_paid(talk.text):
        return await noted(talk)
    if INVOICE.search(talk.text) or (DOCUMENT.search(talk.text) and INVOICE.search(plain(talk.last_said))):
        return _invoice(talk)
    return await _accounts(talk)


def says_paid(text: str) -> bool:
    """Whether a clause of the plain text says that money was sent: no question, nothing denied."""
    return any(PAID.search(clause) and not NOT_PAID.search(clause) for clause in CLAUSE.split(text))


async def noted(talk: Talk) -> Part:
    """A payment the customer says they made."""
    claim = await talk.lookups.get("record_payment_claim", PaymentClaimNoted)
    return Part(claim.receipt, hand_off(talk, HandOffReason.PAYMENT, claim.task), person=True)


def _invoice(talk: Talk) -> Part:
    return Part(
        talk.voice.say(
            "Passei o seu pedido de nota para a equipe, que cuida disso.",
            "Acrescentei isso ao seu pedido de nota, que está com a equipe.",
        ),
        hand_off(talk, HandOffReason.PAYMENT, "pede nota fiscal ou recibo"),
        person=True,
    )


async def _accounts(talk: Talk) -> Part:
    """What is owed, or just the ways to pay where nothing can be told."""
    found = await meant(talk)
    result = await talk.lookups.get("payments", PaymentsResult)
    accounts = _spoken_of(talk, _asked(result, found)) if not found.pointed else _asked(result, found)
    if not talk.known or (found.pointed and not accounts) or not accounts:
        return await _without_account(talk, found, result)
    told = talk.answers(Intent.ORCAMENTO_DETALHES)
    paragraphs = [
        _account(talk, account) for account in accounts if not (told and account.total_kind is TotalKind.QUOTED)
    ]
    owed = any(account.balance_due for account in accounts)
    if owed or WAYS.search(talk.text):
        paragraphs.append(_ways(talk, result))
    if INSTALMENTS.search(talk.text):
        return _conditions(talk, paragraphs)
    if PIX.search(talk.text) and result.pix_key is None:
        return _pix_by_staff(talk, paragraphs)
    return Part("\n\n".join(paragraphs))


def _asked(result: PaymentsResult, found: Meant) -> Sequence[OrderAccount]:
    """The accounts of the cars that are meant; all when none is."""
    if not found.pointed:
        return result.orders
    numbers = {order.number for order in (*found.open, *found.past)}
    return [account for account in result.orders if account.number in numbers]


def _spoken_of(talk: Talk, accounts: Sequence[OrderAccount]) -> Sequence[OrderAccount]:
    """The account of the one car that our last message named; all when a sum or no car was spoken of."""
    spoken = [
        account for account in accounts if account.number in talk.last_said or str(account.plate) in talk.last_said
    ]
    return spoken if len(spoken) == 1 and not ALTOGETHER.search(talk.text) else accounts


async def _without_account(talk: Talk, found: Meant, result: PaymentsResult) -> Part:
    if WAYS.search(talk.text) and not found.not_theirs:
        if INSTALMENTS.search(talk.text):
            return _conditions(talk, [_ways(talk, result, with_key=False)])
        return Part(_ways(talk, result, with_key=False))
    if refused := await strangers.instead(talk, found):
        return refused
    return Part("Não encontrei valor em aberto registrado para esse carro.")


def _pix_by_staff(talk: Talk, paragraphs: Sequence[str]) -> Part:
    text = "A chave pix quem passa é a equipe."
    return Part(
        "\n\n".join([*paragraphs, text]), hand_off(talk, HandOffReason.PAYMENT, "pede a chave pix"), person=True
    )


def _conditions(talk: Talk, paragraphs: Sequence[str]) -> Part:
    text = "Sobre condições de pagamento, quem combina com você é um consultor."
    wish = "pergunta por parcelamento ou condições de pagamento"
    return Part("\n\n".join([*paragraphs, text]), hand_off(talk, HandOffReason.PAYMENT, wish), person=True)


def _account(talk: Talk, account: OrderAccount) -> str:
    """One order's account in a sentence or two."""
    if account.total is None:
        return f"Ainda não há valor fechado para {yours(account, order_label(account))}."
    if account.total_kind is TotalKind.QUOTED:
        return (
            f"O orçamento {of_yours(account, order_label(account))} é de {money(account.total)} e aguarda a sua "
            "resposta; por enquanto não há nada a pagar."
        )
    paid = f"; {_paid(talk, account.payments)}" if account.payments else ""
    car = f"{of_yours(account, order_label(account))}, é {money(account.total)}{paid}"
    if account.total_kind is TotalKind.APPROVED:
        return talk.voice.say(
            f"O valor aprovado {car}. {_open(account)}", f"Pelo registro, o valor aprovado {car}. {_open(account)}"
        )
    return talk.voice.say(f"O total {car}. {_open(account)}", f"Pelo registro, o total {car}. {_open(account)}")


def _open(account: OrderAccount) -> str:
    if account.balance_due is None:
        return f"Não há valor em aberto registrado para {yours(account)}."
    if account.balance_due == 0:
        return f"Não há nada em aberto na {order_name(account.number)}."
    if not account.payments:
        return f"Esse valor ainda está em aberto: *{money(account.balance_due)}*."
    return f"Falta pagar *{money(account.balance_due)}*."


def _paid(talk: Talk, payments: Sequence[PaymentMade]) -> str:
    return "recebemos " + enumerated([_one_payment(talk, payment) for payment in payments])


def _one_payment(talk: Talk, payment: PaymentMade) -> str:
    at = since(payment.paid_at, talk.request.now)
    times = f" em {payment.instalments} vezes" if payment.instalments > 1 else ""
    how = (
        "no cartão"
        if payment.method.value == "cartão"
        else f"em {payment.method.value}"
        if payment.method.value == "dinheiro"
        else f"por {payment.method.value}"
    )
    return f"{money(payment.amount)} {how}{times} {at if at.isalpha() else f'em {at}'}"


def _ways(talk: Talk, result: PaymentsResult, *, with_key: bool = True) -> str:
    """How to pay; the pix key exactly as configured, on a line of its own so that it can be copied."""
    ways = talk.voice.say(f"Você pode pagar com {result.payment_ways}.", f"Aceitamos {result.payment_ways}.")
    if result.pix_key is None or not (with_key or PIX.search(talk.text)):
        return ways
    return f"{ways} A nossa chave pix é:\n{result.pix_key}"
