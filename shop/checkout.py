"""The checkout: one page, one button. A refusal shows it again with what changed and all that was typed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import pickups, wording
from catalog.models import PickUp
from core import clock, inputs, keys, web
from core.database import patiently, transaction
from core.doors import OPEN, door
from core.errors import Conflict, NotFound, Refused
from core.formats import euro
from core.gaps import gap
from orders import contacts, links, placing, vouchers
from orders.models import Voucher
from shop import agreeing, basket, blueprint, choosing, coming_in, my_details, visit
from shop.basket import Line
from shop.checkout_form import CheckoutForm
from shop.choosing import Choice, choice
from shop.visit import NOTES, Making

Answer = Response | str | tuple[str, int]


@dataclass
class Sheet:
    """What the page shows: lines as they can be had now, and how that differs from what was shown before."""

    lines: list[Line]
    pickup: PickUp | None
    sentence: str = ""
    changes: list[str] = field(default_factory=list)
    covering: list[Voucher] = field(default_factory=list)

    @property
    def sums(self) -> basket.Sums:
        found = basket.sums(self.lines, self.pickup.place.fee if self.pickup else 0)
        return replace(found, covered=vouchers.covers(self.covering, found.maximum))


@blueprint.get("/cassa")
@door(OPEN, "shop")
def checkout() -> Answer:
    wishes = _basket_wishes()
    if not wishes:
        return redirect(url_for("shop.basket_page"), 303)
    sheet = _compare(wishes, choice().chosen)
    if sheet.lines and not sheet.changes and not coming_in.find():
        return _unwritten(sheet)
    sheet.sentence = _("Qualcosa è cambiato.") if sheet.changes else ""
    known = my_details.for_checkout(coming_in.find(), sheet.pickup.place if sheet.pickup else None)
    return _page(CheckoutForm(formdata=None, data=known), sheet, keys.new())


@blueprint.post("/cassa")
@door(OPEN, "shop")
@inputs.reads_raw
def place_order() -> Answer:
    key = web.form_key_given()
    if placed := placing.find_placed(key):
        return _thank(links.make(placed))
    wishes, pickup_id = _wishes(), inputs.whole_number(request.form.get("ritiro"))
    form, pickup = CheckoutForm(), choice().find(pickup_id)
    if not wishes:
        return _look_again(form, pickup, key)
    if _is_a_look():
        return _look(form, wishes, pickup_id, key)
    covering: list[Voucher] = []
    try:
        complete = form.is_complete(pickup)
        covering = form.covering()
        _require_agreed(pickup_id, pickup)
        if not complete or form.buono.errors:
            return _page(form, _told(_compare(wishes, pickup), covering), key), Refused.status
        token = _place(wishes, form.citizen(pickup), pickup_id or 0, key, form.codes())
    except Refused as refused:
        sheet = _compare(wishes, _choose(pickup_id), refused.sentence)
        return _page(form, _told(sheet, [each for each in covering if each.balance]), key), refused.status
    return _thank(token)


def _is_a_look() -> bool:
    """A button that orders nothing: another pick-up's total, what a voucher covers, the same in another language."""
    return request.form.get("azione") in ("ritiro", "buono", "lingua")


def _look(form: CheckoutForm, wishes: list[placing.Wish], pickup_id: int | None, key: str) -> Answer:
    covering = form.covering()
    said = {"ritiro": _("Il totale è di nuovo quello giusto."), "buono": _said_of(covering)}
    sheet = _compare(wishes, _choose(pickup_id), "" if form.buono.errors else said.get(request.form["azione"], ""))
    page = _page(form, _told(sheet, covering) if sheet.changes else replace(sheet, covering=covering), key)
    return (page, Refused.status) if form.buono.errors else page


def _said_of(covering: list[Voucher]) -> str:
    return _("Il buono è nel conto qui sotto.") if covering else ""


def _look_again(form: CheckoutForm, pickup: PickUp | None, key: str) -> Answer:
    """No line could be read: what is in the basket is shown instead, and what was typed is kept."""
    wishes = _basket_wishes()
    if not wishes:
        return redirect(url_for("shop.basket_page"), 303)
    sentence = "" if _is_a_look() else _("Una riga non si è capita. Guarda il carrello qui sotto, poi ordina.")
    page = _page(form, _compare(wishes, pickup, sentence), key)
    return page if _is_a_look() else (page, Refused.status)


def _basket_wishes() -> list[placing.Wish]:
    return [placing.Wish(line.product.id, line.quantity, line.product.price) for line in basket.lines()]


def _place(wishes: list[placing.Wish], citizen: placing.Citizen, pickup_id: int, key: str, codes: list[str]) -> str:
    """The order and the address of its page, in one transaction: one wait for the disk. Returns the address's token."""
    with patiently(_("C'è molta gente in questo momento. Premi di nuovo il pulsante: l'ordine resta uno solo.")):
        seen_fee, seen_held = (inputs.whole_number(request.form.get(name)) for name in ("spesa", "coperti"))
        with transaction():
            order = placing.place(
                wishes,
                citizen,
                pickup_id,
                key=key,
                seen_fee=seen_fee,
                guest=_is_guest(citizen),
                codes=codes,
                seen_held=seen_held or 0,
            )
            agreeing.require_no_more(order)
            return links.make(order)


