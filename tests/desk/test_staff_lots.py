"""Who received a harvest (check 53 of italian-rules.md)."""

from __future__ import annotations

from flask import Flask

from core import clock
from orders import preparing, tracing
from people.capabilities import Role
from tests import factories as make
from tests.desk.staff_desk import at_work
from tests.shop.citizen import statements


def test_from_a_product_one_comes_to_everybody_who_has_some_of_a_harvest(app: Flask) -> None:
    pickup, chard, carrots = make.pickup(), make.chard(), make.carrots()
    ada = make.order(make.wish(chard, 2), make.wish(carrots, 500), at=pickup, name="Ada Neri", phone="+39 0381 1")
    ugo = make.order(make.wish(carrots, 300), at=pickup, name="Ugo Ferri")
    make.closed(ada)
    for line in ada.lines:
        make.pack(line, 480 if line.is_weighed else None)
    line = ugo.lines[0]
    preparing.weigh_line(ugo.id, line.id, 310, version=line.version, by=None, lot="2026-01-02")
    rita = at_work(app, make.tutor())
    today = clock.today().isoformat()
    assert "1 ordine" in rita.go(f"/banco/prodotti/{carrots.id}/lotti").text
    page = rita.go(f"/banco/prodotti/{carrots.id}/lotti?lotto={today}").text
    assert "Ada Neri" in page
    assert "0,480" in page
    assert "+39 0381 1" in page
    assert "Ugo Ferri" not in page
    assert "Ugo Ferri" in rita.go(f"/banco/prodotti/{carrots.id}/lotti?lotto=2026-01-02").text
    assert "2 mazzi" in rita.go(f"/banco/prodotti/{chard.id}/lotti?lotto={today}").text


def test_nothing_is_said_of_what_nobody_has_and_odd_addresses_do_no_harm(app: Flask) -> None:
    chard, rita = make.chard(), at_work(app, make.tutor())
    assert "Non è ancora in nessuna cassetta." in rita.go(f"/banco/prodotti/{chard.id}/lotti").text
    for odd in ("2026-13-99", "%00", "x" * 500, "<b>"):
        answer = rita.client.get(f"/banco/prodotti/{chard.id}/lotti?lotto={odd}")
        assert answer.status_code == (400 if odd == "%00" else 200)  # nobody can have written that one
        assert "<b>," not in answer.text


def test_only_who_keeps_orders_sees_the_names(app: Flask) -> None:
    chard = make.chard()
    anna = at_work(app, make.person("Anna", Role.CO_RESIDENT))
    assert anna.client.get(f"/banco/prodotti/{chard.id}/lotti").status_code in (302, 303, 403, 404)


def test_many_orders_take_as_many_statements_as_one(app: Flask) -> None:
    pickup, chard, seen = make.pickup(), make.chard(), []
    orders = [make.order(make.wish(chard), at=pickup) for _ in range(12)]
    make.closed(orders[0])
    for some in (orders[:1], orders[1:]):
        for order in some:
            preparing.take_line(order.id, order.lines[0].id, version=0, by=None, lot="A1")
        make.fresh(None)
        with statements() as asked:
            assert [line.order.customer for line in tracing.received(chard.id, "A1")]
        seen.append(len(asked))
    assert seen[0] == seen[1]
