"""Fields as people type them: what is read, what is a problem, and that nothing raises."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import brazil
from integrations.contact import normal_document, normal_email, normal_phone, normal_plate
from integrations.workshop.normal.choices import Origin, Urgency, read_origin, read_urgency
from integrations.workshop.normal.document import DocumentKind, read_document
from integrations.workshop.normal.identity import read_email, read_phone, read_plate
from integrations.workshop.normal.money import read_money
from integrations.workshop.normal.reading import TEXTS, Problem
from integrations.workshop.normal.vehicle import VehicleName, names, read_vehicle

GARBAGE = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789+-().,/ R$aA", max_size=25),
    st.text(alphabet="²٣½१ \x00-", max_size=9),
)
MOBILES = st.from_regex(r"(11|21|31|47|85)9[6-9][0-9]{4}12[0-9]", fullmatch=True)
PLATES = st.from_regex(r"[A-Z]{3}[0-9][A-Z0-9][0-9]{2}", fullmatch=True)
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("(11) 98765-4321", "5511987654321"),
        ("11 8765-4321", "5511987654321"),
        ("+55 11 3333-4444", "551133334444"),
        ("551187654321", "5511987654321"),
        ("+34 612 34 56 78", "34612345678"),
        ("+1 415 555 2671", "14155552671"),
        ("", Problem.EMPTY),
        (None, Problem.EMPTY),
        ("não tenho", Problem.PHONE_NO_DIGITS),
        ("98765-4321", Problem.PHONE_WITHOUT_AREA),
        ("1234", Problem.PHONE_TOO_SHORT),
        ("11 98765-4321 / 11 3333-4444", Problem.PHONE_TOO_LONG),
        ("(20) 98765-4321", Problem.PHONE_UNKNOWN),
        ("+55 11 1111-1112", Problem.PHONE_UNKNOWN),
        ("(11) 99999-9999", Problem.PHONE_PLACEHOLDER),
    ],
)
def test_phones(typed: str | None, value: str | Problem) -> None:
    read = read_phone(typed)
    assert (read.value or read.problem) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("abc-1234", "ABC1234"),
        ("ABC 1D23", "ABC1D23"),
        (" ", Problem.EMPTY),
        ("ABC123", Problem.PLATE_LENGTH),
        ("A1C1234", Problem.PLATE_FORM),
    ],
)
def test_plates(typed: str, value: str | Problem) -> None:
    read = read_plate(typed)
    assert (read.value or read.problem) == value


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("390.533.447-05", DocumentKind.CPF, "390.533.447-05"),
        ("39053344705", DocumentKind.CPF, "390.533.447-05"),
        ("12abc34501de35", DocumentKind.CNPJ, "12.ABC.345/01DE-35"),
        ("16.727.230/0001-97", DocumentKind.CNPJ, "16.727.230/0001-97"),
    ],
)
def test_documents(typed: str, kind: DocumentKind, text: str) -> None:
    document = read_document(typed).value
    assert document is not None
    assert (document.kind, document.text) == (kind, text)
    assert read_document(document.text).value == document


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.EMPTY),
        ("390.533.447-0", Problem.DOCUMENT_LENGTH),
        ("390.533.447-06", Problem.DOCUMENT_CHECK_DIGITS),
        ("111.111.111-11", Problem.DOCUMENT_PLACEHOLDER),
        ("12.ABC.345/01DE-36", Problem.DOCUMENT_CHECK_DIGITS),
    ],
)
def test_wrong_documents(typed: str, problem: Problem) -> None:
    assert read_document(typed).problem is problem


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("R$ 1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1,234.56", "1234.56"),
        ("850 reais", "850"),
        ("1,5 mil", "1500"),
        ("2k", "2000"),
        (1870, "1870"),
        (99.9, "99.9"),
        (Decimal("0.10"), "0.10"),
    ],
)
def test_money(typed: str | int | float | Decimal, amount: str) -> None:
    assert read_money(typed).value == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.EMPTY),
        (None, Problem.EMPTY),
        ("1,234", Problem.MONEY_FORM),
        ("12.34.56", Problem.MONEY_FORM),
        ("a combinar", Problem.MONEY_FORM),
        (float("nan"), Problem.MONEY_FORM),
        ("-50", Problem.MONEY_NEGATIVE),
        ("R$ -50,00", Problem.MONEY_NEGATIVE),
        (-1, Problem.MONEY_NEGATIVE),
        ("99.999.999.999", Problem.MONEY_TOO_LARGE),
    ],
)
def test_no_money(typed: str | float | None, problem: Problem) -> None:
    assert read_money(typed).problem is problem


@pytest.mark.parametrize(
    ("typed", "urgency"),
    [
        ("ALTA", Urgency.HIGH),
        ("urgente!!", Urgency.HIGH),
        ("urjente", Urgency.HIGH),
        ("media", Urgency.MEDIUM),
        ("Média", Urgency.MEDIUM),
        ("sem pressa", Urgency.LOW),
        ("não é urgente", Urgency.LOW),
        ("baixa", Urgency.LOW),
        ("alta ou baixa?", None),
        ("xyz", None),
    ],
)
def test_urgency(typed: str, urgency: Urgency | None) -> None:
    assert read_urgency(typed).value is urgency


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("Whats", Origin.WHATSAPP),
        ("pelo zap", Origin.WHATSAPP),
        ("instagran", Origin.INSTAGRAM),
        ("Google Maps", Origin.GOOGLE),
        ("indicação de um amigo", Origin.REFERRAL),
        ("indicacao", Origin.REFERRAL),
        ("outdoor", None),
    ],
)
def test_origin(typed: str, origin: Origin | None) -> None:
    assert read_origin(typed).value is origin


@pytest.mark.parametrize(
    ("typed", "vehicle"),
    [
        ("vw gol 1.6 2012 prata", VehicleName("Gol", "Volkswagen", "1.6", "prata", "2012")),
        ("Golf GTI mk7", VehicleName("Golf", "Volkswagen", "GTI mk7")),
        ("audi a3 sportback", VehicleName("A3 Sportback", "Audi")),
        ("onix ltz 2019", VehicleName("Onix", "Chevrolet", "ltz", year="2019")),
        ("fox", VehicleName("Fox", "Volkswagen")),
        ("VW - VolksWagen/Polo", VehicleName("Polo", "Volkswagen")),
        ("t cross 22/23", VehicleName("T-Cross", "Volkswagen", year="2023")),
        ("volks jeta tsi 2013/2014", VehicleName("Jetta", "Volkswagen", "tsi", year="2014")),
        ("peugeot 2008 2019", VehicleName("2008", "Peugeot", year="2019")),
        ("peugeot 207 2008", VehicleName("207", "Peugeot", year="2008")),
        ("hyunday hb 20", VehicleName("HB20", "Hyundai")),
        ("trator massey", VehicleName("trator massey")),
        ("2012", VehicleName("2012")),
    ],
)
def test_vehicles(typed: str, vehicle: VehicleName) -> None:
    assert read_vehicle(typed).value == vehicle


def test_no_vehicle() -> None:
    assert read_vehicle(" - ").problem is Problem.EMPTY


def test_every_listed_vehicle_is_read_as_itself_and_again_from_its_own_text() -> None:
    listed = [(brand, model) for brand, models in names().models.items() for model in models.values()]
    assert len(names().models) >= 40
    assert len(listed) >= 500
    for brand, model in listed:
        read = read_vehicle(f"{brand} {model} 2015").value
        assert read == VehicleName(model, brand, year="2015")
        assert read is not None
        assert read_vehicle(read.text).value == read


def test_every_problem_has_words() -> None:
    assert set(TEXTS) == set(Problem)


@given(GARBAGE)
def test_garbage_gives_a_value_or_a_problem_and_never_raises(typed: str) -> None:
    for reader in (
        read_phone,
        read_plate,
        read_email,
        read_document,
        read_money,
        read_urgency,
        read_origin,
        read_vehicle,
    ):
        read = reader(typed)
        assert (read.value is None) is (read.problem is not None)


@given(GARBAGE)
def test_values_are_the_keys_that_the_database_computes(typed: str) -> None:
    document = read_document(typed).value
    assert read_phone(typed).value in (None, normal_phone(typed))
    assert normal_plate(read_plate(typed).value) == normal_plate(typed)
    assert read_email(typed).value == normal_email(typed)
    assert document is None or document.number == normal_document(typed)


@given(MOBILES, PLATES, st.emails(domains=st.just("gmail.com")))
def test_what_was_read_reads_the_same_again(mobile: str, plate: str, email: str) -> None:
    phone, address = read_phone(mobile).value, read_email(email).value
    assert phone is not None
    assert read_phone(phone).value == read_phone(brazil.phone(phone)).value == phone
    assert read_plate(plate).value == plate
    assert address is None or read_email(address).value == address


@given(AMOUNTS)
def test_an_amount_as_we_write_it_is_read_as_itself(amount: Decimal) -> None:
    assert read_money(brazil.money(amount)).value == read_money(amount).value == read_money(str(amount)).value == amount


@given(st.sampled_from(list(Urgency)), st.sampled_from(list(Origin)))
def test_labels_are_read_as_themselves(urgency: Urgency, origin: Origin) -> None:
    assert read_urgency(urgency.value).value is urgency
    assert read_origin(origin.value).value is origin
