"""Handing over: what is due is taken, the crate goes to whoever may have it. Amounts in cents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from catalog import stock
from core import clock, coins, journal
from core.clock import ROME
from core.database import transaction
from core.errors import Conflict
from orders import drawers, finding, letters, paying, redeeming, releasing
from orders.models import Order, OrderLine
from orders.paying import cash_due

KEPT_BY_DAY = ("order.cash_taken", "order.card_taken", "order.handed_over")
"""Deeds that takings count on their day: they are taken back on it and not later."""


def take_cash(
    order_id: int, *, by: int | None, expected: int, given: Sequence[int] = (), back: Sequence[int] = ()
) -> Order:
    """The rest is taken in cash. ``expected`` is the sum that the screen showed. Raises Conflict if it changed.

    The rounding, where all is paid in cash, is an entry of its own, outside maximum, VAT and takings (ruling 1).
    ``given``, ``back``: notes and coins as they were tapped and shown, in cents; none means exactly what is asked, in
    the fewest pieces.
    """
    with transaction() as session:
        order = finding.lock(session, order_id)
        require_ready(order)
        due, cash = order.due, cash_due(order)
        _require_same(cash, expected)
        given = given or coins.pieces(cash)
        _require_same(sum(given) - sum(back), cash)
        if due > 0:
            paid = [paying.book(order, "cash", cash, by)] if cash else []
            rounding = [paying.book(order, "rounding", due - cash, by)] if due != cash else []
            ids = [payment.id for payment in (*paid, *rounding)]
            said = {"cents": cash, "given": sum(given)}
            journal.record("order.cash_taken", order, by=by, practice=order.practice, payments=ids, **said)
            for payment in paid:
                drawers.paid(order.pickup.place, given, back, payment_id=payment.id, by=by, practice=order.practice)
    return order


def take_card(order_id: int, *, by: int | None, expected: int) -> Order:
    """The rest was paid on the card terminal: the exact sum, nothing rounded. Raises Conflict if it changed."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        require_ready(order)
        _require_same(order.due, expected)
        if order.due > 0:
            paid = paying.book(order, "card_terminal", order.due, by)
            ids, cents = [paid.id], paid.amount
            journal.record("order.card_taken", order, by=by, practice=order.practice, payments=ids, cents=cents)
    return order


def hand_over(order_id: int, *, by: int | None, to: str | None = None) -> Order:
    """The crate is with the citizen, or with whoever collects for them (art. 63 Consumer Code: who and when)."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        require_ready(order)
        if order.due > 0:
            raise Conflict(_("Prima prendi i soldi."))
        if order.due < 0:
            raise Conflict(
                _("Qui c'è qualcosa da ridare. Chiama il tutor."),
                without_tutor=_("Qui c'è qualcosa da ridare: prima torna indietro con i soldi."),
            )
        order.handed_over_at = clock.now()
        order.handed_to = to or order.customer
        journal.record("order.handed_over", order, by=by, practice=order.practice)
    return order


def mark_not_collected(order_id: int, *, by: int | None) -> Order:
    """Nobody came within the hours of the pick-up: nothing is due, credit goes back, goods that keep may be sold again.

    A letter says what happens with the crate; it waits, so that undo can win.
    """
    return mark_all_not_collected([order_id], by=by)[0]


def mark_all_not_collected(order_ids: Iterable[int], *, by: int | None) -> list[Order]:
    """Nobody came for any of these: a deed, a letter and an undo for each. All of them, or none where one refuses."""
    with transaction() as session:
        orders, moment = finding.lock_all(session, order_ids), clock.now()
        for order in orders:
            _require_not_fetched(order)
            order.not_collected_at = moment
        lines = [line for order in orders for line in releasing.keeping_lines(order)]
        for line in sorted(lines, key=lambda line: (line.product_id, line.order_id)):
            stock.give_back(line.product_id, _pieces(line), line.order_id)
        redeeming.lock_of(orders)
        of_vouchers = {order.id: redeeming.give_back(order, by) for order in orders}
        for order in paying.by_holder(orders):
            facts = {"vouchers": cents} if (cents := of_vouchers[order.id]) else {}
            facts["credit"] = releasing.give_back_credit(order, by)
            entry = journal.record("order.not_collected", order, by=by, practice=order.practice, **facts)
            letters.not_collected(order, deed=entry.key)
    return orders


def expect_again(order_id: int, *, by: int | None) -> Order:
    """They come after all, when the letter has left already: the crate waits for them again."""
    with transaction() as session:
        order = finding.lock_with_pickup(session, order_id)
        if order.not_collected_at is None:
            raise Conflict(_("Questa cassetta aspetta già."))
        if order.forgotten_at is not None:
            raise Conflict(_("Di questo ordine non teniamo più i dati di chi l'ha fatto."))
        wait_again(order_id, 0, by=by)
        redeeming.take_what_is_left(order, by)
        paying.use_credit(order, by)
        journal.record("order.expected_again", order, by=by, practice=order.practice)
    return order


def give_money_back(order_id: int, payment_ids: list[int], *, by: int | None) -> None:
    """The inverse of taking money: counter entries, never a deletion. Raises Conflict when the crate has gone."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if order.handed_over_at is not None:
            raise Conflict(_("La cassetta è già stata data."))
        for payment in order.payments:
            if payment.id in payment_ids:
                _require_today(payment.at)
        paying.counter(order, payment_ids, by)
        for payment_id in payment_ids:
            drawers.unpaid(payment_id, by=by)


def take_crate_back(order_id: int) -> None:
    """The inverse of handing over, on the same day: later the sale is in the register, and a refund puts it right."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        _require_today(order.handed_over_at)
        if order.refunded:
            raise Conflict(_("Per questa cassetta sono già stati ridati dei soldi."))
        order.handed_over_at, order.handed_to = None, None


def wait_again(order_id: int, credit: int, *, of_vouchers: int = 0, by: int | None) -> None:
    """The inverse of not collected: they came after all. Raises OutOfStock when the jars are promised to others."""
    with transaction() as session:
        order = finding.lock_with_pickup(session, order_id)
        finding.require_standing(order)
        if order.not_collected_at is None:
            raise Conflict(_("Questa cassetta aspetta già."))
        order.not_collected_at = None
        for line in releasing.keeping_lines(order):
            stock.take(line.product_id, _pieces(line), order.id)
        redeeming.take_again(order, of_vouchers, by)
        if credit:
            paying.book(order, "credit", credit, by)


def _require_today(moment: datetime | None) -> None:
    """Takings of a day that is over stay as they are."""
    if moment is not None and moment.astimezone(ROME).date() != clock.today():
        raise Conflict(
            _("Quel giorno è già chiuso. Chiama il tutor."),
            without_tutor=_("Gli incassi di quel giorno sono chiusi. Dopo la consegna si rimedia con un reclamo."),
        )


def require_ready(order: Order) -> None:
    """Raises Conflict unless the crate is ready and still here."""
    finding.require_standing(order)
    if order.ready_at is None:
        raise Conflict(_("La cassetta non è ancora pronta."))
    if order.handed_over_at is not None or order.not_collected_at is not None:
        raise Conflict(_("Questo è già fatto."))


def _require_not_fetched(order: Order) -> None:
    require_ready(order)
    if clock.now() < order.pickup.to_at:
        raise Conflict(_("C'è ancora tempo per il ritiro."))
    releasing.require_unpaid(order)


def _pieces(line: OrderLine) -> int:
    return line.packed if line.packed is not None else line.quantity


def _require_same(now: int, expected: int) -> None:
    if now != expected:
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
