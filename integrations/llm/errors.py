"""How asking the model can fail, as one small tree whose fields say why.

    ModelError               any of them; nothing else leaves the client
      ModelUnavailable       no connection, 5xx, or 429 that did not pass within the turn (status, code)
      ModelOutOfTime         the turn's time is used up (seconds)
      ModelRejected          the request will never work as it is: key, model name, quota, size (status, code)
      ModelUnreadable        an answer that is no chat completion (detail: dotted paths, never the answer's text)

A model that declines to answer is no failure of the call: see `Reply.refusal`.
"""

from dataclasses import dataclass


@dataclass(eq=False)
class ModelError(Exception):
    """Base of all failures."""

    def __str__(self) -> str:
        return type(self).__name__


@dataclass(eq=False)
class ModelUnavailable(ModelError):
    """The endpoint cannot answer now; `status` is None when there was no connection."""

    status: int | None = None
    code: str | None = None
    retry_after: float | None = None
    """Seconds the endpoint asks to wait."""


@dataclass(eq=False)
class ModelOutOfTime(ModelError):
    """The time for the whole turn is over."""

    seconds: float


@dataclass(eq=False)
class ModelRejected(ModelError):
    """The endpoint refuses the request, and would again."""

    status: int
    code: str | None = None


@dataclass(eq=False)
class ModelUnreadable(ModelError):
    """The endpoint answered something else than a chat completion."""

    detail: str
