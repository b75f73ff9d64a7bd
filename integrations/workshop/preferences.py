"""What the staff set on their page: a few settings, the opening hours and days of the shop's own.

A setting saved here stands before the environment's until it is removed. Everything is checked before it is kept, since
customers are told it word for word. Takes a session, never commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import structlog
from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.settings import Settings
from integrations.workshop.models import ShopConfig
from integrations.workshop.pix import is_pix_key
from integrations.workshop.preference_models import ShopDay, ShopSetting

log = structlog.get_logger(__name__)

STAFF_SET = ("pix_key", "payment_ways", "warranty_days")
"""The settings that have a field on the page, by their name in `Settings`."""
LONGEST = 200
Value = str | int | float | bool | Decimal | None


class WrongPreference(Exception):
    """What was typed cannot be kept; the text says why, in Portuguese. `field` names the field of the form."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


@dataclass(frozen=True)
class WeekHours:
    """The week as the page's form has it. No closing time: closed on those days."""

    opens: time
    closes: time
    closes_saturday: time | None = None
    lunch_starts: time | None = None
    lunch_ends: time | None = None


async def preferences(session: AsyncSession) -> Mapping[str, str]:
    """What the staff have set, by name."""
    rows = await session.execute(select(ShopSetting.name, ShopSetting.value).where(ShopSetting.name.in_(STAFF_SET)))
    return {row.name: row.value for row in rows}


def with_preferences(settings: Settings, chosen: Mapping[str, str]) -> Settings:
    """The settings with what the staff have set in front; what a newer version cannot read is left out."""
    usable: dict[str, Value] = {}
    for name, value in chosen.items():
        try:
            usable[name] = _checked(settings, name, value)
        except WrongPreference:
            log.warning("preference.unusable", name=name)
    return settings.model_copy(update=usable)


async def save_preference(
    session: AsyncSession, settings: Settings, name: str, typed: str, by: int | None, now: datetime
) -> None:
    """Keep a setting; nothing typed removes it, and the environment's value holds again. Raises `WrongPreference`."""
    check_preference(settings, name, typed)
    text = typed.strip()
    if not text:
        await session.execute(delete(ShopSetting).where(ShopSetting.name == name))
        return
    await keep_setting(session, name, text, by, now)


async def keep_setting(session: AsyncSession, name: str, value: str, by: int | None, now: datetime) -> None:
    """Write a setting as it is given; whoever calls has checked it."""
    row = {"name": name, "value": value, "changed_by": by, "changed_at": now}
    statement = insert(ShopSetting).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def check_preference(settings: Settings, name: str, typed: str) -> None:
    """Raises `WrongPreference` when this cannot be kept."""
    if name not in STAFF_SET:
        raise WrongPreference(name, "Esta configuração não pode ser mudada aqui.")
    text = typed.strip()
    if not text:
        return
    if len(text) > LONGEST:
        raise WrongPreference(name, f"Use no máximo {LONGEST} caracteres.")
    if name == "pix_key" and not is_pix_key(text):
        raise WrongPreference(
            name, "Isto não parece uma chave pix: use CPF, CNPJ, celular com +55, e-mail ou a chave aleatória."
        )
    _checked(settings, name, text)


async def week_hours(session: AsyncSession) -> Mapping[str, str]:
    """The week as it is stored, for the form: `HH:MM` by the names of `WeekHours`, empty where nothing is set."""
    config = await shop_config(session)
    stored = (
        {
            "opens": config.horario_entrada,
            "closes": config.horario_saida_semana,
            "closes_saturday": config.horario_saida_sabado,
            "lunch_starts": config.horario_almoco_inicio,
            "lunch_ends": config.horario_almoco_fim,
        }
        if config
        else {}
    )
    return {name: f"{at:%H:%M}" if at else "" for name, at in stored.items()}


async def own_days(session: AsyncSession) -> Sequence[ShopDay]:
    """The days that the shop has set apart, in their order: a handful a year."""
    return (await session.scalars(select(ShopDay).order_by(ShopDay.day))).all()


async def shop_config(session: AsyncSession, *, lock: bool = False) -> ShopConfig | None:
    """The shop's row of its own application: one is expected, the oldest counts."""
    query = select(ShopConfig).order_by(ShopConfig.created_at, ShopConfig.id).limit(1)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def save_hours(session: AsyncSession, hours: WeekHours) -> None:
    """Write the week into the shop's profile. Raises `WrongPreference`."""
    _check_hours(hours)
    config = await shop_config(session, lock=True)
    if config is None:
        config = ShopConfig()
        session.add(config)
    config.horario_entrada, config.horario_saida_semana = hours.opens, hours.closes
    config.horario_saida_sabado = hours.closes_saturday
    config.horario_almoco_inicio, config.horario_almoco_fim = hours.lunch_starts, hours.lunch_ends


async def save_day(
    session: AsyncSession,
    day: date,
    name: str,
    opens: time | None,
    closes: time | None,
    by: int | None,
    now: datetime,
) -> None:
    """Set a day apart, closed without hours; the same day again replaces it. Raises `WrongPreference`."""
    text = name.strip()
    if not text or len(text) > LONGEST:
        raise WrongPreference("name", "Diga o nome do dia, por exemplo: Aniversário da cidade.")
    if (opens is None) != (closes is None):
        raise WrongPreference("closes", "Preencha os dois horários, ou nenhum para ficar fechado o dia todo.")
    if opens is not None and closes is not None and opens >= closes:
        raise WrongPreference("closes", "O horário de fechar precisa ser depois do de abrir.")
    row = {"day": day, "name": text, "opens": opens, "closes": closes, "changed_by": by, "changed_at": now}
    statement = insert(ShopDay).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["day"], set_=row))


async def remove_day(session: AsyncSession, day: date) -> bool:
    """Let the day be as any other again; False when it was not set apart."""
    gone = delete(ShopDay).where(ShopDay.day == day).returning(ShopDay.day)
    return (await session.execute(gone)).first() is not None


def _checked(settings: Settings, name: str, text: str) -> Value:
    """The text as the setting's value, held to the setting's own rules."""
    try:
        checked = Settings.model_validate({**settings.model_dump(), name: text})
    except ValidationError:
        raise WrongPreference(name, "Este valor não serve: confira e digite de novo.") from None
    value: Value = getattr(checked, name)
    return value


def _check_hours(hours: WeekHours) -> None:
    if hours.opens >= hours.closes:
        raise WrongPreference("closes", "O horário de fechar precisa ser depois do de abrir.")
    if hours.closes_saturday is not None and hours.opens >= hours.closes_saturday:
        raise WrongPreference("closes_saturday", "No sábado, o horário de fechar precisa ser depois do de abrir.")
    if (hours.lunch_starts is None) != (hours.lunch_ends is None):
        raise WrongPreference("lunch_ends", "Preencha início e fim do almoço, ou nenhum dos dois.")
    if hours.lunch_starts is not None and hours.lunch_ends is not None and hours.lunch_starts >= hours.lunch_ends:
        raise WrongPreference("lunch_ends", "O almoço precisa terminar depois de começar.")
