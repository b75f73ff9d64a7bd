"""Messages that are not text: voice, pictures, documents, places, contacts, stickers.

Nothing is opened or listened to here. A picture or document at the moment of paying is thanked for, never taken as a
payment.
"""

import re
from enum import StrEnum

from assistant.conversation.embedded.answers.payments import noted
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk, recent
from assistant.conversation.embedded.slots import plain
from assistant.conversation.responder import HandOffReason, Line, Request

PAYING = re.compile(r"\b(?:pix|paguei|pag\w+|comprovante|transfer\w+|deposit\w+|chave|quit\w+)\b")
RECENT = 4
"""Messages before this turn in which talk of paying makes a picture a receipt."""
MAP = re.compile(
    r"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|(?:www\.)?google\.[a-z.]+/maps|maps\.google\.|waze\.com|ul\.waze\.com)\S*"
)


class Media(StrEnum):
    """What a message is, as far as the answer differs."""

    TEXT = "text"
    VOICE = "voice"
    PICTURE = "picture"
    FILE = "file"
    PLACE = "place"
    CONTACT = "contact"
    SILENT = "silent"
    OTHER = "other"


KINDS: dict[str, Media] = {
    "text": Media.TEXT,
    "": Media.TEXT,
    "voice": Media.VOICE,
    "audio": Media.VOICE,
    "ptt": Media.VOICE,
    "picture": Media.PICTURE,
    "image": Media.PICTURE,
    "photo": Media.PICTURE,
    "video": Media.PICTURE,
    "file": Media.FILE,
    "document": Media.FILE,
    "location": Media.PLACE,
    "contact": Media.CONTACT,
    "contacts": Media.CONTACT,
    "sticker": Media.SILENT,
    "reaction": Media.SILENT,
}
"""Kommo's message types and what channels call the same."""


def media_of(line: Line) -> Media:
    """What a line of the burst is; a pasted map link is a place."""
    kind = KINDS.get(line.kind, Media.OTHER)
    return Media.PLACE if kind is Media.TEXT and is_only_map(line.text) else kind


def is_only_map(text: str) -> bool:
    """Whether a text is a link to a map and hardly anything else."""
    return MAP.search(text) is not None and len(MAP.sub("", text).split()) <= 2


async def media(talk: Talk) -> Part:
    """The answer to what in this turn is not text; empty when nothing needs saying."""
    kinds = {media_of(line) for line in talk.request.burst}
    if kinds & {Media.PICTURE, Media.FILE}:
        return await _received(talk, "o arquivo" if Media.FILE in kinds else "a imagem")
    if Media.VOICE in kinds:
        return Part(
            talk.voice.say(
                "Recebi o seu áudio, mas por aqui ainda não consigo ouvir. Pode me escrever, por favor?",
                "Os áudios eu ainda não consigo ouvir por aqui. Me escreve em poucas palavras, por favor?",
            )
        )
    if Media.PLACE in kinds:
        return await _for_staff(talk, "a localização", "enviou uma localização")
    if Media.CONTACT in kinds:
        return await _for_staff(talk, "o contato", "enviou um contato")
    if Media.OTHER in kinds:
        return Part("Recebi a sua mensagem, mas não consigo abrir por aqui. Pode me escrever, por favor?")
    return Part()


async def _received(talk: Talk, what: str) -> Part:
    if is_receipt(talk.request):
        return await noted(talk)
    return await _for_staff(
        talk, what, f"enviou {what.replace('a imagem', 'uma imagem').replace('o arquivo', 'um arquivo')}"
    )


async def _for_staff(talk: Talk, what: str, wish: str) -> Part:
    text = talk.voice.say(
        f"Recebi {what}, obrigado! Já passei para a equipe dar uma olhada.",
        f"Obrigado, recebi {what} e passei para a equipe ver.",
    )
    return Part(text, hand_off(talk, HandOffReason.MEDIA, wish), person=True)


def is_receipt(request: Request) -> bool:
    """Whether this turn brings a picture or document at the moment of paying."""
    brings = any(media_of(line) in (Media.PICTURE, Media.FILE) for line in request.burst)
    around = [*recent(request)[-RECENT:], *request.burst]
    return brings and any(PAYING.search(plain(line.text)) for line in around)
