"""What a message of a new customer tells: name, plate, model, symptom, urgency, origin.

Pure. What is read depends on what we asked: a bare "Carla" is a name after we asked for it, else nothing. Nothing is
concluded; a value is always the customer's own words or one of a closed set.
"""

import re
from collections.abc import Mapping, Set

from assistant.conversation.embedded.answers.voice import clipped, upper_first
from assistant.conversation.embedded.expressions import listed
from assistant.conversation.embedded.lexicon import family_of
from assistant.conversation.embedded.slots import MODEL_PATTERN, find_plates, plain
from assistant.conversation.embedded.text import normalise
from assistant.newcomers.facts import Fact, Question
from assistant.newcomers.jobs import tells_work
from assistant.newcomers.signals import asks_price, claims_to_be_customer, origin_in, urgency_in
from integrations.contact import first_name

INTRODUCTION = re.compile(
    r"(?i)\b(?:meu nome (?:é|e)|me chamo|aqui (?:é|e|quem fala é) (?:o|a)|aqui quem fala (?:é|e) (?:o|a)|"
    r"(?:eu )?sou (?:o|a)|pode me chamar de|nome:|my name is|i am|i'm|me llamo|mi nombre es|soy)"
    r"\s+(?P<name>[^\W\d_]{2,20})"
)
NO_NAME = listed(
    """
    dono dona proprietario proprietaria cliente mecanico mecanica filho filha esposa marido mulher mae pai irmao irma
    motorista responsavel oi ola opa bom boa sim nao ok certo beleza quero queria preciso obrigado obrigada valeu
    carro meu minha e eu um uma o a de do da com por favor tudo bem dia tarde noite orcamento google instagram insta
    indicacao amigo amiga whatsapp urgente hoje amanha novo nova mesmo mesma ainda agora talvez pode isso este esse
    certeza exato exatamente segunda terca quarta quinta sexta sabado domingo depois nenhum nenhuma nunca tambem
    show legal perfeito otimo otima joia fechado fechou entendi claro tranquilo maravilha blz vlw top urgente pera calma
    looking from not here estoy from interested sorry hi hello hola buenas alguem ninguem nada sei
    """
)
YEAR = re.compile(r"[\s,/-]*(?:ano )?((?:19[89]|20[0-4])\d)\b")
BRANDS = {"vw": "VW", "volks": "VW", "volkswagen": "VW", "audi": "Audi"}
MAKERS = listed(
    "fiat ford chevrolet gm toyota honda hyundai renault nissan jeep bmw mercedes kia peugeot citroen volvo"
)
SEVERAL_WORDS = 5
"""Words of an answer to "o que está acontecendo?" that names no part."""
LONGEST_SYMPTOM = 400
LONGEST = 80
SPLIT = re.compile(r"[,.;!\n]+")


def told(text: str, awaited: Set[Question] = frozenset(), open_still: Set[Question] = frozenset()) -> dict[Fact, str]:
    """What a message tells; `awaited` is what our message before it asked, `open_still` what was asked before that."""
    found = {
        Fact.NAME: name_in(text, bare=Question.NAME in awaited)
        or (_alone(text) if Question.NAME in open_still else None),
        Fact.PLATE: next(iter(find_plates(text)), None),
        Fact.MODEL: model_in(text),
        Fact.SYMPTOM: symptom_in(text, awaited=Question.SYMPTOM in awaited),
        Fact.URGENCY: urgency_in(text),
        Fact.ORIGIN: origin_in(text),
    }
    if claims_to_be_customer(text):
        # A plate offered as proof of being a customer is no car of a new lead.
        found = {Fact.NAME: found[Fact.NAME]}
    return {fact: str(value) for fact, value in found.items() if value}


def name_in(text: str, *, bare: bool) -> str | None:
    """The name somebody gives: with words of introduction, or alone where we asked for it (`bare`)."""
    match = INTRODUCTION.search(text)
    if match and _may_be_name(match["name"]):
        return first_name(match["name"])
    first = next((part.strip() for part in SPLIT.split(text) if part.strip()), "")
    words = first.split()
    if not bare or not 1 <= len(words) <= 3 or not all(map(_may_be_name, words)):
        return None
    looks = all(family_of(plain(word)) == "nome" or word[:1].isupper() for word in words) or len(words) == 1
    return first_name(words[0]) if looks else None


