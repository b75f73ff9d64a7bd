"""Numbers in rows: medians, percentiles and a table on the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

__all__ = ["Table", "median", "percentile"]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile, `share` from 0 to 1; NaN when there are no values."""
    if not values:
        return float("nan")
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


@dataclass
class Table:
    """A titled table; `notes` are printed under it."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def show(self) -> None:
        """Print it, the first column to the left and the numbers to the right."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        print(f"\n{self.title}\n{'=' * len(self.title)}")
        for number, line in enumerate(lines):
            cells = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
            print("  ".join([line[0].ljust(widths[0]), *cells]).rstrip())
            if number == 0:
                print("  ".join("-" * width for width in widths))
        for text in self.notes:
            print(f"  {text}")
        print(flush=True)
