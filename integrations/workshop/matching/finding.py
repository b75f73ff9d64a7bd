"""Everything the shop knows that a lead may be about."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import normal_phone, normal_plate
from integrations.workshop.matching.candidates import find_candidates, vehicles_by_owner
from integrations.workshop.matching.cars import cars_with_plate, match_vehicles
from integrations.workshop.matching.shapes import Matches, Wanted
from integrations.workshop.matching.unfinished import open_orders
from integrations.workshop.matching.weighing import weigh

MOST_SHOWN = 20
"""Customers that a reviewer could look through."""


async def find_matches(session: AsyncSession, wanted: Wanted) -> Matches:
    """Customers, vehicles and unfinished orders that may be the wanted ones, best first. Reads only."""
    candidates = await find_candidates(session, wanted)
    cars = await vehicles_by_owner(session, candidates) if wanted.model or wanted.plate else {}
    sharing = [one.customer for one in candidates if normal_phone(one.customer.phone) in wanted.phones]
    weighed = [weigh(wanted, one, cars.get(one.customer.id, ()), sharing) for one in candidates]
    ranked = sorted(weighed, key=lambda match: (not match.certain, -match.score, match.customer_id))
    matches = Matches(customers=tuple(ranked[:MOST_SHOWN]))
    with_plate = await cars_with_plate(session, normal_plate(wanted.plate))
    return replace(
        matches,
        vehicles=match_vehicles(wanted, with_plate, cars, matches.customers, matches.certain_customer),
        open_orders=await open_orders(session, wanted, matches.customers),
    )
