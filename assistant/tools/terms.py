"""What the shop sets about money, warranty and visits, for the tools that tell it."""

from dataclasses import dataclass

from integrations.workshop.slots import BookingRules
from integrations.workshop.warranty import WarrantyRule

DEFAULT_BOOKING = BookingRules()


@dataclass(frozen=True)
class ShopTerms:
    """From `Settings.pix_key`, `.payment_ways`, `.warranty_days`, `.warranty_rules` and the settings about visits."""

    pix_key: str | None
    payment_ways: str
    warranty_days: int
    warranty_rules: tuple[WarrantyRule, ...] = ()
    booking: BookingRules = DEFAULT_BOOKING
