"""Is a message an explicit yes or no to what we proposed, and to nothing else?

A yes that changes money or a booking must say yes and no more: every word of the message has to be one of the words
below. "sim, mas tira o óleo", "sim?", "ok" and a thumb are no yes. Reads texts only.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from assistant.conversation.embedded.text import normalise


class Reply(StrEnum):
    """What an answer to a proposal says. `WEAK`: an "ok" that may be no more than politeness; it is asked again."""

    YES = "yes"
    NO = "no"
    WEAK = "weak"
    OTHER = "other"


class Wish(StrEnum):
    """What was proposed, for the verbs that agree to it."""

    QUOTE = "quote"
    REFUSAL = "refusal"
    VISIT = "visit"
    CANCELLATION = "cancellation"


_YES = (
    r"sim|s|ss|claro(?: que sim)?|com certeza|isso(?: mesmo| ai)?|exato|exatamente|positivo|"
    r"fechad[oa]|fechou|quero(?: sim)?|pode(?: sim| ser)?|podem|confirm(?:o|ado|ada|a|amos|ar)|"
    r"pode(?:m)? (?:confirmar|registrar|fechar|tocar|(?:mandar|meter) (?:ver|bala|brasa))|"
    r"(?:manda|mete) (?:ver|bala|brasa)|de acordo|concordo"
)
_VERBS = {
    Wish.QUOTE: r"(?:eu )?(?:aprov(?:o|ado|ada|amos|a)|autoriz(?:o|ado|ada|amos|a)|aceito|libero|liberado)|"
    r"pode(?:m)?(?: ja)? (?:aprovar|autorizar|fazer|executar|seguir|comecar|iniciar|trocar|mexer|consertar|arrumar|"
    r"prosseguir|dar andamento|liberar)|pode ir em frente|faz|faca|facam|quero (?:aprovar|fazer|autorizar|seguir)",
    Wish.REFUSAL: r"(?:eu )?(?:recuso|recusado)|pode(?:m)? (?:recusar|cancelar)|nao quero (?:fazer|mais)|"
    r"nao vou (?:fazer|querer)(?: mais)?",
    Wish.VISIT: r"pode(?:m)? (?:marcar|agendar|reservar|remarcar|anotar)|marca|agenda|reserva|marcad[oa]|agendad[oa]|"
    r"combinado|vou sim|estarei ai|remarca",
    Wish.CANCELLATION: r"pode(?:m)? (?:cancelar|desmarcar)|cancela|desmarca|cancelad[oa]",
}
_FILLER = (
    r"por favor|por gentileza|obrigado|xgrato|xjoia|xemoji|xoi|xriso|valeu|bom dia|boa tarde|boa noite|oi|ola|entao|"
    r"ja|ai|agora|eu|ta bom|a aprovacao|tudo|todos|todas|tudo isso|o orcamento|o servico|os itens|esse|essa|isso|"
    r"o valor|por mim|"
    r"amigo|moca|moco|senhor|senhora|pessoal|logo|sem problema|ta|ok|okay|beleza|certo|combinado|"
    r"o horario|a visita|carro|o carro|meu carro|pra mim|com voces|que bom|otimo|maravilha|"
    r"nesse dia|nesse horario|esse horario|sim"
)
_NO = (
    r"(?:claro que |pode |melhor |acho que |agora |ainda )?nao|n|nn|negativo|deixa(?: pra la| quieto)?|espera|pera|"
    r"nao (?:quero|precisa|confirmo|aprovo|autorizo|pode|marca|faz|faca|facam)|cancela|esquece|desisti"
)
_NO_FILLER = r"obrigado|xgrato|valeu|por favor|por enquanto|agora|ainda|mais|isso|nada|eu|xraiva|um pouco|ai|fazer"
_WEAK = (
    r"ok|okay|ta|ta bom|ta certo|beleza|certo|certinho|xjoia|aham|uhum|joia|legal|entendi|tranquilo|combinado|bora|"
    r"perfeito|tudo bem|demoro|show|massa|boa|otimo|maravilha"
)
_PUZZLED = re.compile(r"(?:(?:eu )?nao entendi(?: nada| direito| bem)?|como assim|hein|ue|que)?(?: ?\?)*(?<=[?a-z])")
"""Did not understand the question: it is asked again, and decides nothing."""
_DENIES = re.compile(r"\b(?:nao|n|nn|nunca|nem|sem|mas|so|menos|exceto|porem|tira|fora|cancela\w*)\b")
LONGEST = 160
"""Characters of a normal form: a longer message says more than yes or no."""


def _made_of(core: str, filler: str) -> re.Pattern[str]:
    """Texts of nothing but these words, with at least one of the core."""
    either = rf"(?:(?:{core}|{filler})(?: |$))*"
    return re.compile(rf"(?:(?:{filler})(?: |$))*(?:{core})(?: |$){either}")


_ALL_YES = {wish: _made_of(f"{_YES}|{_VERBS[wish]}", _FILLER) for wish in Wish}
_ALL_NO = _made_of(_NO, _NO_FILLER)
_ALL_WEAK = _made_of(_WEAK, _FILLER)
_MAY_DENY = frozenset({Wish.REFUSAL, Wish.CANCELLATION})
"""Here "não quero fazer" and "cancela" agree."""


def read_reply(texts: Sequence[str], wish: Wish) -> Reply:
    """What the customer's messages, taken together, say to a proposal of this kind."""
    normal = " ".join(filter(None, (normalise(text) for text in texts)))
    if _PUZZLED.fullmatch(normal):
        return Reply.WEAK
    if not normal or len(normal) > LONGEST or "?" in normal:
        return Reply.OTHER
    denies = wish not in _MAY_DENY and _DENIES.search(normal) is not None
    if not denies and _ALL_YES[wish].fullmatch(normal):
        return Reply.YES
    if _ALL_NO.fullmatch(normal):
        return Reply.NO
    return Reply.WEAK if not denies and _ALL_WEAK.fullmatch(normal) else Reply.OTHER
