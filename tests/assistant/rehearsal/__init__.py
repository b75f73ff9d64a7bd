"""Tests of dialogues as files: reading, judging, playing, scoring, exporting."""
