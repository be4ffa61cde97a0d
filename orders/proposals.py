"""What a co-resident without the grant may propose (ruling 13): each is carried out by the verb that does it anyway."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import products, stock, wording
from catalog.models import Kind, Product
from core import proposing
from core.database import db
from core.errors import Conflict, Refused
from core.formats import easy_money, easy_weight
from core.proposing import Deed, Proposal
from orders import finding, handing_over, shelves
from orders.models import Order
from people.capabilities import Capability

HAND_OVER, CASH, CARD = "order.handed_over", "order.cash_taken", "order.card_taken"
NOT_COLLECTED = "order.not_collected"
COUNT, PRICE = "stock.counted", "product.priced"
OF_ORDERS = (HAND_OVER, CASH, CARD, NOT_COLLECTED)
OF_PRODUCTS = (COUNT, PRICE)

REASONS = {
    "together": _l("Ne parliamo insieme."),
    "look": _l("Guarda ancora una volta."),
    "later": _l("Lo facciamo più tardi."),
    proposing.CHANGED: _l("Intanto è cambiato."),
}
"""Why not, in prepared words that the person reads: nobody writes anything by hand here."""


def hand_over(
    order: Order, *, by: int, device: int | None, to_collector: bool = False, paid: str = "", cents: int = 0
) -> Proposal:
    """Ask whether the crate may be given. ``paid``: "cash" or "card" where the money comes with it, as was shown."""
    _require_real(order)
    what = {"collector": to_collector, "paid": paid, "cents": cents if paid else 0}
    return proposing.propose(HAND_OVER, order, by=by, device=device, **what)


def take_money(order: Order, how: str, *, cents: int, by: int, device: int | None) -> Proposal:
    """Ask whether this sum may be taken. ``how``: "cash" or "card"."""
    _require_real(order)
    return proposing.propose(CARD if how == "card" else CASH, order, by=by, device=device, cents=cents)


def put_away(order: Order, *, by: int, device: int | None) -> Proposal:
    """Ask whether nobody comes for this crate any more."""
    _require_real(order)
    return proposing.propose(NOT_COLLECTED, order, by=by, device=device)


def count(product: Product, found: int, *, by: int, device: int | None) -> Proposal:
    """Ask whether what was counted may be booked. Raises Refused for what is no number."""
    last, difference = shelves.last_counts([product.id]).get(product.id, 0), shelves.difference(product, found)
    return proposing.propose(COUNT, product, by=by, device=device, found=found, difference=difference, last=last)


def price(product: Product, cents: int, *, expected: int, by: int, device: int | None) -> Proposal:
    """Ask whether this price may be in force. ``expected``: the one that was seen. Raises Refused, Stale."""
    shelves.require_price(product, cents)
    return proposing.propose(PRICE, product, by=by, device=device, before=expected, after=cents)


# --- carried out, in the name of whoever proposed it


def _hand_over(proposal: Proposal) -> None:
    order, data, by = _order(proposal), proposal.data, proposal.person_id
    if data["paid"]:
        _verb(data["paid"])(order.id, by=by, expected=data["cents"])
    handing_over.hand_over(order.id, by=by, to=order.collector if data["collector"] else None)


def _take_money(proposal: Proposal) -> None:
    _verb(_how(proposal))(proposal.subject_id, by=proposal.person_id, expected=proposal.data["cents"])


def _put_away(proposal: Proposal) -> None:
    handing_over.mark_not_collected(proposal.subject_id, by=proposal.person_id)


def _count(proposal: Proposal) -> None:
    shelves.add_difference(proposal.subject_id, proposal.data["difference"], by=proposal.person_id)


def _price(proposal: Proposal) -> None:
    data = proposal.data
    shelves.set_price(proposal.subject_id, data["after"], expected=data["before"], by=proposal.person_id)


# --- whether it is another thing by now


def _crate_changed(proposal: Proposal) -> bool:
    order, data = _order(proposal), proposal.data
    if not _is_here(order) or (data["collector"] and not order.collector):
        return True
    return _due(order, data["paid"]) != data["cents"] if data["paid"] else order.due != 0


def _money_changed(proposal: Proposal) -> bool:
    order = _order(proposal)
    return not _is_here(order) or order.due <= 0 or _due(order, _how(proposal)) != proposal.data["cents"]


def _counted_again(proposals: Sequence[Proposal]) -> list[Proposal]:
    last = shelves.last_counts([proposal.subject_id for proposal in proposals])
    return [proposal for proposal in proposals if last.get(proposal.subject_id, 0) != proposal.data["last"]]


def _priced_again(proposal: Proposal) -> bool:
    return _product(proposal).price != proposal.data["before"]


def _require_real(order: Order) -> None:
    """In practice everything may be tried: nobody is asked."""
    if order.practice:
        raise Refused(_("Nella prova puoi fare tutto."))


def _each(has_changed: Callable[[Proposal], bool]) -> Callable[[Sequence[Proposal]], list[Proposal]]:
    """Where looking at one asks the database nothing more."""
    return lambda proposals: [proposal for proposal in proposals if has_changed(proposal)]


def _fetched(proposal: Proposal) -> bool:
    return not _is_here(_order(proposal))


def _is_here(order: Order) -> bool:
    try:
        handing_over.require_ready(order)
    except Conflict:
        return False
    return True


# --- said


def _crate_words(proposal: Proposal) -> str:
    return _("cassetta %(number)s", number=_order(proposal).crate)


def _put_away_words(proposal: Proposal) -> str:
    return _("cassetta %(number)s, non è venuto", number=_order(proposal).crate)


def _money_words(proposal: Proposal) -> str:
    return _("%(sum)s, cassetta %(number)s", sum=easy_money(proposal.data["cents"]), number=_order(proposal).crate)


def _count_words(proposal: Proposal) -> str:
    product, found = _product(proposal), proposal.data["found"]
    return f"{_name(product)}, {so_much(product, found)}"


def _price_words(proposal: Proposal) -> str:
    return f"{_name(_product(proposal))}, {easy_money(proposal.data['after'])}"


def subject(proposal: Proposal) -> Order | Product:
    """What it is about. Raises NotFound."""
    return _product(proposal) if proposal.action in OF_PRODUCTS else _order(proposal)


def so_much(product: Product, quantity: int) -> str:
    """'12 vasetti', '1 chilo e 200 grammi': digits and whole words."""
    return easy_weight(quantity) if product.kind == Kind.BY_WEIGHT else wording.pieces(product, quantity)


def _name(product: Product) -> str:
    name = wording.name(product)
    return name[:1].lower() + name[1:]


# --- found and held


def _hold_order(session: Session, proposal: Proposal) -> None:
    finding.lock(session, proposal.subject_id)


def _hold_stock(_session: Session, proposal: Proposal) -> None:
    stock.hold(proposal.subject_id)


def _hold_product(session: Session, proposal: Proposal) -> None:
    products.held(session, proposal.subject_id)


def _load_orders(ids: Collection[int]) -> None:
    db.session.scalars(select(Order).where(Order.id.in_(ids))).all()


def _load_products(ids: Collection[int]) -> None:
    products.by_ids(list(ids))


def _order(proposal: Proposal) -> Order:
    return finding.get(proposal.subject_id)


def _product(proposal: Proposal) -> Product:
    return products.get(proposal.subject_id)


def _how(proposal: Proposal) -> str:
    return "card" if proposal.action == CARD else "cash"


def _due(order: Order, how: str) -> int:
    return order.due if how == "card" else handing_over.cash_due(order)


def _verb(how: str) -> Callable[..., Order]:
    return handing_over.take_card if how == "card" else handing_over.take_cash


def _needs_for_crate(proposal: Proposal) -> tuple[Capability, ...]:
    both = (Capability.HAND_OVER, Capability.TAKE_CASH)
    return both if proposal.data["paid"] else both[:1]


_MONEY = Deed(
    hold=_hold_order,
    stale=_each(_money_changed),
    needs=lambda _proposal: (Capability.TAKE_CASH,),
    carry_out=_take_money,
    says=_money_words,
    preload=_load_orders,
)

DEEDS = {
    HAND_OVER: Deed(
        hold=_hold_order,
        stale=_each(_crate_changed),
        needs=_needs_for_crate,
        carry_out=_hand_over,
        says=_crate_words,
        preload=_load_orders,
    ),
    NOT_COLLECTED: Deed(
        hold=_hold_order,
        stale=_each(_fetched),
        needs=lambda _proposal: (Capability.HAND_OVER,),
        carry_out=_put_away,
        says=_put_away_words,
        preload=_load_orders,
    ),
    CASH: _MONEY,
    CARD: _MONEY,
    COUNT: Deed(
        hold=_hold_stock,
        stale=_counted_again,
        needs=lambda _proposal: (Capability.COUNT_STOCK,),
        carry_out=_count,
        says=_count_words,
        preload=_load_products,
    ),
    PRICE: Deed(
        hold=_hold_product,
        stale=_each(_priced_again),
        needs=lambda _proposal: (Capability.SET_PRICE,),
        carry_out=_price,
        says=_price_words,
        preload=_load_products,
    ),
}
