"""What a pix key looks like: a document, a mobile phone, an e-mail or a random key.

Source: Banco Central do Brasil, "Manual operacional do DICT" (kinds of keys and their forms). Pure.
"""

import re
from uuid import UUID

from stdnum.br import cnpj, cpf

PHONE = re.compile(r"\+55\d{10,11}")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
LONGEST_EMAIL = 77


def is_pix_key(text: str) -> bool:
    """Whether `text` can be a pix key. A document's punctuation and a phone's spaces may stand in it."""
    squeezed = re.sub(r"[\s()-]", "", text)
    if PHONE.fullmatch(squeezed) or (EMAIL.fullmatch(text) and len(text) <= LONGEST_EMAIL):
        return True
    return cpf.is_valid(text) or cnpj.is_valid(text) or _is_random(text)


def _is_random(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
