"""Finding a crate to hand over: by its picture (the list), by its number (keys), by the QR of its label.

A number or a label that is not there is said calmly and what was typed stays; the second time a tutor is told
(criterion 21). Who may not hand over alone finds it too and then asks the tutor (ruling 13).
"""

from __future__ import annotations

import re

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import wording
from core import clock
from core.doors import door
from core.errors import NotFound
from desk import blueprint
from desk.answering import do_once, go, number
from desk.paging import page_of
from desk.proposing import badge_first
from orders import finding, practising
from orders.models import Order
from people.capabilities import Capability
from people.entering import me
from training import helping

ROOM = "/banco/consegna"
BY_NUMBER, BY_LABEL = f"{ROOM}/trova", f"{ROOM}/etichetta"
LABEL = re.compile(r"/banco/(?:casse|consegna)/([0-9]{1,9})$")
"""What the QR of a crate's label holds, after the address of this shop (orders/documents.py)."""
MOST_DIGITS = 2  # a pick-up has at most 60 crates (ruling 14)
Page = str | tuple[str, int] | Response


@blueprint.get("/consegna/trova")
@door(Capability.WORK_AT_DESK, "numero")
def number_to_find() -> Page:
    """The keys; of several crates with one number, those to choose from."""
    if elsewhere := badge_first(Capability.HAND_OVER):
        return elsewhere
    same = _with_number(_digits(request.args.get("quale", "")))
    if len(same) > 1:
        crates = page_of(same, all_at_once=False)
        return render_template("desk/which_crate.html", crates=crates, number=same[0].crate, place=wording.place)
    return _keys(request.args.get("cifre", ""))


@blueprint.post("/consegna/trova")
@door(Capability.WORK_AT_DESK, "numero")
def find_by_number() -> Page:
    if elsewhere := badge_first(Capability.HAND_OVER):
        return elsewhere
    asked = _digits(request.form.get("numero", ""))
    if not asked:
        return _keys("", said=_("Guarda la cassetta. Scrivi il suo numero.")), 422
    found = _with_number(asked)
    if len(found) > 1:
        return go(f"{BY_NUMBER}?quale={asked}")
    if found:
        return go(f"{ROOM}/{found[0].id}")
    said = _("Non trovo la cassetta %(number)s. Guarda ancora il numero.", number=asked)
    told = _tell_tutor()
    return _keys(str(asked), said=said, tries=_tries() + 1, told=told), NotFound.status


@blueprint.get("/consegna/etichetta")
@door(Capability.WORK_AT_DESK, "passo", uses={"camera"})
def label_to_show() -> Page:
    if elsewhere := badge_first(Capability.HAND_OVER):
        return elsewhere
    return _label()


@blueprint.post("/consegna/etichetta")
@door(Capability.WORK_AT_DESK, "passo", uses={"camera"})
def find_by_label() -> Page:
    """What the camera or a reader has read of a label. It names an order and nothing else."""
    if elsewhere := badge_first(Capability.HAND_OVER):
        return elsewhere
    read = LABEL.search(request.form.get("codice", "").strip())
    if read and _is_of_today(int(read[1])):
        return redirect(f"{ROOM}/{read[1]}", 303)
    told = _tell_tutor()
    return _label(said=_("Questa non è una cassetta di oggi."), tries=_tries() + 1, told=told), NotFound.status


def _keys(typed: str, *, said: str = "", tries: int = 0, told: bool = False) -> str:
    digits = str(_digits(typed) or "")
    return render_template(
        "desk/find_number.html", typed=digits, most=MOST_DIGITS, said=said, tries=tries or _tries(), help_called=told
    )


def _label(*, said: str = "", tries: int = 0, told: bool = False) -> str:
    return render_template("desk/find_label.html", said=said, tries=tries or _tries(), help_called=told)


def _with_number(wanted: int) -> list[Order]:
    """Today's and those of yesterday that wait: two pick-ups may each have a crate with this number."""
    return [order for order in practising.to_hand_over(me()) if order.crate == wanted] if wanted else []


def _is_of_today(order_id: int) -> bool:
    """One to give, or one of today's that is given already or not ready yet: its own page says which."""
    try:
        order = finding.get(order_id)
    except NotFound:
        return False
    if order.practice != me().practises or not order.stands or order.crate is None:
        return False
    return order.pickup.day == clock.today() or order.id in {waiting.id for waiting in practising.to_hand_over(me())}


def _tries() -> int:
    """How often it was not there, one after another: the page itself remembers."""
    tries = number("volte") if request.method == "POST" else request.args.get("volte", 0, type=int)
    return min(max(tries, 0), 9)


def _tell_tutor() -> bool:
    """The second time a tutor is called, once for each form. Whoever is a tutor looks for themselves."""
    person = me()
    if person.is_staff or _tries() == 0:
        return False
    do_once(lambda: helping.call(person, screen=request.path), about_me=True)
    return True


def _digits(raw: str) -> int:
    """0 for anything that is no number of a crate."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MOST_DIGITS else 0
