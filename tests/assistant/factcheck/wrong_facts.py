"""Drafts with exactly one wrong fact, made from the demo shop's answers: a sentence, its true fact, and false ones.

Deterministic: the same seed gives the same drafts. Every sentence is right with its true fact, so that it is the false
one that is refused.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.assistant.factcheck.shop import in_words

SEED = 20261123
EACH = 9
"""False facts tried for a sentence."""


@dataclass(frozen=True)
class Fact:
    """A sentence with a gap, what belongs there, and a maker of what does not."""

    kind: str
    sources: str
    sentence: str
    true: str
    false: Callable[[random.Random], str]


@dataclass(frozen=True)
class Wrong:
    """One draft with one wrong fact."""

    kind: str
    sources: str
    draft: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.draft[:60]}"


def one_of(*wrong: str) -> Callable[[random.Random], str]:
    return lambda chance: chance.choice(wrong)


def reais(chance: random.Random) -> str:
    return f"R$ {chance.randint(1, 9)}.{chance.randint(100, 999)},{chance.choice(('00', '50', '90'))}"


def spelled(chance: random.Random) -> str:
    return f"{in_words(chance.randint(101, 9990))} reais"


def day(chance: random.Random) -> str:
    return f"{chance.randint(1, 28):02d}/{chance.choice(('02', '05', '08'))}/{chance.choice((2025, 2026, 2027))}"


def spoken_day(chance: random.Random) -> str:
    return f"{chance.randint(1, 28)} de {chance.choice(('fevereiro', 'maio', 'agosto'))}"


def plate(chance: random.Random) -> str:
    letters = "".join(chance.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(3))
    return f"{letters}{chance.randint(0, 9)}{chance.choice('ABCDEFGHIJ')}{chance.randint(10, 99)}"


def order_number(chance: random.Random) -> str:
    return f"OS-{chance.randint(1100, 9999)}"


def percent(chance: random.Random) -> str:
    return f"{chance.randint(3, 60)}%"


def instalments(chance: random.Random) -> str:
    return chance.choice((f"{chance.randint(4, 18)}x", f"{in_words(chance.randint(4, 12))} vezes", "12 parcelas"))


def clock(chance: random.Random) -> str:
    return chance.choice(("8h30", "9h", "10h", "11h15", "14h", "15h45", "16h", "19h", "20h30"))


def length(chance: random.Random) -> str:
    return chance.choice(("30 dias", "45 dias", "6 meses", "um ano", "120 dias", "180 dias", "2 anos", "15 dias"))


CARS = one_of("Jetta", "T-Cross", "Voyage", "Corolla", "Golf", "Onix")
NOT_DIAGNOSIS = one_of("em execução", "pronto para retirada", "aguardando peças", "pronto para iniciar", "entregue")
NOT_RUNNING = one_of("em diagnóstico", "pronto para retirada", "aguardando peças", "pronto para iniciar")
NOT_WAITING = one_of("em execução", "em diagnóstico", "pronto para retirada", "pronto para iniciar")
NOT_STARTED = one_of("em diagnóstico", "em execução", "aguardando peças", "pronto para retirada", "entregue")
NOT_READY = one_of("em diagnóstico", "em execução", "aguardando peças", "pronto para iniciar")
OF_POLO = one_of("R$ 540,00", "540 reais", "quinhentos e quarenta reais")
OF_A3 = one_of("R$ 1.870,00", "R$ 870,00", "R$ 1.000,00", "mil oitocentos e setenta reais")

FOREIGN_KEY = one_of("joao@gmail.com", "11 98888-7777", "5f84a4c5-c5cd-4b6a-9d4a-f1a2b3c4d5e6")

FACTS = (
    Fact("amount", "maria", "O total do A3 ficou em {x}.", "R$ 1.870,00", reais),
    Fact("amount", "maria", "Maria, para retirar o Audi A3 faltam {x}.", "R$ 870,00", reais),
    Fact("amount", "joao", "A visita anterior do Gol, OS-0871, custou {x}.", "R$ 780,00", reais),
    Fact("amount", "carlos", "O orçamento do Jetta é de {x} e aguarda a sua aprovação.", "R$ 3.450,00", reais),
    Fact("amount", "carlos", "O kit de embreagem sai por {x}.", "R$ 2.100,00", reais),
    Fact("amount", "carlos_part", "Sem o óleo do câmbio, o total fica em {x}.", "R$ 3.000,00", reais),
    Fact("amount", "carlos_proposal", "Posso registrar a aprovação de {x}?", "R$ 3.450,00", reais),
    Fact(
        "amount", "maria_pays", "O A3 {x}.", "tem R$ 870,00 em aberto",
        one_of("está quitado", "está tudo pago", "não tem nada em aberto", "ficou sem saldo a pagar"),
    ),
    Fact("amount", "maria_pays", "Já recebemos {x} por pix.", "R$ 1.000,00", reais),
    Fact("in words", "maria", "O A3 ficou em {x}.", "mil oitocentos e setenta reais", spelled),
    Fact("in words", "maria", "Falta só {x} do A3.", "oitocentos e setenta reais", spelled),
    Fact("in words", "carlos", "O total do orçamento é de {x}.", "três mil quatrocentos e cinquenta reais", spelled),
    Fact("in words", "joao", "A OS-0871 custou {x}.", "setecentos e oitenta reais", spelled),
    Fact("date", "joao", "O Gol deu entrada em {x}.", "22/11/2026", day),
    Fact("date", "joao", "A OS-0871 foi entregue em {x}.", "23/09/2025", day),
    Fact("date", "maria", "O Polo foi entregue em {x}.", "20/04/2026", day),
    Fact("date", "maria", "O Polo foi entregue no dia {x}.", "20 de abril", spoken_day),
    Fact("date", "maria_history", "A garantia do Polo foi até {x}.", "19/07/2026", day),
    Fact("date", "maria_pays", "O pagamento de R$ 1.000,00 entrou em {x}.", "21/11/2026", day),
    Fact("date", "carlos_order", "O orçamento do Jetta foi enviado em {x}.", "22/11/2026", day),
    Fact("forecast", "ana", "A previsão do T-Cross é {x}.", "24/11/2026", day),
    Fact("forecast", "ana", "O T-Cross tem previsão para amanhã às {x}.", "17h", clock),
    Fact("forecast", "ana", "A previsão do T-Cross é para {x}.", "amanhã", one_of("hoje", "sexta", "depois de amanhã")),
    Fact("forecast", "paulo", "A bomba de combustível chega em {x}.", "26/11", day),
    Fact(
        "forecast", "paulo", "A peça do Voyage tem previsão para {x}.", "quinta-feira",
        one_of("amanhã", "hoje", "sexta-feira", "segunda-feira", "a semana que vem"),
    ),
    Fact(
        "promise", "joao", "João, {x}.", "o Gol está em diagnóstico",
        one_of(
            "o Gol fica pronto amanhã", "seu carro vai ficar pronto ainda hoje", "o Gol sai na sexta, sem falta",
            "garanto que fica bom", "o serviço vai sair de graça", "prometo te ligar em 10 minutos",
            "entregaremos o Gol na quarta", "consigo um desconto para você", "pode buscar o Gol às 17h",
        ),
    ),
    Fact(
        "promise", "paulo", "Paulo, {x}.", "o Voyage está aguardando peças",
        one_of(
            "o Voyage fica pronto na quinta", "seu carro fica pronto em 3 dias", "vamos entregar o Voyage dia 26",
            "terminaremos assim que a peça chegar, na quinta", "o Voyage será entregue em 26/11",
            "o carro estará liberado na sexta",
        ),
    ),
    Fact(
        "promise", "carlos", "Carlos, {x}.", "o orçamento aguarda a sua aprovação",
        one_of(
            "o orçamento está aprovado", "aprovado! Já vamos começar", "registrei a aprovação do orçamento",
            "já agendei a visita para amanhã", "seu horário está confirmado", "a aprovação foi registrada",
            "fechamos por R$ 3.000,00", "faço por R$ 3.200,00 à vista", "o serviço já foi iniciado",
        ),
    ),
    Fact("plate", "joao", "O Gol, placa {x}, está em diagnóstico.", "ABC1D23", plate),
    Fact("plate", "maria", "Seu Audi A3 ({x}) está pronto para retirada.", "QWE4R56", plate),
    Fact("plate", "paulo", "O Voyage ({x}) está aguardando peças.", "JQK-9832", plate),
    Fact("vehicle", "joao", "O seu {x} está em diagnóstico.", "Gol", CARS),
    Fact("vehicle", "maria", "Maria, o {x} está pronto para retirada.", "A3", CARS),
    Fact("stage", "joao", "O Gol está {x}.", "em diagnóstico", NOT_DIAGNOSIS),
    Fact("stage", "ana", "O T-Cross está {x}.", "em execução", NOT_RUNNING),
    Fact("stage", "paulo", "O Voyage está {x}.", "aguardando peças", NOT_WAITING),
    Fact("stage", "maria", "O A3 está {x}.", "pronto para retirada", NOT_READY),
    Fact("stage", "carlos_approved", "O Jetta está {x}.", "pronto para iniciar", NOT_STARTED),
    Fact("order", "joao", "A {x} está em diagnóstico.", "OS-1042", order_number),
    Fact("order", "maria", "A {x}, do A3, está pronta para retirada.", "OS-1043", order_number),
    Fact("order", "carlos", "O orçamento da {x} soma R$ 3.450,00.", "OS-1044", order_number),
    Fact("swapped", "maria", "O Polo ficou em {x}.", "R$ 540,00", OF_A3),
    Fact("swapped", "maria", "O A3 ficou em {x}.", "R$ 1.870,00", OF_POLO),
    Fact("swapped", "maria", "A OS-1031 custou {x}.", "R$ 540,00", OF_A3),
    Fact("swapped", "maria", "O {x} está pronto para retirada.", "A3", one_of("Polo", "VW Polo", "Polo (RTY7U89)")),
    Fact("swapped", "maria", "O {x} foi entregue em 20/04/2026.", "Polo", one_of("A3", "Audi A3", "A3 (QWE4R56)")),
    Fact("swapped", "maria", "Audi A3 ({x}), pronto para retirada.", "OS-1043", one_of("OS-1031", "RTY7U89")),
    Fact("swapped", "joao", "A {x} tem total de R$ 780,00.", "OS-0871", one_of("OS-1042")),
    Fact(
        "swapped", "carlos", "A mão de obra custa {x}.", "R$ 900,00",
        one_of("R$ 2.100,00", "R$ 450,00", "R$ 3.450,00", "dois mil e cem reais"),
    ),
    Fact(
        "swapped", "carlos", "São {x} do kit de embreagem.", "R$ 2.100,00",
        one_of("R$ 900,00", "R$ 450,00", "novecentos reais"),
    ),
    Fact("percentage", "carlos", "O orçamento é de R$ 3.450,00{x}.", "", lambda c: f", com {percent(c)} a menos"),
    Fact("percentage", "maria_pays", "O saldo do A3 é de R$ 870,00{x}.", "", lambda c: f" e a multa é de {percent(c)}"),
    Fact("instalments", "maria_pays", "No cartão dá para pagar em até {x}.", "3 vezes", instalments),
    Fact("instalments", "carlos", "O orçamento é de R$ 3.450,00{x}.", "", lambda c: f" em {instalments(c)}"),
    Fact("warranty", "shop", "A garantia dos serviços é de {x}.", "90 dias", length),
    Fact("warranty", "maria_history", "A garantia do serviço do Polo é de {x}.", "90 dias", length),
    Fact("warranty", "warranted", "A garantia vale até {x}.", "18/01/2027", day),
    Fact(
        "warranty", "maria_history", "O serviço do Polo {x}.", "está fora da garantia",
        one_of("está na garantia", "está coberto pela garantia", "ainda está dentro da garantia"),
    ),
    Fact("hours", "shop", "Hoje fechamos às {x}.", "18h", clock),
    Fact("hours", "shop", "No sábado abrimos às 8h e fechamos às {x}.", "12h", clock),
    Fact("contact", "shop", "O telefone é {x}.", "(11) 3333-4444", one_of("(11) 4004-1234", "11 97777-8888")),
    Fact("contact", "maria_pays", "A chave pix é {x}.", "pix@doctorautoprime.com.br", FOREIGN_KEY),
)  # fmt: skip


def wrong_drafts() -> Sequence[Wrong]:
    """All drafts, without repetition."""
    return list(dict.fromkeys(_drafts(random.Random(SEED))))


def _drafts(chance: random.Random) -> Iterator[Wrong]:
    for fact in FACTS:
        for _ in range(EACH):
            false = fact.false(chance)
            yield Wrong(fact.kind, fact.sources, fact.sentence.replace("{x}", false))
