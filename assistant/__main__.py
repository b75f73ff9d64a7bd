"""`python -m assistant` is `autoprime`."""

from assistant.cli import main

main()
