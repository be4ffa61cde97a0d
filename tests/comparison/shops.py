"""The two programs, each running on the loopback interface with data of its own in a folder that is thrown away."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app import create_app
from core.database import db, transaction
from core.settings import Settings
from orders import finding, paying
from orders.models import Credit, Order
from tests.judges.server import running_shop

OSCAR = Path(__file__).with_name("oscar")
AN_AFTERNOON = "2026-11-20T16:20"  # a Friday, 20 minutes after the first may come
SECONDS_TO_START = 60
VERSIONS = (
    "import importlib.metadata as m; print('django-oscar', m.version('django-oscar'), 'Django', m.version('Django'))"
)


@contextmanager
def our_shop(folder: Path) -> Iterator[str]:
    """The demo on a Friday afternoon: 8 crates wait, and all of them are paid."""
    url = f"sqlite:///{folder / 'shop.sqlite3'}"
    with running_shop(folder, url, CHILOMETRICO_NOW=AN_AFTERNOON) as address:
        pay_with_credit(url)
        yield address


def pay_with_credit(url: str) -> None:
    """Nothing is left to pay at the desk: what citizens still owe is taken from credit that they are given."""
    app = create_app(Settings(database_url=url, secret_key="only for the comparison, only for it"))
    with app.app_context():
        for order in finding.to_hand_over():
            _pay(order)
        db.session.remove()
        db.engine.dispose()


def _pay(order: Order) -> None:
    with transaction() as session:
        holder = paying.holder_of(order)
        credit = session.get(Credit, holder) or Credit(holder=holder, balance=0)
        credit.balance += order.due
        session.add(credit)
        session.flush()
        paying.use_credit(order, None)


def oscar_versions(python: str) -> str:
    """Empty where that Python has no django-oscar, or is not there."""
    try:
        return subprocess.run([python, "-c", VERSIONS], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@contextmanager
def oscar_shop(python: str, folder: Path) -> Iterator[str]:
    """Fills Oscar's database with `oscar/fill.py` and starts Django's own server on it."""
    environment = {
        "PATH": os.environ["PATH"],
        "OSCAR_DATABASE": str(folder / "oscar.sqlite3"),
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(OSCAR),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    log = folder / "oscar.log"
    address = f"127.0.0.1:{_free_port()}"
    with log.open("wb") as out:
        subprocess.run([python, "fill.py"], cwd=OSCAR, env=environment, stdout=out, stderr=out, check=True)
        command = [python, "-m", "django", "runserver", "--noreload", address]
        server = subprocess.Popen(command, cwd=OSCAR, env=environment, stdout=out, stderr=out)
    try:
        _wait(f"http://{address}/dashboard/login/", log)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(timeout=SECONDS_TO_START)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"Oscar did not start:\n{log.read_text(errors='replace')[-4000:]}")
