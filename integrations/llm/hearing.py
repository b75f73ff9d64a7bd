"""Listen to a voice note: the recogniser's answer, believed or not.

Raises `NotHeard` and nothing else. Nothing that is heard is logged.
"""

import asyncio

import structlog
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, OpenAIError
from pydantic import ValidationError

from integrations.llm.belief import Heard, NotHeard, believed
from integrations.settings import Settings

__all__ = ["Listener", "NotHeard", "create_listener"]

log = structlog.get_logger(__name__)

HINT = "Oficina mecânica: orçamento, embreagem, câmbio, pastilha de freio, suspensão, revisão, guincho, placa."
"""Words that the recogniser meets here; a recogniser that hears nothing may repeat them."""
LANGUAGE = "pt"
TRIES = 2
BAD_REQUEST = 400
ENDINGS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/3gpp": "3gp",
}


class Listener:
    """The recogniser of an OpenAI-compatible endpoint; shared by all jobs of a process."""

    def __init__(self, settings: Settings, model: str) -> None:
        key = settings.openai_api_key
        self._model = model
        self._seconds = settings.transcription_timeout
        self._with_details = True
        """Whether the endpoint tells how sure it is; some models refuse to be asked."""
        self._client = AsyncOpenAI(
            api_key=key.get_secret_value() if key else "none", base_url=settings.openai_base_url, max_retries=TRIES - 1
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def hear(self, content: bytes, media_type: str) -> str:
        """What is said in it. Raises `NotHeard`."""
        try:
            async with asyncio.timeout(self._seconds):
                heard = await self._asked(content, media_type)
        except TimeoutError:
            raise NotHeard("out_of_time") from None
        except APIStatusError as error:
            log.warning("transcription.refused", status=error.status_code, code=error.code)
            raise NotHeard(f"status_{error.status_code}") from None
        except APIConnectionError:
            log.warning("transcription.unreachable")
            raise NotHeard("unreachable") from None
        except (OpenAIError, ValidationError):
            raise NotHeard("unreadable") from None
        return believed(heard, hint=HINT, size=len(content))

    async def _asked(self, content: bytes, media_type: str) -> Heard:
        """With the details that tell how sure it is, where the endpoint gives them."""
        if self._with_details:
            try:
                return await self._once(content, media_type, detailed=True)
            except APIStatusError as error:
                if error.status_code != BAD_REQUEST:
                    raise
        heard = await self._once(content, media_type, detailed=False)
        self._with_details = False
        return heard

    async def _once(self, content: bytes, media_type: str, *, detailed: bool) -> Heard:
        response = await self._client.audio.transcriptions.with_raw_response.create(
            model=self._model,
            file=(f"voice.{ENDINGS.get(media_type, 'ogg')}", content, media_type),
            language=LANGUAGE,
            prompt=HINT,
            temperature=0,
            response_format="verbose_json" if detailed else "json",
        )
        return Heard.model_validate_json(response.content)


def create_listener(settings: Settings) -> Listener | None:
    """The recogniser, when one is configured."""
    if not settings.listens or settings.transcription_model is None:
        return None
    return Listener(settings, settings.transcription_model)
