"""The table from status and yard position to the stage a customer hears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.workshop.stages import CLOSED, Stage, stage_of


@pytest.mark.parametrize(
    ("status", "position", "stage"),
    [
        ("diagnostico", "entrada", Stage.DIAGNOSIS),
        ("Diagnóstico", None, Stage.DIAGNOSIS),
        ("orcamento", "entrada", Stage.QUOTING),
        ("orcamento", "aguardando_orcamento", Stage.QUOTING),
        ("orcamento", "aguardando_aprovacao", Stage.AWAITING_APPROVAL),
        ("aprovado", None, Stage.READY_TO_START),
        ("aprovado", "aguardando_pecas", Stage.AWAITING_PARTS),
        ("parcial", "em_execucao", Stage.IN_PROGRESS),
        ("aguardando_pecas", "entrada", Stage.AWAITING_PARTS),
        ("Aguardando Peça", None, Stage.AWAITING_PARTS),
        ("pronto_iniciar", None, Stage.READY_TO_START),
        ("Pronto p/ Iniciar", None, Stage.READY_TO_START),
        ("em_execucao", "entrada", Stage.IN_PROGRESS),
        ("em_andamento", None, Stage.IN_PROGRESS),
        ("EM EXECUÇÃO ", "aguardando_pecas", Stage.AWAITING_PARTS),
        ("concluido", "pronto", Stage.READY_FOR_PICKUP),
        ("concluido", "entregue", Stage.DELIVERED),
        ("pronto_retirada", "pronto", Stage.READY_FOR_PICKUP),
        ("entregue", "em_execucao", Stage.DELIVERED),
        ("recusado", "aguardando_aprovacao", Stage.REFUSED),
        ("cancelado", "em_execucao", Stage.CANCELLED),
        ("no lava-rápido", "pronto", Stage.READY_FOR_PICKUP),
        ("no lava-rápido", "lá fora", Stage.OTHER),
        (None, None, Stage.OTHER),
    ],
)
def test_status_and_position_give_the_stage(status: str | None, position: str | None, stage: Stage) -> None:
    assert stage_of(status, position) is stage


def test_three_stages_end_an_order() -> None:
    assert {stage for stage in Stage if not stage.is_open} == CLOSED == {"Entregue", "Recusado", "Cancelado"}


@given(st.text() | st.none(), st.text() | st.none())
def test_free_text_never_breaks_it(status: str | None, position: str | None) -> None:
    assert isinstance(stage_of(status, position), Stage)
