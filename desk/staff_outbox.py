"""What will leave the house and when; one letter stopped, sent all the same, tried again (docs/decisions/0019)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, journal, undo
from core.doors import door
from core.errors import NotFound, Refused
from core.journal import Entry
from core.outbox import Item
from desk import blueprint, order_words, outbox_words
from desk.answering import do_and_say, go, number
from orders import departures, letters
from people import staff
from people.capabilities import Capability
from people.entering import me

HERE = "/banco/partenze"
ON_A_PAGE = 40
MOST_ENDED = 60

Page = str | tuple[str, int] | Response


@blueprint.get("/partenze")
@door(Capability.KEEP_ORDERS, "tutor")
def departures_page() -> str:
    return _page()


@blueprint.post("/partenze/<int:item_id>/ferma")
@door(Capability.KEEP_ORDERS, "tutor")
def stop_letter(item_id: int) -> Page:
    return _do(lambda: _stop(item_id))


@blueprint.post("/partenze/<int:item_id>/manda")
@door(Capability.KEEP_ORDERS, "tutor")
def send_all_the_same(item_id: int) -> Page:
    return _do(lambda: _release(item_id, number("deed")))


@blueprint.post("/partenze/<int:item_id>/riprova")
@door(Capability.KEEP_ORDERS, "tutor")
def try_letter_again(item_id: int) -> Page:
    return _do(lambda: _try_again(item_id))


def _stop(item_id: int) -> str:
    item = departures.stop(item_id, by=me().id)
    return _("Non parte: %(letter)s. Se cambi idea è qui sotto.", letter=order_words.letter(item))


def _release(item_id: int, deed: int) -> str:
    item = departures.find(item_id)
    if item is None:
        raise NotFound(_("Questa lettera non c'è."))
    undo.undo_last(item, expected=deed, by=me().id)
    return _("Parte lo stesso: %(letter)s.", letter=order_words.letter(item))


def _try_again(item_id: int) -> str:
    item = departures.try_again(item_id, by=me().id)
    return _("Riproviamo adesso: %(letter)s.", letter=order_words.letter(item))


def _do(deed: Callable[[], str]) -> Page:
    """One deed, once; what it says stands on the page."""
    try:
        do_and_say(deed)
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused), refused.status
    return go(HERE)


def _page(refused: Refused | None = None) -> str:
    since, skip = clock.rome(clock.today(), 0), max(0, request.args.get("dopo", 0, type=int))
    waiting = departures.waiting(skip=skip, most=ON_A_PAGE)
    stopped, sent, dropped = (
        departures.stopped_lately(most=MOST_ENDED),
        departures.sent_since(since, most=MOST_ENDED),
        departures.dropped_since(since, most=MOST_ENDED),
    )
    orders = departures.orders_of([*waiting, *stopped, *sent, *dropped])
    deeds = _deeds(stopped)
    total = departures.how_many_wait()
    return render_template(
        "desk/staff/outbox.html",
        waiting=waiting,
        total=total,
        more=skip + ON_A_PAGE if skip + len(waiting) < total else 0,
        stopped=[(item, deeds[item.id]) for item in stopped if item.id in deeds],
        sent=sent,
        dropped=dropped,
        orders=orders,
        subjects=letters.subjects(waiting, orders),
        names=staff.names({deed.person_id for deed in deeds.values() if deed.person_id}),
        message=refused.sentence if refused else "",
        may_stop=departures.may_stop,
        is_by_law=departures.is_by_law,
        is_in_trouble=departures.is_in_trouble,
        say=outbox_words,
        words=order_words,
        most=MOST_ENDED,
    )


def _deeds(stopped: Sequence[Item]) -> dict[int, Entry]:
    """The deed that stopped each of them and that stands."""
    entries = journal.entries_of_several(Item.__tablename__, [item.id for item in stopped])
    undone = {entry.undoes_id for entry in entries}
    standing = [entry for entry in entries if entry.action == "letter.stopped" and entry.id not in undone]
    return {entry.subject_id: entry for entry in standing}
