"""What belongs to the machine and not to a customer's chat: instructions, tool names, JSON, ids, code.

Instructions are known by their own words: enough words in a row as the rules have them, or several shorter runs. What
the service says of itself in its first paragraph (that it is the shop's assistant) is no secret.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from assistant.conversation.factcheck.reading import plain
from assistant.conversation.outgoing.kinds import Forbidden, Objection

LONG_RUN, SHORT_RUN, SHORT_RUNS = 8, 5, 3
ARTEFACTS = (
    re.compile(r"[{}]|\[\s*[\"'\[{]|[\"']\s*\]|[\"'][\w ]+[\"']\s*:"),
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE),
    re.compile(r"```|</?[a-zA-Z!?|][^>\n]*>|<\|"),
    re.compile(r"\b[a-zA-Z]+(?:_[a-zA-Z0-9]+)+\b"),
    re.compile(r"\b(?:None|null|NULL|undefined|NaN|True|False|Traceback|Exception|Decimal|UUID|datetime)\b"),
    re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|DROP TABLE|UNION)\b.*\b(?:FROM|SET|VALUES|WHERE|TABLE|\*)"),
    re.compile(r"\bselect\b[^.\n]{0,60}\bfrom\b|\bdrop table\b|--\s*$|;\s*--", re.IGNORECASE),
    re.compile(r"(?<![\w/])/(?:[\w.-]+/)+[\w.-]+|\b[A-Z]:\\|\.\./"),
    re.compile(r"\bsk-[\w-]{12,}|\bey[JK][\w-]{10,}"),
    re.compile(r"(?<![\w+/=@.-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[A-Za-z0-9+/=-]{24,}|[A-Za-z0-9+/]{32,}={0,2}"),
    re.compile(r"\b\w+\([^)\n]*=[^)\n]*\)|\b(?:def|class|import|lambda|return)\s+\w+\s*[(:]"),
    re.compile(r"\b(?:(?:[0-9a-fA-F]{2}[\s:]){7,}[0-9a-fA-F]{2}|(?:[01]{8}\s?){3,})\b"),
    re.compile(r"\\[nrtux]|&(?:#\d+|[a-z]{2,8});|%[0-9A-F]{2}%[0-9A-F]{2}"),
)
TOLD_RULES = re.compile(
    r"\b(?:minhas|meus|suas|seus) (?:instrucoes|regras|prompts?)(?: \w+){0,3}? (?:sao|dizem|diz|mandam|e)\b"
    r"(?! (?:nao|confidenc|intern|privad|secret))"
    r"|\b(?:system prompt|prompt d[eo] sistema|developer mode|modo desenvolvedor)\b"
    r"|\bmodo (?:dan|debug|administrador|root)\b"
    r"|\bvoce e o assistente virtual da oficina\b|^\s*#+\s"
    r"|\b(?:como|sou) (?:um )?modelo de linguagem\b|\b(?:openai|chatgpt|gpt-?\d|anthropic|llama|gemini)\b",
    re.MULTILINE,
)


class Secrets:
    """Texts that only the model is shown."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)

    @cached_property
    def _runs(self) -> dict[int, frozenset[tuple[str, ...]]]:
        words = [_words(text) for text in self._texts]
        return {
            size: frozenset(run for each in words for run in _in_a_row(each, size)) for size in (LONG_RUN, SHORT_RUN)
        }

    def find(self, text: str) -> Iterator[Objection]:
        """The words of `text` that are taken from them."""
        words = _words(text)
        long = [run for run in _in_a_row(words, LONG_RUN) if run in self._runs[LONG_RUN]]
        short = [run for run in _in_a_row(words, SHORT_RUN) if run in self._runs[SHORT_RUN]]
        apart = short[::SHORT_RUN]
        if long or len(apart) >= SHORT_RUNS:
            yield Objection(Forbidden.INSTRUCTIONS, " ".join((long or short)[0]))


def find_artefacts(text: str, own: str | None) -> Iterator[Objection]:
    """Code, data and ids in `text`; `own` is the shop's pix key, which may look like one."""
    shown = text.replace(own, "") if own else text
    for pattern in ARTEFACTS:
        for match in pattern.finditer(shown):
            yield Objection(Forbidden.ARTEFACT, match.group())
    for match in TOLD_RULES.finditer(plain(text)):
        yield Objection(Forbidden.INSTRUCTIONS, match.group())


def secret_part(prompt: str) -> str:
    """The rules after the first paragraph."""
    return prompt.partition("\n\n")[2]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", plain(text))


def _in_a_row(words: list[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
