"""How Brazilians write amounts, dates, times and phone numbers.

One spelling for reply templates, the fact check and the staff pages: `R$ 1.870,00`, `23/11/2026`, `14h30`. Only
writing, from exact values; reading what people typed is elsewhere (`integrations/contact.py`).
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from integrations.settings import SHOP_ZONE

LOCALE = "pt_BR"
RELATIVE_DAYS = {-1: "ontem", 0: "hoje", 1: "amanhã"}


def money(amount: Decimal) -> str:
    """`R$ 1.870,00`, with a plain space so that it can be compared and searched."""
    return format_currency(amount, "BRL", locale=LOCALE).replace("\xa0", " ")


def number(value: Decimal | int) -> str:
    """A quantity without needless zeros: `4`, `1,5`, `1.200`."""
    return format_decimal(value, format="#,##0.##", locale=LOCALE)


def local(moment: datetime) -> datetime:
    """The same moment on the shop's clock; refuses a naive one with `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(SHOP_ZONE)


def local_day(moment: datetime) -> date:
    """The shop's calendar day of a moment."""
    return local(moment).date()


def day(value: date) -> str:
    """`23/11/2026`; a moment is taken on the shop's clock."""
    plain = local_day(value) if isinstance(value, datetime) else value
    return format_date(plain, "dd/MM/yyyy", locale=LOCALE)


def clock(value: time | datetime) -> str:
    """`17h` or `14h30`; a moment is taken on the shop's clock."""
    shown = local(value) if isinstance(value, datetime) else value
    return f"{shown.hour}h{shown.minute:02d}" if shown.minute else f"{shown.hour}h"


def weekday(value: date) -> str:
    """`segunda-feira`; a moment is taken on the shop's clock."""
    plain = local_day(value) if isinstance(value, datetime) else value
    return format_date(plain, "EEEE", locale=LOCALE)


def relative_day(value: date, now: datetime) -> str:
    """`hoje`, `amanhã`, `ontem`, for the next six days also the weekday (`sexta-feira, 27/11/2026`), else the date."""
    plain = local_day(value) if isinstance(value, datetime) else value
    distance = (plain - local_day(now)).days
    if distance in RELATIVE_DAYS:
        return RELATIVE_DAYS[distance]
    return f"{weekday(plain)}, {day(plain)}" if 0 < distance <= 6 else day(plain)


def relative_moment(value: datetime, now: datetime) -> str:
    """`amanhã às 17h`, `23/11/2026 às 14h30`; one o'clock takes `à 1h`."""
    article = "à" if local(value).hour in (0, 1) else "às"
    return f"{relative_day(value, now)} {article} {clock(value)}"


def since(value: datetime, now: datetime) -> str:
    """After "desde": `hoje`, `ontem` or the date, never a weekday."""
    return relative_day(value, now) if local_day(now) - local_day(value) <= timedelta(days=1) else day(value)


def phone(normal: str) -> str:
    """A phone in normal form as people write it: `(11) 98765-4321`, from abroad `+34 612 34 56 78`."""
    try:
        parsed = phonenumbers.parse(f"+{normal}")
    except phonenumbers.NumberParseException:
        return f"+{normal}"
    brazilian = parsed.country_code == 55
    style = phonenumbers.PhoneNumberFormat.NATIONAL if brazilian else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
