"""Preparing a crate: one line at a time, each a deed with its undo. Weights in net grams.

``version`` is what the screen showed; when another tablet was faster nothing changes and the screen says who did what.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from catalog import harvest, wording
from catalog.models import Kind
from core import clock, journal
from core.database import transaction
from core.errors import Conflict, Refused
from core.formats import easy_weight
from orders import finding, letters, paying, redeeming, releasing
from orders.models import LineState, Order, OrderLine

WRONG_UNIT = 100  # a weight so many times too large or too small is kilos for grams, or the other way round
ODD = 2  # less than half or more than twice what was ordered is asked once more
HEAVIEST = 100_000  # grams on one scale
MOST_CRATES = 5


class AlreadyDone(Conflict):
    """Another tablet was faster. ``details['line']`` is the line as it is now."""


class NoneThere(Refused):
    """0 is not less but none: that is a deed of its own, mark_missing."""


class Doubtful(Refused):
    """So far from what was ordered that one looks at the scale again; who is sure says so and goes on."""


def take_line(order_id: int, line_id: int, *, version: int, by: int | None, lot: str | None = None) -> OrderLine:
    """The pieces of a line that is not weighed are in the crate."""
    with transaction() as session:
        order, line = open_line(session, order_id, line_id, version)
        if line.is_weighed:
            raise Refused(_("Questo si pesa."))
        pack(line, LineState.TAKEN, lot)
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
    in_container: bool = False,
) -> OrderLine:
    """The line is in the crate. ``grams`` are net, or what the scale says with the product's container on it.

    Raises Refused for a weight that cannot be, Doubtful for one that is odd, unless somebody is ``sure``.
    """
    with transaction() as session:
        order, line = open_line(session, order_id, line_id, version)
        tare = _tare(line) if in_container else 0
        _require_believable(grams - tare, _expected(line), sure, tare)
        line.weighed_grams, line.tare_grams = grams - tare, tare or None
        pack(line, LineState.TAKEN, lot)
        journal.record(
            "line.weighed", order, by=by, practice=order.practice, line=line.id, grams=grams - tare, tare=tare
        )
    return line


def pack_short(
    order_id: int,
    line_id: int,
    *,
    pieces: int | None = None,
    grams: int | None = None,
    version: int,
    by: int | None,
    lot: str | None = None,
    sure: bool = False,
    in_container: bool = False,
) -> OrderLine:
    """Less is in the crate than was ordered: ``pieces``, ``grams`` as in weigh_line where it is weighed, or both.

    The citizen pays what is there. Raises NoneThere for 0, Refused for what is not less, Doubtful for a weight that
    is odd.
    """
    with transaction() as session:
        order, line = open_line(session, order_id, line_id, version)
        tare = _tare(line) if in_container else 0
        grams = grams if grams is None else grams and grams - tare  # 0 is none, bowl or not
        if line.kind == Kind.BY_WEIGHT:
            require_less(grams, line.quantity)
            _require_believable(grams or 0, line.quantity, sure=True)
        else:
            require_less(pieces, line.quantity)
            line.packed = pieces
        if line.kind == Kind.PIECE_BY_WEIGHT:
            _require_believable(grams or 0, (pieces or 0) * (line.piece_grams or 0), sure, tare)
        line.weighed_grams, line.tare_grams = (grams, tare or None) if line.is_weighed else (None, None)
        packed = line.packed
        pack(line, LineState.SHORT, lot)
        journal.record(
            "line.short", order, by=by, practice=order.practice, line=line.id, pieces=packed, grams=line.weighed_grams
        )
    return line


def keep_second_weight(order_id: int, line_id: int, grams: int, *, by: int | None) -> None:
    """Two tablets weighed the same line: the second weight is kept too, and the screen asks which (ruling 10)."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        line = finding.get_line(order, line_id)
        journal.record(
            "line.weighed_twice",
            order,
            by=by,
            practice=order.practice,
            line=line.id,
            grams=grams,
            stands=line.weighed_grams,
        )


def reweigh(order_id: int, line_id: int, grams: int, *, version: int, by: int | None, sure: bool = False) -> OrderLine:
    """Another weight for a line that is in the crate, while the crate is open. Net grams."""
    with transaction() as session:
        order = open_crate(session, order_id)
        line = finding.get_line(order, line_id)
        if line.weighed_grams is None or line.version != version:
            raise AlreadyDone(_("Questo è già fatto."), line=line)
        _require_believable(grams, _expected(line), sure)
        before = [line.weighed_grams, line.tare_grams]
        line.weighed_grams, line.tare_grams, line.version = grams, None, line.version + 1
        journal.record(
            "line.reweighed", order, by=by, practice=order.practice, line=line.id, before=before, grams=grams
        )
    return line


def weigh_back(order_id: int, line_id: int, grams: int, tare: int | None) -> None:
    """The inverse of weighing again."""
    with transaction() as session:
        line = finding.get_line(open_crate(session, order_id), line_id)
        if line.weighed_grams is None:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        line.weighed_grams, line.tare_grams, line.version = grams, tare, line.version + 1


def mark_missing(order_id: int, line_id: int, *, version: int, by: int | None) -> OrderLine:
    """There is none of it: the citizen does not pay it."""
    with transaction() as session:
        order, line = open_line(session, order_id, line_id, version)
        pack(line, LineState.MISSING, None)
        journal.record("line.missing", order, by=by, practice=order.practice, line=line.id)
    return line


