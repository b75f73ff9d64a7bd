"""Kommo's API by subject: one method per call, on top of `Caller`. No database, no decisions."""
