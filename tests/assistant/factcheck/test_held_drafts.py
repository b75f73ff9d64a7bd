"""Drafts of further shops, written without knowledge of the check: every right one passes, no wrong one does.

They were measured before anything was mended for them; since then they hold what was mended.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest

from assistant.conversation.factcheck import check
from assistant.tools.toolbox import Result
from tests.assistant.factcheck import december, january, march, may
from tests.assistant.factcheck.drafts import Told, told

LEAST_OF_RIGHT, LEAST_OF_WRONG = 500, 400
SHOPS: tuple[tuple[str, Mapping[str, Sequence[Result]], datetime], ...] = (
    ("december", december.SCENES, december.NOW),
    ("january", january.SCENES, january.NOW),
    ("march", march.SCENES, march.NOW),
    ("may", may.SCENES, may.NOW),
)
RIGHT = [(case, now) for name, scenes, now in SHOPS for case in told(f"{name}_right", scenes)]
WRONG = [(case, now) for name, scenes, now in SHOPS for case in told(f"{name}_wrong", scenes)]


@pytest.mark.parametrize(("case", "now"), RIGHT, ids=str)
def test_what_the_sources_say_may_be_said(case: Told, now: datetime) -> None:
    assert check(case.draft, case.sources, customer_said=case.said, customer=case.name, now=now) == []


@pytest.mark.parametrize(("case", "now"), WRONG, ids=str)
def test_what_no_source_says_is_refused(case: Told, now: datetime) -> None:
    assert check(case.draft, case.sources, customer_said=case.said, customer=case.name, now=now) != []


def test_there_are_enough_of_each() -> None:
    assert len(RIGHT) >= LEAST_OF_RIGHT
    assert len(WRONG) >= LEAST_OF_WRONG
