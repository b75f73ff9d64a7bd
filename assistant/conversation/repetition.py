"""A reply is never the text that was said before it: the second time it says so, the third time a person answers.

Pure; for every responder. What counts as the same: the words, whatever is put in front by this module.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.conversation.embedded.answers.voice import lower_first, squeezed
from assistant.conversation.embedded.language import Language, language_of
from assistant.conversation.responder import Author, Line

AGAIN = {
    Language.PORTUGUESE: "Repetindo, para não ficar dúvida: ",
    Language.SPANISH: "Lo repito, para que no queden dudas: ",
    Language.ENGLISH: "To say it again, so that there is no doubt: ",
}
A_PERSON = {
    Language.PORTUGUESE: "Para não repetir o mesmo, passei a conversa para a equipe, que continua com você por aqui.",
    Language.SPANISH: "Para no repetir lo mismo, pasé la conversación al equipo, que continúa con usted por aquí.",
    Language.ENGLISH: "So as not to repeat myself, I have passed this on to our team, who will continue here.",
}
LOOKED_AGAIN = {
    Language.PORTUGUESE: "Conferi de novo agora: ",
    Language.SPANISH: "Lo revisé de nuevo ahora: ",
    Language.ENGLISH: "I have checked again just now: ",
}
"""The same after a while: nothing has changed, and the customer reads that it was looked at."""
SHORT = 80
"""Characters of a reply that may be said again another time: a greeting, a thanks."""
OPENING = re.compile(r"^(?:(?:bom dia|boa tarde|boa noite|oi)! )?(?:\w+, )?")
"""A greeting and a name in front make no other reply."""
LATELY = timedelta(minutes=30)
MOST_TIMES = 2
"""How often the same may be said in a row."""


def times_said(text: str, history: Sequence[Line], now: datetime) -> int:
    """How often our latest replies, one after the other, said this already, lately and since a person last wrote."""
    wanted, count = _core(text), 0
    for reply in reversed(_replies([line for line in history if line.at >= now - LATELY])):
        if not _core(reply).endswith(wanted):
            break
        count += 1
    return count


def said_again(text: str) -> str:
    """The text, marked as a repetition."""
    prefix = AGAIN[language_of(text)]
    return text if squeezed(text).startswith(squeezed(prefix)) else f"{prefix}{lower_first(text)}"


def is_last(text: str, history: Sequence[Line]) -> bool:
    """Whether our last reply, however long ago, was this one."""
    replies, core = _replies(history), _core(text)
    return len(core) > SHORT and bool(replies) and _core(replies[-1]).endswith(core)


def looked_again(text: str) -> str:
    """The text, marked as looked up anew."""
    return f"{LOOKED_AGAIN[language_of(text)]}{lower_first(text)}"


def _replies(history: Sequence[Line]) -> list[str]:
    """Our replies since a person wrote, each with all its parts: what we wrote without anybody else between."""
    replies: list[list[str]] = []
    last: Author | None = None
    for line in history:
        if line.author is Author.STAFF:
            replies.clear()
        if line.author is Author.ASSISTANT:
            if last is not Author.ASSISTANT:
                replies.append([])
            replies[-1].append(line.text)
        last = line.author
    return ["\n".join(parts) for parts in replies]


def _core(text: str) -> str:
    words = squeezed(text)
    for prefix in (*AGAIN.values(), *LOOKED_AGAIN.values()):
        words = words.removeprefix(squeezed(prefix)).strip()
    return OPENING.sub("", words)
