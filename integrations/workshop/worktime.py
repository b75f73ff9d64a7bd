"""Counting time as the people of the shop do: only while it is open. Pure: no database, no clock of its own."""

from datetime import datetime, timedelta

from integrations.brazil import local
from integrations.workshop.opening import OpeningHours

LOOK_AHEAD = 60
"""Stretches of being open or closed that are walked through; beyond them, or without known hours, time just passes."""


def after_work_time(hours: OpeningHours, start: datetime, span: timedelta) -> datetime:
    """The moment at which the shop has been open for `span` since `start`."""
    moment, left = start, span
    for _ in range(LOOK_AHEAD):
        opens = hours.next_opening(moment)
        if opens is not None:
            moment = opens
        closes = stretch_end(hours, moment)
        if closes is None:
            break
        if closes - moment >= left:
            return moment + left
        left -= closes - moment
        moment = closes
    return start + span


def stretch_end(hours: OpeningHours, moment: datetime) -> datetime | None:
    """When the shop closes next, for lunch or for the day; None when it is closed now."""
    closes = hours.closes_at(moment)
    if closes is None or hours.lunch is None:
        return closes
    lunch = local(moment).replace(hour=hours.lunch.start.hour, minute=hours.lunch.start.minute, second=0, microsecond=0)
    return lunch if moment < lunch < closes else closes
