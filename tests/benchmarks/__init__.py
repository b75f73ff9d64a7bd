"""Measurements of the service and of its parts, each beside a baseline of the same run (docs/benchmarks.md)."""
