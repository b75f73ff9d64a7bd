"""Right drafts with one fact made wrong, also swapped with another order's: every one is refused."""

import re
from collections.abc import Iterator, Sequence

import pytest

from assistant.conversation.factcheck import check
from assistant.tools.toolbox import Result
from tests.assistant.factcheck.drafts import told
from tests.assistant.factcheck.shop import NOW

WRONG_FACTS: dict[str, tuple[str, ...]] = {
    r"R\$ [\d.]+,\d\d": ("R$ 1.870,00", "R$ 870,00", "R$ 3.450,00", "R$ 780,00", "R$ 2.100,00", "R$ 99,90"),
    r"\b[A-Z]{3}\d[A-Z]\d\d\b": ("ABC1D23", "QWE4R56", "RTY7U89", "GHI5J67", "ZZZ9Z99"),
    r"\bOS-\d{4}\b": ("OS-1042", "OS-1043", "OS-1031", "OS-1044", "OS-0871", "OS-9999"),
    r"\b\d\d/\d\d/\d{4}\b": ("23/11/2026", "24/11/2026", "20/04/2025", "31/12/2026"),
    r"\b(?:ontem|amanhã)\b": ("anteontem", "amanhã", "ontem", "depois de amanhã", "na sexta"),
    r"\b\d+ (?:dias|meses|horas)\b": ("5 dias", "2 meses", "30 dias", "80 horas", "2 anos"),
    r"(?<=etapa de \*)Diagnóstico|(?<=Etapa: )(?:Pronto para Retirada|Entregue)": ("Em Execução", "Aguardando Peças"),
    r"\b(?:em execução|aguardando peças)\b": ("em execução", "pronto para retirada", "aguardando peças"),
    r"\b1[78]h\b": ("16h", "9h30", "20h"),
}


def mutations() -> Iterator[tuple[Sequence[Result], str, str]]:
    """Each right draft with each of its facts replaced by each wrong one, and the fact that was there."""
    for case in told("right"):
        sources, draft = case.sources, case.draft
        for pattern, wrong in WRONG_FACTS.items():
            for found in re.finditer(pattern, draft):
                for other in wrong:
                    if other != found.group():
                        yield sources, draft[: found.start()] + other + draft[found.end() :], found.group()


MUTATIONS = list(mutations())


def test_there_are_enough_of_them() -> None:
    assert len(MUTATIONS) >= 200


@pytest.mark.parametrize(("sources", "draft", "was"), MUTATIONS, ids=range(len(MUTATIONS)))
def test_one_wrong_fact_is_enough(sources: Sequence[Result], draft: str, was: str) -> None:
    assert check(draft, sources, now=NOW), f"{was} → {draft}"
