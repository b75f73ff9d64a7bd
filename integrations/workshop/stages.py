"""What an order's free-text status means to a customer: the one table from status and yard position to a stage.

The shop's application writes `status` and `posicao_patio` as plain text, so spelling varies and values nobody
foresaw turn up; those become `Stage.OTHER` and break nothing. Reading only: no database, no texts beyond the labels.
"""

import re
import unicodedata
from enum import StrEnum


class Stage(StrEnum):
    """A stage as customers know it; the value is the label they read."""

    DIAGNOSIS = "Diagnóstico"
    QUOTING = "Orçamento"
    AWAITING_APPROVAL = "Aguardando Aprovação"
    AWAITING_PARTS = "Aguardando Peças"
    READY_TO_START = "Pronto para Iniciar"
    IN_PROGRESS = "Em Execução"
    READY_FOR_PICKUP = "Pronto para Retirada"
    DELIVERED = "Entregue"
    REFUSED = "Recusado"
    CANCELLED = "Cancelado"
    OTHER = "Em Atendimento"

    @property
    def is_open(self) -> bool:
        """Whether the shop still has work or the car: False once delivered, refused or cancelled."""
        return self not in CLOSED


CLOSED = frozenset({Stage.DELIVERED, Stage.REFUSED, Stage.CANCELLED})

BY_STATUS = {
    "diagnostico": Stage.DIAGNOSIS,
    "orcamento": Stage.QUOTING,
    "aguardando_orcamento": Stage.QUOTING,
    "aguardando_aprovacao": Stage.AWAITING_APPROVAL,
    "aguard_aprovacao": Stage.AWAITING_APPROVAL,
    "aguardando_peca": Stage.AWAITING_PARTS,
    "aguardando_retirada": Stage.READY_FOR_PICKUP,
    "finalizado": Stage.READY_FOR_PICKUP,
    "aprovado": Stage.READY_TO_START,
    "parcial": Stage.READY_TO_START,
    "aguardando_pecas": Stage.AWAITING_PARTS,
    "aguard_pecas": Stage.AWAITING_PARTS,
    "pronto_iniciar": Stage.READY_TO_START,
    "pronto_para_iniciar": Stage.READY_TO_START,
    "pronto_p_iniciar": Stage.READY_TO_START,
    "em_execucao": Stage.IN_PROGRESS,
    "em_andamento": Stage.IN_PROGRESS,
    "concluido": Stage.READY_FOR_PICKUP,
    "pronto": Stage.READY_FOR_PICKUP,
    "pronto_retirada": Stage.READY_FOR_PICKUP,
    "pronto_para_retirada": Stage.READY_FOR_PICKUP,
    "pronto_p_retirada": Stage.READY_FOR_PICKUP,
    "entregue": Stage.DELIVERED,
    "recusado": Stage.REFUSED,
    "cancelado": Stage.CANCELLED,
}

BY_POSITION = {
    "entrada": Stage.DIAGNOSIS,
    "aguardando_orcamento": Stage.QUOTING,
    "aguardando_aprovacao": Stage.AWAITING_APPROVAL,
    "aguardando_pecas": Stage.AWAITING_PARTS,
    "em_execucao": Stage.IN_PROGRESS,
    "pronto": Stage.READY_FOR_PICKUP,
    "entregue": Stage.DELIVERED,
}

REFINED_BY_POSITION = {
    "orcamento": frozenset({Stage.AWAITING_APPROVAL}),
    "aprovado": frozenset({Stage.AWAITING_PARTS, Stage.IN_PROGRESS, Stage.READY_FOR_PICKUP, Stage.DELIVERED}),
    "parcial": frozenset({Stage.AWAITING_PARTS, Stage.IN_PROGRESS, Stage.READY_FOR_PICKUP, Stage.DELIVERED}),
    "em_andamento": frozenset({Stage.AWAITING_PARTS, Stage.READY_FOR_PICKUP, Stage.DELIVERED}),
    "em_execucao": frozenset({Stage.AWAITING_PARTS, Stage.READY_FOR_PICKUP, Stage.DELIVERED}),
    "concluido": frozenset({Stage.DELIVERED}),
}
"""Where the yard says more than the status: `orcamento` is written when an order is made and stays until approval."""


def stage_of(status: str | None, position: str | None) -> Stage:
    """The stage for a status and a yard position, both as people or the shop's application wrote them."""
    key = plain_key(status)
    from_status, from_position = BY_STATUS.get(key), BY_POSITION.get(plain_key(position))
    if from_status is None:
        return from_position or Stage.OTHER
    if from_position in REFINED_BY_POSITION.get(key, ()):
        return from_position or from_status
    return from_status


def plain_key(typed: str | None) -> str:
    """A key to compare free text by: `"Pronto p/ Retirada "` → `"pronto_p_retirada"`."""
    plain = unicodedata.normalize("NFKD", typed or "").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
