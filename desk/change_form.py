"""What somebody on the phone wants their order to become, in one form: goods, substitution, pick-up, address."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from catalog.models import PickUp
from core import inputs
from core.errors import Refused
from desk.call_form import ADDRESS, Written
from orders import contacts
from orders.drafting import Wanted
from orders.models import Order


class ChangeForm(Written):
    """What the order should become. A product that the form does not name stays as it is."""

    def __init__(self, sent: Mapping[str, str], order: Order) -> None:
        super().__init__(sent)
        self.pickup_id = inputs.whole_number(sent.get("ritiro"))
        self.may_substitute = "simile" in sent
        self.quantities = {line.product_id: line.quantity for line in order.lines}
        self.prices: dict[int, int] = {}
        self.is_unread = False  # some list has sent what no list of ours sends
        for row in self._rows():
            match row:
                case [int(product_id), int(quantity), int(price)]:
                    self.quantities[product_id], self.prices[product_id] = quantity, price
                case [None]:  # nothing of what is not ordered yet
                    pass
                case _:
                    self.is_unread = True

    def wanted(self, order: Order, where: list[PickUp]) -> Wanted:
        """Raises Refused where the address of a round is not all there."""
        pickup, home = next((each for each in where if each.id == self.pickup_id), None), ""
        if pickup is not None and pickup.place.kind == "round" and not self._stays(order, pickup):
            home = self.address(pickup)
        if self.messages:
            count = len(self.messages)
            raise Refused(
                ngettext("C'è ancora %(num)s cosa da guardare", "Ci sono ancora %(num)s cose da guardare", count)
            )
        pickup_id = -1 if self["ritiro"] and self.pickup_id is None else self.pickup_id
        return Wanted(self.quantities, self.prices, pickup_id, self.may_substitute, home, self.is_unread)

    def _stays(self, order: Order, pickup: PickUp) -> bool:
        """The same house and the same round: it was agreed to once, also where the round has become smaller since."""
        if not order.address or pickup.place_id != order.pickup.place_id:
            return False
        return tuple(inputs.one_line(self[name]) for name in ADDRESS) == contacts.parts(order.address)


def as_it_is(order: Order) -> ChangeForm:
    """The form as the page shows it first."""
    given = dict(zip(ADDRESS, contacts.parts(order.address), strict=True))
    sent = MultiDict({"ritiro": str(order.pickup_id), **given})
    if any(line.may_substitute for line in order.lines):
        sent["simile"] = "1"
    return ChangeForm(sent, order)
