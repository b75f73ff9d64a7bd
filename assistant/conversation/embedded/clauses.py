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
    r"at[eé]|a que|que horas|hor[aá]rio|andamento|previs[aã]o|endere[cç]o|valor|"
    r"como|pode|posso|já|ja|me|manda|qts|quantas|fica|aceita|parcela|dá|da pra|o pix|obrigad|valeu|vlw|não|nao|"
    r"para|vou|"
    r"(?:o|a|os|as) (?:endere[cç]o|garantia|valor|pre[cç]o|hor[aá]rio|prazo|previs[aã]o|telefone|pix|localiza))"
    r")",
    re.IGNORECASE,
)
SHORTEST = 7
"""Letters of the shortest piece: "aprovado" says something alone, "sim" or "não" before a comma does not."""
DECIDES = re.compile(r"\W*(?:eu )?(?:aprov[oa]|autorizo|aceito|recuso)\W*", re.IGNORECASE)
"""Short, and still a whole request."""
EXCLAIMS = re.compile(
    r"\W*(?:(?:nossa(?: senhora)?|caramba|caraca|eita|vixe|vish|puts|putz|poxa|puxa(?: vida)?|uau|ixi|meu deus|"
    r"ave maria|misericordia|credo|rapaz|olha so|jesus)\W*)+",
    re.IGNORECASE,
)
"""Astonishment beside a request asks for nothing and complains of nothing."""
MOST_CLAUSES = 12
"""More requests than anybody makes in one message."""


def clauses(text: str) -> list[str]:
    """The pieces of a message as typed; one piece when there is nothing to cut."""
    sentences = (piece for piece in SENTENCE_END.split(text) if piece)
    pieces = (part.strip() for sentence in sentences for part in CONNECTIVE.split(sentence))
    return [piece for piece in pieces if _says_something(piece)][:MOST_CLAUSES]


def _says_something(piece: str) -> bool:
    """Long enough, or a decision; an exclamation ("caramba", "nossa") is neither."""
    return (len(piece) >= SHORTEST or DECIDES.fullmatch(piece) is not None) and EXCLAIMS.fullmatch(piece) is None
