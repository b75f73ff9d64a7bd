"""The texts of a candidate as values, each problem with its field and words for the staff. No I/O.

What is read is `texts_of(said, edits)`: what Kommo says, split into the fields of the page, with what a person wrote
over it. A blocking problem keeps a candidate from being imported; another one only from being imported by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from integrations.workshop.normal.choices import read_origin, read_urgency
from integrations.workshop.normal.document import read_document
from integrations.workshop.normal.identity import read_email, read_phone, read_plate
from integrations.workshop.normal.money import read_money
from integrations.workshop.normal.reading import Problem as Wrong
from integrations.workshop.normal.reading import Read
from integrations.workshop.normal.vehicle import read_vehicle
from integrations.workshop.stages import plain_key

T = TypeVar("T")

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
    "color": "Cor",
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
    color: str | None
    problem: str | None
    urgency: str | None
    """`alta`, `media`, `baixa`: the spelling of the shop's other statuses is assumed."""
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
    car = read_vehicle(said.get("vehicle")).value
    split = {} if car is None else {name: getattr(car, name) for name in ("brand", "model", "version", "year", "color")}
    urgency, origin = read_urgency(said.get("urgency")).value, read_origin(said.get("origin")).value
    labels = {"urgency": urgency and urgency.value, "origin": origin and origin.value}
    own = {name: labels.get(name) or said.get(name) or split.get(name) or "" for name in FIELDS}
    return {**own, "status": said.get("status") or FIRST_STATUS, **edits}


@dataclass
class _Reader:
    """Reads one field after the other and collects what is wrong."""

    problems: list[Problem] = field(default_factory=list)

    def take(self, name: str, read: Read[T], lacking: str | None = None, *, blocking: bool = True) -> T | None:
        """The value; `lacking` is said when nothing was filled in, otherwise an empty field is no problem."""
        words = lacking if read.problem is Wrong.EMPTY else read.problem and read.problem.text
        if words:
            self.problems.append(Problem(name, words, blocking))
        return read.value


LACKING = {
    "full_name": "Falta o nome do cliente.",
    "phone": "Falta o telefone: sem ele o cliente não recebe resposta sobre a OS.",
    "plate": "Falta a placa. Pergunte ao cliente, ou marque “Sem placa ainda”.",
    "model": "Falta o modelo do carro: pergunte ao cliente ou veja na conversa.",
    "problem": "O lead não diz qual é o problema do carro.",
    "status": "Escolha em que situação a OS começa.",
}
GUESSED_PLATE = "Lida do nome do lead: confira se é a placa mesmo."


def read_candidate(said: Mapping[str, str], edits: Mapping[str, str], *, no_plate: bool) -> Reading:
    """Values and problems of a candidate."""
    texts, reader = texts_of(said, edits), _Reader()
    name = reader.take("full_name", _read_name(texts["full_name"]), LACKING["full_name"])
    phone = reader.take("phone", read_phone(texts["phone"]), LACKING["phone"])
    document = reader.take("document", read_document(texts["document"]))
    plate = reader.take("plate", read_plate(texts["plate"]), None if no_plate else LACKING["plate"])
    if plate and said.get("plate_guessed") and "plate" not in edits:
        reader.problems.append(Problem("plate", GUESSED_PLATE, blocking=False))
    model = reader.take("model", _read_line(texts["model"]), LACKING["model"])
    urgency = reader.take("urgency", read_urgency(texts["urgency"]))
    others = (read_phone(one).value for one in said.get("phones", "").splitlines())
    values = Values(
        full_name=name,
        phone=phone,
        phones=tuple(dict.fromkeys(one for one in (phone, *others) if one)),
        document=document.text if document else None,
        email=reader.take("email", read_email(texts["email"])),
        plate=plate,
        brand=texts["brand"] or None,
        model=model,
        version=texts["version"] or None,
        year=texts["year"] or None,
        color=texts["color"] or None,
        problem=reader.take("problem", _read_line(texts["problem"]), LACKING["problem"], blocking=False),
        urgency=plain_key(urgency) if urgency else None,
        origin=texts["origin"] or None,
        value=reader.take("value", read_money(texts["value"])),
        status=reader.take("status", _read_status(texts["status"]), LACKING["status"]) or FIRST_STATUS,
    )
    return Reading(values, tuple(reader.problems))


def _read_name(typed: str) -> Read[str]:
    """A name has a letter in it; WhatsApp profiles are called `"."` as well."""
    name = " ".join(typed.split())
    return Read(name) if any(map(str.isalpha, name)) else Read.failed(Wrong.EMPTY)


def _read_line(typed: str) -> Read[str]:
    return Read(typed.strip()) if typed.strip() else Read.failed(Wrong.EMPTY)


def _read_status(typed: str) -> Read[str]:
    return Read(typed) if typed in STATUSES else Read.failed(Wrong.EMPTY)
