"""What the fact check can object to, and how it says so.

The explanation of a complaint is Portuguese because its reader is the language model that has to write the reply again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class Kind(StrEnum):
    """The kinds of statement that need a source."""

    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    ORDER = "order"
    PLATE = "plate"
    VEHICLE = "vehicle"
    STAGE = "stage"
    WORK = "work"
    PERCENTAGE = "percentage"
    INSTALMENTS = "instalments"
    CONTACT = "contact"
    NUMBER = "number"
    PROMISE = "promise"
    NAME = "name"


@dataclass(frozen=True)
class Complaint:
    """One statement without a source: the words of the draft and what to do about them."""

    kind: Kind
    fragment: str
    explanation: str

    def __str__(self) -> str:
        return self.explanation


def as_instruction(complaints: Sequence[Complaint]) -> str:
    """All complaints as one text for the responder that wrote the draft; empty without complaints."""
    return "\n".join(f"- {complaint.explanation}" for complaint in complaints)


def unsourced(kind: Kind, fragment: str) -> Complaint:
    """Nothing of this turn says so."""
    return Complaint(kind, fragment, f"“{fragment}”: {_what(kind)}")


def swapped(kind: Kind, fragment: str, owners: Sequence[str], about: Sequence[str]) -> Complaint:
    """It is true of another order than the one it is said of."""
    said_of = " ou ".join(about) or "um veículo que não está no cadastro"
    words = f"“{fragment}” é de {' e '.join(owners)}, mas a frase fala de {said_of}. Não misture ordens."
    return Complaint(kind, fragment, words)


def mixed(sentence: str) -> Complaint:
    """One sentence, facts of several orders, and no word on which is which."""
    words = f"“{sentence}” junta dados de ordens diferentes. Diga cada dado junto do número da ordem a que pertence."
    return Complaint(Kind.ORDER, sentence, words)


def _what(kind: Kind) -> str:
    match kind:
        case Kind.AMOUNT:
            return (
                "nenhuma ferramenta devolveu este valor para este assunto. Use só valores devolvidos ou não cite valor."
            )
        case Kind.DATE:
            return "nenhuma ferramenta devolveu esta data para este assunto. Se não há previsão, diga que não há."
        case Kind.TIME:
            return "nenhuma ferramenta devolveu este horário para este assunto."
        case Kind.DURATION:
            return "este prazo não vem de nenhuma ferramenta nem do perfil da oficina. Não dê prazos por conta própria."
        case Kind.ORDER:
            return "esta ordem de serviço não está entre as ordens deste cliente."
        case Kind.PLATE:
            return "esta placa não está entre os veículos deste cliente. Não fale dela como se estivesse."
        case Kind.VEHICLE:
            return "este veículo não está entre os veículos deste cliente."
        case Kind.STAGE:
            return "as ferramentas não dizem que a ordem está nesta situação. Use a etapa devolvida."
        case Kind.WORK:
            return "nenhum registro desta ordem fala desta peça ou deste serviço. Diga só o que foi devolvido."
        case Kind.PERCENTAGE:
            return "esta porcentagem não tem fonte."
        case Kind.INSTALMENTS:
            return "este número de parcelas não tem fonte. Condições de pagamento são com um consultor."
        case Kind.CONTACT:
            return "este contato, link ou chave não é da oficina. Use só o que as ferramentas devolveram."
        case Kind.NUMBER:
            return "este número não está em nenhum resultado de ferramenta."
        case Kind.NAME:
            return "o cliente não se chama assim. Use o nome dele ou nenhum."
        case Kind.PROMISE:
            return (
                "isto promete algo em nome da oficina sem fonte. Tire a promessa; se preciso, passe para um consultor."
            )
    assert_never(kind)
