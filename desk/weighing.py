"""Weighing. Where two tablets weighed the same thing both numbers are kept and the screen asks which (ruling 10)."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from core import journal, keys
from core.database import transaction
from core.doors import door
from core.errors import Conflict, Refused
from core.web import form_key_given
from desk import blueprint, words
from desk.answering import do_once, get_crate, go, number, surroundings
from desk.crate_screens import Answer, address, do_on_line, find_who_did, show_already_done
from desk.on_the_way import along, screen_of
from orders import finding, preparing
from orders.models import Order, OrderLine
from orders.preparing import AlreadyDone, Doubtful
from people.capabilities import Capability
from people.entering import me

ASKED = "quale"  # what the form of a second weight is answered with


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/peso")
@door(Capability.PREPARE, "numero")
def weigh(order_id: int, line_id: int) -> Answer:
    """What the scale says; the container that the screen spoke of is taken off here, not by a person."""

    def deed(by: int) -> str:
        grams, version = number("grams"), number("version")
        sure = number("sure") == grams  # of this number and of no other that was typed since
        line = preparing.weigh_line(
            order_id, line_id, grams, version=version, by=by, sure=sure, in_container=in_container()
        )
        return _("Messo: %(what)s.", what=preparing.what_is(line))

    answer = do_on_line(order_id, line_id, deed, faster=_keep_both)
    if keys.find_answer(form_key_given()) == ASKED:  # the second tap of a double tap asks the same
        order = get_crate(order_id)
        return _ask(order, finding.get_line(order, line_id))
    return answer


@blueprint.get("/casse/<int:order_id>/righe/<int:line_id>/quale")
@door(Capability.PREPARE, "scelta")
def which_weight(order_id: int, line_id: int) -> Answer:
    order = get_crate(order_id)
    line = finding.get_line(order, line_id)
    own = _find_own(order, line)
    if own is None or not _can_be_asked(order, line, own):
        return go(screen_of(line))
    return _show(order, line, own)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/quale")
@door(Capability.PREPARE, "scelta")
def choose_own(order_id: int, line_id: int) -> Answer:
    """The second weight counts: from the journal, where it was kept, and not from the page."""
    order = get_crate(order_id)
    line = finding.get_line(order, line_id)
    own, by, version, said = _find_own(order, line), me().id, number("version"), []
    if own is None:
        return go(screen_of(line))
    try:
        sure = number("sure") == own
        do_once(lambda: said.append(preparing.reweigh(order_id, line_id, own, version=version, by=by, sure=sure)))
    except AlreadyDone:
        flash(_("Guarda di nuovo."))
        return go(along(f"{address(order_id)}/righe/{line_id}/quale"))
    except Conflict:
        raise
    except Refused as refused:
        return _show(order, line, own, refused), refused.status
    for chosen in said:
        flash(_("Messo: %(what)s.", what=preparing.what_is(chosen)))
    return go(screen_of(line))


def in_container() -> bool:
    """Whether the screen asked for the product's container."""
    return number("ciotola") == 1


def _keep_both(order: Order, line: OrderLine) -> Answer:
    """Another tablet was faster: this weight is kept too, in a deed of its own."""
    own, by = number("grams") - (words.tare(line) if in_container() else 0), me().id
    if not _can_be_asked(order, line, own):
        return show_already_done(order, line)
    with surroundings(), transaction():
        if keys.claim(form_key_given(), ASKED):
            preparing.keep_second_weight(order.id, line.id, own, by=by)
    return _ask(order, line)


def _can_be_asked(order: Order, line: OrderLine, own: int) -> bool:
    """Only where there is a choice: another weight, in a crate that is still open."""
    return order.ready_at is None and line.weighed_grams is not None and own > 0 and own != line.weighed_grams


def _ask(order: Order, line: OrderLine) -> Answer:
    own = _find_own(order, line)
    if own is None or not _can_be_asked(order, line, own):
        return go(screen_of(line))
    return _show(order, line, own), Conflict.status


def _show(order: Order, line: OrderLine, own: int, refused: Refused | None = None) -> str:
    return render_template(
        "desk/which.html",
        order=order,
        line=line,
        own=own,
        me=me(),
        who=find_who_did(order, line),
        refused=refused,
        sure=isinstance(refused, Doubtful),
        help_from=along(f"{address(order.id)}/righe/{line.id}/quale"),
    )


def _find_own(order: Order, line: OrderLine) -> int | None:
    """Net grams of the last second weight that this person has given for this line."""
    by = me().id
    for entry in journal.entries(order):
        if entry.action == "line.weighed_twice" and entry.data["line"] == line.id and entry.person_id == by:
            return entry.data["grams"]
    return None
