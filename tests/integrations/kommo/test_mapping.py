"""What stages and users mean to the shop: suggested by name, refused when wrong, and told when Kommo changed."""

import pytest

from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient
from integrations.kommo.findings import Code, Finding, Language
from integrations.kommo.mapping.checking import check_mapping
from integrations.kommo.mapping.choices import Chosen, StageRef
from integrations.kommo.mapping.meanings import LOST, MEANINGS, WON, Meaning
from integrations.kommo.mapping.naming import Unnamed, read_meaning, read_stage, read_user
from integrations.kommo.mapping.store import MappingRefused, load_chosen, save_responsible, save_stages, save_users
from integrations.kommo.mapping.suggesting import suggest_mapping
from integrations.kommo.schemas import Pipeline, Stage
from integrations.kommo.schemas_users import User
from integrations.workshop.stages import Stage as OrderStage

from .conftest import StandIn


def pipeline(number: int, *stages: str, main: bool = False) -> Pipeline:
    """A pipeline with won and lost; its stages have the ids `number` × 100 and up."""
    own = [Stage(id=number * 100 + place, name=name) for place, name in enumerate(stages)]
    closing = [Stage(id=WON, name="Ganho"), Stage(id=LOST, name="Perdido")]
    return Pipeline(id=number, name=f"Funil {number}", is_main=main, stages=[*own, *closing])


def named(pipelines: list[Pipeline], chosen: dict[Meaning, StageRef]) -> dict[Meaning, str]:
    names = {(p.id, stage.id): stage.name for p in pipelines for stage in p.stages}
    return {meaning: names[ref.pipeline_id, ref.stage_id] for meaning, ref in chosen.items()}


async def stage_ids(kommo: KommoClient) -> tuple[int, dict[str, int]]:
    """The main pipeline's id, and its stages' ids by name."""
    (main,) = [found for found in await kommo.pipelines() if found.is_main]
    return main.id, {stage.name: stage.id for stage in main.stages}


async def another_pipeline(stand_in: StandIn) -> Pipeline:
    body = [{"name": "Vendas", "_embedded": {"statuses": [{"name": "Proposta"}]}}]
    headers = {"authorization": f"Bearer {stand_in.token}"}
    answer = await stand_in.hand.post("/api/v4/leads/pipelines", json=body, headers=headers)
    return Pipeline.model_validate(answer.json()["_embedded"]["pipelines"][0])


async def chosen_now(sessions: Sessions) -> Chosen:
    async with transaction(sessions) as session:
        return await load_chosen(session)


async def choose(sessions: Sessions, kommo: KommoClient, **names: str) -> None:
    """Choose stages of the main pipeline by meaning."""
    pipeline_id, ids = await stage_ids(kommo)
    wanted = {Meaning(meaning): StageRef(pipeline_id, ids[name]) for meaning, name in names.items()}
    async with transaction(sessions) as session:
        await save_stages(session, await kommo.pipelines(), wanted)


def said(found: list[Finding], code: Code) -> str:
    (one,) = [one for one in found if one.code is code]
    return f"{one.name(Language.PORTUGUESE)}: {one.text(Language.PORTUGUESE)}"


def test_every_stage_of_an_order_but_the_unforeseen_has_a_meaning() -> None:
    assert set(MEANINGS) == set(OrderStage) - {OrderStage.OTHER}


async def test_the_shops_own_stages_are_suggested_by_their_names(kommo: KommoClient) -> None:
    pipelines = await kommo.pipelines()
    assert named(pipelines, suggest_mapping(pipelines)) == {
        Meaning.QUALIFIED: "Orçamento Aprovado",
        Meaning.DIAGNOSIS: "Diagnóstico",
        Meaning.AWAITING_APPROVAL: "Aguardando Aprovação",
        Meaning.AWAITING_PARTS: "Aguardando Peças",
        Meaning.READY_TO_START: "Orçamento Aprovado",
        Meaning.IN_PROGRESS: "Em Execução",
        Meaning.READY_FOR_PICKUP: "Pronto p/ Retirada",
        Meaning.DELIVERED: "Closed - won",
        Meaning.REFUSED: "Closed - lost",
        Meaning.CANCELLED: "Closed - lost",
    }


def test_suggestions_come_from_the_pipeline_that_fits_best() -> None:
    sales = pipeline(1, "Contato", "Proposta", "Aprovado", main=True)
    yard = pipeline(2, "DIAGNOSTICO", "Aguard. peças", "execusão", "Entregue")
    found = suggest_mapping([sales, yard])
    assert {ref.pipeline_id for ref in found.values()} == {2}
    assert named([yard], found) == {
        Meaning.DIAGNOSIS: "DIAGNOSTICO",
        Meaning.AWAITING_PARTS: "Aguard. peças",
        Meaning.IN_PROGRESS: "execusão",
        Meaning.DELIVERED: "Entregue",
        Meaning.REFUSED: "Perdido",
        Meaning.CANCELLED: "Perdido",
    }


