"""Every dialogue of `dialogues/` with both responders: the embedded one, and a scripted model at the wire."""

from collections.abc import AsyncIterator

import pytest

from assistant.conversation.kinds import is_only_map
from assistant.rehearsal.dialogue import CustomerStep, Message
from assistant.rehearsal.features import missing
from assistant.rehearsal.loading import Script
from assistant.rehearsal.play import Played
from integrations.settings import ResponderChoice

from .house import SCRIPTS, UNSCRIPTED, House, open_house
from .misbehaving import MINDS


@pytest.fixture(scope="module")
async def house(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(postgres, tmp_path_factory.mktemp("dialogues")) as house:
        yield house


@pytest.mark.parametrize("responder", [ResponderChoice.EMBEDDED, ResponderChoice.MODEL])
@pytest.mark.parametrize("script", SCRIPTS.all, ids=[script.name for script in SCRIPTS.all])
async def test_dialogue(script: Script, responder: ResponderChoice, house: House) -> None:
    if lacking := missing(script.dialogue.needs):
        pytest.skip(f"needs {', '.join(lacking)}")
    if responder is ResponderChoice.MODEL and script.name in UNSCRIPTED:
        pytest.skip("the scripted model is too simple for it")
    played = await house.play(script, responder)
    told = "\n".join(f"step {one.step}: {one.reason}: {one.expected}\n    {one.said}" for one in played.failures)
    assert played.passed, f"{script.dialogue.title}\n{told}"
    if responder is ResponderChoice.EMBEDDED:
        assert "model" not in played.answered_by
    elif script.name not in MINDS:
        assert played.answered_by.get("embedded", 0) <= not_for_a_model(script, played), played.answered_by


def not_for_a_model(script: Script, played: Played) -> int:
    """Turns that need no model: nothing is to be said, or what came is no text."""
    steps = [step for step in script.dialogue.steps if isinstance(step, CustomerStep)]
    other = sum(any(isinstance(one, Message) or is_only_map(one) for one in step.customer) for step in steps)
    return other + sum(not reply for reply in played.replies)


def test_there_are_many_dialogues() -> None:
    assert len([script for script in SCRIPTS.all if not missing(script.dialogue.needs)]) >= 60
