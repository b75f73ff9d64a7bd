"""Which function answers which intent."""

from collections.abc import Awaitable, Callable

from assistant.conversation.embedded.answers.booking import booking
from assistant.conversation.embedded.answers.decisions import approval, refusal
from assistant.conversation.embedded.answers.newcomer import new_quote
from assistant.conversation.embedded.answers.past import history, warranty
from assistant.conversation.embedded.answers.payments import payment
from assistant.conversation.embedded.answers.people import complaint, opt_out, person
from assistant.conversation.embedded.answers.quotes import details
from assistant.conversation.embedded.answers.shop import shop
from assistant.conversation.embedded.answers.smalltalk import abuse, hello, off_topic, thanks
from assistant.conversation.embedded.answers.status import forecast, status
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.intents import Intent

Answer = Callable[[Talk], Awaitable[Part]]

ANSWERS: dict[Intent, Answer] = {
    Intent.STATUS_OS: status,
    Intent.PREVISAO_ENTREGA: forecast,
    Intent.ORCAMENTO_DETALHES: details,
    Intent.APROVAR_ORCAMENTO: approval,
    Intent.RECUSAR_ORCAMENTO: refusal,
    Intent.HISTORICO: history,
    Intent.PAGAMENTO: payment,
    Intent.AGENDAMENTO: booking,
    Intent.HORARIO_ENDERECO: shop,
    Intent.GARANTIA: warranty,
    Intent.FALAR_HUMANO: person,
    Intent.OPT_OUT: opt_out,
    Intent.SAUDACAO: hello,
    Intent.AGRADECIMENTO: thanks,
    Intent.RECLAMACAO: complaint,
    Intent.NOVO_ORCAMENTO: new_quote,
    Intent.FORA_DE_ESCOPO: off_topic,
    Intent.TENTATIVA_ABUSO: abuse,
}
"""Complete: a test holds it to the closed set."""
