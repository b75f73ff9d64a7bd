"""Is a message an explicit yes or no to what we proposed, and to nothing else?

A yes that changes money or a booking must say yes and no more: every word of the message has to be one of the words
below, or repeat a fact of the question as it was asked (`echo.py`). "sim, mas tira o óleo", "sim?", "ok" and a thumb
are no yes. Reads texts only.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from assistant.conversation.embedded.text import normalise
from assistant.decisions.echo import Asked, without_echo


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
    MOVE = "move"
    CANCELLATION = "cancellation"


def _verbs(*verbs: str) -> str:
    """These verbs as people agree with them: "pode marcar", "podem marca", "pode ir marcando", "marcado"."""
    stems = "|".join(verb[:-2] for verb in verbs)
    return (
        rf"pode(?:m|mos)?(?: ja| sim| ir| deixar| entao)* (?:{stems})(?:ar?|er?|ir?|ando|endo|indo|ad[oa]|id[oa])|"
        rf"(?:deixa|ta|fica) (?:{stems})(?:ad[oa]|id[oa])|(?:{stems})(?:a|e|am|em|ad[oa])(?: sim)?|"
        rf"(?:vamos|vamo|bora|quero) (?:{stems})(?:ar?|er?|ir?)"
    )


_YES = (
    r"si+m|s|ss|claro(?: que sim)?|com certeza|isso(?: mesmo| ai)?|exato|exatamente|positivo|"
    r"fechad[oa]|fechou|quero(?: sim)?|pode(?: sim| ser)?|podem|confirm(?:o|ado|ada|a|amos|ar)|"
    r"pode(?:m)? (?:confirmar?|registrar?|fechar?|tocar?|(?:mandar?|meter?) (?:ver|bala|brasa))|"
    r"(?:manda|mete) (?:ver|bala|brasa)|de acordo|concordo|esta confirmado|ta confirmado|certeza|"
    r"com toda certeza|sem duvida|por mim pode"
)
_NOT_THE_CAR = r"(?! (?:o |meu |o meu )?carro\b)"
"""Who writes "pode liberar o carro" may want the car back, and no work done on it."""
_VERBS = {
    Wish.QUOTE: r"confirm(?:o|ada|ado) a aprovacao|"
    r"(?:eu )?(?:aprov(?:o|amos)|autoriz(?:o|amos)|aceito|libero)|"
    + _verbs("aprovar", "autorizar", "executar", "seguir", "comecar", "iniciar", "trocar", "mexer", "consertar",
             "arrumar", "prosseguir", "fazer")
    + rf"|(?:{_verbs('liberar')}){_NOT_THE_CAR}"
    + r"|pode(?:m)?(?: ja)? (?:dar andamento|faze|mandar (?:fazer|ver))|pode ir em frente|faz|faca|facam|"
    r"quero (?:aprovar|fazer|autorizar|seguir)",
    Wish.REFUSAL: r"confirm(?:o|ada|ado) a recusa|pode(?:m)? registrar a recusa|"
    r"(?:eu )?(?:recuso|recusado)|pode(?:m)? (?:recusar?|cancelar?)|nao quero (?:fazer|mais)|"
    r"nao vou (?:fazer|querer)(?: mais)?|pode(?:m)? (?:deixar|deixa) sem fazer",
    Wish.VISIT: _verbs("marcar", "agendar", "reservar", "anotar") + r"|combinado|vou sim|estarei ai|estaremos ai",
    Wish.MOVE: _verbs("marcar", "agendar", "reservar", "anotar", "remarcar", "reagendar", "trocar", "mudar", "passar",
                      "alterar", "transferir", "adiar", "jogar")
    + r"|combinado|vou sim|estarei ai|estaremos ai|pode(?:m)? adiantar?",
    Wish.CANCELLATION: r"confirm(?:o|ado) o cancelamento|"
    r"pode(?:m)?(?: sim)? (?:cancelar?|desmarcar?)|cancela|desmarca|cancelad[oa]|desmarcad[oa]|"
    r"quero (?:cancelar|desmarcar)|pode(?:m)? (?:tirar|liberar?) (?:o horario|a vaga)",
}  # fmt: skip
_FILLER = (
    r"por favor|por gentileza|por obsequio|obrigado|xgrato|xjoia|xemoji|xoi|xriso|valeu|bom dia|boa tarde|boa noite|oi|"
    r"ola|entao|e isso(?: ai| mesmo)?|sinho|"
    r"ja|ai|agora|eu|ta bom|tudo|todos|todas|tudo isso|o orcamento|o servico|os itens|esse|essa|isso|"
    r"o valor|por mim|assim|assim mesmo|desse jeito|dessa forma|"
    r"amigos?|amiga|moca|moco|senhor|senhora|pessoal|chefe|mano|cara|querid[oa]|logo|sem problema|ta|ok|okay|beleza|"
    r"certo|combinado|visse|viu|ne|uai|tche|"
    r"(?:o |esse |nesse )?horario|(?:a |essa )?(?:visita|data|mudanca|troca)|(?:o |meu |o meu )?carro|pra mim|"
    r"com voces|que bom|otimo|otima|perfeito|maravilha|show|"
    r"nesse dia|nesse horario|esse horario|sim|ate la|aguardo|fico no aguardo|estou no aguardo|to no aguardo|"
    r"(?:muito |meu muito )?agradecid[oa]|agradeco|desde ja|(?:um |grande |forte )*abracos?|"
    r"boas? (?:festas|semana|feriado|trabalho)|bom (?:trabalho|descanso|feriado|domingo|fim de semana|final de semana)|"
    r"feliz natal|feliz ano novo|(?:que )?deus (?:te |os |lhe |voces )?(?:abencoe|pague)|tchau|ate mais|falou"
)
_NO = (
    r"(?:claro que |pode |melhor |acho que |agora |ainda )?nao|n|nn|negativo|deixa(?: pra la| quieto)?|espera|pera|"
    r"nao (?:quero|precisa|confirmo|aprovo|autorizo|pode|marca|faz|faca|facam)|cancela|esquece|desisti"
)
_NO_FILLER = (
    r"obrigado|xgrato|valeu|por favor|por enquanto|agora|ainda|mais|isso|nada|eu|xraiva|um pouco|ai|fazer|calma|opa|"
    r"um momento|um minuto"
)
_WEAK = (
    r"ok|okay|ta|ta bom|ta certo|corret[oa]|beleza|certo|certinho|xjoia|aham|uhum|joia|legal|entendi|tranquilo|"
    r"combinado|bora|perfeito|tudo bem|demoro|show|massa|boa|otimo|maravilha"
)
_PUZZLED = re.compile(r"(?:(?:eu )?nao entendi(?: nada| direito| bem)?|como assim|hein|ue|que)?(?: ?\?)*(?<=[?a-z])")
"""Did not understand the question: it is asked again, and decides nothing."""
_DENIES = re.compile(r"\b(?:nao|n|nn|nunca|nem|sem|mas|so|menos|exceto|porem|tira|fora|cancela\w*)\b")
_NO_MORE = re.compile(r"\bso isso(?: mesmo)?\b")
"""Limits nothing: "sim, só isso" is a yes to what was asked."""
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


def read_reply(texts: Sequence[str], wish: Wish, asked: Asked | None = None) -> Reply:
    """What the customer's messages, taken together, say to a proposal of this kind; `asked`: the question as told."""
    reply = _read(texts, wish)
    if asked is None or reply in (Reply.NO, Reply.WEAK):
        return reply
    left = [without_echo(text, asked) for text in texts]
    rest = [text for text in left if text is not None]
    if len(rest) < len(left):
        return Reply.OTHER
    return Reply.YES if _read(rest, wish) is Reply.YES else reply


def _read(texts: Sequence[str], wish: Wish) -> Reply:
    normal = " ".join(filter(None, (normalise(text) for text in texts)))
    normal = _NO_MORE.sub("isso", normal)
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
