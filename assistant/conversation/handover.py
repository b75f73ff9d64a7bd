"""What a person has to look at whoever answers: pictures, videos, files, places and contacts of the customer.

Code decides it, so that no responder can leave it out. Pure functions.
"""

from assistant.conversation.kinds import FOR_STAFF, Media, is_only_map, kind_of
from assistant.conversation.responder import HandOff, HandOffReason, Request

WORDS = 240
"""Characters of the customer's words in the task."""


def has_words(request: Request) -> bool:
    """Whether there is anything to understand: a text, a caption or what was heard, and not only a link to a map."""
    return any(line.text.strip() and not is_only_map(line.text) for line in request.burst)


def for_staff(request: Request) -> HandOff | None:
    """The task for what the customer sent and only a person can look at."""
    kinds = [
        Media.PLACE if kind_of(line.kind) is Media.TEXT and is_only_map(line.text) else kind_of(line.kind)
        for line in request.burst
    ]
    sent = [FOR_STAFF[kind] for kind in dict.fromkeys(kinds) if kind in FOR_STAFF]
    if not sent:
        return None
    who = request.speaker.name or "Cliente"
    said = " ".join(request.text.split())[:WORDS]
    words = f' Mensagem: "{said}"' if said else ""
    return HandOff(HandOffReason.MEDIA, f"{who} enviou {' e '.join(sent)}: veja na conversa, por favor.{words}")
