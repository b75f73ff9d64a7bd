"""When the service acts by the clock: the timetable; campaigns grow here."""
