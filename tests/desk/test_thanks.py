"""Thanks at the desk: on one's own page, one at a time, and the tutors' page before."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orders import handing_over, thanking
from orders.models import Order
from orders.thanking import Thanks
from people.models import Person
from tests import factories as make
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.shop.citizen import words

WORDS = "Che buone le patate & <b>grazie</b>"


def written(by: Person, text: str = WORDS, *, shows_name: bool = False) -> Thanks:
    order: Order = make.prepared(make.order(), by=by)
    make.fresh(order)
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    return thanking.write(order.id, text, shows_name)


def let_through(by: Person, text: str = WORDS, *, shows_name: bool = False) -> Thanks:
    return thanking.decide(written(by, text, shows_name=shows_name).id, let_through=True, by=None)


@pytest.fixture
def anna(app: Flask) -> Person:
    return make.person("Anna")


def test_without_one_there_is_no_sign_of_it(enter: EnterAs, anna: Person) -> None:
    written(anna)  # no tutor has read it yet
    desk = enter(anna)
    assert "Hai un grazie" not in desk.go("/banco").html
    assert not desk.go("/banco/io").offers("Un grazie")
    assert desk.go("/banco/io/grazie").path == "/banco/io"


def test_it_is_read_on_ones_own_page_put_away_and_had_back(enter: EnterAs, anna: Person) -> None:
    let_through(anna, shows_name=True)
    let_through(anna, "Il secondo")
    desk = enter(anna)
    assert "Hai un grazie" in desk.go("/banco").html
    desk.go("/banco/io").press("Un grazie")
    assert desk.heading == "Hai un grazie"
    assert "«Che buone le patate &amp; &lt;b&gt;grazie&lt;/b&gt;»" in desk.html
    assert "Grazie da Maria :" in desk.text
    desk.press_main()
    assert "«Il secondo»" in desk.text
    assert "Grazie da chi ha ordinato" in desk.text
    assert "Maria" not in desk.text
    desk.press("Torna indietro: il grazie di prima")
    assert "Che buone le patate" in desk.text
    desk.press_main().press_main()
    assert desk.heading == "Hai letto il grazie"
    assert "Hai un grazie" not in desk.go("/banco").html
    desk.go("/banco/io/grazie").press("Torna indietro")
    assert desk.heading == "Hai un grazie"


def test_a_second_tap_puts_away_no_other(enter: EnterAs, anna: Person) -> None:
    first = let_through(anna)
    let_through(anna, "Il secondo")
    desk = enter(anna).go("/banco/io/grazie")
    way = desk.find("Ho letto")
    for _tap in range(2):
        desk.go(way.path, method="post", sends=way.sends)
        assert "«Il secondo»" in desk.text
    assert str(first.id) in way.path


def test_on_ones_own_page_it_takes_the_place_of_the_pictures_until_it_is_read(enter: EnterAs) -> None:
    elena = make.person("Elena", support_level=1)
    let_through(elena)
    desk = enter(elena).go("/banco/io")
    assert [desk.offers(tile) for tile in ("Più guida", "Senza voce", "Un grazie", "Scaffali")] == [True] * 4
    assert not desk.offers("Figure più grandi")
    desk.press("Un grazie").press_main()
    assert desk.go("/banco/io").offers("Figure più grandi")


def test_nobody_reads_what_is_for_somebody_else(enter: EnterAs, anna: Person) -> None:
    made = let_through(anna)
    carla = enter(make.person("Carla"))
    assert carla.go("/banco/io/grazie").path == "/banco/io"
    assert carla.go(f"/banco/io/grazie/{made.id}/letto", method="post", sends={}).status == 404


def test_a_tutor_lets_one_through_keeps_one_back_and_changes_their_mind(rita: Desk, anna: Person) -> None:
    written(anna)
    written(anna, "Chiamami al 333")
    assert "2 grazie da leggere" in rita.go("/tutor").text
    rita.press("2 grazie da leggere")
    assert "È per Anna." in rita.text
    rita.press("Fallo vedere")
    assert "Adesso lo vede chi ha preparato la cassetta." in rita.text
    rita.press("Non farlo vedere")
    assert [each.words for each in thanking.for_person(anna.id)] == [WORDS]
    rita.press("Torna indietro")  # the last one
    assert [each.words for each in thanking.waiting()] == ["Chiamami al 333"]


def test_once_somebody_has_read_it_the_tutors_page_says_so(rita: Desk, anna: Person) -> None:
    made = let_through(anna)
    assert rita.go("/banco/grazie").offers("Torna indietro")
    thanking.put_away(made.id, anna.id)
    assert not rita.go("/banco/grazie").offers("Torna indietro")
    assert "Qualcuno l'ha già letto." in words(rita.html)


def test_the_diary_tells_of_the_decision_and_of_no_words(rita: Desk, anna: Person) -> None:
    made = written(anna)
    thanking.decide(made.id, let_through=True, by=None)
    told = rita.go("/banco/diario?che=ordini").text
    assert "Si vede al banco." in told
    assert "patate" not in told


def test_the_staff_see_how_many_wait_for_a_place_and_no_address(client: FlaskClient, rita: Desk) -> None:
    pickup = make.pickup(capacity=1)
    make.order(at=pickup)
    for n, email in enumerate(("anna@posta.example", "bruno@posta.example")):
        client.post(f"/ritiro/{pickup.id}/avvisami", data={"email": email, "key": f"somebody-who-waits-{n}"})
    page = rita.go(f"/banco/ritiri/{pickup.id}")
    assert "2 persone aspettano un posto." in page.text
    assert "@posta.example" not in page.text
