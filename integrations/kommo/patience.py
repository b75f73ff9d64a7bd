"""How long effects at Kommo that nobody waits for are tried again: fields, tasks and notes of a lead."""

from datetime import timedelta

RETRY_TO = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=3)


def pause_after(attempts: int) -> timedelta:
    """The pause before the next attempt: one second, doubling, five minutes at most."""
    return min(timedelta(seconds=1 << min(attempts, 12)), RETRY_TO)
