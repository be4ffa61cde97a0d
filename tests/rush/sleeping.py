"""A second worker process, whose readers sleep 30 s or fail, beside the shop while buyers press at once (ruling 7)."""

from __future__ import annotations

import os
import selectors
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.settings import ROOT
from tests.rush import racing
from tests.rush.racing import Result
from tests.rush.serving import Shop
from tests.rush.world import SECRET, Databases

PATIENCE = 60
SLEEPER = """
import time
from app import create_app
from core import readers, worker

def sleeps(entry):
    print("asleep", flush=True)
    time.sleep(30)
    print("awake", flush=True)
    return []

def fails(entry):
    raise ValueError("on purpose")

app = create_app()
with app.app_context():
    readers.register("test.sleeper", sleeps)
    readers.register("test.failer", fails)
worker.run(app)
"""
HEAD = ["database", "beside", "303", "409", "s", "p50 s", "p99 s", "verdict"]


@dataclass
class Slept:
    beside: str
    race: Result
    slept_through: bool = True
    wrong: list[str] = field(default_factory=list)

    def row(self) -> list[str]:
        row, verdict = self.race.row(), "as it must be" if not self.wrong else "WRONG"
        return [self.race.database, self.beside, row[3], row[4], *row[7:10], verdict]


def compare(databases: Databases) -> list[Slept]:
    """The same race without and with the sleeper; with it, the median of the last button is not slower by half."""
    alone = racing.race(databases, "pieces", "gate")
    woke: list[str] = []
    beside = racing.race(databases, "pieces", "gate", beside=lambda shop: _sleeper(shop, woke))
    found = [Slept("nobody", alone, wrong=alone.wrong), Slept("a sleeper", beside, wrong=beside.wrong)]
    if woke:
        beside.wrong.append(f"the sleeper did not sleep through: {woke}")
    medians = [statistics.median(buyer.seconds for buyer in result.buyers) for result in (alone, beside)]
    if medians[1] > 1.5 * medians[0] + 0.5:
        beside.wrong.append(f"{medians[1]:.2f} s at the last button, {medians[0]:.2f} s without the sleeper")
    return found


@contextmanager
def _sleeper(shop: Shop, woke: list[str]) -> Iterator[None]:
    """Begins when it sleeps; notes what it said before the end."""
    surroundings = {"PATH": os.environ["PATH"], "SECRET_KEY": SECRET, "DATABASE_URL": shop.settings["DATABASE_URL"]}
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPER],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        if _line(process.stdout, PATIENCE) != "asleep":
            woke.append("it never slept")
        yield
        if said := _line(process.stdout, 0):
            woke.append(said)
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()


def _line(stream, seconds: float) -> str:
    """The next line, or nothing if none comes in time."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(stream, selectors.EVENT_READ)
        return stream.readline().strip() if waiting.select(seconds) else ""


__all__ = ["HEAD", "Slept", "compare"]
