"""Urgency and origin as typed into a field: the labels in Kommo, and what people write for them.

For single words and short notes of a field. What a whole message says is read on the assistant's floor.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from rapidfuzz.distance import OSA

from integrations.contact import folded_name
from integrations.workshop.normal.reading import Problem, Read


class Urgency(StrEnum):
    """How soon the car is needed; the values are the labels in Kommo."""

    HIGH = "Alta"
    MEDIUM = "Média"
    LOW = "Baixa"


class Origin(StrEnum):
    """Where they heard of the shop; the values are the labels in Kommo."""

    WHATSAPP = "WhatsApp"
    INSTAGRAM = "Instagram"
    GOOGLE = "Google"
    REFERRAL = "Indicação"


LOW_FIRST = re.compile(r"\b(?:nao|sem|nada|pouc[ao]|nenhum[ao]?)\b")
"""`não é urgente`, `sem pressa`: a word of haste behind a denial."""

URGENCIES: Mapping[str, Urgency] = {
    **dict.fromkeys(
        ("alta", "alto", "altissima", "urgente", "urgencia", "urgentissimo", "maxima", "critica", "emergencia"),
        Urgency.HIGH,
    ),
    **dict.fromkeys(("imediato", "imediata", "hoje", "agora", "pressa", "prioridade", "high"), Urgency.HIGH),
    **dict.fromkeys(("media", "medio", "moderada", "normal", "regular", "semana", "medium"), Urgency.MEDIUM),
    **dict.fromkeys(("baixa", "baixo", "minima", "tranquilo", "tranquila", "calma", "esperar", "low"), Urgency.LOW),
}
ORIGINS: Mapping[str, Origin] = {
    **dict.fromkeys(("whatsapp", "whats", "whatsap", "wpp", "wp", "zap", "zapzap", "waba"), Origin.WHATSAPP),
    **dict.fromkeys(("instagram", "insta", "ig", "reels", "stories", "direct"), Origin.INSTAGRAM),
    **dict.fromkeys(("google", "googlead", "googleads", "adwords", "maps", "pesquisa", "busca"), Origin.GOOGLE),
    **dict.fromkeys(
        ("indicacao", "indicado", "indicada", "indicou", "indicaram", "recomendacao", "recomendou"), Origin.REFERRAL
    ),
    **dict.fromkeys(("amigo", "amiga", "conhecido", "parente", "vizinho", "referral"), Origin.REFERRAL),
}
SHORTEST_GUESSED = 5
"""Letters below which one letter off is another word (`alta`, `alto`)."""

Choice = TypeVar("Choice", Urgency, Origin)


def read_urgency(typed: str | None) -> Read[Urgency]:
    """`"urgente!!"` → Alta, `"media"` → Média, `"sem pressa"` → Baixa."""
    words = folded_name(typed)
    if not (typed or "").strip():
        return Read.failed(Problem.EMPTY)
    found = _found(words, URGENCIES)
    if found is Urgency.HIGH and LOW_FIRST.search(words):
        return Read(Urgency.LOW)
    return Read(found) if found is not None else Read.failed(Problem.URGENCY_UNKNOWN)


def read_origin(typed: str | None) -> Read[Origin]:
    """`"insta"` → Instagram, `"indicação de um amigo"` → Indicação."""
    if not (typed or "").strip():
        return Read.failed(Problem.EMPTY)
    found = _found(folded_name(typed), ORIGINS)
    return Read(found) if found is not None else Read.failed(Problem.ORIGIN_UNKNOWN)


def _found(words: str, known: Mapping[str, Choice]) -> Choice | None:
    """What the words name, one letter off allowed in long ones; nothing when they name two."""
    exact = {known[word] for word in words.split() if word in known}
    named = exact or {
        choice
        for word in words.split()
        if len(word) >= SHORTEST_GUESSED
        for name, choice in known.items()
        if len(name) >= SHORTEST_GUESSED and OSA.distance(word, name, score_cutoff=1) <= 1
    }
    return named.pop() if len(named) == 1 else None
