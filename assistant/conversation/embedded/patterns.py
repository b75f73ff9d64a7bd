"""What must never be missed, found by explicit expressions: abuse, "no more messages", "a person", a refused "yes".

A pattern that fires on an innocent message is as bad as a missed one ("me tira uma dúvida", "esquece o orçamento"), so
each question here also looks at its near misses. No statistics: those are the classifier's. `normal` is a message in
normal form (`text.py`), `typed` as it was written.
"""

from assistant.conversation.embedded import abuse, wishes
from assistant.conversation.embedded.expressions import any_matches
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.threats import is_threat


def is_abuse(typed: str, normal: str) -> bool:
    """Injection, other people's data, cost and margin, fraud, directed insults, threats, obscenity."""
    if any_matches(abuse.RAW_INJECTION, typed) or any_matches(abuse.ABUSE, normal):
        return True
    if is_threat(normal):
        return True
    claim = abuse.IMPERSONATION.search(normal)
    return claim is not None and abuse.PRIVILEGE.search(normal, claim.end()) is not None


def is_opt_out(normal: str) -> bool:
    """No more messages, or: erase my data."""
    return any_matches(wishes.OPT_OUT, normal) and not denies_opt_out(normal)


def denies_opt_out(normal: str) -> bool:
    """Wants more messages, or misses some: "não para de mandar", "não me mandaram nada"."""
    return any_matches(wishes.NOT_OPT_OUT, wishes.SAID_TWICE.sub(r"\1", normal))


def wants_person(normal: str) -> bool:
    """Asks for a person or a call, now; a call "quando ficar pronto" is not meant."""
    return any_matches(wishes.HUMAN, normal) and not any_matches(wishes.NOT_HUMAN, normal)


def asks_if_robot(normal: str) -> bool:
    """Asks whether a machine is answering, which wants an honest yes."""
    return wishes.ROBOT.search(normal) is not None


def quote_decision(normal: str) -> Intent | None:
    """What a sentence with a "não" decides about a quote: no ("não pode fazer"), yes ("não tem jeito, faz") or None."""
    if any_matches(wishes.APPROVAL_AFTER_NO, normal):
        return Intent.APROVAR_ORCAMENTO
    return Intent.RECUSAR_ORCAMENTO if any_matches(wishes.REFUSAL, normal) else None


def alerts(typed: str, normal: str) -> tuple[Intent, ...]:
    """The intents found by explicit patterns, the gravest first."""
    found = (
        (Intent.TENTATIVA_ABUSO, is_abuse(typed, normal)),
        (Intent.OPT_OUT, is_opt_out(normal)),
        (Intent.FALAR_HUMANO, wants_person(normal) or asks_if_robot(normal)),
    )
    return tuple(intent for intent, holds in found if holds)
