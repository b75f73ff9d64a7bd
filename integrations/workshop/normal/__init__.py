"""Stub."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from integrations.contact import normal_phone, written_plate

T = TypeVar("T")


@dataclass(frozen=True)
class Read(Generic[T]):
    value: T | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Car:
    brand: str | None
    model: str
    version: str | None = None
    year: str | None = None


def read_phone(typed: str) -> Read[str]:
    value = normal_phone(typed)
    return Read(value, None if value else "Falta um telefone que dê para usar, com DDD.")


def read_name(typed: str) -> Read[str]:
    value = " ".join(typed.split())
    return Read(value or None, None if value else "Falta o nome do cliente.")


def read_plate(typed: str) -> Read[str]:
    value = written_plate(typed)
    return Read(value, None if value else "Isto não parece uma placa: use ABC1234 ou ABC1D23.")


def read_document(typed: str) -> Read[str]:
    value = re.sub("[^0-9A-Z]", "", typed.upper())
    return Read(value or None)


def read_email(typed: str) -> Read[str]:
    return Read(typed.strip() or None)


def read_money(typed: str) -> Read[Decimal]:
    if not typed.strip():
        return Read()
    text = typed.replace("R$", "").strip()
    text = text.replace(".", "").replace(",", ".") if "," in text else text
    try:
        return Read(Decimal(text))
    except InvalidOperation:
        return Read(None, "Isto não parece um valor: escreva como 1.234,56.")


def read_urgency(typed: str) -> Read[str]:
    return Read(typed.strip().lower() or None)


def read_origin(typed: str) -> Read[str]:
    return Read(typed.strip() or None)


def read_vehicle(typed: str) -> Read[Car]:
    words = typed.split()
    if not words:
        return Read()
    return Read(Car(words[0], " ".join(words[1:]) or words[0]))
