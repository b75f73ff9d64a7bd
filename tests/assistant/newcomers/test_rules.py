"""What is read of a message and what a reply may ask: pure functions, held to messages written before the rules."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.conversation.embedded.language import Language, language_of
from assistant.conversation.repetition import said_again, times_said
from assistant.conversation.responder import Author, Line
from assistant.memory.digest import Digest
from assistant.memory.window import tokens, window
from assistant.newcomers.facts import Fact, Lead, Question
from assistant.newcomers.jobs import job_size, warmth_of
from assistant.newcomers.questions import WORDS, questions_in
from assistant.newcomers.reading import grounded, told
from assistant.newcomers.rules import objections
from assistant.newcomers.signals import asks_price, claims_to_be_customer, origin_in, urgency_in
from tests.assistant.answers.conversation import NOW

ODD = "ele fica estranho depois de um tempo"
MESSAGES = [json.loads(line) for line in Path(__file__).with_name("messages.jsonl").read_text().splitlines()]


def test_the_list_is_long_enough_and_has_every_class() -> None:
    assert len(MESSAGES) >= 120
    for label, classes in (("size", 3), ("warmth", 3), ("urgency", 3), ("origin", 4)):
        assert len({message[label] for message in MESSAGES if label in message}) == classes


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["text"])
def test_a_message_is_classified_as_labelled(message: dict[str, str]) -> None:
    text = message["text"]
    read = {"size": job_size(text), "warmth": warmth_of(text), "urgency": urgency_in(text), "origin": origin_in(text)}
    assert {label: str(value) for label, value in read.items() if value} == {
        label: value for label, value in message.items() if label != "text"
    }


@pytest.mark.parametrize(
    ("text", "awaited", "expected"),
    [
        ("me chamo Carla, é um polo 2018", set(), {Fact.NAME: "Carla", Fact.MODEL: "Polo 2018"}),
        ("Carla", {Question.NAME}, {Fact.NAME: "Carla"}),
        ("Carla", set(), {}),
        ("Perfeito", {Question.NAME}, {}),
        ("sou o dono do carro", {Question.NAME}, {}),
        ("é o abc-1d23, um vw gol", set(), {Fact.PLATE: "ABC1D23", Fact.MODEL: "VW Gol"}),
        ("tenho um fiat uno", set(), {Fact.MODEL: "Fiat Uno"}),
        ("meu outro número é esse, placa ABC1D23, sou a Ana", set(), {Fact.NAME: "Ana"}),
        (ODD, {Question.SYMPTOM}, {Fact.SYMPTOM: ODD}),
        ("que horas vocês abrem amanhã de manhã?", {Question.SYMPTOM}, {}),
    ],
)  # fmt: skip
def test_facts_are_read_from_what_was_said(text: str, awaited: set[Question], expected: dict[Fact, str]) -> None:
    assert told(text, awaited) == expected


@pytest.mark.parametrize(
    ("fact", "value", "said", "right"),
    [
        (Fact.NAME, "Carla", "oi, aqui é a carla", True),
        (Fact.NAME, "João", "oi, aqui é a carla", False),
        (Fact.PLATE, "ABC1D23", "placa abc 1d23", True),
        (Fact.PLATE, "ABC1D23", "placa qwe4r56", False),
        (Fact.SYMPTOM, "barulho na roda dianteira", "faz um barulho na roda da frente", True),
        (Fact.SYMPTOM, "orçamento aprovado de R$ 500", "faz um barulho", False),
    ],
)
def test_a_note_counts_only_in_the_customers_words(fact: Fact, value: str, said: str, right: bool) -> None:
    assert grounded(fact, value, said) is right


@pytest.mark.parametrize(
    "text",
    [
        "sou o João, esse é meu outro número",
        "troquei de número, cadê meu carro?",
        "esse é o celular novo",
        "já sou cliente de vocês",
        "meu cadastro é no número da minha esposa",
        "perdi o chip, esse aqui é meu número novo",
    ],
)
def test_who_says_to_be_a_customer_is_noticed(text: str) -> None:
    assert claims_to_be_customer(text)


@pytest.mark.parametrize(
    "text", ["não sou cliente ainda", "e o meu outro carro?", "me passa o número de vocês", "quero ser cliente"]
)
def test_a_near_miss_claims_nothing(text: str) -> None:
    assert not claims_to_be_customer(text)


@pytest.mark.parametrize(
    ("text", "asked"), [("quanto custa?", True), ("qual o valor da revisão", True), ("quanto tempo demora?", False)]
)
def test_a_price_is_asked_or_not(text: str, asked: bool) -> None:
    assert asks_price(text) is asked


@pytest.mark.parametrize("question", Question)
def test_our_own_questions_are_found_again(question: Question) -> None:
    assert questions_in(f"Me conta, por favor: {WORDS[question]}?") == {question}
    assert questions_in(f"Anotei {WORDS[question]}.") == set()


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("Qual o seu nome? Qual o modelo? O que está acontecendo? É urgente?", "too_many_questions"),
        ("E qual é o modelo do carro?", "asked_twice"),
        ("Como você se chama?", "asked_twice"),
        ("A DPaschoal também faz isso.", "competitor"),
        ("Na Oficina do Zé é mais caro.", "competitor"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_objected_to(draft: str, kind: str) -> None:
    lead = Lead({Fact.MODEL: "Polo"}, asked=frozenset({Question.NAME}))
    assert kind in {found.kind for found in objections(draft, lead, ["Oficina do Zé"])}


def test_a_draft_within_the_rules_passes() -> None:
    lead = Lead({Fact.MODEL: "Polo"}, asked=frozenset({Question.NAME}))
    assert list(objections("Certo! O que está acontecendo com ele? É urgente?", lead)) == []
    assert list(objections("Qual o modelo e a placa do carro?", None)) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Señor, ustedes hacen pintura de carro?", Language.SPANISH),
        ("puede hacer el servicio, yo pago viernes", Language.SPANISH),
        ("buenas, cuanto cuesta cambiar el aceite?", Language.SPANISH),
        ("mi auto no prende", Language.SPANISH),
        ("oi yo necesito freno para mi carro", Language.SPANISH),
        ("my car is making noise", Language.ENGLISH),
        ("buenas, tchê, o carro tá pronto?", Language.PORTUGUESE),
        ("quero fazer o serviço, pago na sexta", Language.PORTUGUESE),
        ("el carro ta pronto?", Language.PORTUGUESE),
        ("vcs tem wifi e coffee break? kkk", Language.PORTUGUESE),
    ],
)
def test_languages_are_told_apart(text: str, language: Language) -> None:
    assert language_of(text) is language


def line(author: Author, text: str) -> Line:
    return Line(author, text, "text", NOW)


def test_repetitions_are_counted_over_whole_replies() -> None:
    said = "O Gol está em Diagnóstico."
    history = [
        line(Author.ASSISTANT, said),
        line(Author.CUSTOMER, "?"),
        line(Author.ASSISTANT, "Olá!"),
        line(Author.ASSISTANT, said_again(said)),
        line(Author.CUSTOMER, "??"),
    ]
    assert times_said(said, history, NOW) == 2
    assert times_said("Outra coisa.", history, NOW) == 0
    assert times_said(said, history, NOW + timedelta(hours=1)) == 0
    assert times_said(said, [*history[:3], line(Author.STAFF, "Oi!"), *history[3:]], NOW) == 1
    assert said_again(said_again(said)) == said_again(said)


def test_the_window_keeps_the_latest_messages_that_fit() -> None:
    lines = [line(Author.CUSTOMER, letter * 70) for letter in "abcde"]
    cost = tokens(lines[0].text)
    assert [shown.text[0] for shown in window(lines, 3 * cost)] == ["c", "d", "e"]
    assert [shown.text[0] for shown in window(lines, 1)] == ["d", "e"]
    assert window([], 100) == []


def test_a_digest_adds_up_and_survives_its_row() -> None:
    first = Digest({"status_os": 1}, ("Polo", "A3"), handoffs=("complaint",), last_subject="status_os")
    both = first.joined(Digest({"status_os": 1, "pagamento": 1}, ("Polo",), staff_wrote=True, last_subject="pagamento"))
    assert Digest.from_json(both.as_json()) == both
    assert both.as_text() == (
        "O cliente falou de: o andamento do carro (2 vezes); pagamento. Carros citados: A3, Polo. "
        "Passado para a equipe: reclamação. Uma pessoa da equipe também escreveu."
    )
