"""What speaks for and against a customer being the one, how much each weighs, and when it is certain.

The score is a Fellegi-Sunter sum: each thing that agrees or differs adds its weight, the binary logarithm of how much
more often it happens between two records of one person than between two of different people (Fellegi and Sunter, "A
Theory for Record Linkage", 1969). The sum starts below zero, because almost no customer is the one. It orders the list
for the reviewer and decides nothing: `is_certain` does, by rules that can be told to anybody. Pure.
"""

from collections.abc import Sequence

from integrations import brazil
from integrations.contact import normal_document, normal_email, normal_phone
from integrations.workshop.matching.candidates import Candidate, Way
from integrations.workshop.matching.names import Likeness, compare
from integrations.workshop.matching.shapes import CustomerMatch, Reason, ReasonKind, Speaks, Wanted, speaks_against
from integrations.workshop.models import Customer, Vehicle
from integrations.workshop.normal.document import read_document
from integrations.workshop.normal.vehicle import key

START = -12.0
"""One in four thousand: a shop's customers who could be mistaken for one."""

WEIGHTS: dict[ReasonKind, float] = {
    ReasonKind.SAME_DOCUMENT: 20,
    ReasonKind.OTHER_DOCUMENT: -12,
    ReasonKind.SAME_PHONE: 13,
    ReasonKind.PHONE_OF_ORDER: 8,
    ReasonKind.SHARED_PHONE: -3,
    ReasonKind.SAME_EMAIL: 13,
    ReasonKind.SAME_NAME: 8,
    ReasonKind.CLOSE_NAME: 6,
    ReasonKind.SAME_FIRST_NAME: 3,
    ReasonKind.OTHER_GENERATION: 2,
    ReasonKind.OTHER_NAME: -4,
    ReasonKind.COMPANY_AND_PERSON: 0,
    ReasonKind.OWNS_VEHICLE: 9,
    ReasonKind.BROUGHT_VEHICLE: 6,
    ReasonKind.SAME_MODEL: 3,
    ReasonKind.SIMILAR_PLATE: 5,
}

NAME_REASONS = {
    Likeness.SAME: ReasonKind.SAME_NAME,
    Likeness.CLOSE: ReasonKind.CLOSE_NAME,
    Likeness.FIRST_ONLY: ReasonKind.SAME_FIRST_NAME,
    Likeness.OTHER_GENERATION: ReasonKind.OTHER_GENERATION,
    Likeness.DIFFERENT: ReasonKind.OTHER_NAME,
}
NAME_TEXTS = {
    ReasonKind.SAME_NAME: "O nome é o mesmo: {name}.",
    ReasonKind.CLOSE_NAME: "O nome é parecido, mas não igual: {name}.",
    ReasonKind.SAME_FIRST_NAME: "Só o primeiro nome confere: {name}.",
    ReasonKind.OTHER_GENERATION: "O nome só difere em Filho, Neto ou Júnior: {name}. Podem ser pai e filho.",
    ReasonKind.OTHER_NAME: "O nome é outro: {name}.",
}
LARGEST_FAMILY = 6
"""Customers behind one phone who may be a family; more are a placeholder or a switchboard."""
AGAINST = frozenset(
    (ReasonKind.OTHER_DOCUMENT, ReasonKind.OTHER_NAME, ReasonKind.OTHER_GENERATION, ReasonKind.SHARED_PHONE)
)


def weigh(wanted: Wanted, candidate: Candidate, cars: Sequence[Vehicle], rivals: Sequence[Customer]) -> CustomerMatch:
    """One candidate; `rivals` are the other customers found by the same phone."""
    document = _document(wanted, candidate.customer)
    proven = any(found.kind is ReasonKind.SAME_DOCUMENT for found in document)
    reasons = (
        *document,
        *_contact(wanted, candidate),
        *_name(wanted, candidate.customer),
        *(() if proven else _shared(wanted, candidate.customer, rivals)),
        *_vehicles(wanted, candidate, cars),
    )
    customer = candidate.customer
    total = START + sum(WEIGHTS.get(reason.kind, 0) for reason in reasons)
    return CustomerMatch(
        customer.id,
        customer.full_name,
        normal_phone(customer.phone),
        normal_document(customer.cpf),
        round(1 / (1 + 2.0**-total), 4),
        is_certain(reasons),
        reasons,
    )


