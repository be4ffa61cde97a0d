"""Cash without arithmetic: what the citizen gives is tapped piece by piece, the change shown as it lies in the box.

Looking writes nothing: the pieces so far stand in the address, as the digits of a weight do. Whoever works with the
plain list types the sum and sees the change beside it. Cents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import coins, inputs
from core.doors import door
from core.errors import Conflict
from desk import blueprint, support, words
from desk.answering import do_once, go, number
from desk.handing_over import OTHER, crate_with_money_due, place_of_money
from orders import drawers, handing_over
from orders.models import Order
from people.capabilities import Capability
from people.entering import me

MOST_PIECES = 20
"""More than these nobody taps: then it is counted together with a tutor."""
MOST_TYPED = 50_000
"""Cents. What is typed makes at most `MOST_PIECES` pieces too."""
MOST_STEPS = 5
KEYS = coins.IN_USE

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Handful:
    """What is taken out of the box on one screen: one kind, or, where there are many kinds, those that lie together."""

    kind: int
    pieces: Sequence[int]
    is_mixed: bool


@blueprint.get("/consegna/<int:order_id>/contanti")
@door(Capability.TAKE_CASH, "soldi")
def tap_money(order_id: int) -> Answer:
    """``dati``: the pieces that were tapped so far; ``euro``: the sum as it was typed."""
    order = crate_with_money_due(order_id)
    if order is None:
        return go(f"/banco/consegna/{order_id}")
    if support.of(me()).groups_lines:
        return _typed(order)
    return _tap(order, pieces_said())


@blueprint.get("/consegna/<int:order_id>/resto")
@door(Capability.TAKE_CASH, "soldi")
def show_change(order_id: int) -> Answer:
    """``mano``: which handful of the change, 1 and on; after the last one comes the whole of it."""
    order, given = crate_with_money_due(order_id), pieces_said()
    if order is None:
        return go(f"/banco/consegna/{order_id}")
    if sum(given) < handing_over.cash_due(order):
        return _tap(order, given)
    return _change(order, given)


@blueprint.post("/consegna/<int:order_id>/resto")
@door(Capability.TAKE_CASH, "soldi")
def take_cash_and_give_change(order_id: int) -> Answer:
    """Exactly the pieces that were shown go into the box and out of it."""
    by, expected, given, back = me().id, number("expected"), pieces_said(), pieces_said("resto")
    if not given or (said(given), said(back)) != (request.form.get("dati"), request.form.get("resto")):
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
    try:
        if do_once(
            lambda: handing_over.take_cash(order_id, by=by, expected=expected, given=given, back=back),
        ):
            flash(_("Presi: %(money)s.", money=words.money(expected)))
    except Conflict:
        order = crate_with_money_due(order_id)
        if order is None or sum(given) < handing_over.cash_due(order):
            raise
        return _change(order, given, has_changed=True), Conflict.status
    other = f"&chi={OTHER}" if request.form.get("chi") == OTHER else ""
    return go(f"/banco/consegna/{order_id}?passo=dai{other}")


def pieces_said(field: str = "dati") -> list[int]:
    """'2000,500' -> [2000, 500], as they were tapped or shown; what is no note or coin of ours is left out."""
    raw = request.values.get(field, "").split(",")
    found = [int(each) for each in raw if each.isascii() and each.isdigit()]
    return [each for each in found if each in coins.DENOMINATIONS][
        : MOST_PIECES if field == "dati" else drawers.MOST_BACK
    ]


def _tap(order: Order, given: list[int]) -> str:
    due = handing_over.cash_due(order)
    now, total = place_of_money(order)
    return render_template(
        "desk/given.html",
        **_about(order, given),
        keys=[(coin, said([*given, coin])) for coin in KEYS],
        one_less=said(given[:-1]),
        is_enough=sum(given) >= due,
        can_tap_more=len(given) < MOST_PIECES,
        now=now,
        total_steps=total,
    )


def _typed(order: Order) -> Answer:
    """The sum that the citizen gives and its change on one screen; the pieces given are the fewest that make it."""
    due, text = handing_over.cash_due(order), request.args.get("euro", "").strip()
    cents = inputs.cents_of(text) if text else None
    if cents is None or not due <= cents <= MOST_TYPED:
        status = 422 if text else 200
        return render_template(
            "desk/given_typed.html", **_about(order, []), typed=text, says=_says(text, cents, due)
        ), status
    return _change(order, coins.pieces(cents))


def _says(text: str, cents: int | None, due: int) -> str:
    if not text:
        return ""
    if cents is None or cents > MOST_TYPED:
        return _("Scrivi quanto ti dà in euro, per esempio 20 o 20,50. Al massimo 500.")
    return _("Mancano ancora %(money)s.", money=words.money(due - cents))


def _change(order: Order, given: list[int], *, has_changed: bool = False) -> str:
    place, due, guide = order.pickup.place, handing_over.cash_due(order), support.of(me())
    about = {**_about(order, given), "has_changed": has_changed, "typed": _euro(sum(given))}
    try:
        back = drawers.change_for(place.id, sum(given) - due, practice=order.practice)
    except drawers.NoChange:
        extra = drawers.what_would_do(place.id, sum(given) - due, practice=order.practice)
        extra = extra if len(given) + len(extra) <= MOST_PIECES else []
        return render_template("desk/no_change.html", **about, extra=extra, with_extra=said([*given, *extra]))
    about |= {"back": back, "back_said": said(back)}
    if guide.groups_lines:
        return render_template("desk/given_typed.html", **about, says="")
    handfuls = handfuls_of(back) if guide.shows_steps else []
    which = request.args.get("mano", 1, type=int)
    if request.method == "GET" and 1 <= which <= len(handfuls):
        return render_template(
            "desk/change_handful.html", **about, handful=handfuls[which - 1], which=which, steps=len(handfuls) + 1
        )
    return render_template("desk/change.html", **about, steps=len(handfuls) + 1)


def handfuls_of(back: Sequence[int]) -> list[Handful]:
    """One kind at a time, large to small, before a last step that shows all of them; five steps at most (criterion 5).

    Where there are more kinds than that: notes, then coins of whole euros, then cents. Nothing to take apart: none.
    """
    kinds = sorted(set(back), reverse=True)
    if len(kinds) < 2:
        return []
    if len(kinds) < MOST_STEPS:
        return [Handful(kind, [each for each in back if each == kind], is_mixed=False) for kind in kinds]
    parts = [
        [each for each in back if each in coins.NOTES],
        [each for each in back if each not in coins.NOTES and each >= 100],
        [each for each in back if each < 100],
    ]
    return [Handful(part[0], part, is_mixed=len(set(part)) > 1) for part in parts if part]


def _about(order: Order, given: list[int]) -> dict[str, object]:
    url, other = f"/banco/consegna/{order.id}", request.values.get("chi") == OTHER and bool(order.collector)
    shown = f"{url}/resto?dati={said(given)}{f'&chi={OTHER}' if other else ''}"
    return {
        "order": order,
        "due": handing_over.cash_due(order),
        "given": given,
        "given_said": said(given),
        "total": sum(given),
        "other": other,
        "url": url,
        **({"help_from": shown} if request.method == "POST" else {}),
    }


def said(pieces: Sequence[int]) -> str:
    return ",".join(map(str, pieces))


def _euro(cents: int) -> str:
    """As one types it: '20', '20,50'."""
    euro, rest = divmod(cents, 100)
    return f"{euro},{rest:02d}" if rest else str(euro)
