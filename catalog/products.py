"""Products, their prices and their VAT."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.orm import Session

from catalog import addresses, telling
from catalog.models import Container, Field, PriceChange, Product, Stock, StockMove, VatRate
from core import clock, formats, journal, plain, seen
from core.database import Prepared, db, run, serialise, table, transaction
from core.errors import Conflict, NotFound, Refused
from core.plain import Question

MOST_PRICE = 100_000  # cents
LOWEST_OF = timedelta(days=30)  # art. 17-bis Consumer Code
NAMES_LOCK = 17_206_2005


@dataclass(frozen=True)
class Lowest:
    """The lowest price in force in the last 30 days, in cents; ``since`` says when it is younger than that."""

    cents: int
    since: datetime | None


def create(product: Product, *, by: int | None = None) -> Product:
    """Put a new product on the list, with an empty stock and its first price."""
    create_many([product], by=by)
    return product


def create_many(goods: Sequence[Product], *, by: int | None) -> None:
    """The same of many. Two statements for each, its own row and the journal's, which has its number by its turn."""
    with transaction() as session:
        session.add_all(goods)
        session.flush()
        if not goods:
            return
        now = clock.now()
        session.add_all([Stock(product_id=product.id, left=0) for product in goods])
        prices = [{"product_id": each.id, "price": each.price, "from_moment": now} for each in goods]
        session.execute(insert(PriceChange), prices)
        for product in goods:
            journal.record("product.created", product, by=by, practice=product.practice)


def add(words: Mapping[str, Any], cents: int, *, by: int | None) -> Product:
    """A new product of these words (`telling.WORDS`), not on sale yet: first somebody looks at it.

    Raises Refused, Conflict for a name that is taken.
    """
    require_price(cents)
    with transaction() as session:
        hold_names(session)  # also those of the VAT: what is named stays there
        kept = telling.kept(words, vat_rates(clock.today()))
        _require_there(session, kept)
        _require_free_name(session, kept["name"])
        slug = addresses.free_slug(session, Product.slug, kept["name"], otherwise="prodotto")
        return create(Product(slug=slug, price=cents, on_sale=False, **kept), by=by)


def describe(product_id: int, words: Mapping[str, Any], *, seen_as: str | None, by: int | None) -> bool:
    """Say other things about it from now on; orders keep what they said. Answers whether anything is different.

    ``seen_as``: `seen.of(product, telling.WORDS)` of the page. Raises Refused, Conflict: nothing is written then.
    """
    with transaction() as session:
        product = held(session, product_id)
        before, after = seen.differences(product, telling.kept(words, vat_rates(clock.today())))
        seen.require(product, telling.WORDS, seen_as)
        _require_there(session, after)
        _put(session, product, after)
        if after:
            _note_words(product, before, after, by)
    return bool(after)


def describe_back(product_id: int, expected: dict[str, Any], to: dict[str, Any]) -> None:
    """The inverse. Raises Conflict when one of these words was changed again."""
    with transaction() as session:
        product = held(session, product_id)
        seen.require_standing(product, _from_note(expected))
        _put(session, product, _from_note(to))


def set_on_sale(product_id: int, on_sale: bool, *, by: int | None) -> bool:
    """Into the shop window or out of it; orders stand. Answers whether anything is different.

    Raises Refused for a product that does not say yet what it must (`telling.missing`).
    """
    with transaction() as session:
        product = held(session, product_id)
        if on_sale:
            telling.require_tellable(product)
        return _set_on_sale(product, on_sale, by)


def restore_on_sale(product_id: int, expected: bool, on_sale: bool) -> None:
    """The inverse. Raises Conflict when somebody has put it back by hand."""
    with transaction() as session:
        product = held(session, product_id)
        seen.require_standing(product, {"on_sale": expected})
        product.on_sale = on_sale
        if on_sale:
            telling.require_tellable(product)


def set_price(product_id: int, cents: int, *, by: int | None = None, seen_as: int | None = None) -> bool:
    """Put a price in force from now on. Orders keep the price they were placed at. Answers whether it is another one.

    ``seen_as``: the price that the page showed, in cents. Raises Refused, Conflict when it is another one by now.
    """
    require_price(cents)
    with transaction() as session:
        product = session.get_one(Product, product_id, with_for_update={"of": Product})
        before = product.price
        if seen_as not in (None, before):
            now = formats.euro(before)
            raise Conflict(_("Intanto il prezzo è cambiato: adesso è %(price)s. Guarda e decidi tu.", price=now))
        return _set_price(session, product, cents, by)