@pytest.mark.parametrize(
    "stage", ["Orçamento reprovado", "Orçamento não aprovado", "Não aprovado", "Em Qualificação", "Orçamento enviado"]
)
def test_the_opposite_of_a_name_is_not_taken_for_it(stage: str) -> None:
    found = suggest_mapping([pipeline(1, stage)])
    assert {Meaning.QUALIFIED, Meaning.READY_TO_START} & set(found) == set()


def test_without_a_live_pipeline_nothing_is_suggested() -> None:
    archived = pipeline(1, "Diagnóstico").model_copy(update={"is_archive": True})
    assert suggest_mapping([]) == suggest_mapping([archived]) == {}


async def test_choices_are_kept_with_their_names_and_can_be_taken_back(sessions: Sessions, kommo: KommoClient) -> None:
    await choose(sessions, kommo, qualified="Orçamento Aprovado", diagnosis="Diagnóstico")
    await choose(sessions, kommo, diagnosis="Em Qualificação")
    chosen = await chosen_now(sessions)
    assert {meaning.value: stage.stage_name for meaning, stage in chosen.stages.items()} == {
        "qualified": "Orçamento Aprovado",
        "diagnosis": "Em Qualificação",
    }
    assert {stage.pipeline_name for stage in chosen.stages.values()} == {"Oficina"}
    async with transaction(sessions) as session:
        await save_stages(session, [], {Meaning.DIAGNOSIS: None})
    assert set((await chosen_now(sessions)).stages) == {Meaning.QUALIFIED}


async def test_wrong_stages_are_refused_each_with_its_reason_and_nothing_is_saved(
    stand_in: StandIn, sessions: Sessions, kommo: KommoClient
) -> None:
    await choose(sessions, kommo, qualified="Diagnóstico")
    other, (main, ids) = await another_pipeline(stand_in), await stage_ids(kommo)
    proposal = next(stage.id for stage in other.stages if stage.name == "Proposta")
    wrong = {
        Meaning.DIAGNOSIS: StageRef(main, proposal),
        Meaning.QUOTING: StageRef(main, 1),
        Meaning.IN_PROGRESS: StageRef(5, ids["Diagnóstico"]),
        Meaning.REFUSED: StageRef(main, ids["Incoming leads"]),
        Meaning.QUALIFIED: StageRef(main, ids["Em Execução"]),
    }
    with pytest.raises(MappingRefused) as refused:
        async with transaction(sessions) as session:
            await save_stages(session, await kommo.pipelines(), wrong)
    words = refused.value.refusals
    assert words["diagnosis"].startswith("a etapa “Proposta” é do funil “Vendas”, não do funil “Oficina”")
    assert "não existe mais no funil “Oficina”" in words["quoting"]
    assert "esse funil não existe mais" in words["in_progress"]
    assert "nenhum lead pode ser levado" in words["refused"]
    assert "qualified" not in words
    assert [stage.stage_name for stage in (await chosen_now(sessions)).stages.values()] == ["Diagnóstico"]


async def test_won_and_lost_belong_to_each_pipeline(stand_in: StandIn, sessions: Sessions, kommo: KommoClient) -> None:
    other = await another_pipeline(stand_in)
    async with transaction(sessions) as session:
        await save_stages(session, await kommo.pipelines(), {Meaning.DELIVERED: StageRef(other.id, WON)})
    (won,) = (await chosen_now(sessions)).stages.values()
    assert (won.pipeline_name, won.stage_name) == ("Vendas", "Closed - won")


async def test_what_a_person_changed_in_kommo_is_told_in_words(
    stand_in: StandIn, sessions: Sessions, kommo: KommoClient
) -> None:
    stages = {"qualified": "Orçamento Aprovado", "diagnosis": "Diagnóstico", "in_progress": "Em Execução"}
    await choose(sessions, kommo, **stages, awaiting_parts="Aguardando Peças")
    other, (_, ids) = await another_pipeline(stand_in), await stage_ids(kommo)
    assert Code.MAPPING_STATUSES_UNSET in {one.code for one in await check_mapping(kommo, await chosen_now(sessions))}
    await stand_in.person("PATCH", f"/stages/{ids['Orçamento Aprovado']}", name="Fechado, agendar")
    await stand_in.person("DELETE", f"/stages/{ids['Diagnóstico']}")
    await stand_in.person("PATCH", f"/stages/{ids['Em Execução']}", pipeline_id=other.id)
    found = await check_mapping(kommo, await chosen_now(sessions))
    renamed = said(found, Code.MAPPING_STAGE_RENAMED)
    assert renamed == "Etapa de Qualificado: A etapa “Orçamento Aprovado” foi renomeada para “Fechado, agendar”."
    assert "“Diagnóstico” foi apagada" in said(found, Code.MAPPING_STAGE_DELETED)
    assert "“Em Execução” passou para o funil “Vendas”" in said(found, Code.MAPPING_STAGE_MOVED)


