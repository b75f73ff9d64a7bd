"""The tool with which a responder notes what a new customer tells. Writes nothing itself.

What is noted is kept in the turn's last transaction (`assistant/newcomers`), and only where it is in the customer's own
words. The result repeats nothing of it: a note must not become a source for a fact.
"""

from pydantic import Field

from assistant.newcomers.facts import Fact
from assistant.tools.toolbox import Arguments, Call, Result, ToolContext
from integrations.workshop.normal.choices import Origin, Urgency

NOTE_LEAD = "note_lead"


class LeadNoted(Result):
    """The receipt of a note."""

    noted: bool


class NoteLeadArguments(Arguments):
    """Only what the customer said, in their words; leave out the rest."""

    name: str | None = Field(None, max_length=60, description="How the customer said they are called.")
    plate: str | None = Field(None, max_length=12, description="The plate as typed.")
    model: str | None = Field(None, max_length=80, description="Make, model and year as said, e.g. VW Polo 2018.")
    symptom: str | None = Field(None, max_length=300, description="What is wrong or wanted, in the customer's words.")
    urgency: Urgency | None = None
    origin: Origin | None = Field(None, description="Where they heard of the shop, if they said so.")


async def note_lead(context: ToolContext, arguments: NoteLeadArguments) -> LeadNoted:
    """Notes what somebody without an order tells about themselves, the car, the problem, its urgency, and where they
    heard of the shop. Call it as soon as they tell something of it; never guess a field."""
    return LeadNoted(noted=any(value is not None for value in arguments.model_dump().values()))


def notes_in(calls: list[Call]) -> dict[Fact, str]:
    """What was noted in these calls, the last word of each field."""
    noted: dict[Fact, str] = {}
    for call in calls:
        if call.tool == NOTE_LEAD and call.result is not None:
            given = NoteLeadArguments.model_validate(call.arguments)
            noted |= {Fact(name): str(value).strip() for name, value in given.model_dump().items() if value}
    return {fact: value for fact, value in noted.items() if value}