def finish(order_id: int, *, by: int | None) -> Order:
    """Every line is settled and looked over: the crate is ready, credit pays its part, the letter waits for undo."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if not order.is_prepared:
            raise Conflict(_("Manca ancora qualcosa nella cassetta."))
        if order.ready_at is None:
            order.ready_at = clock.now()
            facts = {"vouchers": paid} if (paid := redeeming.pay(order, by)) else {}
            used = paying.use_credit(order, by)
            entry = journal.record("order.ready", order, by=by, practice=order.practice, credit=used, **facts)
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


def set_crates(order_id: int, crates: int, *, by: int | None) -> Order:
    """The order fills so many crates: all with the same number, '2 di 2' on the second (ruling 14)."""
    if not 1 <= crates <= MOST_CRATES:
        raise Refused(_("Possono essere da 1 a %(most)d cassette.", most=MOST_CRATES))
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if order.handed_over_at is not None:
            raise Conflict(_("La cassetta è già stata data."))
        if order.crates != crates:
            before, order.crates = order.crates, crates
            journal.record("order.crates", order, by=by, practice=order.practice, before=before, after=crates)
    return order


def restore_crates(order_id: int, expected: int, crates: int) -> None:
    """The inverse of counting the crates. Raises Conflict when they were counted again."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if order.crates != expected or order.handed_over_at is not None:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        order.crates = crates


def reopen_line(order_id: int, line_id: int) -> None:
    """The inverse of taking, weighing, missing and short. Raises Conflict when the crate is closed already."""
    with transaction() as session:
        line = finding.get_line(open_crate(session, order_id), line_id)
        line.state, line.weighed_grams, line.packed, line.lot = LineState.WAITING, None, None, None
        line.tare_grams = None
        line.version += 1


def reopen(order_id: int, credit: list[int], *, by: int | None) -> None:
    """The inverse of finishing; credit that it used goes back, vouchers hold again.

    Raises Conflict when the crate has gone.
    """
    with transaction() as session:
        order = finding.lock_with_pickup(session, order_id)
        finding.require_standing(order)
        if order.handed_over_at is not None or order.labelled_at is not None:
            raise Conflict(_("La cassetta è già andata avanti."))
        if order.settled != paying.goes_back_by_itself(order):
            raise Conflict(_("Qualcosa è già stato pagato. Prima torna indietro con i soldi."))
        order.ready_at = None
        redeeming.unpay(order, by)
        if credit:  # not by these ids: a pick-up called off and on again has booked it anew
            releasing.give_back_credit(order, by)


def unlabel(order_id: int) -> None:
    """The inverse of labelling."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if order.handed_over_at is not None:
            raise Conflict(_("La cassetta è già stata data."))
        order.labelled_at = None


def what_is(line: OrderLine) -> str:
    """'2 mazzi di bietole', '480 grammi di carote' in a few easy words, for the screens and for undo."""
    name = wording.name(line)
    name = name[:1].lower() + name[1:]
    if line.kind == Kind.BY_WEIGHT or line.weighed_grams:
        return _("%(weight)s di %(name)s", weight=easy_weight(line.weighed_grams or line.quantity), name=name)
    pieces = line.packed or line.quantity
    unit = wording.unit(line, pieces)
    if not unit:
        return f"{pieces} {name}"
    return ngettext("%(num)s %(unit)s di %(name)s", "%(num)s %(unit)s di %(name)s", pieces, unit=unit, name=name)


def open_crate(session: Session, order_id: int) -> Order:
    """The order, held, while its crate is not closed yet. Raises Conflict."""
    order = finding.lock(session, order_id)
    finding.require_numbered(order)
    if order.ready_at is not None:
        raise Conflict(_("La cassetta è già pronta."))
    return order


def open_line(session: Session, order_id: int, line_id: int, version: int) -> tuple[Order, OrderLine]:
    """The line, held, if it still waits as the screen showed it. Raises AlreadyDone, Conflict."""
    order = finding.lock(session, order_id)
    finding.require_numbered(order)
    line = finding.get_line(order, line_id)
    if line.version != version or line.is_prepared:
        raise AlreadyDone(_("Questo è già fatto."), line=line)
    if order.ready_at is not None:
        raise Conflict(_("La cassetta è già pronta."))
    return order, line


def pack(line: OrderLine, state: LineState, lot: str | None = None) -> None:
    """Settle a held line; part of another deed."""
    line.state = state
    line.lot = None if state == LineState.MISSING else lot or _lot_of(line)
    line.version += 1


def _lot_of(line: OrderLine) -> str:
    """What was written down when it arrived for this pick-up, else today's harvest."""
    arrival = harvest.find_arrival(line.product_id, line.order.pickup_id)
    return arrival.lot if arrival else harvest.lot_of(clock.today())


def _tare(line: OrderLine) -> int:
    container = line.product.container
    return container.tare_grams if container else 0


def _expected(line: OrderLine) -> int:
    if line.expected_grams is None:
        raise Refused(_("Questo non si pesa."))
    return line.expected_grams


def require_less(packed: int | None, ordered: int) -> None:
    """Pieces or grams that are there, of those ordered. Raises NoneThere for 0, Refused for what is not less."""
    if packed == 0:
        raise NoneThere(_("Se non ce n’è, tocca «Non ce n’è»."))
    if packed is None or not 0 < packed < ordered:
        raise Refused(_("Scrivi quanto ce n'è: meno di quello che serve."))


def _require_believable(grams: int, expected: int, sure: bool, tare: int = 0) -> None:
    if not 0 < grams <= HEAVIEST:
        raise Refused(_("Guarda la bilancia e scrivi i grammi."))
    if grams * WRONG_UNIT <= expected or grams >= expected * WRONG_UNIT:
        raise Refused(_("Sono grammi o chili? Scrivi i grammi."))
    if not sure and (grams * ODD < expected or grams > expected * ODD):
        raise Doubtful(_("%(weight)s? Guarda ancora la bilancia.", weight=easy_weight(grams + tare)))