@pytest.mark.parametrize(
    ("method", "change", "code"),
    [
        ("PATCH", {"name": "Comercial"}, Code.MAPPING_PIPELINE_RENAMED),
        ("PATCH", {"is_archive": True}, Code.MAPPING_PIPELINE_ARCHIVED),
        ("DELETE", {}, Code.MAPPING_PIPELINE_DELETED),
    ],
)
async def test_what_became_of_a_pipeline_is_told(
    stand_in: StandIn, sessions: Sessions, kommo: KommoClient, method: str, change: dict[str, object], code: Code
) -> None:
    other = await another_pipeline(stand_in)
    async with transaction(sessions) as session:
        await save_stages(session, await kommo.pipelines(), {Meaning.DELIVERED: StageRef(other.id, WON)})
    await stand_in.person(method, f"/pipelines/{other.id}", **change)
    assert "“Vendas”" in said(await check_mapping(kommo, await chosen_now(sessions)), code)


async def test_users_are_kept_and_what_became_of_them_is_told(
    stand_in: StandIn, sessions: Sessions, kommo: KommoClient
) -> None:
    users = await kommo.users()
    owner, beatriz, rafael = (user.id for user in users)
    async with transaction(sessions) as session:
        await save_users(session, users, {owner: None, beatriz: 7, rafael: 8}, default_id=beatriz)
    kept = {user.kommo_user_id: (user.staff_id, user.is_default) for user in (await chosen_now(sessions)).users}
    assert kept == {owner: (None, False), beatriz: (7, True), rafael: (8, False)}
    assert Code.MAPPING_USERS_OK in {one.code for one in await check_mapping(kommo, await chosen_now(sessions))}
    await stand_in.person("PATCH", f"/users/{beatriz}", is_active=False)
    await stand_in.person("PATCH", f"/users/{rafael}", name="Rafael C.")
    found = await check_mapping(kommo, await chosen_now(sessions))
    assert "Beatriz Nunes" in said(found, Code.MAPPING_USER_INACTIVE)
    assert "Rafael C." in said(found, Code.MAPPING_USER_RENAMED)
    with pytest.raises(MappingRefused) as refused:
        async with transaction(sessions) as session:
            await save_users(session, await kommo.users(), {1: None}, default_id=beatriz)
    assert set(refused.value.refusals) == {"1", str(beatriz)}
    assert len((await chosen_now(sessions)).users) == 3


async def test_another_user_becomes_responsible_and_the_rest_stays(sessions: Sessions, kommo: KommoClient) -> None:
    users = await kommo.users()
    _, beatriz, rafael = users
    async with transaction(sessions) as session:
        await save_users(session, users, {beatriz.id: 7}, default_id=beatriz.id)
    for user in (rafael, beatriz, rafael):
        async with transaction(sessions) as session:
            await save_responsible(session, user)
    kept = {user.name: (user.staff_id, user.is_default) for user in (await chosen_now(sessions)).users}
    assert kept == {"Beatriz Nunes": (7, False), "Rafael Costa": (None, True)}


def test_stages_and_users_are_named_as_people_do() -> None:
    pipelines = [pipeline(1, "Novo", "Pronto p/ Retirada"), pipeline(2, "Novo", "Peças/Estoque")]
    assert read_stage(pipelines, "pronto p retirada") == StageRef(1, 101)
    assert read_stage(pipelines, "Funil 2/Novo") == read_stage(pipelines, "200") == StageRef(2, 200)
    assert read_stage(pipelines, "Peças/Estoque") == read_stage(pipelines, "Funil 2/Peças/Estoque") == StageRef(2, 201)
    assert read_stage(pipelines, "1/142") == StageRef(1, WON)
    for typed, hint in (("Novo", "Funil 1/Novo, Funil 2/Novo"), ("Lavagem", "Funil 1/Pronto p/ Retirada")):
        with pytest.raises(Unnamed, match=hint):
            read_stage(pipelines, typed)
    assert read_meaning("Em execução") is read_meaning("in_progress") is Meaning.IN_PROGRESS
    users = [User(id=5, name="Beatriz"), User(id=6, name="Rafael")]
    assert read_user(users, "beatriz") == read_user(users, "5") == users[0]
    with pytest.raises(Unnamed, match=r"Beatriz \(5\), Rafael \(6\)"):
        read_user(users, "Ana")
    with pytest.raises(Unnamed, match="ready_for_pickup"):
        read_meaning("lavagem")
