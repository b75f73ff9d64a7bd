"""Who may do what: two roles, the second of which may do all that the first may."""

from enum import StrEnum


class Role(StrEnum):
    """A person's role, as stored and as shown."""

    ATENDENTE = "atendente"
    GERENTE = "gerente"

    def allows(self, lowest: "Role") -> bool:
        """Whether what asks for `lowest` is open to this role."""
        return ORDER.index(self) >= ORDER.index(lowest)


ORDER = (Role.ATENDENTE, Role.GERENTE)
"""From the least to the most."""
