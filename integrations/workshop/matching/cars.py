"""The vehicles that a lead may be about.

A plate finds the car, never who drives it today: where it stands under somebody else, the car may have been sold, and a
person decides. Without a plate only a car of a likely customer is shown, and never as certain.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from rapidfuzz.distance import OSA
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import normal_plate
from integrations.workshop.matching.candidates import MOST_EACH
from integrations.workshop.matching.shapes import (
    CustomerMatch,
    Reason,
    ReasonKind,
    Speaks,
    VehicleMatch,
    Wanted,
    speaks_against,
)
from integrations.workshop.models import Customer, Vehicle
from integrations.workshop.normal.vehicle import key
from integrations.workshop.orders import vehicle_name

LIKELY = 0.5
"""Score from which a customer's cars are shown without a plate that leads to them."""


async def cars_with_plate(session: AsyncSession, plate: str | None) -> Sequence[tuple[Vehicle, UUID | None]]:
    """The vehicles with this plate in either form, each with its owner."""
    if plate is None:
        return ()
    query = select(Vehicle, func.coalesce(Vehicle.customer_id, Customer.id)).outerjoin(
        Customer, Customer.user_id == Vehicle.user_id
    )
    found = query.where(func.normal_plate(Vehicle.plate) == plate).order_by(Vehicle.id).limit(MOST_EACH)
    return [(car, owner) for car, owner in await session.execute(found)]


def match_vehicles(
    wanted: Wanted,
    with_plate: Sequence[tuple[Vehicle, UUID | None]],
    cars: Mapping[UUID, Sequence[Vehicle]],
    customers: Sequence[CustomerMatch],
    certain: CustomerMatch | None,
) -> tuple[VehicleMatch, ...]:
    """The cars with the plate first, then like ones of likely customers."""
    by_id = {match.customer_id: match for match in customers}
    found = [_by_plate(wanted, car, by_id.get(owner) if owner else None, owner, certain) for car, owner in with_plate]
    shown = {match.vehicle_id for match in found}
    for match in customers:
        if match.score >= LIKELY or match.certain:
            theirs = (car for car in cars.get(match.customer_id, ()) if car.id not in shown)
            found += _alike(wanted, theirs, match.customer_id)
    return tuple(sorted(found, key=lambda match: (not match.certain, speaks_against(match.reasons))))


def _by_plate(
    wanted: Wanted, car: Vehicle, owner: CustomerMatch | None, owner_id: UUID | None, certain: CustomerMatch | None
) -> VehicleMatch:
    same_plate = Reason(ReasonKind.SAME_PLATE, f"A placa é a mesma: {car.plate}.")
    reasons = (same_plate, *_owner(owner, owner_id, certain), *_model(wanted, car), *_inactive(car))
    owned = owner_id is not None and certain is not None and owner_id == certain.customer_id
    unowned = owner_id is None and any(reason.kind is ReasonKind.SAME_MODEL for reason in reasons)
    changed = any(reason.kind is ReasonKind.OTHER_OWNER for reason in reasons)
    sure = (owned or unowned) and not speaks_against(reasons)
    return VehicleMatch(car.id, owner_id, car.plate, _description(car), sure, changed, reasons)


def _owner(owner: CustomerMatch | None, owner_id: UUID | None, certain: CustomerMatch | None) -> list[Reason]:
    if owner_id is None:
        return [Reason(ReasonKind.NO_OWNER, "O carro não está no nome de ninguém.")]
    if certain is not None and owner_id == certain.customer_id:
        return [Reason(ReasonKind.OF_CUSTOMER, "O carro é deste cliente.")]
    name = (owner.full_name if owner else None) or "outro cliente"
    differs = owner is None or any(
        reason.kind in (ReasonKind.OTHER_NAME, ReasonKind.OTHER_DOCUMENT, ReasonKind.OTHER_GENERATION)
        for reason in owner.reasons
    )
    if certain is not None or differs:
        text = f"O carro está no nome de {name}: pode ter sido vendido, ou ser da família."
        return [Reason(ReasonKind.OTHER_OWNER, text, Speaks.AGAINST)]
    text = f"O carro é de {name}: confirme primeiro se é o mesmo cliente."
    return [Reason(ReasonKind.OWNER_UNSURE, text, Speaks.AGAINST)]


def _model(wanted: Wanted, car: Vehicle) -> list[Reason]:
    if not wanted.model:
        return []
    asked, stored = key(wanted.model), key(f"{car.brand or ''}{car.model}")
    if asked and (asked in stored or key(car.model) in asked):
        return [Reason(ReasonKind.SAME_MODEL, f"O modelo também confere: {_description(car)}.")]
    text = f"O modelo é outro: no cadastro esta placa é de {_description(car)}."
    return [Reason(ReasonKind.OTHER_MODEL, text, Speaks.AGAINST)]


def _inactive(car: Vehicle) -> list[Reason]:
    if car.is_active is not False:
        return []
    return [Reason(ReasonKind.INACTIVE, "O carro está inativo no cadastro.", Speaks.AGAINST)]


def _alike(wanted: Wanted, cars: Iterable[Vehicle], owner_id: UUID) -> list[VehicleMatch]:
    """Cars of a likely customer with a plate one character off, or of the model when no plate is known."""
    found = []
    for car in cars:
        reasons = _likeness(wanted, car)
        if reasons:
            of_customer = Reason(ReasonKind.OF_CUSTOMER, "O carro é deste cliente.")
            described = _description(car)
            found.append(
                VehicleMatch(
                    car.id, owner_id, car.plate, described, False, False, (*reasons, of_customer, *_inactive(car))
                )
            )
    return found


def _likeness(wanted: Wanted, car: Vehicle) -> list[Reason]:
    asked, stored = normal_plate(wanted.plate), normal_plate(car.plate)
    if asked and stored:
        if OSA.distance(asked, stored) > 1:
            return []
        return [Reason(ReasonKind.SIMILAR_PLATE, f"A placa difere em um caractere: {car.plate}.")]
    model = [reason for reason in _model(wanted, car) if reason.speaks is Speaks.FOR]
    return model and [
        Reason(ReasonKind.SAME_MODEL, f"O modelo é o mesmo, sem placa para confirmar: {_description(car)}.")
    ]


def _description(car: Vehicle) -> str:
    return " ".join(filter(None, (vehicle_name(car), car.versao, car.year)))
