"""Which customer, vehicle and open order a lead is about: the same ones again, or new ones?

START HERE: `find_matches` (finding.py) asks the indexes for everybody who shares something (candidates.py), compares
names (names.py, sounds.py), weighs what speaks for and against (weighing.py), and looks at cars and unfinished orders
(cars.py, unfinished.py). Its answer (shapes.py) holds reasons in words; only `Matches.certain_customer` may be merged
without a person looking. Reads only; docs/matching.md tells the rules and the figures.
"""

from integrations.workshop.matching.finding import find_matches
from integrations.workshop.matching.shapes import (
    CustomerMatch,
    Matches,
    OpenOrder,
    Reason,
    ReasonKind,
    Speaks,
    VehicleMatch,
    Wanted,
)

__all__ = [
    "CustomerMatch",
    "Matches",
    "OpenOrder",
    "Reason",
    "ReasonKind",
    "Speaks",
    "VehicleMatch",
    "Wanted",
    "find_matches",
]
