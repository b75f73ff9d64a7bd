"""The one place that calls an OpenAI-compatible API, and a scripted stand-in for tests."""
