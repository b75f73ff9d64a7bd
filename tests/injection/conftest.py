"""One demo shop for all attacks of a module."""

from collections.abc import AsyncIterator

import pytest

from tests.injection.target import Shop, Target, open_shop, with_hostile_model, without_model


@pytest.fixture(scope="module")
async def shop(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    async with open_shop(postgres, tmp_path_factory.mktemp("injection")) as shop:
        yield shop


@pytest.fixture(scope="module")
async def against_the_model(shop: Shop) -> AsyncIterator[Target]:
    async with with_hostile_model(shop) as target:
        yield target


@pytest.fixture(scope="module")
async def against_the_embedded(shop: Shop) -> AsyncIterator[Target]:
    async with without_model(shop) as target:
        yield target
