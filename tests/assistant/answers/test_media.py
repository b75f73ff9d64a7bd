"""Voice, pictures, documents, places, contacts, stickers."""

import pytest

from assistant.conversation.responder import HandOffReason

from .conftest import Talk
from .conversation import JOAO, MARIA, STRANGER, handed_over


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [
        ("voice", None, "me escrever"),
        ("audio", None, "me escrever"),
        ("picture", HandOffReason.MEDIA, "a imagem"),
        ("video", HandOffReason.MEDIA, "o vídeo"),
        ("file", HandOffReason.MEDIA, "o arquivo"),
        ("location", HandOffReason.MEDIA, "a localização"),
        ("contact", HandOffReason.MEDIA, "o contato"),
        ("something_new", HandOffReason.MEDIA, "o arquivo"),
    ],
)
@pytest.mark.parametrize("phone", [JOAO, STRANGER])
async def test_each_kind_has_an_answer(
    talk: Talk, phone: str, kind: str, reason: HandOffReason | None, told: str
) -> None:
    draft = await talk(phone).send(kind)
    assert handed_over(draft) is reason
    assert told in draft.text


@pytest.mark.parametrize("kind", ["sticker", "reaction"])
async def test_a_sticker_needs_no_answer(talk: Talk, kind: str) -> None:
    draft = await talk(JOAO).send(kind)
    assert draft.silent
    assert draft.handoff is None


@pytest.mark.parametrize("kind", ["picture", "file"])
async def test_a_receipt_is_thanked_for_and_never_taken_as_paid(talk: Talk, kind: str) -> None:
    conversation = talk(MARIA)
    await conversation.write("qual a chave pix?")
    draft = await conversation.send(kind)
    assert handed_over(draft) is HandOffReason.PAYMENT
    assert "conferir" in draft.text
    assert draft.handoff is not None
    assert "nada foi dado como pago" in draft.handoff.summary


async def test_a_captioned_picture_answers_the_caption_too(talk: Talk) -> None:
    draft = await talk(STRANGER).send("picture", "meu gol tá vazando aqui embaixo, quanto fica?")
    assert handed_over(draft) is HandOffReason.NEW_QUOTE
    assert "a imagem" in draft.text
    assert draft.text.count("por aqui.") == 1


async def test_a_pasted_map_link_is_a_place(talk: Talk) -> None:
    draft = await talk(STRANGER).write("https://maps.app.goo.gl/AbCdEf123")
    assert "a localização" in draft.text
    assert handed_over(draft) is HandOffReason.MEDIA
