"""The pages, a module each: its handlers, its forms and its `AREA`. Queries live beside the tables they ask."""
