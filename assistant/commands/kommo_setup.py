"""What `autoprime kommo setup` does: show a plan, ask, carry it out, and note the fields and stages for later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from assistant.commands.kommo_account import Connected
from assistant.problem import Problem
from integrations.database import transaction
from integrations.kommo.errors import KommoError
from integrations.kommo.findings import Language
from integrations.kommo.mapping.choices import Chosen, StageRef
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.mapping.naming import Unnamed, read_meaning, read_stage, read_user
from integrations.kommo.mapping.store import (
    MappingRefused,
    allowed_stages,
    save_responsible,
    save_stages,
)
from integrations.kommo.mapping.suggesting import suggest_mapping
from integrations.kommo.schemas import Pipeline
from integrations.kommo.schemas_users import User
from integrations.kommo.setup.applying import Outcome, apply
from integrations.kommo.setup.planning import plan
from integrations.kommo.setup.remembering import remember_standing
from integrations.kommo.setup.steps import Plan
from integrations.kommo.setup.wanted import Wanted

ENGLISH = Language.ENGLISH


@dataclass(frozen=True)
class Choices:
    """What was chosen on the command line: `MEANING=STAGE`, and a user."""

    stages: tuple[str, ...] = ()
    responsible: str | None = None


@dataclass(frozen=True)
class Mapped:
    """Stages and user to be noted; a stage of None takes a choice back."""

    pipelines: Sequence[Pipeline]
    stages: Mapping[Meaning, StageRef | None]
    responsible: User | None


async def set_up(account: Connected, choices: Choices, *, yes: bool) -> bool:
    """Whether everything that was planned is there now. Raises `Problem`."""
    try:
        expected, chosen = await account.expectation()
        wanted = expected.wanted
        planned = await plan(account.client, wanted)
        mapped = await _map(account, chosen, choices)
    except KommoError as error:
        raise Problem(f"The account could not be looked at: {error}. `autoprime kommo check` says more.") from error
    _show(planned, mapped)
    if not (planned.to_do or mapped.stages or mapped.responsible):
        click.echo("\nNothing to do.")
        await _remember(account, wanted)
        return True
    if not yes:
        click.confirm("\nDo this?", abort=True)
    outcomes = [_told(outcome) async for outcome in apply(account.client, planned)]
    await _keep(account, mapped)
    await _remember(account, wanted)
    return all(outcome.is_good for outcome in outcomes)


async def _map(account: Connected, chosen: Chosen, choices: Choices) -> Mapped:
    """What was named and, as long as no stage was ever chosen, a suggestion for what was not named."""
    pipelines = await account.client.pipelines()
    try:
        named = dict(_named_stage(pipelines, given) for given in choices.stages)
        allowed_stages(pipelines, named)
        user = read_user(await account.client.users(), choices.responsible) if choices.responsible else None
    except (Unnamed, MappingRefused) as error:
        raise Problem(str(error)) from None
    suggested = {} if chosen.stages else suggest_mapping(pipelines)
    return Mapped(pipelines, {**suggested, **named}, user)


def _named_stage(pipelines: Sequence[Pipeline], given: str) -> tuple[Meaning, StageRef | None]:
    meaning, equals, stage = given.partition("=")
    if not equals:
        raise Problem(f"--stage {given!r}: write MEANING=STAGE, e.g. qualified='Orçamento Aprovado'.")
    return read_meaning(meaning), read_stage(pipelines, stage) if stage.strip() else None


def _show(planned: Plan, mapped: Mapped) -> None:
    if planned.standing:
        click.echo("There already, or left alone:")
    for item in planned.standing:
        click.echo(f"    {item.finding.name(ENGLISH)}: {item.finding.text(ENGLISH)}")
        if item.finding.todo(ENGLISH):
            click.echo(f"        → {item.finding.todo(ENGLISH)}")
    click.echo("\nTo do in Kommo:" if planned.to_do else "\nIn Kommo everything is there.")
    for item in planned.to_do:
        click.echo(f"  + {item.finding.step(ENGLISH)}")
    if mapped.stages or mapped.responsible:
        click.echo("\nTo note here (change with --stage MEANING=STAGE and --responsible USER):")
    for meaning, ref in mapped.stages.items():
        click.echo(f"  + {meaning.value} = {_stage_name(mapped.pipelines, ref)}")
    if mapped.responsible:
        click.echo(f"  + responsible by default: {mapped.responsible.name}")


def _stage_name(pipelines: Sequence[Pipeline], ref: StageRef | None) -> str:
    if ref is None:
        return "none"
    pipeline = next(known for known in pipelines if known.id == ref.pipeline_id)
    return f"{pipeline.name}/{next(stage.name for stage in pipeline.stages if stage.id == ref.stage_id)}"


def _told(outcome: Outcome) -> Outcome:
    reason = f" ({outcome.error})" if outcome.error else ""
    click.echo(f"  {outcome.result.value.replace('_', ' ')}: {outcome.item.finding.step(ENGLISH)}{reason}")
    return outcome


async def _keep(account: Connected, mapped: Mapped) -> None:
    async with transaction(account.sessions) as session:
        try:
            await save_stages(session, mapped.pipelines, mapped.stages)
            if mapped.responsible:
                await save_responsible(session, mapped.responsible)
        except MappingRefused as refused:
            raise Problem(str(refused)) from None


async def _remember(account: Connected, wanted: Wanted) -> None:
    """Note which fields stand now, so that one that is deleted later is missed."""
    try:
        standing = await remember_standing(account.client, account.sessions, wanted)
    except KommoError as error:
        raise Problem(f"The fields could not be noted: {error}. Run it again.") from error
    if reply := standing.get(wanted.fields[-1].name):
        click.echo(f"\nThe one step of the bot {account.settings.reply_bot!r} sends: {{{{lead.cf.{reply.id}}}}}")
