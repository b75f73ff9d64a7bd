"""Kommo's API by subject: one function per call, each taking a `KommoClient` first. No database, no decisions."""
