"""A dialogue file that cannot be used is refused with its name and the field; one that can is read as written."""

from pathlib import Path

import pytest

from assistant.problem import Problem
from assistant.rehearsal.dialogue import TUESDAY_MORNING
from assistant.rehearsal.loading import load, load_folder

GOOD = """
title: Where is it
who: João Silva
steps:
  - customer: cadê meu carro?
    says: [Gol, [diagnóstico, avaliação]]
"""


def written(folder: Path, text: str, name: str = "one.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_one_line_stands_for_a_list_and_the_shop_is_open(tmp_path: Path) -> None:
    dialogue = load(written(tmp_path, GOOD))
    (step,) = dialogue.steps
    assert step.model_dump()["customer"] == ("cadê meu carro?",)
    assert dialogue.begins == TUESDAY_MORNING


WRONG = {
    "unknown field": (GOOD + "    sayz: [x]\n", "steps.1.sayz"),
    "two things in a step": (GOOD + "    later: 3h\n", "steps.1: a step has exactly one of"),
    "no duration": (GOOD + "  - later: soon\n", "steps.2.later: write a time as 30min, 26h or 3d"),
    "no pattern": (GOOD + "    never: ['/(/']\n", "steps.1: not a regular expression"),
    "silent and saying": (GOOD + "    silent: true\n", "steps.1: a silent reply says nothing"),
    "nobody": (GOOD + "    by: ana\n", "names nobody of `others`: ana"),
    "no column": (
        GOOD + "expect: {orders: {OS-1: {statuz: x}}}\n",
        "expect.orders: no such column of an order",
    ),
    "no feature": (GOOD + "needs: magic\n", "needs: no feature named magic"),
    "nobody writes": ("title: x\nwho: x\nsteps: [{staff: oi}]\n", "nobody writes"),
    "a number for a fact": (GOOD + "    never: [2.500]\n", "steps.1.never.1: Input should be a valid string"),
    "no YAML": ("title: [", "cannot be read"),
    "a setting that is no setting": (GOOD + "settings: {model: x}\n", "settings"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_file_and_field(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Problem) as problem:
        load(path)
    assert str(path) in str(problem.value)
    assert told in str(problem.value)


def test_a_name_of_setup_has_to_be_in_the_fixtures(tmp_path: Path) -> None:
    written(tmp_path, GOOD + "setup: two_cars\n")
    with pytest.raises(Problem, match="two_cars"):
        load_folder(tmp_path)
    written(tmp_path, "two_cars: [SELECT 1]\n", "fixtures.yaml")
    assert load_folder(tmp_path).fixtures == {"two_cars": ["SELECT 1"]}


def test_wrong_fixtures_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no dialogue"):
        load_folder(tmp_path)
    written(tmp_path, GOOD)
    written(tmp_path, "two_cars: SELECT 1\n", "fixtures.yaml")
    with pytest.raises(Problem, match=r"fixtures.yaml: two_cars"):
        load_folder(tmp_path)
