"""Messages that are not text: voice, pictures, videos, documents, places, contacts, stickers.

Nothing is opened here. A voice note that was heard is answered as text; of one that was not, the customer is asked to
write. A picture or document at the moment of paying is thanked for, never taken as a payment. A sticker or reaction
needs no answer, unless we asked something.
"""

import re

from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.payments import noted
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk, recent
from assistant.conversation.embedded.slots import plain
from assistant.conversation.kinds import Media, is_only_map, kind_of
from assistant.conversation.responder import Author, HandOffReason, Line, Request

PAYING = re.compile(r"\b(?:pix|paguei|pag\w+|comprovante|transfer\w+|deposit\w+|chave|quit\w+)\b")
RECENT = 4
"""Messages before this turn in which talk of paying makes a picture a receipt."""
ASKED = re.compile(r"\?\W*$")
OFFERS_MORE = re.compile(r"\b(?:mais alguma|algo mais|posso (?:te )?ajudar)\b")
"""A closing question that needs no answer."""


def media_of(line: Line) -> Media:
    """What a line of the burst is; a pasted map link is a place, a voice note that was heard is text."""
    kind = kind_of(line.kind)
    if kind is Media.VOICE and line.text.strip():
        return Media.TEXT
    return Media.PLACE if kind is Media.TEXT and is_only_map(line.text) else kind


async def media(talk: Talk) -> Part:
    """The answer to what in this turn is not text; empty when nothing needs saying."""
    kinds = {media_of(line) for line in talk.request.burst}
    if Media.FILE in kinds:
        return await _received(talk, "o arquivo", "enviou um arquivo")
    if Media.PICTURE in kinds:
        return await _received(talk, "a imagem", "enviou uma imagem")
    if Media.VIDEO in kinds:
        return await _received(talk, "o vídeo", "enviou um vídeo")
    if Media.VOICE in kinds:
        return await _unheard(talk)
    if Media.PLACE in kinds:
        return await _for_staff(talk, "a localização", "enviou uma localização")
    if Media.CONTACT in kinds:
        return await _for_staff(talk, "o contato", "enviou um contato")
    return _silent(talk)


async def _unheard(talk: Talk) -> Part:
    """Nobody heard the voice note: the customer is asked to write, and who goes on speaking gets a person."""
    before = [line for line in recent(talk.request) if line.author is Author.CUSTOMER]
    if any(media_of(line) is Media.VOICE for line in before):
        return await _for_staff(talk, "o áudio", "enviou áudios que o assistente não consegue ouvir")
    return Part(
        talk.voice.say(
            "Recebi o seu áudio, mas não consegui ouvir por aqui. Pode me escrever, por favor?",
            "Este áudio eu não consegui ouvir por aqui. Me escreve em poucas palavras, por favor?",
        )
    )


def _silent(talk: Talk) -> Part:
    """A sticker or a reaction: it decides nothing, so an open question is still open."""
    words = any(line.text.strip() and media_of(line) is Media.TEXT for line in talk.request.burst)
    asked = talk.pending not in (None, Offer.LEAD_TOLD) or ASKED.search(talk.last_said)
    if words or not asked or OFFERS_MORE.search(plain(talk.last_said)):
        return Part()
    return Part(
        talk.voice.say(
            "Pode me responder por escrito, por favor? Assim eu não entendo errado.",
            "Me responde com palavras, por favor, para eu não entender errado.",
        )
    )


async def _received(talk: Talk, what: str, wish: str) -> Part:
    return await noted(talk) if is_receipt(talk.request) else await _for_staff(talk, what, wish)


async def _for_staff(talk: Talk, what: str, wish: str) -> Part:
    text = talk.voice.say(
        f"Recebi {what}, obrigado! Já passei para a equipe dar uma olhada.",
        f"Obrigado, recebi {what} e passei para a equipe ver.",
    )
    return Part(text, hand_off(talk, HandOffReason.MEDIA, wish), person=True)


def is_receipt(request: Request) -> bool:
    """Whether this turn brings a picture or document at the moment of paying."""
    brings = any(media_of(line) in (Media.PICTURE, Media.FILE, Media.VIDEO) for line in request.burst)
    around = [*recent(request)[-RECENT:], *request.burst]
    return brings and any(PAYING.search(plain(line.text)) for line in around)
