"""What the matcher merges by itself, what it leaves to a person, and why, through a real database."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from integrations.database import Sessions, transaction
from integrations.workshop.matching import Matches, ReasonKind, Speaks, Wanted, find_matches
from integrations.workshop.matching.candidates import MOST_BY_NAME
from integrations.workshop.models import Customer, Order, Vehicle

PHONE, OTHER_PHONE = "5511987654321", "5511976543210"
CPF, OTHER_CPF = "39053344705", "11144477735"
RITA = Wanted(name="Rita Nunes", phones=(PHONE,))


def rita(**over: object) -> Customer:
    return Customer(**{"id": uuid4(), "full_name": "Rita Nunes Barbosa", "phone": "(11) 8765-4321", **over})


async def asked(sessions: Sessions, wanted: Wanted, *rows: Customer | Vehicle | Order) -> Matches:
    """What is found with these rows on file, customers first."""
    async with transaction(sessions) as session:
        for kind in (Customer, Vehicle, Order):
            session.add_all(row for row in rows if isinstance(row, kind))
            await session.flush()
        return await find_matches(session, wanted)


def against(matches: Matches) -> set[ReasonKind]:
    """What speaks against the first customer."""
    return {reason.kind for reason in matches.customers[0].reasons if reason.speaks is Speaks.AGAINST}


@pytest.mark.parametrize(
    ("customer", "wanted"),
    [
        (rita(), RITA),
        (rita(phone="+55 11 98765-4321", full_name="RITA NUNES"), RITA),
        (rita(phone=None, cpf="390.533.447-05"), Wanted(name="Rita", document=CPF)),
        (rita(phone=None, email="Rita@Example.com "), Wanted(name="Rita Nunes", email="rita@example.com")),
        (
            rita(full_name="Padaria Sol LTDA", cpf="16.727.230/0001-97"),
            Wanted(name="Carlos", document="16727230000197"),
        ),
    ],
)
async def test_merged_without_a_person(customer: Customer, wanted: Wanted, sessions: Sessions) -> None:
    matches = await asked(sessions, wanted, customer)
    certain = matches.certain_customer
    assert certain is not None
    assert certain.customer_id == customer.id
    assert not against(matches)


@pytest.mark.parametrize(
    ("customer", "wanted", "objection"),
    [
        (rita(full_name="Paulo Barbosa"), RITA, ReasonKind.OTHER_NAME),
        (rita(full_name="Rita Nunes Filho"), RITA, ReasonKind.OTHER_GENERATION),
        (rita(cpf=OTHER_CPF), replace(RITA, document=CPF), ReasonKind.OTHER_DOCUMENT),
        (rita(full_name="Paulo Nunes", cpf=CPF), replace(RITA, document=CPF), ReasonKind.OTHER_NAME),
    ],
)
async def test_left_to_a_person(customer: Customer, wanted: Wanted, objection: ReasonKind, sessions: Sessions) -> None:
    matches = await asked(sessions, wanted, customer)
    assert matches.certain_customer is None
    assert matches.customers[0].customer_id == customer.id
    assert objection in against(matches)


async def test_a_wrong_check_digit_says_nothing(sessions: Sessions) -> None:
    matches = await asked(sessions, replace(RITA, document=CPF), rita(cpf="390.533.447-06"))
    assert matches.certain_customer is not None


async def test_a_family_behind_one_phone_is_told_apart(sessions: Sessions) -> None:
    family = [rita(), rita(full_name="Paulo Barbosa")]
    certain = (await asked(sessions, RITA, *family)).certain_customer
    assert certain is not None
    assert certain.customer_id == family[0].id


async def test_two_who_could_be_the_one_are_left_to_a_person(sessions: Sessions) -> None:
    matches = await asked(sessions, RITA, rita(), rita(full_name="Rita Aparecida Nunes"))
    assert matches.certain_customer is None
    assert ReasonKind.SHARED_PHONE in against(matches)


async def test_a_placeholder_phone_proves_nothing(sessions: Sessions) -> None:
    strangers = [rita(full_name=f"Estranho {word}") for word in ("Um", "Dois", "Tres", "Quatro", "Cinco", "Seis")]
    assert (await asked(sessions, RITA, rita(), *strangers)).certain_customer is None


async def test_the_given_name_with_phone_and_car_is_enough(sessions: Sessions) -> None:
    customer = rita(full_name="Rita Barbosa")
    car = Vehicle(id=uuid4(), customer_id=customer.id, model="Gol", plate="ABC-1234")
    first_only = replace(RITA, name="Rita")
    assert (await asked(sessions, first_only, customer, car)).certain_customer is None
    async with transaction(sessions) as session:
        matches = await find_matches(session, replace(first_only, plate="ABC1C34", model="Gol"))
    assert matches.certain_customer is not None
    assert [(match.vehicle_id, match.certain, match.changed_owner) for match in matches.vehicles] == [
        (car.id, True, False)
    ]


async def test_a_car_of_somebody_else_may_have_been_sold(sessions: Sessions) -> None:
    owner = rita(full_name="Paulo Alves", phone=OTHER_PHONE, user_id=uuid4())
    car = Vehicle(id=uuid4(), user_id=owner.user_id, model="Gol", plate="abc1234")
    matches = await asked(sessions, replace(RITA, plate="ABC1234"), owner, car)
    assert matches.certain_customer is None
    (match,) = matches.vehicles
    assert (match.owner_id, match.certain, match.changed_owner) == (owner.id, False, True)
    assert "Paulo Alves" in " ".join(reason.text for reason in match.reasons)


@pytest.mark.parametrize(
    ("car", "kind"),
    [
        ({"model": "Corolla", "plate": "ABC1C34"}, ReasonKind.OTHER_MODEL),
        ({"model": "Gol", "plate": "ABC1C34", "is_active": False}, ReasonKind.INACTIVE),
        ({"model": "Gol", "plate": "ABC1C35"}, ReasonKind.SIMILAR_PLATE),
    ],
)
async def test_a_car_that_may_be_another_is_not_certain(
    car: dict[str, object], kind: ReasonKind, sessions: Sessions
) -> None:
    customer = rita()
    row = Vehicle(customer_id=customer.id, **car)
    (match,) = (await asked(sessions, replace(RITA, plate="ABC1234", model="Gol"), customer, row)).vehicles
    assert not match.certain
    assert kind in {reason.kind for reason in match.reasons}


async def test_a_car_without_an_owner_needs_its_model(sessions: Sessions) -> None:
    car = Vehicle(model="Gol", plate="ABC1234")
    wanted = replace(RITA, plate="ABC1234")
    assert [match.certain for match in (await asked(sessions, wanted, car)).vehicles] == [False]
    async with transaction(sessions) as session:
        assert [m.certain for m in (await find_matches(session, replace(wanted, model="Gol"))).vehicles] == [True]


async def test_without_a_plate_the_model_shows_the_car(sessions: Sessions) -> None:
    customer = rita()
    cars = [Vehicle(customer_id=customer.id, model=model, plate=plate) for model, plate in (("Gol", "A"), ("Fox", "B"))]
    found = (await asked(sessions, replace(RITA, model="Gol"), customer, *cars)).vehicles
    assert [(match.description, match.certain) for match in found] == [("Gol", False)]


def order(number: str, **over: object) -> Order:
    return Order(**{"id": uuid4(), "numero_os": number, "status": "diagnostico", **over})


async def test_unfinished_orders_of_customer_phone_and_plate(sessions: Sessions) -> None:
    customer = rita()
    rows = [
        order("customer", customer_id=customer.id, plate="XYZ9999"),
        order("phone", client_phone="11 8765-4321"),
        order("plate", plate="abc-1c34"),
        order("finished", customer_id=customer.id, status="entregue"),
        order("stranger", client_phone="11 97654-3210", plate="XYZ1234"),
    ]
    matches = await asked(sessions, replace(RITA, plate="ABC1234"), customer, *rows)
    reasons = {found.numero_os: {reason.kind for reason in found.reasons} for found in matches.open_orders}
    assert reasons == {
        "customer": {ReasonKind.OF_CUSTOMER, ReasonKind.OTHER_PLATE},
        "phone": {ReasonKind.SAME_PHONE},
        "plate": {ReasonKind.SAME_PLATE},
    }


async def test_a_second_phone_is_known_from_an_order(sessions: Sessions) -> None:
    customer = rita(phone="11 97654-3210")
    matches = await asked(sessions, RITA, customer, order("1", customer_id=customer.id, client_phone="11 98765-4321"))
    assert {reason.kind for reason in matches.customers[0].reasons} >= {ReasonKind.PHONE_OF_ORDER, ReasonKind.SAME_NAME}
    assert matches.certain_customer is None


async def test_nothing_wanted_finds_nothing(sessions: Sessions) -> None:
    assert await asked(sessions, Wanted(), rita()) == Matches()


async def test_a_common_name_is_cut_off_alike_every_time(sessions: Sessions) -> None:
    everybody = [rita(full_name="Maria da Silva", phone=None) for _ in range(MOST_BY_NAME + 30)]
    first = await asked(sessions, Wanted(name="Maria Silva"), *everybody)
    async with transaction(sessions) as session:
        again = await find_matches(session, Wanted(name="Maria Silva"))
    lowest = sorted(customer.id for customer in everybody)[: len(first.customers)]
    assert ids(first) == ids(again) == lowest
    assert first.certain_customer is None


def ids(matches: Matches) -> Sequence[UUID]:
    return [match.customer_id for match in matches.customers]
