"""Carries a plan out, step by step. Each step looks again right before it changes anything.

So a plan may be old, applied twice, or cut off anywhere: what is there already is left alone. Kommo has no key against
duplicates, so a step whose answer was lost looks whether it happened and is not repeated here; the next run sees.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import structlog

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import (
    BadAnswer,
    Blocked,
    KommoError,
    NotFound,
    NotSent,
    RateLimited,
    ServerError,
    Unauthorized,
    Unclear,
)
from integrations.kommo.labels import same_label
from integrations.kommo.setup.fields import missing_labels, standing_field
from integrations.kommo.setup.steps import AddChoices, CreateField, Item, Plan, Step, Subscribe, Unsubscribe
from integrations.kommo.setup.wanted import EVENTS, WantedField

log = structlog.get_logger(__name__)

UNCLEAR = (Unclear, ServerError, BadAnswer)
HOPELESS = (Unauthorized, Blocked, NotSent, RateLimited)
"""After these no other step would fare better."""


class Result(StrEnum):
    """How a step ended. `UNCLEAR`: Kommo did not say, and nothing of it shows yet; run it again."""

    DONE = "done"
    ALREADY = "already_there"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class Outcome:
    """A step and how it ended; `error` is Kommo's refusal."""

    item: Item
    result: Result
    error: KommoError | None = None

    @property
    def is_good(self) -> bool:
        return self.result in (Result.DONE, Result.ALREADY)


async def apply(client: KommoClient, plan: Plan) -> AsyncIterator[Outcome]:
    """Carry out the plan's steps in order, each told as it ends. Raises nothing of Kommo's.

    A refused step does not keep the others from being tried, unless nothing can work now.
    """
    hopeless = False
    for item in plan.to_do:
        assert item.step is not None
        outcome = Outcome(item, Result.NOT_TRIED) if hopeless else await _attempt(client, item, item.step)
        hopeless = hopeless or isinstance(outcome.error, HOPELESS)
        log.info("kommo.setup_step", code=item.finding.code.value, result=outcome.result.value)
        yield outcome


async def _attempt(client: KommoClient, item: Item, step: Step) -> Outcome:
    try:
        if await _is_done(client, step):
            return Outcome(item, Result.ALREADY)
        if not await _may_begin(client, step):
            return Outcome(item, Result.NOT_TRIED)
    except KommoError as error:
        return Outcome(item, Result.REFUSED, error)
    try:
        await _carry_out(client, step)
    except UNCLEAR as error:
        return await _look_after(client, item, step, error)
    except KommoError as error:
        return Outcome(item, Result.REFUSED, error)
    return Outcome(item, Result.DONE)


async def _look_after(client: KommoClient, item: Item, step: Step, error: KommoError) -> Outcome:
    """The answer was lost: whether it happened all the same."""
    try:
        done = await _is_done(client, step)
    except KommoError:
        return Outcome(item, Result.UNCLEAR, error)
    return Outcome(item, Result.DONE) if done else Outcome(item, Result.UNCLEAR, error)


async def _is_done(client: KommoClient, step: Step) -> bool:
    match step:
        case CreateField(field):
            return any(same_label(known.name, field.name) for known in await client.lead_fields())
        case AddChoices(field):
            standing = standing_field(await client.lead_fields(), field)
            return standing is None or not missing_labels(standing, field)
        case Subscribe(destination):
            return await _is_alive(client, destination.get_secret_value())
        case Unsubscribe(destination):
            return not await client.webhooks(destination.get_secret_value())
        case never:
            assert_never(never)


async def _may_begin(client: KommoClient, step: Step) -> bool:
    """An old address goes only once the new one is alive: until then messages come by the old one."""
    return not isinstance(step, Unsubscribe) or await _is_alive(client, step.instead.get_secret_value())


async def _is_alive(client: KommoClient, destination: str) -> bool:
    hooks = await client.webhooks(destination)
    return any(not hook.disabled and set(EVENTS) <= set(hook.settings) for hook in hooks)


async def _carry_out(client: KommoClient, step: Step) -> None:
    match step:
        case CreateField(field):
            await client.create_lead_field(field.name, field.kind, field.labels)
        case AddChoices(field):
            await _add_choices(client, field)
        case Subscribe(destination, kept):
            await client.subscribe(destination.get_secret_value(), tuple(dict.fromkeys((*EVENTS, *kept))))
        case Unsubscribe(destination):
            try:
                await client.unsubscribe(destination.get_secret_value())
            except NotFound:
                return
        case never:
            assert_never(never)


async def _add_choices(client: KommoClient, field: WantedField) -> None:
    standing = standing_field(await client.lead_fields(), field)
    if standing is not None:
        await client.set_field_choices(standing, missing_labels(standing, field))