def change_held(
    product: Product, words: Mapping[str, Any], cents: int | None, on_sale: bool | None, *, by: int | None
) -> None:
    """What `describe`, `set_price` and `set_on_sale` do, without a look at anything: for whoever holds the product and
    the names, and has looked at all of it together (`importing`). ``words``: only those that are different.
    """
    with transaction() as session:
        before = {name: getattr(product, name) for name in words}
        seen.put(product, words)
        if words:
            _note_words(product, before, words, by)
        if cents is not None:
            _set_price(session, product, cents, by)
        if on_sale is not None:
            _set_on_sale(product, on_sale, by)


def restore_price(product_id: int, expected: int, cents: int) -> None:
    """Go back to an earlier price. Raises Conflict when somebody has changed it again."""
    with transaction() as session:
        product = session.get_one(Product, product_id, with_for_update={"of": Product})
        if product.price != expected:
            raise Conflict(_("Il prezzo è già cambiato di nuovo."))
        product.price = cents
        session.add(PriceChange(product_id=product.id, price=cents, from_moment=clock.now()))


def lowest_price(product: Product) -> Lowest:
    """Of all the prices at which it could be bought in the last 30 days, the one of now among them."""
    first_day = clock.now() - LOWEST_OF
    newest_before = (
        select(PriceChange.id)
        .where(PriceChange.product_id == product.id, PriceChange.from_moment <= first_day)
        .order_by(PriceChange.from_moment.desc(), PriceChange.id.desc())
        .limit(1)
    )
    in_force = or_(PriceChange.from_moment > first_day, PriceChange.id == newest_before.scalar_subquery())
    query = select(PriceChange.price, PriceChange.from_moment).where(PriceChange.product_id == product.id, in_force)
    rows = list(db.session.execute(query.order_by(PriceChange.from_moment, PriceChange.id)))
    if not rows:
        return Lowest(product.price, None)
    since = rows[0].from_moment
    return Lowest(min(row.price for row in rows), since if since > first_day else None)


def find_before(product: Product) -> Lowest | None:
    """What it cost before it became cheaper: the lowest of the 30 days before that (art. 17-bis Consumer Code).

    None where it did not, or longer ago than 30 days. ``since``: how far back the prices go, where that is less.
    """
    rows = product.prices
    if len(rows) < 2 or rows[0].from_moment < clock.now() - LOWEST_OF:
        return None
    began = rows[0].from_moment - LOWEST_OF
    newer = list(takewhile(lambda row: row.from_moment > began, rows[1:]))
    in_force = rows[1 : len(newer) + 2]  # and the one that was in force when the 30 days began
    lowest = min(row.price for row in in_force)
    first = in_force[-1].from_moment
    return Lowest(lowest, first if first > began else None) if lowest > product.price else None


def prices(product_id: int) -> list[PriceChange]:
    """Those that it had, the newest first. They are read-only and belong to no session."""
    read = plain.part(PriceChange, _PRICE.c, 0, db.engine.dialect).read
    return [read(row) for row in _PRICES.glance(of=product_id)]


_PRICE = table(PriceChange)
_PRICES = Question(
    lambda: (
        select(*_PRICE.c)
        .where(_PRICE.c.product_id == bindparam("of"))
        .order_by(_PRICE.c.from_moment.desc(), _PRICE.c.id.desc())
    )
)


def get(product_id: int) -> Product:
    """A real one. Raises NotFound, also for practice: it has a stock and a desk of its own (ruling 15)."""
    product = db.session.get(Product, product_id)
    if product is None or product.practice:
        raise NotFound(_("Questo prodotto non c'è."))
    return product


def held(session: Session, product_id: int) -> Product:
    """The same, and nobody else changes it until the transaction ends. Names are given one at a time."""
    serialise(session, NAMES_LOCK)
    product = session.get(Product, product_id, with_for_update={"of": Product}, populate_existing=True)
    if product is None or product.practice:
        raise NotFound(_("Questo prodotto non c'è."))
    return product


def hold_all(session: Session) -> list[Product]:
    """Every real one, by id, and the names: nobody else changes them until the transaction ends. Two statements."""
    serialise(session, NAMES_LOCK)
    query = select(Product).where(Product.practice.is_(False)).order_by(Product.id).with_for_update(of=Product)
    return list(session.scalars(query.execution_options(populate_existing=True)).unique())


def hold_names(session: Session) -> None:
    """The lock that comes before a product's own; names of the VAT are under it too (`rates`)."""
    serialise(session, NAMES_LOCK)


def by_ids(ids: list[int]) -> dict[int, Product]:
    return {
        p.id: p for p in db.session.scalars(select(Product).where(Product.id.in_(ids)).order_by(Product.id)).unique()
    }


def as_they_are(ids: Collection[int]) -> dict[int, Product]:
    """The same with what is left, for whoever only reads it in the open transaction; without fields and containers."""
    names = [column.name for column in table(Product).c]
    rows = run(_AS_THEY_ARE(), {"those": list(ids)})
    return {row[0]: _with_stock(dict(zip(names, row, strict=False)), row[-1]) for row in rows}


