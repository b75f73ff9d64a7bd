"""When the service acts by the clock. Today the timetable; definitions, audience and dispatch of campaigns grow here."""
