"""Did somebody say this, or did the recogniser invent it? Recognisers make text of silence, noise and music.

What is doubted counts as not heard: the customer is asked to write. Better to ask once too often than to answer words
that nobody said. A stretch of silence at the end does not spoil what was said before it. Pure functions.
"""

import re
import unicodedata
import zlib
from difflib import SequenceMatcher

from pydantic import BaseModel, ConfigDict

INVENTED = re.compile(
    r"amara ?org|legendas? (?:pela|por|da|feitas?)|legendad[oa] por|transcri(?:cao|to) (?:e |por|feita)|"
    r"(?:obrigad[oa]|valeu) por (?:assistir|acompanhar|ver(?: o video)?$)|"
    r"inscrev\w+(?:-se| se)? (?:no|em nosso|neste) canal|"
    r"se inscrev\w+|(?:deixe?|da|de) (?:o seu |seu |um )?(?:like|joinha)|ative? (?:o )?sininho|"
    r"(?:ate|nos vemos n)?o proximo video|thanks? (?:you )?for watching|subtitles? by|suscribete|gracias por ver|"
    r"^(?:tchau )*tchau$|^(?:musica|aplausos|risos|silencio)$"
)
"""What recognisers say into silence: they learnt from the subtitles of videos."""
ALIKE = 0.75
LEAST_ECHO = 12
PACKED = 2.4
"""Text that shrinks by more than this repeats itself; the recognisers' own measure."""
LEAST_PACKED = 60
REPEATED = 4
"""The same words so often in a row are a loop."""
NO_SPEECH = 0.6
UNSURE = -1.0
"""The recognisers' own thresholds: so likely is silence, so unsure is the text."""
VERY_UNSURE = -1.6
FASTEST = 30.0
"""Characters that a fast talker says in a second."""
THINNEST = 600.0
"""Bytes a second of the thinnest voice recording."""
SLACK = 40


class Segment(BaseModel):
    """A stretch of the recording, with how sure the recogniser is of it."""

    model_config = ConfigDict(extra="ignore")

    text: str = ""
    avg_logprob: float | None = None
    no_speech_prob: float | None = None


class Heard(BaseModel):
    """A recogniser's answer; what it does not tell is None or empty."""

    model_config = ConfigDict(extra="ignore")

    text: str = ""
    duration: float | None = None
    segments: list[Segment] | None = None


class NotHeard(Exception):
    """Nothing was heard that could be believed; `reason` is a word for the row."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def believed(heard: Heard, *, hint: str, size: int) -> str:
    """What was said, without what the recogniser made of silence. `size` is the recording's, in bytes.

    Raises `NotHeard`.
    """
    said = " ".join(_said(heard).split())
    text = _plain(said)
    if not re.search(r"[a-z0-9]", text):
        raise NotHeard("silence")
    if INVENTED.search(text):
        raise NotHeard("invented")
    if _echoes(text, _plain(hint)):
        raise NotHeard("echo")
    if _repeats(text):
        raise NotHeard("repetition")
    if len(text) > FASTEST * (heard.duration or size / THINNEST) + SLACK:
        raise NotHeard("too_much")
    return said


def _said(heard: Heard) -> str:
    """The text without the stretches that the recogniser itself doubts, or that are known inventions."""
    stretches = [segment for segment in heard.segments or [] if segment.text.strip()]
    if not stretches:
        return heard.text
    if all(INVENTED.search(_plain(segment.text)) for segment in stretches):
        raise NotHeard("invented")
    kept = [
        segment.text for segment in stretches if not _doubtful(segment) and not INVENTED.search(_plain(segment.text))
    ]
    return " ".join(kept)


def _doubtful(segment: Segment) -> bool:
    silent, sure = segment.no_speech_prob, segment.avg_logprob
    if sure is not None and sure < VERY_UNSURE:
        return True
    return silent is not None and silent > NO_SPEECH and (sure is None or sure < UNSURE)


def _plain(text: str) -> str:
    """Lower case, no accents, no punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s-]", " ", bare).split())


def _echoes(text: str, hint: str) -> bool:
    """Whether the text is the hint or a piece of it."""
    if len(text) < LEAST_ECHO:
        return False
    if text in hint:
        return True
    return SequenceMatcher(None, text, hint, autojunk=False).ratio() > ALIKE


def _repeats(text: str) -> bool:
    raw = text.encode()
    packed = len(raw) >= LEAST_PACKED and len(raw) / len(zlib.compress(raw)) > PACKED
    return packed or re.search(rf"\b(\S+(?: \S+){{0,5}})(?: \1){{{REPEATED - 1},}}(?!\w)", text) is not None
