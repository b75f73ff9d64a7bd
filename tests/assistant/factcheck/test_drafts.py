"""Whole drafts as an attendant or a model would write them: the right ones pass, the wrong ones do not."""

from collections.abc import Sequence

import pytest

from assistant.conversation.factcheck import as_instruction, check
from assistant.tools.toolbox import Result
from tests.assistant.factcheck import shop

Sources = Sequence[Result]

RIGHT: list[tuple[Sources, str]] = [
    (shop.JOAO, "João, o seu VW Gol (ABC1D23) está na etapa de *Diagnóstico* desde ontem."),
    (
        shop.JOAO,
        "Oi, João! Seu Gol entrou ontem com barulho na suspensão dianteira e está em diagnóstico. "
        "Assim que tiver novidade, avisamos por aqui.",
    ),
    (shop.JOAO, "A última visita do Gol foi há 14 meses, em 23/09/2025 (OS-0871): R$ 780,00, já pagos."),
    (
        shop.JOAO,
        "Você tem 2 ordens: a OS-1042, em Diagnóstico, e a OS-0871, entregue em 23 de setembro de 2025.",
    ),
    (shop.JOAO, "Seu Gol 2019 está em diagnóstico. Ainda não tenho previsão de quando fica pronto."),
    (shop.JOAO, "Seu Gol ainda não está pronto: está na etapa de Diagnóstico."),
    (
        shop.MARIA,
        "Maria, o Audi A3 (QWE4R56) está pronto para retirada. O total ficou em R$ 1.870,00; "
        "R$ 1.000,00 já foram pagos e faltam R$ 870,00.",
    ),
    (
        shop.MARIA,
        "Seu A3 está pronto! Falta só oitocentos e setenta reais. "
        "Já o Polo (RTY7U89) foi entregue há 7 meses, em 20/04/2026.",
    ),
    (
        shop.MARIA,
        "*Audi A3* — OS-1043\nEtapa: Pronto para Retirada\nEm aberto: R$ 870,00\n\n"
        "*VW Polo* — OS-1031\nEtapa: Entregue\nEntregue em 20/04/2026",
    ),
    (
        shop.CARLOS,
        "O orçamento da OS-1044 (VW Jetta) foi enviado ontem e soma R$ 3.450,00:\n• Kit de embreagem: R$ 2.100,00\n"
        "• Mão de obra: R$ 900,00\n• Óleo do câmbio: R$ 450,00\n\nQuer aprovar ou prefere falar com um consultor?",
    ),
    (
        shop.CARLOS,
        "O orçamento do seu Jetta ficou em três mil quatrocentos e cinquenta reais e foi enviado há 26 horas. "
        "Estamos aguardando a sua aprovação.",
    ),
    (shop.ANA, "Ana, o T-Cross (JKL8M90) está em execução e a previsão de entrega é amanhã (24/11) às 17h."),
    (shop.ANA, "Seu T-Cross deve ficar pronto amanhã, terça-feira, às 5 da tarde."),
    (shop.ANA, "Previsão: terça-feira, 24 de novembro, 17h."),
    (
        shop.PAULO,
        "Paulo, o Voyage (placa JQK-9832) está aguardando peças: a bomba de combustível chega em 3 dias (26/11).",
    ),
    (shop.PAULO, "O seu VW Voyage 2012 aguarda uma peça, a bomba de combustível, prevista para quinta-feira."),
    (
        shop.SHOP,
        "Nosso horário: segunda a sexta, das 8h às 18h, e sábado, das 8h às 12h. Domingo é fechado. "
        "Almoço das 12h às 13h. Estamos abertos agora, até as 18h.",
    ),
    (
        shop.SHOP,
        "Ficamos na Rua das Oficinas, 123 - São Paulo/SP. O telefone é (11) 3333-4444. "
        "Aceitamos pix, cartão em até 3 vezes, dinheiro e boleto.",
    ),
    (shop.SHOP, "A garantia dos nossos serviços é de 90 dias."),
    (shop.SHOP, "Hoje estamos abertos até as 18h. No dia 25/12 (Natal) não abrimos."),
    (
        shop.MARIA_PAYS,
        "Do A3 (OS-1043): total de R$ 1.870,00, pago R$ 1.000,00 por pix em 21/11/2026, em aberto R$ 870,00. "
        "A chave pix é pix@doctorautoprime.com.br.",
    ),
    (
        shop.MARIA_HISTORY,
        "A garantia de 90 dias do Polo (OS-1031) foi até 19/07/2026, então o serviço já está fora da garantia.",
    ),
    (shop.GOL_IN_DETAIL, "Seu Gol passou pelo diagnóstico ontem e agora está em execução: troca das bieletas."),
    ([], "Oi! Sou o assistente virtual da Doctor Auto Prime. Como posso ajudar hoje?"),
    (
        [],
        "Não encontrei nenhuma ordem de serviço no seu cadastro. "
        "Pode me dizer o seu nome, o modelo do carro e o que está acontecendo?",
    ),
    ([], "Sobre desconto, quem pode conversar com você é um consultor. Vou passar para ele, tudo bem?"),
    ([], "Por favor, me diga três coisas: 1) seu nome; 2) placa ou modelo; 3) o problema."),
    ([], "Pronto, já avisei a equipe. Um consultor vai te responder em breve. Boa tarde!"),
    ([], "Só um minuto, por favor. Mil desculpas pela demora! Até amanhã!"),
]

