"""Which of the account's own stages probably means what, by their names. Suggests only; a person decides. No I/O."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from integrations.kommo.labels import label_key
from integrations.kommo.mapping.choices import StageRef
from integrations.kommo.mapping.meanings import INCOMING, LOST, WON, Meaning
from integrations.kommo.schemas import Pipeline, Stage

CLOSE_ENOUGH = 85
"""Of 100, for each word: takes a slip of the pen, not "reprovado" for "aprovado" (82)."""

FILLING = frozenset({"a", "o", "em", "de", "do", "da", "p", "para", "pra"})
"""Words that make no other name; a "não" does, as any word more or less."""

ABBREVIATED = 4
"""Letters from which on the beginning of a word stands for it ("Aguard. Peças")."""

NAMES: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.QUALIFIED: ("Orçamento Aprovado", "Lead Qualificado", "Qualificado", "Aprovado pelo cliente"),
    Meaning.DIAGNOSIS: ("Diagnóstico", "Em Diagnóstico", "Aguardando Diagnóstico"),
    Meaning.QUOTING: ("Orçamento", "Em Orçamento", "Aguardando Orçamento", "Fazendo Orçamento"),
    Meaning.AWAITING_APPROVAL: ("Aguardando Aprovação", "Aguard. Aprovação", "Orçamento Enviado"),
    Meaning.AWAITING_PARTS: ("Aguardando Peças", "Aguard. Peças", "Esperando Peças"),
    Meaning.READY_TO_START: ("Pronto para Iniciar", "Pronto p/ Iniciar", "Aprovado", "Orçamento Aprovado"),
    Meaning.IN_PROGRESS: ("Em Execução", "Execução", "Em Andamento", "Em Serviço"),
    Meaning.READY_FOR_PICKUP: ("Pronto para Retirada", "Pronto p/ Retirada", "Aguardando Retirada", "Pronto"),
    Meaning.DELIVERED: ("Entregue", "Veículo Entregue"),
    Meaning.REFUSED: ("Orçamento Recusado", "Recusado"),
    Meaning.CANCELLED: ("Cancelado",),
}
"""What shops call their stages, the likeliest name first."""

CLOSING = {Meaning.DELIVERED: WON, Meaning.REFUSED: LOST, Meaning.CANCELLED: LOST}
"""Stages that every pipeline has: taken where the shop has none of its own for it."""


def suggest_mapping(pipelines: Sequence[Pipeline]) -> dict[Meaning, StageRef]:
    """Stages by meaning, all of one pipeline: the one with the most matches, the main one of equals."""
    live = [pipeline for pipeline in pipelines if not pipeline.is_archive]
    best = max(live, key=lambda pipeline: (len(_by_name(pipeline)), pipeline.is_main), default=None)
    if best is None:
        return {}
    found = _by_name(best)
    closing = {stage.id for stage in best.stages} & {WON, LOST}
    found |= {m: stage_id for m, stage_id in CLOSING.items() if m not in found and stage_id in closing}
    return {meaning: StageRef(best.id, found[meaning]) for meaning in Meaning if meaning in found}


def _by_name(pipeline: Pipeline) -> dict[Meaning, int]:
    stages = [stage for stage in pipeline.stages if stage.type != INCOMING and stage.id not in (WON, LOST)]
    matches = {meaning: _closest(stages, names) for meaning, names in NAMES.items()}
    return {meaning: stage.id for meaning, stage in matches.items() if stage is not None}


def _closest(stages: Sequence[Stage], names: Sequence[str]) -> Stage | None:
    """The stage closest to the likeliest name that any stage is close to."""
    for name in names:
        scored = [(_closeness(name, stage.name), stage) for stage in stages]
        score, stage = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if score >= CLOSE_ENOUGH:
            return stage
    return None


def _closeness(name: str, other: str) -> float:
    """How close the least close words of two names are, 0 to 100; 0 when one has a word more."""
    words, others = _words(name), _words(other)
    if len(words) != len(others):
        return 0.0
    return min((_word_closeness(*pair) for pair in zip(words, others, strict=True)), default=0.0)


def _word_closeness(word: str, other: str) -> float:
    shorter, longer = sorted((word, other), key=len)
    return 100.0 if len(shorter) >= ABBREVIATED and longer.startswith(shorter) else fuzz.ratio(word, other)


def _words(name: str) -> list[str]:
    return [word for word in label_key(name).split() if word not in FILLING]
