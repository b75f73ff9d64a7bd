"""The catalogue words every code in both languages, and says what to do where something lacks."""

import string
from datetime import UTC, datetime

import pytest

from integrations.kommo.findings import Code, Language, State, finding
from integrations.kommo.findings.finding import Wording, catalogue


def parameters(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def every(wording: Wording) -> set[str]:
    return parameters(" ".join((wording.name, wording.text, wording.todo, wording.step)))


def test_every_code_is_worded_and_nothing_else() -> None:
    assert set(catalogue()) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_both_languages_say_the_same_things(code: Code) -> None:
    english, portuguese = catalogue()[code].en, catalogue()[code].pt
    assert bool(english.todo) == bool(portuguese.todo)
    assert bool(english.step) == bool(portuguese.step)
    assert parameters(english.text) == parameters(portuguese.text)
    assert every(portuguese) <= every(english)


@pytest.mark.parametrize("code", Code)
def test_what_lacks_says_what_to_do(code: Code) -> None:
    entry = catalogue()[code]
    needs = entry.state in (State.WARNING, State.MISSING)
    assert not needs or entry.en.todo
    assert entry.state is not State.OK or not entry.en.todo


def test_dates_are_written_as_the_reader_writes_them() -> None:
    said = finding(Code.TOKEN_EXPIRED, until=datetime(2026, 12, 5, 3, 0, tzinfo=UTC))
    assert "2026-12-05" in said.text(Language.ENGLISH)
    assert "05/12/2026" in said.text(Language.PORTUGUESE)


def test_braces_in_a_name_of_kommo_are_no_parameters() -> None:
    said = finding(Code.BOT_REPLY_MISSING, bot="{lead.cf.1} {bot.__class__}")
    assert "{lead.cf.1} {bot.__class__}" in said.text(Language.ENGLISH)
