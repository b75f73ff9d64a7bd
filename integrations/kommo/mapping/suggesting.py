"""Which of the account's own stages probably means what, by their names. Suggests only; a person decides. No I/O."""

from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

from integrations.kommo.labels import label_key
from integrations.kommo.mapping.choices import StageRef
from integrations.kommo.mapping.meanings import INCOMING, LOST, WON, Meaning
from integrations.kommo.schemas import Pipeline, Stage

SLIPS = 1
"""Slips of the pen that a word may have; "qualificação" is two from "qualificado", "reprovado" from "aprovado"."""

SHORT = 5
"""Words of fewer letters must be right: with a slip they are other words."""

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
        near = [(slips, stage) for stage in stages if (slips := _slips(name, stage.name)) is not None]
        if near:
            return min(near, key=lambda pair: pair[0])[1]
    return None


def _slips(name: str, other: str) -> int | None:
    """How many slips two names are apart; None when they are different names."""
    words, others = _words(name), _words(other)
    if not words or len(words) != len(others):
        return None
    counted = [_word_slips(*pair) for pair in zip(words, others, strict=True)]
    return None if max(counted) > SLIPS else sum(counted)


def _word_slips(word: str, other: str) -> int:
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) >= ABBREVIATED and longer.startswith(shorter):
        return 0
    return OSA.distance(word, other) if len(shorter) >= SHORT or word == other else SLIPS + 1


def _words(name: str) -> list[str]:
    return [word for word in label_key(name).split() if word not in FILLING]
