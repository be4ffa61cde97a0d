"""Papers, tagged PDF by WeasyPrint. Small ones are made in the request, long ones by the worker (`papers.py`).

Each function gathers what it prints in a number of statements that does not grow. All may raise PdfMissing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import segno
from flask import current_app, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from adapters.pdf import to_pdf
from catalog import pictures, shelves, wording
from catalog.models import Field, Kind, PickUp, Product
from core import clock, web
from core.database import db, in_transaction
from core.errors import Conflict
from core.formats import easy_weight, long_day
from core.keeping import Keeper
from core.money import vat_rows
from orders import crates, explaining, harvesting, paying, stops, terms, texts, vat
from orders.harvesting import Row
from orders.models import Order, OrderLine, Status

UNDRAWN = re.compile("[\u2300-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*")
"""Emoji and signs that the font cannot draw: on paper they would look like a box to tick. The order keeps them."""


QR_MASK = 2
"""One of eight patterns laid over a QR; a reader takes any. Looking for the best took a tenth of a label's time."""


_terms = Keeper[bytes](most=4)  # two languages, and those of before that somebody still loads


@dataclass(frozen=True)
class Sticker:
    """What a crate's labels say of it. One order may fill several crates: the same number, "2 di 2" (ruling 14)."""

    order: Order
    who: str
    picture: str
    qr: str


def crate_label(order: Order) -> bytes:
    """A6 label with number, picture, name, pick-up and a QR that opens the crate at the desk, a page for each crate."""
    if order.crate is None:
        raise Conflict(_("Questa cassetta non ha ancora un numero."))
    title = _("Etichetta della cassetta %(number)s", number=order.crate)
    return _print("label", title=title, stickers=[_sticker(order)])


def labels(pickup: PickUp) -> bytes:
    """The labels of every crate of a pick-up, one after another. Raises Conflict before the crates have numbers."""
    return _print("label", title=_("Etichette"), stickers=[_sticker(order) for order in _crates_of(pickup)])


def harvest_list(pickup: PickUp) -> bytes:
    """By field: what was sold of each product and to how many crates, with room for what really arrived."""
    rows = harvesting.rows(pickup.id)
    photos = pictures.on_paper({row.product.picture for row in rows})
    return _list("harvest", pickup, fields=_by_field(rows), photos=photos)


def crate_list(pickup: PickUp) -> bytes:
    """The paper for a day without tablets: each crate with its lines and room for weights, sums and names.

    First name and initial only. Raises Conflict before the crates have numbers.
    """
    return _list("crates", pickup, orders=_crates_of(pickup))


def round_sheet(pickup: PickUp) -> bytes:
    """A delivery round, stop by stop, with addresses and phones. Raises Conflict for a stall, or before numbers."""
    if pickup.place.kind != "round":
        raise Conflict(_("Questo ritiro non è un giro di consegne."))
    return _list("round", pickup, orders=stops.in_order(_crates_of(pickup)))


def order_summary(order: Order) -> bytes:
    """What a citizen ordered, got, paid and why, in the words of the order's page. It is no fiscal document."""
    seller = texts.seller()
    return _print(
        "summary",
        order=order,
        practice=order.practice,
        where=terms.where(order),
        if_missing=terms.substitution(order),
        status=_status_words(order.status),
        told=explaining.lines(order),
        bill=explaining.bill(order),
        cash_note=explaining.cash_note(order),
        vat=vat.rows(order) if order.is_owed else [],
        vat_left=vat_rows(vat.remaining_by_rate(order)) if order.refunded else [],
        seller=seller,
        identity=terms.identity(seller),
    )


def terms_of_sale() -> bytes:
    """The terms with what they say of withdrawal, in the words of the two pages, for whoever wants to keep them.

    Art. 12(3) D.Lgs. 70/2003: so that one can save and print them. Drawn once a day and for every new word.
    """
    facts, language, day = texts.facts(), web.language(), long_day(clock.today())
    parts = tuple(texts.get("page", slug, language).filled(facts) for slug in ("condizioni", "recesso"))
    return _terms.get((language, day, parts), lambda: _print("terms", parts=parts, day=day))