def _alone(text: str) -> str | None:
    """A message that is nothing but a name: a common one, or one word that is written like one."""
    words = text.strip(" .!\n").split()
    common = 1 <= len(words) <= 3 and all(family_of(plain(word)) == "nome" for word in words)
    written = len(words) == 1 and words[0].istitle() and len(words[0]) > 2 and _may_be_name(words[0])
    return first_name(words[0]) if common or written else None


def _may_be_name(word: str) -> bool:
    known = plain(word)
    return (
        known.isalpha()
        and len(known) > 1
        and known not in NO_NAME | MAKERS
        and family_of(known) in (None, "nome")
        and (MODEL_PATTERN.fullmatch(known) is None)
    )


def model_in(text: str) -> str | None:
    """Model, make and year as said: `polo 2018` → `Polo 2018`."""
    words = plain(text)
    models: list[str] = []
    year = ""
    for match in MODEL_PATTERN.finditer(words):
        word = match.group().replace("t cross", "t-cross")
        models.append(
            BRANDS.get(word, word.upper() if len(word) <= 3 and any(map(str.isdigit, word)) else upper_first(word))
        )
        year = (found[1] if (found := YEAR.match(words, match.end())) else "") or year
    makers = [upper_first(word) for word in re.findall(r"[a-z]+", words) if word in MAKERS]
    named = list(dict.fromkeys([*makers, *models]))
    ordered = sorted(named, key=lambda word: word not in BRANDS.values() and word.lower() not in MAKERS)
    return " ".join([*ordered, year]).strip()[:LONGEST] or None


def symptom_in(text: str, *, awaited: bool) -> str | None:
    """What is wrong or wanted, in the customer's words."""
    if tells_work(text) or (awaited and _tells_much(text)):
        return clipped(text)
    return None


def _tells_much(text: str) -> bool:
    """An answer of more than a name, a car, a time or a source."""
    if "?" in text or asks_price(text) or urgency_in(text) or origin_in(text):
        return False
    return len(INTRODUCTION.sub("", text).split()) >= SEVERAL_WORDS


def merged(before: Mapping[Fact, str], new: Mapping[Fact, str]) -> dict[Fact, str]:
    """What is known with what is told now: symptoms add up, a make does not replace a model, the rest is corrected."""
    together = {**before, **new}
    if Fact.SYMPTOM in before and Fact.SYMPTOM in new and new[Fact.SYMPTOM] not in before[Fact.SYMPTOM]:
        together[Fact.SYMPTOM] = f"{before[Fact.SYMPTOM]} / {new[Fact.SYMPTOM]}"[-LONGEST_SYMPTOM:]
    elif Fact.SYMPTOM in before and Fact.SYMPTOM in new:
        together[Fact.SYMPTOM] = before[Fact.SYMPTOM]
    if Fact.MODEL in before and Fact.MODEL in new and plain(new[Fact.MODEL]) in plain(before[Fact.MODEL]):
        together[Fact.MODEL] = before[Fact.MODEL]
    return together


def grounded(fact: Fact, value: str, said: str) -> bool:
    """Whether a value that somebody noted for the customer is in the customer's own words."""
    words = plain(said)
    if fact is Fact.PLATE:
        return set(find_plates(value)) <= set(find_plates(said)) and bool(find_plates(value))
    telling = [word for word in re.findall(r"[a-z0-9]+", plain(value)) if len(word) > 3 or fact is not Fact.SYMPTOM]
    present = [word for word in telling if word[:5] in words]
    if fact in (Fact.URGENCY, Fact.ORIGIN):
        return True
    share = 0.5 if fact is Fact.SYMPTOM else 1.0
    return bool(telling) and len(present) >= share * len(telling)


def is_lead_answer(text: str, awaited: Set[Question]) -> bool:
    """Whether a message that asks nothing answers one of the questions that we asked last."""
    return "?" not in text and bool(awaited) and bool(told(text, awaited)) and len(normalise(text).split()) > 0
