"""Cancelling: by the citizen until the cut-off, by the staff until hand-over. What it held goes back at once."""

from __future__ import annotations

from flask_babel import gettext as _

from core import clock, journal
from core.database import transaction
from core.errors import Conflict, TooLate
from orders import finding, letters, reasons, releasing
from orders.models import Order

NOT_PREPARED = "non-preparata"


def may_cancel(order: Order) -> bool:
    """Whether the citizen may still do it alone: until the cut-off, or until it begins if it was moved meanwhile."""
    if not order.stands or order.handed_over_at is not None or order.not_collected_at is not None:
        return False
    moment, pickup = clock.now(), order.pickup
    return pickup.takes_orders_at(moment) or (pickup.moved_at is not None and moment < pickup.from_at)


def cancel(order_id: int, *, by: int | None = None, why: str = "", as_staff: bool = False, gone: bool = False) -> Order:
    """Take the order back. Raises TooLate after the citizen's time; a second time changes nothing.

    ``as_staff``: somebody rang after the cut-off, or nobody prepared it. Its number is never given again (ruling 14).
    ``gone``: what does not keep is there no more, so it is promised to nobody else; jars go back all the same.
    """
    with transaction() as session:
        order = finding.lock_with_pickup(session, order_id)
        if not order.stands:
            return order
        _require_time(order, as_staff)
        releasing.require_unpaid(order)
        order.cancelled_at, order.cancelled_why = clock.now(), why
        releasing.give_back_all([order], by)
        lost = releasing.lose_all([order], by) if gone else {}
        facts = {"lost": {str(product_id): quantity for product_id, quantity in lost.items()}} if lost else {}
        journal.record("order.cancelled", order, by=by, practice=order.practice, **facts)
        letters.cancelled(order)
    return order


def own_up(order_id: int, *, by: int | None, gone: bool = False) -> Order:
    """We did not prepare it, and its keeping time is over: called off by us, with a letter that says sorry.

    Never `handing_over.mark_not_collected`: that would say that its citizen did not come (docs/decisions/0010).
    ``gone`` as in ``cancel``. Raises Conflict while there is time, and once it is ready; a second time changes nothing.
    """
    with transaction() as session:
        order = finding.lock_with_pickup(session, order_id)
        if order.stands and finding.is_kept(order):
            raise Conflict(_("C'è ancora tempo: questa cassetta si può preparare."))
        if order.stands and order.ready_at is not None:
            raise Conflict(_("Questa cassetta è pronta: è venuto qualcuno?"))
        return cancel(order_id, by=by, why=reasons.key(NOT_PREPARED), as_staff=True, gone=gone)


def _require_time(order: Order, as_staff: bool) -> None:
    if order.handed_over_at is not None or order.not_collected_at is not None:
        raise Conflict(_("Questa cassetta non si può più disdire."))
    if not as_staff and not may_cancel(order):
        raise TooLate(_("Il tempo per disdire è finito: telefonaci, troviamo un modo."))
