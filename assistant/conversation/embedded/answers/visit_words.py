"""Days and times of visits in sentences: what the customer wants, which offered slot they mean, and the list itself.

Pure. A list is read back from our own last message, so `read_list` reads what `numbered` writes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from assistant.conversation.embedded.clock import find_time
from assistant.conversation.embedded.moments import (
    DATE,
    MONTH_NAMES,
    MONTHS,
    DateKind,
    DateMention,
    find_dates,
    resolve_date,
)
from assistant.conversation.embedded.slots import find_ordinal
from assistant.conversation.embedded.text import spelled_out
from assistant.tools.booking import visit_words
from integrations.settings import SHOP_ZONE
from integrations.workshop.slots import DayPart, Wanted

MOMENT = re.compile(r"\b(\d{2})/(\d{2})/(\d{4}), às (\d{1,2})h(\d{2})?")
LINE = re.compile(r"^\d\. (?P<entry>.+)$", re.MULTILINE)
BARE = re.compile(
    r"\W*(?:(?:pode ser|quero|fico com|prefiro|vou de) )?(?:o |a |opcao |numero |n )*([1-9])\W*(?:por favor)?\W*"
)
SECOND = re.compile(
    r"\bsegunda (?:opcao|alternativa|data)\b|^\W*(?:(?:pode ser|quero|prefiro|fico com|vou de) )?a segunda\W*"
    r"(?:mesmo|entao|por favor)?\W*$"
)
"""The second of a list; "na segunda" and "segunda" are Monday."""
HOUR = re.compile(
    r"\b(?:d?as|pras|pelas|umas|o das) (?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2}))?\b(?!/| (?:vezes|dias|semanas|pecas))"
    r"|^\W*(?:(?:entao|pode ser|quero|prefiro) )*(?:[aà]s )?(?P<bare>[7-9]|1\d)\W*$"
)
"""An hour by its number alone: no list of ours has seven entries."""
MORNING = re.compile(
    r"\b(?:d[ea]|pela|na|parte da) (?:manha|matina)\b|\bcedo\b|\bcedinho\b|\bantes do almoco\b|\bprimeira hora\b|"
    r"\bassim que abr\w+"
)
AFTERNOON = re.compile(
    r"\b(?:d[ea]|a|na|pela|pra|parte da) (?:tarde|tardinha|tardezinha)\b|\bmais (?:pra |para a )?tarde\b|"
    r"\btard(?:e|i)(?:zi)?nha\b|\b(?:depois|apos|pos) (?:do |o )?almoco\b|\b(?:fi(?:m|nal)) (?:da tarde|do dia|"
    r"de tarde)\b"
)
PART_OF_DAY = re.compile(f"{MORNING.pattern}|{AFTERNOON.pattern}")
ANY = re.compile(
    r"\b(?:qualquer (?:um|uma|horario|dia|desses?)|tanto faz|(?:o|a) (?:mais cedo|primeir[oa] (?:que tiver|"
    r"horario|vaga))|"
    r"o que (?:for melhor|vier primeiro)|pode escolher|(?:voces? )?escolh\w+)\b"
)
OTHERS = re.compile(
    r"\bnenhum\w*|\boutr[oa]s? (?:dia|hora|data|opc)\w*|\bnao (?:posso|consigo|da|serve|tem como|rola|vai dar)\b"
)
DENIES = re.compile(r"\bnao (?:\w+ )?(?:posso|consigo|da|serve|tem como|rola|vai dar|quero)\b")
CLAUSE_END = re.compile(r"[,.;!?\n]+|\bmas\b|\bso (?:se for )?(?=d[ea] |na |no |em )")
INSTEAD_OF = re.compile(r"\b(?:em vez|ao inves|no lugar) d[aeo]s? ?")
"""Before the day that is given up: "sexta em vez de amanhã"."""
IN_MONTH = re.compile(rf"\b(?:em|(?:comec\w+|inicio) d[eo](?: mes de)?) (?P<month>{MONTH_NAMES})\b")
FIRST_OF_AFTERNOON = 7
"""An hour before it is one of the afternoon: "às 2"."""


def numbered(moments: Sequence[datetime]) -> str:
    """The slots as a list to be answered by number."""
    return "\n".join(f"{place}. {visit_words(at)}" for place, at in enumerate(moments, start=1))


def read_list(text: str) -> list[datetime]:
    """The moments of the numbered list in one of our messages."""
    found = (moment_in(line["entry"]) for line in LINE.finditer(text))
    return [at for at in found if at is not None]


def moment_in(text: str) -> datetime | None:
    """The first moment that one of our messages names, in the form of `visit_words`."""
    match = MOMENT.search(text)
    if match is None:
        return None
    day, month, year, hour, minute = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, tzinfo=SHOP_ZONE)


def chosen(text: str, offered: Sequence[datetime], wanted: Wanted) -> datetime | None:
    """Which of the offered moments a message takes: by number, by position, or because only one of them fits."""
    place = place_in(text)
    if place is not None and (wanted.at is None or place < len(offered)):
        return offered[place] if -1 <= place < len(offered) and offered else None
    if ANY.search(spelled_out(text)) and offered:
        return offered[0]
    if wanted == Wanted():
        return None
    fitting = [at for at in offered if wanted.allows(at) and wanted.at in (None, at.time())]
    return fitting[0] if len(fitting) == 1 else None


def what_suits(text: str) -> str:
    """Without what does not suit: "amanhã não rola, pode ser sexta?" wants Friday. All of it when no more is said."""
    clauses = CLAUSE_END.split(_without_what_it_replaces(text))
    kept = " , ".join(clause for clause in clauses if not DENIES.search(spelled_out(clause)))
    return kept if find_dates(kept) or find_time(kept) or PART_OF_DAY.search(spelled_out(kept)) else text


def _without_what_it_replaces(text: str) -> str:
    """Without "em vez de amanhã": that day is no wish. The text as it is where nothing is replaced."""
    words = spelled_out(text)
    match = INSTEAD_OF.search(words)
    given_up = DATE.match(words, match.end()) if match else None
    return f"{words[: match.start()]} {words[given_up.end() :]}" if match and given_up else text


def wanted_in(text: str, today: date) -> Wanted:
    """When somebody wants to come; of several days the last one."""
    text = what_suits(text)
    words = spelled_out(text)
    mentions, days = find_dates(text), days_in(text, today)
    day, from_day = (days[-1] if days else None), _first_of_span(mentions, words, today)
    if day is not None and from_day is not None and any(mention.weekday is not None for mention in mentions):
        day, from_day = from_day + timedelta(days=(day.weekday() - from_day.weekday()) % 7), None
    part = DayPart.MORNING if MORNING.search(words) else DayPart.AFTERNOON if AFTERNOON.search(words) else None
    return Wanted(day, None if day else from_day, part, _hour(text, part))


def days_in(text: str, today: date) -> list[date]:
    """Every day that is named, in order."""
    return [found for mention in find_dates(text) if (found := resolve_date(mention, today)) is not None]


def in_next_week(wanted: Wanted, text: str, earlier: Sequence[str], today: date) -> Wanted:
    """A bare weekday belongs to next week when that is the week somebody spoke of before."""
    mentions = find_dates(text)
    if wanted.day is None or any(mention.kind is not DateKind.WEEKDAY for mention in mentions):
        return wanted
    spoken = [mention.text for line in earlier for mention in find_dates(line)]
    if "semana que vem" not in spoken:
        return wanted
    return replace(wanted, day=today + timedelta(days=7 - today.weekday() + wanted.day.weekday()))


def takes_or_wants(text: str, today: date) -> bool:
    """Whether a message picks from a list of slots, or says when instead."""
    words = spelled_out(text)
    says = wanted_in(text, today) != Wanted() or ANY.search(words) or OTHERS.search(words)
    return place_in(text) is not None or bool(says)


def place_in(text: str) -> int | None:
    """The position in a list, from 0; -1 is the last."""
    words = spelled_out(text)
    if match := BARE.fullmatch(words):
        return int(match[1]) - 1
    if SECOND.search(words):
        return 1
    ordinal = find_ordinal(text)
    return None if ordinal is None else ordinal if ordinal < 0 else ordinal - 1


def _hour(text: str, part: DayPart | None) -> time | None:
    at = find_time(text)
    if at is None:
        match = HOUR.search(spelled_out(text))
        if match is None or int(match["hour"] or match["bare"]) > 23:
            return None
        at = time(int(match["hour"] or match["bare"]), int(match["minute"] or 0))
    late = at.hour < FIRST_OF_AFTERNOON or (part is DayPart.AFTERNOON and at.hour < 12)
    return at.replace(hour=(at.hour + 12) % 24) if late and part is not DayPart.MORNING else at


def _first_of_span(mentions: Sequence[DateMention], words: str, today: date) -> date | None:
    """The first day of "semana que vem", "mês que vem", "fim de semana" and "começo de dezembro"."""
    spans = {
        "semana que vem": today + timedelta(days=7 - today.weekday()),
        "mes que vem": (today.replace(day=1) + timedelta(days=32)).replace(day=1),
        "fim de semana": today + timedelta(days=(5 - today.weekday()) % 7),
    }
    if (named := IN_MONTH.search(words)) is not None:
        month = MONTHS.index(named["month"][:3]) + 1
        return date(today.year + (month < today.month), month, 1)
    relative = (mention.text for mention in mentions if mention.kind is DateKind.RELATIVE)
    return next((spans[text] for text in relative if text in spans), None)
