"""For any value: in whatever form it is written, it passes when a source has it and is refused when none has."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.conversation.factcheck import check
from assistant.conversation.factcheck.identifiers import NO_PLATE
from assistant.tools.orders import MyOrders
from assistant.tools.toolbox import Result
from integrations.brazil import money
from integrations.settings import SHOP_ZONE
from integrations.workshop.stages import Stage
from tests.assistant.factcheck.shop import NOW, WEEKDAYS, in_words, order

MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip
PLATE = "JKL8M90"

reais = st.integers(min_value=13, max_value=99_999)
days_ahead = st.integers(min_value=0, max_value=400)
hours = st.tuples(st.integers(min_value=5, max_value=22), st.sampled_from([0, 15, 30, 45]))


def amounts_written(value: int) -> list[str]:
    """Forms in which people write a whole number of reais."""
    forms = [
        money(Decimal(value)),
        money(Decimal(value)).replace(" ", ""),
        f"R$ {value}",
        f"{value} reais",
        f"{in_words(value)} reais",
        in_words(value).capitalize(),
        f"{value},00",
        f"R$ {value}.00",
        f"R$ {in_words(value)}",
        f"{value} conto",
        f"*R$ {value}*",
        f"{value // 1000} mil e {value % 1000}" if value >= 1000 and value % 1000 > 0 else str(value),
    ]
    if value % 100 == 0 and value >= 1000:
        forms += [
            f"{value / 1000:g}".replace(".", ",") + " mil",
            f"R$ {value / 1000:g}k",
            f"{value // 1000}k{value // 100 % 10}",
        ]
    return forms


def dates_written(day: date, today: date) -> list[str]:
    """Forms in which people write a day."""
    month = MONTHS[day.month - 1]
    forms = [
        f"{day:%d/%m/%Y}",
        f"{day:%d/%m/%y}",
        f"{day:%d/%m}",
        f"{day.day}/{day.month}",
        f"{day:%Y-%m-%d}",
        f"dia {day.day} de {month}",
        f"{in_words(day.day) if day.day > 1 else 'primeiro'} de {month} de {day.year}",
        f"{day.day} {month[:3]} {day.year}",
    ]
    away = (day - today).days
    if 0 < away < 28:
        forms += [
            f"dia {day.day}",
            f"em {away} dias",
            f"daqui a {in_words(away)} dias" if away > 1 else "daqui a 1 dia",
        ]
    if 0 < away < 7:
        forms += [WEEKDAYS[day.weekday()], f"na {WEEKDAYS[day.weekday()].split('-')[0]}"]
    return forms + {0: ["hoje"], 1: ["amanhã"], 2: ["depois de amanhã"]}.get(away, [])


def times_written(hour: int, minute: int) -> list[str]:
    """Forms in which people write a time of day."""
    forms = [f"{hour}h{minute:02d}" if minute else f"{hour}h", f"{hour}:{minute:02d}"]
    if minute == 0:
        forms += [f"às {hour}", f"às {hour} horas"]
        forms += [f"{hour - 12} da tarde"] if 12 < hour < 19 else [f"{in_words(hour)} da manhã"] if hour < 12 else []
    if minute == 30:
        forms += [f"às {in_words(hour)} e meia"]
    return forms


def with_total(value: Decimal) -> Sequence[Result]:
    """One order with this total."""
    return [MyOrders(orders=(order("OS-1045", "VW T-Cross", PLATE, Stage.IN_PROGRESS, total=value),), vehicles=())]


def expected(at: datetime) -> Sequence[Result]:
    """One order expected at this moment."""
    return [MyOrders(orders=(order("OS-1045", "VW T-Cross", PLATE, Stage.IN_PROGRESS, expected_at=at),), vehicles=())]


def moment(away: int, hour: int, minute: int) -> datetime:
    """A moment `away` days from the turn's."""
    day = NOW.date() + timedelta(days=away)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHOP_ZONE)


SENTENCES: list[Callable[[str], str]] = [
    lambda value: f"O serviço do seu T-Cross ficou em {value}.",
    lambda value: f"T-Cross ({PLATE}): total de {value}",
    lambda value: f"Sobre a OS-1045:\n\nTotal: {value}\n\nPosso ajudar em algo mais?",
]
sentences = st.sampled_from(SENTENCES)


@given(value=reais, sentence=sentences, data=st.data())
def test_an_amount_of_a_source_passes_in_every_form(
    value: int, sentence: Callable[[str], str], data: st.DataObject
) -> None:
    draft = sentence(data.draw(st.sampled_from(amounts_written(value))))
    assert check(draft, with_total(Decimal(value)), now=NOW) == [], draft


