"""An order changed for somebody who rings: choose, hear the new bill and say it, then one button.

Three steps of one form, as on the citizen's page. Nothing that was typed is lost on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import shelves, wording
from catalog.models import PickUp, Product
from core import clock, inputs, keys, web
from core.doors import door
from core.errors import Conflict, NoPlaceLeft, OutOfStock, Refused, TooLate
from desk import blueprint, change_form, order_words, rehearsing
from desk.answering import go, surroundings
from desk.change_form import ChangeForm
from desk.staff_orders import address, get_real, show
from desk.staff_placing import FEW_STEPS, MANY_STEPS
from orders import changing, contacts, drafting, finding, letter_facts, redeeming, texts
from orders.changing import FeeChanged
from orders.drafting import Draft
from orders.models import Order, OrderLine
from orders.placing import PriceChanged
from orders.texts import Words
from people.capabilities import Capability
from people.entering import me

Answer = Response | str | tuple[str, int]


class Stale(Conflict):
    """The page showed another order, or another bill, than there is now."""


@dataclass(frozen=True)
class Outcome:
    """What the deed would do beyond the bill: the crate's number, and what its letter says."""

    crate: int | None
    letter: Words | None


@blueprint.get("/ordini/<int:order_id>/cambia")
@door(Capability.KEEP_ORDERS, "tutor")
def choose_change(order_id: int) -> Answer:
    order = get_real(order_id)
    try:
        changing.require_open_for_staff(order)
    except Refused as refused:
        return show(order_id, refused), refused.status
    return _choose(order, change_form.as_it_is(order), keys.new())


@blueprint.post("/ordini/<int:order_id>/cambia")
@door(Capability.KEEP_ORDERS, "tutor")
@inputs.reads_raw
def change_for_somebody(order_id: int) -> Answer:
    """ "Fai il conto" shows what it comes to; "Cambia l'ordine" does it, under the bill that was said and no other."""
    order, key = get_real(order_id), web.form_key_given()
    if keys.find_answer(key) == str(order.id):
        return go(address(order.id))
    form = ChangeForm(request.form, order)
    try:
        changing.require_open_for_staff(order)
        if request.form.get("azione") == "scegli":
            return _choose(order, form, key)
        _require_current(order)
        draft = _draft(order, form)
        if request.form.get("azione") != "cambia":
            return _review(order, form, draft, key)
        is_changed = _change(order, draft, key)
    except Refused as refused:
        return _show_again(order_id, form, key, refused)
    flash(_("L'ordine è cambiato.") if is_changed else _("È come prima: non è cambiato niente."))
    return go(address(order_id))


def said_as(draft: Draft, covered: int) -> str:
    """The bill as it stands above the button; the fee on its own, which may rise while something else gets cheaper.

    ``covered``: cents that vouchers will pay at most.
    """
    return f"{draft.order.estimate}:{draft.order.maximum}:{draft.order.fee}:{covered}"


def _change(order: Order, draft: Draft, key: str) -> bool:
    """Whether anything is different now. Nobody agrees to a sum that they have not heard."""
    said, before = request.form.get("detto", ""), order.version
    if not said:
        raise Stale(_("Prima dì il totale: è qui sotto. Poi conferma."))
    covered = redeeming.would_cover(order.id, draft.order.maximum)
    if draft.surprises or said != said_as(draft, covered):
        raise Stale(_("Il totale è cambiato: dillo di nuovo, poi conferma."))
    with surroundings():
        return _do(order, draft, key, covered, by=me().id).version != before


def _do(order: Order, draft: Draft, key: str, covered: int, *, by: int | None) -> Order:
    return changing.change(
        order.id,
        draft.wishes,
        version=order.version,
        key=key,
        pickup_id=draft.pickup.id,
        address=draft.order.address,
        seen_fee=draft.order.fee,
        seen_held=covered,
        by=by,
        as_staff=True,
    )


def _draft(order: Order, form: ChangeForm) -> Draft:
    where = finding.pickups_to_order_for()
    return drafting.draft(order, form.wanted(order, where), where)


def _require_current(order: Order) -> None:
    """Raises Stale when it was changed on another page meanwhile."""
    if inputs.whole_number(request.form.get("version")) != order.version:
        raise Stale(_("Intanto l'ordine è cambiato. Guarda com'è adesso."))


