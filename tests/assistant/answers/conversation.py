"""A conversation with the embedded responder over the demo shop, as one customer.

Every reply is held to what must be true of all: fact check and outgoing filter find nothing, the text is WhatsApp's and
not Markdown. That it is never what was said just before is seen to where all responders' drafts pass.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from assistant.conversation.embedded.responder import EmbeddedResponder
from assistant.conversation.factcheck import check
from assistant.conversation.model_words import load_prompt
from assistant.conversation.outgoing import Screen
from assistant.conversation.outgoing.artefacts import secret_part
from assistant.conversation.responder import Author, Draft, HandOffReason, Line, Request
from assistant.tools.registry import ShopTerms, build_tools
from assistant.tools.speaker import identify
from assistant.tools.toolbox import Toolbox
from integrations.database import Sessions, transaction
from integrations.settings import SHOP_ZONE

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=SHOP_ZONE)
"""A Monday afternoon with the shop open; the demo shop is dated from it."""
TERMS = ShopTerms(pix_key="pix@oficina.example", payment_ways="pix, cartão, dinheiro e boleto", warranty_days=90)

JOAO, MARIA, CARLOS = "+55 11 98765-4321", "+55 11 91234-5678", "+55 11 99876-5432"
ANA, PAULO, FERNANDA = "+55 11 97654-3210", "+55 11 98555-1234", "+55 11 96666-7777"
STRANGER = "+55 21 99999-0000"

MARKDOWN = re.compile(r"\*\*|^#|^\||\]\(|[0-9]\ufe0f?\u20e3", re.MULTILINE)


@dataclass
class Conversation:
    """What was said so far with one phone."""

    sessions: Sessions
    responder: EmbeddedResponder
    phone: str | None
    contact_name: str | None = None
    terms: ShopTerms = TERMS
    now: datetime = NOW
    history: list[Line] = field(default_factory=list)

    async def write(self, *texts: str, kind: str = "text", complaint: str | None = None) -> Draft:
        """The customer writes a burst; the reply, checked for what is true of all replies."""
        async with transaction(self.sessions) as session:
            speaker = await identify(session, self.phone, self.contact_name)
        burst = [Line(Author.CUSTOMER, text, kind, self.now) for text in texts]
        request = Request(burst, list(self.history), speaker, self.now)
        toolbox = Toolbox(self.sessions, speaker, self.now, build_tools(self.terms))
        draft = await self.responder.draft(request, toolbox, complaint)
        self._hold(draft, request, toolbox)
        async with transaction(self.sessions) as session:
            screen = Screen(frozenset(), self.terms.pix_key, [self.terms.payment_ways], [secret_part(load_prompt())])
            assert await screen.objections(session, draft.text, speaker, request.said, self.now) == [], draft.text
        self.history += burst
        if draft.text:
            self.history.append(Line(Author.ASSISTANT, draft.text, "text", self.now))
        return draft

    async def send(self, kind: str, caption: str = "") -> Draft:
        """The customer sends something that is not text."""
        return await self.write(caption, kind=kind)

    async def refused(self, text: str) -> Draft:
        """The reply after the fact check refused the first one."""
        return await self.write(text, complaint="invented")

    def _hold(self, draft: Draft, request: Request, toolbox: Toolbox) -> None:
        profile = [self.terms.payment_ways, *([self.terms.pix_key] if self.terms.pix_key else [])]
        said = request.text
        assert check(draft.text, toolbox.results, profile=profile, customer_said=said, now=self.now) == [], draft.text
        assert draft.silent is not bool(draft.text)
        assert not MARKDOWN.search(draft.text), draft.text
        assert "None" not in draft.text
        assert "  " not in draft.text


def handed_over(draft: Draft) -> HandOffReason | None:
    """Why a person has to look at it, if one has."""
    return draft.handoff.reason if draft.handoff else None
