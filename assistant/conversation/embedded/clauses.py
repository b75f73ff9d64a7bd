"""Cutting a message into the requests it may hold.

Cuts at the ends of sentences, at commas and before connectives that start a new question ("e quanto ficou", "aí queria
saber"). A wrong cut is harmless: a piece counts only when the classifier is confident about it alone.
"""

import re

SENTENCE_END = re.compile(r"[!;\n]+|\.(?!\d)|(?<=\?)|,(?!\d)")
CONNECTIVE = re.compile(
    r"\s(?=(?:e|ai|ah?|mas|também|tambem|tb|tbm|aproveitando|aproveita|alem disso|além disso|depois)\s+(?:(?:ai|"
    r"aí|tb|tbm|também|tambem|já|ja)\s+)?"
    r"(?:quanto|qto|qnto|quando|qdo|qnd|qual|que dia|que horas|q horas|q dia|queria|quero|qro|gostaria|preciso|"
    r"se|onde|cade|cadê|kd|tem|vcs|vocês|voces|"
    r"como|pode|posso|já|ja|me|manda|qts|quantas|fica|aceita|parcela|dá|da pra|o pix|obrigad|valeu|vlw|não|nao|"
    r"para|vou))",
    re.IGNORECASE,
)
SHORTEST = 7
"""Letters of the shortest piece: "aprovado" says something alone, "sim" or "não" before a comma does not."""
MOST_CLAUSES = 12
"""More requests than anybody makes in one message."""


def clauses(text: str) -> list[str]:
    """The pieces of a message as typed; one piece when there is nothing to cut."""
    sentences = (piece for piece in SENTENCE_END.split(text) if piece)
    pieces = (part.strip() for sentence in sentences for part in CONNECTIVE.split(sentence))
    return [piece for piece in pieces if len(piece) >= SHORTEST][:MOST_CLAUSES]
