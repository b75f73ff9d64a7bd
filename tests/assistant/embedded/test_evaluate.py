"""The figures of the evaluation, on cases whose outcome is certain."""

import json

import pytest
from pydantic import ValidationError

from assistant.conversation.embedded.evaluate import evaluate
from assistant.conversation.embedded.understanding import Understander

LINES = [
    '{"text": "sair", "intents": ["opt_out"], "plate": null}',
    '{"text": "cadê o ABC1D23?", "intents": ["previsao_entrega", "status_os"], "plate": "ABC1D23"}',
    "",
    '{"text": "cadê meu carro?", "intents": ["pagamento"], "plate": "ABC1D23"}',
    '{"text": "when will my car be ready?", "intents": ["fora_de_escopo"]}',
]


def test_figures(understander: Understander) -> None:
    figures = evaluate(LINES[:4], understander)
    assert figures["seconds"] is not None
    assert {name: value for name, value in figures.items() if name != "seconds"} == {
        "cases": 3,
        "intent_accuracy": 0.6667,
        "coverage": 1.0,
        "accuracy_when_sure": 0.6667,
        "plate_accuracy": 0.6667,
        "per_intent": {
            "status_os": {"precision": 0.5, "recall": 1.0, "n": 1},
            "pagamento": {"precision": 0.0, "recall": 0.0, "n": 1},
            "opt_out": {"precision": 1.0, "recall": 1.0, "n": 1},
        },
    }
    json.dumps(figures)


def test_coverage_leaves_out_the_unsure(understander: Understander) -> None:
    assert evaluate(LINES, understander)["coverage"] == 0.75


def test_no_cases(understander: Understander) -> None:
    assert evaluate([], understander)["intent_accuracy"] == 0.0


def test_an_unknown_intent_is_refused(understander: Understander) -> None:
    with pytest.raises(ValidationError):
        evaluate(['{"text": "oi", "intents": ["cumprimento"]}'], understander)
