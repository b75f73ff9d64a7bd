"""Where a customer only says that they have paid: the draft must not say that it is paid, whatever else it says."""

import re
from collections.abc import Sequence

from assistant.conversation.factcheck.kinds import Complaint, Kind
from assistant.conversation.factcheck.reading import plain
from assistant.tools.paid import PaymentClaimNoted
from assistant.tools.toolbox import Recorded

PAID = re.compile(
    r"\b(?:esta|ta|ficou|foi|consta|fica|tudo|ja) (?:tudo )?(?:pag[oa]s?|quitad[oa]s?|liquidad[oa]s?)\b|"
    r"\bpagamento (?:ja )?(?:foi |esta |ficou )?(?:confirmad|aprovad|identificad|recebid|compensad|registrad)o\b|"
    r"\b(?:recebemos|recebi|identificamos|identifiquei|confirmamos|confirmei|caiu|chegou|entrou) "
    r"(?:o |a |aqui |ja )*(?:seu |sua )?(?:pagamento|pix|transferencia|deposito|dinheiro|valor)\b|"
    r"\b(?:nao (?:ha|tem|falta) (?:mais )?nada (?:em aberto|a pagar|para pagar)|nada mais a pagar|it is paid)\b"
)
OPEN = re.compile(r"\b(?:nao|nem|se|assim que|quando|apos|depois que|ate que|conferir|confirmar|verificar)\b[^.!?\n]*$")
"""Before the words: what has yet to be seen."""


def says_it_is_paid(text: str, recorded: Sequence[Recorded]) -> list[Complaint]:
    """The complaint about a draft that takes the customer's word for a payment."""
    if not any(isinstance(each, PaymentClaimNoted) for each in recorded):
        return []
    said = plain(text)
    found = [match for match in PAID.finditer(said) if not OPEN.search(said[: match.start()])]
    return [
        Complaint(Kind.PROMISE, text[match.start() : match.end()], f"«{match.group()}»: quem confirma é a equipe")
        for match in found
    ]
