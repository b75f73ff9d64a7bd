"""What a run of the benchmarks can be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How much is measured; the defaults give the figures of docs/benchmarks.md."""

    rounds: int = 3
    """Times each side of a comparison is measured, in turns."""
    seconds: float = 5.0
    """Length of one measurement under load."""
    turns: int = 200
    """Turns after which the memory is read."""
    customers: int = 1000
    """Customers who write at once."""
    storm: int = 5000
    """Customers of the storm."""
    workers: int = 1
    """Worker processes in the crowd."""
    limits: tuple[bool, ...] = (False, True)
    """Which crowds run: without Kommo's limit, with it."""
