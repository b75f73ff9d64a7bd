"""Whole dialogues through the running service."""
