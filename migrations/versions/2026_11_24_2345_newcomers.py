"""What new customers told, and summaries of long conversations."""

from alembic import op

revision = "2026_11_24_2345"
down_revision = "2026_11_24_2344"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE lead_facts (
    conversation_id BIGINT NOT NULL,
    name TEXT,
    plate TEXT,
    model TEXT,
    symptom TEXT,
    urgency TEXT,
    origin TEXT,
    job_size TEXT,
    warmth TEXT,
    sources JSONB DEFAULT '{}'::jsonb NOT NULL,
    asked TEXT[] DEFAULT '{}' NOT NULL,
    claims_customer BOOLEAN DEFAULT false NOT NULL,
    handed JSONB,
    lead_id BIGINT,
    queued JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_lead_facts PRIMARY KEY (conversation_id),
    CONSTRAINT fk_lead_facts_conversation_id_conversation FOREIGN KEY (conversation_id) REFERENCES conversation (id),
    CONSTRAINT ck_lead_facts_urgency_known CHECK (urgency IN ('Alta', 'Média', 'Baixa')),
    CONSTRAINT ck_lead_facts_origin_known CHECK (origin IN ('WhatsApp', 'Instagram', 'Google', 'Indicação')),
    CONSTRAINT ck_lead_facts_job_size_known CHECK (job_size IN ('quick', 'medium', 'project')),
    CONSTRAINT ck_lead_facts_warmth_known CHECK (warmth IN ('hot', 'warm', 'cold'))
)
""",
    """
CREATE TABLE conversation_summary (
    conversation_id BIGINT NOT NULL,
    up_to_message_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    digest JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_conversation_summary PRIMARY KEY (conversation_id),
    CONSTRAINT fk_conversation_summary_conversation_id_conversation FOREIGN KEY (conversation_id)
        REFERENCES conversation (id)
)
""",
    """
CREATE TABLE kommo_lead_field (
    lead_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    sending TEXT,
    written_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_kommo_lead_field PRIMARY KEY (lead_id, name)
)
""",
    "ALTER TABLE outbox DROP CONSTRAINT ck_outbox_kind_known",
    """
ALTER TABLE outbox ADD CONSTRAINT ck_outbox_kind_known CHECK (kind IN ('message', 'task', 'note', 'lead_fields'))
""",
)


def upgrade() -> None:
    """Create them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
