"""No fact without a source: what a draft states must be in this turn's tool results or in the shop's own texts.

`check` finds every amount, date, time, deadline, OS number, plate, vehicle, stage, percentage, address and promise in a
draft, in whatever form it is written, and asks the evidence of the order it is said of. How it works:

START HERE: one draft goes through these, in this order.

    reading.py   the draft in one plain form, cut into sentences
    sources.py   tool results → `Evidence` (evidence.py), one for each order or vehicle, one for the shop, one for its
                 profile; lines.py and counts.py add what stands together and how many there are
    finders.py   the draft → claims (claim.py), one module a kind:
                   money, dates (written, calendar), distances, times, quantities, counts, identifiers, vehicles,
                   stages, works, promises, opening, people
    topics.py    what the words around a claim are about, and which field they mean
    scope.py     which order a claim is about, by the names around it, else by the works and parts it names (naming.py)
    binding.py   what belongs together: a line with its price or day, a payment with its day, a place with its phone
    sums.py      amounts that follow from others: lines together, an order without one of them
    echo.py      what only repeats the customer
    check.py     claim by claim: does its evidence say so? What is objected to is worded in kinds.py

paid.py stands beside: a customer's word that they have paid. A draft misjudged in use goes into the drafts of
`tests/assistant/factcheck/`; what mends it should be a rule about meaning before it is one more word in a list.

It errs towards refusing: a refused draft costs a second try, a false statement costs the shop its customer. It never
changes a text, sends nothing and reads no database.
"""

from assistant.conversation.factcheck.check import check
from assistant.conversation.factcheck.kinds import Complaint, Kind, as_instruction

__all__ = ["Complaint", "Kind", "as_instruction", "check"]
