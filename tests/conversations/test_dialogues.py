"""Every dialogue of `dialogues/` with both responders: the embedded one, and a scripted model at the wire."""

from collections.abc import AsyncIterator

import pytest

from assistant.conversation.kinds import is_only_map
from assistant.rehearsal.dialogue import CustomerStep, Message
from assistant.rehearsal.features import missing
from assistant.rehearsal.loading import Script
from assistant.rehearsal.play import Played
from integrations.settings import ResponderChoice

from .house import SCRIPTS, House, open_house
from .misbehaving import MINDS

UNSCRIPTED = frozenset(
    {
        "booking_cancelled_after_all",
        "booking_moved_same_time",
        "booking_next_week_bit_by_bit",
        "booking_on_a_holiday_then_saturday",
        "booking_when_was_it_and_earlier",
        "last_oil_change_then_a_new_one",
        "newcomer_books_thursday_morning",
        "newcomer_engine_light_books_early",
        "newcomer_with_a_fiat",
        "other_car_and_its_money",
        "payment_a_strange_pix_key",
        "payment_what_paid_what_left_and_pix",
        "quote_approve_and_when_ready",
        "quote_only_the_oil_considered_then_all",
        "quote_which_by_its_work",
        "quote_which_by_plate_with_typo",
        "warranty_of_the_shocks",
    }
)
"""What the scripted model is too simple for: it offers slots where a visit can be proposed, and keeps no thread."""


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
    if responder is ResponderChoice.MODEL and script.name not in MINDS:
        assert played.answered_by.get("embedded", 0) <= not_for_a_model(script, played), played.answered_by


def not_for_a_model(script: Script, played: Played) -> int:
    """Turns that need no model: nothing is to be said, or what came is no text."""
    steps = [step for step in script.dialogue.steps if isinstance(step, CustomerStep)]
    other = sum(any(isinstance(one, Message) or is_only_map(one) for one in step.customer) for step in steps)
    return other + sum(not reply for reply in played.replies)


def test_there_are_many_dialogues() -> None:
    assert len([script for script in SCRIPTS.all if not missing(script.dialogue.needs)]) >= 60
