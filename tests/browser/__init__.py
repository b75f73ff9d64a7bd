"""Browser tests of the pages people see."""