WRONG: list[tuple[Sources, str]] = [
    (shop.JOAO, "Seu Gol está em execução."),
    (shop.JOAO, "Sobre o seu Gol está pronto para retirada."),
    (shop.JOAO, "Seu Gol fica pronto amanhã."),
    (shop.JOAO, "Seu Gol vai ficar pronto logo."),
    (shop.JOAO, "Deve custar uns mil e oitocentos."),
    (shop.JOAO, "Fica R$ 780,00 o serviço da OS-1042."),
    (shop.JOAO, "Seu Gol está em Diagnóstico e o total é R$ 780,00."),
    (shop.JOAO, "Seu Gol 2020 está em diagnóstico."),
    (shop.MARIA, "O Polo ficou em R$ 1.870,00."),
    (shop.MARIA, "O A3 foi entregue em 20/04/2026."),
    (shop.MARIA, "Seu Audi A3 (RTY7U89) está pronto."),
    (shop.MARIA, "A OS-1031 (Audi A3) está pronta para retirada."),
    (shop.MARIA, "O total do A3 é R$ 1.800,00."),
    (shop.MARIA, "O total do A3 é R$ 1.87\u200b1,00."),
    (shop.MARIA, "Faltam R$ 1.000,00 do A3."),
    (shop.MARIA, "Você já pagou R$ 870,00 do A3."),
    (shop.MARIA, "O A3 e o Polo estão prontos para retirada."),
    (shop.MARIA, "A OS-1044 está pronta para retirada."),
    (shop.MARIA, "O A3 ainda não está pronto."),
    (shop.CARLOS, "O kit de embreagem fica em R$ 900,00 e a mão de obra em R$ 2.100,00."),
    (shop.CARLOS, "Consigo um desconto de 10% no Jetta."),
    (shop.CARLOS, "Dá para parcelar em 12x."),
    (shop.CARLOS, "Fica 3.450 em 10 vezes."),
    (shop.CARLOS, "O orçamento do Jetta é de 3,5 mil."),
    (shop.CARLOS, "O orçamento foi enviado hoje."),
    (shop.CARLOS, "Orçamento aprovado com sucesso!"),
    (shop.CARLOS, "Já agendei a sua visita."),
    (shop.CARLOS, "Sai por US$ 3.450,00."),
    (shop.ANA, "O T-Cross fica pronto hoje às 17h."),
    (shop.ANA, "O T-Cross fica pronto amanhã às 16h."),
    (shop.ANA, "O T-Cross fica pronto amanhã de manhã."),
    (shop.ANA, "O T-Cross fica pronto semana que vem."),
    (shop.PAULO, "O Voyage fica pronto em 3 dias."),
    (shop.PAULO, "A bomba chega em 2 dias."),
    (shop.SHOP, "Abrimos às 7h."),
    (shop.SHOP, "Sábado até as 18h."),
    (shop.SHOP, "Garantia de 6 meses."),
    (shop.SHOP, "A garantia é de 1 ano."),
    (shop.SHOP, "Me liga no (11) 98888-7777"),
    (shop.SHOP, "Seu carro fica pronto na sexta."),
    (shop.MARIA_PAYS, "A chave pix é outro@golpe.com."),
    (shop.MARIA_PAYS, "Pague em https://golpe.com/pix"),
    (shop.MARIA_HISTORY, "O serviço ainda está na garantia."),
    (shop.MARIA_HISTORY, "Entregamos o Polo há 3 meses."),
    (shop.GOL_IN_DETAIL, "Seu Gol está em diagnóstico."),
    (shop.GOL_IN_DETAIL, "O conserto do Gol fica em R$ 100,00."),
    ([], "A revisão custa a partir de 500 reais."),
    ([], "Diagnóstico sem custo!"),
    ([], "Seu carro está pronto."),
    ([], "Seu carro fica em um oito sete zero."),
    ([], "Fica mil."),
    ([], "A OS-1042 é sua."),
    ([], "Vi aqui a placa abc 1d23."),
    ([], "Seu Corolla chegou."),
    ([], "Garanto que dá certo."),
    ([], "Em até 2 horas te retornamos."),
]


@pytest.mark.parametrize(("sources", "draft"), RIGHT)
def test_what_the_sources_say_may_be_said(sources: Sources, draft: str) -> None:
    assert check(draft, sources, now=shop.NOW) == []


@pytest.mark.parametrize(("sources", "draft"), WRONG)
def test_what_no_source_says_is_refused(sources: Sources, draft: str) -> None:
    assert check(draft, sources, now=shop.NOW) != []


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
