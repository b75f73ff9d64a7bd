"""Voice notes, pictures and links over the wire: the phone, the stand-in, the service and a scripted recogniser."""

import hashlib
from collections.abc import AsyncIterator
from functools import partial

import pytest

from integrations.llm.scripted import Hear, ScriptedModel
from tests.integrations.kommo.attachments import samples
from tests.stack.fixtures import MakeStack
from tests.stack.running import Stack, eventually

JOAO, MARIA, CARLOS, PAULO = "5511987654321", "5511912345678", "5511998765432", "5511985551234"


@pytest.fixture(scope="module")
async def stack(make_stack: MakeStack, model: ScriptedModel) -> Stack:
    return await make_stack(
        settings={
            "AUTOPRIME_RESPONDER": "embedded",
            "OPENAI_API_KEY": "a-key-of-the-scripted-model",
            "OPENAI_BASE_URL": model.base_url,
            "AUTOPRIME_TRANSCRIPTION_MODEL": "whisper-1",
            "AUTOPRIME_TRANSCRIPTION_TIMEOUT": "8",
            "AUTOPRIME_ATTACHMENT_MAX_MB": "1",
        }
    )


@pytest.fixture(autouse=True)
async def script_is_used_up(model: ScriptedModel) -> AsyncIterator[None]:
    model.listened.clear()
    yield
    model.assert_finished()


async def newest(stack: Stack) -> tuple[object, ...]:
    await stack.settled()
    query = "SELECT state, media_type, reason, transcript, sha256 FROM attachment ORDER BY id DESC LIMIT 1"
    return (await stack.query(query))[0]


async def test_a_voice_note_is_heard_and_answered(stack: Stack, model: ScriptedModel) -> None:
    model.voices = [Hear("E aí, cadê o meu carro?", 2.5)]
    await stack.phone(JOAO).sends_file("voice", samples.OPUS)
    (reply,) = await stack.phone(JOAO).replies(1)
    assert "Gol" in reply
    state, media_type, reason, transcript, sha256 = await newest(stack)
    assert (state, media_type, reason, transcript) == ("kept", "audio/ogg", None, "E aí, cadê o meu carro?")
    assert model.listened[0].content == samples.OPUS
    assert sha256 == hashlib.sha256(samples.OPUS).hexdigest()
    kept = stack.folder / "attachments" / str(sha256)[:2] / str(sha256)
    assert kept.read_bytes() == samples.OPUS
    assert "cadê" not in stack.programs["worker0"].log.read_text()


async def test_what_a_recogniser_invents_is_not_answered(stack: Stack, model: ScriptedModel) -> None:
    model.voices = [Hear("Obrigado por assistir!", 2.5)]
    await stack.phone(MARIA).sends_file("voice", samples.OPUS + b"\1")
    (reply,) = await stack.phone(MARIA).replies(1)
    assert "me escrever" in reply
    assert (await newest(stack))[2:4] == ("invented", None)


async def test_a_spoken_yes_is_asked_for_in_writing(stack: Stack, model: ScriptedModel) -> None:
    phone = stack.phone(CARLOS)
    assert "3.450,00" in await phone.ask("pode aprovar o orçamento")
    model.voices = [Hear("Sim, pode aprovar.", 1.5)]
    await phone.sends_file("voice", samples.OPUS + b"\2")
    assert "por escrito" in (await phone.replies(2))[1]
    status = "SELECT status FROM ordens_servico WHERE numero_os = 'OS-1044'"
    assert await stack.query(status) == [("orcamento",)]
    assert "Registrei" in await phone.ask("sim")
    assert await stack.query(status) == [("aprovado",)]


async def test_a_picture_is_kept_for_the_staff_and_its_caption_answered(stack: Stack) -> None:
    phone = stack.phone(PAULO)
    await phone.sends_file("picture", samples.JPEG, "qual o endereço de vocês?")
    (reply,) = await phone.replies(1)
    assert "imagem" in reply
    assert (await newest(stack))[:2] == ("kept", "image/jpeg")


async def test_a_link_into_this_machine_is_not_followed(stack: Stack) -> None:
    """Neither by itself nor by a redirect of Kommo's own host."""
    for count, link in enumerate(
        (f"{stack.url}/metrics", f"{stack.sandbox_url}/sandbox/files/x?redirect={stack.url}/metrics"), start=1
    ):
        await stack.phone("5511955550000").attach("file", link)
        await eventually(partial(refused, stack, count), f"{count} links refused")


async def refused(stack: Stack, count: int) -> bool:
    query = "SELECT 1 FROM attachment WHERE state = 'refused' AND reason = 'not_https' AND sha256 IS NULL"
    return len(await stack.query(query)) == count
