"""What became of the chosen stages and users in Kommo since they were chosen. Two calls; no database."""

from collections.abc import Iterator, Sequence

from integrations.kommo.client import KommoClient
from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.mapping.choices import Chosen, ChosenStage, ChosenUser
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.schemas import Pipeline
from integrations.kommo.schemas_users import User


async def check_mapping(client: KommoClient, chosen: Chosen) -> list[Finding]:
    """Findings about stages and users. Raises `KommoError`."""
    pipelines = await client.pipelines()
    return [*stage_findings(pipelines, chosen), *user_findings(await client.users(), chosen.users)]


def stage_findings(pipelines: Sequence[Pipeline], chosen: Chosen) -> list[Finding]:
    """How the chosen stages stand, and which meanings have none."""
    if not chosen.stages:
        return [finding(Code.MAPPING_NONE)]
    changed = [said for meaning, stage in chosen.stages.items() for said in _changes(pipelines, meaning, stage)]
    unset = list(_unset(chosen))
    if changed or unset:
        return [*changed, *unset]
    return [finding(Code.MAPPING_STAGES_OK, stages=len(chosen.stages))]


def _changes(pipelines: Sequence[Pipeline], meaning: Meaning, was: ChosenStage) -> Iterator[Finding]:
    said = {"meaning": meaning.label, "stage": was.stage_name, "pipeline": was.pipeline_name}
    pipeline = next((known for known in pipelines if known.id == was.ref.pipeline_id), None)
    if pipeline is None:
        yield finding(Code.MAPPING_PIPELINE_DELETED, **said)
        return
    if pipeline.is_archive:
        yield finding(Code.MAPPING_PIPELINE_ARCHIVED, **said)
    stage = next((known for known in pipeline.stages if known.id == was.ref.stage_id), None)
    if stage is None:
        elsewhere = next((p for p in pipelines if any(s.id == was.ref.stage_id for s in p.stages)), None)
        if elsewhere is None:
            yield finding(Code.MAPPING_STAGE_DELETED, **said)
        else:
            yield finding(Code.MAPPING_STAGE_MOVED, **said, now=elsewhere.name)
    elif stage.name != was.stage_name:
        yield finding(Code.MAPPING_STAGE_RENAMED, **said, now=stage.name)
    elif pipeline.name != was.pipeline_name:
        yield finding(Code.MAPPING_PIPELINE_RENAMED, **said, now=pipeline.name)


def _unset(chosen: Chosen) -> Iterator[Finding]:
    lacking = [meaning for meaning in Meaning if meaning not in chosen.stages]
    if Meaning.QUALIFIED in lacking:
        yield finding(Code.MAPPING_QUALIFIED_UNSET)
    if others := [meaning.label for meaning in lacking if meaning is not Meaning.QUALIFIED]:
        yield finding(Code.MAPPING_STATUSES_UNSET, statuses=", ".join(others))


def user_findings(users: Sequence[User], chosen: Sequence[ChosenUser]) -> list[Finding]:
    """How the chosen users stand, and whether somebody is responsible by default."""
    known = {user.id: user for user in users}
    found = [said for was in chosen for said in _user(known.get(was.kommo_user_id), was)]
    if not any(user.is_default for user in chosen):
        found.append(finding(Code.MAPPING_RESPONSIBLE_UNSET))
    return found or [finding(Code.MAPPING_USERS_OK, users=len(chosen))]


def _user(user: User | None, was: ChosenUser) -> Iterator[Finding]:
    if user is None:
        yield finding(Code.MAPPING_USER_DELETED, user=was.name)
    elif not user.rights.is_active:
        yield finding(Code.MAPPING_USER_INACTIVE, user=was.name)
    elif user.name != was.name:
        yield finding(Code.MAPPING_USER_RENAMED, user=was.name, now=user.name)
