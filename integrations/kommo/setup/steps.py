"""A plan: what was looked at, what was found, and the step that would mend it. Data only.

Addresses of webhooks hold a secret: they are `SecretStr` here, and findings name their host only.
"""

from dataclasses import dataclass

from pydantic import SecretStr

from integrations.kommo.findings import Finding
from integrations.kommo.setup.wanted import WantedField


@dataclass(frozen=True)
class CreateField:
    """Make a field of leads."""

    field: WantedField


@dataclass(frozen=True)
class AddChoices:
    """Add the labels that a select of ours lacks; those it has keep their ids."""

    field: WantedField


@dataclass(frozen=True)
class Subscribe:
    """Have Kommo post our events to the address; this also switches on again what Kommo disabled (assumed)."""

    destination: SecretStr
    kept: tuple[str, ...] = ()
    """Events that somebody subscribed besides ours: they stay."""


@dataclass(frozen=True)
class Unsubscribe:
    """Take away an old address of ours, once the new one is alive."""

    destination: SecretStr
    instead: SecretStr


Step = CreateField | AddChoices | Subscribe | Unsubscribe


@dataclass(frozen=True)
class Item:
    """One thing of the account. Without a step it is there already, or only a person can change it."""

    finding: Finding
    step: Step | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that was looked at, in the order in which it would be done."""

    items: tuple[Item, ...]

    @property
    def to_do(self) -> tuple[Item, ...]:
        """What would be changed."""
        return tuple(item for item in self.items if item.step is not None)

    @property
    def standing(self) -> tuple[Item, ...]:
        """What is left as it is."""
        return tuple(item for item in self.items if item.step is None)
