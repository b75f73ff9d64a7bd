"""Hundreds of messages as people write them, from every customer: each gets an answer that the fact check accepts."""

import json
from pathlib import Path

import pytest

from assistant.conversation.embedded.answers.routing import ANSWERS
from assistant.conversation.embedded.intents import Intent

from .conftest import BETO, RITA, Talk
from .conversation import ANA, CARLOS, JOAO, MARIA, PAULO, STRANGER

MESSAGES = Path(__file__).parents[1] / "embedded" / "dev.jsonl"
THREAD = 6
"""Messages that follow each other in one conversation."""
SHARE = 3
"""Each customer writes one message in so many; all are written by somebody."""


@pytest.mark.parametrize(("place", "phone"), list(enumerate([JOAO, MARIA, CARLOS, ANA, PAULO, RITA, BETO, STRANGER])))
async def test_every_message_gets_a_sound_answer(talk: Talk, place: int, phone: str) -> None:
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text().splitlines()]
    for start in range(place % SHARE * THREAD, len(texts), SHARE * THREAD):
        conversation = talk(phone)
        for text in texts[start : start + THREAD]:
            draft = await conversation.write(text)
            if phone == STRANGER:
                assert "OS-" not in draft.text
                assert "R$" not in draft.text


def test_every_intent_has_an_answer() -> None:
    assert set(ANSWERS) == set(Intent)
