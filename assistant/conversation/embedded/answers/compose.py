"""From parts to one WhatsApp message: greeting back, the name once, paragraphs."""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.answers.offers import ASK_PERSON
from assistant.conversation.embedded.answers.staff import merged, person_answers
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import greeting, lower_first
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.responder import Draft

GREETS = re.compile(
    r"^\W*(?:oi+e?|ola|opa|hey|e ai|eai|alo|salve|fala|bom dia|boa tarde|boa noite|bdia|bd|bt|bn|tudo bem|buenas)\b"
)


async def compose(talk: Talk, parts: Sequence[Part], notes: dict[str, str]) -> Draft:
    """The draft of the whole reply; silent when no part says anything."""
    spoken = sorted((part for part in parts if part.text), key=lambda part: part.asks)
    handoff = merged([part.handoff for part in parts if part.handoff])
    parting = any(part.parting for part in parts)
    intents = (Intent.AGRADECIMENTO.value,) if parting else tuple(intent.value for intent in talk.intents)
    if not spoken:
        return Draft("", intents, handoff, silent=True, notes=notes)
    further = dict.fromkeys(part.text for part in spoken[1:] if part.text != spoken[0].text)
    paragraphs = [_addressed(talk, spoken[0]), *further]
    if any(part.person for part in spoken):
        paragraphs = [paragraph.removesuffix(ASK_PERSON).rstrip() for paragraph in paragraphs]
        paragraphs = _ended(paragraphs, await person_answers(talk), same_paragraph=spoken[-1].person)
    asks = any(part.asks for part in spoken)
    return Draft("\n\n".join(paragraphs), intents, handoff, notes=notes, asks=asks)


def _ended(paragraphs: list[str], closing: str, *, same_paragraph: bool) -> list[str]:
    """The paragraphs with the closing sentence, which stands alone after what it does not belong to."""
    if same_paragraph:
        return [*paragraphs[:-1], f"{paragraphs[-1]} {closing}"]
    return [*paragraphs, closing]


def _addressed(talk: Talk, first: Part) -> str:
    """The first paragraph with greeting and name, where the customer greeted or was not named just before."""
    if first.named:
        return first.text
    greeted = f"{_greeting_back(talk)}! " if GREETS.search(talk.text) else ""
    if talk.name is None or (not greeted and talk.name in talk.last_said.split("\n")[0]):
        return greeted + first.text
    return f"{greeted}{talk.name}, {lower_first(first.text)}"


def _greeting_back(talk: Talk) -> str:
    """By the clock the first time, a plain "Oi" when we are already talking."""
    return "Oi" if talk.last_said else greeting(talk.request.now)
