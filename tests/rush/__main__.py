"""`python -m tests.rush`: many buyers at once. `python -m tests.rush kill`: and the power goes. Both databases.

    python -m tests.rush [--times 1] [--database sqlite|postgresql]
    python -m tests.rush kill [--times 20] [--seed 7] [--database …]
    python -m tests.rush slow [--database …]

Everything runs on the loopback address, on databases made for the purpose. Ends with 1 on any deviation.
"""

from __future__ import annotations

import argparse
import time
from itertools import product

from tests.rush import killing, racing, sleeping
from tests.rush.world import Databases

KINDS = ("sqlite", "postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.rush", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["race", "kill", "slow"], default="race")
    parser.add_argument("--times", type=int, help="repeats of each race (1), kills on each database (20)")
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the moments of the kills")
    given = parser.parse_args()
    kinds = given.database or KINDS
    show = {"race": show_races, "kill": show_kills, "slow": show_sleepers}[given.what]
    return 1 if show(kinds, given) else 0


def show_races(kinds: tuple[str, ...], given: argparse.Namespace) -> int:
    """Returns how many deviated."""
    print(f"{racing.BUYERS} buyers, the last {racing.FEW}; 2 web processes with 8 threads, and the worker", flush=True)
    results = []
    for kind in kinds:
        with Databases(kind) as databases:
            for _turn, scarce, mode in product(range(given.times or 1), ("pieces", "places"), ("gate", "rush")):
                results.append(racing.race(databases, scarce, mode))
    print(racing.table(racing.HEAD, [result.row() for result in results]))
    return _say([(" ".join(result.row()[:3]), result.wrong) for result in results])


def show_kills(kinds: tuple[str, ...], given: argparse.Namespace) -> int:
    print(f"SIGKILL of all processes at a random moment of a rush (seed {given.seed}), restart, audit", flush=True)
    rounds = []
    for kind in kinds:
        with Databases(kind) as databases:
            for done in killing.kill_rounds(databases, given.times or 20, seed=given.seed):
                print(".", end="", flush=True)
                rounds.append(done)
    print()
    print(killing.table(killing.HEAD, [each.row() for each in rounds]))
    return _say([(f"{each.database} {each.number}", each.wrong) for each in rounds])


def show_sleepers(kinds: tuple[str, ...], given: argparse.Namespace) -> int:
    print("A worker whose readers sleep 30 s or fail, beside the shop's own, while buyers press at once", flush=True)
    results = []
    for kind in kinds:
        with Databases(kind) as databases:
            for _turn in range(given.times or 3):
                results += sleeping.compare(databases)
    print(racing.table(sleeping.HEAD, [result.row() for result in results]))
    return _say([(f"{result.race.database} {result.beside}", result.wrong) for result in results])


def _say(findings: list[tuple[str, list[str]]]) -> int:
    bad = [(where, wrong) for where, wrong in findings if wrong]
    for where, wrong in bad:
        print(f"{where}: {'; '.join(wrong)}")
    print(f"{len(findings) - len(bad)} of {len(findings)} as it must be")
    return len(bad)


if __name__ == "__main__":
    raise SystemExit(main())
