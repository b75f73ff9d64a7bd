"""How big a job is, and how warm the lead: the shop's own classes, read from the customer's words.

Pure. Quick: up to 2 hours (oil, basic check, VCDS, alignment). Medium: 2 to 8 (brakes, suspension, clutch, remap stage
1 and other repairs). Project: more (engine, gearbox, turbo, stage 2 and 3). The biggest job named counts.
"""

import re

from assistant.conversation.embedded.lexicon import family_of
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.text import normalise
from assistant.newcomers.facts import JobSize, Warmth
from assistant.newcomers.signals import asks_price, urgency_in
from integrations.workshop.normal.choices import Urgency

WORK = frozenset({"mecanica", "sintoma"})
NO_JOB = re.compile(
    r"\b(?:oleo d[oe] (?:motor|cambio)(?: automatico| manual)?|luz (?:d[ao]|de) (?:motor|oleo|injecao)|"
    r"coxi(?:m|ns) d[oe] (?:motor|cambio)|filtro d[oe] \w+|tampa do motor|carter|trabalh\w+)\b"
)
"""Words in which a big part's name stands for something small."""
PROJECT = re.compile(
    r"\b(?:stage ?(?:2|3|ii|iii|dois|tres)|downpipe|turbin\w+|turbos?|turbinar|biturbo|mecatronic\w+|retific\w+|"
    r"cabecote|junta d[oe] (?:cabecote|motor)|biela|pistao|pistoes|virabrequim|bronzina\w*|fumaca (?:azul|branca)|"
    r"baixando agua|(?:consumindo|queimando|baixando|bebendo) (?:muito )?oleo|dsg|cambio|caixa de marcha\w*|"
    r"marchas?|motor|swap)\b"
)
GEAR_TALK = re.compile(r"\b(?:lampada|alavanca|manopla)\b")
MEDIUM = re.compile(
    r"\b(?:frei\w+|pastilha\w*|discos?|lona\w*|tambor\w*|suspensao|amortecedor\w*|bieleta\w*|bandeja\w*|pivo\w*|"
    r"bucha\w*|molas?|embreag\w+|remap\w*|reprogram\w+|stage ?(?:1|i|um)?|correia\w*|bomba\w*|radiador\w*|arrefec\w+|"
    r"ar condicionado|ar-condicionado|coxi(?:m|ns)|rolamento\w*|homocinetic\w+|semieixo\w*|terminal|terminais|"
    r"barra de direcao|direcao|folga|volante|velas?|bobinas?|bicos?|injetor\w*|escap\w+|catalisador\w*|alternador\w*|"
    r"arranque|sensor\w*|vaza\w+|esquent\w+|superaqu\w+|revisao (?:dos|de) \d+|carter|tbi|valvula\w*|barulh\w+|"
    r"retentor\w*|coifa\w*|junta\w*)\b"
)
QUICK = re.compile(
    r"\b(?:ole?os?|filtros?|alinha\w+|balance\w+|cambagem|geometria|vcds|scanner|diagnostic\w+|verificac\w+|checar|"
    r"check ?up|checkup|revisao (?:simples|basica)|olhada|palheta\w*|lampada\w*|bateria|pneus?|rodizio|luz\w*|airbag|"
    r"fluido|aditivo|puxando)\b"
)


def job_size(text: str) -> JobSize | None:
    """The class of the biggest job that a text names; other mechanical work is medium; None when it names none."""
    words = plain(text)
    big = NO_JOB.sub(" ", words)
    if PROJECT.search(big) and not GEAR_TALK.search(words):
        return JobSize.PROJECT
    if re.search(r"filtro d[oe] ar|puxando", words) and not re.search(r"parou de gelar|embreag|frei", words):
        return JobSize.QUICK
    if MEDIUM.search(words):
        return JobSize.MEDIUM
    if QUICK.search(words):
        return JobSize.QUICK
    return JobSize.MEDIUM if tells_work(text) and not urgency_in(text) else None


STOPS = re.compile(
    r"\bmorre(?:u|ndo)?\b|\bcarro par(?:a|ou|ando)\b|\bapag(?:a|ou|ando)\b|\bnao (?:pega|liga|anda|funciona)\b|"
    r"\bengasg\w+|\btrem(?:e|endo)\b|\bvibra\w*|\bpux(?:a|ando)\b|\bfumac\w+|\bcheir\w+"
)
"""What a car does that is told without naming a part."""


def tells_work(text: str) -> bool:
    """Whether a text names a part, a job or a symptom."""
    return any(family_of(word) in WORK for word in normalise(text).split()) or STOPS.search(plain(text)) is not None


BROWSING = re.compile(
    r"\b(?:so (?:queria|quero|to|tô|estou|pra|para|uma|por)?(?: ter)? ?(?:uma )?(?:ideia|base|nocao|pesquis\w+|"
    r"curiosidade|sondando|olhando|saber por cima)|pesquisando|sondando|curiosidade|levantamento|comparando|"
    r"cotando|orcando (?:ainda|em varios)|talvez|pensando em|ainda nao decidi|uma ideia de (?:valor|preco))\b"
)
COMES = re.compile(
    r"\b(?:(?:quero|gostaria|queria|posso|consigo|preciso|vou|da pra|tem como|bora)(?: de)? (?:ja )?"
    r"(?:agendar|marcar|levar|deixar|trazer|passar ai|ir ai|fechar)|pode (?:agendar|marcar|buscar)|"
    r"tem (?:vaga|horario)|consigo horario|busca\w* (?:o |meu )?carro|fechado|fechou)\b"
)


def warmth_of(text: str) -> Warmth | None:
    """What a message says about how warm the lead is; None when it says nothing."""
    urgency = urgency_in(text)
    words = plain(text)
    if BROWSING.search(words) or urgency is Urgency.LOW:
        return Warmth.COLD
    soon = urgency is Urgency.MEDIUM and re.search(r"\b(?:ess[ae] semana|preciso|sexta|sabado)\b", words)
    if urgency is Urgency.HIGH or COMES.search(words) or soon:
        return Warmth.HOT
    concrete = job_size(text) is not None or asks_price(text) or urgency is not None
    return Warmth.WARM if concrete else None


def warmer_by(before: Warmth | None, text: str) -> Warmth | None:
    """The lead's warmth after another message: a sign of coming or of mere interest counts, nothing else does."""
    now = warmth_of(text)
    return before if before is not None and now in (None, Warmth.WARM) else now