def short_name(name: str) -> str:
    """'Clementina B.': enough to find the crate, no more than that."""
    first, *others = name.split()
    initial = next((word[0] for word in reversed(others) if word[0].isalpha()), "")
    return f"{first} {initial.upper()}." if initial else first


def qr(content: str) -> str:
    """A QR as the address of a picture; the page around it says in words what it is for."""
    return segno.make(content, error="m", mask=QR_MASK).svg_data_uri(border=2, dark="#1d2a1c", omitsize=True)


def easy(goods: Product | OrderLine, quantity: int) -> Markup:
    """'4 chili e 500 grammi', '5 pezzi' and below it 'circa 9 chili': whole words, large digits beside their unit."""
    if goods.kind == Kind.BY_WEIGHT:
        return _large_digits(easy_weight(quantity))
    pieces = _large_digits(wording.pieces(goods, quantity))
    if goods.kind == Kind.FIXED:
        return pieces
    about = _("circa %(weight)s", weight=easy_weight(quantity * (goods.piece_grams or 0)))
    return pieces + Markup("<small>{}</small>").format(_large_digits(about))


def _large_digits(words: str) -> Markup:
    parts = re.split("([0-9]+) ?", words)
    return Markup("").join(Markup("<b>{}</b>\u00a0").format(part) if part.isdigit() else part for part in parts)


def _list(template: str, pickup: PickUp, **about: Any) -> bytes:
    """A paper for the day's work."""
    return _print(template, pickup=pickup, practice=pickup.practice, **about)


def _print(template: str, **about: Any) -> bytes:
    about |= {"say": wording, "easy": easy, "short_name": short_name}
    about |= {"picture_of": _picture_of, "cash_due": paying.cash_due}
    html = render_template(f"documents/{template}.html", printed_at=clock.now(), **about)
    if not in_transaction():
        db.session.rollback()  # what follows may take seconds: no read stays open
    drawn = UNDRAWN.sub("", html)
    return to_pdf(drawn, "label") if template == "label" else to_pdf(drawn)


def _crates_of(pickup: PickUp) -> list[Order]:
    """Standing orders by crate, with lines and payments."""
    if pickup.closed_at is None:
        raise Conflict(_("Le cassette non hanno ancora un numero."))
    query = select(Order).where(Order.pickup_id == pickup.id, Order.cancelled_at.is_(None), Order.crate.is_not(None))
    return list(db.session.scalars(query.order_by(Order.crate)))


def _sticker(order: Order) -> Sticker:
    address = f"{current_app.config['SETTINGS'].base_url}/banco/casse/{order.id}"
    return Sticker(order, short_name(order.customer), _picture_of(order.crate), qr(address))


def _picture_of(number: int | None) -> str:
    return crates.picture_name(number or 1, web.language())


def _by_field(rows: Iterable[Row]) -> list[tuple[Field | None, list[Row]]]:
    """Fields as one walks along the shelves, what nobody placed at the end; in each by shelf and name."""
    fields: dict[Field | None, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (_shelf(row), row.product.name)):
        fields.setdefault(row.product.field, []).append(row)
    return sorted(fields.items(), key=lambda some: (some[0] is None, _shelf(some[1][0])))


def _shelf(row: Row) -> int:
    return shelves.ORDER.index(row.product.shelf) if row.product.shelf in shelves.ORDER else len(shelves.ORDER)


def _status_words(status: Status) -> str:
    words = {
        Status.RECEIVED: _("Ricevuto"),
        Status.PREPARING: _("In preparazione"),
        Status.READY: _("Pronto"),
        Status.HANDED_OVER: _("Consegnato"),
        Status.NOT_COLLECTED: _("Non ritirato"),
        Status.CANCELLED: _("Disdetto"),
    }
    return words[status]
