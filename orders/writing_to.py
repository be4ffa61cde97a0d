"""To which address we write: whoever has the link of an order may put right what was mistyped, until hand-over."""

from __future__ import annotations

from flask_babel import gettext as _

from core import inputs, journal
from core.database import transaction
from core.errors import Conflict, Refused, TooManyTries
from orders import contacts, finding, letters, links, mailboxes
from orders.models import Order

LONGEST = 200
MOST_TIMES = 3  # for one order, as long as it stands: a slip, and a slip in putting it right


def may_correct(order: Order) -> bool:
    """Until the crate is with its citizen. Credit that it used belongs to the address that it has."""
    return _obstacle(order) is None


def correct(order_id: int, text: str, *, token: str, by: int | None = None) -> Order:
    """From now on every letter goes there, and the confirmation goes there at once.

    The old address gets nothing more, and links that went there by mail open nothing any more; ``token`` is the one in
    use. The same address again changes nothing. Raises Refused for what is no address, Conflict when it is too late,
    TooManyTries for whoever would have us write to one stranger after the other (decision 5).
    """
    email = contacts.email(inputs.require_line(text, LONGEST, missing=_("Scrivi la tua e-mail.")))
    with transaction() as session:
        order = finding.lock(session, order_id)
        if obstacle := _obstacle(order):
            raise obstacle
        if order.email != email:
            if by is None:
                _require_few(order, email)
            order.email = email
            links.close_mailed(order, but=token)
            entry = journal.record("order.email_changed", order, by=by, practice=order.practice)
            letters.once_more(order, again=entry.key)
    return order


def _require_few(order: Order, email: str) -> None:
    """Of whoever holds the link; somebody who rings speaks with a person."""
    theirs = [entry.action for entry in journal.entries(order) if entry.person_id is None]
    if theirs.count("order.email_changed") >= MOST_TIMES:
        raise TooManyTries(
            _("L'e-mail di questo ordine è già cambiata %(most)d volte: per cambiarla telefonaci.", most=MOST_TIMES)
        )
    if not mailboxes.take_order(email):
        raise TooManyTries(_("A questa e-mail oggi scriviamo già per molti ordini: per usarla telefonaci."))


def _obstacle(order: Order) -> Refused | None:
    if not order.email:
        return Conflict(_("Per questo ordine non abbiamo un'e-mail: telefonaci."))
    if not order.stands:
        return Conflict(_("Questo ordine è già disdetto."))
    if order.handed_over_at is not None:
        return Conflict(_("La cassetta è già stata consegnata."))
    if any(payment.kind == "credit" for payment in order.payments):
        return Conflict(_("Con questo ordine hai usato un credito: per cambiare l'e-mail telefonaci."))
    return None
