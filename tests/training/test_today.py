"""Today: who calls, who works, how many crates. In words, and nobody compared."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from people import staff
from tests import factories as make
from tests.training.conftest import ComeIn
from training import helping


def test_a_call_shows_who_where_and_when_until_somebody_is_there(come_in: ComeIn) -> None:
    anna, order = make.person("Anna"), make.closed(make.order())
    with clock.at(clock.now().replace(microsecond=0)):
        helping.call(anna, screen=f"/banco/casse/{order.id}", order_id=order.id)
    client = come_in(make.tutor())
    page = client.get("/tutor").text
    assert "Una persona ti chiama" in page
    assert f"Alla cassetta {order.crate}, alle " in page
    call = helping.waiting()[0][1].id
    assert client.post(f"/tutor/chiamate/{call}").status_code == 303
    page = client.get("/tutor").text
    assert "Segnato: con questa persona ci sei tu." in page
    assert "Nessuno ha chiamato." in page


def test_the_second_who_comes_reads_that_somebody_is_there(come_in: ComeIn) -> None:
    helping.call(make.person("Anna"), screen="/banco")
    call = helping.waiting()[0][1].id
    helping.answer(call, by=make.tutor("Sandro"))
    client = come_in(make.tutor("Rita"))
    assert client.post(f"/tutor/chiamate/{call}").status_code == 303
    assert "A questa chiamata ha già risposto qualcuno." in client.get("/tutor").text


def test_the_day_is_told_in_whole_crates(come_in: ComeIn) -> None:
    honey = make.honey()
    coming = make.pickup(days=2)
    orders = [make.order(make.wish(honey), at=coming) for _ in range(3)]
    client = come_in(make.tutor())
    for order in orders[:1]:
        make.prepared(order)
    with clock.at(coming.from_at - timedelta(hours=2)):
        client = come_in(make.tutor("Sandro"))
        page = client.get("/tutor").text
    assert "<b>1 cassetta</b> da consegnare" in page
    assert "<b>2 cassette</b> da preparare" in page


def test_only_those_on_shift_are_shown_by_name(come_in: ComeIn) -> None:
    people = [make.person(name) for name in ("Fabio", "Anna", "Elena")]
    rita = make.tutor()
    staff.plan_shift(clock.today(), people[:2], by=rita)
    page = come_in(rita).get("/tutor").text
    assert page.index("Anna") < page.index("Fabio")
    on_shift, also, _others = page.partition("Oggi lavora anche")
    assert also
    assert "Elena" not in on_shift
    assert f"/tutor/persone/{people[2].id}" not in page  # behind the tap that lets her work, and nowhere else


def test_people_are_listed_by_name_and_nothing_else_is_said(come_in: ComeIn) -> None:
    for name, level in (("Fabio", 0), ("Anna", 2)):
        make.person(name, support_level=level)
    page = come_in(make.tutor()).get("/tutor/persone").text
    assert page.index("Anna") < page.index("Fabio")
    assert "guida" not in page.partition("<main")[2]
