"""Whether a message is Portuguese at all, so that Spanish and English get a person and not a confident mistake."""

import re

from assistant.conversation.embedded.expressions import listed

SPANISH = listed(
    """
    hola buenos buenas dias tardes noches coche mi mis cuando cuanto cuesta donde esta estan quiero necesito
    gracias usted ustedes listo lista el los las y con pueden puedo hacer precio taller reparacion ya tienen
    hay cual es soy muy bien senor arreglar arreglaron presupuesto pagar tarjeta direccion abren hoy manana
    hablar alguien quien auto estado
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
    """
)


def is_foreign(typed: str) -> bool:
    """Whether at least two words, and two fifths of all, belong to Spanish or English and not to Portuguese."""
    words = re.findall(r"[a-z]+", typed)
    strange = [{word for word in words if word in language} - ALSO_PORTUGUESE for language in (SPANISH, ENGLISH)]
    most = max(len(found) for found in strange)
    return most >= 2 and most >= 0.4 * len(words)
