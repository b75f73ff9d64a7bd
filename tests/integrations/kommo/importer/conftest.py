"""An office for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integrations.database import Sessions
from tests.integrations.kommo.importer.office import Office, open_office


@pytest.fixture
async def office(sessions: Sessions, tmp_path: Path) -> AsyncIterator[Office]:
    """A prepared account and a shop without customers."""
    async with open_office(sessions, tmp_path) as opened:
        yield opened
