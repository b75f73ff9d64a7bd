"""Put together what answers a customer, from the settings: tools, responders, and the fact check's trusted texts."""

from datetime import timedelta

from assistant.conversation.answering import Answering
from assistant.conversation.duties import Duties
from assistant.conversation.embedded.responder import EmbeddedResponder
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.model import ModelResponder, load_prompt
from assistant.conversation.responder import Request, Responder
from assistant.decisions.desk import Desk
from assistant.decisions.quotes import QuoteProposals
from assistant.tools.decide import QUOTE_PROPOSAL
from assistant.tools.registry import build_tools
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Toolbox
from integrations.database import Sessions
from integrations.llm.client import LanguageModel
from integrations.settings import ResponderChoice, Settings, WrongSettings
from integrations.workshop.warranty import parse_rules


def create_answering(
    settings: Settings,
    sessions: Sessions,
    model: LanguageModel | None = None,
    understander: Understander | None = None,
) -> Answering:
    """The responders in the order in which they try, the embedded one last; what is not given is made."""
    terms = shop_terms(settings)
    tools = build_tools(terms)
    understander = understander or Understander.load(settings.data_dir / "cache")
    duties = Duties(understander)

    def make_toolbox(request: Request) -> Toolbox:
        return Toolbox(sessions, request.speaker, request.now, duties.offered(request, tools))

    profile = [terms.payment_ways, *([terms.pix_key] if terms.pix_key else [])]
    return Answering(create_responders(settings, terms, understander, model), duties, make_toolbox, profile)


def create_desk(settings: Settings) -> Desk:
    """The desk with every kind of proposal."""
    return Desk({QUOTE_PROPOSAL: QuoteProposals()}, timedelta(hours=settings.proposal_hours))


def shop_terms(settings: Settings) -> ShopTerms:
    """What the settings say about money and warranty."""
    rules = parse_rules(settings.warranty_rules or "")
    return ShopTerms(settings.pix_key, settings.payment_ways, settings.warranty_days, rules)


def create_responders(
    settings: Settings, terms: ShopTerms, understander: Understander, model: LanguageModel | None = None
) -> list[Responder]:
    """The model first when it is configured and wanted; raises `WrongSettings` when it is wanted and not configured."""
    embedded = EmbeddedResponder(understander, terms)
    if settings.responder is ResponderChoice.EMBEDDED:
        return [embedded]
    if settings.openai_api_key is None:
        if settings.responder is ResponderChoice.MODEL:
            raise WrongSettings("OPENAI_API_KEY: is needed by AUTOPRIME_RESPONDER=model and not set")
        return [embedded]
    return [ModelResponder(model or LanguageModel(settings), load_prompt()), embedded]
