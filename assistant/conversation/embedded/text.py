"""A message as the classifier sees it: one spelling for what people write in twenty ways.

Accents, case, elongations and chat abbreviations go; plates, OS numbers, amounts, dates and times become placeholder
words (so that "cadê o ABC1D23" and "cadê o QWE4R56" are one sentence), car models become "carro". What a placeholder
stood for is read by `slots.py` from the text as typed.
"""

import re
import unicodedata

from assistant.conversation.embedded import clock, moments, slots
from assistant.conversation.embedded.expressions import listed

SLANG: dict[str, str] = {
    short: long
    for long, shorts in {
        "voce": "vc ce tu oce",
        "voces": "vcs ces oces cs",
        "hoje": "hj oje",
        "que": "q qe ke",
        "o que": "oq oque",
        "porque": "pq pk",
        "tudo": "td",
        "tambem": "tb tbm tmb tbem",
        "beleza": "blz belezinha",
        "valeu": "vlw",
        "falou": "flw",
        "obrigado": "obg obgd obrigada obgda brigado brigada bgd brigadao obrigadao brigadu obgdo",
        "por favor": "pf pfv pff pfvr pfavor",
        "quando": "qdo qnd qd qndo",
        "quanto": "qto qnto qt",
        "quantos": "qtos qts",
        "quantas": "qtas",
        "qual": "ql",
        "cade": "kd cd",
        "ta": "esta tah",
        "to": "estou tou",
        "tao": "estao",
        "tava": "estava",
        "nao": "n naum nau",
        "pra": "p",
        "muito": "mto mt mtu",
        "de novo": "dnv",
        "quero": "qro qero",
        "mensagem": "msg mensagens msgs mensage",
        "whatsapp": "zap whats wpp wats",
        "de": "d",
        "com": "c cm",
        "mesmo": "msm",
        "voce ta": "cta",
        "hora": "hr",
        "horas": "hrs",
        "numero": "num nr",
        "depois": "dps",
        "agora": "agr",
        "comigo": "cmg",
        "bom dia": "bd bdia bomdia",
        "boa tarde": "bt boatarde",
        "boa noite": "bn boanoite",
        "fim de semana": "fds",
        "falando": "flando",
        "orcamento": "orsamento orcamnto orcament orcamemto",
        "conserto": "concerto",
        "aguardo": "agurdo",
        "tamo junto": "tmj",
        "servico": "servisso",
        "carro": "caranga carango possante nave veiculo automovel carrinho carrim viatura",
        "carros": "veiculos automoveis",
    }.items()
    for short in shorts.split()
    if short != long
}
"""Chat spellings and their full form. Short ones that are also words ("so", "pro", "da") are left alone."""

STANDING = listed(
    """
    esta estou estava estao tou obrigado obrigada brigado brigada mensagens mensage num cs tu c d p ce nave concerto
    veiculo veiculos automovel automoveis carrinho viatura zap whats bd bt bn
    """
)
"""Spellings that `spelled_out` leaves: words of their own, or letters of a plate read aloud."""
CHAT_WORD = re.compile(r"(?<![\w.@/-])[a-z]+(?![\w@-])")

EMOJIS: dict[str, str] = {
    emoji: word
    for word, emojis in {
        "xjoia": "👍👌✅🤝👊☑✔",
        "xgrato": "🙏❤😊👏🙌😍😉😃😁🥰💪",
        "xraiva": "😡🤬😤😠👎❌😒",
        "xofensa": "🖕🍆🍑",
        "xpare": "🛑🚫✋⛔",
        "xoi": "👋🙋",
        "xlocal": "📍🗺",
        "xdinheiro": "💰💸💳🤑",
        "xfone": "📞☎📲",
        "xagenda": "📅🗓📆",
    }.items()
    for emoji in emojis
}

LINK = re.compile(r"https?://\S+|www\.\S+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LONG_RUN = re.compile(r"([a-z])\1{2,}")
VOWEL_TAIL = re.compile(r"([aeiouy])\1+\b")
WORKDAY = re.compile(
    rf"\b(?:(?:segunda|terca|quarta|quinta|sexta)\b{moments.NOT_A_WEEKDAY}(?:[ -]feira)?|[2-6][aª]?[ -]feira\b)"
)
CALENDAR = re.compile(
    rf"\b(?:dia )?[0-3]?\d/[01]?\d(?:/\d{{2,4}})?\b|\b(?:dia )?[0-3]?\d (?:de )?(?:{moments.MONTH_NAMES})\b|"
    r"\bdia [0-3]?\d\b"
)
WORDS = re.compile(r"[a-z]+|\?+")
KEPT_DOUBLES = frozenset({"veem", "leem", "creem", "deem"})


def _spell_emojis(text: str) -> str:
    """Each emoji as the word of its group; ones without a group as `xemoji`."""
    spelled: list[str] = []
    for char in text:
        if char in EMOJIS:
            spelled.append(f" {EMOJIS[char]} ")
        elif unicodedata.category(char) == "So":
            spelled.append(" xemoji ")
        else:
            spelled.append(char)
    return "".join(spelled)


def _mask_plates(text: str) -> str:
    """Plates as `xplaca`."""
    for match in reversed(list(slots.plate_matches(text))):
        text = f"{text[: match.start()]} xplaca {text[match.end() :]}"
    return text


def _mask(text: str) -> str:
    """Placeholders for what varies from customer to customer."""
    text = _mask_plates(LINK.sub(" xlink ", text))
    text = slots.ORDER_NUMBER.sub(" xos ", text)
    text = slots.MONEY.sub(" xvalor ", text)
    text = CALENDAR.sub(" xdata ", text)
    text = WORKDAY.sub(" xsemana ", text)
    text = clock.TIME.sub(" xhora ", text)
    text = slots.MODEL_PATTERN.sub(" carro ", text)
    return NUMBER.sub(" xnum ", text)


def _shorten(word: str) -> str:
    """`obrigadoooo` → `obrigado`, `boaa` → `boa`; laughter becomes one word."""
    if re.fullmatch(r"k{2,}|(?:rs){1,}|(?:ha){2,}h?|(?:he){2,}|hu+e?(?:hu+e?)+", word):
        return "xriso"
    word = LONG_RUN.sub(r"\1", word)
    return word if word in KEPT_DOUBLES else VOWEL_TAIL.sub(r"\1", word)


def spelled_out(text: str) -> str:
    """`plain` with the chat abbreviations written out, so that an expression finds "dnv" where it looks for "de novo".

    Nothing else changes: punctuation, numbers, plates and car models stay as they were typed.
    """
    return CHAT_WORD.sub(_written_out, slots.plain(text))


def _written_out(match: re.Match[str]) -> str:
    word = LONG_RUN.sub(r"\1", match.group())
    return word if word in STANDING else SLANG.get(word, word)


def normalise(text: str) -> str:
    """The words of a message in one spelling, separated by single spaces; a question mark stays as a word."""
    masked = _mask(slots.plain(_spell_emojis(text)))
    words = ("?" if word[0] == "?" else _shorten(word) for word in WORDS.findall(masked))
    return " ".join(SLANG.get(word, word) for word in words)
