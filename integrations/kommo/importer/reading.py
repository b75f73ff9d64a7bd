"""The texts of a candidate as values, each problem with its field and words for the staff. No I/O.

What is read is `texts_of(said, edits)`: what Kommo says, split into the fields of the page, with what a person wrote
over it. A blocking problem keeps a candidate from being imported; another one only from being imported by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from integrations.workshop.normal import (
    read_document,
    read_email,
    read_money,
    read_name,
    read_origin,
    read_phone,
    read_plate,
    read_urgency,
    read_vehicle,
)

FIELDS: Mapping[str, str] = {
    "full_name": "Nome",
    "phone": "Telefone",
    "document": "CPF ou CNPJ",
    "email": "E-mail",
    "plate": "Placa",
    "brand": "Marca",
    "model": "Modelo",
    "version": "Versão",
    "year": "Ano",
    "problem": "Problema relatado",
    "urgency": "Urgência",
    "origin": "Origem",
    "value": "Valor do orçamento",
    "status": "Situação da OS",
}
"""The fields of a candidate in the order of the page, with their labels."""

STATUSES: Mapping[str, str] = {
    "diagnostico": "Diagnóstico",
    "orcamento": "Orçamento",
    "aguardando_aprovacao": "Aguardando Aprovação",
    "aprovado": "Aprovado, pronto para iniciar",
    "aguardando_pecas": "Aguardando Peças",
    "em_execucao": "Em Execução",
    "pronto_retirada": "Pronto para Retirada",
}
"""The statuses in which an imported OS may begin."""

FIRST_STATUS = "orcamento"
"""What the shop's own table gives a new OS; nothing here says that a customer has approved anything."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field; `field` is a key of `FIELDS`, or `customer` or `order`."""

    field: str
    words: str
    blocking: bool = True


@dataclass(frozen=True)
class Values:
    """A candidate as it would be written; None is what nobody said."""

    full_name: str | None
    phone: str | None
    """Normal form."""
    phones: tuple[str, ...]
    """All of them, the first one first."""
    document: str | None
    email: str | None
    plate: str | None
    """As it is written on the car, without hyphen."""
    brand: str | None
    model: str | None
    version: str | None
    year: str | None
    problem: str | None
    urgency: str | None
    origin: str | None
    value: Decimal | None
    status: str

    @property
    def vehicle(self) -> str:
        """Brand, model and version, as an OS shows them."""
        return " ".join(part for part in (self.brand, self.model, self.version) if part)


@dataclass(frozen=True)
class Reading:
    """Values, and what is wrong with them."""

    values: Values
    problems: tuple[Problem, ...]

    @property
    def blocked(self) -> bool:
        return any(problem.blocking for problem in self.problems)


def texts_of(said: Mapping[str, str], edits: Mapping[str, str]) -> dict[str, str]:
    """The text of every field of `FIELDS`: what a person wrote, else what Kommo says."""
    car = read_vehicle(said.get("vehicle", "")).value
    split = {} if car is None else {"brand": car.brand, "model": car.model, "version": car.version, "year": car.year}
    own = {name: said.get(name) or split.get(name) or "" for name in FIELDS}
    return {**own, "status": said.get("status") or FIRST_STATUS, **edits}


@dataclass
class _Reader:
    """Collects problems while the fields are read one by one."""

    problems: list[Problem] = field(default_factory=list)

    def lacks(self, name: str, words: str | None, *, blocking: bool = True) -> None:
        if words:
            self.problems.append(Problem(name, words, blocking))


def read_candidate(said: Mapping[str, str], edits: Mapping[str, str], *, no_plate: bool) -> Reading:
    """Values and problems of a candidate."""
    texts, reader = texts_of(said, edits), _Reader()
    others = [read_phone(one).value for one in said.get("phones", "").splitlines()]
    phone = read_phone(texts["phone"])
    reader.lacks("phone", phone.problem)
    name = read_name(texts["full_name"])
    reader.lacks("full_name", name.problem)
    plate = _plate(reader, texts["plate"], said, edits, no_plate=no_plate)
    if not texts["model"]:
        reader.lacks("model", "Falta o modelo do carro: pergunte ao cliente ou veja na conversa.")
    document, email, value = read_document(texts["document"]), read_email(texts["email"]), read_money(texts["value"])
    urgency, origin = read_urgency(texts["urgency"]), read_origin(texts["origin"])
    for key, problem in (
        ("document", document.problem),
        ("email", email.problem),
        ("value", value.problem),
        ("urgency", urgency.problem),
    ):
        reader.lacks(key, problem)
    reader.lacks("problem", None if texts["problem"] else "O lead não diz qual é o problema do carro.", blocking=False)
    if texts["status"] not in STATUSES:
        reader.lacks("status", "Escolha em que situação a OS começa.")
    phones = tuple(dict.fromkeys(one for one in (phone.value, *others) if one))
    values = Values(
        full_name=name.value,
        phone=phone.value,
        phones=phones,
        document=document.value,
        email=email.value,
        plate=plate,
        brand=texts["brand"] or None,
        model=texts["model"] or None,
        version=texts["version"] or None,
        year=texts["year"] or None,
        problem=texts["problem"] or None,
        urgency=urgency.value,
        origin=origin.value,
        value=value.value,
        status=texts["status"] if texts["status"] in STATUSES else FIRST_STATUS,
    )
    return Reading(values, tuple(reader.problems))


def _plate(
    reader: _Reader, typed: str, said: Mapping[str, str], edits: Mapping[str, str], *, no_plate: bool
) -> str | None:
    """The plate; without one only when a person said that there is none yet."""
    if not typed.strip():
        if not no_plate:
            reader.lacks("plate", "Falta a placa. Pergunte ao cliente, ou marque “sem placa ainda”.")
        return None
    plate = read_plate(typed)
    reader.lacks("plate", plate.problem)
    if plate.value and said.get("plate_guessed") and "plate" not in edits:
        reader.lacks("plate", "Lida do nome do lead: confira se é a placa mesmo.", blocking=False)
    return plate.value
