"""Configurações › Preparo do Kommo: what the account has and lacks, a plan that is shown first, and what stages mean.

The page comes at once and then asks for the rest, because Kommo is asked for it. No handler that calls Kommo asks for a
session: no transaction is open meanwhile.
"""

from collections.abc import Sequence

from litestar import Response, get, post

from assistant.staff.audit import Action, note
from assistant.staff.kommo_at_hand import UNREACHABLE, NoAccount, at_hand
from assistant.staff.roles import Role
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, visit_of
from integrations.database import transaction
from integrations.kommo.check.running import check_account
from integrations.kommo.errors import KommoError
from integrations.kommo.findings import Finding, Language, State
from integrations.kommo.mapping.choices import StageRef
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.mapping.store import MappingRefused, save_responsible, save_stages
from integrations.kommo.mapping.suggesting import suggest_mapping
from integrations.kommo.schemas import Pipeline
from integrations.kommo.setup.applying import apply
from integrations.kommo.setup.planning import plan
from integrations.kommo.setup.remembering import remember_standing

PATH = "/configuracoes/preparo"
ORDER = (State.MISSING, State.WARNING, State.UNKNOWN)
"""What needs somebody comes first."""


@get(PATH, lowest=Role.GERENTE, sync_to_thread=False)
def show_setup(request: StaffRequest) -> Response[str]:
    """The frame; it asks for the rest by itself."""
    return page(request, "kommo_setup.html")


@get(f"{PATH}/conta", lowest=Role.GERENTE)
async def show_account(request: StaffRequest) -> Response[str]:
    """What Kommo has, what would be done, and the choice of stages."""
    try:
        async with at_hand(parts_of(request)) as account:
            look = account.client.remembering()
            planned = await plan(look, account.expected.wanted)
            findings = await check_account(look, account.expected, account.chosen)
            pipelines, users = await look.pipelines(), await look.users()
    except NoAccount as no_account:
        return page(request, "kommo_account.html", block="account", problem=str(no_account))
    except KommoError as error:
        return page(request, "kommo_account.html", block="account", problem=UNREACHABLE.format(error=error))
    chosen = account.chosen
    suggested = {} if chosen.stages else suggest_mapping(pipelines)
    refs = {meaning: stage.ref for meaning, stage in chosen.stages.items()} or suggested
    return page(
        request,
        "kommo_account.html",
        block="account",
        problem=None,
        to_do=planned.to_do,
        troubles=sorted((one for one in findings if one.state is not State.OK), key=_urgency),
        in_order=[one for one in findings if one.state is State.OK],
        pt=Language.PORTUGUESE,
        meanings=list(Meaning),
        options=_options(pipelines),
        current={meaning: _value(ref) for meaning, ref in refs.items()},
        suggested=bool(suggested),
        users=[("", "Ninguém em especial"), *((user.id, user.name) for user in users)],
        responsible=next((user.kommo_user_id for user in chosen.users if user.is_default), ""),
    )


@post(f"{PATH}/aplicar", lowest=Role.GERENTE)
async def carry_out(request: StaffRequest) -> Response[str]:
    """Do what the plan shows; what is there already is left alone."""
    parts = parts_of(request)
    try:
        async with at_hand(parts) as account:
            planned = await plan(account.client, account.expected.wanted)
            outcomes = [outcome async for outcome in apply(account.client, planned)]
            await remember_standing(account.client, parts.sessions, account.expected.wanted)
    except NoAccount as no_account:
        return go_to(request, PATH, say=str(no_account))
    except KommoError as error:
        return go_to(request, PATH, say=UNREACHABLE.format(error=error))
    async with transaction(parts.sessions) as session:
        note(session, visit_of(request).doer, Action.KOMMO_SET_UP)
    left = sum(not outcome.is_good for outcome in outcomes)
    if left:
        return go_to(request, PATH, say=f"{left} de {len(outcomes)} passos não deram certo: veja abaixo o que falta.")
    return go_to(request, PATH, say="Conta preparada.")


@post(f"{PATH}/etapas", lowest=Role.GERENTE)
async def choose_stages(request: StaffRequest) -> Response[str]:
    """Keep what the stages mean and whose leads are nobody's; checked against the account's own stages."""
    parts, given = parts_of(request), await request.form()
    try:
        async with at_hand(parts) as account:
            pipelines, users = await account.client.pipelines(), await account.client.users()
        wanted = {meaning: _ref(given.get(meaning.value)) for meaning in Meaning if meaning.value in given}
        user = next((one for one in users if str(one.id) == given.get("responsible")), None)
        async with transaction(parts.sessions) as session:
            await save_stages(session, pipelines, wanted)
            if "responsible" in given:
                await save_responsible(session, user)
            note(session, visit_of(request).doer, Action.KOMMO_STAGES_CHOSEN)
    except (NoAccount, MappingRefused) as refused:
        return go_to(request, PATH, say=str(refused))
    except KommoError as error:
        return go_to(request, PATH, say=UNREACHABLE.format(error=error))
    return go_to(request, PATH, say="Etapas salvas.")


def _urgency(found: Finding) -> int:
    return ORDER.index(found.state)


def _options(pipelines: Sequence[Pipeline]) -> list[tuple[str, str]]:
    """Every stage with its pipeline, as a choice."""
    stages = [(pipeline, stage) for pipeline in pipelines for stage in pipeline.stages]
    return [
        ("", "—"),
        *((_value(StageRef(pipeline.id, stage.id)), f"{pipeline.name} › {stage.name}") for pipeline, stage in stages),
    ]


def _value(ref: StageRef) -> str:
    return f"{ref.pipeline_id}:{ref.stage_id}"


def _ref(value: object) -> StageRef | None:
    """The stage that a choice names; what names none takes the choice back."""
    pipeline, _, stage = str(value or "").partition(":")
    return StageRef(int(pipeline), int(stage)) if pipeline.isdecimal() and stage.isdecimal() else None


AREA = Area(
    "Preparo do Kommo", PATH, Role.GERENTE, (show_setup, show_account, carry_out, choose_stages), Place.SETTINGS
)