@given(value=reais, other=reais, sentence=sentences, data=st.data())
def test_an_amount_of_no_source_is_refused_in_every_form(
    value: int, other: int, sentence: Callable[[str], str], data: st.DataObject
) -> None:
    assume(value != other and str(value) not in ("1045", "1042"))
    draft = sentence(data.draw(st.sampled_from(amounts_written(value))))
    assert check(draft, with_total(Decimal(other)), now=NOW), draft


@given(away=days_ahead, data=st.data())
def test_the_forecast_passes_in_every_form(away: int, data: st.DataObject) -> None:
    at = moment(away, 17, 0)
    draft = f"O T-Cross deve ficar pronto {data.draw(st.sampled_from(dates_written(at.date(), NOW.date())))}."
    assert check(draft, expected(at), now=NOW) == [], draft


@given(away=days_ahead, data=st.data())
def test_a_forecast_told_as_a_certainty_is_refused(away: int, data: st.DataObject) -> None:
    at = moment(away, 17, 0)
    draft = f"O T-Cross fica pronto {data.draw(st.sampled_from(dates_written(at.date(), NOW.date())))}."
    assert check(draft, expected(at), now=NOW), draft


@given(away=days_ahead, other=days_ahead, data=st.data())
def test_another_day_is_refused_in_every_form(away: int, other: int, data: st.DataObject) -> None:
    told = moment(away, 17, 0).date()
    real = moment(other, 17, 0)
    assume((told.day, told.month) != (real.day, real.month))
    written = data.draw(st.sampled_from(dates_written(told, NOW.date())))
    assume(not (written == f"dia {told.day}" and told.day == real.day and other < 70))
    assert check(f"O T-Cross deve ficar pronto {written}.", expected(real), now=NOW), written


@given(at=hours, data=st.data())
def test_the_time_of_a_source_passes_in_every_form(at: tuple[int, int], data: st.DataObject) -> None:
    draft = f"O T-Cross deve ficar pronto amanhã {data.draw(st.sampled_from(times_written(*at)))}."
    assert check(draft, expected(moment(1, *at)), now=NOW) == [], draft


@given(at=hours, other=hours, data=st.data())
def test_another_time_is_refused_in_every_form(
    at: tuple[int, int], other: tuple[int, int], data: st.DataObject
) -> None:
    assume(at[1] != other[1] or at[0] % 12 != other[0] % 12)
    draft = f"O T-Cross deve ficar pronto amanhã {data.draw(st.sampled_from(times_written(*at)))}."
    assert check(draft, expected(moment(1, *other)), now=NOW), draft


any_letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
words_too = sorted(word.upper() for word in NO_PLATE if len(word) == 3)
letters = any_letters | st.sampled_from(words_too)
digits = st.text("0123456789", min_size=4, max_size=4)


def plates_written(plate: str) -> list[str]:
    """Forms in which people write a plate."""
    return [
        plate,
        plate.lower(),
        f"{plate[:3]}-{plate[3:]}",
        f"{plate[:3]} {plate[3:]}",
        f"{plate[:3].lower()} {plate[3:].lower()}",
        f"{plate[:3].lower()}-{plate[3:].lower()}",
    ]


@given(start=letters, rest=digits, mercosul=st.booleans(), data=st.data())
def test_a_plate_of_no_source_is_refused_in_every_form(
    start: str, rest: str, mercosul: bool, data: st.DataObject
) -> None:
    """Also where a source has the plate's number as an amount: "aos 0870" is no sum of R$ 870,00."""
    plate = start + (rest[0] + "ABCDEFGHIJ"[int(rest[1])] + rest[2:] if mercosul else rest)
    assume(plate != PLATE)
    written = data.draw(st.sampled_from(plates_written(plate)))
    assert check(f"O carro da placa {written} está aqui.", with_total(Decimal(int(rest))), now=NOW), written


@given(
    number=st.integers(min_value=1, max_value=99_999),
    form=st.sampled_from(["OS-{}", "OS {}", "os{}", "ordem {}", "OS nº {}", "#{}"]),
)
def test_an_order_of_no_source_is_refused_in_every_form(number: int, form: str) -> None:
    assume(number != 1045)
    assert check(f"A {form.format(number)} é sua.", with_total(Decimal("7.77")), now=NOW)


@given(months=st.integers(min_value=1, max_value=60), other=st.integers(min_value=1, max_value=60))
@settings(max_examples=60)
def test_months_ago_are_counted(months: int, other: int) -> None:
    assume(abs(months - other) > 1)
    at = NOW.date() - timedelta(days=round(months * 30.44) + 5)
    visit = order("OS-0871", "VW Gol", PLATE, Stage.DELIVERED, delivered_on=at)
    sources = [MyOrders(orders=(visit,), vehicles=())]
    assert check(f"O Gol foi entregue há {months} meses.", sources, now=NOW) == []
    assert check(f"O Gol foi entregue há {other} meses.", sources, now=NOW)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    check(text, with_total(Decimal("7.77")), customer_said=text, profile=[text], now=NOW)
