"""What is answered when a conversation goes in circles: a person is called once, then silence.

The judgement is `assistant/conversation/loops.py`; here it becomes an answer. Writes nothing.
"""

import structlog

from assistant.conversation.answer import Answer
from assistant.conversation.loops import Loop, loop_before
from assistant.conversation.responder import HandOff, HandOffReason, Request

log = structlog.get_logger(__name__)

LOOPS = "loops"
"""The responder's name in the trace of a turn that is stopped here."""
WISHES = {
    Loop.AUTO_REPLY: "o celular ou sistema do cliente respondeu sozinho (resposta automática); o assistente parou",
    Loop.SAME_MESSAGE: "a mesma mensagem chegou várias vezes seguidas (pode ser um robô); o assistente parou",
}


def stopped_answer(request: Request, stopped: bool) -> Answer | None:
    """Silence, the first time with a hand-off, when the turn belongs to a loop; else None."""
    loop = loop_before(request, stopped)
    if loop is None:
        return None
    log.info("turn.stopped", loop=loop.value, again=stopped)
    wish = WISHES[loop]
    handoff = None if stopped else HandOff(HandOffReason.LOOP, f"Atenção: {wish}.", wish=wish)
    return Answer("", LOOPS, handoff=handoff, trace={"loop": loop.value})
