"""A stage or a user as a person names it: by name or id. No I/O. Raises `Unnamed` that says what there is."""

from collections.abc import Sequence

from integrations.kommo.labels import same_label
from integrations.kommo.mapping.choices import StageRef
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.schemas import Pipeline
from integrations.kommo.schemas_users import User


class Unnamed(Exception):
    """Nothing, or more than one thing, has this name; the text lists what there is."""


def read_stage(pipelines: Sequence[Pipeline], typed: str) -> StageRef:
    """`STAGE` or `PIPELINE/STAGE`, each a name or an id."""
    listed = [(pipeline, stage) for pipeline in pipelines if not pipeline.is_archive for stage in pipeline.stages]
    found = [
        (pipeline, stage)
        for pipeline, stage in listed
        if _names(typed, stage.id, stage.name)
        or any(
            _names(typed[:cut], pipeline.id, pipeline.name) and _names(typed[cut + 1 :], stage.id, stage.name)
            for cut, letter in enumerate(typed)
            if letter == "/"
        )
    ]
    if len(found) == 1:
        return StageRef(found[0][0].id, found[0][1].id)
    choices = ", ".join(f"{pipeline.name}/{stage.name}" for pipeline, stage in found or listed)
    raise Unnamed(f"{'Several stages are' if found else 'No stage is'} named {typed!r}. There are: {choices}.")


def read_meaning(typed: str) -> Meaning:
    """A meaning by its value, or by the label that staff read."""
    for meaning in Meaning:
        if typed.strip().lower() == meaning.value or same_label(typed, meaning.label):
            return meaning
    raise Unnamed(f"{typed!r} is no meaning of a stage. There are: {', '.join(Meaning)}.")


def read_user(users: Sequence[User], typed: str) -> User:
    """A user by name or id."""
    found = [user for user in users if _names(typed, user.id, user.name)]
    if len(found) == 1:
        return found[0]
    choices = ", ".join(f"{user.name} ({user.id})" for user in found or users)
    raise Unnamed(f"{'Several users are' if found else 'No user is'} named {typed!r}. There are: {choices}.")


def _names(typed: str, known_id: int, name: str) -> bool:
    return typed.strip() == str(known_id) or same_label(typed, name)
