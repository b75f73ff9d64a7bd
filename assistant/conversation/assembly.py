"""Put together what answers a customer, from the settings: tools, responders, and the fact check's trusted texts."""

from collections.abc import Sequence
from datetime import timedelta

from assistant.conversation.answering import Answering
from assistant.conversation.duties import Duties
from assistant.conversation.embedded.responder import EmbeddedResponder
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.model import ModelResponder, load_prompt
from assistant.conversation.outgoing import Screen
from assistant.conversation.outgoing.artefacts import secret_part
from assistant.conversation.responder import Request, Responder
from assistant.conversation.review import FullReview, Review
from assistant.decisions.bookings import VisitProposals
from assistant.decisions.desk import Desk
from assistant.decisions.kinds import ProposalKind
from assistant.decisions.quotes import QuoteProposals
from assistant.tools.decide import QUOTE_PROPOSAL
from assistant.tools.registry import build_tools
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Tool, Toolbox
from assistant.tools.visits import VISIT_PROPOSAL
from integrations.database import Sessions
from integrations.llm.client import LanguageModel
from integrations.settings import ResponderChoice, Settings, WrongSettings
from integrations.workshop.slots import BookingRules
from integrations.workshop.warranty import parse_rules


def create_answering(
    settings: Settings,
    sessions: Sessions,
    model: LanguageModel | None = None,
    understander: Understander | None = None,
    review: Review | None = None,
) -> Answering:
    """The responders in the order in which they try, the embedded one last; what is not given is made."""
    terms = shop_terms(settings)
    tools = build_tools(terms)
    understander = understander or Understander.load(settings.data_dir / "cache")
    duties = Duties(understander)

    def make_toolbox(request: Request) -> Toolbox:
        offered = duties.offered(request, tools)
        return Toolbox(sessions, request.speaker, request.now, offered, conversation_id=request.conversation_id)

    responders = create_responders(settings, terms, understander, model)
    return Answering(responders, duties, make_toolbox, review or create_review(settings, tools))


def create_review(settings: Settings, tools: Sequence[Tool]) -> FullReview:
    """Fact check, outgoing filter and the house's rules."""
    return FullReview(_own_texts(settings), create_screen(settings, tools), settings.competitor_names)


def create_screen(settings: Settings, tools: Sequence[Tool]) -> Screen:
    """The outgoing filter: what the shop gives away, and what only a model is shown."""
    secrets = [secret_part(load_prompt()), *(tool.description for tool in tools)]
    return Screen(settings.allowed_link_hosts, settings.pix_key, _own_texts(settings), secrets)


def _own_texts(settings: Settings) -> Sequence[str]:
    """What the settings say to customers, word for word."""
    return [settings.payment_ways, *([settings.pix_key] if settings.pix_key else [])]


def create_desk(settings: Settings) -> Desk:
    """The desk with every kind of proposal."""
    kinds: dict[str, ProposalKind] = {
        QUOTE_PROPOSAL: QuoteProposals(),
        VISIT_PROPOSAL: VisitProposals(booking_rules(settings)),
    }
    return Desk(kinds, timedelta(hours=settings.proposal_hours))


def shop_terms(settings: Settings) -> ShopTerms:
    """What the settings say about money, warranty and visits."""
    rules = parse_rules(settings.warranty_rules or "")
    return ShopTerms(settings.pix_key, settings.payment_ways, settings.warranty_days, rules, booking_rules(settings))


def booking_rules(settings: Settings) -> BookingRules:
    """What the settings say about visits."""
    return BookingRules(timedelta(minutes=settings.slot_minutes), settings.slot_capacity, settings.booking_days)


def create_responders(
    settings: Settings, terms: ShopTerms, understander: Understander, model: LanguageModel | None = None
) -> list[Responder]:
    """The model first when it is configured and wanted."""
    embedded = EmbeddedResponder(understander, terms)
    model = (model if wants_model(settings) else None) or create_model(settings)
    return [embedded] if model is None else [ModelResponder(model, load_prompt()), embedded]


def create_model(settings: Settings) -> LanguageModel | None:
    """The model when it is configured and wanted; raises `WrongSettings` when it is wanted and not configured."""
    if settings.responder is ResponderChoice.MODEL and settings.openai_api_key is None:
        raise WrongSettings("OPENAI_API_KEY: is needed by AUTOPRIME_RESPONDER=model and not set")
    return LanguageModel(settings) if wants_model(settings) else None


def wants_model(settings: Settings) -> bool:
    """Whether a model writes: it is configured and not turned off."""
    return settings.responder is not ResponderChoice.EMBEDDED and settings.openai_api_key is not None