def is_certain(reasons: tuple[Reason, ...]) -> bool:
    """The rules by which two records are one without anybody looking; whatever speaks against ends it.

    The same document; the same phone or e-mail and the same full name; the same phone, the given name and the car.
    """
    kinds = {reason.kind for reason in reasons}
    if speaks_against(reasons):
        return False
    contact = kinds & {ReasonKind.SAME_PHONE, ReasonKind.SAME_EMAIL}
    with_car = {ReasonKind.SAME_PHONE, ReasonKind.SAME_FIRST_NAME, ReasonKind.OWNS_VEHICLE}
    return bool(ReasonKind.SAME_DOCUMENT in kinds or (contact and ReasonKind.SAME_NAME in kinds) or with_car <= kinds)


def reason(kind: ReasonKind, text: str) -> Reason:
    return Reason(kind, text, Speaks.AGAINST if kind in AGAINST else Speaks.FOR)


def _document(wanted: Wanted, customer: Customer) -> list[Reason]:
    """A document with a wrong check digit says nothing, on either side."""
    if not wanted.document or not customer.cpf:
        return []
    asked, stored = read_document(wanted.document).value, read_document(customer.cpf).value
    if asked is None or stored is None:
        return []
    if asked == stored:
        return [reason(ReasonKind.SAME_DOCUMENT, f"O {asked.kind} é o mesmo: {asked.text}.")]
    return [reason(ReasonKind.OTHER_DOCUMENT, f"O documento é outro: este cliente tem o {stored.kind} {stored.text}.")]


def _contact(wanted: Wanted, candidate: Candidate) -> list[Reason]:
    customer = candidate.customer
    found: list[Reason] = []
    phone = normal_phone(customer.phone)
    if phone is not None and phone in wanted.phones:
        found.append(reason(ReasonKind.SAME_PHONE, f"O telefone é o mesmo: {brazil.phone(phone)}."))
    elif Way.ORDER_PHONE in candidate.ways:
        found.append(reason(ReasonKind.PHONE_OF_ORDER, "O telefone está em uma OS deste cliente."))
    email = normal_email(customer.email)
    if email is not None and email == wanted.email:
        found.append(reason(ReasonKind.SAME_EMAIL, f"O e-mail é o mesmo: {email}."))
    return found


def _name(wanted: Wanted, customer: Customer) -> list[Reason]:
    likeness = compare(wanted.name, customer.full_name)
    if likeness is Likeness.UNKNOWN:
        both = wanted.name and customer.full_name
        text = "Um nome é de empresa e o outro é de pessoa."
        return [reason(ReasonKind.COMPANY_AND_PERSON, text)] if both else []
    kind = NAME_REASONS[likeness]
    return [reason(kind, NAME_TEXTS[kind].format(name=customer.full_name))]


def _shared(wanted: Wanted, customer: Customer, rivals: Sequence[Customer]) -> list[Reason]:
    """Another customer with the same phone whose name would fit as well, or a phone that is nobody's own."""
    if normal_phone(customer.phone) not in wanted.phones:
        return []
    if len(rivals) > LARGEST_FAMILY:
        text = f"Este telefone está em {len(rivals)} ou mais cadastros: pode não ser de ninguém."
        return [reason(ReasonKind.SHARED_PHONE, text)]
    fitting = [
        other.full_name or "um cliente sem nome"
        for other in rivals
        if other.id != customer.id and compare(wanted.name, other.full_name) is not Likeness.DIFFERENT
    ]
    if not fitting:
        return []
    return [reason(ReasonKind.SHARED_PHONE, f"Este telefone também é de {fitting[0]}.")]


def _vehicles(wanted: Wanted, candidate: Candidate, cars: Sequence[Vehicle]) -> list[Reason]:
    if Way.OWNS_PLATE in candidate.ways:
        return [reason(ReasonKind.OWNS_VEHICLE, "O carro com esta placa é deste cliente.")]
    if Way.ORDER_PLATE in candidate.ways:
        return [reason(ReasonKind.BROUGHT_VEHICLE, "Este cliente já trouxe o carro com esta placa.")]
    if wanted.model and any(key(car.model).startswith(key(wanted.model)) for car in cars):
        return [reason(ReasonKind.SAME_MODEL, f"Este cliente tem um carro do mesmo modelo: {wanted.model}.")]
    return []
