"""The shop itself: where it is, when it is open, how to reach it, what it does. From the shop's profile only."""

import re
from collections.abc import Sequence
from itertools import groupby

from assistant.conversation.embedded.answers.offers import ASK_PERSON
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated, lower_first
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.lexicon import family_of
from assistant.conversation.embedded.slots import plain
from assistant.tools.shop import DayHours, ShopInfo
from integrations.brazil import clock, day, relative_moment, weekday

PLACE = re.compile(
    r"\b(?:onde|endereco|local\w*|fica[mr]?|rua|avenida|bairro|chego|chegar|mapa|maps|waze|gps|cep|perto|estacion\w*|"
    r"unidades?|filia\w*)\b"
)
HOURS = re.compile(
    r"\b(?:horarios?|que horas|abre[mr]?|abert[oa]s?|fecha[mr]?|fechad[oa]s?|funciona\w*|expediente|almoco|feriados?|"
    r"sabados?|domingos?|hoje|amanha|ate que|atendem ate|plantao|emenda)\b"
)
SUNDAY = re.compile(r"\bdomingos?\b")
PHONE = re.compile(r"\b(?:telefone|numero|ligar|fone|contato|fixo|whatsapp)\b")
SERVICE = re.compile(
    r"\b(?:faz|fazem|faco|trabalham?|mexem?|atendem?|servicos?|troca\w*|consert\w*|arruma\w*|tem como fazer|realizam|"
    r"oferecem|instalam?)\b"
)
STEM = 5
"""Letters of a word that must agree for a service to be meant: "freios" and "freio", "remapear" and "remap"."""
COMMON = frozenset(
    {"troca", "servico", "servicos", "sobre", "voces", "fazem", "carro", "carros", "trabalha", "trabalham", "mexem"}
    | {"atendem", "quanto", "qual", "horario"}
)


async def shop(talk: Talk) -> Part:
    """What was asked about the shop; address and hours when it is not clear what."""
    info, text = await talk.shop(), talk.text
    place, hours, phone = (bool(pattern.search(text)) for pattern in (PLACE, HOURS, PHONE))
    paragraphs: list[str] = []
    if matched := _services(info, text):
        paragraphs.append(_we_do(talk, matched))
    elif SERVICE.search(text) and not (place or hours or phone):
        if talk.answers(Intent.NOVO_ORCAMENTO):
            return Part()
        paragraphs.append(_not_listed(talk, info))
    if place or not (hours or phone or paragraphs):
        paragraphs.append(_address(talk, info))
    if hours or not (place or phone or paragraphs) or (place and not phone and not paragraphs[:-1]):
        paragraphs.append(_hours(talk, info))
    if phone and info.phone:
        paragraphs.append(f"Nosso telefone é {info.phone}.")
    return Part("\n\n".join(paragraph for paragraph in paragraphs if paragraph) or _nothing_known())


def hours_in_short(info: ShopInfo) -> str:
    """`de segunda a sexta, das 8h às 18h; sábado, das 8h às 12h`; empty when the shop has not told its hours."""
    spans = [
        (f"das {clock(hours.opens)} às {clock(hours.closes)}", hours)
        for hours in info.hours
        if hours.opens and hours.closes
    ]
    grouped = ((span, [hours for _, hours in days]) for span, days in groupby(spans, key=lambda entry: entry[0]))
    return "; ".join(f"{_days(days)}, {span}" for span, days in grouped)


def _days(days: Sequence[DayHours]) -> str:
    first, last = _short(days[0].weekday), _short(days[-1].weekday)
    return first if len(days) == 1 else f"de {first} a {last}"


def _short(name: str) -> str:
    return name.removesuffix("-feira")


def _hours(talk: Talk, info: ShopInfo) -> str:
    hours = hours_in_short(info)
    if not hours:
        return _nothing_known()
    lunch = (
        f" Fechamos para o almoço das {clock(info.lunch_starts)} às {clock(info.lunch_ends)}."
        if info.lunch_starts and info.lunch_ends
        else ""
    )
    opening = talk.voice.say(f"Nosso horário é {hours}.", f"A gente atende {hours}.")
    sunday = " Domingo não abrimos." if SUNDAY.search(talk.text) and _closed_on(info, "domingo") else ""
    return f"{opening}{sunday}{lunch} {_right_now(talk, info)}{_holidays(info)}".strip()


def _closed_on(info: ShopInfo, weekday_name: str) -> bool:
    return any(hours.weekday == weekday_name and hours.opens is None for hours in info.hours)


def _right_now(talk: Talk, info: ShopInfo) -> str:
    if info.open_now and info.closes_at:
        return f"Estamos abertos agora, até as {clock(info.closes_at)}."
    if info.next_opening is None:
        return ""
    why = "Agora é horário de almoço. Voltamos" if info.at_lunch else "Agora estamos fechados e abrimos"
    return f"{why} {relative_moment(info.next_opening, talk.request.now)}."


def _holidays(info: ShopInfo) -> str:
    """The next holidays, at most two."""
    listed = [f"{weekday(holiday.on)}, {day(holiday.on)} ({holiday.name})" for holiday in info.holidays[:2]]
    return f" Não abrimos no feriado de {enumerated(listed)}." if listed else ""


def _address(talk: Talk, info: ShopInfo) -> str:
    if info.units:
        return "\n".join(f"{unit.name}: {unit.address}" for unit in info.units if unit.address)
    if not info.address:
        return ""
    return talk.voice.say(f"Estamos na {info.address}.", f"Nosso endereço é {info.address}.")


def _services(info: ShopInfo, text: str) -> list[str]:
    """The services of the list that share a word with the text."""
    asked = {word[:STEM] for word in re.findall(r"[a-z]{4,}", text) if word not in COMMON}
    return [
        name
        for name in info.services
        if asked & {word[:STEM] for word in re.findall(r"[a-z]{4,}", plain(name)) if word not in COMMON}
    ]


def _we_do(talk: Talk, matched: Sequence[str]) -> str:
    listed = enumerated([lower_first(name) for name in matched])
    return talk.voice.say(f"Fazemos, sim: {listed}.", f"Sim, a gente faz: {listed}.") + (
        " Se quiser um orçamento, me diz o carro e o que está acontecendo."
    )


def _not_listed(talk: Talk, info: ShopInfo) -> str:
    makes = talk.understood.model_words or "marca" in map(family_of, talk.text.split())
    if not info.services or makes:
        return _nothing_known()
    listed = enumerated([lower_first(name) for name in info.services])
    return f"Não encontrei esse serviço na nossa lista, que tem {listed}. {ASK_PERSON}"


def _nothing_known() -> str:
    return f"Essa informação eu não tenho aqui, mas a equipe confirma para você. {ASK_PERSON}"
