"""Why a letter waits, when it leaves, and why it cannot be stopped: in words for the staff."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core import clock, formats
from core.clock import ROME
from core.outbox import Item
from orders import departures
from orders.models import Order
from training.words import time


def why(item: Item) -> str:
    """One or two sentences: what it waits for."""
    if item.state == "claimed":
        return _("Sta partendo.")
    if departures.is_in_trouble(item):
        return _("La posta non ha risposto. Riproviamo da soli %(moment)s.", moment=when(item.try_after))
    if item.attempts:
        return _("Adesso non è vera, ma al banco si può ancora tornare indietro: la guardiamo di nuovo.")
    if item.try_after <= clock.now():
        return _("Parte tra un momento.")
    if item.deed:
        return _("Aspetta: fino ad allora al banco si può tornare indietro.")
    return _("Parte da sola.")


def leaves(item: Item) -> str:
    """'adesso', 'oggi alle 10:15', 'il 3/12 alle 9:00'."""
    return _("adesso") if item.try_after <= clock.now() else when(item.try_after)


def when(moment: datetime) -> str:
    """'oggi alle 10:15', or with its day."""
    if moment.astimezone(ROME).date() == clock.today():
        return _("oggi alle %(time)s", time=time(moment))
    return _("%(day)s alle %(time)s", day=formats.day(moment), time=time(moment))


def to_whom(order: Order | None) -> str:
    """'m•••@posta.example': enough to recognise, not to read (ruling 17)."""
    return formats.masked(order.email) if order and order.email else _("nessun indirizzo")


def why_always(item: Item) -> str:
    """Why it cannot be stopped."""
    if item.payload.get("letter") == "withdrawal":
        return _("Parte sempre: la legge vuole che chi recede abbia subito la sua ricevuta.")
    if item.payload.get("letter") == "cancelled":
        return _("Parte sempre: chi ha disdetto deve averlo per scritto.")
    return _("Parte sempre: la legge vuole che chi ordina abbia per scritto quello che ha ordinato.")
