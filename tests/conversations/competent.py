"""A scripted model that knows its job: it reads the rules' situation, calls the tools it is offered, and words what
they answer in its own way, so that a dialogue needs no script.

It understands with the embedded classifier and writes nothing as the embedded templates do. Where it has nothing to say
it says nothing, and the product falls back to the embedded responder as with any model that fails.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from assistant.conversation.embedded.context import OrderContext
from assistant.conversation.embedded.understanding import Understander, Understanding
from integrations.llm.scripted import Asked, CallTools, Say, Step
from integrations.settings import SHOP_ZONE

from .competent_words import answer

LOOK_UPS: Mapping[str, Mapping[str, Any]] = {
    "my_orders": {"include_delivered": True}, "quote": {}, "payments": {}, "service_history": {}, "shop_info": {},
}  # fmt: skip
CLIENT = re.compile(r"<cliente>(.*?)</cliente>", re.DOTALL)
NOW = re.compile(r"Agora: [^,]+, (\d\d)/(\d\d)/(\d{4}), (\d{1,2})h(\d\d)?")


@dataclass
class Situation:
    """One request of the product, read."""

    asked: Asked
    understander: Understander
    done: dict[str, Any] = field(default_factory=dict)
    """Answers of the tools of this turn, by name; None for an error."""

    def __post_init__(self) -> None:
        names: dict[str, str] = {}
        for message in self.asked.messages[self._last_user :]:
            for each in message.get("tool_calls") or []:  # type: ignore[union-attr]
                names[str(each["id"])] = str(each["function"]["name"])  # type: ignore[index,call-overload]
            if message["role"] == "tool":
                text = str(message["content"])
                self.done[names[str(message["tool_call_id"])]] = json.loads(text) if text.startswith("{") else text

    @cached_property
    def _last_user(self) -> int:
        return max(at for at, message in enumerate(self.asked.messages) if message["role"] == "user")

    @property
    def system(self) -> str:
        return str(self.asked.messages[0]["content"])

    @property
    def known(self) -> bool:
        return "(cliente com cadastro)" in self.system

    @property
    def name(self) -> str | None:
        found = re.search(r"Quem fala: (.+?) \(", self.system)
        return found[1] if found and found[1] != "nome desconhecido" else None

    @property
    def pending(self) -> bool:
        return "Proposta em aberto" in self.system

    @property
    def now(self) -> datetime:
        found = NOW.search(self.system)
        assert found is not None, self.system
        day, month, year, hour, minute = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, tzinfo=SHOP_ZONE)

    @cached_property
    def lines(self) -> list[str]:
        """What the customer wrote last."""
        return CLIENT.findall(str(self.asked.messages[self._last_user]["content"]))

    @property
    def text(self) -> str:
        kinds = r"\[(?:áudio|foto|vídeo|arquivo|localização|figurinha|contato|mensagem sem texto)\]"
        return "\n".join(filter(None, (re.sub(kinds, "", line).strip() for line in self.lines)))

    @property
    def said_by_us(self) -> list[str]:
        return [str(m["content"]) for m in self.asked.messages[: self._last_user] if m["role"] == "assistant"]

    @property
    def said_by_them(self) -> list[str]:
        """Everything the customer wrote, oldest first."""
        users = (str(m["content"]) for m in self.asked.messages if m["role"] == "user")
        return [line for text in users for line in CLIENT.findall(text)]

    @property
    def orders(self) -> list[dict[str, Any]]:
        return [order for order in self.done["my_orders"]["orders"] if order["is_open"]]

    @cached_property
    def understood(self) -> Understanding:
        waiting = [quote for quote in self.done["quote"]["quotes"] if quote["decision"] == "awaiting"]
        due = any(order["balance_due"] not in (None, "0.00", "0") for order in self.orders)
        context = OrderContext(bool(self.orders), bool(waiting), due)
        return self.understander.understand(self.text, context=context)


class CompetentMind:
    """Implements `Mind`."""

    def __init__(self, understander: Understander) -> None:
        self._understander = understander

    def __call__(self, asked: Asked) -> Step:
        situation = Situation(asked, self._understander)
        if "my_orders" not in situation.done:
            return CallTools([*LOOK_UPS.items(), self._noted(situation)])
        wanted = answer(situation)
        if wanted.calls and not situation.done.keys() & {name for name, _ in wanted.calls}:
            return CallTools(wanted.calls)
        if wanted.proposes:
            result = situation.done[wanted.proposes]
            return Say(result["question"] if isinstance(result, dict) else "Isso eu preciso ver com um consultor.")
        return Say(self._never_the_same(situation, wanted.say))

    def _noted(self, situation: Situation) -> tuple[str, Mapping[str, Any]]:
        return "note_intents", {"intents": [self._understander.understand(situation.text).main.value]}

    def _never_the_same(self, situation: Situation, text: str) -> str:
        for start in ("", "Como falei: ", "Continua assim: ", "Nada mudou: "):
            if text and not any(start + text in said for said in situation.said_by_us):
                return start + text
        return text
