"""Percentages, instalments, and every number or code that no other kind has explained.

This is the net below all others: a digit or a number in words that is left over must be in a source, unless it plainly
counts or numbers something ("2 carros", "1)", "opção 2").
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.numbers import NUMBER, SPELLED, value
from assistant.conversation.factcheck.reading import Reading

PERCENTAGE = re.compile(rf"(?P<number>{NUMBER})\s*(?:%|por\s*cento\b|pct\b)")
HALF = re.compile(
    r"\b(?:(?:falta|resta|paga?|pagou|pago|pela|outra)(?: a)? metade|metade (?:do valor|do total|da conta"
    r"|(?:ja )?(?:foi |esta )?paga))\b"
)
INSTALMENTS = re.compile(
    rf"(?:(?P<number>{NUMBER}|\d+)\s*(?:x\b|vezes\s+(?:de|sem|no|com|iguais)\b|parcelas?\b|prestac(?:ao|oes)\b)"
    rf"|\b(?:em|ate)\s+(?:ate\s+)?(?P<times>{NUMBER})\s+vezes\b)"
)
CODE = re.compile(r"(?<![\w.,/-])[\w][\w.,/:-]*")
COUNTED = (
    r"(?:carros?|veiculos?|ordens|ordem|os\b|orcamentos?|itens|item|pecas?|servicos?|opc(?:ao|oes)|perguntas?|duvidas?|vezes|vez|"
    r"passos?|etapas?|mensagens|mensagem|fotos?|pessoas?|minutinhos?|segundos?|instantes?|coisas?|detalhes?|pontos?|deles|delas|"
    r"em aberto|abert[oa]s?|atendimentos?|visitas?|formas?|pagamentos?|unidades?|lugares?|informac(?:ao|oes)|pneus"
    r"|rodas)"
)
COUNT_AFTER = re.compile(rf"\s*(?:[a-z]+\s+)?{COUNTED}")
INDEX_BEFORE = re.compile(
    r"(?:^|\n)\s*[(-]?\s*$"
    r"|\b(?:opcao|item|passo|pergunta|numero|digite|responda(?: com)?|ou|stage|estagio)\s*[\"'“]?$"
)
LISTED_BEFORE, LISTED_AFTER = re.compile(r"[:?!.;]\s+$"), re.compile(r"[.)]\s")
INDEX_AFTER = re.compile(r"\s*[.,):o\"'”-](?!\d)|\s*$|\s+(?:ou|e|para|pra|se|quanto)\b")
IDIOMS = re.compile(r"\b(?:mil (?:desculpas|perdoes|obrigad|vezes)|(?:um|uma)\b)")
SLANG = re.compile(
    r"\b(?:cen|duzent|trezent|quatrocent|quinhent|seiscent|setecent|oitocent|novecent|mil)(?:z?ao|z?oes|z?inhos?)\b"
    r"|\b(?:hundred|thousand|\w{3,6}cient[oa]s|quinient[oa]s)\b"
)
"""`trezentão`, `duzentinhos`, and big numbers in other languages: forms in which no source writes a number."""
SMALL_COUNT = 12


@dataclass(frozen=True)
class NumericClaim(Claim):
    """A number of some kind, compared by value."""

    value: Decimal

    @property
    def key(self) -> Hashable:
        return self.value


@dataclass(frozen=True)
class PercentageClaim(NumericClaim):
    """So many percent."""

    kind: ClassVar[Kind] = Kind.PERCENTAGE

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.value in evidence.percentages or self.value in _paid_share(evidence)

    def teach(self, evidence: Evidence) -> None:
        evidence.percentages.add(self.value)


@dataclass(frozen=True)
class InstalmentsClaim(NumericClaim):
    """Payment in so many parts."""

    kind: ClassVar[Kind] = Kind.INSTALMENTS

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.value in evidence.instalments

    def teach(self, evidence: Evidence) -> None:
        evidence.instalments.add(self.value)


@dataclass(frozen=True)
class NumberClaim(NumericClaim):
    """A number that nothing else explains: a quantity, a year, kilometres, an amount without a sign."""

    kind: ClassVar[Kind] = Kind.NUMBER

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if self.value in evidence.numbers or any(amount.value == self.value for amount in evidence.amounts):
            return True
        return any(moment.first is not None and moment.first.year == self.value for moment in evidence.moments)

    def teach(self, evidence: Evidence) -> None:
        evidence.numbers.add(self.value)


@dataclass(frozen=True)
class CodeClaim(Claim):
    """Letters and digits together: an oil grade, an engine, a part number."""

    kind: ClassVar[Kind] = Kind.NUMBER

    @property
    def key(self) -> Hashable:
        return self.fragment.lower()

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.fragment.lower() in evidence.tokens

    def teach(self, evidence: Evidence) -> None:
        evidence.tokens.add(self.fragment.lower())


def _paid_share(evidence: Evidence) -> set[Decimal]:
    """How many percent of the total are paid, and how many open."""
    named = {amount.path[-1]: amount.value for amount in evidence.amounts if len(amount.path) and amount.value}
    total = named.get("total")
    return {100 * named[name] / total for name in ("paid", "balance_due") if total and name in named}


def find_percentages(reading: Reading) -> Iterator[PercentageClaim]:
    """Every percentage in `reading`; half of an amount is fifty of a hundred."""
    for match in HALF.finditer(reading.plain):
        yield PercentageClaim(match.start(), match.end(), reading.text[match.start() : match.end()], Decimal(50))
    for match in PERCENTAGE.finditer(reading.plain):
        fragment = reading.text[match.start() : match.end()]
        yield PercentageClaim(match.start(), match.end(), fragment, value(match["number"]))


def find_instalments(reading: Reading) -> Iterator[InstalmentsClaim]:
    """Every number of instalments in `reading`."""
    for match in INSTALMENTS.finditer(reading.plain):
        fragment = reading.text[match.start() : match.end()]
        yield InstalmentsClaim(match.start(), match.end(), fragment, value(match["number"] or match["times"]))


def find_rest(reading: Reading) -> Iterator[NumberClaim | CodeClaim]:
    """Every number and code in `reading`, which is masked where another kind has found something."""
    spans: list[tuple[int, int]] = []
    for match in re.finditer(NUMBER, reading.plain):
        spans.append(match.span())
        if not _plain_count(match, reading.plain):
            yield NumberClaim(*match.span(), reading.text[match.start() : match.end()], value(match.group()))
    for match in SLANG.finditer(reading.plain):
        yield CodeClaim(*match.span(), reading.text[match.start() : match.end()])
    for match in CODE.finditer(reading.without(spans).plain):
        word = match.group().rstrip(".,/:-")
        if re.search(r"\d", word) and not re.fullmatch(r"\d{1,2}[ao]", word):
            yield CodeClaim(
                match.start(), match.start() + len(word), reading.text[match.start() : match.start() + len(word)]
            )


def _plain_count(match: re.Match[str], plain: str) -> bool:
    """Whether the number counts or numbers something, or is a small number word of ordinary speech."""
    if IDIOMS.match(plain, match.start()) and match.group() in ("mil", "um", "uma"):
        return True
    number = value(match.group())
    if number > SMALL_COUNT or number != int(number):
        return False
    in_words = not re.search(r"\d", match.group()) and not re.fullmatch(SPELLED, match.group())
    if in_words or COUNT_AFTER.match(plain, match.end()):
        return True
    if plain.startswith(") ", match.end()) and plain[: match.start()].count("(") <= plain[: match.start()].count(")"):
        return True
    if LISTED_BEFORE.search(plain[: match.start()]) and LISTED_AFTER.match(plain, match.end()):
        return True
    before = INDEX_BEFORE.search(plain[: match.start()])
    return before is not None and INDEX_AFTER.match(plain, match.end()) is not None
