"""Facts a customer writes inside a sentence: plates, OS numbers, dates, times, car models, ordinals.

Only what the text says: no look-up, no judgement whether such an order or car exists, and no relative date is turned
into a day here unless the caller says what day it is (`resolve_date`).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

PLATE = re.compile(
    r"(?<![a-z0-9])(?P<letters>[a-z][ .]?[a-z][ .]?[a-z])(?P<gap>[\s.-]{0,3})"
    r"(?P<digits>[0-9][ .]?[a-z0-9][ .]?[0-9][ .]?[0-9])(?![a-z0-9])"
)
ORDER_NUMBER = re.compile(
    r"\b(?:o\.?s\.?|ordem(?: de servi[cç]o)?)(?![a-z])[\s:#-]*(?:n(?:[uú]mero|[º°o]|um)?[.:\s]*)?[\s#-]*(?P<number>[0-9]{3,6})\b"
    r"(?!\s*(?:reais|real|conto|pila|km|mil|h\b|[.,/:]\d))"
)
THREE_LETTER_WORDS = frozenset(
    ["ate", "aos", "ano", "aqui", "bem", "com", "cor", "das", "deu", "dez", "dia", "dos", "ela", "ele", "era", "eis", "faz", "fez", "fim", "foi", "fox", "gol", "gti", "hoje", "isso", "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez", "km", "lhe", "mae", "mas", "mes", "meu", "mil", "nas", "nem", "nos", "num", "ola", "ona", "oito", "pai", "par", "pau", "paz", "pela", "pix", "por", "pra", "pro", "que", "qual", "quem", "rua", "sao", "sei", "sem", "ser", "seu", "sim", "sob", "sol", "som", "sou", "sua", "tal", "tao", "tem", "ter", "teu", "tez", "tsi", "tua", "uma", "uns", "vai", "vao", "vem", "ver", "vez", "vez", "via", "voz", "vou", "zap", "tdi", "dsg", "cpf", "cep", "tel", "nfe", "obs", "hrs", "min", "seg", "ter", "qua", "qui", "sex", "sab", "dom", "box", "dar", "qto", "qdo", "bom", "boa", "nao", "sai", "vcs", "abs", "esp", "apt"]
)
WEEKDAYS = {
    "segunda": 0,
    "terca": 1,
    "quarta": 2,
    "quinta": 3,
    "sexta": 4,
    "sabado": 5,
    "domingo": 6,
    "sab": 5,
    "dom": 6,
}
NOT_A_WEEKDAY = r"(?!\s+(?:via|vez|marcha|opcao|parcela|parte|vers|unidade|chamada|guerra|os\b|ordem))"
DATE = re.compile(
    r"\b(?P<numeric>(?P<d>[0-3]?\d)/(?P<m>[01]?\d)(?:/(?P<y>\d{2,4}))?)\b"
    r"|\bdia (?P<day>[0-3]?\d)\b(?!/|\s*(?:vezes|x\b))"
    rf"|\b(?P<weekday>segunda|terca|quarta|quinta|sexta|sabado|sab|domingo)\b{NOT_A_WEEKDAY}"
    r"|\b(?P<ordinal>[2-6])[aª]?[ -]feira\b"
    r"|\b(?P<relative>depois de amanha|anteontem|amanha|hoje|hj|ontem|semana que vem|mes que vem|fim de semana)\b"
)
TIME = re.compile(
    r"\b(?P<h>[01]?\d|2[0-3])\s?(?:(?:h(?:rs?|oras?)?|:)\s?(?P<m>[0-5]\d)?(?:min)?)(?![a-z0-9])"
    r"|\b[aà]s (?P<bare>[01]?\d|2[0-3])\b(?![/.,]\d)"
)
MONEY = re.compile(
    r"r\$\s?\d[\d.]*(?:,\d{2})?|\b\d{1,3}(?:\.\d{3})+(?:,\d{2})?\b|\b\d+,\d{2}\b|\b\d+(?:[.,]\d+)?\s?(?:mil\s)?(?:reais|conto|contos|pila|mangos)\b"
)
MODELS = frozenset(
    ["gol", "golzinho", "golf", "polo", "up", "voyage", "fox", "crossfox", "spacefox", "saveiro", "jetta", "passat", "tiguan", "taos", "nivus", "virtus", "amarok", "fusca", "kombi", "santana", "parati", "tcross", "t-cross", "touareg", "variant", "scirocco", "a1", "a3", "a4", "a5", "a6", "q3", "q5", "q7", "q8", "tt", "rs3", "s3", "tt", "audi", "vw", "volks", "volkswagen", "gti", "gts", "onix", "corsa", "celta", "palio", "uno", "argo", "mobi", "strada", "civic", "corolla", "hb20", "creta", "kicks", "renegade", "compass", "ka", "fiesta", "ecosport", "sandero", "duster", "logan", "cruze", "tracker", "astra", "vectra", "punto", "siena", "siena", "fit", "hrv", "city"]
)
MODEL_PATTERN = re.compile(
    r"(?<![a-z0-9-])(?:t[ -]cross|" + "|".join(sorted(map(re.escape, MODELS), key=len, reverse=True)) + r")(?![a-z0-9])"
)
ORDINALS = {
    "primeiro": 1, "primeira": 1, "segundo": 2, "terceiro": 3, "terceira": 3, "ultimo": -1, "1o": 1, "2o": 2, "3o": 3,
}  # fmt: skip
OTHER_CAR = re.compile(r"\b(?:o outro|meu outro|do outro) (?:carro)?")


class DateKind(StrEnum):
    """How a day was said."""

    CALENDAR = "calendar"
    DAY_OF_MONTH = "day_of_month"
    WEEKDAY = "weekday"
    RELATIVE = "relative"


@dataclass(frozen=True)
class DateMention:
    """A day as the customer said it: `text` is the normalised wording, the numbers are what it holds."""

    kind: DateKind
    text: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


def plain(text: str) -> str:
    """Lower case without accents, one space between words; digits and punctuation stay."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def _squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)


