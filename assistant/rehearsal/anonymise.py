"""One conversation without the people in it: each name, phone, plate, OS number, document, e-mail becomes another one.

The same value becomes the same other value everywhere, so that what is said still fits together. Pure. What is no
number and no name that the shop knows (a street, the name of a neighbour) is not found: a person reads the result.
"""

import re
from collections.abc import Callable, Iterable

from assistant.conversation.embedded.slots import find_plates
from integrations.contact import normal_phone, normal_plate
from integrations.llm.privacy import CARD, DOCUMENT, EMAIL, LONG_DIGITS, PHONE, SHORT_PHONE

NAMES = ("Bruno Alves", "Clara Dias", "Davi Moura", "Elisa Prado", "Fábio Nunes", "Gisele Rosa", "Hugo Teles")
PLATE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3}[\s.-]{0,2}[0-9][A-Za-z0-9][0-9]{2}(?![A-Za-z0-9])")
OS_NUMBER = re.compile(r"\b(?:OS|os|Os)[-\s:nº°]{0,4}(\d{3,6})\b")
INTRODUCED = re.compile(
    r"(?i:\b(?:meu nome [ée]|me chamo|aqui [ée] (?:o|a)|sou (?:o|a)|falar com (?:o|a))\s+)([A-ZÀ-Ý][^\W\d_]+)"
)
START, END = "\ue000", "\ue001"
"""Around the place of a value until all are found: what was put in is not looked at again."""
Make = Callable[[int], str]


class Anonymiser:
    """What has become what; `text` may be called for any number of texts."""

    def __init__(self, people: Iterable[str | None] = (), orders: Iterable[str | None] = ()) -> None:
        self._became: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}
        for full_name in filter(None, people):
            self._learn(full_name)
        self._orders = [re.escape(number) for number in filter(None, orders)]

    def name(self, full_name: str | None) -> str | None:
        """A person's other name."""
        if not full_name:
            return None
        self._learn(full_name)
        return " ".join(self._names.get(word.lower(), word) for word in full_name.split())

    def phone(self, phone: str | None) -> str | None:
        """Another phone of the same country."""
        normal = normal_phone(phone)
        if normal is None:
            return None
        start = "+55 11 9" if normal.startswith("55") else f"+{normal[:2]} 6"
        return self._other("phone", normal, lambda count: f"{start}0000-{count:04d}")

    def plate(self, plate: str | None) -> str | None:
        key = normal_plate(plate)
        return self._other("plate", key, lambda count: f"ZZZ{count % 10}Z{count:02d}") if key else plate

    def order(self, number: str | None) -> str | None:
        digits = re.sub(r"\D", "", number or "")
        return self._other("order", digits, lambda count: f"OS-{9000 + count}") if digits else number

    def text(self, text: str | None) -> str:
        """A text without the people in it."""
        found: list[str] = []

        def keep(value: str) -> str:
            found.append(value)
            return f"{START}{len(found) - 1}{END}"

        left = self._numbers(text or "", keep)
        for match in INTRODUCED.finditer(left):
            self._learn(match[1])
        for word, other in self._names.items():
            left = keep(other).join(re.split(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", left))
        return re.sub(rf"{START}(\d+){END}", lambda match: found[int(match[1])], left)

    def _numbers(self, text: str, keep: Callable[[str], str]) -> str:
        """Everything but names, the longest kinds first."""
        text = EMAIL.sub(lambda m: keep(self._other("mail", m[0].lower(), lambda n: f"pessoa{n}@example.com")), text)
        for number in self._orders:
            text = re.sub(rf"(?<!\w){number}(?!\w)", lambda m: keep(self.order(m[0]) or ""), text)
        text = OS_NUMBER.sub(lambda m: keep(self.order(m[1]) or ""), text)
        for pattern in (CARD, DOCUMENT):
            text = pattern.sub(lambda m: keep(re.sub(r"\w", "0", m[0])), text)
        for pattern in (PHONE, SHORT_PHONE):
            text = pattern.sub(lambda m: keep(self.phone(m[0]) or re.sub(r"\d", "0", m[0])), text)
        text = LONG_DIGITS.sub(lambda m: keep(re.sub(r"\d", "0", m[0])), text)
        return PLATE.sub(lambda m: keep(self.plate(m[0]) or "") if find_plates(m[0]) else m[0], text)

    def _learn(self, full_name: str) -> None:
        """Give a person another name, word by word."""
        words = [word for word in re.findall(r"[^\W\d_]+", full_name) if len(word) > 2]
        if not words or words[0].lower() in self._names:
            return
        other = NAMES[len(self._became_names()) % len(NAMES)].split()
        for place, word in enumerate(words):
            self._names.setdefault(word.lower(), other[min(place, 1)])

    def _became_names(self) -> set[str]:
        return {other for other in self._names.values() if other in {name.split()[0] for name in NAMES}}

    def _other(self, kind: str, value: str, make: Make) -> str:
        count = sum(known == kind for known, _ in self._became) + 1
        return self._became.setdefault((kind, value), make(count))
