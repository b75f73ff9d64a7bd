"""How word lists are written down in this package: several to a line, joined for patterns."""


def words(*lines: str) -> tuple[str, ...]:
    """The words of all lines."""
    return tuple(word for line in lines for word in line.split())


def either(*alternatives: str) -> str:
    """A pattern for any of the alternatives, which are patterns themselves."""
    return "(?:" + "|".join(alternatives) + ")"
