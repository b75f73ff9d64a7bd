"""A problem that an operator can solve: shown as one line, without a traceback."""


class Problem(Exception):
    """The text says what is wrong and what to do about it."""
