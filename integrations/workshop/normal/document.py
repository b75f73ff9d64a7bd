"""CPF and CNPJ as typed into a field, checked by python-stdnum.

Sources: Receita Federal, Instrução Normativa RFB 1.548/2015 (CPF, two check digits modulo 11) and 2.229/2024 (CNPJ with
letters from July 2026: twelve letters or digits and two check digits).
"""

from dataclasses import dataclass
from enum import StrEnum

from stdnum.br import cnpj, cpf

from integrations.contact import CPF_LENGTH, normal_document
from integrations.workshop.normal.reading import Problem, Read


class DocumentKind(StrEnum):
    """Of a person or of a company; the values are what staff read."""

    CPF = "CPF"
    CNPJ = "CNPJ"


@dataclass(frozen=True)
class Document:
    """A valid document: which of the two, and its characters without punctuation."""

    kind: DocumentKind
    number: str

    @property
    def text(self) -> str:
        """`390.533.447-05`, `12.ABC.345/01DE-35`."""
        return str(cpf.format(self.number) if self.kind is DocumentKind.CPF else cnpj.format(self.number))


def read_document(typed: str | None) -> Read[Document]:
    """`"390.533.447-05"` → a CPF. `111.111.111-11` passes the check digits too and is nobody's."""
    if not (typed or "").strip():
        return Read.failed(Problem.EMPTY)
    number = normal_document(typed)
    if number is None:
        return Read.failed(Problem.DOCUMENT_LENGTH)
    if len(set(number)) == 1:
        return Read.failed(Problem.DOCUMENT_PLACEHOLDER)
    kind, checker = (DocumentKind.CPF, cpf) if len(number) == CPF_LENGTH else (DocumentKind.CNPJ, cnpj)
    if not checker.is_valid(number):
        return Read.failed(Problem.DOCUMENT_CHECK_DIGITS)
    return Read(Document(kind, number))
