"""What leads elsewhere: links, pix keys, e-mails, phone and document numbers, written plainly or in disguise.

The plain forms are those that the fact check finds (`factcheck/identifiers.py`); here are the disguises, and the
question whether an address is one of the shop's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from assistant.conversation.factcheck.claim import Claim
from assistant.conversation.factcheck.dates import DateClaim
from assistant.conversation.factcheck.identifiers import (
    EMAIL,
    RANDOM_KEY,
    ContactClaim,
    OrderClaim,
    address_key,
)
from assistant.conversation.factcheck.money import AmountClaim
from assistant.conversation.factcheck.numbers import SPELLED_DIGITS
from assistant.conversation.factcheck.reading import MASK, Reading
from assistant.conversation.factcheck.times import TimeClaim
from assistant.conversation.outgoing.kinds import Forbidden, Objection
from integrations.llm.privacy import DOCUMENT

_TOP = (
    "com|net|org|br|io|app|link|ly|info|store|shop|site|online|dev|co|gl|cc|xyz|biz|top|club|live|click|vip|ru|cn|tk|ml|"
    "gq|cf|tv|gg|gov|edu|mov|zip|pix|bank"
)
_DOT = r"(?:\s*[\[({<]\s*(?:\.|ponto|dot|punto)\s*[\])}>]\s*|\s+(?:ponto|dot|punto)\s+)"
DISGUISED_LINKS = (
    re.compile(r"\bh\s?[tx*]\s?[tx*]\s?p\s?s?\s*(?:[:\[(]|\s*/\s*/)\S*"),
    re.compile(r"\b[a-z][a-z0-9+.-]{1,15}:\s?/\s?/\s?\S+"),
    re.compile(r"\b(?:javascript|data|tel|mailto|sms|whatsapp|intent)\s?:\s?\S+"),
    re.compile(rf"[\w-]+{_DOT}(?:{_TOP})\b(?!\s+[a-z])\S*"),
    re.compile(rf"[\w-]+{_DOT}(?:{_TOP}){_DOT}(?:{_TOP})\b\S*"),
    re.compile(rf"[\w-]+{_DOT}(?:{_TOP})\s*(?:/|barra\b|slash\b)\s*\S*"),
    re.compile(r"\b[a-z0-9-]{2,}(?:\s\.\s?|\.\s)(?:com|net|org|info|site|app|xyz)(?:\s?\.\s?br)?\b(?!\s+[a-z])"),
    re.compile(rf"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_TOP})\b(?:[/?#:][^\s<>\"']*)?"),
    re.compile(r"\bw\s?w\s?w\s?[.\[( ]\s?\w+"),
    re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])\S*"),
    re.compile(r"\bxn--[\w-]+"),
    re.compile(r"\b(?:bit|goo|tinyurl|wa|t)\s?(?:\.|,|ponto)\s?(?:ly|gl|me|com)\b\S*"),
)
"""For the plain form of a text."""
DISGUISED_EMAIL = re.compile(
    r"[\w.+-]+\s*(?:[\[({<]\s*(?:arroba|at|@)\s*[\])}>]|\s(?:arroba|@)\s?|\sat\s(?=\w+\s?(?:\.|dot|ponto)))\s*[\w.-]+"
)
COPY_AND_PASTE = re.compile(r"0002\s?01\s?[\d]{2}\S*|br\.gov\.bcb\.pix\S*")
"""A payment code, as EMV begins it and as the Banco Central names it."""
BROKEN_KEY = re.compile(r"\b[0-9a-f]{8}(?:[\s-]{1,3}[0-9a-f]{4}){3}[\s-]{1,3}[0-9a-f]{12}\b")
LONG_NUMBER = re.compile(rf"(?<!\w)\d(?:[^\w\n,{MASK}]{{0,3}}\d){{9,}}(?!\w)")
"""Ten digits or more, whatever stands between them."""
SHORT_NUMBER = re.compile(r"(?<![\w,.])9?\s?\d{4}[\s._*·/-]{1,3}\d{4}(?![\w,])")
SPELLED_NUMBER = re.compile(rf"(?<!\w)(?:(?:{'|'.join(SPELLED_DIGITS)})[\s,.-]+){{7,}}(?:{'|'.join(SPELLED_DIGITS)})\b")
EXPLAINED = (DateClaim, TimeClaim, AmountClaim, OrderClaim)


@dataclass(frozen=True)
class Own:
    """The addresses that the shop gives to its customers."""

    hosts: frozenset[str] = frozenset()
    """Where links may lead, subdomains included."""
    pix_key: str | None = None
    contacts: frozenset[str] = field(default_factory=frozenset)
    """Phones, e-mails and numbers of the shop's own profile, by `address_key`."""

    def gives(self, written: str) -> bool:
        """Whether this phone, number, e-mail or key is the shop's."""
        keys = {address_key(self.pix_key)} if self.pix_key else set()
        return address_key(written) in self.contacts | keys

    def leads_to(self, link: str) -> bool:
        """Whether the link's host is one of the shop's."""
        whole = link if re.match(r"https?://", link) else f"https://{link}"
        try:
            parts = urlsplit(whole)
            host, port = (parts.hostname or "").rstrip(".").removeprefix("www."), parts.port
        except ValueError:
            return False
        return (
            "@" not in parts.netloc
            and port is None
            and any(host == own or host.endswith(f".{own}") for own in self.hosts)
        )


