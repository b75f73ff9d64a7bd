"""Why an attachment is not had.

NoAttachment
├── Refused      our rules forbid it: never again
├── Gone         its source says that it is not there
└── Unavailable  something failed on the way: worth another try
"""


class NoAttachment(Exception):
    """Base; `reason` is a word for the row, never a part of a link."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NoAttachment):
    """Our rules forbid it."""


class Gone(NoAttachment):
    """The source does not have it."""


class Unavailable(NoAttachment):
    """It could not be fetched just now."""
