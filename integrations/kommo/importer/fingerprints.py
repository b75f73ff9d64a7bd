"""How the rows that an import made look: two fingerprints that differ mean that somebody worked on them since.

The whole row counts, also the columns that only the shop's application knows; when it was changed does not.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

ROW = "SELECT md5((to_jsonb(t) - 'updated_at')::text) FROM {table} AS t WHERE id = CAST(:id AS uuid)"
ITEMS = """
SELECT md5(coalesce(string_agg(to_jsonb(t)::text, '|' ORDER BY id), ''))
FROM ordens_servico_itens AS t WHERE ordem_servico_id = CAST(:id AS uuid)
"""
QUERIES = {
    "order": text(ROW.format(table="ordens_servico")),
    "customer": text(ROW.format(table="profiles")),
    "vehicle": text(ROW.format(table="vehicles")),
}


async def fingerprints(session: AsyncSession, made: Mapping[str, Any]) -> dict[str, str | None]:
    """By what was made; None for a row that is not there."""
    found = {name: await session.scalar(query, {"id": made.get(name)}) for name, query in QUERIES.items()}
    return {**found, "items": await session.scalar(text(ITEMS), {"id": made["order"]})}
