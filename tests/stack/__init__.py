"""The running service for tests that go through the front door."""
