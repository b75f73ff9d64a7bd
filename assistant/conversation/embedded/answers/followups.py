"""Expressions for messages that only make sense after what was said before. Texts only; `agenda.py` decides by them."""

import re

POINTS_AT_WORK = re.compile(
    r"\W*(?:e |eh |quero |seria )?(?:[oa]|ess[ea]|aquel[ea])? ?(?:orcamento )?d[oae]s? (?:\w+ ?){1,3}\W*"
)
"""Which quote, by its work: "o do freio", "é o da embreagem"."""
CALLED = ("passei a sua conversa", "quer falar com uma pessoa")
"""Stand in our words after somebody asked for a person: a time that follows is when to call."""
FOLLOWS = re.compile(r"(?:e|mas|entao|ainda|qual|quanto|quando|onde)\b")
FOLLOW_UP_WORDS = 6
PAST_AMOUNT = re.compile(r"\b(?:paguei|pagamos|custou|saiu|ficou|deu)\b")
BOOKS = re.compile(r"\b(?:agend\w*|marc\w+|horarios?|vagas?|levar|trazer|visita|revis\w+)\b")
ALL_OF_IT = re.compile(
    r"^(?!.*\?).*(?<!nao )\b(?:quero|faz(?:er)?|faca|aprovo|autorizo) tudo\W*(?:entao|mesmo|sim)?\W*$"
)
"""Wants the whole quote, whatever was said no to before: restated and asked like any approval."""
THANKS_WORDS = re.compile(
    r"\b(?:obrig\w*|brigad\w*|obg\w*|valeu|vlw|grat[oa]|agradec\w*|tchau|ate (?:mais|logo)|abracos?)\b"
)
FEW_WORDS = 10
