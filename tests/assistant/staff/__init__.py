"""The pages for the staff, over HTTP."""
