"""Hundreds of drafts with one wrong fact each: none passes; with the true fact in its place each sentence does."""

from collections import Counter

import pytest

from assistant.conversation.factcheck import check
from tests.assistant.factcheck.drafts import SOURCES, told
from tests.assistant.factcheck.shop import NOW
from tests.assistant.factcheck.wrong_facts import FACTS, Fact, wrong_drafts

WRONG = wrong_drafts()
KINDS = {
    "amount", "in words", "date", "forecast", "promise", "plate", "vehicle", "stage", "order", "swapped", "percentage",
    "instalments", "warranty", "hours", "contact",
}  # fmt: skip
LEAST_OF_RIGHT, MOST_REFUSED = 200, 0.02


def test_no_wrong_fact_passes() -> None:
    passed = [str(each) for each in WRONG if not check(each.draft, SOURCES[each.sources], now=NOW)]
    assert passed == []


def test_there_are_hundreds_of_every_kind_and_always_the_same() -> None:
    assert len(WRONG) >= 300
    assert set(Counter(each.kind for each in WRONG)) == KINDS
    assert wrong_drafts() == WRONG


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.sentence[:50])
def test_each_sentence_is_right_with_its_true_fact(fact: Fact) -> None:
    assert check(fact.sentence.replace("{x}", fact.true), SOURCES[fact.sources], now=NOW) == []


def test_right_drafts_in_varied_wording_pass() -> None:
    right = told("right")
    refused = [case.draft for case in right if check(case.draft, case.sources, now=NOW)]
    assert len(right) >= LEAST_OF_RIGHT
    assert len(refused) <= MOST_REFUSED * len(right), refused
