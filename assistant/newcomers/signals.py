"""What single phrases of a new customer say: how urgent it is, where they heard of us, whether they ask for a price.

Pure, over `plain` text. Each list stands beside what only looks like it ("não é urgente", "quanto tempo demora").
"""

import re

from assistant.conversation.embedded.slots import plain
from integrations.workshop.normal.choices import Origin, Urgency

NOT_URGENT = re.compile(
    r"\b(?:nao (?:e|eh|ta|tem|tenho|precisa ser)(?: nada| muit[ao]| com| tanta)? (?:urgen\w+|pressa|urgencia)|"
    r"sem (?:muita |nenhuma )?(?:pressa|urgencia)|quando (?:der|puder|tiver vaga|tiverem vaga|for possivel)|"
    r"(?:da|posso|pode|consigo) (?:pra |para )?esperar|mais pra frente|mais para frente|"
    r"(?:ano|outro mes|mes) que vem|sem data|qualquer dia|futuramente|pode ser com calma|tranquilo quanto a)\b"
)
URGENT = re.compile(
    r"\b(?:urg\w+|o quanto antes|quanto antes|(?:o )?mais rapido possivel|pra ontem|para ontem|emergencia|socorro|"
    r"(?:pra|para|ainda|tem vaga|consigo|posso levar|levar|deixar)(?: \w+){0,3} (?:hoje|agora)|hoje ainda|"
    r"preciso (?:\w+ ){0,4}(?:hoje|agora|amanha)|(?:levar|deixar|agendar|marcar|vaga|ir)(?: \w+){0,5} (?:amanha|hoje)|"
    r"(?:pra|para) amanha|uso (?:o carro |ele )?(?:pra|para) trabalh\w+|nao posso ficar sem|sou (?:uber|motorista)|"
    r"prejuizo|nao (?:ta |esta )?(?:anda|liga|andando|ligando) ?(?:mais|nada)?$|nem (?:anda|liga)|"
    r"(?:carro|ele|ela) (?:\w+ )?(?:ta |esta |tá |ficou )?(?:parad[oa]|quebrad[oa])|parei o carro|no guincho|"
    r"de guincho|sem freio|freio (?:\w+ )?(?:falhou|acabou|sumiu)|medo de dirigir|quebrou (?:na|no|em)|na rua)\b"
)
SOON = re.compile(
    r"\b(?:ess[ae] semana|nest[ae] semana|semana que vem|proxima semana|ate o (?:fim|final) (?:do|de) mes|"
    r"ess[ae] mes|est[ae] mes|ate (?:segunda|terca|quarta|quinta|sexta|sabado)|"
    r"(?:pra|para|ate|na|no) (?:segunda|terca|quarta|quinta|sexta|sabado))\b"
)
TRIP = re.compile(r"\b(?:viag\w+|viajar)\b")


def urgency_in(text: str) -> Urgency | None:
    """How urgent a message says it is; None when it does not say."""
    words = plain(text)
    if NOT_URGENT.search(words):
        return Urgency.LOW
    if URGENT.search(words):
        return Urgency.HIGH
    return Urgency.MEDIUM if SOON.search(words) and not TRIP.search(words) else None


REFERRED = re.compile(
    r"\b(?:indic(?:ou|aram|acao|ado|ada|a voces)|recomend\w+|me falou de voces|me falaram de voces|que (?:me )?falou|"
    r"(?:amig[oa]|vizinh[oa]|cunhad[oa]|irma|irmao|primo|prima|colega|tio|tia|pai|mae|chefe|cliente de voces)"
    r"(?: \w+){0,4} (?:indic\w+|falou|levou|fez|recomend\w+|gostou|conserta))\b"
)
FROM_INSTAGRAM = re.compile(r"\b(?:insta|instagram|ig|reels?|stories?)\b")
FROM_GOOGLE = re.compile(
    r"\b(?:google|maps|pesquis\w+ (?:na|no|em) (?:net|internet|google|busca)|na internet|busca da internet)\b"
)
FROM_WHATSAPP = re.compile(
    r"\b(?:(?:mensagem|msg|contato|divulgacao|anuncio)(?: \w+){0,3} (?:no|pelo|por) (?:whats\w*|zap\w*|wpp)|"
    r"(?:grupo|status) (?:de|do|no|na) (?:\w+ )?(?:whats\w*|zap\w*|wpp)|(?:pelo|no) (?:whats\w*|zap|wpp) mesmo)\b"
)
CONTACT_DATA = re.compile(r"\b(?:qual|tem|me passa|manda)\b.{0,20}\b(?:insta|instagram|google|maps)\b")


def origin_in(text: str) -> Origin | None:
    """Where a message says that they heard of the shop."""
    words = plain(text)
    if REFERRED.search(words):
        return Origin.REFERRAL
    if CONTACT_DATA.search(words):
        return None
    for pattern, origin in (
        (FROM_INSTAGRAM, Origin.INSTAGRAM),
        (FROM_GOOGLE, Origin.GOOGLE),
        (FROM_WHATSAPP, Origin.WHATSAPP),
    ):
        if pattern.search(words):
            return origin
    return None


PRICE = re.compile(
    r"\b(?:quanto(?! tempo| antes| mais)|qto|qnto|precos?|precinho|valor(?:es)?|custa\w*|custo|sai por|cobra\w*|"
    r"faixa de preco|tabela|how much|price|cost|cuanto(?! tiempo)|precio)\b"
)


def asks_price(text: str) -> bool:
    """Whether a message asks what something costs."""
    return PRICE.search(plain(text)) is not None


CLAIM = re.compile(
    r"\b(?:(?:est[ae]|ess[ae]|aqui|isso aqui)(?: aqui)? (?:e|eh) (?:o )?(?:meu|outro)(?: \w+)? "
    r"(?:outro |novo |segundo )?(?:numero|celular|telefone|zap|whats\w*|chip)|"
    r"meu (?:outro|novo|segundo|numero novo)(?: \w+)? ?(?:numero|celular|telefone|zap|whats\w*|chip)?\b(?= |$|[,.!])|"
    r"(?:troquei|mudei|perdi|trocar|mudar|roubaram)(?: de| o| meu| do)* (?:numero|celular|telefone|chip|whats\w*|zap)|"
    r"(?:outro|novo|segundo) (?:numero|celular|telefone|chip)(?! de os)|(?:numero|celular|chip) (?:novo|antigo|velho)|"
    r"(?:ja )?(?:sou|era|fui) cliente(?! nov)|(?:ja )?tenho cadastro|meu cadastro|"
    r"(?:cadastrad[oa]|cadastro) (?:no|com|em) (?:o )?(?:outro|numero|celular|nome)|"
    r"(?:numero|celular|telefone) (?:da|do) (?:minha|meu) (?:esposa|mulher|marido|filh[oa]|mae|pai|irma|irmao))\b"
)
OTHER_CAR = re.compile(r"\bmeu (?:outro|novo|segundo) (?:carro|gol|polo|veiculo)\b")
NO_CUSTOMER = re.compile(r"\b(?:nao sou cliente|nunca fui|nao tenho cadastro|ainda nao sou)\b")


def claims_to_be_customer(text: str) -> bool:
    """Whether somebody unknown says to be a customer under another number."""
    words = OTHER_CAR.sub(" ", plain(text))
    return CLAIM.search(words) is not None and NO_CUSTOMER.search(words) is None
