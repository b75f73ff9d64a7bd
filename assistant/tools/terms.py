"""What the shop sets about money and warranty, for the tools that tell it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShopTerms:
    """From `Settings.pix_key`, `.payment_ways` and `.warranty_days`."""

    pix_key: str | None
    payment_ways: str
    warranty_days: int