def _with_stock(values: dict[str, Any], left: int | None) -> Product:
    stock = None if left is None else plain.as_loaded(Stock, {"product_id": values["id"], "left": left})
    return plain.as_loaded(Product, values | {"stock": stock})


def on_shelf(shelf: str, *, practice: bool = False) -> list[Product]:
    """What is on sale on this shelf, by name."""
    query = select(Product).where(Product.shelf == shelf, Product.on_sale, Product.practice.is_(practice))
    return list(db.session.scalars(query.order_by(Product.name)).unique())


def names_on_sale() -> list[str]:
    """What citizens can order now, by name: for the voice that reads them."""
    query = select(Product.name).where(Product.on_sale, Product.practice.is_(False)).order_by(Product.name)
    return list(db.session.scalars(query.distinct()))


def vat_rates(day: date) -> dict[str, int]:
    """Category -> whole percent in force on ``day``."""
    return {row.category: row.rate for row in db.session.execute(_RATES(), {"day": day})}


_RATE = table(VatRate)
_RATES = Prepared(
    lambda: (
        select(_RATE.c.category, _RATE.c.rate).where(_RATE.c.from_day <= bindparam("day")).order_by(_RATE.c.from_day)
    )
)
_AS_THEY_ARE = Prepared(
    lambda: (
        select(*table(Product).c, table(Stock).c.left)
        .select_from(table(Product).join(table(Stock), isouter=True))
        .where(table(Product).c.id.in_(bindparam("those", expanding=True)))
    )
)


def _noted(words: Mapping[str, Any]) -> dict[str, Any]:
    """As the journal can keep them: it is JSON, which knows no days."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in words.items()}


def _from_note(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name == "back_on" and value else value for name, value in words.items()}


def _note_words(product: Product, before: Mapping[str, Any], after: Mapping[str, Any], by: int | None) -> None:
    journal.record("product.described", product, by=by, before=_noted(before), after=_noted(after))


def _set_price(session: Session, product: Product, cents: int, by: int | None) -> bool:
    before, product.price = product.price, cents
    if before != cents:
        session.add(PriceChange(product_id=product.id, price=cents, from_moment=clock.now()))
        journal.record("product.priced", product, by=by, practice=product.practice, before=before, after=cents)
    return before != cents


def _set_on_sale(product: Product, on_sale: bool, by: int | None) -> bool:
    before, product.on_sale = product.on_sale, on_sale
    if before != on_sale:
        journal.record("product.sale_set", product, by=by, before=before, after=on_sale)
    return before != on_sale


def _put(session: Session, product: Product, words: dict[str, Any]) -> None:
    """What could not stand beside orders, names and the shop window is refused before anything is written."""
    if "name" in words:
        _require_free_name(session, words["name"], but=product.id)
    if "kind" in words:
        _require_no_moves(session, product.id)
    if "vat_category" in words and words["vat_category"] not in vat_rates(clock.today()):
        raise Conflict(_("Questa IVA non c'è più: scegli di nuovo."), field="vat_category")
    seen.put(product, words)
    if product.on_sale:
        telling.require_tellable(product)


def _require_no_moves(session: Session, product_id: int) -> None:
    """Stock and orders count in grams or in pieces, as the kind says: 50,000 grams are not 50,000 jars."""
    if session.scalar(select(StockMove.id).where(StockMove.product_id == product_id).limit(1)):
        raise Conflict(
            _("È già stato contato o ordinato così: per venderlo in un altro modo fai un prodotto nuovo."), field="kind"
        )


def _require_free_name(session: Session, name: str, *, but: int = 0) -> None:
    serialise(session, NAMES_LOCK)
    taken = session.execute(select(Product.id, Product.name).where(Product.practice.is_(False), Product.id != but))
    if any(row.name.casefold() == name.casefold() for row in taken):
        raise Conflict(_("C'è già un prodotto con questo nome."), field="name")


def _require_there(session: Session, words: Mapping[str, Any]) -> None:
    """Fields and containers of nobody are no choice."""
    rows = {"field_id": Field, "processed_at_id": Field, "container_id": Container}
    for column, kind in rows.items():
        if words.get(column) is not None and session.get(kind, words[column]) is None:
            raise Refused(_("Questa scelta non c'è più: scegli di nuovo."), field=column)


def require_price(cents: int) -> None:
    if cents <= 0:
        raise Refused(_("Il prezzo deve essere più di zero."), field="price")
    if cents > MOST_PRICE:
        raise Refused(_("Il prezzo va fino a %(most)s.", most=formats.euro(MOST_PRICE)), field="price")
