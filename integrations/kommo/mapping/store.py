"""Reads and saves what was chosen. Takes a session, never commits; the account's own stages are fetched before.

Saving compares with them: `MappingRefused` says for each wrong choice why, in words for the staff.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.mapping.choices import Chosen, ChosenStage, ChosenUser, SeenField, StageRef
from integrations.kommo.mapping.meanings import INCOMING, Meaning
from integrations.kommo.mapping.models import FieldSeen, StageChoice, UserChoice
from integrations.kommo.schemas import CustomField, Pipeline
from integrations.kommo.schemas_users import User


class MappingRefused(Exception):
    """Choices that the account does not allow, nothing was saved: what is wrong, in Portuguese, by what was chosen."""

    def __init__(self, refusals: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {words}" for name, words in refusals.items()))
        self.refusals = refusals


async def load_chosen(session: AsyncSession) -> Chosen:
    """Everything that was chosen or seen. Rows of a meaning that this version does not know are left out."""
    stages = (await session.execute(select(StageChoice))).scalars()
    users = (await session.execute(select(UserChoice).order_by(UserChoice.name))).scalars()
    fields = (await session.execute(select(FieldSeen))).scalars()
    known = set(Meaning)
    return Chosen(
        {Meaning(row.meaning): _stage(row) for row in stages if row.meaning in known},
        tuple(ChosenUser(row.kommo_user_id, row.name, row.staff_id, row.is_default) for row in users),
        {row.name: SeenField(row.field_id, row.field_name) for row in fields},
    )


def _stage(row: StageChoice) -> ChosenStage:
    return ChosenStage(StageRef(row.pipeline_id, row.stage_id), row.pipeline_name, row.stage_name)


async def save_stages(
    session: AsyncSession, pipelines: Sequence[Pipeline], wanted: Mapping[Meaning, StageRef | None]
) -> None:
    """Choose stages, or none for a meaning; meanings left out stay. Raises `MappingRefused`, then nothing is saved."""
    rows = allowed_stages(pipelines, wanted)
    await session.execute(delete(StageChoice).where(StageChoice.meaning.in_([m.value for m in wanted])))
    if rows:
        await session.execute(insert(StageChoice).values(rows))


def allowed_stages(pipelines: Sequence[Pipeline], wanted: Mapping[Meaning, StageRef | None]) -> list[dict[str, object]]:
    """The rows of these choices. Raises `MappingRefused`."""
    refusals: dict[str, str] = {}
    rows: list[dict[str, object]] = []
    for meaning, ref in wanted.items():
        found = None if ref is None else _allowed(pipelines, ref)
        if isinstance(found, str):
            refusals[meaning.value] = found
        elif found is not None:
            rows.append({"meaning": meaning.value, **found})
    if refusals:
        raise MappingRefused(refusals)
    return rows


def _allowed(pipelines: Sequence[Pipeline], ref: StageRef) -> dict[str, object] | str:
    """The row's columns for a choice, or why it cannot be made."""
    pipeline = next((known for known in pipelines if known.id == ref.pipeline_id), None)
    if pipeline is None:
        return "esse funil não existe mais no Kommo; escolha outro."
    if pipeline.is_archive:
        return f"o funil “{pipeline.name}” está arquivado no Kommo; escolha outro."
    stage = next((known for known in pipeline.stages if known.id == ref.stage_id), None)
    if stage is None:
        return _not_in(pipelines, pipeline, ref.stage_id)
    if stage.type == INCOMING:
        return f"“{stage.name}” é a etapa de entrada do Kommo: nenhum lead pode ser levado para ela; escolha outra."
    names = {"pipeline_name": pipeline.name, "stage_name": stage.name}
    return {"pipeline_id": pipeline.id, "stage_id": stage.id, **names}


def _not_in(pipelines: Sequence[Pipeline], pipeline: Pipeline, stage_id: int) -> str:
    for other in pipelines:
        for stage in other.stages:
            if stage.id == stage_id:
                return (
                    f"a etapa “{stage.name}” é do funil “{other.name}”, não do funil “{pipeline.name}”; "
                    f"escolha uma etapa do funil “{pipeline.name}”."
                )
    return f"essa etapa não existe mais no funil “{pipeline.name}” do Kommo; escolha outra."


async def save_users(
    session: AsyncSession, users: Sequence[User], staff: Mapping[int, int | None], default_id: int | None
) -> None:
    """Say which Kommo user is whom of our staff, and who is responsible by default. Replaces what was said before.

    Raises `MappingRefused`, then nothing is saved.
    """
    known = {user.id: user for user in users}
    named = dict.fromkeys([*staff, *([default_id] if default_id is not None else [])])
    refusals = {str(user_id): words for user_id in named if (words := _not_allowed(known.get(user_id)))}
    if refusals:
        raise MappingRefused(refusals)
    await session.execute(delete(UserChoice))
    rows = [
        {
            "kommo_user_id": user_id,
            "name": known[user_id].name,
            "staff_id": staff.get(user_id),
            "is_default": user_id == default_id,
        }
        for user_id in named
    ]
    if rows:
        await session.execute(insert(UserChoice).values(rows))


async def default_responsible(session: AsyncSession) -> int | None:
    """The Kommo user whose tasks and leads are when nobody else's."""
    return await session.scalar(select(UserChoice.kommo_user_id).where(UserChoice.is_default))


async def save_responsible(session: AsyncSession, user: User | None) -> None:
    """Make a user responsible by default, or nobody; what is known of all of them stays. Raises `MappingRefused`."""
    if user is None:
        await session.execute(update(UserChoice).where(UserChoice.is_default).values(is_default=False))
        return
    if words := _not_allowed(user):
        raise MappingRefused({str(user.id): words})
    await session.execute(update(UserChoice).where(UserChoice.is_default).values(is_default=False))
    row = insert(UserChoice).values(kommo_user_id=user.id, name=user.name, is_default=True)
    changed = {"name": row.excluded.name, "is_default": True}
    await session.execute(row.on_conflict_do_update(index_elements=["kommo_user_id"], set_=changed))


def _not_allowed(user: User | None) -> str | None:
    if user is None:
        return "esse usuário não existe mais no Kommo; escolha outro."
    return None if user.rights.is_active else f"o usuário “{user.name}” está desativado no Kommo; escolha outro."


async def remember_fields(session: AsyncSession, fields: Mapping[str, CustomField]) -> None:
    """Note our fields as they are now, by our own names; those not named stay as they were last seen."""
    for name, field in fields.items():
        row = insert(FieldSeen).values(name=name, field_id=field.id, field_name=field.name)
        seen = {"field_id": row.excluded.field_id, "field_name": row.excluded.field_name}
        await session.execute(row.on_conflict_do_update(index_elements=["name"], set_=seen))
