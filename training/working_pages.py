"""Who is on what, for the tutor beside them; and to go on with a crate. Never how long, how fast or how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import formats, inputs, keys
from core.doors import door
from core.errors import Refused
from core.web import form_key_given
from orders import finding, passing, working
from orders.models import Order
from orders.working import Work
from people import staff
from people.capabilities import Capability
from people.entering import me
from people.models import Person
from training import blueprint


@dataclass(frozen=True)
class AtWork:
    """One crate or one harvest with whoever is on it. ``taken_from``: first name of whose crate it was."""

    who: Person
    words: str
    order: Order | None = None
    may_take_over: bool = False
    may_give_back: bool = False
    taken_from: str = ""


def at_work() -> list[AtWork]:
    """Crates as they come, then harvests. As many statements for many crates as for few."""
    orders, harvests = finding.to_prepare(), working.on_open_harvests()
    works = working.on_crates(orders)
    ids = {work.person_id for work in [*works.values(), *(work for _pickup, work in harvests)]}
    people = staff.by_ids(ids | {work.taken_from for work in works.values() if work.taken_from})
    found = [_on_crate(order, works[order.id], people) for order in orders if order.id in works]
    for pickup, work in harvests:
        words = _("Segna il raccolto di %(day)s.", day=formats.FILTERS["day"](pickup.day))
        found.append(AtWork(people[work.person_id], words) if work.person_id in people else None)
    return [each for each in found if each is not None]


@blueprint.post("/lavoro/<int:order_id>/ci-penso-io")
@door(Capability.SEE_PEOPLE, "machine")
def take_over(order_id: int) -> Response:
    expected = inputs.whole_number(request.form.get("persona", "")) or 0

    def deed() -> str:
        order = passing.take_over(order_id, expected=expected, by=me().id)
        return _("Alla cassetta %(number)s adesso ci pensi tu.", number=order.crate)

    return _once(deed)


@blueprint.post("/lavoro/<int:order_id>/ridai")
@door(Capability.SEE_PEOPLE, "machine")
def give_back(order_id: int) -> Response:
    def deed() -> str:
        order = passing.give_back(order_id, by=me().id)
        return _("La cassetta %(number)s è tornata a chi ci lavorava.", number=order.crate)

    return _once(deed)


def _once(deed: Callable[[], str]) -> Response:
    """The deed of the form that was sent. When somebody was faster the page says so and nothing else happens."""
    said: list[str] = []
    try:
        keys.once(form_key_given(), lambda: said.append(deed()))
    except Refused as refused:
        said = [refused.without_tutor]
    for sentence in said:
        flash(sentence)
    return redirect("/tutor", 303)


def _on_crate(order: Order, work: Work, people: dict[int, Person]) -> AtWork | None:
    who, mine = people.get(work.person_id), me()
    if who is None:
        return None
    return AtWork(
        who,
        _words(order, work),
        order,
        may_take_over=not work.is_kept and who.id != mine.id,
        may_give_back=work.is_kept and who.id == mine.id,
        taken_from=next(_first_names(people, work.taken_from), ""),
    )


def _words(order: Order, work: Work) -> str:
    if work.is_passed:
        return _("Ha avuto la cassetta %(number)s da un compagno.", number=order.crate)
    if work.is_kept:
        return _("Ci pensa alla cassetta %(number)s.", number=order.crate)
    return _("Prepara la cassetta %(number)s.", number=order.crate)


def _first_names(people: dict[int, Person], person_id: int | None) -> Iterator[str]:
    if person_id in people:
        yield people[person_id].name.split()[0]
