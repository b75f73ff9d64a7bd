"""The staff's web pages. START HERE: `router.py`. New page: a module in `pages/`, a template, a line in `areas.py`."""
