"""Configurações › Oficina: what customers are told of paying and warranty, opening hours, days of the shop's own.

What is saved counts from the next answer on. An empty setting lets the server's own value hold again.
"""

from datetime import UTC, date, datetime, time

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from pydantic import Field, field_validator
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.roles import Role
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.forms import Filled, Form, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of
from integrations.brazil import local
from integrations.workshop.preferences import (
    LONGEST,
    STAFF_SET,
    WeekHours,
    WrongPreference,
    check_preference,
    own_days,
    preferences,
    remove_day,
    save_day,
    save_hours,
    save_preference,
    week_hours,
)

PATH = "/configuracoes/oficina"
LAST_YEAR = 2100


class Terms(Form):
    """What customers are told; empty: the server's value."""

    pix_key: str = Field("", max_length=LONGEST)
    payment_ways: str = Field("", max_length=LONGEST)
    warranty_days: str = Field("", max_length=4)


class OptionalTimes(Form):
    """A browser sends an empty text for a time that was not filled in."""

    @field_validator("*", mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        return None if value == "" else value


class Week(OptionalTimes):
    """The opening hours."""

    opens: time
    closes: time
    closes_saturday: time | None = None
    lunch_starts: time | None = None
    lunch_ends: time | None = None


class Day(OptionalTimes):
    """A day with hours of its own."""

    day: date
    name: str
    opens: time | None = None
    closes: time | None = None


@get(PATH, lowest=Role.GERENTE)
async def show_shop(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The page."""
    return await _shop_page(request, session)


@post(PATH, lowest=Role.GERENTE)
async def set_terms(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Keep what customers are told, all fields or none."""
    form, settings = await read_form(request, Terms), parts_of(request).settings
    member, now = member_of(request), datetime.now(UTC)
    if form.given is None:
        return await _shop_page(request, session, terms=form)
    typed, before = form.given.model_dump(), await preferences(session)
    for name in STAFF_SET:
        try:
            check_preference(settings, name, typed[name])
        except WrongPreference as wrong:
            form.refuse(str(wrong), wrong.field)
    if form.errors:
        return await _shop_page(request, session, terms=form)
    for name in STAFF_SET:
        if typed[name] != before.get(name, ""):
            await save_preference(session, settings, name, typed[name], member.id, now)
            note(session, visit_of(request).doer, Action.SHOP_SETTING_CHANGED, name)
    return go_to(request, PATH, say="Salvo. Vale a partir da próxima resposta.")


@post(f"{PATH}/horario", lowest=Role.GERENTE)
async def set_hours(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Keep the week's hours."""
    form = await read_form(request, Week)
    if form.given is not None:
        try:
            await save_hours(session, WeekHours(**form.given.model_dump()))
        except WrongPreference as wrong:
            form.refuse(str(wrong), wrong.field)
    if form.errors:
        return await _shop_page(request, session, week=form)
    note(session, visit_of(request).doer, Action.HOURS_CHANGED)
    return go_to(request, PATH, say="Horário salvo.")


@post(f"{PATH}/dias", lowest=Role.GERENTE)
async def set_day(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Set a day apart."""
    form, now = await read_form(request, Day), datetime.now(UTC)
    if form.given is not None:
        day = form.given
        try:
            if not local(now).date() <= day.day < date(LAST_YEAR, 1, 1):
                raise WrongPreference("day", "Escolha um dia de hoje em diante.")
            await save_day(session, day.day, day.name, day.opens, day.closes, member_of(request).id, now)
        except WrongPreference as wrong:
            form.refuse(str(wrong), wrong.field)
    if form.given is None or form.errors:
        return await _shop_page(request, session, day=form)
    note(session, visit_of(request).doer, Action.DAY_SET_APART, form.given.day.isoformat())
    return go_to(request, PATH, say="Dia salvo.")


@post(f"{PATH}/dias/{{day:date}}/retirar", lowest=Role.GERENTE)
async def unset_day(
    day: FromPath[date], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Let a day be as any other again."""
    if not await remove_day(session, day):
        raise NotFoundException
    note(session, visit_of(request).doer, Action.DAY_REMOVED, day.isoformat())
    return go_to(request, PATH, say="Dia retirado.")


async def _shop_page(
    request: StaffRequest,
    session: AsyncSession,
    terms: Filled[Terms] | None = None,
    week: Filled[Week] | None = None,
    day: Filled[Day] | None = None,
) -> Response[str]:
    """The page with what is stored, or with what was typed wrong."""
    today = local(datetime.now(UTC)).date()
    stored, hours = await preferences(session), await week_hours(session)
    return page(
        request,
        "shop.html",
        status=422 if any(form is not None and form.errors for form in (terms, week, day)) else 200,
        terms=terms or Filled(values={name: stored.get(name, "") for name in STAFF_SET}),
        week=week or Filled(values=hours),
        day=day or Filled(),
        days=[one for one in await own_days(session) if one.day >= today],
        server=parts_of(request).settings,
        today=today,
    )


AREA = Area("Oficina", PATH, Role.GERENTE, (show_shop, set_terms, set_hours, set_day, unset_day), Place.SETTINGS)
