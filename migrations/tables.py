"""Which tables Alembic compares: ours and the part of the shop's that we declare."""

from sqlalchemy.schema import SchemaItem

from assistant.conversation import models as conversation_models
from assistant.decisions import models as decision_models
from assistant.handoffs import models as handoff_models
from assistant.memory import models as memory_models
from assistant.newcomers import models as newcomer_models
from assistant.staff import models as staff_models
from campaigns import models as campaign_models
from integrations.kommo import limiter_models
from integrations.kommo import models as kommo_models
from integrations.kommo.attachments import models as attachment_models
from integrations.kommo.chats import models as chat_models
from integrations.kommo.connection import models as connection_models
from integrations.kommo.mapping import models as mapping_models
from integrations.workshop import models as workshop_models
from integrations.workshop import preference_models

TABLES_OF = (
    workshop_models,
    preference_models,
    kommo_models,
    connection_models,
    chat_models,
    attachment_models,
    conversation_models,
    decision_models,
    campaign_models,
    handoff_models,
    memory_models,
    newcomer_models,
    limiter_models,
    staff_models,
    mapping_models,
)
"""Every module that owns tables: importing them fills `Base.metadata`."""


def ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None) -> bool:
    """Compare only what we declare: the shop's and the queue's tables hold more, and that is theirs."""
    return not (reflected and compare_to is None and kind in ("table", "column", "index", "unique_constraint"))
