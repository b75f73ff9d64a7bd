"""What the shop sets about money and warranty, for the tools that tell it."""

from dataclasses import dataclass

from integrations.workshop.warranty import WarrantyRule


@dataclass(frozen=True)
class ShopTerms:
    """From `Settings.pix_key`, `.payment_ways`, `.warranty_days` and `.warranty_rules`."""

    pix_key: str | None
    payment_ways: str
    warranty_days: int
    warranty_rules: tuple[WarrantyRule, ...] = ()
