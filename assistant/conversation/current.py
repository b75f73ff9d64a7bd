"""A worker's turns as the staff's settings have them now: made anew when one was changed on their page.

What is costly to make (the classifier, connections to a model) is made once and shared.
"""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from assistant.conversation.answering import Answering
from assistant.conversation.assembly import create_answering, create_desk, create_model
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.spending import SpendingRules
from assistant.conversation.turns import TurnRules, Turns
from integrations.database import Sessions, transaction
from integrations.kommo.chats.contacts import ContactBook
from integrations.settings import Settings
from integrations.workshop.preferences import preferences, with_preferences

log = structlog.get_logger(__name__)


class CurrentTurns:
    """Runs turns by the settings of the moment; one instance a worker process."""

    def __init__(self, settings: Settings, sessions: Sessions, people: ContactBook) -> None:
        self._settings = settings
        self._sessions = sessions
        self._people = people
        self._understander = Understander.load(settings.data_dir / "cache")
        self._model = create_model(settings)
        self._chosen: Mapping[str, str] = {}
        self._answering, self._turns = self._make()

    async def run(self, conversation_id: int) -> None:
        """Answer what is due in this conversation, if anything is."""
        async with transaction(self._sessions) as session:
            chosen = await preferences(session)
        if chosen != self._chosen:
            self._chosen = chosen
            self._answering, self._turns = self._make()
            log.info("turns.settings_changed", names=sorted(chosen))
        await self._turns.run(conversation_id)

    async def aclose(self) -> None:
        """Let go of what the responders hold."""
        await self._answering.aclose()

    def _make(self) -> tuple[Answering, Turns]:
        settings = with_preferences(self._settings, self._chosen)
        answering = create_answering(settings, self._sessions, self._model, self._understander)
        rules = TurnRules(
            timedelta(seconds=settings.burst_cap_seconds),
            SpendingRules.of(settings),
            timedelta(minutes=settings.escalate_minutes),
            settings.history_tokens,
        )
        return answering, Turns(self._sessions, self._people, create_desk(settings), answering, rules)
