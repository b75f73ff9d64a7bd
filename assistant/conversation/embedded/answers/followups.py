"""Expressions for messages that only make sense after what was said before. Texts only; `agenda.py` decides by them."""

import re

from assistant.conversation.embedded.intents import Intent

POINTS_AT_WORK = re.compile(
    r"\W*(?:e |eh |quero |seria )?(?:[oa]|ess[ea]|aquel[ea])? ?(?:orcamento )?d[oae]s? (?:\w+ ?){1,3}\W*"
)
"""Which quote, by its work: "o do freio", "é o da embreagem"."""
CALLED = ("passei a sua conversa", "quer falar com uma pessoa")
"""Stand in our words after somebody asked for a person: a time that follows is when to call."""
TILL_WHEN = re.compile(r"\b(?:ate|a partir de) que horas?\b|\bque horas? (?:\w+ )?(?:abre|fecha)\w*\b")
"""Asks for the opening hours beside another question."""
FOLLOWS = re.compile(r"(?:e|mas|entao|ainda|qual|quanto|quando|onde)\b")
WHAT_TIME = re.compile(r"\W*(?:e |mas |ok |ta )*(?:a |as |la pelas |mais ou menos )?(?:que|q) horas?\W*")
"""Says of what only in the light of the question before."""
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
ASKS_STATE = re.compile(
    r"\b(?:cade|pront[oa]s?|prontinho|status|andamento|ficou|previsao|etapa|entreg\w+|buscar|retirar|garantia)\b"
)
COMPARES = re.compile(r"\bpor (?:r\$ ?)?\d.{0,25}\bcobr\w+|\bcobr\w+ (?:a oferta|o preco|esse valor|isso)\b")
"""Wants an offer from elsewhere matched: "cobrem" speaks of no warranty here."""
QUOTE_WORDS = re.compile(r"\b(?:orcamento|itens|item|detalh\w*|pecas?|discrimin\w*)\b")
OWN_PHONE = re.compile(r"\b(?:\+?55 ?)?\(?\d{2}\)? ?9?\d{4}[ -]?\d{4}\b")
"""A number that somebody types as theirs: it opens nothing, which they are told."""
PART_APPROVED = re.compile(
    r"\b(?:aprov|autoriz)\w*\b.{0,25}\b(?:so|somente|apenas|menos|sem|(?:uma|em) parte)\b"
    r"|\b(?:fazer|faz|facam?)\b.{0,15}\b(?:so|somente|apenas) (?:uma parte|algun\w+|[oa]s? (?!que\b))"
)
"""Wants it done, but not everything."""
FEW_WORDS = 10
HINTS = (
    (re.compile(r"\bdemor\w*\b"), (Intent.STATUS_OS, Intent.PREVISAO_ENTREGA)),
    (re.compile(r"\bguincho\b"), (Intent.FALAR_HUMANO,)),
    (
        re.compile(
            r"\b(?:quando|que (?:dia|horas?)|qual) (?:e|eh|sera|vai ser|ficou|ta|esta) (?:a |o )?(?:minha|meu) "
            r"(?:visita|revisao|agendamento|horario)\b"
        ),
        (Intent.AGENDAMENTO,),
    ),
    (
        re.compile(
            r"\b(?:cancel|desmarc|desist)\w* (?:\w+ ){0,2}(?:visita|horario|agendamento|reserva)\b"
            r"|\b(?:quero|queria|vou|gostaria de|preciso) (?:levar|trazer|deixar) (?:o |meu |o meu )?carro\b"
        ),
        (Intent.AGENDAMENTO,),
    ),
    (
        re.compile(
            r"\b(?:vc|vcs|voces?|da pra|consegue\w*|posso|se eu) (?:\w+ ){0,2}?(?:peg|receb|atend|encaix|olh|"
            r"pass|lev|deix)\w*"
            r" .*\b(?:amanha|hoje|hj|segunda|terca|quarta|quinta|sexta|sabado|domingo|dia \d|semana)\b"
        ),
        (Intent.AGENDAMENTO,),
    ),
)
"""Words that decide where the classifier is not sure."""
