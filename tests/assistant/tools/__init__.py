"""Tests of the tools, asked as a turn asks them: through the toolbox, by the phone that writes."""