def _is_plate(match: re.Match[str], text: str) -> bool:
    """Whether letters and digits that look like a plate are one, and not "por 3450", "gol 2015" or "das 1h30"."""
    letters, digits, said = _squeeze(match["letters"]), _squeeze(match["digits"]), text[: match.start()].rstrip(" :")
    if said.endswith("placa"):
        return True
    spelled = len(match["letters"]) > 3
    if digits[1] == "h" and not spelled and match["gap"]:
        return letters not in THREE_LETTER_WORDS
    return letters not in THREE_LETTER_WORDS or (digits[1].isalpha() and not match["gap"])


def plate_matches(text: str) -> Iterator[re.Match[str]]:
    """The places of plates in a text that went through `plain`."""
    return (match for match in PLATE.finditer(text) if _is_plate(match, text))


def find_plates(text: str) -> list[str]:
    """Plates anywhere in a text as typed, in order, without hyphen and spaces: `"meu abc-1d23"` → `["ABC1D23"]`."""
    found = (_squeeze(match["letters"] + match["digits"]).upper() for match in plate_matches(plain(text)))
    return list(dict.fromkeys(found))


def find_order_number(text: str) -> str | None:
    """The digits of the first OS number that is called one: `"OS-1042"`, `"ordem 1042"` → `"1042"`."""
    match = ORDER_NUMBER.search(plain(text))
    return match["number"] if match else None


def find_models(text: str) -> tuple[str, ...]:
    """Car models and makes, as plain words in order: `"o Polo e o t cross"` → `("polo", "t-cross")`."""
    words = (match.group().replace("t cross", "t-cross") for match in MODEL_PATTERN.finditer(plain(text)))
    spelled = ("t-cross" if word == "tcross" else "gol" if word == "golzinho" else word for word in words)
    return tuple(dict.fromkeys(spelled))


def find_ordinal(text: str) -> int | None:
    """Which of several: 1 for "o primeiro", 2 for "o segundo" or "o outro", -1 for "o último"."""
    words = plain(text)
    for word in re.findall(r"[a-z0-9]+", words):
        if word in ORDINALS:
            return ORDINALS[word]
    return 2 if OTHER_CAR.search(words) else None


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Every day that is said, in order: "amanhã", "sexta", "dia 12", "25/11"."""
    return tuple(_mention(match) for match in DATE.finditer(plain(text)))


def _mention(match: re.Match[str]) -> DateMention:
    said = match.group()
    if match["numeric"]:
        year = int(match["y"]) if match["y"] else None
        full = 2000 + year if year is not None and year < 100 else year
        return DateMention(DateKind.CALENDAR, said, day=int(match["d"]), month=int(match["m"]), year=full)
    if match["day"]:
        return DateMention(DateKind.DAY_OF_MONTH, said, day=int(match["day"]))
    if match["weekday"] or match["ordinal"]:
        index = WEEKDAYS[match["weekday"]] if match["weekday"] else int(match["ordinal"]) - 2
        return DateMention(DateKind.WEEKDAY, said, weekday=index)
    return DateMention(DateKind.RELATIVE, "hoje" if said == "hj" else said)


def find_time(text: str) -> time | None:
    """The first time of day: "14h30", "9h", "16:00", "às 9"; one without minutes is on the hour."""
    match = TIME.search(plain(text))
    if match is None:
        return None
    return time(int(match["h"] or match["bare"]), int(match["m"] or 0))


def resolve_date(mention: DateMention, today: date) -> date | None:
    """The day meant, seen from `today`; the next such day for weekdays and days of the month.

    None when it is no single day ("semana que vem") or no day of the calendar ("31/02").
    """
    if mention.kind is DateKind.RELATIVE:
        offsets = {"hoje": 0, "amanha": 1, "depois de amanha": 2, "ontem": -1, "anteontem": -2}
        return today + timedelta(days=offsets[mention.text]) if mention.text in offsets else None
    if mention.weekday is not None:
        return today + timedelta(days=(mention.weekday - today.weekday() - 1) % 7 + 1)
    return _calendar_day(mention, today)


def _calendar_day(mention: DateMention, today: date) -> date | None:
    """The first fitting day from today on; a year that was said is taken as it is."""
    if mention.day is None:
        return None
    for ahead in range(13):
        month_index = today.month - 1 + ahead
        month, year = month_index % 12 + 1, today.year + month_index // 12
        if mention.month is not None and month != mention.month:
            continue
        try:
            found = date(mention.year or year, month, mention.day)
        except ValueError:
            if mention.month is not None:
                return None
            continue
        if mention.year is not None or found >= today:
            return found
    return None
