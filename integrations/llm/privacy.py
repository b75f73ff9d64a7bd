"""What a model provider has no need to see: phone, document and card numbers and e-mail addresses that people write.

Amounts, dates, times, plates and OS numbers stay, the conversation is about them. The mask says what was there, so that
the model can ask for nothing and say so.
"""

import re

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
DOCUMENT = re.compile(
    r"(?<!\w)(?:\d{3}[.\s]?\d{3}[.\s]?\d{3}[-\s]?\d{2}"
    r"|[A-Z0-9]{2}\.?[A-Z0-9]{3}\.?[A-Z0-9]{3}/[A-Z0-9]{4}-?\d{2}|\d{14})(?!\w)",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<!\w)(?<!\d,)(?:\+?\d{1,3}[\s.-]?)?\(?\d{2}\)?[\s.-]?9?[\s.-]?\d{4}[\s.-]?\d{4}(?!\w|,\d)")
SHORT_PHONE = re.compile(r"(?<![\w,./-])(?:9\d{4}|[2-9]\d{3})[\s-]\d{4}(?!\w|[,/-]\d)")
CARD = re.compile(r"(?<!\w)(?<!\d,)\d(?:[ .-]?\d){14,}(?!\w|,\d)")
LONG_DIGITS = re.compile(r"(?<!\w)(?<!\d,)\d(?:[ .-]?\d){9,}(?!\w|,\d)")


def without_personal_numbers(text: str) -> str:
    """`text` with each such number replaced by a word for it in brackets."""
    for pattern, mask in (
        (EMAIL, "[e-mail]"),
        (CARD, "[número]"),
        (DOCUMENT, "[documento]"),
        (PHONE, "[telefone]"),
        (LONG_DIGITS, "[número]"),
        (SHORT_PHONE, "[telefone]"),
    ):
        text = pattern.sub(mask, text)
    return text
