"""Forms: what was typed is read into a model of pydantic's, and what is wrong is said at its field, in pt-BR.

Use: `form = await read_form(request, Kind)`; `form.given` is the model or `None`, and then the page is drawn again with
`form` and status 422 (the macros of `templates/parts/form.html` show values and errors). Passwords are never drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from assistant.staff.web.visit import StaffRequest

WHOLE = ""
"""The key of an error that belongs to no field."""

LARGEST_KEY = 2**63
"""Beyond the ids that PostgreSQL can hold: who asks for such a row asks for none."""


class Form(BaseModel):
    """The fields of one form; texts come trimmed. A validator may raise `ValueError` with words for people."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, hide_input_in_errors=True)


Kind = TypeVar("Kind", bound=Form)


@dataclass
class Filled(Generic[Kind]):
    """A form as it was sent: what it gives, or what is wrong with it."""

    given: Kind | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    errors: dict[str, str] = field(default_factory=dict)

    def refuse(self, text: str, name: str = WHOLE) -> None:
        """Something is wrong that the model could not know."""
        self.errors[name] = text

    @property
    def status(self) -> int:
        """The status of a page that shows this form."""
        return 422 if self.errors else 200


async def read_form(request: StaffRequest, kind: type[Kind]) -> Filled[Kind]:
    """What was sent, judged."""
    values = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    try:
        return Filled(kind.model_validate(values), values)
    except ValidationError as wrong:
        errors = {str(one["loc"][0]) if one["loc"] else WHOLE: _words(one) for one in reversed(wrong.errors())}
        return Filled(None, values, errors)


def _words(error: ErrorDetails) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing" | "string_type":
            return "Preencha este campo."
        case "string_too_short":
            least = context["min_length"]
            return "Preencha este campo." if least == 1 else f"Escreva pelo menos {least} caracteres."
        case "string_too_long":
            return f"Escreva no máximo {context['max_length']} caracteres."
        case "enum" | "literal_error":
            return "Escolha uma das opções."
        case "value_error":
            return str(context["error"])
        case kind if kind.startswith(("int_", "decimal_", "float_")):
            return "Escreva um número."
        case _:
            return "Este valor não serve."
