"""An amount in reais as typed into a field, or as a program sent it.

A comma is the decimal sign and a point groups thousands, as Brazilians write; a point with one or two digits behind it
is a decimal point all the same (`1234.56` comes from programs and phones), and with three it groups (`1.234`). What can
be read in two ways, such as `1,234`, is a problem and no amount.
"""

import re
from decimal import Decimal

from integrations.workshop.normal.reading import Problem, Read

BRAZILIAN = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d{1,2})?")
ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}")
PROGRAM = re.compile(r"\d+\.(?:\d|\d{2})")
AROUND = re.compile(r"^(?:r\$|rs|brl)?\s*|\s*(?:reais|real|,-)?$", re.IGNORECASE)
THOUSANDS = re.compile(r"(.+?)\s*(?:mil|k)", re.IGNORECASE)
CENT = Decimal("0.01")
TOO_LARGE = Decimal(10) ** 10
"""The shop's columns are numeric(12,2)."""


def read_money(typed: str | int | float | Decimal | None) -> Read[Decimal]:
    """`"R$ 1.234,56"`, `"1234.56"`, `1234.56` → `Decimal("1234.56")`; `"1,5 mil"` → `Decimal("1500.00")`."""
    if typed is None or isinstance(typed, bool):
        return Read.failed(Problem.EMPTY if typed is None else Problem.MONEY_FORM)
    if isinstance(typed, str):
        return _read_text(typed)
    return _checked(typed if isinstance(typed, Decimal) else Decimal(str(typed)))


def _read_text(typed: str) -> Read[Decimal]:
    text = typed.replace("\xa0", " ").strip()
    if not text:
        return Read.failed(Problem.EMPTY)
    negative = text.startswith(("-", "−"))
    bare = AROUND.sub("", text.lstrip("-−").strip())
    if bare.startswith(("-", "−")):
        negative, bare = True, bare[1:].strip()
    factor = 1
    if short := THOUSANDS.fullmatch(bare):
        factor, bare = 1000, short[1]
    amount = _number(bare)
    if amount is None:
        return Read.failed(Problem.MONEY_FORM)
    return Read.failed(Problem.MONEY_NEGATIVE) if negative else _checked(amount * factor)


def _number(text: str) -> Decimal | None:
    if not text.isascii():
        return None
    if BRAZILIAN.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if ENGLISH.fullmatch(text) or PROGRAM.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return None


def _checked(amount: Decimal) -> Read[Decimal]:
    if not amount.is_finite():
        return Read.failed(Problem.MONEY_FORM)
    if amount < 0:
        return Read.failed(Problem.MONEY_NEGATIVE)
    if amount >= TOO_LARGE:
        return Read.failed(Problem.MONEY_TOO_LARGE)
    whole = amount.quantize(CENT)
    return Read(whole) if whole == amount else Read.failed(Problem.MONEY_FORM)
