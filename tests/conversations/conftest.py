"""A scripted model at the wire, one for each module that asks for it."""

from collections.abc import AsyncIterator

import pytest

from integrations.llm.scripted import ScriptedModel, scripted_model


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as scripted:
        yield scripted
