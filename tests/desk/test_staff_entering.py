"""Whoever of the staff is signed in no more is shown the way in, comes back to where they were, and loses no word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from core import clock
from core.database import db, transaction
from orders import finding
from orders.models import Order
from people import passwords
from people.models import Person
from tests import factories as make
from tests.desk.staff_desk import fill
from tests.desk.walking import Desk
from tests.people.test_returning import ELSEWHERE, NOT_THEIRS
from tests.test_doors import signed_in

PASSWORD = "quattro parole messe a caso"
EMAIL = "rita@posta.example"


@pytest.fixture
def rita(app: Flask) -> Person:
    return make.tutor("Rita", email=EMAIL, password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def order(app: Flask) -> Order:
    return make.order(make.wish(make.honey()), name="Maria Rossi")


def come_in(desk: Desk, password: str = PASSWORD) -> Desk:
    return fill(desk, "Entra", email=EMAIL, password=password)


def send(desk: Desk, path: str, sends: dict[str, str]) -> Desk:
    """As a browser does: whatever the first address answers with 307 goes, as it is, to the second."""
    answer = desk.client.post(path, data=sends)
    assert answer.status_code == 307
    return desk.go(answer.headers["Location"], method="post", sends=sends)


@pytest.mark.parametrize("page", ["/banco/ordini", "/banco/ordini?cerca=maria", "/banco/ritiri", "/tutor/squadra"])
@pytest.mark.usefixtures("rita")
def test_a_page_that_was_asked_for_opens_after_coming_in(app: Flask, page: str) -> None:
    desk = Desk(app.test_client()).go(page)
    assert (desk.status, desk.path) == (200, "/tutor/entra")
    assert "Poi torni alla pagina che hai chiesto." in desk.text
    come_in(desk, "sbagliata del tutto")
    assert desk.status == 422
    answer = desk.client.post("/tutor/entra", data={**desk.find("Entra").sends, "email": EMAIL, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert desk.go(page).path == page.partition("?")[0]


def test_the_first_page_needs_no_way_back(app: Flask, rita: Person) -> None:
    assert app.test_client().get("/tutor").headers["Location"] == "/tutor/entra"
    desk = Desk(app.test_client()).go("/tutor")
    assert "Poi torni" not in desk.text
    assert come_in(desk).path == "/tutor"


def test_a_session_that_ended_at_night_leads_back_in_the_morning(app: Flask, rita: Person, order: Order) -> None:
    desk = Desk(signed_in(app, rita, "password"))
    page = f"/banco/ordini/{order.id}"
    assert desk.go(page).path == page
    with clock.at(clock.now() + timedelta(hours=13)):
        assert desk.go(page).path == "/tutor/entra"
        assert come_in(desk).path == page
        assert "Maria Rossi" in desk.text


def test_the_entrance_leads_on_whoever_is_in_already(app: Flask, rita: Person) -> None:
    client = signed_in(app, rita, "password")
    assert client.get("/tutor/entra?poi=/banco/ritiri").headers["Location"] == "/banco/ritiri"
    assert client.get("/tutor/entra?poi=//example.org/").headers["Location"] == "/tutor"


@pytest.mark.parametrize("elsewhere", ELSEWHERE + NOT_THEIRS)
@pytest.mark.usefixtures("rita")
def test_nobody_is_ever_led_elsewhere(app: Flask, elsewhere: str) -> None:
    client = app.test_client()
    page = client.get("/tutor/entra", query_string={"poi": elsewhere}).text
    assert 'name="poi"' not in page
    sent = {"email": EMAIL, "password": PASSWORD, "poi": elsewhere, "modulo": elsewhere, "tenuto": "a=1"}
    answer = client.post("/tutor/entra", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tutor")


def test_a_stranger_does_not_learn_which_orders_there_are(app: Flask, order: Order) -> None:
    for number in (order.id, 987654):
        answer = app.test_client().get(f"/banco/ordini/{number}")
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"/tutor/entra?poi=%2Fbanco%2Fordini%2F{number}",
        )


def test_at_the_desk_a_strange_device_still_sees_a_calm_page_and_nothing_else(app: Flask) -> None:
    order = make.closed(make.order(make.wish(make.honey())))
    for path in ("/banco", "/banco/prepara", "/banco/raccolto", "/banco/consegna", f"/banco/casse/{order.id}"):
        desk = Desk(app.test_client()).go(path)
        assert desk.status == 404
        assert not desk.offers("Entra")
        assert "/tutor" not in desk.html
    answer = app.test_client().post(f"/banco/casse/{order.id}/pronta")
    assert answer.status_code == 404


def test_at_a_tablet_without_anybody_a_page_of_the_staff_leads_to_their_entrance(app: Flask) -> None:
    client = signed_in(app, None, tablet=make.tablet()[1])
    assert client.get("/banco/ordini").headers["Location"] == "/tutor/entra?poi=%2Fbanco%2Fordini"
    desk = Desk(client).go("/banco/prepara")
    assert (desk.status, desk.heading) == (403, "Scegli chi sei")
    assert "/tutor" not in desk.html


def test_a_co_resident_is_told_who_does_it_in_the_look_of_the_desk(app: Flask) -> None:
    anna = make.person("Anna")
    desk = Desk(signed_in(app, anna, tablet=make.tablet()[1])).go("/banco/ordini")
    assert (desk.status, desk.path) == (403, "/banco/ordini")
    assert "Questo lo fa un'altra persona. Chiama il tutor." in desk.text
    assert 'data-schermo="fine"' in desk.html


def test_a_tutor_who_may_not_is_told_whom_to_ask(app: Flask, rita: Person) -> None:
    desk = Desk(signed_in(app, rita, "password"))
    desk.go("/tutor/squadra/inviti", method="post")
    assert desk.status == 403
    assert "Questo lo fa un'altra persona. Parlane con chi coordina." in desk.text
    assert "Chiama il tutor" not in desk.text


@pytest.mark.parametrize("with_tokens", [False, True])
def test_a_form_that_came_too_late_loses_nothing(
    app: Flask, rita: Person, order: Order, with_tokens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", with_tokens)
    desk = Desk(signed_in(app, rita, "password")).go(f"/banco/ordini/{order.id}")
    way = next(way for way in desk.ways if way.path.endswith("/ritira"))
    with clock.at(clock.now() + timedelta(hours=13)):
        send(desk, way.path, {**way.sends, "ritira": 'Luca "il lungo" Verdi & figli'})
        assert (desk.status, desk.path) == (403, "/tutor/rientra")
        assert "Nel frattempo la tua visita è finita. Quello che hai scritto c'è ancora" in desk.text
        assert collector(order) is None
        assert come_in(desk, "sbagliata del tutto").status == 422
        come_in(desk)
        assert desk.heading == "Eccoti di nuovo"
        assert collector(order) is None  # nothing is done unseen
        desk.press("Manda di nuovo")
        assert desk.path == f"/banco/ordini/{order.id}"
        assert collector(order) == 'Luca "il lungo" Verdi & figli'


def test_a_long_form_keeps_every_field_also_those_that_the_entrance_has(app: Flask, rita: Person) -> None:
    honey, at = make.honey(), make.pickup(days=4)
    desk = Desk(app.test_client())
    sent = {"nome": "Ugo Bianchi", "email": "ugo@posta.example", "nota": "Suona\ndue volte", "ritiro": str(at.id)}
    sent |= {"telefono": "0381 000 000", "fonte": "phone", "sconto": "5", "riga": f"{honey.id}:1:850"}
    send(desk, "/banco/ordini/nuovo", {**sent, "key": "a-form-of-the-staff-9"})
    assert desk.status == 403
    assert 'value="ugo@posta.example"' not in desk.html  # the citizen's address is not offered as the tutor's
    come_in(desk).press("Manda di nuovo")
    assert desk.status == 409  # the total is said first
    for words in ("Ugo Bianchi", "ugo@posta.example", "Suona\ndue volte", "0381 000 000"):
        assert words in desk.html
    assert db.session.query(Order).count() == 0


def test_a_form_that_nobody_here_has_is_not_sent_on(app: Flask, rita: Person) -> None:
    desk = Desk(app.test_client()).go("/tutor/rientra?poi=https://example.org/", method="post", sends={"a": "1"})
    assert (desk.status, desk.path) == (200, "/tutor/entra")


def test_whoever_is_in_again_in_another_window_only_sends(app: Flask, rita: Person, order: Order) -> None:
    desk = Desk(signed_in(app, rita, "password"))
    desk.go(f"/tutor/rientra?poi=/banco/ordini/{order.id}/ritira", method="post", sends={"ritira": "Luca"})
    desk.press("Manda di nuovo")
    assert collector(order) == "Luca"


@pytest.mark.browser
def test_a_browser_carries_the_form_through_the_entrance_without_a_script(
    browser: Browser, address: str, rita: Person, order: Order
) -> None:
    """What a client of tests cannot show: a real browser sends the whole form on (307)."""
    context = browser.new_context(locale="it-IT", base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/banco/ordini/{order.id}")
    _come_in(page)
    assert page.url.partition("#")[0].endswith(f"/banco/ordini/{order.id}")
    page.locator("details:has(form[action$='/ritira']) summary").click()
    page.locator("form[action$='/ritira'] input[name=ritira]").fill("Luca Verdi 🥕")
    with transaction() as session:  # meanwhile she has gone out somewhere else
        session.get_one(Person, rita.id).session_number += 1
    page.locator("form[action$='/ritira'] button").click()
    assert page.url.partition("?")[0].endswith("/tutor/rientra")
    _come_in(page)
    assert page.locator("h1").inner_text() == "Eccoti di nuovo"
    assert collector(order) is None
    page.get_by_role("button", name="Manda di nuovo").click()
    assert page.url.partition("#")[0].endswith(f"/banco/ordini/{order.id}")
    context.close()
    assert collector(order) == "Luca Verdi 🥕"


def _come_in(page: Page) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Parola d'ordine").fill(PASSWORD)
    page.get_by_role("button", name="Entra").click()


def collector(order: Order) -> str | None:
    db.session.rollback()
    db.session.expire_all()
    return finding.get(order.id).collector
