"""How a call to Kommo can fail, as one small tree whose fields say what to do.

    KommoError                    any of them; nothing else leaves the client
      NotSent                     no connection: the request never left, so nothing happened and it may be repeated
      Unclear                     it left and no answer came: look the outcome up before repeating a write
      BadAnswer                   2xx, but the body is not what Kommo documents: names the row and the field
      Refused                     answered with an error status (status, title, detail, request_id)
        RateLimited               429, or no slot of our own limiter: come back in `retry_after` seconds
        Unauthorized              401: token expired or revoked, or the integration was removed
        PaymentRequired           402: messages used up, tariff without this endpoint, or account unpaid (title, detail)
        Forbidden                 403 in JSON: `scope` is what the endpoint needs and the token seems to lack
        Blocked                   403 in plain text or HTML: the address is blocked, stop calling
        NotFound                  404
        Rejected                  400, 422 and other 4xx: `flaws` names each wrong field
          TalkClosed              422 of a send: the conversation is closed
        ServerError               5xx: a write may have been carried out all the same

Sources: developers.kommo.com `docs/http-codes`, `docs/limitations`, `reference/send-message-to-conversation`.
Texts of Kommo are kept as data for people to read; no decision is made on them.
"""

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(eq=False)
class KommoError(Exception):
    """Base of all failures. `endpoint` is method and path template, `GET /talks/{talk_id}`; it names no customer."""

    endpoint: str

    retryable: ClassVar[bool] = False
    """Whether the same call may work later without anybody changing something."""

    passing: ClassVar[bool] = False
    """Whether it says nothing against the call itself, but that access was lost: once restored, the call may work."""

    @property
    def worth_waiting(self) -> bool:
        """Whether what could not be done should be kept for later."""
        return self.retryable or self.passing

    def __str__(self) -> str:
        return f"{self.endpoint}: {type(self).__name__}"


@dataclass(eq=False)
class NotSent(KommoError):
    """The connection failed before the request was written."""

    reason: str = ""
    retryable: ClassVar[bool] = True


@dataclass(eq=False)
class Unclear(KommoError):
    """The request was written and no complete answer came; a write may or may not have been carried out."""

    reason: str = ""
    retryable: ClassVar[bool] = True


@dataclass(eq=False)
class BadAnswer(KommoError):
    """A successful answer that cannot be read. `row` is the entity's id if it has one, `fields` the dotted paths."""

    row: int | str | None = None
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.endpoint}: cannot read {', '.join(self.fields) or 'the body'} of {self.row or 'the answer'}"


@dataclass(eq=False)
class Refused(KommoError):
    """Kommo answered with an error status."""

    status: int = 0
    title: str = ""
    detail: str = ""
    request_id: str | None = None
    """Kommo's `X-Request-Id`, to quote to its support."""

    def __str__(self) -> str:
        said = ": ".join(part for part in (self.title, self.detail) if part)
        return f"{self.endpoint}: {self.status} {said}".rstrip()


@dataclass(eq=False)
class RateLimited(Refused):
    """429; with status 0 the limiter held the call back. `retry_after`: seconds until it makes sense to come back."""

    retry_after: float = 0.0
    retryable: ClassVar[bool] = True


@dataclass(eq=False)
class Unauthorized(Refused):
    """401: somebody has to connect the account again, unless the token can be renewed."""

    passing: ClassVar[bool] = True


@dataclass(eq=False)
class PaymentRequired(Refused):
    """402. Kommo has one status for several causes; `title` and `detail` carry its words for the staff."""


@dataclass(eq=False)
class Forbidden(Refused):
    """403 in JSON. `scope` is the scope this endpoint needs, if it is known to need one."""

    scope: str | None = None


@dataclass(eq=False)
class Blocked(Refused):
    """403 that does not come from the API: Kommo blocks this address for its past calls."""

    passing: ClassVar[bool] = True


@dataclass(eq=False)
class NotFound(Refused):
    """404."""


@dataclass(frozen=True)
class Flaw:
    """One wrong field of a refused batch: the item's `request_id`, Kommo's code and the dotted path."""

    request_id: str
    code: str
    path: str
    detail: str


@dataclass(eq=False)
class Rejected(Refused):
    """400, 422 and the other 4xx: the same call will never work."""

    flaws: tuple[Flaw, ...] = field(default=())


@dataclass(eq=False)
class TalkClosed(Rejected):
    """The talk was closed; a new message of the customer opens another one."""


@dataclass(eq=False)
class ServerError(Refused):
    """5xx. After a write, treat it as unclear."""

    retryable: ClassVar[bool] = True
