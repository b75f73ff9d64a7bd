"""What Kommo's API answers about Salesbots."""

from typing import Annotated

from pydantic import BeforeValidator

from integrations.kommo.loose import Flag, RequiredId, TextValue, read_dict
from integrations.kommo.schemas import Entity


class BotSettings(Entity):
    """The part of a bot's settings that we look at."""

    active: Flag = False


class Bot(Entity):
    """A Salesbot; its script cannot be read."""

    id: RequiredId
    name: TextValue = ""
    type_functionality: TextValue = ""
    settings: Annotated[BotSettings, BeforeValidator(read_dict)] = BotSettings()
