"""Phone, plate and e-mail as typed into a field.

A phone must exist by the numbering plans that the `phonenumbers` library holds, and its value is the key that
`normal_phone` gives, E.164 without the plus. A plate keeps the form it was typed in, old or Mercosul, because that is
what stands on the car; `normal_plate` makes them one.
"""

import re

import phonenumbers

from integrations.contact import normal_email, normal_phone, written_plate
from integrations.workshop.normal.reading import Problem, Read

LONGEST_PHONE = 15
"""Digits of an E.164 number (ITU-T E.164)."""
PLACEHOLDER = re.compile(r"(\d)\1{7}$")
"""`99999-9999`: eight times the same digit exists as a number and is what people type to get past a field."""
LOCAL_LENGTHS = (8, 9)
"""Digits of a Brazilian number without its area code."""
PLATE_LENGTH = 7


def read_phone(typed: str | None) -> Read[str]:
    """`"(11) 8765-4321"` → `"5511987654321"`: an existing number under the key that `normal_phone` gives."""
    text = (typed or "").strip()
    if not text:
        return Read.failed(Problem.EMPTY)
    key = normal_phone(text)
    if key is None:
        return Read.failed(_phone_problem(text))
    if PLACEHOLDER.search(key):
        return Read.failed(Problem.PHONE_PLACEHOLDER)
    try:
        exists = phonenumbers.is_valid_number(phonenumbers.parse(f"+{key}"))
    except phonenumbers.NumberParseException:
        exists = False
    return Read(key) if exists else Read.failed(Problem.PHONE_UNKNOWN)


def _phone_problem(text: str) -> Problem:
    digits = re.sub(r"[^0-9]", "", text)
    if not digits:
        return Problem.PHONE_NO_DIGITS
    if len(digits) > LONGEST_PHONE:
        return Problem.PHONE_TOO_LONG
    if len(digits) in LOCAL_LENGTHS:
        return Problem.PHONE_WITHOUT_AREA
    return Problem.PHONE_TOO_SHORT if len(digits) < LOCAL_LENGTHS[0] else Problem.PHONE_UNKNOWN


def read_plate(typed: str | None) -> Read[str]:
    """`"abc-1234"` → `"ABC1234"`, `"ABC 1C34"` → `"ABC1C34"`."""
    if not (typed or "").strip():
        return Read.failed(Problem.EMPTY)
    plate = written_plate(typed)
    if plate is not None:
        return Read(plate)
    length = len(re.sub(r"[^A-Za-z0-9]", "", typed or ""))
    return Read.failed(Problem.PLATE_FORM if length == PLATE_LENGTH else Problem.PLATE_LENGTH)


def read_email(typed: str | None) -> Read[str]:
    """`" Rita@Gmail.com "` → `"rita@gmail.com"`."""
    if not (typed or "").strip():
        return Read.failed(Problem.EMPTY)
    email = normal_email(typed)
    return Read(email) if email is not None else Read.failed(Problem.EMAIL_FORM)
