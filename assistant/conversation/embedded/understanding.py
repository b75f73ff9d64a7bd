"""START HERE: what a customer's message asks for, from the text alone.

`Understander.load()` fits the classifier to `examples.jsonl` (or takes the fitted file from the cache),
`understand()` combines it with the explicit patterns, the clauses of the message and the state of the order. Under a
millisecond a message, about ten megabytes. Nothing here knows who is speaking, looks anything up or answers.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.conversation.embedded import clock, moments, patterns, slots
from assistant.conversation.embedded.classifier import Classifier, load
from assistant.conversation.embedded.clauses import clauses
from assistant.conversation.embedded.context import DECISIONS, NO, PRICES, YES, OrderContext, by_context, is_vague_price
from assistant.conversation.embedded.courtesy import is_greeting, strip_courtesy
from assistant.conversation.embedded.expressions import listed
from assistant.conversation.embedded.intents import ALERTS, COURTESY, Intent
from assistant.conversation.embedded.language import is_foreign
from assistant.conversation.embedded.text import normalise

HERE = Path(__file__).parent
FITTED_BY = (
    "training.py",
    "classifier.py",
    "features.py",
    "lexicon.py",
    "text.py",
    "slots.py",
    "moments.py",
    "clock.py",
    "courtesy.py",
    "intents.py",
)
SURE = 0.8
"""Least probability to act on. Chosen by leaving out one author of examples at a time, never on the held-out set."""
SURE_DECISION = 0.85
"""The same for a yes or no to a quote, which costs money when it is wrong."""
SURE_ALERT = 0.85
"""The same for an alert that no pattern found: telling an innocent customer off is worse than asking."""
SECOND_REQUEST = 0.8
"""Least probability of a clause, taken alone, to count as one more request."""
AS_CLEAR = 0.05
"""Requests so close in probability are equally clear: the first one is the main one."""
LONGEST_TEXT = 2_000
"""Characters read of a message; WhatsApp allows more, a request does not need them."""
BARE_ANSWERS = listed("sim s ss claro quero nao nn nope negativo") | {"sim sim", "quero sim", "com certeza", "nao nao"}
NO_CONTEXT = OrderContext()


@dataclass(frozen=True)
class Understanding:
    """What one message says."""

    main: Intent
    intents: tuple[Intent, ...]
    """All requests, `main` first."""
    sure: bool
    """Whether to act on `main`; when false, ask."""
    scores: Mapping[Intent, float]
    """Probability of each intent for the message as a whole, before patterns and context."""
    plate: str | None
    """The first plate as typed, without hyphen: `ABC1D23`."""
    plates: tuple[str, ...]
    os_number: str | None
    """Digits only: `1042`."""
    model_words: tuple[str, ...]
    ordinal: int | None
    """1 for "o primeiro", 2 for "o segundo" or "o outro", -1 for "o último"."""
    dates: tuple[moments.DateMention, ...]
    time: time | None
    is_yes: bool
    """Nothing but a yes ("sim", "pode", "ok"): means what was asked before."""
    is_no: bool
    is_negated: bool
    """Holds a negated decision about the quote ("não pode fazer")."""
    asks_if_robot: bool
    is_foreign: bool


@dataclass(frozen=True)
class Reading:
    """A piece of text with its two spellings and what the classifier makes of it."""

    typed: str
    normal: str
    scores: Mapping[Intent, float]

    @property
    def best(self) -> Intent:
        return max(self.scores, key=self.scores.__getitem__)

    @property
    def probability(self) -> float:
        return self.scores[self.best]

    def without(self, intent: Intent) -> Intent:
        """The best of the others."""
        return max((other for other in self.scores if other is not intent), key=self.scores.__getitem__)


def fingerprint() -> str:
    """Changes with the examples, with the code that fits, and with the libraries' versions."""
    digest = hashlib.sha256()
    for name in (*FITTED_BY, "examples.jsonl"):
        digest.update((HERE / name).read_bytes())
    digest.update("/".join(map(version, ("scikit-learn", "numpy", "scipy"))).encode())
    return digest.hexdigest()


def cache_name(key: str) -> str:
    """Named by what it was made from: two versions that share a folder do not throw each other's out."""
    return f"intents-{key[:16]}.npz"


