"""From a qualified lead to customer, vehicle and OS: once, whoever asks however often; and back."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update

from integrations.database import transaction
from integrations.kommo.chats.models import Conversation
from integrations.kommo.chats.parked import ParkedKind, count_parked, list_parked, retry
from integrations.kommo.importer.automatic import import_automatically, set_automatic
from integrations.kommo.importer.errors import NotDone, NotPossible, Overtaken
from integrations.kommo.importer.history import history_of
from integrations.kommo.importer.importing import Decision, Imported, import_candidate, link_candidate
from integrations.kommo.importer.models import Candidate, CandidateState, ImportLog, OrderLead
from integrations.kommo.importer.reviewing import edit, reject, reopen, review, take_over
from integrations.kommo.importer.undoing import UNDO_WITHIN, undo_import
from integrations.workshop.models import Appointment, Customer, Order, Payment, Vehicle
from tests.integrations.kommo.importer.office import BIA, Office

NOW = datetime.now(UTC)


async def test_a_complete_lead_becomes_customer_vehicle_and_order(office: Office) -> None:
    lead = await office.lead(URGENCY="Alta", ORIGIN="Instagram")
    run = await office.look()
    assert (run.state, run.fetched, run.ready, run.problem) == ("done", 1, 1, 0)
    candidate = await office.candidate(lead)
    assert (candidate.state, candidate.problems) == ("ready", [])
    imported = await office.decide(candidate)
    [order] = await office.orders()
    assert (order.id, order.numero_os, order.status) == (imported.order_id, "OS-0001", "orcamento")
    assert (order.valor_orcado, order.valor_aprovado, order.data_aprovacao) == (Decimal("1870.00"), None, None)
    assert (order.client_name, order.plate, order.descricao_problema) == (
        "Rita Nunes",
        "BRA2E19",
        "barulho na suspensão",
    )
    async with transaction(office.sessions) as session:
        customer = await session.get_one(Customer, imported.customer_id)
        vehicle = (await session.scalars(select(Vehicle))).one()
        log = (await session.scalars(select(ImportLog))).one()
        link = (await session.scalars(select(OrderLead))).one()
    assert (customer.full_name, customer.phone, customer.origem_kommo) == ("Rita Nunes", "+5511981112233", True)
    assert (customer.kommo_lead_id, customer.data_importacao is not None) == (lead, True)
    assert (vehicle.customer_id, vehicle.plate, order.vehicle_id) == (customer.id, "BRA2E19", vehicle.id)
    assert (log.status, log.lead_id, log.os_id, log.client_id) == ("success", lead, order.id, customer.id)
    assert (link.os_id, link.kommo_lead_id) == (order.id, lead)


async def test_kommo_is_told_once_with_note_tag_and_field(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    await office.decide(candidate)
    await office.tell_kommo()
    await office.tell_kommo()
    shown = await office.in_kommo(lead)
    assert shown["notes"] == [f"OS-0001 criada.\nhttps://oficina.example/importacao/{candidate.id}"]
    assert [tag["name"] for tag in shown["_embedded"]["tags"]] == ["OS criada"]
    written = {field["field_name"]: field["values"][0]["value"] for field in shown["custom_fields_values"]}
    assert written["Número da OS"] == "OS-0001"
    await office.look()
    assert (await office.candidate(lead)).said_since is None, "what we wrote ourselves is no news"


async def test_a_note_whose_outcome_was_unclear_is_not_made_twice(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    await office.decide(await office.candidate(lead))
    await office.kommo.breaks("lost_response", path="/api/v4/leads/notes")
    await office.tell_kommo()
    await office.kommo.mends()
    async with transaction(office.sessions) as session:
        await session.execute(text("UPDATE kommo_lead_write SET next_at = now(), lease_until = NULL"))
    await office.tell_kommo()
    assert len((await office.in_kommo(lead))["notes"]) == 1


async def test_ten_reviewers_at_once_make_one_order(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)

    async def try_it() -> Imported | NotDone:
        try:
            return await office.decide(candidate)
        except NotDone as reason:
            return reason

    results = await asyncio.gather(*(try_it() for _ in range(10)))
    assert sum(isinstance(result, Imported) for result in results) == 1
    refused = {str(result) for result in results if isinstance(result, Overtaken)}
    assert refused == {"Já foi importado por Bia Souza: é a OS-0001. Nada foi feito de novo."}
    assert [await office.count(name) for name in ("ordens_servico", "profiles", "vehicles")] == [1, 1, 1]


async def test_two_leads_of_one_person_do_not_make_two_orders_unseen(office: Office) -> None:
    first, second = await office.lead(), await office.lead()
    await office.look()
    one, other = await office.candidate(first), await office.candidate(second)
    await office.decide(one)
    blind = Decision(other.id, other.version, None)
    with pytest.raises(Overtaken, match="A OS-0001 está aberta"):
        async with transaction(office.sessions) as session:
            await import_candidate(session, blind, BIA, NOW)
    await office.look()
    renewed = await office.candidate(second)
    assert (renewed.state, renewed.order_number) == ("duplicate", "OS-0001")
    async with transaction(office.sessions) as session:
        decision = Decision(renewed.id, renewed.version, None)
        with pytest.raises(NotPossible, match="já está ligada a outro lead"):
            await link_candidate(session, decision, (await office.orders())[0].id, BIA, NOW)


async def test_a_lead_of_an_order_that_exists_is_linked_and_makes_nothing(office: Office) -> None:
    customer = await office.known("Rita Nunes", "(11) 8111-2233", "BRA2419")
    async with transaction(office.sessions) as session:
        session.add(Order(numero_os="OS-1044", customer_id=customer.id, plate="BRA-2419", status="em_execucao"))
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    assert (candidate.state, candidate.order_number) == ("duplicate", "OS-1044")
    [order] = await office.orders()
    async with transaction(office.sessions) as session:
        await link_candidate(session, Decision(candidate.id, candidate.version, None), order.id, BIA, NOW)
    assert (await office.candidate(lead)).order_number == "OS-1044"
    assert [await office.count(name) for name in ("ordens_servico", "profiles")] == [1, 1]
    async with transaction(office.sessions) as session:
        assert (await session.scalars(select(ImportLog.status))).all() == ["duplicate"]


async def test_the_next_number_follows_the_largest_count_and_no_timestamp(office: Office) -> None:
    async with transaction(office.sessions) as session:
        session.add_all(
            Order(numero_os=number, status="entregue") for number in ("OS-998", "OS-1049", "OS-1732633200000")
        )
    lead = await office.lead()
    await office.look()
    assert (await office.decide(await office.candidate(lead))).order_number == "OS-1050"


async def test_a_known_customer_is_taken_and_not_made_again(office: Office) -> None:
    known = await office.known("Rita Nunes", "(11) 8111-2233", "BRA2419")
    lead = await office.lead()
    await office.look()
    imported = await office.decide(await office.candidate(lead), known.id)
    assert (imported.customer_id, imported.customer_is_new) == (known.id, False)
    assert [await office.count(name) for name in ("profiles", "vehicles")] == [1, 1], (
        "old and Mercosul plate are one car"
    )
    async with transaction(office.sessions) as session:
        kept = await session.get_one(Customer, known.id)
    assert (kept.phone, kept.origem_kommo, kept.kommo_lead_id) == ("(11) 8111-2233", False, None)


async def test_a_missing_plate_stops_the_import_until_a_person_says_there_is_none(office: Office) -> None:
    lead = await office.lead(PLATE="")
    await office.look()
    candidate = await office.candidate(lead)
    assert candidate.state == "attention"
    assert [problem["field"] for problem in candidate.problems] == ["plate"]
    with pytest.raises(NotPossible, match="Falta a placa"):
        await office.decide(candidate)
    async with transaction(office.sessions) as session:
        await edit(session, candidate.id, candidate.version, {}, no_plate=True, by=BIA, now=NOW)
    await office.decide(await office.candidate(lead))
    [order] = await office.orders()
    assert (order.plate, order.vehicle_id, await office.count("vehicles")) == (None, None, 0)
    assert order.vehicle == "Volkswagen Gol 1.6"


async def test_what_a_person_wrote_is_written_and_stays_when_kommo_changes(office: Office) -> None:
    lead = await office.lead(PLATE="")
    await office.look()
    candidate = await office.candidate(lead)
    async with transaction(office.sessions) as session:
        await edit(session, candidate.id, candidate.version, {"plate": "qwe-1a23"}, no_plate=False, by=BIA, now=NOW)
    await office.change_lead(lead, price=2000, PLATE="ZZZ9Z99")
    await office.look()
    async with transaction(office.sessions) as session:
        seen = await review(session, candidate.id)
        assert seen is not None
        assert seen.news == {"plate": ("", "ZZZ9Z99"), "value": ("1870", "2000")}
        assert (seen.texts["plate"], seen.reading.values.value) == ("qwe-1a23", Decimal(1870))
        await take_over(session, candidate.id, seen.candidate.version, BIA)
    await office.decide(await office.candidate(lead))
    [order] = await office.orders()
    assert (order.plate, order.valor_orcado) == ("QWE1A23", Decimal("2000.00"))


async def test_a_lead_that_changed_during_the_review_is_not_imported_as_it_was(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    seen = await office.candidate(lead)
    await office.change_lead(lead, price=9999)
    await office.look()
    with pytest.raises(Overtaken, match="mudou enquanto você olhava"):
        await office.decide(seen)
    assert await office.count("ordens_servico") == 0
    assert (await office.candidate(lead)).value == Decimal("9999.00")


async def test_a_rejected_lead_stays_rejected_until_it_is_reopened(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    async with transaction(office.sessions) as session:
        await reject(session, candidate.id, candidate.version, "Era trote", BIA, NOW)
    await office.look()
    rejected = await office.candidate(lead)
    assert (rejected.state, rejected.reason, rejected.decided_name) == ("rejected", "Era trote", "Bia Souza")
    with pytest.raises(Overtaken, match="Já foi rejeitado por Bia Souza: Era trote"):
        await office.decide(rejected)
    async with transaction(office.sessions) as session:
        await reopen(session, candidate.id, BIA)
    await office.decide(await office.candidate(lead))
    async with transaction(office.sessions) as session:
        lines = [line.action for line in reversed(await history_of(session, candidate.id))]
    assert lines == ["found", "rejected", "reopened", "imported"]


async def test_undo_removes_exactly_what_the_import_made(office: Office) -> None:
    await office.known("Outra Pessoa", "+5511900000000", "AAA1A11")
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    await office.decide(candidate)
    async with transaction(office.sessions) as session:
        words = await undo_import(session, candidate.id, BIA, NOW)
    assert words == ("A OS-0001 foi removida.", "O carro foi removido.", "O cliente foi removido.")
    assert [await office.count(name) for name in ("ordens_servico", "profiles", "vehicles")] == [0, 1, 1]
    undone = await office.candidate(lead)
    assert (undone.state, undone.reason, undone.order_number) == ("rejected", "Importação desfeita", None)
    await office.tell_kommo()
    shown = await office.in_kommo(lead)
    assert shown["_embedded"]["tags"] == []
    assert "Número da OS" not in {field["field_name"] for field in shown["custom_fields_values"]}
    assert shown["notes"][-1] == "Importação desfeita: este lead não está mais ligado à OS-0001."
    async with transaction(office.sessions) as session:
        await reopen(session, candidate.id, BIA)
    assert (await office.decide(await office.candidate(lead))).order_number == "OS-0001"


@pytest.mark.parametrize("work", ["status", "item", "payment", "late"])
async def test_undo_refuses_once_somebody_worked_on_the_order(office: Office, work: str) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    imported = await office.decide(candidate)
    now = datetime.now(UTC)
    async with transaction(office.sessions) as session:
        if work == "status":
            await session.execute(update(Order).values(status="em_execucao"))
        elif work == "item":
            statement = "INSERT INTO ordens_servico_itens (ordem_servico_id, descricao) VALUES (:id, 'Amortecedor')"
            await session.execute(text(statement), {"id": imported.order_id})
        elif work == "payment":
            session.add(Payment(ordem_servico_id=imported.order_id, amount=Decimal(10), method="pix"))
        else:
            now += UNDO_WITHIN + timedelta(minutes=1)
    with pytest.raises(NotPossible):
        async with transaction(office.sessions) as session:
            await undo_import(session, candidate.id, BIA, now)
    assert [await office.count(name) for name in ("ordens_servico", "profiles", "vehicles")] == [1, 1, 1]
    assert (await office.candidate(lead)).state == CandidateState.IMPORTED


async def test_undo_leaves_a_customer_who_is_used_elsewhere_and_says_so(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    imported = await office.decide(candidate)
    async with transaction(office.sessions) as session:
        session.add(Appointment(customer_id=imported.customer_id))
    async with transaction(office.sessions) as session:
        words = await undo_import(session, candidate.id, BIA, NOW)
    assert words[-1] == "O cliente ficou no cadastro: já é usado ou foi editado."
    assert [await office.count(name) for name in ("ordens_servico", "profiles", "vehicles")] == [0, 1, 0]


async def test_a_lead_that_left_the_stage_waits_no_more_and_may_come_back(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    await office.change_lead(lead, stage="Em Qualificação")
    await office.look()
    assert (await office.candidate(lead)).state == "ready", "a list of the stage says nothing of those that left it"


async def test_a_candidate_exists_once_however_many_looks_there_are(office: Office) -> None:
    for number in range(30):
        await office.lead(f"Cliente {number}", f"+55 11 98{number:03d}-1234", PLATE=f"ABC1D{number:02d}")
    await asyncio.gather(*(office.look() for _ in range(4)))
    async with transaction(office.sessions) as session:
        assert len((await session.scalars(select(Candidate.id))).all()) == 30


async def test_a_look_at_the_review_writes_nothing_over_a_decision_made_meanwhile(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    async with transaction(office.sessions) as looking:
        held = await looking.get(Candidate, candidate.id)
        assert held is not None
        await office.decide(candidate)
        seen = await review(looking, candidate.id)
        assert seen is not None
        assert [order.numero_os for order in seen.matches.open_orders] == ["OS-0001"]
    assert (await office.candidate(lead)).state == "imported"


async def test_what_kommo_could_not_be_told_waits_for_a_person(office: Office) -> None:
    lead = await office.lead()
    await office.look()
    await office.decide(await office.candidate(lead))
    async with transaction(office.sessions) as session:
        await session.execute(text("UPDATE kommo_lead_write SET created_at = now() - interval '4 days'"))
    await office.kommo.breaks("http_500", path="/api/v4/leads/notes")
    await office.tell_kommo()
    await office.kommo.mends()
    async with transaction(office.sessions) as session:
        [parked] = await list_parked(session)
        assert (parked.kind, parked.contact_name) == (ParkedKind.LEAD_WRITE, "Rita Nunes")
        assert await count_parked(session) == 1
        assert await retry(session, parked.kind, parked.id, NOW)
    await office.tell_kommo()
    assert len((await office.in_kommo(lead))["notes"]) == 1


async def test_the_automatic_import_takes_what_raises_no_question_and_stops_at_the_hour(office: Office) -> None:
    for number in range(4):
        await office.lead(f"Cliente {'ABCD'[number]}", f"+55 11 9811{number}-2233", PLATE=f"ABC1D{number:02d}")
    doubtful = await office.lead("Sem Problema Dito", "+55 11 98119-2233", PLATE="ABC1D99", PROBLEM="")
    await office.look()
    assert (await office.candidate(doubtful)).state == "ready"
    async with transaction(office.sessions) as session:
        await set_automatic(session, 3, None, NOW)
    assert await import_automatically(office.sessions, "", NOW) == 3
    assert await import_automatically(office.sessions, "", NOW) == 0
    later = datetime.now(UTC) + timedelta(hours=1)
    assert await import_automatically(office.sessions, "", later) == 1
    assert await import_automatically(office.sessions, "", later + timedelta(hours=1)) == 0
    assert (await office.candidate(doubtful)).state == "ready"


async def test_the_automatic_import_leaves_what_an_open_order_may_be_about(office: Office) -> None:
    first, second = await office.lead(), await office.lead()
    await office.look()
    async with transaction(office.sessions) as session:
        await set_automatic(session, 10, None, NOW)
    assert await import_automatically(office.sessions, "", NOW) == 1
    assert sorted([(await office.candidate(lead)).state for lead in (first, second)]) == ["duplicate", "imported"]


async def test_ten_leads_at_once_get_ten_numbers(office: Office) -> None:
    leads = [
        await office.lead(f"Cliente {'ABCDEFGHIJ'[n]}", f"+55 11 9811{n}-2233", PLATE=f"ABC1D{n:02d}")
        for n in range(10)
    ]
    await office.look()
    candidates = [await office.candidate(lead) for lead in leads]
    made = await asyncio.gather(*(office.decide(candidate) for candidate in candidates))
    assert sorted(one.order_number for one in made) == [f"OS-{n:04d}" for n in range(1, 11)]


async def test_two_leads_of_one_person_at_the_same_moment_make_one_order(office: Office) -> None:
    leads = [await office.lead() for _ in range(5)]
    await office.look()
    candidates = [await office.candidate(lead) for lead in leads]

    async def blindly(candidate: Candidate) -> bool:
        try:
            async with transaction(office.sessions) as session:
                await import_candidate(session, Decision(candidate.id, candidate.version, None), BIA, NOW)
        except NotDone:
            return False
        return True

    assert sum(await asyncio.gather(*map(blindly, candidates))) == 1
    assert [await office.count(name) for name in ("ordens_servico", "profiles", "vehicles")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("channel", "said", "origin"),
    [
        ("instagram_business", "", "Instagram"),
        ("waba", "", "WhatsApp"),
        ("waba", "Google", "Google"),
        ("telegram", "", ""),
    ],
)
async def test_without_an_origin_of_its_own_the_channel_is_it(
    office: Office, channel: str, said: str, origin: str
) -> None:
    lead = await office.lead(ORIGIN=said)
    async with transaction(office.sessions) as session:
        session.add(Conversation(chat_key="chat", lead_id=lead, origin=channel))
    await office.look()
    candidate = await office.candidate(lead)
    assert candidate.said.get("origin", "") == origin
    imported = await office.decide(candidate)
    async with transaction(office.sessions) as session:
        assert (await session.get_one(Customer, imported.customer_id)).origem_cadastro == (origin or "Kommo")
