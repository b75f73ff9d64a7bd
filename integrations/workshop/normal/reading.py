"""What reading a field gives: a value, or what is wrong with it in words for staff."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Problem(StrEnum):
    """Why a field gave no value."""

    EMPTY = "empty"
    PHONE_NO_DIGITS = "phone_no_digits"
    PHONE_WITHOUT_AREA = "phone_without_area"
    PHONE_TOO_SHORT = "phone_too_short"
    PHONE_TOO_LONG = "phone_too_long"
    PHONE_UNKNOWN = "phone_unknown"
    PHONE_PLACEHOLDER = "phone_placeholder"
    PLATE_LENGTH = "plate_length"
    PLATE_FORM = "plate_form"
    DOCUMENT_LENGTH = "document_length"
    DOCUMENT_CHECK_DIGITS = "document_check_digits"
    DOCUMENT_PLACEHOLDER = "document_placeholder"
    EMAIL_FORM = "email_form"
    MONEY_FORM = "money_form"
    MONEY_NEGATIVE = "money_negative"
    MONEY_TOO_LARGE = "money_too_large"
    URGENCY_UNKNOWN = "urgency_unknown"
    ORIGIN_UNKNOWN = "origin_unknown"

    @property
    def text(self) -> str:
        """What to do about it, as staff read it."""
        return TEXTS[self]


TEXTS = {
    Problem.EMPTY: "Não foi preenchido.",
    Problem.PHONE_NO_DIGITS: "Isto não é um telefone: preencha o número com DDD.",
    Problem.PHONE_WITHOUT_AREA: "Falta o DDD: complete o número, por exemplo (11) 98765-4321.",
    Problem.PHONE_TOO_SHORT: "Faltam dígitos no telefone: confira o número com o cliente.",
    Problem.PHONE_TOO_LONG: "Há dígitos demais no telefone: confira se não são dois números no mesmo campo.",
    Problem.PHONE_UNKNOWN: "Este telefone não existe: confira o DDD e os dígitos.",
    Problem.PHONE_PLACEHOLDER: "Este número só ocupa o campo: peça o telefone ao cliente.",
    Problem.PLATE_LENGTH: "A placa tem sete letras e números: confira o que falta ou sobra.",
    Problem.PLATE_FORM: "A placa não está em nenhum dos formatos, ABC1234 ou ABC1D23: confira letra por letra.",
    Problem.DOCUMENT_LENGTH: "O CPF tem 11 dígitos e o CNPJ tem 14 caracteres: confira o que falta ou sobra.",
    Problem.DOCUMENT_CHECK_DIGITS: "O dígito verificador não confere: há um número trocado no CPF ou CNPJ.",
    Problem.DOCUMENT_PLACEHOLDER: "Este número só ocupa o campo: peça o CPF ou CNPJ ao cliente.",
    Problem.EMAIL_FORM: "Isto não é um endereço de e-mail: confira o que vem antes e depois do @.",
    Problem.MONEY_FORM: "Não dá para saber o valor: escreva como R$ 1.234,56.",
    Problem.MONEY_NEGATIVE: "O valor está negativo: escreva o valor sem o sinal de menos.",
    Problem.MONEY_TOO_LARGE: "O valor é grande demais: confira os pontos e as vírgulas.",
    Problem.URGENCY_UNKNOWN: "Não dá para saber a urgência: escolha Alta, Média ou Baixa.",
    Problem.ORIGIN_UNKNOWN: "Não dá para saber a origem: escolha WhatsApp, Instagram, Google ou Indicação.",
}


@dataclass(frozen=True)
class Read(Generic[T]):
    """A value or a problem, never both."""

    value: T | None
    problem: Problem | None = None

    @classmethod
    def failed(cls, problem: Problem) -> "Read[T]":
        return cls(None, problem)
