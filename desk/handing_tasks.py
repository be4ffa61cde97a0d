"""Work goes from hand to hand: a colleague goes on with a crate, or a tutor has taken it over."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, render_template
from flask_babel import gettext as _

from core import clock
from core.doors import door
from desk import blueprint
from desk.answering import HOME, do_and_say, get_crate, go, number
from desk.crate_screens import Answer
from desk.paging import page_of
from orders import passing, working
from orders.models import Order
from people import entering, staff
from people.capabilities import Capability
from people.entering import me
from people.models import Person


@blueprint.get("/passa/<int:order_id>")
@door(Capability.PREPARE, "scelta")
def choose_colleague(order_id: int) -> Answer:
    """Those who work today. Only for whoever is on the crate: somebody else's page says who is."""
    order, work = get_crate(order_id), working.on(get_crate(order_id))
    if work is None or work.person_id != me().id:
        return go(f"/banco/casse/{order_id}")
    others = [person for person in staff.on_shift(clock.today()) if person.id != me().id]
    return render_template("desk/pass_on.html", order=order, people=page_of(others, all_at_once=False))


@blueprint.post("/passa/<int:order_id>")
@door(Capability.PREPARE, "scelta")
def pass_on(order_id: int) -> Answer:
    to, by = number("persona"), me().id

    def deed() -> str:
        order = passing.pass_on(order_id, to, by=by)
        return _("Cassetta %(number)s a %(name)s.", number=order.crate, name=_first_name(to))

    do_and_say(deed)
    return go(HOME)


@blueprint.post("/passa/<int:order_id>/indietro")
@door(Capability.PREPARE, "scelta")
def have_back(order_id: int) -> Answer:
    """As long as the other has done nothing on it."""
    expected, by = number("deed"), me().id
    do_and_say(lambda: _("Tolto: %(what)s.", what=passing.have_back(order_id, expected=expected, by=by)))
    return go(HOME)


def show_taken_over(order: Order) -> str | None:
    """For whoever stands before a crate that a tutor works on now. What they did until then is in it and counts."""
    work, person = working.on(order), me()
    if work is None or not work.is_closed_to(person.id, is_staff=person.is_staff):
        return None
    who = staff.by_ids({work.person_id}).get(work.person_id)
    return render_template("desk/taken_over.html", order=order, who=who) if who else None


def who_is_on(orders: Sequence[Order]) -> dict[int, Person]:
    """Order id -> who is on it. Two statements, however many; nothing of how long or how much."""
    works = working.on_crates(orders)
    people = staff.by_ids({work.person_id for work in works.values()})
    return {order_id: people[work.person_id] for order_id, work in works.items() if work.person_id in people}


def _first_name(person_id: int) -> str:
    return staff.names({person_id}).get(person_id, "").split(" ")[0]


def _for_me() -> int:
    """How many crates somebody has passed to whoever looks; asked once for each page."""
    person = entering.find_me()
    if "passed_to_me" not in g:
        g.passed_to_me = len(working.passed_to(person.id)) if person else 0
    return g.passed_to_me


@blueprint.context_processor
def _news() -> dict[str, object]:
    return {"passed_to_me": _for_me}
