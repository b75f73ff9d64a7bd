"""Which of our questions a text of ours asks, and what is asked in which words.

Pure. Read from the text itself, so that it holds for every responder and for staff who asked by hand.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.conversation.embedded.slots import plain
from assistant.newcomers.facts import Question

MOST_QUESTIONS = 3
"""Questions in one message: the shop's rule."""

SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
ASKING = re.compile(
    r"\?|\b(?:me (?:conta|conte|diz|diga|fala|fale|passa|passe|informa|informe|manda|mande)|informe|"
    r"(?:pode|poderia|consegue) (?:me )?(?:dizer|contar|passar|informar|mandar)|preciso (?:saber|que voce)|"
    r"falta (?:so )?(?:saber|eu saber)|tell me|let me know|could you|digame|me puede|puede decirme)\b"
)
ASKED: Mapping[Question, re.Pattern[str]] = {
    Question.NAME: re.compile(
        r"\b(?:(?:o )?seu nome|(?:voce )?se chama|com quem (?:eu )?(?:falo|estou falando)|qual (?:e )?o nome|your name|"
        r"su nombre)\b"
    ),
    Question.CAR: re.compile(
        r"\b(?:(?:o |a |qual |e )(?:modelo|placa)|modelo ou|qual (?:e )?(?:o )?(?:seu )?carro|que carro|"
        r"qual (?:e )?o veiculo|(?:the |what )?(?:model|license plate)|que modelo|(?:la|su) placa|su (?:auto|coche))\b"
    ),
    Question.SYMPTOM: re.compile(
        r"\b(?:o que (?:esta|ta|tem) acontec\w+|o que acontece|qual (?:e )?o (?:problema|sintoma|defeito)|"
        r"o que (?:o carro|ele) (?:tem|esta|precisa)|(?:qual|que) servico|o que houve|"
        r"what(?: is|'s)? (?:happening|wrong|going on)|que (?:le pasa|problema))\b"
    ),
    Question.URGENCY: re.compile(
        r"\b(?:urgen\w+|pressa|(?:pra|para) quando|quando (?:voce )?precisa|how soon|how urgent|prisa)\b"
    ),
    Question.ORIGIN: re.compile(
        r"\b(?:(?:como|onde|por onde) (?:voce )?(?:nos |a gente )?(?:conheceu|soube|achou|encontrou|ouviu|chegou)|"
        r"quem (?:te )?indicou|how did you (?:hear|find)|como nos (?:conocio|encontro))\b"
    ),
}

WORDS: Mapping[Question, str] = {
    Question.NAME: "o seu nome",
    Question.CAR: "o modelo ou a placa do carro",
    Question.SYMPTOM: "o que está acontecendo com ele",
    Question.URGENCY: "se é urgente ou se pode esperar uns dias",
    Question.ORIGIN: "como você conheceu a oficina",
}
"""How each question is asked, so that `questions_in` finds it again."""
SYMPTOM_OF_KNOWN_CAR = "o que está acontecendo com o carro"


def questions_in(text: str) -> frozenset[Question]:
    """What a text of ours asks of a new customer."""
    asking = [sentence for sentence in SENTENCE.findall(plain(text)) if ASKING.search(sentence)]
    return frozenset(question for question, words in ASKED.items() if any(words.search(each) for each in asking))


def asked_before(texts: Sequence[str]) -> frozenset[Question]:
    """What our messages have asked so far."""
    return frozenset().union(*map(questions_in, texts))


def wording(questions: Sequence[Question], *, car_known: bool) -> list[str]:
    """The questions in words, at most as many as one message may ask."""
    named = car_known or Question.CAR in questions
    return [
        SYMPTOM_OF_KNOWN_CAR if question is Question.SYMPTOM and not _after_car(questions, named) else WORDS[question]
        for question in questions[:MOST_QUESTIONS]
    ]


def _after_car(questions: Sequence[Question], named: bool) -> bool:
    """Whether "ele" can only be the car that the same sentence asks for."""
    return named and Question.CAR in questions
