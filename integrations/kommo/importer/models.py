"""Tables of the import: candidates, their history, runs, what Kommo is still to be told; and two tables of the shop's.

`kommo_os_mapping` and `kommo_import_log` have the shop's names. One lead has one OS and one OS one lead: the unique
constraints of the mapping are what a second click, a second person, a second webhook and a crash end at.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import MONEY, Base

NOW = text("now()")
NEW_UUID = text("gen_random_uuid()")
NO_OBJECT = text("'{}'::jsonb")
NO_LIST = text("'[]'::jsonb")


class CandidateState(StrEnum):
    """Where a candidate stands; `label` is what staff read."""

    READY = "ready"
    ATTENTION = "attention"
    DUPLICATE = "duplicate"
    IMPORTED = "imported"
    REJECTED = "rejected"
    ERROR = "error"
    GONE = "gone"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    CandidateState.READY: "Pronto",
    CandidateState.ATTENTION: "Precisa de atenção",
    CandidateState.DUPLICATE: "Possível repetição",
    CandidateState.IMPORTED: "Importado",
    CandidateState.REJECTED: "Rejeitado",
    CandidateState.ERROR: "Com erro",
    CandidateState.GONE: "Saiu da etapa",
}

OPEN = (CandidateState.READY, CandidateState.ATTENTION, CandidateState.DUPLICATE, CandidateState.ERROR)
"""States in which a person still has something to decide."""


class Candidate(Base):
    """A lead on its way in. `said` is what Kommo says, as texts; `edits` what a person wrote over it."""

    __tablename__ = "import_candidate"
    __table_args__ = (
        CheckConstraint(
            "state IN ('ready', 'attention', 'duplicate', 'imported', 'rejected', 'error', 'gone')", name="state_known"
        ),
        CheckConstraint("(state = 'imported') = (imported_at IS NOT NULL)", name="imported_when"),
        Index("ix_import_candidate_state", "state", "qualified_at", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    lead_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    edits: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_OBJECT)
    said_since: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What Kommo says by now, when that changed after a person had reviewed or decided."""
    items: Mapped[list[Any]] = mapped_column(JSONB, server_default=NO_LIST)
    """The lead's products: description, quantity, unit price."""
    problems: Mapped[list[Any]] = mapped_column(JSONB, server_default=NO_LIST)
    no_plate: Mapped[bool] = mapped_column(server_default=text("false"))
    """A person said that the plate is not known yet."""
    title: Mapped[str] = mapped_column(Text)
    vehicle: Mapped[str] = mapped_column(Text, server_default=text("''"))
    value: Mapped[Decimal | None] = mapped_column(MONEY)
    looked_for: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Name, phone, plate, ids in normal form: what the search of the list looks through."""
    match_name: Mapped[str | None] = mapped_column(Text)
    """The existing customer it probably belongs to, for the list; the review looks again."""
    order_number: Mapped[str | None] = mapped_column(Text)
    order_id: Mapped[UUID | None]
    """The OS it became, or the one it repeats. No foreign key: what was made may be deleted by others."""
    made: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the import created, and how it looked right after: what undoing compares with."""
    reviewed_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_name: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    retryable: Mapped[bool] = mapped_column(server_default=text("false"))
    imported_at: Mapped[datetime | None]
    qualified_at: Mapped[datetime] = mapped_column(server_default=NOW)
    """When the lead was first seen in the qualified stage: the oldest waits longest."""
    fetched_at: Mapped[datetime] = mapped_column(server_default=NOW)


Index("ix_import_candidate_imported_at", Candidate.imported_at, postgresql_where=text("imported_at IS NOT NULL"))


class HistoryEntry(Base):
    """One thing that happened to a candidate: who, when, what it was before and after. Lines are only added."""

    __tablename__ = "import_history"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("import_candidate.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    """NULL: the service itself."""
    staff_name: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_OBJECT)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_OBJECT)
    note: Mapped[str | None] = mapped_column(Text)


class ImportRun(Base):
    """One look at all qualified leads. At most one is under way: the others would only repeat its calls."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state_known"),
        Index("ix_import_run_running", "state", unique=True, postgresql_where=text("state = 'running'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'running'"))
    started_by: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    fetched: Mapped[int] = mapped_column(server_default=text("0"))
    ready: Mapped[int] = mapped_column(server_default=text("0"))
    problem: Mapped[int] = mapped_column(server_default=text("0"))
    known: Mapped[int] = mapped_column(server_default=text("0"))
    """Leads that somebody has decided on before."""
    calls: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None] = mapped_column(Text)


class ImportBatch(Base):
    """Candidates that a person had imported all at once, and how far that is."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_open", "id", postgresql_where=text("finished_at IS NULL")),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    staff_name: Mapped[str | None] = mapped_column(Text)
    wanted: Mapped[list[Any]] = mapped_column(JSONB)
    """Pairs of candidate and the version that stood in the summary."""
    done: Mapped[int] = mapped_column(server_default=text("0"))
    made: Mapped[list[Any]] = mapped_column(JSONB, server_default=NO_LIST)
    """Candidate, OS number and name of what was imported."""
    refused: Mapped[list[Any]] = mapped_column(JSONB, server_default=NO_LIST)
    """Candidate, name, and why not."""
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]


class LeadWrite(Base):
    """Something that a lead in Kommo is to be told: written before the call, settled after it."""

    __tablename__ = "kommo_lead_write"
    __table_args__ = (
        CheckConstraint("kind IN ('note', 'mark')", name="kind_known"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'unclear', 'accepted', 'parked', 'skipped')", name="state_known"
        ),
        Index(
            "ix_kommo_lead_write_open",
            "next_at",
            postgresql_where=text("state IN ('queued', 'sending', 'unclear')"),
        ),
        Index("ix_kommo_lead_write_parked", "id", postgresql_where=text("state = 'parked'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    lead_id: Mapped[int] = mapped_column(BigInteger, index=True)
    kind: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, server_default=text("'queued'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None] = mapped_column(Text)
    next_at: Mapped[datetime] = mapped_column(server_default=NOW)
    lease_until: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    settled_at: Mapped[datetime | None]


class OrderLead(Base):
    """Which lead an OS belongs to (`kommo_os_mapping`, a table of the shop's)."""

    __tablename__ = "kommo_os_mapping"
    __table_args__ = (
        Index("uq_kommo_os_mapping_os_id", "os_id", unique=True),
        Index("uq_kommo_os_mapping_kommo_lead_id", "kommo_lead_id", unique=True),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    os_id: Mapped[UUID] = mapped_column(ForeignKey("ordens_servico.id", ondelete="CASCADE"))
    kommo_lead_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ImportLog(Base):
    """The shop's own log of imports (`kommo_import_log` of its roadmap): 'success', 'duplicate' or 'error'."""

    __tablename__ = "kommo_import_log"
    __table_args__ = (CheckConstraint("status IN ('success', 'duplicate', 'error')", name="status_known"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    lead_id: Mapped[int] = mapped_column(BigInteger, index=True)
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("profiles.id", ondelete="SET NULL"))
    os_id: Mapped[UUID | None] = mapped_column(ForeignKey("ordens_servico.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
