"""Letters to citizens: put into the outbox with the deed, rendered when sent, dropped when no longer true."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import bindparam, literal_column, select

from adapters.mail import NoSuchAddress, postman
from catalog import wording
from core import clock, journal, outbox
from core.database import db
from core.journal import Subject
from core.money import vat_rows
from core.outbox import Answer, Dropped, Item, Later
from core.plain import Question
from orders import (
    cooling_off,
    crates,
    envelopes,
    explaining,
    finding,
    invoicing,
    letter_facts,
    links,
    terms,
    texts,
    vat,
)
from orders.models import Order, Status

log = logging.getLogger("chilometrico.letters")

REFUSED = "no such address"
"""Why a letter was dropped: the page of the order says so and asks for another address."""

SAY_WHEN = ("received", "changed", "ready", "reminder")
"""Letters that say when and where the pick-up is as they leave, besides those that say that it was moved."""

WITH_TERMS = cooling_off.NOTICES
"""Letters that bring the terms in writing; the others are short (art. 51(7) Consumer Code asks for them once)."""


def received(order: Order) -> None:
    """Answers the citizen's own deed: leaves at once."""
    _put("received", order)


def changed(order: Order) -> None:
    """Answers the citizen's own deed: leaves at once. Dropped when it was changed once more meanwhile."""
    _put("changed", order, again=str(order.version), version=order.version, at=_meeting(order))


def cancelled(order: Order) -> None:
    """Answers the citizen's own deed, or says sorry for ours: leaves at once, nothing brings the order back."""
    _put("cancelled", order)


def ready(order: Order, *, deed: str) -> None:
    """Follows a deed at the desk: waits, so that undo can win."""
    _put("ready", order, deed=deed)


def reminder(order: Order) -> None:
    """The day before; dropped when it was moved meanwhile."""
    begins, moved = order.pickup.from_at.isoformat(), order.pickup.moved_at
    _put("reminder", order, again=f"{begins}:{moved.isoformat()}" if moved else begins, from_at=begins)


def called_off(order: Order, *, gone: bool, deed: str) -> None:
    """The pick-up does not take place; waits, so that undo can win. ``gone``: its vegetables are there no more."""
    _put("called_off", order, deed=deed, again=deed, gone=gone)


def moved(order: Order, *, before: dict[str, Any], after: dict[str, Any], reason: str, deed: str) -> None:
    """To another day, hour or place; waits, so that undo can win. Dropped when it was moved once more."""
    of = order.pickup_id
    _put("moved", order, deed=deed, again=deed, pickup=of, before=before, after=after, reason=reason)


def refund(order: Order, *, refunds: list[int], deed: str) -> None:
    """Money or credit came back; waits, so that undo can win."""
    _put("refund", order, deed=deed, again=deed, refunds=refunds)


def not_collected(order: Order, *, deed: str) -> None:
    """Nobody came: what happens with the crate; waits, so that undo can win."""
    _put("not_collected", order, deed=deed, again=deed)


def link(order_id: int, *, again: str) -> None:
    """Somebody has lost the address of their order: leaves at once. ``again``: which request of theirs.

    By its number, so that nothing is loaded: a request about no order does as much work.
    """
    outbox.put("letter", f"letter:link:{order_id}:{again}", order_id=order_id, letter="link")


def once_more(order: Order, *, again: str) -> None:
    """To an address that was put right: what was agreed, and the price after weighing where it was told already.

    What still waits goes there anyway.
    """
    told = [item for item in outbox.about(order.id) if item.kind == "letter"]
    waiting = {item.payload.get("letter") for item in told if item.state == "waiting"}
    if "received" not in waiting:
        _put("received", order, again=again)
    has_left = any(item.payload.get("letter") == "ready" and item.has_left_our_hands for item in told)
    if order.ready_at is not None and has_left and "ready" not in waiting:
        _put("ready", order, again=again)


