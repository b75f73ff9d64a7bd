"""Contract of the stand-in for Kommo, over HTTP."""
