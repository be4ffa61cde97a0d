"""What the last button was pressed under: the sums that the page showed come back with its form."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from core import inputs
from core.errors import Conflict
from core.formats import euro
from orders.models import Order
from shop.basket import Sums


def differences(now: Sums) -> list[str]:
    """The old and the new sum, each where it is another one now. Nothing where the form said none."""
    goods, most, fee = (_shown(name) for name in ("prodotti", "massimo", "spesa"))
    if goods is None or most is None or fee is None:
        return []
    sums = [(_("Totale"), goods + fee, now.total)]
    if not now.is_exact:
        sums.append((_("Al massimo paghi"), most + fee, now.maximum))
    return [
        _("%(name)s: prima %(before)s, ora %(now)s.", name=name, before=euro(before), now=euro(after))
        for name, before, after in sums
        if before != after
    ]


def require_no_more(order: Order) -> None:
    """Called where it is placed, before that stands: a piece may be counted heavier now, at the same price by the kilo.

    Raises Conflict where the goods, or the most that they can cost, are more than was shown. The fee has its own word.
    """
    goods, most = _shown("prodotti"), _shown("massimo")
    if (goods is not None and order.goods > goods) or (most is not None and order.maximum - order.fee > most):
        raise Conflict(_("Il conto è cambiato: guardalo ancora, poi decidi tu."))


def _shown(name: str) -> int | None:
    """Cents."""
    return inputs.whole_number(request.form.get(name))
