"""Every paper, made and measured: `python -m tests.papers FOLDER [--times 20]`.

Writes each as PDF and, page by page, as PNG into FOLDER, to be looked at, and prints a table: pages, bytes, the median
of CPU and wall time warm, and the least CPU time, which a busy machine spoils least. Reading from the database is part
of it. The first paper of a process also loads WeasyPrint and cuts the font.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from flask_babel import force_locale

from app import create_app
from catalog.models import PickUp
from core import keeping
from core.database import Base, db
from core.settings import Settings
from orders import documents
from orders.models import Order
from tests import factories as make
from tests.papers import world

Maker = Callable[[], bytes]
HEAD = f"{'paper':<22}{'pages':>6}{'bytes':>9}{'CPU ms':>9}{'wall ms':>9}{'least CPU':>11}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.papers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=20, help="runs of a paper of one page; long ones have fewer")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/papers.sqlite3", secret_key="papers " * 8))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            papers = every_paper()
            _say_first(papers["label"])
            print(HEAD)
            for name, maker in papers.items():
                print(_line(given.folder / f"{name}.pdf", maker, given.times), flush=True)
            db.session.remove()
            db.engine.dispose()
    draw(given.folder)


def every_paper() -> dict[str, Maker]:
    """Name -> what makes it. Small ones as in a request, long ones as in the worker."""
    world.seller()
    ten, sixty = world.pickup(10), world.pickup(60)
    ride, practice = world.pickup(25, kind="round"), world.pickup(3, practice=True)
    still_open = world.pickup(4, closed=False)
    first, full = _crate(ten, 1), _crate(ten, 5)
    ready = world.everything_happened(_crate(ten, 3), world.some_jar())
    return {
        "label": lambda: documents.crate_label(_again(first)),
        "label-two-crates": lambda: documents.crate_label(_again(full)),
        "summary": lambda: documents.order_summary(_again(first)),
        "summary-ready": lambda: documents.order_summary(_again(ready)),
        "terms": _terms_anew,
        "terms-english": lambda: _in_english(_terms_anew),
        "summary-english": lambda: _in_english(lambda: documents.order_summary(_again(ready))),
        "harvest": lambda: documents.harvest_list(_pickup(ten)),
        "harvest-open": lambda: documents.harvest_list(_pickup(still_open)),
        "harvest-practice": lambda: documents.harvest_list(_pickup(practice)),
        "crates-3-practice": lambda: documents.crate_list(_pickup(practice)),
        "crates-10": lambda: documents.crate_list(_pickup(ten)),
        "crates-60": lambda: documents.crate_list(_pickup(sixty)),
        "round-25": lambda: documents.round_sheet(_pickup(ride)),
        "labels-3-practice": lambda: documents.labels(_pickup(practice)),
        "labels-60": lambda: documents.labels(_pickup(sixty)),
    }


def draw(folder: Path) -> None:
    """Every page as a picture beside its PDF."""
    for path in sorted(folder.glob("*.pdf")):
        subprocess.run(["pdftoppm", "-r", "80", "-png", path, path.with_suffix("")], check=True)


def _say_first(maker: Maker) -> None:
    cpu, wall, _made = _time(maker)
    print(f"first paper of a process: {cpu:.0f} ms CPU, {wall:.0f} ms wall\n")


def _line(path: Path, maker: Maker, times: int) -> str:
    _cpu, wall, made = _time(maker)
    path.write_bytes(made)
    runs = [_time(maker)[:2] for _ in range(times if wall < 400 else min(times, 3))]
    cpus, walls = zip(*runs, strict=True)
    with pikepdf.open(BytesIO(made)) as document:
        pages = len(document.pages)
    times_taken = f"{statistics.median(cpus):>9.1f}{statistics.median(walls):>9.1f}{min(cpus):>11.1f}"
    return f"{path.stem:<22}{pages:>6}{len(made):>9}{times_taken}"


def _time(maker: Maker) -> tuple[float, float, bytes]:
    """CPU and wall milliseconds, and what was made."""
    cpu, wall = time.process_time(), time.perf_counter()
    made = maker()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall), made


def _crate(pickup: PickUp, number: int) -> Order:
    return db.session.query(Order).filter_by(pickup_id=pickup.id, crate=number).one()


def _again(order: Order) -> Order:
    """Read from the database as a request would."""
    make.fresh(order)
    return order


def _pickup(pickup: PickUp) -> PickUp:
    make.fresh(pickup)
    return pickup


def _terms_anew() -> bytes:
    """As they are drawn, not as they are kept."""
    keeping.forget_everything()
    return documents.terms_of_sale()


def _in_english(maker: Maker) -> bytes:
    with force_locale("en"):
        return maker()


if __name__ == "__main__":
    main()
