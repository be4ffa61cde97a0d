"""The harvest comes in: for each product of a pick-up, whether all that was sold is there. No sums by a person."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import pickups
from catalog.models import PickUp
from core import clock, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.journal import Entry
from desk import blueprint, doubting, support, words
from desk.answering import do_once, go, number
from desk.paging import page_of
from orders import harvesting
from orders.harvesting import Row
from orders.preparing import Doubtful
from people import staff
from people.capabilities import Capability
from people.entering import me

MOST_DIGITS = 6
Answer = Response | str | tuple[str, int]


class AlreadyNoted(Conflict):
    """Another tablet has written down how much came; the screen shows it and asks again (ruling 10)."""


@blueprint.get("/raccolto")
@door(Capability.NOTE_HARVEST, "scelta")
def choose_harvest() -> Answer:
    """Today's and tomorrow's pick-ups with something to look at; one alone is opened at once."""
    waiting = to_note()
    if len(waiting) == 1:
        return go(f"/banco/raccolto/{waiting[0][0].id}")
    return render_template("desk/harvests.html", waiting=page_of(waiting, all_at_once=False))


@blueprint.get("/raccolto/<int:pickup_id>")
@door(Capability.NOTE_HARVEST, "scelta")
def choose_product(pickup_id: int) -> str:
    return _products(_get_pickup(pickup_id))


@blueprint.get("/raccolto/<int:pickup_id>/<int:product_id>")
@door(Capability.NOTE_HARVEST, "scelta")
def is_it_all_there(pickup_id: int, product_id: int) -> str:
    pickup = _get_pickup(pickup_id)
    return _question(pickup, _get_row(pickup, product_id))


@blueprint.get("/raccolto/<int:pickup_id>/<int:product_id>/meno")
@door(Capability.NOTE_HARVEST, "numero")
def how_much_came(pickup_id: int, product_id: int) -> str:
    pickup = _get_pickup(pickup_id)
    return _number(pickup, _get_row(pickup, product_id))


@blueprint.post("/raccolto/<int:pickup_id>/<int:product_id>")
@door(Capability.NOTE_HARVEST, "scelta")
def arrive(pickup_id: int, product_id: int) -> Answer:
    """``arrived`` in grams or pieces; ``seen`` is what stood there when the screen was shown.

    A number that hardly can be is asked about once; ``sure`` is the number that the answer spoke of, and no other.
    """
    by, pickup, arrived = me().id, _get_pickup(pickup_id), number("arrived")
    nothing_left = me().is_staff and request.form.get("nothing_left") == "1"

    def deed() -> None:
        pickups.lock(pickup_id)  # two tablets at once: the second one sees what the first wrote down
        row = _get_row(pickup, product_id)
        _require_as_seen(row)
        if number("sure") != arrived or arrived < 0:
            doubting.require_believable(row, request.form.get("arrived", ""), arrived, said_less=_said_less())
        harvesting.arrive(pickup_id, product_id, arrived, by=by, nothing_left=nothing_left)

    try:
        if do_once(deed):
            _say(_get_row(pickup, product_id))
    except AlreadyNoted as refused:
        return _question(pickup, _get_row(pickup, product_id), refused), refused.status
    except (Conflict, NotFound):
        raise
    except Doubtful as doubtful:
        return _doubt(pickup, _get_row(pickup, product_id), doubtful), doubtful.status
    except Refused as refused:
        again = _question if support.of(me()).groups_lines else _number
        return again(pickup, _get_row(pickup, product_id), refused), refused.status
    return go(f"/banco/raccolto/{pickup_id}")


def to_note() -> list[tuple[PickUp, list[Row]]]:
    """Pick-ups of today and tomorrow with the products that nobody has looked at and that crates still wait for."""
    tomorrow = clock.today() + timedelta(days=1)
    found = [(pickup, _open_rows(pickup)) for pickup in harvesting.to_harvest() if pickup.day <= tomorrow]
    return [(pickup, rows) for pickup, rows in found if rows]


def _open_rows(pickup: PickUp) -> list[Row]:
    return [row for row in harvesting.rows(pickup.id) if row.arrival is None and row.waiting]


def _products(pickup: PickUp, refused: Refused | None = None, at: int | None = None) -> str:
    """``at``: the product whose number is being written; after a doubt the address names it."""
    rows = [row for row in harvesting.rows(pickup.id) if row.waiting or row.arrival]
    still = [row for row in rows if row.arrival is None]
    shown = {"pickup": pickup, "today": clock.today(), "undo": _undo_here(pickup), "is_closed": False}
    if support.of(me()).groups_lines:
        about: dict[str, object] = {"refused": refused, "may_empty": me().is_staff, **_typed_in_list(refused, at)}
        if at is not None and refused is not None:
            about["help_from"] = _in_list(pickup, at)
        return render_template("desk/harvest_list.html", **shown, rows=rows, **about)
    if not still:
        return render_template("desk/harvest_done.html", **shown, following=to_note())
    return render_template("desk/harvest.html", **shown, rows=page_of(still, all_at_once=False))


def _question(pickup: PickUp, row: Row, refused: Refused | None = None) -> str:
    if support.of(me()).groups_lines:
        return _products(pickup, refused, row.product.id)
    return render_template(
        "desk/arrived.html", pickup=pickup, row=row, product=row.product, refused=refused, who=_names([row])
    )


def _number(pickup: PickUp, row: Row, refused: Refused | None = None) -> str:
    typed = _digits(request.form.get("arrived") or request.args.get("cifre", ""))
    return render_template(
        "desk/arrived_less.html",
        pickup=pickup,
        row=row,
        product=row.product,
        refused=refused,
        typed=typed,
        most=MOST_DIGITS,
    )


def _doubt(pickup: PickUp, row: Row, doubtful: Doubtful) -> str:
    """The same two choices at every level; the way to write it again keeps what was typed."""
    if support.of(me()).groups_lines:
        again = _in_list(pickup, row.product.id)
    else:
        typed = urlencode({"cifre": request.form.get("arrived", "")})
        again = f"/banco/raccolto/{pickup.id}/{row.product.id}/meno?{typed}"
    shown = {"pickup": pickup, "row": row, "product": row.product, "again": again}
    return render_template("desk/arrived_doubt.html", **shown, refused=doubtful, **doubtful.details)


def _in_list(pickup: PickUp, product_id: int) -> str:
    """The plain list, with what was written there in its field."""
    ticked = {"vetrina": 1} if "nothing_left" in request.form else {}
    asked = urlencode({"prodotto": product_id, "cifre": request.form.get("arrived", ""), **ticked})
    return f"/banco/raccolto/{pickup.id}?{asked}#prodotto-{product_id}"


def _typed_in_list(refused: Refused | None, at: int | None) -> dict[str, object]:
    if refused is not None:
        return {"at": at, "typed": request.form.get("arrived", ""), "ticked": "nothing_left" in request.form}
    at = request.args.get("prodotto", type=int)
    return {"at": at, "typed": request.args.get("cifre", ""), "ticked": "vetrina" in request.args}


def _said_less() -> bool:
    return request.form.get("less") == "1"


def _get_pickup(pickup_id: int) -> PickUp:
    """Raises NotFound before it has closed, after it is over, and for one that was called off."""
    for pickup in harvesting.to_harvest():
        if pickup.id == pickup_id:
            return pickup
    raise NotFound(_("Questo raccolto non c’è più."))


def _get_row(pickup: PickUp, product_id: int) -> Row:
    for row in harvesting.rows(pickup.id):
        if row.product.id == product_id:
            return row
    raise NotFound(_("Questo prodotto non c'è."))


def _require_as_seen(row: Row) -> None:
    now = str(row.arrival.arrived) if row.arrival else ""
    if request.form.get("seen", "") != now:
        raise AlreadyNoted(_("C’è già un numero. Guarda di nuovo."))


def _say(row: Row) -> None:
    arrived = row.arrival.arrived if row.arrival else 0
    if not arrived:
        flash(_("Segnato, non ce n’è: %(what)s.", what=words.goods(row.product)))
        return
    flash(_("Segnato: %(what)s.", what=words.so_much_of(row.product, arrived)))


def _names(rows: list[Row]) -> dict[int, str]:
    """Product id -> first name of whoever wrote down what came."""
    by = {row.product.id: row.arrival.by_id for row in rows if row.arrival and row.arrival.by_id}
    names = staff.names(set(by.values()))
    return {product_id: names[person_id].split()[0] for product_id, person_id in by.items() if person_id in names}


def _undo_here(pickup: PickUp) -> tuple[Entry, str] | None:
    """What came in, and nothing else that happened to the pick-up."""
    found = undo.offer(pickup)
    return found if found and found[0].action == "harvest.arrived" else None


def _digits(raw: str) -> str:
    kept = "".join(sign for sign in raw if sign in "0123456789")[:MOST_DIGITS]
    return str(int(kept)) if kept else ""
