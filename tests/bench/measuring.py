"""One cell: something is done so many times, and what CPU the server used for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from tests.bench.serving import Server
from tests.bench.visiting import Visitor

AT_ONCE = 8
SLACK = 1.25  # what a busy machine may add before a bound counts as missed (performance.md 5)

Deed = Callable[[Visitor], object]


@dataclass
class Cell:
    """``bound``: the most in RP, or None for a row that is only told. ``rounds``: RP of each round."""

    name: str
    bound: float | None
    rounds: list[float] = field(default_factory=list)

    @property
    def is_missed(self) -> bool:
        return self.bound is not None and bool(self.rounds) and median(self.rounds) > self.bound * SLACK

    def row(self) -> list[str]:
        figures = [f"{value:.2f}" for value in (min(self.rounds), median(self.rounds), max(self.rounds))]
        verdict = "" if self.bound is None else "missed" if self.is_missed else "kept"
        return [self.name, *figures, "" if self.bound is None else f"{self.bound:g}", verdict]


HEAD = ["in RP (CPU of one reference page)", "min", "median", "max", "bound", ""]


def side_by_side(server: Server, deed: Deed, times: int, *, warm: int = 0) -> float:
    """CPU seconds for each of so many, eight at once. The visitors stay; so does what they carry."""
    with _visitors(server, AT_ONCE) as visitors, ThreadPoolExecutor(AT_ONCE) as hands:

        def share(visitor: Visitor, many: int) -> None:
            for _turn in range(many):
                deed(visitor)

        each, first = times // AT_ONCE, max(1, warm // AT_ONCE)
        list(hands.map(share, visitors, [first] * AT_ONCE))
        before = server.cpu()
        list(hands.map(share, visitors, [each] * AT_ONCE))
        return (server.cpu() - before) / (each * AT_ONCE)


def one_by_one(server: Server, deed: Deed, times: int, *, between: Callable[[], object] = lambda: None) -> float:
    """CPU seconds for each of so many, one after the other. ``between`` them something changes."""
    with _visitors(server, 1) as [visitor]:
        deed(visitor)
        before = server.cpu()
        for _turn in range(times):
            between()
            deed(visitor)
        return (server.cpu() - before) / times


def table(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in rows)


@contextmanager
def _visitors(server: Server, many: int) -> Iterator[list[Visitor]]:
    found = [Visitor(server.port) for _n in range(many)]
    try:
        yield found
    finally:
        for visitor in found:
            visitor.close()
