"""Changing an order until the cut-off: choose, look at the new bill, then one button.

Three steps of one form. Nothing that was chosen is lost on the way, and no bill is agreed to that was not shown.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import shelves, wording
from catalog.models import Product
from core import inputs, keys, web
from core.database import patiently
from core.doors import OPEN, door
from core.errors import Conflict, OutOfStock, Refused, TooLate
from orders import changing, drafting, links, placing, redeeming
from orders.changing import FeeChanged
from orders.drafting import Draft, Wanted
from orders.models import Order, OrderLine
from orders.placing import PriceChanged
from shop import blueprint
from shop.basket import Sums
from shop.browsing import MOST_STEPS

Answer = Response | str | tuple[str, int]

QUANTITY, PRICE = "quanto-", "prezzo-"  # and the id of a product: names of fields
FEWER_STEPS = 10  # for what is not on the order yet: there are many lists on one page


class Stale(Conflict):
    """The page showed another order, or another bill, than there is now."""


@blueprint.get("/ordini/<token>/cambia")
@door(OPEN, "shop")
def change_page(token: str) -> Answer:
    order = links.get_order(token)
    if not changing.may_change(order):
        return _to_order(token)
    return _choose(order, token, _as_it_is(order), keys.new())


@blueprint.post("/ordini/<token>/cambia")
@door(OPEN, "shop")
def change_order(token: str) -> Answer:
    order, key = links.get_order(token), web.form_key_given()
    if keys.find_answer(key) == str(order.id):
        return _to_order(token)
    wanted, draft = _read(order), None
    try:
        _require_current(order)
        if request.form.get("azione") == "scegli":
            return _choose(order, token, wanted, key)
        draft = _draft(order, wanted)
        if request.form.get("azione") != "cambia":
            return _review(order, token, draft, key)
        _change(order, draft, key)
    except Refused as refused:
        return _show_again(token, wanted, draft, key, refused)
    flash(_("L'ordine è cambiato."))
    return _to_order(token)


def _change(order: Order, draft: Draft, key: str) -> None:
    """The fee is looked at on its own: where it rises and the goods become cheaper the most to pay may be the same."""
    seen = [inputs.whole_number(request.form.get(name)) for name in ("massimo", "consegna")]
    held = inputs.whole_number(request.form.get("coperti")) or 0
    now = redeeming.would_cover(order.id, draft.order.maximum)
    if draft.surprises or seen != [draft.order.maximum, draft.order.fee] or now < held:
        raise Stale(_("Il conto è cambiato: guardalo ancora, poi decidi tu."))
    with patiently(_("C'è molta gente in questo momento. Premi di nuovo il pulsante: l'ordine resta uno solo.")):
        changing.change(
            order.id,
            draft.wishes,
            version=order.version,
            key=key,
            pickup_id=draft.pickup.id,
            seen_fee=draft.order.fee,
            seen_held=held,
            guest=True,
        )


def _draft(order: Order, wanted: Wanted) -> Draft:
    drawn = drafting.draft(order, wanted, drafting.stalls(order))
    placing.require_minimum(drawn.order, drawn.pickup.place, had=order.goods)
    return drawn


def _as_it_is(order: Order) -> Wanted:
    kept = {line.product_id: line.quantity for line in order.lines}
    return Wanted(kept, {}, order.pickup_id, any(line.may_substitute for line in order.lines))


def _read(order: Order) -> Wanted:
    """The form as it was sent. A product that it does not name stays as it is."""
    sent = dict(_numbers(QUANTITY))
    return Wanted(
        _as_it_is(order).quantities | {key: number for key, number in sent.items() if number is not None},
        {key: number for key, number in _numbers(PRICE) if number is not None},
        inputs.whole_number(request.form.get("ritiro")),
        bool(request.form.get("simile")),
        unread=None in sent.values(),
    )


def _numbers(prefix: str) -> list[tuple[int, int | None]]:
    """(product id, number) of every field whose name begins so."""
    fields = [(name.removeprefix(prefix), value) for name, value in request.form.items() if name.startswith(prefix)]
    ids = [(inputs.whole_number(name), value) for name, value in fields]
    return [(product_id, inputs.whole_number(value)) for product_id, value in ids if product_id is not None]


def _require_current(order: Order) -> None:
    """Raises TooLate, or Stale when it was changed on another page meanwhile."""
    if not changing.may_change(order):
        raise TooLate(_("Il tempo per cambiare è finito: telefonaci, troviamo un modo."))
    if inputs.whole_number(request.form.get("version")) != order.version:
        raise Stale(_("Intanto l'ordine è cambiato. Guarda com'è adesso."))


def _show_again(token: str, wanted: Wanted, draft: Draft | None, key: str, refused: Refused) -> tuple[str, int]:
    """What was refused, with all that was chosen: as a bill where it is about the bill, else to choose again."""
    order = links.get_order(token)
    if isinstance(refused, Stale | OutOfStock | PriceChanged | FeeChanged) or not changing.may_change(order):
        try:
            if draft is None or not draft.surprises:
                draft = _draft(order, wanted)
            return _review(order, token, draft, key, refused.sentence), refused.status
        except Refused as no_order:
            return _choose(order, token, wanted, key, no_order.sentence), refused.status
    return _choose(order, token, wanted, key, refused.sentence), refused.status


def _choose(order: Order, token: str, wanted: Wanted, key: str, sentence: str = "") -> str:
    mine = {line.product_id for line in order.lines}
    others = {
        shelf: [shown.product for shown in found if shown.product.id not in mine and _is_to_be_had(shown.product)]
        for shelf, found in shelves.on_shelves(None).items()
    }
    stalls = drafting.stalls(order)
    free = {pickup.id for pickup in stalls if pickup.places_left > 0}
    return render_template(
        "shop/change.html",
        order=order,
        token=token,
        key=key,
        wanted=wanted,
        sentence=sentence,
        others={shelf: found for shelf, found in others.items() if found},
        options=_options,
        chosen={product_id for product_id, quantity in wanted.quantities.items() if quantity},
        stalls=stalls,
        pickup_id=wanted.pickup_id if wanted.pickup_id in free else order.pickup_id,
        may_change=changing.may_change(order),
    )


def _review(order: Order, token: str, draft: Draft, key: str, sentence: str = "") -> str:
    return render_template(
        "shop/change_review.html",
        order=order,
        token=token,
        key=key,
        draft=draft,
        sums=Sums(
            draft.order.goods,
            draft.order.fee,
            draft.order.maximum,
            draft.order.discount,
            redeeming.would_cover(order.id, draft.order.maximum),
        ),
        sentence=sentence or (_("Qualcosa è cambiato.") if draft.surprises else ""),
        may_change=changing.may_change(order),
    )


def _options(product: Product, had: OrderLine | None, wanted: Wanted) -> list[tuple[int, str, bool]]:
    """(quantity, words, is chosen) for the list of one product: nothing, whole steps, and what it is now."""
    most, mine = drafting.most(product, had), had.quantity if had else 0
    chosen = min(wanted.quantities.get(product.id, 0), most)
    number = min(most // product.step, MOST_STEPS if had else FEWER_STEPS)
    steps = {product.step * n for n in range(1, number + 1)} | {chosen}
    found = {quantity: drafting.option(product, had, quantity, wording.option) for quantity in steps} | {
        0: _("Togli") if had else _("Niente")
    }
    if had:
        found[mine] = _("Come adesso: %(amount)s", amount=drafting.briefly(had))
    return [(quantity, words, quantity == chosen) for quantity, words in sorted(found.items())]


def _is_to_be_had(product: Product) -> bool:
    return product.left >= product.step


def _to_order(token: str) -> Response:
    return redirect(url_for("shop.order_page", token=token), 303)