def find_addresses(reading: Reading, claims: Sequence[Claim], own: Own) -> Iterator[Objection]:
    """Every address that is not the shop's; `claims` are what the fact check's finders see in the text."""
    contacts = [claim for claim in claims if isinstance(claim, ContactClaim)]
    for claim in contacts:
        yield from _plain(claim.fragment, own)
    explained = [(claim.start, claim.end) for claim in claims if isinstance(claim, EXPLAINED)]
    allowed = [(claim.start, claim.end) for claim in contacts if _allowed(claim.fragment, own)]
    yield from _disguised(reading, reading.without(allowed), reading.without([*allowed, *explained]), own)


def own_contacts(claims: Sequence[Claim]) -> frozenset[str]:
    """What may be told of a text of the shop's profile: its numbers and e-mails; links have their own list."""
    found = [claim.fragment for claim in claims if isinstance(claim, ContactClaim)]
    return frozenset(address_key(each) for each in found if _kind(each) is not Forbidden.LINK)


def _plain(written: str, own: Own) -> Iterator[Objection]:
    if not _allowed(written, own):
        yield Objection(_kind(written), written)


def _allowed(written: str, own: Own) -> bool:
    return own.gives(written) or (_kind(written) is Forbidden.LINK and own.leads_to(written.lower()))


def _kind(written: str) -> Forbidden:
    plain = written.lower()
    if EMAIL.fullmatch(plain):
        return Forbidden.EMAIL
    if RANDOM_KEY.fullmatch(plain):
        return Forbidden.PIX_KEY
    return Forbidden.NUMBER if re.fullmatch(r"[\d\s().+/-]+", plain) else Forbidden.LINK


def _disguised(reading: Reading, rest: Reading, numbers: Reading, own: Own) -> Iterator[Objection]:
    """What no finder of the fact check knows as an address."""
    for pattern in DISGUISED_LINKS:
        for match in pattern.finditer(rest.plain):
            if not own.leads_to(match.group().rstrip(".,;:!?)")):
                yield Objection(Forbidden.LINK, reading.text[match.start() : match.end()])
    for kind, pattern, searched in (
        (Forbidden.EMAIL, DISGUISED_EMAIL, rest),
        (Forbidden.PIX_KEY, COPY_AND_PASTE, rest),
        (Forbidden.PIX_KEY, BROKEN_KEY, rest),
        (Forbidden.NUMBER, DOCUMENT, numbers),
        (Forbidden.NUMBER, LONG_NUMBER, numbers),
        (Forbidden.NUMBER, SHORT_NUMBER, numbers),
        (Forbidden.NUMBER, SPELLED_NUMBER, numbers),
    ):
        for match in pattern.finditer(searched.plain):
            written = reading.text[match.start() : match.end()]
            if not own.gives(written):
                yield Objection(kind, written)
