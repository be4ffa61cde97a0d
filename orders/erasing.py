"""A citizen wants to be forgotten (art. 17 GDPR): what goes now, what stays because of the law, what must end first.

Two steps, because nothing brings it back: the page says all of it, a second one asks.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_
from sqlalchemy.orm import Session

from adapters.models import KeptMail
from core import journal, keys
from core.database import transaction
from core.errors import Conflict, NotFound, Refused
from orders import citizens, forgetting, paying
from orders.citizens import CitizenAccount
from orders.models import Credit, Order
from orders.signing_in import SignInLink
from orders.waiting import Waiting


@dataclass(frozen=True)
class Outlook:
    """What erasing would do. ``unfinished``: orders that must be finished or called off first. ``credit`` in cents."""

    orders: int
    unfinished: list[Order]
    credit: int


def outlook(account: CitizenAccount) -> Outlook:
    """As it is now; the deed looks again. As many statements for many orders as for few."""
    theirs = citizens.orders_of(account)
    return Outlook(len(theirs), forgetting.still_open(theirs), citizens.credit_of(account))


def require_possible(seen: Outlook, *, gives_up_credit: bool) -> None:
    """Raises Conflict while an order is open, Refused where credit is left and nobody has said that it may be lost."""
    if seen.unfinished:
        raise Conflict(_("Hai ancora un ordine aperto: prima finisce o lo disdici, poi cancelliamo tutto."))
    if seen.credit and not gives_up_credit:
        raise Refused(
            _("Hai ancora un credito con noi: se cancelli si perde. Segna che va bene così."), field="credito"
        )


def erase(account_id: int, *, key: str, gives_up_credit: bool = False) -> None:
    """Everything that says who they are, in one transaction. A repeat of the same form does nothing.

    Raises Conflict and Refused as `require_possible`, NotFound when it was done already.
    """
    with transaction() as session:
        if not keys.claim(key):
            return
        account = session.get(CitizenAccount, account_id, with_for_update={"of": CitizenAccount})
        if account is None:
            raise NotFound(_("Qui non c'è più niente di tuo: i dati sono stati cancellati."))
        ids = list(session.scalars(citizens.mine(account.email).with_only_columns(Order.id)))
        forgotten = {order.id for order in forgetting.forget(ids, why="asked")}
        unfinished = [order for order in citizens.orders_of(account) if order.id not in forgotten]
        credit = _held(session, account.email)
        balance = credit.balance if credit else 0
        require_possible(Outlook(len(ids), unfinished, balance), gives_up_credit=gives_up_credit)
        if credit is not None:
            _give_up(session, credit)
        _clear_mail(session, account.email)
        journal.record("citizen.erased", account, orders=len(ids))
        session.delete(account)


def _held(session: Session, email: str) -> Credit | None:
    return session.get(Credit, paying.of_email(email), with_for_update=True, populate_existing=True)


def _give_up(session: Session, credit: Credit) -> None:
    """What is left stays in the books, under a name that nobody has: it was given, and nobody has used it."""
    if credit.balance:
        session.add(Credit(holder=f"gone:{secrets.token_hex(8)}", balance=credit.balance, carried=credit.carried))
    session.delete(credit)
    session.flush()


def _clear_mail(session: Session, email: str) -> None:
    """Where it waits for a place, links for coming in, letters that stayed in the house for want of a mail server."""
    session.execute(delete(Waiting).where(func.lower(Waiting.email) == email))
    session.execute(delete(SignInLink).where(SignInLink.email == email))
    to = func.lower(KeptMail.to)
    session.execute(delete(KeptMail).where(or_(to == email, to.endswith(f"<{email}>", autoescape=True))))
