"""What is answered when a conversation goes in circles: a person is called once, then silence.

The judgement is `assistant/conversation/loops.py`; here it becomes an answer. Writes nothing.
"""

import structlog

from assistant.conversation.answer import Answer
from assistant.conversation.loops import Loop, loop_before, repeats_itself
from assistant.conversation.responder import HandOff, HandOffReason, Request

log = structlog.get_logger(__name__)

LOOPS = "loops"
"""The responder's name in the trace of a turn that is stopped here."""
WISHES = {
    Loop.AUTO_REPLY: "o celular ou sistema do cliente respondeu sozinho (resposta automática); o assistente parou",
    Loop.SAME_MESSAGE: "a mesma mensagem chegou várias vezes seguidas (pode ser um robô); o assistente parou",
    Loop.SAME_ANSWER: "o assistente daria a mesma resposta pela terceira vez; precisa de uma pessoa",
}
REPEATING = (
    "Acho que estou me repetindo e não quero te atrapalhar. Já passei a conversa para a equipe, e uma pessoa continua "
    "com você por aqui."
)


def stopped_answer(request: Request, stopped: bool) -> Answer | None:
    """Silence, the first time with a hand-off, when the turn belongs to a loop; else None."""
    loop = loop_before(request, stopped)
    return None if loop is None else _answer("", loop, stopped)


def unless_repeated(request: Request, answer: Answer, stopped: bool) -> Answer:
    """The answer, or a person instead of the same words for the third time."""
    if answer.proposed is not None or not repeats_itself(request, answer.text):
        return answer
    return _answer("" if stopped else REPEATING, Loop.SAME_ANSWER, stopped)


def _answer(text: str, loop: Loop, stopped: bool) -> Answer:
    log.info("turn.stopped", loop=loop.value, again=stopped)
    wish = WISHES[loop]
    handoff = None if stopped else HandOff(HandOffReason.LOOP, f"Atenção: {wish}.", wish=wish)
    return Answer(text, LOOPS, handoff=handoff, trace={"loop": loop.value})
