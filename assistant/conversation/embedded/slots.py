"""Things a customer names inside a sentence: plates, OS numbers, car models, "o segundo". Days and times: `moments.py`.

Only what the text says: no look-up, and no judgement whether such an order or car exists.
"""

import re
import unicodedata
from collections.abc import Iterator

from assistant.conversation.embedded.expressions import listed

PLATE = re.compile(
    r"(?<![a-z0-9])(?P<letters>[a-z][ .]?[a-z][ .]?[a-z])(?P<gap>[\s.-]{0,3})"
    r"(?P<digits>[0-9][ .]?[a-z0-9][ .]?[0-9][ .]?[0-9])(?![a-z0-9])"
)
ORDER_NUMBER = re.compile(
    r"\b(?:o\.?s\.?|ordem(?: de servico)?)(?![a-z])[\s:#-]{0,4}(?:n(?:umero|um|o)?[.:\s]{0,3})?"
    r"[\s#-]{0,3}(?P<number>[0-9]{3,6})\b"
    r"(?!\s*(?:reais|real|conto|pila|km|mil|h\b|[.,/:]\d))"
)
THREE_LETTER_WORDS = listed(
    """
    ate aos ano aqui bem com cor das deu dez dia dos ela ele era eis faz fez fim foi fox gol gti hoje isso jan
    fev mar abr mai jun jul ago set out nov km lhe mae mas mes meu mil nas nem nos num ola ona oito pai par pau
    paz pela pix por pra pro que qual quem rua sao sei sem ser seu sim sob sol som sou sua tal tao tem ter teu
    tez tsi tua uma uns vai vao vem ver vez via voz vou zap tdi dsg cpf cep tel nfe obs hrs min seg qua qui sex
    sab dom box dar qto qdo bom boa nao sai vcs abs esp apt
    """
)
MONEY = re.compile(
    r"r\$\s?\d[\d.]*(?:,\d{2})?|\b\d{1,3}(?:\.\d{3})+(?:,\d{2})?\b|\b\d+,\d{2}\b|"
    r"\b\d+(?:[.,]\d+)?\s?(?:mil\s)?(?:reais|conto|contos|pila|mangos)\b"
)
MODELS = listed(
    """
    gol golzinho golf polo up voyage fox crossfox spacefox saveiro jetta passat tiguan taos nivus virtus amarok
    fusca kombi santana parati tcross t-cross touareg variant scirocco a1 a3 a4 a5 a6 q3 q5 q7 q8 tt rs3 s3
    audi vw volks volkswagen gti gts onix corsa celta palio uno argo mobi strada civic corolla hb20 creta kicks
    renegade compass ka fiesta ecosport sandero duster logan cruze tracker astra vectra punto siena fit hrv
    city
    """
)
MODEL_PATTERN = re.compile(
    r"(?<![a-z0-9-])(?:t[ -]cross|"
    + "|"
    r"".join(sorted(map(re.escape, MODELS), key=len, reverse=True))
    + r")(?![a-z0-9])"
)
ORDINALS = {
    "primeiro": 1, "primeira": 1, "segundo": 2, "terceiro": 3, "terceira": 3, "ultimo": -1, "1o": 1, "2o": 2, "3o": 3,
}  # fmt: skip
OTHER_CAR = re.compile(r"\b(?:o outro|meu outro|do outro) (?:carro)?")


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
