"""Which language a message is in, so that Spanish and English get a person and not a confident mistake.

Pure, over `plain` text. Spanish as immigrants write it is half Portuguese ("ustedes hacen pintura de carro?"): words
that no Brazilian writes decide, words that both languages have do not count for either.
"""

import re
from enum import StrEnum

from assistant.conversation.embedded.expressions import listed
from assistant.conversation.embedded.slots import plain


class Language(StrEnum):
    """The languages that are told apart."""

    PORTUGUESE = "pt"
    SPANISH = "es"
    ENGLISH = "en"


SPANISH = listed(
    """
    hola buenos buenas dias tardes noches coche mi mis cuando cuanto cuesta donde esta estan quiero necesito
    gracias usted ustedes listo lista el los las y con pueden puedo hacer precio taller reparacion ya tienen
    hay cual es soy muy bien senor arreglar arreglaron presupuesto pagar tarjeta direccion abren hoy manana
    hablar alguien quien auto estado cuantos cuanta tengo tiene estoy estamos puede podria podrian hacen hace haces
    yo lunes martes miercoles jueves viernes pero entonces tambien ahora ayer porque senora del al su sus llevar
    llegar llego llega llanta llantas aceite frenos arreglo arreglan cambiar cambian cambio cobran cobra sirve gusta
    gustaria quisiera necesita hacemos trabajo trabajan trabaja mucho muchas nuevo nueva dinero efectivo semana
    carro pintura servicio vehiculo camioneta placa dijeron dijo saber esto eso ese esa aqui alla hasta desde sin
    recoger recojo buscarlo llamar llamame escribir responder tiempo demora cuesta vale favor luego ruido golpe
    """
)
ENGLISH = listed(
    """
    hi hello the is my car when how much ready please what you i want need are can where your open do does it
    repair fix thanks thank good morning afternoon price cost oil change schedule appointment for and to talk
    speak with someone person have been this that will be done today tomorrow status update on
    could would should tell know job brake brakes costs looking check we our am engine noise needs
    """
)
ALSO_PORTUGUESE = listed(
    """
    me que de do e a o no se para por com como esta auto estado pagar alguien es on be to status and ta
    al su sus cobra demora vale favor carro pintura placa ese esa esto aqui desde semana cambio mi ya
    cobran saber responder vehiculo buenas trabalho sin porque y lista servicio con
    """
)
"""Words of both, and slips of the pen that Brazilians make."""
ONLY_SPANISH = listed(
    """
    hola usted ustedes hacen hacer hace pueden puede puedo cuanto cuanta cuantos cuando cuesta quiero quisiera
    necesito necesita tengo tiene tienen estoy viernes jueves miercoles lunes martes hoy manana ayer gracias coche
    taller arreglar arreglo arreglan arreglaron reparacion aceite frenos llantas llevar tambien entonces pero muy
    donde estan soy presupuesto tarjeta abren hablar yo los las el del precio gusta gustaria senora trabajan
    trabajo noches buenos camioneta listo prende ayuda sirve
    """
)
"""Words by which broken Spanish is known among Portuguese ones. "martes" and "lunes" are no slips of anybody's pen."""
ONLY_ENGLISH = listed(
    """
    hello hey the my your you is what when where how need have done ready would could should does please thanks thank
    english portuguese speak sorry vehicle flight really yet i'm it's don't
    """
)
"""The same for a long English message: names of cars and days are no words of it."""
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
MARKS = ("¿", "¡")
MINE = re.compile(r"\b(?:mi|su) (?:auto|carro|coche|camioneta|vehiculo)\b")
FEW = 0.25
"""Share of decisive words that makes a mixed message Spanish; two such words at least."""


def is_foreign(typed: str) -> bool:
    """Whether a message in normal letters (`plain`) is Spanish or English rather than Portuguese."""
    return language_of(typed) is not Language.PORTUGUESE


def language_of(text: str) -> Language:
    """The language of a text. A language counts with two words of its own that make two fifths of all, or, for Spanish,
    with two decisive ones that make a quarter."""
    typed = plain(text)
    words = WORD.findall(typed)
    strange = {
        language: {word for word in words if word in known} - ALSO_PORTUGUESE
        for language, known in ((Language.SPANISH, SPANISH), (Language.ENGLISH, ENGLISH))
    }
    most = max(strange, key=lambda language: len(strange[language]))
    if len(strange[most]) >= 2 and len(strange[most]) >= 0.4 * len(words):
        return most
    if len(english := ONLY_ENGLISH.intersection(words)) >= 2 and len(english) >= FEW * len(set(words)):
        return Language.ENGLISH
    decisive = len(ONLY_SPANISH.intersection(words)) + sum(mark in typed for mark in MARKS)
    decisive += MINE.search(typed) is not None
    if decisive >= 2 and decisive >= FEW * len(words):
        return Language.SPANISH
    return Language.PORTUGUESE
