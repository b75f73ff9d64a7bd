"""The list of all tools a responder may call, built once with the shop's terms."""

import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from assistant.tools.booking import FreeSlotsArguments, MyVisitsArguments, free_slots, my_visits
from assistant.tools.consent import RecordOptInArguments, RecordOptOutArguments, record_opt_in, record_opt_out
from assistant.tools.decide import VerdictArguments, propose_quote_decision
from assistant.tools.history import ServiceHistoryArguments, service_history
from assistant.tools.lead import NoteLeadArguments, note_lead
from assistant.tools.orders import MyOrdersArguments, OrderDetailsArguments, my_orders, order_details
from assistant.tools.paid import PaymentClaimArguments, record_payment_claim
from assistant.tools.payments import PaymentsArguments, payments
from assistant.tools.privacy import DataRequestArguments, record_data_request
from assistant.tools.quotes import QuoteArguments, quote
from assistant.tools.shop import ShopInfoArguments, shop_info
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Arguments, Result, Tool, ToolContext
from assistant.tools.visits import (
    VisitArguments,
    VisitCancellationArguments,
    VisitChangeArguments,
    propose_visit,
    propose_visit_cancellation,
    propose_visit_change,
)

__all__ = ["ShopTerms", "build_tools"]

Given = TypeVar("Given", bound=Arguments)


def build_tools(terms: ShopTerms) -> tuple[Tool, ...]:
    """All tools: those that look up, those that propose what the customer then confirms, those that note."""
    return (
        _tool(my_orders, MyOrdersArguments, my_orders),
        _tool(order_details, OrderDetailsArguments, order_details),
        _tool(quote, QuoteArguments, quote),
        _tool(service_history, ServiceHistoryArguments, partial(service_history, terms)),
        _tool(payments, PaymentsArguments, partial(payments, terms)),
        _tool(propose_quote_decision, VerdictArguments, propose_quote_decision),
        _tool(record_payment_claim, PaymentClaimArguments, record_payment_claim),
        _tool(record_data_request, DataRequestArguments, record_data_request),
        _tool(record_opt_out, RecordOptOutArguments, record_opt_out),
        _tool(record_opt_in, RecordOptInArguments, record_opt_in),
        _tool(note_lead, NoteLeadArguments, note_lead),
        _tool(free_slots, FreeSlotsArguments, partial(free_slots, terms)),
        _tool(my_visits, MyVisitsArguments, my_visits),
        _tool(propose_visit, VisitArguments, partial(propose_visit, terms)),
        _tool(propose_visit_change, VisitChangeArguments, partial(propose_visit_change, terms)),
        _tool(propose_visit_cancellation, VisitCancellationArguments, propose_visit_cancellation),
        _tool(shop_info, ShopInfoArguments, partial(shop_info, terms)),
    )


def _tool(
    function: Callable[..., Awaitable[Result]],
    arguments: type[Given],
    run: Callable[[ToolContext, Given], Awaitable[Result]],
) -> Tool:
    """A tool named and described by its function, that runs `run`."""

    async def checked(context: ToolContext, given: Arguments) -> Result:
        return await run(context, arguments.model_validate(given.model_dump()))

    return Tool(function.__name__, inspect.getdoc(function) or "", arguments, checked)
