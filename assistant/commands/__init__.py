"""The subcommands of `autoprime`, one module each; `assistant/cli.py` loads only the one that was called."""
