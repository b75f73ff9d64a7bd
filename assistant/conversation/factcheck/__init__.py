"""No fact without a source: what a draft states must be in this turn's tool results or in the shop's own texts.

`check` finds every amount, date, time, deadline, OS number, plate, vehicle, stage, percentage, address and promise in a
draft, in whatever form it is written, and asks the evidence of the order it is said of. How it works:

    sources.py   tool results → `Evidence`, one for each order or vehicle, one for the shop, one for its profile
    finders.py   a text → claims: money, dates, distances, times, quantities, counts, identifiers, vehicles, stages,
                 works, promises, opening days, visits
    scope.py     which order a claim is about, by the names around it, else by the works and parts it names
    binding.py   what belongs together: a line with its price or day, a payment with its day, a place with its phone
    echo.py      what only repeats the customer
    check.py     claim by claim: does its evidence say so?

It errs towards refusing: a refused draft costs a second try, a false statement costs the shop its customer. It never
changes a text, sends nothing and reads no database.
"""

from assistant.conversation.factcheck.check import check
from assistant.conversation.factcheck.kinds import Complaint, Kind, as_instruction

__all__ = ["Complaint", "Kind", "as_instruction", "check"]