def _is_guest(citizen: placing.Citizen) -> bool:
    """Whether nobody knows that the mailbox is theirs: whoever has come in by a letter to it has shown that."""
    account = coming_in.find()
    return account is None or account.email != (citizen.email or "").lower()


def _thank(token: str) -> Response:
    basket.empty()
    return redirect(url_for("shop.order_page", token=token), 303)


def _require_agreed(pickup_id: int | None, pickup: PickUp | None) -> None:
    """The button was pressed under a total: a pick-up with another fee is shown with its own total first."""
    if pickup_id is None:
        raise Refused(_("Scegli un ritiro."))
    if pickup is None:
        _require_for_citizens(pickup_id)
    elif inputs.whole_number(request.form.get("spesa")) != pickup.place.fee:
        raise Conflict(_("Con questo ritiro il totale cambia: guardalo, poi ordina."))


def _require_for_citizens(pickup_id: int) -> None:
    """One that is not on the page is unknown, for practice or too far ahead; one that has closed says so itself."""
    try:
        pickup = pickups.get(pickup_id)
        is_for_them = not pickup.practice and pickup.from_at <= clock.now() + pickups.OFFERED_AHEAD
    except NotFound:
        is_for_them = False
    if not is_for_them:
        raise Conflict(_("Questo ritiro non prende più ordini. Scegline un altro."))


def _choose(pickup_id: int | None) -> PickUp | None:
    """The rest of the visit follows, unless the place has gone meanwhile; then the page asks for another one."""
    choosing.look_again()
    pickup = choice().find(pickup_id)
    if pickup is None or pickup.places_left <= 0:
        return None
    choosing.choose(pickup.id)
    return pickup


def _wishes() -> list[placing.Wish]:
    """The lines as the page showed them, 'product:quantity:price', each product once. What cannot be read is none."""
    found, may_substitute = {}, bool(request.form.get("simile"))
    for row in request.form.getlist("riga")[: basket.MOST_LINES]:
        match [inputs.whole_number(part) for part in row.split(":")]:
            case [int(product_id), int(quantity), int(price)]:
                found[product_id] = placing.Wish(product_id, quantity, price, may_substitute)
    return list(found.values())


def _compare(wishes: list[placing.Wish], pickup: PickUp | None, sentence: str = "") -> Sheet:
    """Lines at today's price and no more than is left, with a sentence for each difference from what was shown.

    The basket stays as it was filled: what comes back in stock is still in it.
    """
    sheet = Sheet([], pickup, sentence)
    seen = {wish.product_id: wish for wish in wishes}
    for line in basket.lines_of({wish.product_id: wish.quantity for wish in wishes}):
        product, name = line.product, wording.name(line.product)
        shown = seen[product.id].seen_price
        if line.is_too_much:
            sheet.changes.append(_shortage(line, name))
            line = Line(product, line.most)
        if shown != product.price and line.quantity:
            before, now = euro(shown), f"{euro(product.price)} {wording.per(product)}"
            sheet.changes.append(_("%(name)s: prima %(before)s, ora %(now)s.", name=name, before=before, now=now))
        if line.quantity:
            sheet.lines.append(line)
    return sheet


def _told(sheet: Sheet, covering: list[Voucher] | None = None) -> Sheet:
    """With the old and the new sum, where the button was pressed under another one."""
    sheet.covering = covering or []
    sheet.changes += agreeing.differences(sheet.sums)
    return sheet


def _shortage(line: Line, name: str) -> str:
    wanted = wording.amount(line.product, line.quantity)
    if not line.most:
        return _("%(name)s: finito. L'abbiamo tolto da questo ordine.", name=name)
    left = wording.amount(line.product, line.most)
    return _("%(name)s: ne volevi %(wanted)s, ne restano %(left)s.", name=name, wanted=wanted, left=left)


def _unwritten(sheet: Sheet) -> Response:
    """The checkout of a guest who has not written anything yet: the same for everybody but for what stands in gaps."""
    here = visit.begin_here()
    page = visit.page(here, "shop/checkout.html", "cassa", lambda: _making(here.choice, sheet))
    return visit.answer(page, here, key=keys.new(), **{NOTES: visit.said()}, **_parts(sheet))


def _making(offered: Choice, sheet: Sheet) -> Making:
    form, gaps_of = CheckoutForm(formdata=None), {name: gap(name) for name in ("key", "lines", "sums")}
    form.ask_who_else(sheet.pickup.place if sheet.pickup else None)
    facts = {"form": form, "sheet": sheet, "towns": contacts.towns, "citizen": None, **gaps_of}
    return Making(lambda: facts, tuple([_seen_of(pickup) for pickup in offered.open]))


def _seen_of(pickup: PickUp) -> Hashable:
    return visit.seen_of(pickup), pickup.places_left > 0, contacts.towns(pickup.place)


def _parts(sheet: Sheet) -> dict[str, str]:
    """What somebody's own basket says on the page."""
    macros = visit.macro("_checkout")
    return {"lines": macros.lines(sheet, wording), "sums": macros.sums(sheet, wording)}


def _page(form: CheckoutForm, sheet: Sheet, key: str) -> str:
    form.ask_who_else(sheet.pickup.place if sheet.pickup else None)
    return render_template(
        "shop/checkout.html",
        form=form,
        sheet=sheet,
        key=key,
        choice=choice(),
        towns=contacts.towns,
        citizen=coming_in.find(),
        **_parts(sheet),
    )
