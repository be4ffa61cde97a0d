"""An order by phone or at the stall: the total is said first, then it is placed."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from catalog import products, shelves, wording
from catalog.models import PickUp, Product
from core import clock, inputs, keys, web
from core.doors import door
from core.errors import Conflict, NoPlaceLeft, Refused, TooLate
from core.formats import euro
from desk import blueprint, order_words
from desk.answering import go, surroundings
from desk.call_form import ADDRESS, CallForm
from desk.staff_orders import address
from orders import contacts, finding, placing, quoting, vouchers
from orders.models import Order
from people.capabilities import Capability
from people.entering import me

Answer = Response | str | tuple[str, int]

FEW_STEPS = 20  # each one of them is offered
MANY_STEPS = (25, 30, 40, 50, 60, 80, 100)  # and these for somebody who cooks for many


@dataclass
class Sheet:
    """What the page shows: who and what was asked for, what it comes to, what is still missing."""

    form: CallForm
    pickups: list[PickUp]
    quote: Order | None = None
    sentence: str = ""
    goods: dict[int, tuple[str, str]] = field(default_factory=dict)  # product id -> its name, and what to look at

    @property
    def pickup(self) -> PickUp | None:
        return next((pickup for pickup in self.pickups if pickup.id == self.form.pickup_id), None)


@blueprint.get("/ordini/nuovo")
@door(Capability.KEEP_ORDERS, "tutor")
def order_by_phone() -> str:
    return _page(Sheet(CallForm({"ritiro": request.args.get("ritiro", "")}), finding.pickups_to_order_for()))


@blueprint.post("/ordini/nuovo")
@door(Capability.KEEP_ORDERS, "tutor")
@inputs.reads_raw
def place_by_phone() -> Answer:
    """ "Fai il conto" shows what it comes to; the other button places it, under the same total and no other."""
    key = web.form_key_given()
    if placed := placing.find_placed(key):
        return go(address(placed.id))
    sheet = Sheet(CallForm(request.form), finding.pickups_to_order_for())
    try:
        sheet.quote = _quote(sheet)
        if request.form.get("azione") == "conto":
            _require_reached(sheet)
            return _page(sheet, key)
        if not sheet.form.is_complete(sheet.pickup):
            return _page(sheet, key), Refused.status
        _require_said(sheet.quote)
        order = _place(sheet, key)
    except Refused as refused:
        return _page(_explained(sheet, refused), key), refused.status
    flash(_("Ordine %(number)s preso.", number=order.number))
    return go(address(order.id))


def _quote(sheet: Sheet) -> Order:
    """Raises Refused where there is nothing yet that could be counted."""
    form = sheet.form
    if form.pickup_id is None:
        raise Refused(_("Scegli il ritiro."), field="ritiro")
    if sheet.pickup is None:
        raise Conflict(_("Per questo ritiro non si può più ordinare. Scegline un altro."), field="ritiro")
    if not form.wishes:
        raise Refused(_("Scegli almeno un prodotto."), field="che-cosa")
    quote = quoting.quote(form.wishes, sheet.pickup, discount_percent=form.discount)
    quote.held = vouchers.covers(vouchers.find_usable(form.codes()), quote.maximum)
    return quote


def _require_reached(sheet: Sheet) -> None:
    """No bill is said for a house to which the round does not go. With no address yet it is asked later."""
    form, pickup = sheet.form, sheet.pickup
    if pickup is None or pickup.place.kind != "round" or not any(form[name].strip() for name in ADDRESS):
        return
    if not form.address(pickup):
        sheet.quote = None
        count = len(form.messages)
        raise Refused(ngettext("C'è ancora %(num)s cosa da guardare", "Ci sono ancora %(num)s cose da guardare", count))


def _require_said(quote: Order) -> None:
    """Nobody agrees to a sum that they have not heard: it stands above the button, and must still be that one."""
    said = request.form.get("detto", "")
    if not said:
        raise Conflict(_("Prima dì il totale: è qui sotto. Poi conferma."))
    if said != said_as(quote):
        raise Conflict(_("Il totale è cambiato: dillo di nuovo, poi conferma."))


def said_as(quote: Order) -> str:
    return f"{quote.estimate}:{quote.maximum}:{quote.held}"


def _place(sheet: Sheet, key: str) -> Order:
    """Always as somebody who may be late: the cut-off may have passed while they were on the phone."""
    form = sheet.form
    with surroundings():
        return placing.place(
            form.wishes,
            form.citizen(),
            form.pickup_id or 0,
            key=key,
            source=form.source,
            by=me().id,
            late=True,
            discount_percent=form.discount,
            codes=form.codes(),
        )


def _explained(sheet: Sheet, refused: Refused) -> Sheet:
    """Everything stays as it was written; what is short or costs something else now says so in its own place."""
    sheet.pickups, sheet.sentence = finding.pickups_to_order_for(), refused.sentence
    where = "ritiro" if isinstance(refused, NoPlaceLeft | TooLate) else refused.details.get("field")
    if isinstance(where, str):
        sheet.form.messages.setdefault(where, refused.sentence)
    if refused.details:
        sheet.quote = None
        sheet.goods = _what_changed(refused)
    return sheet


def _what_changed(refused: Refused) -> dict[int, tuple[str, str]]:
    """Product id -> (its name, how much is left of it or what it costs now)."""
    ids, changes = refused.details.get("product_ids"), refused.details.get("changes")
    prices = changes if isinstance(changes, dict) else {}
    found = products.by_ids([*(ids if isinstance(ids, list) else []), *prices])
    return {
        product.id: (
            wording.name(product),
            _("Prima %(before)s, ora %(now)s.", before=euro(prices[product.id][0]), now=euro(prices[product.id][1]))
            if product.id in prices
            else f"{wording.left(product)}.",
        )
        for product in found.values()
    }


def _page(sheet: Sheet, key: str = "") -> str:
    wanted = {wish.product_id: wish.quantity for wish in sheet.form.wishes}
    return render_template(
        "desk/staff/order_new.html",
        sheet=sheet,
        form=sheet.form,
        quote=sheet.quote,
        said=said_as(sheet.quote) if sheet.quote else "",
        key=key or keys.new(),
        shelves=shelves.on_shelves(None),
        wanted=wanted,
        options=lambda product: options(product, wanted.get(product.id, 0)),
        is_late=lambda pickup: not pickup.takes_orders_at(clock.now()),
        say=wording,
        towns=contacts.towns,
        left=order_words.left,
    )


def options(product: Product, wanted: int) -> list[tuple[str, int, str]]:
    """(what is sent, quantity, words): whole steps, no more than is left, and what was chosen before all the same."""
    steps = (*range(1, FEW_STEPS + 1), *MANY_STEPS)
    quantities = {product.step * n for n in steps if product.step * n <= product.left}
    if wanted > 0:
        quantities.add(wanted)
    return [
        (f"{product.id}:{quantity}:{product.price}", quantity, order_words.option(product, quantity))
        for quantity in sorted(quantities)
    ]
