"""What names one thing exactly: OS numbers, plates, and addresses (phone, e-mail, link, pix key, document).

They hold only when a source has the same, whatever the punctuation.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading
from assistant.conversation.factcheck.vehicles import MODELS
from assistant.conversation.factcheck.vocabulary import either, words
from integrations.contact import normal_phone, normal_plate

ORDER = re.compile(
    r"(?:\bo\.?s\.?\s*(?:n(?:umero|ro|r|o|\.)?\.?\s*)?[-:#]?\s*#?"
    r"|\bordem(?:\s+de\s+servico)?\s*(?:n(?:umero|ro|o)?\.?\s*)?[-:#]?\s*|#\s*)(?P<number>\d+(?:-\d+)*)\b(?![/,:%]\d|h)"
)
PLATE = re.compile(r"(?<!\w)(?P<letters>[a-z]{3})(?P<gap>[-\s.]?)(?P<rest>\d[a-z\d]\d{2})(?!\w)")
CALLED_PLATE = re.compile(r"\bplacas?(?:\s+d\w{1,3}(?:\s+\w+)?)?(?:\s+(?:e|era))?\W*$")
NO_PLATE = {
    *MODELS,
    *words(
        "ate por dos das ano dia mil aos nos nas com sem que sao uns pra ref cep tel rua foi seg ter qua qui sex sab"
    ),
    *words("jan fev mar abr mai jun jul ago set out nov dez"),
}
"""Three letters that may stand before four digits without being a plate, unless they are called one."""
YEAR = re.compile(r"(?:19[5-9]|20[0-3])\d")
PLATE_END = re.compile(r"\b(?:de |com )?final (?:da placa )?(?P<end>\d{2})(?!\w|[.,/:-]\w)")
_DOMAINS = either(*words("com net org br io me app link ly info store shop site online dev co gl to cc xyz"))
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+"
    rf"|(?<![\w@.-])(?:[a-z0-9-]+\.)+{_DOMAINS}\b(?:/[^\s<>\"']*)?"
)
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*")
RANDOM_KEY = re.compile(r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b")
DIGITS = re.compile(r"(?<![\w,.])\+?\(?\d(?:[\d().\s/-]{5,20})\d(?![\w%])")


@dataclass(frozen=True)
class OrderClaim(Claim):
    """A service order by its number."""

    kind: ClassVar[Kind] = Kind.ORDER
    number: str

    @property
    def key(self) -> Hashable:
        return self.number

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.number in evidence.orders

    def teach(self, evidence: Evidence) -> None:
        evidence.orders.add(self.number)


@dataclass(frozen=True)
class PlateClaim(Claim):
    """A plate, compared in the form under which old and Mercosul plates are one."""

    kind: ClassVar[Kind] = Kind.PLATE
    plate: str

    @property
    def key(self) -> Hashable:
        return self.plate

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.plate in evidence.plates

    def teach(self, evidence: Evidence) -> None:
        evidence.plates.add(self.plate)


@dataclass(frozen=True)
class PlateEndClaim(Claim):
    """A plate by its last two digits: "o de final 16"."""

    kind: ClassVar[Kind] = Kind.PLATE
    end_digits: str

    @property
    def key(self) -> Hashable:
        return self.end_digits

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return any(plate.endswith(self.end_digits) for plate in evidence.plates)


@dataclass(frozen=True)
class ContactClaim(Claim):
    """A phone number, e-mail, link, pix key or document number."""

    kind: ClassVar[Kind] = Kind.CONTACT
    address: str

    @property
    def key(self) -> Hashable:
        return self.address

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return evidence.shop and self.address in evidence.contacts

    def teach(self, evidence: Evidence) -> None:
        evidence.contacts.add(self.address)


def order_key(number: str) -> str:
    """`OS-0871`, `871` and `os 871` are one."""
    return "-".join(group.lstrip("0") or "0" for group in re.findall(r"\d+", number))


def find_orders(reading: Reading) -> Iterator[OrderClaim]:
    """Every OS number in `reading`; "os 3 carros" is an article and a count."""
    for match in ORDER.finditer(reading.plain):
        fragment = reading.text[match.start() : match.end()]
        article = re.match(r"os?\s", fragment) and len(match["number"]) < 3
        if not article:
            yield OrderClaim(match.start(), match.end(), fragment, order_key(match["number"]))


def find_plates(reading: Reading) -> Iterator[PlateClaim | PlateEndClaim]:
    """Every plate in `reading`; with a space, "ate 1800" and "das 7h30" are none unless they are called so."""
    for match in PLATE_END.finditer(reading.plain):
        yield PlateEndClaim(*match.span(), reading.text[match.start() : match.end()], match["end"])
    for match in PLATE.finditer(reading.plain):
        written = reading.text[match.start() : match.end()]
        called = CALLED_PLATE.search(reading.plain, 0, match.start()) is not None
        in_brackets = reading.plain.endswith("(", 0, match.start())
        if match["gap"] and YEAR.fullmatch(match["rest"]) and not (called or in_brackets):
            continue
        like_a_time = re.fullmatch(r"\dh[0-5]\d", match["rest"])
        loose = match["gap"] not in ("", "-") and bool(match["rest"].isdigit() or like_a_time)
        plate = normal_plate(written)
        sure = not loose or (written[:3].isupper() and match["letters"] not in NO_PLATE)
        if plate and (sure or called):
            yield PlateClaim(match.start(), match.end(), written, plate)


def find_links(reading: Reading) -> Iterator[ContactClaim]:
    """Every e-mail, link and random pix key in `reading`."""
    spans: list[tuple[int, int]] = []
    for pattern in (EMAIL, LINK, RANDOM_KEY):
        for match in pattern.finditer(reading.without(spans).plain):
            spans.append(match.span())
            fragment = reading.text[match.start() : match.end()].rstrip(".,;:!?)")
            yield ContactClaim(match.start(), match.start() + len(fragment), fragment, address_key(fragment))


def find_digits(reading: Reading) -> Iterator[ContactClaim]:
    """Every long group of digits in `reading`: phones, CPF, CNPJ, CEP, card numbers."""
    for match in DIGITS.finditer(reading.plain):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= 8 and not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", match.group()):
            fragment = reading.text[match.start() : match.end()]
            yield ContactClaim(match.start(), match.end(), fragment, address_key(fragment))


def address_key(written: str) -> str:
    """One form for each address: a phone with country code, digits without signs, a link without its scheme."""
    if re.fullmatch(r"[\d\s().+/-]+", written):
        return normal_phone(written) or re.sub(r"\D", "", written)
    return re.sub(r"^https?://|^www\.", "", re.sub(r"^https?://", "", written.lower())).rstrip("/")
