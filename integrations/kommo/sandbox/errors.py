"""What Kommo answers when it refuses, as exceptions with their data.

Problem                any refusal of the API: {title, type, status, detail}
  Invalid              400 with `validation-errors`, one entry per bad item of the batch
BadControl             a wrong call of our own /sandbox/ API: says what to send
"""

import logging
import uuid
from dataclasses import dataclass
from http import HTTPStatus

from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from .wire import AnyRequest, Doc

log = logging.getLogger("kommo.sandbox")
PROBLEM_JSON = "application/problem+json"


class Problem(Exception):
    """A refusal in Kommo's form. `extra` are further keys of the body."""

    def __init__(self, status: int, detail: str, title: str | None = None, extra: Doc | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.title = title or HTTPStatus(status).phrase
        self.extra = extra or {}

    def body(self) -> Doc:
        kind = f"https://httpstatus.es/{self.status}"
        return {"title": self.title, "type": kind, "status": self.status, "detail": self.detail, **self.extra}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One wrong value: Kommo's code for it, the dotted path inside the item, and its words."""

    code: str
    path: str
    detail: str

    def body(self) -> Doc:
        return {"code": self.code, "path": self.path, "detail": self.detail}


class Invalid(Problem):
    """400: flaws by the `request_id` of the item they are in."""

    def __init__(self, flaws: dict[str, list[Flaw]]) -> None:
        listed = [{"request_id": key, "errors": [flaw.body() for flaw in found]} for key, found in flaws.items()]
        super().__init__(400, "Request validation failed", extra={"validation-errors": listed})


class BadControl(Exception):
    """A wrong call under /sandbox/; the text says what to send instead."""

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


def not_found(detail: str = "Requested entity not found") -> Problem:
    return Problem(404, detail)


def answer_problem(_request: AnyRequest, problem: Problem) -> Response[Doc]:
    return Response(problem.body(), status_code=problem.status, media_type=PROBLEM_JSON)


def answer_crash(request: AnyRequest, error: Exception) -> Response[Doc]:
    """A mistake of the sandbox itself: said in the log, answered as Kommo answers its own."""
    log.error("unexpected failure at %s", request.scope["path"], exc_info=error)
    return answer_problem(request, Problem(500, "Internal server error", extra={"trace_id": str(uuid.uuid4())}))


def answer_control(_request: AnyRequest, problem: BadControl) -> Response[Doc]:
    return Response({"error": problem.detail}, status_code=problem.status, media_type=MediaType.JSON)


def answer_http(request: AnyRequest, error: HTTPException) -> Response[Doc]:
    """The framework's own refusals (no such path, wrong method) in Kommo's form."""
    return answer_problem(request, Problem(error.status_code, error.detail))
