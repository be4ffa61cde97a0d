"""One race: many buyers, few pieces or few places. What came of it, and whether it is as it must be."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from tests.rush.buying import Buyer
from tests.rush.serving import Shop, fault_words, running
from tests.rush.watching import Watcher
from tests.rush.world import ENOUGH, Databases, World, fill

BUYERS, FEW = 60, 20
LONGEST = 240  # seconds for a whole race


@dataclass
class Result:
    database: str
    scarce: str
    mode: str
    buyers: list[Buyer]
    seconds: float
    watcher: Watcher
    few: int
    faults: list[str]
    final: list[tuple]
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Every deviation in words."""
        outcomes = Counter(buyer.outcome for buyer in self.buyers)
        refused = outcomes["sold out"] + (outcomes["told earlier"] if self.mode == "rush" else 0)
        if outcomes["confirmed"] != self.few:
            self.wrong.append(f"{outcomes['confirmed']} confirmations instead of {self.few}")
        if refused != len(self.buyers) - self.few:
            self.wrong.append(f"{refused} calm refusals instead of {len(self.buyers) - self.few}")
        known = ("confirmed", "sold out", "told earlier")
        self.wrong += [f"{many} x {what}" for what, many in outcomes.items() if what not in known]
        self.wrong += sorted(set(self.watcher.wrong))[:5]
        if self.watcher.samples < 20 or len(self.watcher.different) < 3:
            self.wrong.append(f"only {self.watcher.samples} looks, {len(self.watcher.different)} different")
        self.wrong += fault_words(self.faults)
        if any(row[4] != self.few for row in self.final):
            self.wrong.append(f"{self.final[0][4]} orders in the database")

    def row(self) -> list[str]:
        answers = Counter(buyer.status for buyer in self.buyers if buyer.status)
        told = sum(buyer.outcome == "told earlier" for buyer in self.buyers)
        pressed = sorted(buyer.seconds for buyer in self.buyers if buyer.status)
        return [
            self.database,
            self.scarce,
            self.mode,
            str(answers[303]),
            str(answers[409]),
            str(told),
            str(sum(many for status, many in answers.items() if status not in (303, 409))),
            f"{self.seconds:.1f}",
            f"{statistics.median(pressed):.2f}" if pressed else "-",
            f"{percentile(pressed, 99):.2f}" if pressed else "-",
            f"{self.watcher.samples}/{len(self.watcher.different)}",
            "as it must be" if not self.wrong else "WRONG",
        ]


HEAD = ["database", "the last", "mode", "303", "409", "earlier", "other", "s", "p50 s", "p99 s", "looks", "verdict"]


def percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


def table(head: list[str], rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) for line in lines)


def race(
    databases: Databases,
    scarce: str,
    mode: str,
    *,
    buyers: int = BUYERS,
    few: int = FEW,
    beside: Callable[[Shop], AbstractContextManager[None]] = lambda shop: nullcontext(),
) -> Result:
    """``scarce``: "pieces" (few of each product, places for all) or "places" (few places, plenty of stock).

    ``beside`` is what else goes on while they buy.
    """
    stock, places = (few, 60) if scarce == "pieces" else (ENOUGH, few)
    with databases.new() as url:
        world = fill(url, stock=stock, places=places)
        with running(url) as shop:
            people = [Buyer(number, shop.address, world) for number in range(1, buyers + 1)]
            with Watcher(world) as watcher, beside(shop):
                seconds = run(people, mode)
                final = watcher.look()
            faults = shop.faults
    for buyer in people:
        buyer.close()
    return Result(databases.kind, scarce, mode, people, seconds, watcher, few, faults, final.rows)


def run(people: list[Buyer], mode: str) -> float:
    """Everybody at once. In "gate" all wait with the filled form and press together; returns the seconds from there."""
    opened: list[float] = []
    gate = threading.Barrier(len(people), action=lambda: opened.append(time.monotonic()))
    wait: Callable[[], object] = (lambda: gate.wait(LONGEST)) if mode == "gate" else (lambda: None)
    began = time.monotonic()
    threads = start(people, wait)
    for thread in threads:
        thread.join(max(0.1, began + LONGEST - time.monotonic()))
    for buyer, thread in zip(people, threads, strict=True):
        if thread.is_alive():
            buyer.outcome = f"never came back from {buyer.stage}"
    return time.monotonic() - (opened[0] if opened else began)


def start(people: list[Buyer], wait: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=buyer.go, args=(wait,), daemon=True) for buyer in people]
    for thread in threads:
        thread.start()
    return threads


__all__ = ["BUYERS", "FEW", "HEAD", "Result", "World", "race", "run", "start", "table"]
