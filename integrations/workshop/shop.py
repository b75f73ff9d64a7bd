"""The shop's profile: name, places, telephone, hours and services. Reading only; names no price."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.models import Company, Service
from integrations.workshop.opening import OpeningHours, opening_hours
from integrations.workshop.preferences import own_days, shop_config
from integrations.workshop.stages import plain_key


@dataclass(frozen=True)
class ShopProfile:
    """What anybody may know about the shop. The first of `units` is the main one."""

    name: str | None
    phone: str | None
    whatsapp: str | None
    hours: OpeningHours
    units: Sequence[Company]
    services: Sequence[str]


async def shop_profile(session: AsyncSession) -> ShopProfile:
    """The profile as far as the shop told it; on an empty database everything is None or empty."""
    config = await shop_config(session)
    units = await _units(session, config.nome if config else None)
    services = await session.scalars(select(Service.name).where(Service.is_active).order_by(Service.name))
    main = units[0] if units else None
    return ShopProfile(
        name=blank_is_none(config.nome if config else None) or (main.nome if main else None),
        phone=blank_is_none(config.telefone if config else None) or (blank_is_none(main.telefone) if main else None),
        whatsapp=blank_is_none(config.whatsapp if config else None),
        hours=opening_hours(config, await own_days(session)),
        units=units,
        services=tuple(services),
    )


async def shop_hours(session: AsyncSession) -> OpeningHours:
    """When the shop is open."""
    return opening_hours(await shop_config(session), await own_days(session))


def blank_is_none(text: str | None) -> str | None:
    """The shop's application writes empty strings where it knows nothing."""
    return (text or "").strip() or None


async def _units(session: AsyncSession, shop_name: str | None) -> Sequence[Company]:
    """All places; the one that bears the shop's name first, then those with an address, then the oldest."""
    companies = (await session.scalars(select(Company).order_by(Company.created_at, Company.nome))).all()
    main = plain_key(shop_name)
    return sorted(companies, key=lambda unit: (plain_key(unit.nome) != main, blank_is_none(unit.endereco) is None))
