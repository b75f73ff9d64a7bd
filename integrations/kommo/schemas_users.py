"""The people of an account, as Kommo's API answers them. See schemas.py for everything else."""

from typing import Annotated

from pydantic import BeforeValidator

from integrations.kommo.loose import Flag, RequiredId, TextValue, read_dict
from integrations.kommo.schemas import Entity


class UserRights(Entity):
    """The part of a user's rights that we look at."""

    is_admin: Flag = False
    is_active: Flag = True


class User(Entity):
    """A person with a login to the account."""

    id: RequiredId
    name: TextValue = ""
    rights: Annotated[UserRights, BeforeValidator(read_dict)] = UserRights()
