"""Names that people gave to fields, stages and bots in Kommo, compared as people mean them. No I/O.

`"Urgencias "` is `"Urgência"`: capitals, accents, punctuation and a plural make no other name.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

from integrations.kommo.schemas import CustomField


def label_key(name: str) -> str:
    """A key to compare names by: `"Problemas  Relatados"` → `"problema relatado"`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(_singular(word) for word in re.findall(r"[a-z0-9]+", plain))


def _singular(word: str) -> str:
    """Portuguese plurals as far as they matter here: `origens` → `origem`, `placas` → `placa`."""
    if len(word) > 4 and word.endswith("ns"):
        return f"{word[:-2]}m"
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def same_label(one: str, other: str) -> bool:
    """Whether two names mean the same; names without a letter or digit only when they are equal."""
    key = label_key(one)
    return key == label_key(other) if key else one.strip() == other.strip()


def find_field(fields: Iterable[CustomField], name: str, types: Collection[str]) -> CustomField | None:
    """The field of this name and one of these types; the oldest when there are several."""
    named = [field for field in fields if same_label(field.name, name) and field.type in types]
    return min(named, key=lambda field: field.id, default=None)
