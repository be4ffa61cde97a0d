"""Stock is what may still be promised (ruling 2). Grams for products ordered in grams, pieces otherwise."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, insert, select, update

from catalog.models import Product, Stock, StockMove
from core import clock, journal
from core.database import Prepared, db, look_again, run, table, transaction
from core.errors import OutOfStock, Refused

MOST = 10_000_000  # grams or pieces of one product


def offer(product: Product, quantity: int, *, by: int | None = None) -> None:
    """The week's forecast adds to what may be promised. Raises Refused."""
    _require_positive(quantity)
    with transaction() as session:
        require_room(hold(product.id) + quantity)
        session.execute(update(Stock).where(Stock.product_id == product.id).values(left=Stock.left + quantity))
        _note(product.id, "offer", quantity, by=by)
        journal.record("stock.offered", product, by=by, practice=product.practice, quantity=quantity)


def take_back_offer(product_id: int, quantity: int, *, by: int | None = None) -> None:
    """The inverse of an offer. Raises OutOfStock when some of it was promised already."""
    with transaction():
        _lower(product_id, quantity, _("Una parte è già stata ordinata."))
        _note(product_id, "offer", -quantity, by=by)


def take(product_id: int, quantity: int, order_id: int) -> None:
    """Promise ``quantity`` to an order, in one step with the check. Raises OutOfStock."""
    if quantity <= 0:
        raise ValueError("nothing is promised by taking less than one")
    with transaction():
        _lower(product_id, quantity, _("Non ne resta abbastanza."))
        _note(product_id, "order", -quantity, order_id=order_id)


def give_back(product_id: int, quantity: int, order_id: int) -> None:
    """A cancelled order gives back what it was promised."""
    with transaction() as session:
        session.execute(update(Stock).where(Stock.product_id == product_id).values(left=Stock.left + quantity))
        _note(product_id, "cancel", quantity, order_id=order_id)


def hold(product_id: int) -> int:
    """Nobody promises any of it until the transaction ends. Returns what may be promised; the last lock of all."""
    with transaction() as session:
        return session.get_one(Stock, product_id, with_for_update=True, populate_existing=True).left


def count(product: Product, left: int, *, there: int | None = None, by: int | None = None) -> int:
    """Somebody counted what may still be promised. Returns the difference that was booked.

    ``there``: all that was counted, where some of it is promised already. Raises Refused.
    """
    if left < 0:
        raise Refused(_("Scrivi un numero da zero in su."))
    require_room(left)
    with transaction() as session:
        stock = session.get_one(Stock, product.id, with_for_update=True, populate_existing=True)
        difference = left - stock.left
        stock.left = left
        _note(product.id, "count", difference, by=by)
        facts = {"difference": difference, "left": left, "there": there}
        journal.record("stock.counted", product, by=by, practice=product.practice, **facts)
    return difference


def take_back_count(product_id: int, difference: int, *, by: int | None = None) -> None:
    """The inverse of a count. Raises OutOfStock when what was counted in has been promised."""
    with transaction():
        _lower(product_id, difference, _("Una parte è già stata ordinata."))
        _note(product_id, "count", -difference, by=by)


def require_room(left: int) -> None:
    """Raises Refused for more than anybody ever has."""
    if left > MOST:
        raise Refused(_("È troppo: guarda ancora il numero."))


def empty(product_id: int, *, by: int | None = None) -> int:
    """There is no more of it: nothing may be promised. Returns what could be until now; part of another deed."""
    with transaction() as session:
        stock = session.get_one(Stock, product_id, with_for_update=True, populate_existing=True)
        gone, stock.left = stock.left, 0
        if gone:
            _note(product_id, "count", -gone, by=by)
    return gone


def lose(product_id: int, quantity: int, *, by: int | None = None) -> None:
    """So much of what may be promised is there no more; part of another deed. Raises OutOfStock for more than that."""
    with transaction():
        _lower(product_id, quantity, _("Non ne resta abbastanza."))
        _note(product_id, "count", -quantity, by=by)


def refill(product_id: int, quantity: int, *, by: int | None = None) -> None:
    """The inverse of emptying and of losing; part of another deed."""
    with transaction() as session:
        session.execute(update(Stock).where(Stock.product_id == product_id).values(left=Stock.left + quantity))
        _note(product_id, "count", quantity, by=by)


def ledger_sum(product_id: int) -> int:
    """What the ledger adds up to; always equal to what is left."""
    query = select(func.coalesce(func.sum(StockMove.quantity), 0)).where(StockMove.product_id == product_id)
    return db.session.scalar(query) or 0


def _lower(product_id: int, quantity: int, sentence: str) -> None:
    db.session.flush()
    if run(_LOWER(), {"of": product_id, "so_much": quantity}).rowcount != 1:
        raise OutOfStock(sentence, product_ids=[product_id])
    look_again(Stock, product_id, "left")


def _note(product_id: int, why: str, quantity: int, *, order_id: int | None = None, by: int | None = None) -> None:
    facts = {"product_id": product_id, "why": why, "quantity": quantity, "order_id": order_id, "by_id": by}
    run(_NOTE(), facts | {"at": clock.now()})


def _require_positive(quantity: int) -> None:
    if quantity <= 0:
        raise Refused(_("Scrivi un numero più grande di zero."))


_STOCK = table(Stock)
_NOTE = Prepared(lambda: insert(table(StockMove)))
_LOWER = Prepared(
    lambda: (
        update(_STOCK)
        .where(_STOCK.c.product_id == bindparam("of"), _STOCK.c.left >= bindparam("so_much"))
        .values(left=_STOCK.c.left - bindparam("so_much"))
    )
)
