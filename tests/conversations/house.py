"""Where dialogues are played with both responders: databases to copy, one fitted understander, one scripted model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from assistant.rehearsal.databases import Databases
from assistant.rehearsal.loading import Script, load_folder
from assistant.rehearsal.play import Played, Props, SetStage, make_props, play, stage_of
from integrations.llm.scripted import ScriptedModel, scripted_model
from integrations.settings import ResponderChoice, Settings
from tests.stack.running import share_cache

from .competent import CompetentMind
from .misbehaving import MINDS

FOLDER = Path(__file__).parent / "dialogues"
SCRIPTS = load_folder(FOLDER)

UNSCRIPTED = frozenset(
    {
        "booking_can_it_be_later_that_day",
        "booking_cancelled_after_all",
        "booking_christmas_then_the_monday_after",
        "booking_confused_the_day",
        "booking_does_not_suit_any_more",
        "booking_moved_by_swap_makes_no_second_visit",
        "booking_moved_instead_of_tomorrow",
        "booking_moved_same_time",
        "booking_moved_to_thursday_afternoon",
        "booking_next_week_bit_by_bit",
        "booking_noon_is_lunch_then_three_and_cancelled",
        "booking_not_in_the_morning",
        "booking_on_a_holiday_then_saturday",
        "booking_sunday_only_then_saturday_nine",
        "booking_when_was_it_and_earlier",
        "booking_yes_names_the_day_and_hour",
        "forecast_and_till_what_hour",
        "last_oil_change_then_a_new_one",
        "newcomer_at_night_line_by_line",
        "newcomer_books_thursday_morning",
        "newcomer_engine_light_books_early",
        "newcomer_had_a_quote_elsewhere",
        "newcomer_with_a_fiat",
        "other_car_and_its_money",
        "payment_a_strange_pix_key",
        "payment_what_paid_what_left_and_pix",
        "quote_approve_and_when_ready",
        "quote_decided_next_week",
        "quote_only_the_oil_considered_then_all",
        "quote_price_of_the_quoted_labour",
        "quote_take_that_one_out",
        "quote_wants_to_approve_one_of_two",
        "quote_which_by_its_work",
        "quote_which_by_plate_with_typo",
        "quote_yes_but_in_instalments",
        "warranty_of_the_shocks",
    }
)
"""What the scripted model is too simple for: it offers slots where a visit can be proposed, keeps no
thread, answers one question a message, and knows a wish to wait only in a few words."""


@dataclass(frozen=True)
class House:
    """What all dialogues of a run share."""

    databases: Databases
    settings: Settings
    props: Props
    scripted: ScriptedModel
    competent: CompetentMind

    async def play(self, script: Script, responder: ResponderChoice, set_stage: SetStage = stage_of) -> Played:
        """One dialogue from its beginning, on a database of its own."""
        settings = self.settings.model_copy(update={"responder": responder})
        self.scripted.mind = MINDS.get(script.name, self.competent)
        async with self.databases.copy(script.dialogue.begins) as url:
            return await play(script.dialogue, SCRIPTS.fixtures, url, settings, self.props, set_stage)


@asynccontextmanager
async def open_house(server: str, folder: Path) -> AsyncIterator[House]:
    """A house on this PostgreSQL server, with an empty folder for its data."""
    share_cache(folder)
    async with scripted_model() as scripted:
        settings = Settings(
            _env_file=None,
            database_url=server,
            data_dir=folder,
            openai_api_key=SecretStr("sk-test"),
            openai_base_url=scripted.base_url,
            model="scripted-1",
        )
        databases = Databases(server)
        async with make_props(settings) as props:
            yield House(databases, settings, props, scripted, CompetentMind(props.understander))
        await databases.close()
