"""What was chosen of an account: stages, users, and the fields we have seen. Data only, with the names of then."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.kommo.mapping.meanings import Meaning


@dataclass(frozen=True)
class StageRef:
    """A stage of a pipeline. Won (142) and lost (143) exist in each, so the pipeline belongs to it."""

    pipeline_id: int
    stage_id: int


@dataclass(frozen=True)
class ChosenStage:
    """A chosen stage, and what it and its pipeline were called then."""

    ref: StageRef
    pipeline_name: str
    stage_name: str


@dataclass(frozen=True)
class ChosenUser:
    """A Kommo user, whom of our staff they are, and whether leads are theirs unless said otherwise."""

    kommo_user_id: int
    name: str
    staff_id: int | None = None
    is_default: bool = False


@dataclass(frozen=True)
class SeenField:
    """A field of ours as it was last seen."""

    field_id: int
    field_name: str


@dataclass(frozen=True)
class Chosen:
    """Everything that was chosen or seen."""

    stages: Mapping[Meaning, ChosenStage] = field(default_factory=dict)
    users: tuple[ChosenUser, ...] = ()
    fields: Mapping[str, SeenField] = field(default_factory=dict)
    """By our own name of the field."""

    @property
    def field_ids(self) -> Mapping[str, int]:
        return {name: seen.field_id for name, seen in self.fields.items()}
