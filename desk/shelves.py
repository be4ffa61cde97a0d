"""At the shelves: what lies there is counted, what it costs is written. Who may not do it alone asks a tutor.

One room for both: choose the product, look, write the number. Looking writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import products, wording
from catalog.models import Product
from core import inputs, proposing, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.formats import euro
from core.journal import Entry
from core.proposing import Proposal
from desk import blueprint, support, words
from desk.answering import do_and_say, do_once, go, number
from desk.paging import page_of
from desk.proposing import ask_once, show_question
from orders import proposals, shelves
from orders.preparing import WRONG_UNIT, Doubtful
from people import entering, staff
from people.capabilities import Capability
from people.entering import me

ODD = 2  # twice as much, or half of it, is looked at again
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Room:
    """One of the two things that are done here. ``value``: the number that stands there now."""

    name: str
    action: str
    capability: Capability
    goods: Callable[[], list[Product]]
    get: Callable[[int], Product]
    value: Callable[[Sequence[Product]], Mapping[int, int]]
    most: int  # digits

    @property
    def address(self) -> str:
        return f"/banco/scaffali/{self.name}"


COUNT = Room(
    "conta", proposals.COUNT, Capability.COUNT_STOCK, shelves.to_count, shelves.get_to_count, shelves.should_be, 6
)
PRICE = Room(
    "prezzo",
    proposals.PRICE,
    Capability.SET_PRICE,
    shelves.to_price,
    products.get,
    lambda goods: {product.id: product.price for product in goods},
    5,
)


@blueprint.get("/scaffali")
@door(Capability.WORK_AT_DESK, "scelta")
def choose_at_shelves() -> str:
    return render_template("desk/shelves.html", may_count=bool(shelves.to_count()))


@blueprint.get("/scaffali/conta")
@door(Capability.WORK_AT_DESK, "scelta")
def choose_to_count() -> str:
    return _choose(COUNT)


@blueprint.get("/scaffali/prezzo")
@door(Capability.WORK_AT_DESK, "scelta")
def choose_to_price() -> str:
    return _choose(PRICE)


@blueprint.get("/scaffali/conta/<int:product_id>")
@door(Capability.WORK_AT_DESK, "numero")
def look_to_count(product_id: int) -> Answer:
    return _look(COUNT, product_id)


@blueprint.get("/scaffali/prezzo/<int:product_id>")
@door(Capability.WORK_AT_DESK, "numero")
def look_to_price(product_id: int) -> Answer:
    return _look(PRICE, product_id)


@blueprint.post("/scaffali/conta/<int:product_id>")
@door(Capability.WORK_AT_DESK, "numero")
def count(product_id: int) -> Answer:
    """``number``: grams or pieces; ``sure``: the number that the doubt spoke of."""
    product, found = COUNT.get(product_id), number("number")

    def write() -> None:
        shelves.count(product_id, found, by=me().id)
        flash(_("Contato: %(what)s.", what=words.so_much_of(product, found)))

    def ask() -> None:
        proposals.count(product, found, by=me().id, device=entering.device_id())

    return _write(COUNT, product, found, write, ask)


@blueprint.post("/scaffali/prezzo/<int:product_id>")
@door(Capability.WORK_AT_DESK, "numero")
def set_price(product_id: int) -> Answer:
    """``number``: cents, or ``euro`` as one writes them; ``seen``: the price that was shown; ``sure``: cents."""
    product, cents, seen = PRICE.get(product_id), _cents(), number("seen")

    def write() -> None:
        shelves.set_price(product_id, cents, expected=seen, by=me().id)
        flash(_("Nuovo prezzo: %(price)s.", price=words.money(cents)))

    def ask() -> None:
        proposals.price(product, cents, expected=seen, by=me().id, device=entering.device_id())

    return _write(PRICE, product, cents, write, ask)


@blueprint.post("/scaffali/<name>/<int:product_id>/torna-indietro")
@door(Capability.WORK_AT_DESK, "passo")
def undo_at_shelves(name: str, product_id: int) -> Response:
    room = _room(name)
    if elsewhere := entering.keep_door(room.capability):
        return elsewhere
    product, expected, by = room.get(product_id), number("deed"), me().id
    deed = undo.newest(product)
    if deed is None or deed.action != room.action:
        raise Conflict(_("Qui non si può più tornare indietro. Chiama il tutor."))
    do_and_say(lambda: _("Tolto: %(what)s.", what=undo.undo_last(product, expected=expected, by=by)))
    return go(f"{room.address}/{product_id}")


def _write(room: Room, product: Product, value: int, write: Callable[[], None], ask: Callable[[], None]) -> Answer:
    """The deed itself, or the question: whoever may do it alone needs nobody."""
    may = me().can(room.capability)

    def deed() -> None:
        if number("sure") != value:
            _require_believable(room, product, value)
        (write if may else ask)()

    try:
        if may:
            do_once(deed)
        else:
            ask_once(deed)
    except (Conflict, NotFound):
        raise
    except Refused as refused:
        return _again(room, product, refused), refused.status
    if support.of(me()).groups_lines:
        return go(f"{room.address}#prodotto-{product.id}")
    return go(f"{room.address}/{product.id}{'?fatto=1' if may else ''}")


def _choose(room: Room, refused: Refused | None = None, at: int | None = None) -> str:
    goods = room.goods()
    if support.of(me()).groups_lines:
        return _list(room, goods, refused, at)
    return render_template(
        f"desk/shelves_{_shape(room)}.html", room=room, goods=page_of(goods, all_at_once=False), **_words()
    )


def _list(room: Room, goods: list[Product], refused: Refused | None, at: int | None) -> str:
    """``prodotto`` and ``cifre`` in the address: what was written before, for whoever comes back to it."""
    waiting = _waiting(room)
    typed = request.form.get("number", request.form.get("euro", "")) if refused else request.args.get("cifre", "")
    back = f"{room.address}?{urlencode({'prodotto': at, 'cifre': typed})}#prodotto-{at}" if refused else ""
    return render_template(
        "desk/shelves_list.html",
        room=room,
        goods=goods,
        values=room.value(goods),
        waiting=waiting,
        who=staff.names({proposal.person_id for proposal in waiting.values()}),
        may=me().can(room.capability),
        me_id=me().id,
        refused=refused,
        doubted=isinstance(refused, Doubtful),
        at=at or request.args.get("prodotto", type=int),
        typed=typed,
        sure=_cents() if isinstance(refused, Doubtful) else "",
        **({"help_from": back} if back else {}),
        **_words(),
    )


def _look(room: Room, product_id: int) -> Answer:
    """Done just now, asked and not answered, or what is to be done: read from the thing itself."""
    product = room.get(product_id)
    if "fatto" in request.args and (offer := _offer(room, product)):
        return render_template("desk/shelf_done.html", room=room, product=product, back=offer, **_values(room, product))
    if question := show_question(product, room.action):
        return question
    if support.of(me()).groups_lines:
        return go(f"{room.address}#prodotto-{product.id}")
    return _number(room, product)


def _again(room: Room, product: Product, refused: Refused) -> str:
    if support.of(me()).groups_lines:
        return _choose(room, refused, product.id)
    return _number(room, product, refused)


def _number(room: Room, product: Product, refused: Refused | None = None) -> str:
    """With the whole guide two steps: look at it, write the number; what stands there now is always in sight."""
    writes = not support.of(me()).shows_steps or refused is not None or {"scrivi", "cifre"} & set(request.args)
    typed = _digits(request.form.get("number", "") or request.args.get("cifre", ""), room.most)
    return render_template(
        f"desk/shelf_{_shape(room)}.html" if writes else "desk/shelf_look.html",
        room=room,
        product=product,
        typed=typed,
        refused=refused,
        doubted=isinstance(refused, Doubtful),
        may=me().can(room.capability),
        **_values(room, product),
    )


def _values(room: Room, product: Product) -> dict[str, object]:
    return {"now": room.value([product])[product.id], **_words()}


def _words() -> dict[str, object]:
    return {"say": wording, "euro": euro, "COUNT": COUNT, "PRICE": PRICE}


def _waiting(room: Room) -> dict[int, Proposal]:
    """Product id -> what a tutor is asked about it."""
    found = proposing.open_about(Product.__tablename__)
    return {proposal.subject_id: proposal for proposal in found if proposal.action == room.action}


def _offer(room: Room, product: Product) -> tuple[Entry, str] | None:
    found = undo.offer(product)
    return found if found and found[0].action == room.action and me().can(room.capability) else None


def _require_believable(room: Room, product: Product, value: int) -> None:
    """A number that hardly can be is asked about once. Raises Doubtful."""
    now = room.value([product])[product.id]
    if room is PRICE:
        if 0 < value <= shelves.DEAREST and not now < ODD * value < ODD * ODD * now:
            raise Doubtful(_("%(written)s? Guarda ancora.", written=words.money(value)))
    elif now and value <= shelves.MOST and (value > ODD * now or 0 < value * WRONG_UNIT <= now):
        raise Doubtful(_("%(written)s? Guarda ancora.", written=words.so_much(product, value)))


def _cents() -> int:
    """-1 for what is no sum: nothing accepts it."""
    if "euro" not in request.form:
        return number("number")
    found = inputs.cents_of(request.form["euro"])
    return -1 if found is None else found


def _digits(raw: str, most: int) -> str:
    kept = "".join(sign for sign in raw if sign in "0123456789")[:most]
    return str(int(kept)) if kept else ""


def _shape(room: Room) -> str:
    return "count" if room is COUNT else "price"


def _room(name: str) -> Room:
    for room in (COUNT, PRICE):
        if room.name == name:
            return room
    raise NotFound(_("Questa pagina non c'è."))
