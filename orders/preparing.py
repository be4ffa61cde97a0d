"""Preparing a crate: one line at a time, each a deed with its undo. Weights in net grams.

``version`` is what the screen showed; when another tablet was faster nothing changes and the screen says who did what.
"""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import wording
from catalog.models import Kind
from core import clock, journal
from core.database import transaction
from core.errors import Conflict, Refused
from core.formats import easy_weight
from orders import finding, letters
from orders.models import LineState, Order, OrderLine

WRONG_UNIT = 100  # a weight so many times too large or too small is kilos for grams, or the other way round
ODD = 2  # less than half or more than twice what was ordered is asked once more
HEAVIEST = 100_000  # grams on one scale


class AlreadyDone(Conflict):
    """Another tablet was faster. ``details['line']`` is the line as it is now."""


class Doubtful(Refused):
    """So far from what was ordered that one looks at the scale again; who is sure says so and goes on."""


def take_line(order_id: int, line_id: int, *, version: int, by: int | None, lot: str | None = None) -> OrderLine:
    """The pieces of a line that is not weighed are in the crate."""
    with transaction() as session:
        order, line = _open_line(session, order_id, line_id, version)
        if line.is_weighed:
            raise Refused(_("Questo si pesa."))
        _pack(line, LineState.TAKEN, lot)
        journal.record("line.taken", order, by=by, practice=order.practice, line=line.id)
    return line


def weigh_line(
    order_id: int,
    line_id: int,
    grams: int,
    *,
    version: int,
    by: int | None,
    lot: str | None = None,
    sure: bool = False,
) -> OrderLine:
    """The line is in the crate and weighs ``grams`` net.

    Raises Refused for a weight that cannot be, Doubtful for one that is odd, unless somebody is ``sure``.
    """
    with transaction() as session:
        order, line = _open_line(session, order_id, line_id, version)
        _require_believable(line, grams, sure)
        line.weighed_grams = grams
        _pack(line, LineState.TAKEN, lot)
        journal.record("line.weighed", order, by=by, practice=order.practice, line=line.id, grams=grams)
    return line


def mark_missing(order_id: int, line_id: int, *, version: int, by: int | None) -> OrderLine:
    """There is none of it: the citizen does not pay it."""
    with transaction() as session:
        order, line = _open_line(session, order_id, line_id, version)
        _pack(line, LineState.MISSING, None)
        journal.record("line.missing", order, by=by, practice=order.practice, line=line.id)
    return line


def finish(order_id: int, *, by: int | None) -> Order:
    """Every line is settled and looked over: the crate is ready and the letter with the real weights waits for undo."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if not order.is_prepared:
            raise Conflict(_("Manca ancora qualcosa nella cassetta."))
        if order.ready_at is None:
            order.ready_at = clock.now()
            entry = journal.record("order.ready", order, by=by, practice=order.practice)
            letters.ready(order, deed=entry.key)
    return order


def label(order_id: int, *, by: int | None) -> Order:
    """The label is on the crate."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if order.ready_at is None:
            raise Conflict(_("Prima prepara la cassetta."))
        if order.labelled_at is None:
            order.labelled_at = clock.now()
            journal.record("order.labelled", order, by=by, practice=order.practice)
    return order


def reopen_line(order_id: int, line_id: int) -> None:
    """The inverse of taking, weighing and missing. Raises Conflict when the crate is closed already."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        if order.ready_at is not None:
            raise Conflict(_("La cassetta è già pronta."))
        line = finding.get_line(order, line_id)
        line.state, line.weighed_grams, line.packed, line.lot = LineState.WAITING, None, None, None
        line.version += 1


def reopen(order_id: int) -> None:
    """The inverse of finishing. Raises Conflict when the crate has gone."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        if order.handed_over_at is not None or order.labelled_at is not None:
            raise Conflict(_("La cassetta è già andata avanti."))
        order.ready_at = None


def unlabel(order_id: int) -> None:
    """The inverse of labelling."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        if order.handed_over_at is not None:
            raise Conflict(_("La cassetta è già stata data."))
        order.labelled_at = None


def what_is(line: OrderLine) -> str:
    """'2 mazzi di bietole', '480 grammi di carote' in a few easy words, for the screens and for undo."""
    name = wording.name(line)
    name = name[:1].lower() + name[1:]
    if line.kind == Kind.BY_WEIGHT or line.weighed_grams:
        return _("%(weight)s di %(name)s", weight=easy_weight(line.weighed_grams or line.quantity), name=name)
    unit = wording.unit(line, line.quantity)
    if not unit:
        return f"{line.quantity} {name}"
    return ngettext("%(num)s %(unit)s di %(name)s", "%(num)s %(unit)s di %(name)s", line.quantity, unit=unit, name=name)


def harvest_lot(day: date) -> str:
    return day.isoformat()


def _open_line(session, order_id: int, line_id: int, version: int) -> tuple[Order, OrderLine]:
    order = finding.lock(session, order_id)
    finding.require_standing(order)
    line = finding.get_line(order, line_id)
    if line.version != version or line.is_prepared:
        raise AlreadyDone(_("Questo è già fatto."), line=line)
    if order.ready_at is not None:
        raise Conflict(_("La cassetta è già pronta."))
    return order, line


def _pack(line: OrderLine, state: LineState, lot: str | None) -> None:
    line.state = state
    line.lot = None if state == LineState.MISSING else lot or harvest_lot(clock.today())
    line.version += 1


def _require_believable(line: OrderLine, grams: int, sure: bool) -> None:
    expected = line.expected_grams
    if expected is None:
        raise Refused(_("Questo non si pesa."))
    if not 0 < grams <= HEAVIEST:
        raise Refused(_("Guarda la bilancia e scrivi i grammi."))
    if grams * WRONG_UNIT <= expected or grams >= expected * WRONG_UNIT:
        raise Refused(_("Sono grammi o chili? Scrivi i grammi."))
    if not sure and (grams * ODD < expected or grams > expected * ODD):
        raise Doubtful(_("%(weight)s? Guarda ancora la bilancia.", weight=easy_weight(grams)))
