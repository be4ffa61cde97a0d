"""Products from a list that somebody keeps in a table (CSV): looked through first, then written all at once or not.

Whoever has the same name is changed, others are new; what no column says stays as it is. So the same list twice changes
nothing. The journal hears of each product as if it had been changed on its page, and each is taken back there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog import addresses, products, telling
from catalog.list_columns import COLUMNS, Known, key
from catalog.list_reading import TOO_MANY, decode, rows
from catalog.models import Container, Field, ImportFile, Kind, Product, StockMove
from core import clock, inputs, seen
from core.database import db, rows_changed, transaction
from core.errors import Conflict, NotFound, Refused

KEPT_FOR = timedelta(days=1)
STEPS = {Kind.BY_WEIGHT: 100}
FIRST: dict[str, Any] = {
    **dict.fromkeys(telling.WORDS, ""),
    **dict.fromkeys(("piece_grams", "net", "drained", "resellers", "back_on", "field_id", "processed_at_id"), None),
    **{"container_id": None, "kind": Kind.FIXED, "net_measure": "g", "tolerance_percent": 10, "shelf": "orto"},
    **{"origin": "Italia", "allergens": (), "perishable": True, "prepacked": False, "step": None},
}
"""What a new product is where the list says nothing."""

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclass(frozen=True)
class Line:
    """What a line of the list would do. ``words``: only those that become different, ``before`` what they were.

    ``price`` in cents (``was``: of now) and ``on_sale`` are None where they stay. ``sentence``: why it is refused.
    """

    number: int
    name: str
    what: str
    product_id: int | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    price: int | None = None
    was: int | None = None
    on_sale: bool | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Plan:
    """All lines of a list; ``unread``: heads of columns that nobody knows, and that are left aside."""

    lines: Sequence[Line]
    unread: Sequence[str]

    def of(self, what: str) -> list[Line]:
        return [line for line in self.lines if line.what == what]

    @property
    def is_writable(self) -> bool:
        return not self.of(REFUSED) and bool(self.of(NEW) or self.of(CHANGED))

    @property
    def sign(self) -> str:
        """Another one as soon as the list would do anything else."""
        told = [
            (line.number, line.what, line.product_id, line.was, line.price, line.on_sale, sorted(line.words.items()))
            for line in self.lines
        ]
        return seen.sign([told, [sorted(line.before.items()) for line in self.lines]])


def keep(content: bytes, *, by: int | None) -> ImportFile:
    """Keep a list that was sent, to be looked through: it changes nothing yet. Raises Refused for what is none."""
    text = decode(content)
    rows(text)
    with transaction() as session:
        made = ImportFile(content=text, sent_at=clock.now(), sent_by_id=by)
        session.add(made)
        session.flush()
    return made


def get(file_id: int) -> str:
    """Raises NotFound, also when its day is over."""
    text = db.session.scalar(select(ImportFile.content).where(ImportFile.id == file_id))
    if text is None:
        raise NotFound(_("Questa lista non c'è più. Mandala di nuovo."))
    return text


def forget_old() -> int:
    """The worker calls it. Returns how many went."""
    old = ImportFile.sent_at < clock.now() - KEPT_FOR
    found = db.session.scalar(select(ImportFile.id).where(old).limit(1))
    db.session.rollback()
    if found is None:
        return 0  # without a word to the writer gate
    with transaction():
        return rows_changed(delete(ImportFile).where(old))


def look(text: str) -> Plan:
    """What this list would do now, in as many statements for 2000 lines as for 2. Raises Refused for what is none."""
    query = select(Product).where(Product.practice.is_(False)).order_by(Product.id)
    return _plan(db.session(), text, list(db.session.scalars(query).unique()))


def write(text: str, *, seen_as: str | None, by: int | None) -> Plan:
    """Do it, all in one transaction. ``seen_as``: the sign of the plan that was looked at.

    Raises Refused when a line is refused, Conflict when it would do something else by now: nothing is written then.
    """
    with transaction() as session:
        goods = products.hold_all(session)
        plan = _plan(session, text, goods)
        if plan.of(REFUSED):
            raise Refused(_("Ci sono righe da mettere a posto. Finché ci sono, non si scrive niente."))
        if seen_as not in (None, plan.sign):
            raise Conflict(_("Intanto è cambiato qualcosa: guarda di nuovo che cosa cambierebbe, poi conferma."))
        _write_new(session, plan.of(NEW), by)
        by_id = {product.id: product for product in goods}
        for line in plan.of(CHANGED):
            products.change_held(by_id[line.product_id or 0], line.words, line.price, line.on_sale, by=by)
    return plan


# --- what it would do


@dataclass
class _Shop:
    """All that is asked of the database, once."""

    known: Known
    rates: Mapping[str, int]
    goods: Mapping[str, Product]
    lines: dict[str, int] = field(default_factory=dict)


def _plan(session: Session, text: str, goods: Sequence[Product]) -> Plan:
    table, unread = rows(text)
    rates = products.vat_rates(clock.today())
    shop = _Shop(_known(session, rates), rates, {each.name.casefold(): each for each in goods})
    lines = [_line(number, cells, shop) for number, cells in table]
    return Plan(list(_with_moves(session, lines)), unread)


def _known(session: Session, shop_rates: Mapping[str, int]) -> Known:
    fields, containers = (session.execute(select(kind.id, kind.name)).all() for kind in (Field, Container))
    rates = {key(category): category for category in shop_rates}
    return Known({key(row.name): row.id for row in fields}, {key(row.name): row.id for row in containers}, rates)


def _line(number: int, cells: dict[str, str], shop: _Shop) -> Line:
    name = inputs.one_line(cells.get("nome"))
    try:
        if TOO_MANY in cells:
            raise Refused(_("Ha più caselle delle colonne: forse in una c'è un punto e virgola."))
        first = shop.lines.setdefault(name.casefold(), number)
        if name and first != number:
            raise Refused(_("È già nella riga %(line)d.", line=first))
        return _read(number, name, cells, shop)
    except Refused as refused:
        return Line(number, name, REFUSED, sentence=refused.sentence)


def _read(number: int, name: str, cells: dict[str, str], shop: _Shop) -> Line:
    """Raises Refused, naming the column as the list does."""
    product = shop.goods.get(name.casefold())
    given = _given(cells, shop.known)
    price, on_sale = given.pop("price", None), given.pop("on_sale", None)
    if product:
        given["name"] = product.name
    base = _told(product) if product else FIRST | {"step": STEPS.get(given.get("kind", ""), 1)}
    words = _named(lambda: telling.kept(base | given, shop.rates))
    if price is None and product is None:
        raise Refused(_at("prezzo", _("Scrivi quanti euro, per esempio 3,20.")))
    cents = product.price if price is None and product else price
    _named(lambda: products.require_price(cents or 0))
    if product is None:
        if on_sale:
            _named(lambda: telling.require_tellable(Product(**words)))
        return Line(number, name, NEW, words=words, price=price, on_sale=on_sale or None)
    before, after = seen.differences(product, words)
    price, on_sale = (None if now == was else now for now, was in ((price, product.price), (on_sale, product.on_sale)))
    if on_sale or (on_sale is None and product.on_sale and after):
        _named(lambda: telling.require_tellable(Product(**words)))
    what = SAME if not after and price is None and on_sale is None else CHANGED
    was = None if price is None else product.price
    return Line(number, name, what, product.id, after, before, price, was, on_sale)


def _given(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for head, cell in cells.items():
        column = COLUMNS[head]
        try:
            given[column.name] = column.read(cell, known)
        except Refused as refused:
            raise Refused(_at(head, refused.sentence)) from None
    if "net" in given:
        given["net"], measure = given["net"]
        given |= {"net_measure": measure} if measure else {}
    return given


def _at(head: str, sentence: str) -> str:
    """'Un pezzo pesa: scrivi un numero.'"""
    return inputs.named(head[:1].upper() + head[1:], sentence)


def _told(product: Product) -> dict[str, Any]:
    told = {name: getattr(product, name) for name in telling.WORDS}
    return told | {"allergens": [word.strip().lower() for word in product.allergens.split(",")]}


def _named(look: Any) -> Any:
    """The sentence with the column that it is about, by the head that the list gives it."""
    try:
        return look()
    except Refused as refused:
        name = str(refused.details.get("field", ""))
        head = next((head for head, column in COLUMNS.items() if column.name == name), "")
        raise Refused(_at(head, refused.sentence) if head else refused.sentence) from None


def _with_moves(session: Session, lines: Sequence[Line]) -> Iterator[Line]:
    """Stock and orders count in grams or in pieces: how it is sold stays, once any of it was counted or ordered."""
    ids = [line.product_id for line in lines if line.product_id and "kind" in line.words]
    query = select(StockMove.product_id).where(StockMove.product_id.in_(ids)).distinct()
    moved = set(session.scalars(query)) if ids else set()
    for line in lines:
        sentence = _("È già stato contato o ordinato così: per venderlo in un altro modo fai un prodotto nuovo.")
        stays = line.product_id in moved and "kind" in line.words
        yield Line(line.number, line.name, REFUSED, sentence=_at("si vende", sentence)) if stays else line


# --- and done


def _write_new(session: Session, lines: Sequence[Line], by: int | None) -> None:
    slugs = addresses.free_slugs(session, Product.slug, [line.name for line in lines], otherwise="prodotto")
    made = [
        Product(slug=slug, price=line.price, on_sale=False, **line.words)
        for slug, line in zip(slugs, lines, strict=True)
    ]
    products.create_many(made, by=by)
    for product, line in zip(made, lines, strict=True):
        products.change_held(product, {}, None, line.on_sale, by=by)
