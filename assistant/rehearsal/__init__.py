"""Whole conversations played on a database: a stage, dialogues as files, and what is found of them."""
