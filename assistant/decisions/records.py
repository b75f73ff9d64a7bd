"""What customers told us is written down here: an opt-out, a request about their data, a payment they say they made.

Each kind is a function from the occasion and the terms of a `Recorded` to its row; `RECORDS` says which. Called in the
turn's last transaction, with the reply's outbox row or, where a person has the talk, without one. Takes a session and
never commits; sends nothing, and reads nothing of the shop.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.claim import TurnClaim
from assistant.conversation.embedded import rights
from assistant.conversation.embedded.answers.payments import says_paid
from assistant.conversation.embedded.slots import plain
from assistant.decisions.models import DataRight, PaymentClaim, PrivacyRequest
from assistant.tools.consent import CONSENT_RECORD
from assistant.tools.paid import PAYMENT_RECORD
from assistant.tools.privacy import PRIVACY_RECORD
from assistant.tools.toolbox import Recorded, Speaker
from campaigns.consent import Said, note_consent
from campaigns.models import ConsentState
from integrations.kommo.chats.models import Message

log = structlog.get_logger(__name__)

Terms = Mapping[str, Any]


@dataclass(frozen=True)
class Occasion:
    """The turn in which something is noted."""

    session: AsyncSession
    claim: TurnClaim
    speaker: Speaker
    now: datetime

    @property
    def phones(self) -> list[str]:
        """All phones of the contact: what they stop, they stop on each."""
        phones = [self.speaker.phone, *(self.claim.conversation.phones or ())]
        return list(dict.fromkeys(phone for phone in phones if phone))

    def proof(self, says: Callable[[Message], bool]) -> Message:
        """The message that says it; the last one of the burst where no single one does."""
        return next(filter(says, self.claim.burst), self.claim.burst[-1])


async def write_down(
    session: AsyncSession, claim: TurnClaim, recorded: Sequence[Recorded], speaker: Speaker | None, now: datetime
) -> None:
    """Write what the accepted answer noted."""
    if speaker is None:
        return
    for each in recorded:
        await RECORDS[each.record](Occasion(session, claim, speaker, now), each.terms)
        log.info("record.written", kind=each.record)


async def consent(occasion: Occasion, terms: Terms) -> None:
    """A line in the consent ledger, unless it says what already holds."""
    state = ConsentState(terms["state"])
    if terms["changes"]:
        says = rights.is_opt_out if state is ConsentState.OPTED_OUT else _wants_back
        await _note(occasion, state, "customer_message", occasion.proof(lambda message: says(message.text)))


async def privacy_request(occasion: Occasion, terms: Terms) -> None:
    """A request for the staff, under the number the customer was told. Who wants to be forgotten is left in peace too.

    Where another turn of the same person opened one in the same moment, the table refuses the second: the turn is made
    again and finds the first.
    """
    if not terms["changes"]:
        return
    right = DataRight(terms["kind"])
    proof = occasion.proof(lambda message: rights.data_right([message.text]) is right)
    occasion.session.add(
        PrivacyRequest(
            id=terms["id"],
            kind=right,
            phone=occasion.speaker.phone,
            contact_id=occasion.speaker.contact_id,
            conversation_id=occasion.claim.conversation.id,
            message_id=proof.id,
            answer_by=date.fromisoformat(terms["answer_by"]),
            created_at=occasion.now,
        )
    )
    if right is DataRight.ERASURE:
        await _note(occasion, ConsentState.OPTED_OUT, "erasure_request", proof)


async def payment_claim(occasion: Occasion, terms: Terms) -> None:
    """A payment to look for."""
    proof = occasion.proof(lambda message: message.message_type != "text" or says_paid(plain(message.text)))
    # While a person has the chat, the same message may be read by several turns.
    await occasion.session.execute(
        insert(PaymentClaim)
        .values(
            conversation_id=occasion.claim.conversation.id,
            message_id=proof.id,
            order_number=terms["order_number"],
            created_at=occasion.now,
        )
        .on_conflict_do_nothing()
    )


RECORDS: Mapping[str, Callable[[Occasion, Terms], Awaitable[None]]] = {
    CONSENT_RECORD: consent,
    PRIVACY_RECORD: privacy_request,
    PAYMENT_RECORD: payment_claim,
}


async def _note(occasion: Occasion, state: ConsentState, source: str, proof: Message) -> None:
    said = Said(state, source, occasion.now, occasion.claim.conversation.id, proof.id)
    await note_consent(occasion.session, said, occasion.phones, occasion.speaker.contact_id)


def _wants_back(text: str) -> bool:
    return rights.wants_back([text])
