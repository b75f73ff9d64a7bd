"""The understander as the worker loads it, fitted once for all tests of this folder."""

from pathlib import Path

import pytest

from assistant.conversation.embedded.evaluate import Case
from assistant.conversation.embedded.understanding import Understander
from tests.stack.running import shared_cache

DEV = Path(__file__).with_name("dev.jsonl")


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    return shared_cache()


@pytest.fixture(scope="session")
def understander(cache_dir: Path) -> Understander:
    return Understander.load(cache_dir)


@pytest.fixture(scope="session")
def dev_cases() -> list[Case]:
    """Messages written apart from the examples; the classifier is never fitted to them."""
    return [Case.model_validate_json(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
