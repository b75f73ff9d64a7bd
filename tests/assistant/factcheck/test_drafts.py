"""Whole drafts as an attendant or a model would write them: the right ones pass, the wrong ones do not.

`right.jsonl` and `wrong.jsonl` are the place for every draft that the check ever misjudged in use.
"""

import pytest

from assistant.conversation.factcheck import as_instruction, check
from tests.assistant.factcheck import shop
from tests.assistant.factcheck.drafts import Told, told


@pytest.mark.parametrize("case", told("right"), ids=str)
def test_what_the_sources_say_may_be_said(case: Told) -> None:
    assert check(case.draft, case.sources, now=shop.NOW) == []


@pytest.mark.parametrize("case", told("wrong"), ids=str)
def test_what_no_source_says_is_refused(case: Told) -> None:
    assert check(case.draft, case.sources, now=shop.NOW) != []


def test_a_complaint_names_the_order_that_the_amount_is_of() -> None:
    (complaint,) = check("O Polo ficou em R$ 1.870,00.", shop.MARIA, now=shop.NOW)
    assert complaint.fragment == "R$ 1.870,00"
    assert "OS-1043" in complaint.explanation
    assert complaint.explanation in as_instruction([complaint])


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("Não encontrei a placa XYZ9Z99 no seu cadastro.", "cadê o xyz9z99?"),
        ("Não localizei a OS-2000 entre as suas ordens.", "e a os 2000"),
        ("Anotei: você quer trazer o carro amanhã às 10h. Um consultor vai confirmar.", "posso levar amanhã às 10h?"),
        ("É um Corolla, certo?", "tenho um corolla"),
        ("Entendi, o seu Corolla está com barulho.", "meu corolla ta com barulho"),
        ("Você disse R$ 500,00, é isso?", "me falaram 500 reais"),
    ],
)
def test_the_customers_own_words_may_be_asked_back(draft: str, said: str) -> None:
    assert check(draft, [], customer_said=said, now=shop.NOW) == []
    assert check(draft, [], now=shop.NOW) != []


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("O carro da placa QWE4R56 está pronto.", "meu carro é o QWE4R56, está pronto?"),
        ("A OS-1043 está pronta.", "a OS-1043 está pronta?"),
        ("Sim, fica em R$ 500,00.", "fica em R$ 500,00?"),
        ("Fechado, posso confirmar por R$ 500,00?", "faz por 500 reais"),
        ("Combinado, está agendado para amanhã às 10h.", "posso levar amanhã às 10h?"),
        ("Seu carro fica pronto amanhã.", "fica pronto amanhã?"),
    ],
)
def test_the_customers_own_words_are_no_facts(draft: str, said: str) -> None:
    assert check(draft, [], customer_said=said, now=shop.NOW) != []


def test_what_the_profile_says_may_be_said() -> None:
    profile = ["Diagnóstico sem custo na primeira visita", "Troca de óleo a partir de R$ 250,00", "pix@oficina.com.br"]
    draft = "O diagnóstico é sem custo e a troca de óleo sai a partir de R$ 250,00. A chave é pix@oficina.com.br."
    assert check(draft, [], profile=profile, now=shop.NOW) == []
    assert check(draft, [], now=shop.NOW) != []


def test_words_of_a_record_may_be_quoted_but_set_no_price() -> None:
    assert (
        check("O diagnóstico diz: bieleta com folga, trocar em até 5.000 km.", shop.GOL_IN_DETAIL, now=shop.NOW) == []
    )
    assert check("Fazemos por R$ 100,00.", shop.GOL_IN_DETAIL, now=shop.NOW) != []


def test_nobody_but_the_customer_is_addressed() -> None:
    draft = "Oi, Renata! Como posso ajudar?"
    assert check(draft, [], customer="Marta Lima", now=shop.NOW) != []
    assert check(draft, [], customer="Renata Lima", now=shop.NOW) == []
    assert check(draft, [], customer="Marta", customer_said="aqui é a renata, filha dela", now=shop.NOW) == []
    assert check(draft, [], customer=None, now=shop.NOW) == []


def test_a_draft_full_of_wrong_facts_is_given_up_early() -> None:
    assert 1 < len(check("Fica R$ 123,45. " * 200, shop.MARIA, now=shop.NOW)) < 50
