"""SIGKILL of everything in the middle of a rush, a restart, and an audit of what was promised to whom."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
from sqlalchemy import func, select

from catalog import stock
from catalog.models import PickUp, Product, StockMove
from core import clock, outbox
from core.database import db
from core.journal import Entry
from core.keys import FormKey
from core.outbox import CLAIM_LASTS, Item
from orders import links
from orders.models import Order
from tests.rush.buying import Buyer
from tests.rush.postbox import Postbox
from tests.rush.racing import BUYERS, FEW, run, start, table
from tests.rush.serving import Shop, fault_words
from tests.rush.world import Databases, World, app_of, fill

PATIENCE = 60  # seconds for the buyers to come so far
MAILS_WITHIN = 90  # seconds of real time, once the claims of the dead have run out


@dataclass
class Round:
    """One kill. ``wrong`` says in words what was lost, half, doubled or out of balance."""

    database: str
    number: int
    at: float = 0.0  # seconds after the buyers began
    processes: int = 0
    pressed: int = 0
    told: int = 0  # buyers to whom an order was acknowledged before the kill
    stood: int = 0  # orders in the database right after it
    again: int = 0  # forms sent again after the restart
    same: int = 0  # of these, answered with the order that stood
    final: int = 0
    letters: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def never_told(self) -> int:
        """Orders that stood and whose buyers had not heard: the sending again is for them."""
        return self.stood - self.told

    def row(self) -> list[str]:
        figures = (self.processes, self.pressed, self.told, self.stood, self.never_told, self.again, self.same)
        verdict = "as it must be" if not self.wrong else "WRONG"
        mails = f"{self.letters}/{self.doubled}"
        return [self.database, str(self.number), f"{self.at:.2f}", *map(str, figures), str(self.final), mails, verdict]


HEAD = ["database", "round", "kill at s", "killed", "pressed", "told", "stood", "untold"]
HEAD += ["again", "same", "orders at end", "mails/doubled", "verdict"]


def kill_rounds(
    databases: Databases, times: int, *, seed: int, buyers: int = BUYERS, few: int = FEW
) -> Iterator[Round]:
    """``times`` kills, each on a new database, at random moments of a run as long as one that nobody disturbed.

    One in five falls anywhere; the others after the first last button is pressed, since before that there is little
    to lose.
    """
    chance, (first_press, length) = random.Random(seed), _undisturbed(databases, buyers, few)
    for number in range(1, times + 1):
        if number % 5 == 0:
            wait = partial(_after_seconds, chance.uniform(0.1, length))
        else:
            wait = partial(_after_first_press, chance.uniform(0.0, length - first_press))
        yield kill_round(databases, wait, number=number, buyers=buyers, few=few)


def after_presses(many: int, people: list[Buyer]) -> None:
    """Returns a moment after so many have pressed the last button."""
    until = time.monotonic() + PATIENCE
    while sum(buyer.pressed for buyer in people) < many and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.03)


def _after_first_press(seconds: float, people: list[Buyer]) -> None:
    after_presses(1, people)
    time.sleep(seconds)


def _after_seconds(seconds: float, _people: list[Buyer]) -> None:
    time.sleep(seconds)


def _undisturbed(databases: Databases, buyers: int, few: int) -> tuple[float, float]:
    """When, in a rush that nobody disturbs, the first last button is pressed and when all is over, in seconds."""
    with databases.new() as url, Postbox() as box:
        world = fill(url, stock=few, places=60)
        shop = Shop(url, SMTP_URL=box.url)
        people = [Buyer(number, shop.address, world) for number in range(1, buyers + 1)]
        try:
            shop.start()
            began = time.monotonic()
            length = run(people, "rush")
            return min(buyer.pressed_at for buyer in people if buyer.pressed) - began, length
        finally:
            shop.close()
            for buyer in people:
                buyer.close()


def kill_round(
    databases: Databases, wait: Callable[[list[Buyer]], None], *, number: int = 1, buyers: int = BUYERS, few: int = FEW
) -> Round:
    """One kill when ``wait(buyers)`` returns, on a new database."""
    done = Round(databases.kind, number)
    now = datetime.now(UTC).isoformat()  # so that the shop's clock may be moved past the claims of the dead
    with ExitStack() as stack:
        url, box = stack.enter_context(databases.new()), stack.enter_context(Postbox())
        world = fill(url, stock=few, places=60)
        shop = Shop(url, SMTP_URL=box.url, CHILOMETRICO_NOW=now)
        stack.callback(shop.close)
        shop.start()
        app = app_of(url, smtp_url=box.url, now=now, port=shop.port)
        people = [Buyer(each, shop.address, world) for each in range(1, buyers + 1)]
        _rush_and_kill(shop, people, wait, done)
        with app.app_context():
            stack.callback(db.engine.dispose)
            _audit(world, done)
            stood = {email: order_id for order_id, email in _orders().items()}
            done.stood = len(stood)
            _require_acknowledged(people, done)
            db.session.remove()
            shop.start()
            _send_again(people, stood, done)
            _wait_for_mails(done)
            _audit(world, done)
            _require_mails(box, done)
            done.final = len(_orders())
            db.session.remove()
        done.wrong += fault_words(shop.faults)
    for buyer in people:
        buyer.close()
    return done


def _rush_and_kill(shop: Shop, people: list[Buyer], wait: Callable[[list[Buyer]], None], done: Round) -> None:
    began, threads = time.monotonic(), start(people, lambda: None)
    wait(people)
    done.at, done.processes = time.monotonic() - began, shop.kill()
    for thread in threads:
        thread.join(90)
    done.pressed = sum(buyer.pressed for buyer in people)
    done.told = sum(buyer.status == 303 for buyer in people)
    if any(thread.is_alive() for thread in threads):
        done.wrong.append("a buyer still waits for the dead")
    if done.processes < 5:
        done.wrong.append(f"only {done.processes} processes were killed")


def _orders() -> dict[int, str | None]:
    db.session.rollback()
    db.session.expire_all()
    return {order.id: order.email for order in db.session.scalars(select(Order))}


def _audit(world: World, done: Round) -> None:
    """None is half, the books are balanced."""
    db.session.rollback()
    db.session.expire_all()
    orders = list(db.session.scalars(select(Order)))
    for order in orders:
        done.wrong += [f"order {order.number}: {what}" for what in _missing(order)]
    for product in db.session.scalars(select(Product)):
        sold = sum(line.quantity for order in orders for line in order.lines if line.product_id == product.id)
        if not product.left == stock.ledger_sum(product.id) == world.stock - sold:
            done.wrong.append(f"{product.slug}: left {product.left}, sold {sold}")
    taken = sum(db.session.scalars(select(PickUp.taken)))
    if taken != len(orders):
        done.wrong.append(f"{taken} places taken by {len(orders)} orders")
    doubled = [email for email, many in Counter(order.email for order in orders).items() if many > 1]
    if doubled:
        done.wrong.append(f"two orders of {doubled}")
    if len({order.number for order in orders}) != len(orders) or len(orders) > world.stock:
        done.wrong.append(f"{len(orders)} orders of {world.stock} pieces")


def _missing(order: Order) -> list[str]:
    """What a whole order has and this one has not."""
    moves = select(func.count()).select_from(StockMove).where(StockMove.order_id == order.id, StockMove.why == "order")
    entry = (
        select(func.count())
        .select_from(Entry)
        .where(Entry.action == "order.placed", Entry.subject_type == "order", Entry.subject_id == order.id)
    )
    letter = select(func.count()).select_from(Item).where(Item.key == f"letter:received:{order.id}")
    form = select(func.count()).select_from(FormKey).where(FormKey.answer == str(order.id))
    wanted = {"lines": (len(order.lines), 2)} | {
        name: (db.session.scalar(query), many)
        for name, query, many in (("moves", moves, 2), ("entry", entry, 1), ("letter", letter, 1), ("form", form, 1))
    }
    return [f"{many} {name}" for name, (many, right) in wanted.items() if many != right]


def _order_behind(location: str) -> int | None:
    """The order that the address in an answer opens."""
    db.session.rollback()
    try:
        return links.get_order(location.rpartition("/")[2]).id
    except Exception:
        return None


def _require_acknowledged(people: list[Buyer], done: Round) -> None:
    for buyer in people:
        if buyer.status == 303 and _order_behind(buyer.location) is None:
            done.wrong.append(f"{buyer.email}: acknowledged and lost")


def _send_again(people: list[Buyer], stood: dict[str | None, int], done: Round) -> None:
    """Everybody who had pressed does it again: the same key, the same words, the same browser."""
    for buyer in (buyer for buyer in people if buyer.pressed and buyer.status in (0, 303)):
        done.again += 1
        try:
            answer = buyer.send_again()
        except httpx.HTTPError as trouble:
            done.wrong.append(f"{buyer.email}: {type(trouble).__name__} when sending again")
            continue
        found = _order_behind(answer.headers.get("location", "")) if answer.status_code == 303 else None
        if buyer.email in stood:
            done.same += found == stood[buyer.email]
            if found != stood[buyer.email]:
                done.wrong.append(f"{buyer.email}: {answer.status_code}, not the order that stands")
        elif answer.status_code not in (303, 409):
            done.wrong.append(f"{buyer.email}: {answer.status_code} when sending again")


def _wait_for_mails(done: Round) -> None:
    """A letter claimed by a process that died is taken up again when its claim has run out."""
    clock.move(CLAIM_LASTS + timedelta(minutes=1))
    until = time.monotonic() + MAILS_WITHIN
    while outbox.lag()["waiting"]:
        db.session.rollback()
        if time.monotonic() > until:
            done.wrong.append(f"{outbox.lag()['waiting']} letters still wait")
            return
        time.sleep(0.2)


def _require_mails(box: Postbox, done: Round) -> None:
    """Each at least once; doubles only as copies with the same Message-ID; none for an order that is not there."""
    came, wanted = Counter(box.ids), {item.message_id: item.order_id for item in db.session.scalars(select(Item))}
    done.letters, done.doubled = len(came), sum(came.values()) - len(came)
    if lost := [order for message_id, order in wanted.items() if message_id not in came]:
        done.wrong.append(f"no letter for orders {lost}")
    if strangers := set(came) - set(wanted):
        done.wrong.append(f"letters of no order: {strangers}")
    per_address = Counter(address for _id, address in {(str(m["Message-ID"]), str(m["To"])) for m in box.letters})
    if twice := [address for address, many in per_address.items() if many > 1]:
        done.wrong.append(f"two different letters to {twice}")


__all__ = ["HEAD", "Round", "after_presses", "kill_round", "kill_rounds", "table"]
