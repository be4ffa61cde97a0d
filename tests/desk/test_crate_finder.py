"""A crate is found by its picture, by its number, by the QR of its label; what is not there is said calmly."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, current_app

from core import clock
from orders import documents
from orders.models import Order
from people.capabilities import Capability
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from training import helping

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


@pytest.fixture
def desk(enter: EnterAs) -> Desk:
    return enter(make.person("Anna", can=(Capability.HAND_OVER,), support_level=1))


def by_number(desk: Desk, number: int) -> Desk:
    if "/trova" not in desk.path:
        desk.go("/banco/consegna").press("Il numero")
    while next(way.sends["numero"] for way in desk.ways if way.is_principal):
        desk.press("Via uno")
    for digit in str(number):
        way = next(way for way in desk.ways if way.words == digit and "cifre" in way.sends)
        desk.go(way.path, method=way.method, sends=way.sends)
    return desk.press_main()


def by_label(desk: Desk, code: str) -> Desk:
    way = next(form for form in re.findall(r'<form method="post" action="(/banco/consegna/etichetta)"', desk.html))
    tries = re.search(r'data-codice.*?name="volte" value="(\d+)"', desk.html)
    return desk.go(
        way,
        method="post",
        sends={"codice": code, "volte": tries[1] if tries else "0", "key": f"k{len(desk.pages):020}"},
    )


def of_another_day() -> Order:
    return make.prepared(make.order(make.wish(make.product()), at=make.pickup(days=4)))


def test_the_list_of_pictures_leads_to_the_keys_and_back(desk: Desk) -> None:
    crates.ready_today(make.wish(make.honey()))
    desk.go("/banco/consegna").press("Il numero")
    assert desk.heading == "Scrivi il numero della cassetta"
    assert desk.press("Torna indietro").path == "/banco/consegna"


def test_a_number_is_typed_on_keys_and_leads_to_its_crate(desk: Desk) -> None:
    at = make.pickup(days=3)
    with clock.at(clock.now() - timedelta(days=3)):
        at = make.pickup(days=3)
        placed = [make.order(make.wish(make.product()), at=at) for _number in range(12)]
        for order in placed:
            make.prepared(order)
    assert by_number(desk, 12).path == f"/banco/consegna/{placed[11].id}"


def test_a_number_that_is_not_there_stays_and_the_second_time_the_tutor_is_told(desk: Desk) -> None:
    order = crates.ready_today(make.wish(make.honey()))
    assert by_number(desk, 12).status == 404
    assert "Non trovo la cassetta 12. Guarda ancora il numero." in desk.text
    assert "data-lettura>12<" in desk.html
    assert helping.waiting() == []
    way = next(way for way in desk.ways if way.is_principal)
    for _tap in range(2):  # a double tap calls once
        desk.go(way.path, method="post", sends=way.sends)
        assert (desk.status, "Ho chiamato" in desk.text) == (404, True)
    assert [(person.name, call.data["screen"]) for person, call in helping.waiting()] == [
        ("Anna", "/banco/consegna/trova")
    ]
    assert by_number(desk, 1).path == f"/banco/consegna/{order.id}"


def test_without_a_number_the_screen_says_what_to_do(desk: Desk) -> None:
    for sent in ("", "0", "dodici", "123", "-1", "1.5"):
        desk.go("/banco/consegna/trova", method="post", sends={"numero": sent})
        assert (desk.status, "Guarda la cassetta. Scrivi il suo numero." in desk.text) == (422, True)


def test_two_pick_ups_with_the_same_number_are_told_apart(desk: Desk) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        for name in ("Piazza Ducale", "Mercato coperto"):
            at = make.pickup(make.place(name=name), days=3)
            make.prepared(make.order(make.wish(make.product()), at=at))
    assert by_number(desk, 1).heading == "Scegli la cassetta 1"
    assert desk.press("Mercato coperto").path.startswith("/banco/consegna/")


def test_a_label_leads_to_its_crate(desk: Desk) -> None:
    order = crates.ready_today(make.wish(make.honey()))
    desk.go("/banco/consegna/etichetta")
    assert desk.heading == "Mostra l’etichetta"
    base = current_app.config["SETTINGS"].base_url
    for code in (f"{base}/banco/casse/{order.id}", f"/banco/consegna/{order.id}"):
        assert by_label(desk.go("/banco/consegna/etichetta"), code).path == f"/banco/consegna/{order.id}"


def test_the_label_holds_what_the_finder_reads_and_nothing_of_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = crates.ready_today(make.wish(make.honey()), name="Clementina Brambilla")
    held: list[str] = []
    monkeypatch.setattr(documents, "qr", lambda content: held.append(content) or "data:,")
    documents.crate_label(order)
    assert "Brambilla" not in held[0]
    assert by_label(desk.go("/banco/consegna/etichetta"), held[0]).path == f"/banco/consegna/{order.id}"


def test_a_label_of_another_day_and_another_thing_are_said_calmly(desk: Desk) -> None:
    crates.ready_today(make.wish(make.honey()))
    other = of_another_day()
    desk.go("/banco/consegna/etichetta")
    for code in (f"https://altrove.example/banco/casse/{other.id}", "https://example.org/", "", "/banco/casse/987654"):
        by_label(desk.go("/banco/consegna/etichetta"), code)
        assert (desk.status, "Questa non è una cassetta di oggi." in desk.text) == (404, True)
    assert helping.waiting() == []
    by_label(desk, "an empty bag")
    assert "Ho chiamato" in desk.text
    assert len(helping.waiting()) == 1


def test_a_label_of_today_that_is_given_or_not_ready_says_so(desk: Desk) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        order = make.closed(make.order(make.wish(make.honey())))
    by_label(desk.go("/banco/consegna/etichetta"), f"/banco/casse/{order.id}")
    assert "La cassetta non è ancora pronta." in desk.text


def test_a_tile_alone_finds_nothing(app: Flask, desk: Desk) -> None:
    desk.go("/banco").press("Ho finito").press("Anna")
    for path in ("/banco/consegna/trova", "/banco/consegna/etichetta"):
        assert desk.go(path).heading == "Mostra il tuo cartellino"
        assert desk.go(path, method="post", sends={"numero": "1"}).heading == "Mostra il tuo cartellino"


def test_whoever_asks_a_tutor_for_the_last_step_finds_the_crate_too(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey()))
    assert by_number(enter(make.person("Bruno", support_level=1)), 1).path == f"/banco/consegna/{order.id}"