def _rehearsed(order: Order, draft: Draft) -> Outcome:
    """The deed itself with every check that it makes, taken back before anybody sees."""

    def deed() -> Outcome:
        changed = _do(order, draft, keys.new(), 0, by=None)
        return Outcome(changed.crate, _letter(changed) if changed.email else None)

    return rehearsing.rehearse(deed)


def _letter(order: Order) -> Words:
    """As the citizen will read it, in their language."""
    with force_locale(order.language):
        return letter_facts.fill(texts.get("letter", "changed", order.language), order, texts.seller(), {})


def _show_again(order_id: int, form: ChangeForm, key: str, refused: Refused) -> tuple[str, int]:
    """What was refused, with all that was typed: as a bill where it is about the bill, else to choose again."""
    order = get_real(order_id)
    if isinstance(refused, Stale | OutOfStock | PriceChanged | FeeChanged):
        try:
            return _review(order, form, _draft(order, form), key, _about_the_bill(refused)), refused.status
        except Refused as no_order:
            refused = no_order
    return _choose(order, form, key, refused), refused.status


def _about_the_bill(refused: Refused) -> str:
    """What is short or costs something else now stands below, each with its name."""
    return _("Qualcosa è cambiato.") if isinstance(refused, OutOfStock | PriceChanged) else refused.sentence


def _choose(order: Order, form: ChangeForm, key: str, refused: Refused | None = None) -> str:
    where, mine = finding.pickups_to_order_for(), {line.product_id for line in order.lines}
    others = {
        shelf: [shown.product for shown in found if shown.product.id not in mine and _is_to_be_had(shown.product, form)]
        for shelf, found in shelves.on_shelves(None).items()
    }
    if isinstance(refused, NoPlaceLeft) or (isinstance(refused, TooLate) and changing.may_change_as_staff(order)):
        form.messages.setdefault("ritiro", refused.sentence)
    free = {pickup.id for pickup in where if pickup.places_left > 0}
    return render_template(
        "desk/staff/order_change.html",
        order=order,
        form=form,
        key=key,
        sentence=refused.sentence if refused else "",
        others={shelf: found for shelf, found in others.items() if found},
        options=lambda product, had=None: _options(product, had, form),
        chosen={product_id for product_id, quantity in form.quantities.items() if quantity},
        pickups=where,
        pickup_id=form.pickup_id if form.pickup_id in free else order.pickup_id,
        may_change=changing.may_change_as_staff(order),
        towns=contacts.towns,
        **_say(),
    )


def _review(order: Order, form: ChangeForm, draft: Draft, key: str, sentence: str = "") -> str:
    outcome, covered = None, redeeming.would_cover(order.id, draft.order.maximum)
    if draft.differences:
        outcome = _rehearsed(order, draft)
        draft = _draft(order, form)  # the rehearsal has forgotten what was loaded
    return render_template(
        "desk/staff/order_change_review.html",
        order=order,
        form=form,
        key=key,
        draft=draft,
        said=said_as(draft, covered),
        covered=covered,
        outcome=outcome,
        lists_are_made=any(_is_late(pickup) for pickup in (order.pickup, draft.pickup)),
        sentence=sentence or (_("Qualcosa è cambiato.") if draft.surprises else ""),
        **_say(),
    )


def _options(product: Product, had: OrderLine | None, form: ChangeForm) -> list[tuple[str, int, str]]:
    """(what is sent, quantity, words): whole steps up to what can be had, what it is now, what was chosen."""
    most, wanted = drafting.most(product, had), form.quantities.get(product.id, 0)
    steps = [product.step * n for n in (*range(1, FEW_STEPS + 1), *MANY_STEPS)]
    quantities = sorted({quantity for quantity in steps if quantity <= most} | ({wanted} if wanted else set()))
    found = {quantity: drafting.option(product, had, quantity, order_words.option) for quantity in quantities}
    if had is not None:
        found = {0: _("Togli")} | found | {had.quantity: _("%(amount)s, come adesso", amount=drafting.briefly(had))}
    return [(f"{product.id}:{quantity}:{product.price}", quantity, words) for quantity, words in sorted(found.items())]


def _is_to_be_had(product: Product, form: ChangeForm) -> bool:
    return product.left >= product.step or bool(form.quantities.get(product.id))


def _is_late(pickup: PickUp) -> bool:
    return not pickup.takes_orders_at(clock.now())


def _say() -> dict[str, Any]:
    return {"say": wording, "is_late": _is_late, "left": order_words.left}
