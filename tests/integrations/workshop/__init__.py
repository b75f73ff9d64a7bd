"""Tests of the shop's tables and what is read from them."""
