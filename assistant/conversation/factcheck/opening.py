"""On which days the shop opens: "sábado até as 13h", "domingo é fechado", "dia 25 não abrimos", "abertos agora".

A day said to be open must be one on which the shop opens, and no holiday; one said to be closed the other way round.
Whether a day is said to be open or closed, the words of its own part of the sentence tell, else those around it.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading, plain

WORKS = r"(?:abr\w+|atend\w+|funcion\w+|trabalh\w+|est\w+ abert\w+|tem\w* (?:atendimento|expediente)|ha atendimento)"
SAYS = re.compile(
    rf"\b(?P<closed>nao (?:vamos |vai |iremos |ira |a gente )?{WORKS}|fechad[oa]s?|sem (?:atendimento|expediente)"
    r"|fech(?:a|amos|aremos|ado)(?! (?:\w+ )?(?:as|a[so]?|para|pra|pro|mais|meio)\b| \d)|closed|cerrado)\b"
    rf"|\b(?P<open>{WORKS}|abert[oa]s?|fech(?:a|amos|aremos)|open|abiertos?)\b|\b(?P<hours>\d{{1,2}}(?:h|:\d\d))"
)
APART = re.compile(r",|:|\be\b|\bmas\b|[()]|\band\b|\by\b")
ASIDE = re.compile(r"^\s*\([^()]*\)")
LUNCH = re.compile(r"\balmoc\w+|\blunch\b")
NO_BREAK = re.compile(
    r"\bnao (?:\w+ ){0,2}?(?:fech|par|interromp)\w+(?: \w+){0,3} almoco\b|\b(?:sem|nao (?:tem|temos|ha"
    r"|fazemos)) (?:\w+ ){0,2}"
    r"(?:pausa|parada|intervalo|fechar|parar|horario)(?: \w+){0,2} almoco\b|\b(?:direto|inclusive) (?:no"
    r"|na hora do) almoco\b"
)
NOW = (
    re.compile(r"\b(?:estamos|esta|ainda estamos|seguimos) (?P<what>abert|fechad)[oa]s? (?:agora|neste momento"
    r"|no momento)\b"),
    re.compile(r"\b(?:agora|no momento|neste momento)(?: (?:nos|a gente|ja|ainda))? (?:estamos"
    r"|esta) (?P<what>abert|fechad)\w+"),
    re.compile(r"\b(?:agora|no momento|neste momento) a (?:oficina|loja) (?:ja |ainda )?esta (?P<what>abert"
    r"|fechad)\w+"),
    re.compile(r"\b(?:ainda|ja) estamos (?P<what>abert|fechad)[oa]s\b"),
    re.compile(r"\bwe(?:'re| are) (?:currently |now )(?P<what>open|closed)\b|\bwe(?:'re| are) (?P<what2>open"
    r"|closed) (?:right )?now\b"),
)  # fmt: skip


@dataclass(frozen=True)
class OpenNowClaim(Claim):
    """The shop is open, or closed, at this moment."""

    kind: ClassVar[Kind] = Kind.TIME
    is_open: bool

    @property
    def key(self) -> Hashable:
        return self.is_open

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return evidence.shop and evidence.flags.get("open_now") is self.is_open

    def neutral(self, setting: Setting) -> bool:
        return setting.asks


@dataclass(frozen=True)
class NoBreakClaim(Claim):
    """The shop does not close for lunch."""

    kind: ClassVar[Kind] = Kind.TIME

    @property
    def key(self) -> Hashable:
        return NoBreakClaim

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return evidence.shop and bool(evidence.open_on) and "lunch_starts" not in evidence.fields


def find(reading: Reading) -> Iterator[OpenNowClaim | NoBreakClaim]:
    """Everything said of this moment and of lunch, which names no day and no time."""
    for pattern in NOW:
        for match in pattern.finditer(reading.plain):
            what = match["what"] or match["what2"]
            fragment = reading.text[match.start() : match.end()]
            yield OpenNowClaim(match.start(), match.end(), fragment, is_open=what in ("abert", "open"))
    for match in NO_BREAK.finditer(reading.plain):
        yield NoBreakClaim(match.start(), match.end(), reading.text[match.start() : match.end()])


def fits_weekdays(weekdays: frozenset[int], evidence: Evidence, setting: Setting) -> bool:
    """Whether the shop opens on all of these weekdays, or on none of them where they are said to be closed."""
    if not evidence.open_on:
        return weekdays <= evidence.weekdays
    return not weekdays & evidence.open_on if says_closed(setting) else weekdays <= evidence.open_on


def fits_day(day: date, evidence: Evidence, setting: Setting) -> bool:
    """The same for one day of the calendar."""
    holiday = any("holiday" in name for m in evidence.moments if m.first == day for name in m.path)
    return says_closed(setting) if holiday else fits_weekdays(frozenset({day.weekday()}), evidence, setting)


def says_closed(setting: Setting) -> bool:
    """Whether the day is said to be closed; a time beside it says that it is open."""
    own = APART.split(setting.before)[-1], APART.split(ASIDE.sub("", setting.after))[0]
    around = [*_said(own[0])[-1:], *_said(own[1])[:1]] or _said(setting.before)[-1:] or _said(setting.after)[:1]
    return bool(around) and all(each["closed"] for each in around)


def _said(text: str) -> list[re.Match[str]]:
    return [] if LUNCH.search(plain(text)) and not SAYS.search(text) else list(SAYS.finditer(text))
