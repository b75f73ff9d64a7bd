"""Numbers as Brazilians write them: `1.870,00`, `1,8 mil`, `3k`, `1k8`, `mil e oitocentos`, `um oito sete zero`.

Gives patterns to build others from and the value of what they match. What a number stands for is decided elsewhere.
All patterns are for the plain form of a `Reading`.
"""

import re
from decimal import Decimal


def _counted(words: str, first: int, step: int) -> dict[str, int]:
    """Words in order with the values `first`, `first + step`, …; variants of one value joined by a slash."""
    return {word: first + at * step for at, group in enumerate(words.split()) for word in group.split("/")}


UNITS = _counted("um/uma dois/duas tres quatro cinco seis sete oito nove", 1, 1)
TEENS = _counted(
    "dez onze doze treze catorze/quatorze quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove",
    10,
    1,
)
TENS = _counted("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", 20, 10)
HUNDREDS = _counted(
    "cem/cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos", 100, 100
)
FEMININE = {word[:-2] + "as": value for word, value in HUNDREDS.items() if word.endswith("os")}
WORDS = UNITS | TEENS | TENS | HUNDREDS | FEMININE | {"zero": 0}
SPELLED_DIGITS = UNITS | {"zero": 0, "meia": 6}


def _any(words: dict[str, int]) -> str:
    return "(?:" + "|".join(words) + ")"


AND = r"(?:\s+e\s+|[\s-]+)"
BELOW_HUNDRED = rf"(?:{_any(TENS)}(?:{AND}{_any(UNITS)})?|{_any(TEENS)}|{_any(UNITS)})"
BELOW_THOUSAND = rf"(?:{_any(HUNDREDS | FEMININE)}(?:{AND}{BELOW_HUNDRED})?|{BELOW_HUNDRED})"
DIGITS = r"(?:\d{1,3}(?: \d{3})+,\d{2}|\d+(?:[.,]\d+)*)"
REST = rf"(?:{AND}(?:{BELOW_THOUSAND}|\d{{1,3}}(?!\d|[.,]\d|[/:hx%])))?"
THOUSANDS = rf"(?:(?:{BELOW_THOUSAND}|{DIGITS})\s+)?mil\b{REST}"
MILLIONS = rf"(?:{BELOW_THOUSAND}|{DIGITS})\s+milh(?:ao|oes)\b(?:{AND}(?:{THOUSANDS}|{BELOW_THOUSAND}))?"
SHORT_THOUSANDS = rf"{DIGITS}\s?k\d?"
SPELLED = rf"{_any(SPELLED_DIGITS)}(?:[\s,-]+{_any(SPELLED_DIGITS)}){{2,}}"
NUMBER = (
    rf"(?<![\w,.])(?:{SPELLED}|{MILLIONS}|{THOUSANDS}|{SHORT_THOUSANDS}|{DIGITS}|{BELOW_THOUSAND}|zero)(?!\w|[.,]\d)"
)
"""Any number, not part of a longer word."""

_WORD = re.compile(r"[a-z]+|[\d.,]+")


def value(written: str) -> Decimal:
    """The value of what `NUMBER` matched."""
    if re.fullmatch(SPELLED, written):
        return Decimal("".join(str(SPELLED_DIGITS[word]) for word in re.findall(r"[a-z]+", written)))
    if short := re.fullmatch(rf"({DIGITS})\s?k(\d?)", written):
        return _digits(short[1]) * 1000 + Decimal(short[2] or 0) * 100
    if "mil" not in written:
        return _sum(written)
    return _with_thousands(written)


def _with_thousands(written: str) -> Decimal:
    millions, has_millions, rest = _parted(written, r"milh(?:ao|oes)")
    thousands, has_thousands, units = _parted(rest, r"mil\b")
    total = _sum(millions) * 1_000_000 if has_millions else Decimal(0)
    if has_thousands:
        total += (_sum(thousands) or Decimal(1)) * 1000
    return total + _sum(units)


def _parted(written: str, word: str) -> tuple[str, bool, str]:
    """Before `word`, whether it is there, after it; everything is "after" when it is not."""
    found = re.search(word, written)
    return (written[: found.start()], True, written[found.end() :]) if found else ("", False, written)


def _sum(written: str) -> Decimal:
    if not re.search(r"[a-z]", written):
        return _digits(written) if written.strip() else Decimal(0)
    parts = [word for word in _WORD.findall(written) if word != "e"]
    return sum((Decimal(WORDS[word]) if word.isalpha() else _digits(word) for word in parts), Decimal(0))


def _digits(written: str) -> Decimal:
    """`1.870` is a thousand, `1.87` and `1,870` have decimals; with both signs the last one is the decimal one."""
    bare = written.replace(" ", "").strip(".,")
    groups = re.split(r"[.,]", bare)
    signs = set(re.findall(r"[.,]", bare))
    in_threes = all(len(group) == 3 for group in groups[1:])
    if len(groups) == 1 or (signs == {"."} and in_threes) or (signs == {","} and in_threes and len(groups) > 2):
        return Decimal("".join(groups))
    return Decimal("".join(groups[:-1]) + "." + groups[-1])
