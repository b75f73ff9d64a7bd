"""What a recogniser says is believed only when somebody can have said it."""

from collections.abc import AsyncIterator

import pytest
from pydantic import JsonValue, SecretStr

from integrations.llm.belief import Heard, NotHeard, believed
from integrations.llm.hearing import HINT, Listener, create_listener
from integrations.llm.scripted import Fail, Hear, ScriptedModel, Slow, scripted_model
from integrations.settings import Settings

SIZE = 20_000
"""A voice note of some seconds."""


def silent(text: str) -> dict[str, JsonValue]:
    return {"text": text, "avg_logprob": -1.3, "no_speech_prob": 0.9}


def clear(text: str) -> dict[str, JsonValue]:
    return {"text": text, "avg_logprob": -0.2, "no_speech_prob": 0.05}


@pytest.mark.parametrize(
    "text",
    [
        "Oi, bom dia! O meu Gol já ficou pronto?",
        "sim",
        "Pode fazer, eu aprovo o orçamento.",
        "Quanto fica a embreagem?",
        "Não, não, deixa pra lá.",
        "Obrigado por ver isso pra mim!",
        "Tchau, obrigada, até amanhã.",
        "Preciso trocar a pastilha de freio e revisar a suspensão.",
        "É sobre a embreagem e o câmbio do meu carro, quero um orçamento",
        "A placa é ABC1D23",
        "Coloquei uma música alta e o rádio parou",
    ],
)
def test_what_customers_say_is_believed(text: str) -> None:
    assert believed(Heard(text=f" {text} "), hint=HINT, size=SIZE) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "silence"),
        (" ... ", "silence"),
        ("♪ ♪ ♪", "silence"),
        ("Legendas pela comunidade Amara.org", "invented"),
        ("Legendas pela comunidade das Amara.org.", "invented"),
        ("Obrigado por assistir!", "invented"),
        ("Obrigada por assistir e até o próximo vídeo.", "invented"),
        ("Inscreva-se no canal e ative o sininho!", "invented"),
        ("Se inscreva, deixe o seu like", "invented"),
        ("Tchau, tchau.", "invented"),
        ("Thanks for watching!", "invented"),
        ("[Música]", "invented"),
        ("Transcrição e Legendas: Fulano", "invented"),
        (HINT, "echo"),
        ("Oficina mecânica: orçamento, embreagem, câmbio, pastilha de freio", "echo"),
        ("orçamento, embreagem, câmbio, pastilha de freio, suspensão", "echo"),
        ("o carro o carro o carro o carro o carro", "repetition"),
        ("e aí eu fui lá, " * 20, "repetition"),
        ("não sei não sei não sei não sei", "repetition"),
    ],
)
def test_what_recognisers_invent_is_not(text: str, reason: str) -> None:
    with pytest.raises(NotHeard) as doubt:
        believed(Heard(text=text), hint=HINT, size=SIZE)
    assert doubt.value.reason == reason


STORY = (
    "Olha, eu queria saber do meu carro porque deixei aí na terça passada e ninguém falou mais nada comigo, "
    "minha esposa precisa dele para levar as crianças na escola e o ônibus aqui do bairro demora demais."
)


@pytest.mark.parametrize(("duration", "size"), [(1.5, SIZE), (None, 900)])
def test_more_words_than_fit_into_the_recording_are_not_believed(duration: float | None, size: int) -> None:
    assert believed(Heard(text=STORY, duration=14.0), hint=HINT, size=size) == STORY
    with pytest.raises(NotHeard) as doubt:
        believed(Heard(text=STORY, duration=duration), hint=HINT, size=size)
    assert doubt.value.reason == "too_much"


def test_silence_at_the_end_does_not_spoil_what_was_said() -> None:
    segments = [clear("Cadê meu carro?"), silent(" Obrigado."), clear(" Legendas pela comunidade Amara.org")]
    heard = Heard.model_validate({"text": "Cadê meu carro? Obrigado. Legendas…", "duration": 6, "segments": segments})
    assert believed(heard, hint=HINT, size=SIZE) == "Cadê meu carro?"


@pytest.mark.parametrize(
    "segment", [silent("Pode aprovar o orçamento."), {"text": "Pode aprovar.", "avg_logprob": -1.9}]
)
def test_what_the_recogniser_itself_doubts_is_not_believed(segment: dict[str, JsonValue]) -> None:
    heard = Heard.model_validate({"text": segment["text"], "duration": 4, "segments": [segment]})
    with pytest.raises(NotHeard) as doubt:
        believed(heard, hint=HINT, size=SIZE)
    assert doubt.value.reason == "silence"


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as scripted:
        yield scripted
        scripted.assert_finished()


@pytest.fixture
async def listener(settings: Settings, model: ScriptedModel) -> AsyncIterator[Listener]:
    own = settings.model_copy(
        update={
            "openai_api_key": SecretStr("key"),
            "openai_base_url": model.base_url,
            "transcription_model": "whisper-1",
            "transcription_timeout": 2.0,
        }
    )
    listener = create_listener(own)
    assert listener is not None
    yield listener
    await listener.close()


async def test_an_endpoint_without_details_is_asked_for_plain_text_from_then_on(
    listener: Listener, model: ScriptedModel
) -> None:
    model.voices = [Fail(400), Hear("bom dia"), Hear("boa tarde")]
    assert await listener.hear(b"sound" * 1000, "audio/ogg") == "bom dia"
    assert await listener.hear(b"sound" * 1000, "audio/mpeg") == "boa tarde"
    assert [asked.fields["response_format"] for asked in model.listened] == ["verbose_json", "json", "json"]


async def test_details_are_used_where_they_are_given(listener: Listener, model: ScriptedModel) -> None:
    model.voices = [Hear("Pode aprovar.", 2.0, [silent("Pode aprovar.")])]
    with pytest.raises(NotHeard):
        await listener.hear(b"sound" * 1000, "audio/ogg")


@pytest.mark.parametrize(
    ("voice", "reason"), [(Fail(401), "status_401"), (Fail(404), "status_404"), (Slow(3, Fail(500)), "out_of_time")]
)
async def test_an_endpoint_that_is_unwell_hears_nothing(
    listener: Listener, model: ScriptedModel, voice: Fail | Slow, reason: str
) -> None:
    model.voices = [voice]
    with pytest.raises(NotHeard) as failure:
        await listener.hear(b"sound", "audio/ogg")
    assert failure.value.reason == reason


async def test_nobody_listens_unless_key_and_model_are_set(settings: Settings) -> None:
    assert create_listener(settings) is None
    assert create_listener(settings.model_copy(update={"openai_api_key": SecretStr("key")})) is None
    assert create_listener(settings.model_copy(update={"transcription_model": "whisper-1"})) is None
