"""How times, amounts and codes are written on the staff's pages; the filters of the templates."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from babel.dates import format_timedelta

from integrations.brazil import LOCALE, clock, day, money, number, phone, relative_day
from integrations.contact import normal_phone


def moment(value: datetime) -> str:
    """`hoje às 14h30`, else `23/11/2026 às 14h30`."""
    return f"{relative_day(value, datetime.now(UTC))} às {clock(value)}"


def ago(value: datetime) -> str:
    """`há 5 minutos`."""
    return format_timedelta(value - datetime.now(UTC), add_direction=True, locale=LOCALE)


def exact(value: datetime) -> str:
    """For the `datetime` attribute of `<time>`."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def shown_phone(typed: str) -> str:
    """A phone as Brazilians write it; what is no number stays as it was typed."""
    normal = normal_phone(typed)
    return phone(normal) if normal else typed


def initials(name: str) -> str:
    """`MS` of Maria da Silva."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


def browser_name(agent: str) -> str:
    """What people call the browser that sent this User-Agent, as far as it is told."""
    names = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
    more = (("Mac OS", "Mac"), ("Linux", "Linux"))
    name = next((shown for mark, shown in names if mark in agent), "Navegador")
    system = next((shown for mark, shown in (*systems, *more) if mark in agent), None)
    return f"{name} em {system}" if system else name


FILTERS: Mapping[str, Callable[..., str]] = {
    "reais": money,
    "numero": number,
    "dia": day,
    "hora": clock,
    "momento": moment,
    "ha": ago,
    "exato": exact,
    "iniciais": initials,
    "telefone": shown_phone,
    "navegador": browser_name,
}
