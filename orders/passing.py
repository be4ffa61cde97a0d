"""A crate goes to a colleague, or a tutor takes it over: who is on it changes, what is in it does not."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock, journal, undo
from core.database import transaction
from core.errors import Conflict, Refused
from orders import finding, working
from orders.models import Order
from orders.working import PASSED, TAKEN_OVER
from people import staff


def pass_on(order_id: int, to: int, *, by: int) -> Order:
    """Whoever is on the crate gives it to somebody who works today. It is then theirs, and first on their Oggi.

    Raises Refused for somebody who is not here, Conflict when another one is on it by now, or it is finished.
    """
    with transaction() as session:
        order = _unfinished(session, order_id)
        if order.practice:
            raise Refused(_("Questa cassetta di prova è solo tua."))
        now = working.on(order)
        if now is None or now.person_id != by:
            raise _changed()
        if to == by or to not in {person.id for person in staff.on_shift(clock.today())}:
            raise Refused(_("Oggi questa persona non lavora qui."))
        journal.record("task.passed", order, by=by, practice=order.practice, to=to)
    return order


def take_over(order_id: int, *, expected: int, by: int) -> Order:
    """A tutor goes on with a crate that ``expected`` is on. Conflict when somebody else is now, or a tutor has it."""
    with transaction() as session:
        order = _unfinished(session, order_id)
        now = working.on(order)
        if now is None or now.person_id != expected or now.is_kept or expected == by:
            raise _changed()
        journal.record("task.taken_over", order, by=by, practice=order.practice, person=expected)
    return order


def take_back(order_id: int) -> None:
    """The inverse of both: whoever was on it before is on it again. Conflict once the crate is finished."""
    with transaction() as session:
        _unfinished(session, order_id)


def have_back(order_id: int, *, expected: int, by: int) -> str:
    """Of a crate that ``by`` has passed on: it is theirs again. Says what was taken back. Conflict once it was begun.

    Only one's own passing: what a tutor took over, or somebody else gave away, is theirs to give back.
    """
    with transaction():
        order = finding.get(order_id)
        deed = undo.newest(order, aside=True)
        if deed is not None and (deed.action, deed.person_id) != (PASSED, by):
            raise _changed()
        return undo.undo_last(order, expected=expected, by=by, aside=True)


def give_back(order_id: int, *, by: int) -> Order:
    """Of a crate that this tutor took over: whoever it was taken from goes on. As if nothing had been, or passed on.

    Raises Conflict when it is not this tutor's any more, Refused when the other has gone home.
    """
    with transaction():  # nothing is held here: each of the two deeds looks again, with locks of its own in order
        order = finding.get(order_id)
        now = working.on(order)
        if now is None or now.taken_from is None or now.person_id != by:
            raise _changed()
        if now.deed.action == TAKEN_OVER:
            undo.undo_last(order, expected=now.deed.id, by=by, aside=True)
        else:
            pass_on(order_id, now.taken_from, by=by)
    return order


def _unfinished(session: Session, order_id: int) -> Order:
    order = finding.lock(session, order_id)
    finding.require_numbered(order)
    if order.labelled_at is not None:
        raise Conflict(_("Questa cassetta è già finita."))
    return order


def _changed() -> Conflict:
    return Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
