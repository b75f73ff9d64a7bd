"""Whole conversations played through the real turn code against a database, without Kommo: for measuring and tests."""
