"""The products of leads: what stands in the account's lists, as lines of an OS. Fetched once a run, in batches.

A lead names its elements under `_embedded.catalog_elements` with quantity and the id of the price that was chosen
(developers.kommo.com `reference/leads-list`, `with=catalog_elements`); an element's prices are custom fields of type
price, the first one with the code PRICE. That the price is read at the time of the import, not of the sale, is Kommo's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, NotFound
from integrations.kommo.schemas import CatalogElement, CatalogLink, Lead

CENT = Decimal("0.01")
PRICE_CODE = "PRICE"


class Products:
    """The elements that leads name; one instance a run."""

    def __init__(self, client: KommoClient) -> None:
        self._client = client
        self._known: dict[tuple[int, int], CatalogElement | None] = {}

    async def prepare(self, leads: Iterable[Lead]) -> int:
        """Fetch what these leads name and is not known yet; how many calls that took. Raises `KommoError`."""
        lacking: dict[int, set[int]] = defaultdict(set)
        for link in (link for lead in leads for link in lead.products):
            if link.catalog_id and (link.catalog_id, link.id) not in self._known:
                lacking[link.catalog_id].add(link.id)
        for catalog_id, ids in lacking.items():
            self._known |= dict.fromkeys(((catalog_id, element) for element in ids), None)
            try:
                found = await self._client.catalog_elements(catalog_id, ids)
            except (Forbidden, NotFound):
                continue
            self._known |= {(catalog_id, element.id): element for element in found}
        return len(lacking)

    def of(self, lead: Lead) -> tuple[Mapping[str, str], ...]:
        """The lead's lines: description, quantity, price and total as exact texts."""
        return tuple(line for link in lead.products if (line := self._line(link)) is not None)

    def _line(self, link: CatalogLink) -> Mapping[str, str] | None:
        element = self._known.get((link.catalog_id or 0, link.id))
        if element is None or not element.name:
            return None
        quantity, price = _amount(link.quantity) or Decimal(1), _price(element, link.price_id)
        total = (quantity * price).quantize(CENT) if price is not None else None
        line = {"description": element.name, "quantity": str(quantity)}
        return line if price is None else {**line, "price": str(price), "total": str(total)}


def _price(element: CatalogElement, price_id: int | None) -> Decimal | None:
    """The chosen price, else the element's own; None when it has none that is a number."""
    texts: Sequence[str] = element.texts(field_id=price_id) if price_id else ()
    found = next(iter(texts or element.texts(code=PRICE_CODE)), None)
    amount = _amount(found)
    return None if amount is None else amount.quantize(CENT)


def _amount(text: object) -> Decimal | None:
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