class Understander:
    """The loaded classifier; immutable, may be shared between tasks and threads."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    @classmethod
    def load(cls, cache_dir: Path | None) -> "Understander":
        """From the cache when it fits the present data, code and libraries, else fitted anew (seconds) and cached.

        The folder may be deleted at any time. Raises `subprocess.CalledProcessError` when fitting fails, which only a
        broken installation does.
        """
        key = fingerprint()
        if cache_dir is None:
            with TemporaryDirectory() as folder:
                return cls(_fitted(Path(folder) / "intents.npz", key))
        return cls(_fitted(cache_dir / cache_name(key), key))

    def understand(self, text: str, *, context: OrderContext | None = None) -> Understanding:
        """What `text` asks for; `context` decides what a vague question about money means."""
        text = text[:LONGEST_TEXT]
        whole = self._read(text)
        pieces = _that_count(whole, map(self._read, clauses(text)))
        alerts = patterns.alerts(text, whole.normal)
        main, certainty = _decide(whole, pieces, alerts)
        negated = patterns.quote_decision(whole.normal) is Intent.RECUSAR_ORCAMENTO
        main = by_context(main, whole.normal, context or NO_CONTEXT)
        certainty = certainty or (main in PRICES and _price_of_what_is_known(whole, context or NO_CONTEXT))
        foreign = is_foreign(slots.plain(text)) and not (main is Intent.TENTATIVA_ABUSO and certainty)
        plates = tuple(slots.find_plates(text))
        return Understanding(
            main=main,
            intents=_together(main, pieces, alerts),
            sure=certainty and not foreign and not _depends_on_what_was_asked(whole.normal),
            scores=whole.scores,
            plate=plates[0] if plates else None,
            plates=plates,
            os_number=slots.find_order_number(text),
            model_words=slots.find_models(text),
            ordinal=slots.find_ordinal(text),
            dates=moments.find_dates(text),
            time=clock.find_time(text),
            is_yes=YES.search(whole.normal) is not None,
            is_no=NO.search(whole.normal) is not None,
            is_negated=negated,
            asks_if_robot=patterns.asks_if_robot(whole.normal),
            is_foreign=foreign,
        )

    def _read(self, text: str) -> Reading:
        normal = strip_courtesy(normalise(text))
        return Reading(text, normal, self._classifier.probabilities(normal))


def _that_count(whole: Reading, pieces: Iterable[Reading]) -> list[Reading]:
    """The clauses that are clear by themselves and not denied by the message they stand in."""
    denied = {Intent.OPT_OUT} if patterns.denies_opt_out(whole.normal) else set()
    said = patterns.quote_decision(whole.normal)
    if said is not None:
        denied |= DECISIONS - {said}
    return [piece for piece in pieces if piece.probability >= SECOND_REQUEST and piece.best not in denied]


def _decide(whole: Reading, pieces: list[Reading], alerts: tuple[Intent, ...]) -> tuple[Intent, bool]:
    """The main intent and whether to act on it: patterns, then the whole message, then its clearest clause."""
    if Intent.TENTATIVA_ABUSO in alerts or Intent.OPT_OUT in alerts:
        return alerts[0], True
    if alerts and whole.best is not Intent.RECLAMACAO:
        return alerts[0], True
    if is_greeting(whole.normal):
        return Intent.SAUDACAO, True
    if whole.best in DECISIONS:
        return _decision(whole, pieces)
    if whole.best is Intent.OPT_OUT and patterns.denies_opt_out(whole.normal):
        return whole.without(Intent.OPT_OUT), False
    if whole.best in ALERTS:
        return whole.best, whole.probability >= SURE_ALERT
    if whole.probability >= SURE and whole.best not in COURTESY:
        return whole.best, True
    requests = [piece for piece in pieces if piece.best not in COURTESY | DECISIONS]
    if requests:
        certain = max(piece.probability for piece in requests) - AS_CLEAR
        clear = [piece.best for piece in requests if piece.probability >= certain]
        return clear[0], whole.best in {*clear, *COURTESY} and clear[0] not in ALERTS
    return whole.best, whole.probability >= SURE


def _price_of_what_is_known(whole: Reading, context: OrderContext) -> bool:
    """A vague question about money is clear when there is an order: which of the readings it is, the order says."""
    together = sum(whole.scores.get(intent, 0.0) for intent in PRICES)
    return context.has_open_order and is_vague_price(whole.normal) and together >= SURE


def _depends_on_what_was_asked(normal: str) -> bool:
    """Nothing was said, or only a yes or no to something that this message does not name."""
    return not normal or normal in BARE_ANSWERS


def _decision(whole: Reading, pieces: list[Reading]) -> tuple[Intent, bool]:
    """A yes or no to the quote, also as one clause of several ("aprovo! quando fica pronto?").

    A negation that the classifier read otherwise wins, and is then not sure.
    """
    said = patterns.quote_decision(whole.normal)
    if said is not None and said is not whole.best:
        return said, False
    clearest = max(piece.probability for piece in (whole, *pieces) if piece.best is whole.best)
    return whole.best, clearest >= SURE_DECISION


def _together(main: Intent, pieces: list[Reading], alerts: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """`main`, then the other requests in the order they were made; courtesy only when it is all there is."""
    others = (piece.best for piece in pieces if piece.best not in COURTESY)
    return tuple(dict.fromkeys((main, *alerts, *others)))


def _fitted(path: Path, key: str) -> Classifier:
    """The classifier in a file; the file is made first when it is missing, damaged or out of date."""
    found = load(path, key)
    if found is not None:
        return found
    command = [sys.executable, "-m", "assistant.conversation.embedded.training", str(path), key]
    subprocess.run(command, check=True, cwd=HERE.parents[2], stdin=subprocess.DEVNULL)
    made = load(path, key)
    if made is None:
        raise RuntimeError(f"the fitted classifier cannot be read back from {path}")
    return made
