"""Facts are found whatever the wording, and only where they are; pass^k is the chance to pass k times in a row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from assistant.rehearsal.dialogue import CustomerStep
from assistant.rehearsal.judge import Bounds, Failure, Reason, judge
from assistant.rehearsal.play import Played
from assistant.rehearsal.score import Trialled, pass_k, quantile, score
from assistant.rehearsal.words import holds

NOTHING = Bounds((), ())


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("Está na etapa de *Diagnóstico*.", "diagnostico"),
        ("São R$\xa03.450,00 no total", "R$ 3.450,00"),
        ("o total\né R$ 10,00.", "total é R$ 10,00"),
        ("amanhã às 17h", "17h"),
        ("placa ABC1D23, ok", "ABC1D23"),
        ("ainda não há previsão", "/nao (ha|tem) previsao/"),
        ("um consultor", ["equipe", "consultor"]),
    ],
)
def test_a_fact_is_found(reply: str, fact: str | Sequence[str]) -> None:
    assert holds(reply, fact)


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("R$ 3.450,00", "R$ 450,00"),
        ("R$ 3.450,00", "450"),
        ("R$ 3.450,00", "R$ 3"),
        ("OS-1044", "OS-104"),
        ("às 17h30", "7h"),
        ("despronto", "pronto"),
    ],
)
def test_a_fact_is_not_found_in_another(reply: str, fact: str) -> None:
    assert not holds(reply, fact)


def reasons(reply: str, before: str = "", typed: str = "", bounds: Bounds = NOTHING, **step: Any) -> list[Reason]:
    asked = CustomerStep.model_validate({"customer": "oi", **step})
    return [failure.reason for failure in judge(1, asked, reply, before, typed, bounds)]


CASES: Mapping[str, tuple[list[Reason], list[Reason]]] = {
    "nothing": (reasons(""), [Reason.NO_REPLY]),
    "silent": (reasons("", silent=True), []),
    "not silent": (reasons("Oi", silent=True), [Reason.NOT_SILENT]),
    "may be": (reasons("", may_be_silent=True), []),
    "right": (reasons("Seu Gol está pronto", says=["Gol", "pronto"], never=["A3"]), []),
    "missing": (reasons("Oi", says=["Gol"]), [Reason.MISSING_FACT]),
    "forbidden": (reasons("Oi, Gol", never=["Gol"]), [Reason.FORBIDDEN_FACT]),
    "forbidden everywhere": (reasons("Oi, Gol", bounds=Bounds(["Gol"], ())), [Reason.FORBIDDEN_FACT]),
    "of another": (reasons("QWE4R56 pronto", bounds=Bounds((), ["QWE4R56"])), [Reason.OTHER_CUSTOMER]),
    "typed before": (reasons("não achei QWE4R56", typed="e o QWE4R56?", bounds=Bounds((), ["QWE4R56"])), []),
    "again": (reasons("*Oi*, tudo bem?", before="oi, tudo bem?"), [Reason.REPEATED]),
    "twice": (reasons("- O total é R$ 3.450,00\n• O total é R$ 3.450,00"), [Reason.REPEATED]),
    "markdown": (reasons("**Gol**"), [Reason.MARKDOWN]),
}


@pytest.mark.parametrize(("found", "expected"), CASES.values(), ids=CASES)
def test_what_is_wrong_with_a_reply(found: list[Reason], expected: list[Reason]) -> None:
    assert found == expected


def played(*, passes: bool, seconds: float = 0.1) -> Played:
    failures = [] if passes else [Failure(Reason.MISSING_FACT, 1, "Gol", "Oi")]
    return Played(failures, ["Oi"], turns=1, prompt_tokens=10, answered_by={"model": 1}, seconds=[seconds])


def test_pass_k_is_estimated_without_bias() -> None:
    plays = {"one": [played(passes=passes) for passes in (True, True, False, True)], "two": [played(passes=True)] * 4}
    assert [pass_k(plays, k) for k in (1, 2, 3, 4)] == [0.875, 0.75, 0.625, 0.5]
    assert pass_k({}, 1) == 0.0


def test_the_score_names_what_failed_and_adds_up_the_rest() -> None:
    plays = {"one": [played(passes=True), played(passes=False, seconds=3.0)]}
    figures = score(Trialled("model", "gpt", 2, plays, {"two": "needs booking"}))
    assert (figures["pass^1"], figures["pass^2"]) == (0.5, 0.0)
    assert figures["failures_by_reason"] == {"missing_fact": 1}
    (failure,) = figures["failures"]
    assert failure == {
        "dialogue": "one", "trial": 2, "step": 1, "reason": "missing_fact", "expected": "Gol", "said": "Oi",
    }  # fmt: skip
    assert (figures["turns"], figures["tokens"]["prompt"], figures["answered_by"]) == (2, 20, {"model": 2})
    assert figures["latency_seconds"] == {"p50": 0.1, "p99": 3.0}
    assert figures["skipped"] == {"two": "needs booking"}
    assert quantile([], 0.5) is None
