"""The audit log: who saw and did what, with the request's reference number.

Lines are only added, in the transaction of what they tell of. They hold ids and closed words, never contents: no name,
no text, no value. Whoever adds a page that shows personal data, or changes anything, calls `note`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.models import AuditEntry, StaffUser


class Action(StrEnum):
    """What may be done and seen. A new page adds its own."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    CODE_REFUSED = "code_refused"
    RECOVERY_CODE_USED = "recovery_code_used"
    SIGNED_OUT = "signed_out"
    OTHER_SESSIONS_ENDED = "other_sessions_ended"
    PASSWORD_CHANGED = "password_changed"
    SECOND_STEP_ON = "second_step_on"
    SECOND_STEP_OFF = "second_step_off"
    USERS_SEEN = "users_seen"
    USER_CREATED = "user_created"
    USER_ROLE_CHANGED = "user_role_changed"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    USER_PASSWORD_RESET = "user_password_reset"
    USER_SECOND_STEP_OFF = "user_second_step_off"
    AUDIT_SEEN = "audit_seen"
    HEALTH_SEEN = "health_seen"
    PARKED_RETRIED = "parked_retried"
    PARKED_DISCARDED = "parked_discarded"
    SHOP_SETTING_CHANGED = "shop_setting_changed"
    HOURS_CHANGED = "hours_changed"
    DAY_SET_APART = "day_set_apart"
    DAY_REMOVED = "day_removed"
    KOMMO_CONNECTED = "kommo_connected"
    WEBHOOK_ROTATED = "webhook_rotated"
    KOMMO_SET_UP = "kommo_set_up"
    KOMMO_STAGES_CHOSEN = "kommo_stages_chosen"
    IMPORTS_SEEN = "imports_seen"
    IMPORT_STARTED = "import_started"
    IMPORT_BATCH_STARTED = "import_batch_started"
    IMPORT_AUTOMATIC_SET = "import_automatic_set"
    LEAD_SEEN = "lead_seen"
    LEAD_EDITED = "lead_edited"
    LEAD_IMPORTED = "lead_imported"
    LEAD_LINKED = "lead_linked"
    LEAD_REJECTED = "lead_rejected"
    LEAD_REOPENED = "lead_reopened"
    IMPORT_UNDONE = "import_undone"


WORDS: dict[Action, str] = {
    Action.SIGNED_IN: "Entrou",
    Action.SIGN_IN_REFUSED: "Tentativa de entrar recusada",
    Action.CODE_REFUSED: "Código da segunda etapa recusado",
    Action.RECOVERY_CODE_USED: "Usou um código de recuperação",
    Action.SIGNED_OUT: "Saiu",
    Action.OTHER_SESSIONS_ENDED: "Encerrou as outras sessões",
    Action.PASSWORD_CHANGED: "Trocou a senha",
    Action.SECOND_STEP_ON: "Ligou a verificação em duas etapas",
    Action.SECOND_STEP_OFF: "Desligou a verificação em duas etapas",
    Action.USERS_SEEN: "Viu a lista de usuários",
    Action.USER_CREATED: "Criou o usuário",
    Action.USER_ROLE_CHANGED: "Mudou a função do usuário",
    Action.USER_DISABLED: "Desativou o usuário",
    Action.USER_ENABLED: "Reativou o usuário",
    Action.USER_PASSWORD_RESET: "Criou uma senha provisória para o usuário",
    Action.USER_SECOND_STEP_OFF: "Desligou as duas etapas do usuário",
    Action.AUDIT_SEEN: "Viu a auditoria",
    Action.HEALTH_SEEN: "Viu a saúde do sistema",
    Action.PARKED_RETRIED: "Mandou tentar de novo",
    Action.PARKED_DISCARDED: "Descartou o que estava parado",
    Action.SHOP_SETTING_CHANGED: "Mudou uma configuração da oficina",
    Action.HOURS_CHANGED: "Mudou o horário de funcionamento",
    Action.DAY_SET_APART: "Marcou um dia especial",
    Action.DAY_REMOVED: "Retirou um dia especial",
    Action.KOMMO_CONNECTED: "Conectou o Kommo",
    Action.WEBHOOK_ROTATED: "Trocou o endereço de avisos do Kommo",
    Action.KOMMO_SET_UP: "Preparou a conta do Kommo",
    Action.KOMMO_STAGES_CHOSEN: "Escolheu as etapas do Kommo",
    Action.IMPORTS_SEEN: "Viu a lista de importação",
    Action.IMPORT_STARTED: "Buscou leads no Kommo",
    Action.IMPORT_BATCH_STARTED: "Importou os leads prontos",
    Action.IMPORT_AUTOMATIC_SET: "Mudou a importação automática",
    Action.LEAD_SEEN: "Viu o lead",
    Action.LEAD_EDITED: "Editou o lead",
    Action.LEAD_IMPORTED: "Importou o lead",
    Action.LEAD_LINKED: "Ligou o lead a uma OS",
    Action.LEAD_REJECTED: "Rejeitou o lead",
    Action.LEAD_REOPENED: "Reabriu o lead",
    Action.IMPORT_UNDONE: "Desfez a importação",
}
"""Each action as the page of the log tells it; a test holds that none is missing."""


@dataclass(frozen=True)
class Doer:
    """Who did it and in which request; a command line has neither."""

    user_id: int | None = None
    address: str | None = None
    reference: str | None = None


def note(session: AsyncSession, doer: Doer, action: Action, about: str | None = None) -> None:
    """Add a line; it is written when the caller's transaction is."""
    session.add(
        AuditEntry(user_id=doer.user_id, action=action, about=about, address=doer.address, reference=doer.reference)
    )


def about_user(user_id: int) -> str:
    """How a line names a person of the staff."""
    return f"staff_user:{user_id}"


async def read_log(
    session: AsyncSession, *, user_id: int | None = None, before: int | None = None, limit: int = 50
) -> Sequence[tuple[AuditEntry, str | None]]:
    """The newest lines with the doer's name; `before` is the id where an earlier page ended."""
    query = select(AuditEntry, StaffUser.name).outerjoin(StaffUser, StaffUser.id == AuditEntry.user_id)
    if user_id is not None:
        query = query.where(AuditEntry.user_id == user_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = await session.execute(query.order_by(AuditEntry.id.desc()).limit(limit))
    return [(entry, name) for entry, name in rows.all()]
