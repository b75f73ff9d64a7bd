"""Every area of the staff's pages; a new one is added here, once."""

from assistant.staff.pages import (
    account,
    health,
    home,
    imports,
    kommo,
    kommo_setup,
    login,
    new_password,
    people,
    second_step,
    shop,
    trail,
)
from assistant.staff.web.areas import Area

AREAS: tuple[Area, ...] = (
    login.AREA,
    new_password.AREA,
    home.AREA,
    imports.AREA,
    account.AREA,
    second_step.AREA,
    health.AREA,
    people.AREA,
    shop.AREA,
    kommo.AREA,
    kommo_setup.AREA,
    trail.AREA,
)
