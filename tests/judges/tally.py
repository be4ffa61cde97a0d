"""What the judges have said so far."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Tally:
    """Prints each verdict as it comes, and keeps count."""

    passed: int = 0
    failed: int = 0

    def note(self, name: str, complaints: list[str]) -> None:
        self.passed += not complaints
        self.failed += bool(complaints)
        words = ["FAILED" if complaints else "passed", name, *complaints]
        print(("\n    " if complaints else "  ").join(words) + "\n", end="", flush=True)

    def add(self, other: Tally) -> None:
        """What another process has counted."""
        self.passed += other.passed
        self.failed += other.failed

    @contextlib.contextmanager
    def noting_trouble(self, name: str) -> Iterator[None]:
        """A page that cannot be judged has failed; the others are still seen."""
        try:
            yield
        except Exception as trouble:  # whatever it is, it is said
            self.note(name, [f"{type(trouble).__name__}: {trouble}"])
