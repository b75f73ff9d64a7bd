"""One way to write phone, plate, document, e-mail and name: normal forms, for comparing what people typed.

The SQL functions of the same names (migrations) give the same answers, so that indexes can be used; a property test
holds the two together. Sources: E.164; Anatel's Resolução 749/2022 (numbering plan: mobile
numbers have nine digits starting with 9, landlines eight starting with 2-5); Contran's Resolução 969/2022 (Mercosul
plate: the fifth character of an old plate becomes a letter, 0-9 to A-J).
"""

import re
import string
import unicodedata

BRAZIL = "55"
OLD_PLATE = re.compile(r"[A-Z]{3}[0-9]{4}")
CPF_LENGTH = 11
DOCUMENT = re.compile(r"[0-9]{11}|[A-Z0-9]{12}[0-9]{2}")
EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
ANY_PLATE = re.compile(r"[A-Z]{3}[0-9][A-Z0-9][0-9]{2}")


def normal_phone(typed: str | None) -> str | None:
    """Digits with country code, ninth digit added: `"(11) 8765-4321"` → `"5511987654321"`; None if it is no number.

    A number written with `+` and another country code keeps its digits. Without `+`, ten and eleven digits are
    Brazilian (area code + number), twelve and thirteen starting with 55 too.
    """
    text = typed or ""
    digits = re.sub(r"[^0-9]", "", text)
    start = re.search(r"[+0-9]", text)
    if start and start.group() == "+" and not digits.startswith(BRAZIL):
        return digits if 8 <= len(digits) <= 15 else None
    national = _national(digits)
    if national is None:
        return digits if 12 <= len(digits) <= 15 else None
    area, number = national[:2], national[2:]
    return BRAZIL + area + ("9" + number if len(number) == 8 and number[0] in "6789" else number)


def _national(digits: str) -> str | None:
    """Area code and number of a Brazilian phone, or None when the digits are not one."""
    if len(digits) in (12, 13) and digits.startswith(BRAZIL):
        digits = digits[2:]
    if len(digits) in (11, 12) and digits.startswith("0"):
        digits = digits[1:]
    brazilian = len(digits) == 10 or (len(digits) == 11 and digits[2] == "9")
    return digits if brazilian and digits[0] != "0" else None


def written_plate(typed: str | None) -> str | None:
    """The plate as typed, without hyphen and spaces: `"jqk-9832"` → `"JQK9832"`; None if it is none."""
    plate = re.sub(r"[^A-Za-z0-9]", "", typed or "").upper()
    return plate if ANY_PLATE.fullmatch(plate) else None


def normal_plate(typed: str | None) -> str | None:
    """The key under which the old and the Mercosul form are one: `"ABC1234"`, `"abc-1c34"` → `"ABC1C34"`."""
    plate = written_plate(typed)
    if plate is None or not OLD_PLATE.fullmatch(plate):
        return plate
    return plate[:4] + "ABCDEFGHIJ"[int(plate[4])] + plate[5:]


def normal_document(typed: str | None) -> str | None:
    """A CPF's digits or a CNPJ's characters: `"390.533.447-05"` → `"39053344705"`; check digits are not looked at."""
    document = re.sub(r"[^A-Za-z0-9]", "", typed or "").upper()
    return document if DOCUMENT.fullmatch(document) else None


def normal_email(typed: str | None) -> str | None:
    """An address in small letters without anything around it; None if it is none, or not of plain letters."""
    email = (typed or "").strip(" \t\r\n").translate(_SMALL)
    return email if EMAIL.fullmatch(email) else None


def first_name(full_name: str | None) -> str | None:
    """What to call a person: the first word that looks like a name, or None (`"~"`, an e-mail, a number, an emoji)."""
    for word in (full_name or "").split():
        letters = [char for char in word if unicodedata.category(char).startswith("L")]
        if len(letters) >= 2 and len(letters) == len(word.replace("-", "").replace("'", "")):
            return word.capitalize() if word.isupper() or word.islower() else word
    return None


ACCENTED = "ÁÀÂÃÄáàâãäÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÕÖóòôõöÚÙÛÜúùûüÇçÑñ"
WITHOUT_ACCENT = "aaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuuuccnn"
_SMALL = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
_FOLDED = str.maketrans(ACCENTED, WITHOUT_ACCENT)


def folded_name(full_name: str | None) -> str:
    """A name's words in small letters without accents, for comparing: `"JOÃO  d'Ávila"` → `"joao d avila"`."""
    letters = (full_name or "").translate(_FOLDED)
    small = "".join(char.lower() if char.isascii() else " " for char in letters)
    return " ".join(re.findall(r"[a-z]+", small))


def name_key(full_name: str | None) -> str | None:
    """The first and the last word of a name: `"Maria Aparecida de Souza"` → `"maria souza"`; None without a word."""
    words = folded_name(full_name).split()
    return " ".join(dict.fromkeys([words[0], words[-1]])) if words else None