def is_refused(order: Order) -> bool:
    """Whether the mail server says that nobody has its address, and nothing went there, or is about to, since then."""
    about = _LETTERS.rows(db.session(), order=order.id)
    refused = max((nth for nth, (words, _state, _deed) in enumerate(about) if words == REFUSED), default=None)
    if refused is None:
        return False
    return not any(state == "sent" or _leaves_now(state, deed) for _words, state, deed in about[refused + 1 :])


_LETTERS = Question(
    lambda: (
        select(Item.words, Item.state, Item.deed)
        .where(Item.order_id == bindparam("order"), Item.kind == literal_column("'letter'"))
        .order_by(Item.id)
    )
)


def have_told(order_ids: Collection[int], *, since: datetime | None) -> bool:
    """Whether any of these citizens was written since then when and where to come; none is until the deed ends."""
    held = outbox.hold(order_ids)
    return any(
        since is not None and item.claimed_at is not None and item.claimed_at >= since
        for item in held
        if item.payload.get("letter") in SAY_WHEN
    )


def send(item: Item) -> Answer:
    """The outbox's handler for letters. What is not true now waits while the deed that made it so may be taken back."""
    order, name = finding.get(item.order_id or 0), item.payload["letter"]
    if not _is_still_true(item, order):
        until = outbox.open_deeds(order.id, but=item.id)
        return Later(until + timedelta(seconds=1)) if until else Dropped("no longer true")
    if not order.email:
        return Dropped("no address")
    more = item.payload | ({"before": _told(order, item)} if name == "moved" else {})
    try:
        postman().deliver(write(name, order, links.make(order, mailed=True), item.message_id, more))
    except NoSuchAddress:
        log.warning("outbox item %s: nobody has its address", item.id)
        return Dropped(REFUSED)
    return None


def write(
    name: str,
    order: Order,
    token: str,
    message_id: str,
    more: Mapping[str, Any] | None = None,
    words: texts.Words | None = None,
) -> EmailMessage:
    """The whole letter, text and HTML, in the citizen's language. ``more`` is what the deed kept for it.

    ``words``: others than those in force, to look at before they are.
    """
    more = more or {}
    with force_locale(order.language):
        seller = texts.seller()
        words = letter_facts.fill(words or texts.get("letter", name, order.language), order, seller, more)
        about = {
            "order": order,
            "words": words,
            "seller": seller,
            "url": links.url(token),
            "home": current_app.config["SETTINGS"].base_url,
            "letter": name,
            "say": wording,
            "where": terms.where(order),
            "told": explaining.lines(order),
            "bill": explaining.bill(order),
            "cash_note": explaining.cash_note(order),
            "picture": _picture(order),
            "vat": vat.rows(order),
            "back": _back(order, more.get("refunds") or []),
            "invoice": _invoice(name, order),
            "terms": terms.of(order, seller) if name in WITH_TERMS else [],
            "identity": terms.identity(seller),
        }
        message = envelopes.envelope(seller, words.title, (order.customer, order.email or ""), message_id)
        message.set_content(render_template("letters/order.txt", **about))
        message.add_alternative(render_template("letters/order.html", **about), subtype="html")
    return message


def subjects(items: Iterable[Item], orders: Mapping[int, Order]) -> dict[int, str]:
    """How the subject of each would read if it left now, in its citizen's language, by the id of the item."""
    seller, known, found = texts.seller(), dict[tuple[str, str], str](), dict[int, str]()
    for item in items:
        order, name = orders.get(item.order_id or 0), item.payload.get("letter", "")
        if order is None or name not in texts.LETTERS:
            continue
        with force_locale(order.language):
            kind = (name, order.language)
            if kind not in known:
                known[kind] = texts.get("letter", *kind).title
            found[item.id] = letter_facts.fill(texts.Words(known[kind], ""), order, seller, item.payload).title
    return found


def _put(name: str, order: Order, *, deed: str | None = None, again: str = "", **payload: Any) -> None:
    """Practice sends nothing (ruling 15), nor does an order without an address. ``again``: which time."""
    if order.practice or not order.email:
        return
    outbox.put(
        "letter",
        f"letter:{name}:{order.id}" + (f":{again}" if again else ""),
        order_id=order.id,
        deed=deed,
        not_before=outbox.after_undo_time() if deed else None,
        letter=name,
        **payload,
    )


def _is_still_true(item: Item, order: Order) -> bool:
    name, payload = item.payload["letter"], item.payload
    match name:
        case "cancelled" | "called_off":
            return not order.stands
        case "link":
            return True
        case "ready":
            return order.stands and order.ready_at is not None and order.not_collected_at is None
        case "changed":
            return order.stands and payload.get("version", order.version) == order.version
        case "moved":
            return order.stands and _is_newest(item, "pickup.moved", order.pickup) and _is_news(order, item)
        case "reminder":
            return _is_awaited(order) and order.pickup.from_at == clock.parse(payload["from_at"])
        case "not_collected":
            return order.not_collected_at is not None and _is_newest(item, "order.not_collected", order)
        case _:
            return order.stands


def _is_newest(item: Item, action: str, subject: Subject) -> bool:
    """Whether no other deed of this kind came after the one that this letter is about."""
    undone: set[int | None] = set()
    for entry in journal.entries(subject):
        undone.add(entry.undoes_id)
        if entry.action == action and entry.id not in undone:
            return entry.key == item.deed
    return False


def _is_news(order: Order, item: Item) -> bool:
    told, after = _told(order, item), item.payload["after"]
    return any(told[name] != after[name] for name in ("from_at", "to_at", "place_id"))


def _told(order: Order, item: Item) -> dict[str, Any]:
    """When and where the citizen thinks that it is: from the last letter about it, else as it was before the first.

    An order may have come from another pick-up, and that one may have been moved as well: those moves say nothing here.
    """
    of_order = [each for each in outbox.about(order.id) if each.words != "undone"]
    moves = [each for each in of_order if each.payload.get("letter") == "moved" and _is_here(each.payload, order)]
    changes = [each for each in of_order if "at" in each.payload and _is_here(each.payload["at"], order)]
    sent = [each for each in (*moves, *changes) if each.state == "sent" and each.id != item.id]
    if not sent:
        return moves[0].payload["before"]
    last = max(sent, key=lambda each: (each.ended_at, each.id)).payload
    return last.get("after") or last["at"]


def _is_here(facts: Mapping[str, Any], order: Order) -> bool:
    return facts.get("pickup", order.pickup_id) == order.pickup_id


def _meeting(order: Order) -> dict[str, Any]:
    pickup = order.pickup
    return {
        "pickup": pickup.id,
        "from_at": pickup.from_at.isoformat(),
        "to_at": pickup.to_at.isoformat(),
        "place_id": pickup.place_id,
        "place": pickup.place.name,
        "place_en": pickup.place.name_en,
    }


def _leaves_now(state: str, deed: str | None) -> bool:
    return state != "dropped" and deed is None


def _is_awaited(order: Order) -> bool:
    return order.stands and order.handed_over_at is None and clock.now() < order.pickup.to_at


def _invoice(name: str, order: Order) -> list[str]:
    """What was given for it, where the letter says what was agreed: so that somebody sees a slip in time."""
    asked = invoicing.find(order.id) if name in ("received", "changed") else None
    return invoicing.told(asked) if asked else []


def _picture(order: Order) -> str:
    """What is on its crate, from ready on (ruling 14)."""
    return crates.picture_name(order.crate, order.language) if order.crate and order.status == Status.READY else ""


def _back(order: Order, ids: Sequence[int]) -> dict[str, Any]:
    """What this letter gives back, its VAT at the rates of the sale, and the VAT of what remains (C10)."""
    refunds = [refund for refund in order.refunds if refund.id in ids]
    return {
        "rows": explaining.refund_rows(order, refunds),
        "vat": vat_rows(vat.refunded_by_rate(refunds)),
        "remaining": vat_rows(vat.remaining_by_rate(order)),
    }
