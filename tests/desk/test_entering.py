"""Coming in without typing; what a browser that nobody knows may see."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from flask import Flask

from core import clock, journal, throttle
from people import badges, devices, staff
from people.entering import COOKIE
from tests import factories as make
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.test_doors import signed_in

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


def at_tablet(app: Flask, secret: str = "") -> Desk:
    desk = Desk(app.test_client())
    desk.client.set_cookie(COOKIE, secret or make.tablet()[1])
    return desk


def test_an_unknown_browser_sees_a_calm_page_and_nothing_else(app: Flask) -> None:
    make.person("Anna")
    desk = Desk(app.test_client()).go("/banco")
    assert desk.status == 404
    assert "Anna" not in desk.text
    assert [way.path for way in desk.ways if way.words != "Vai al contenuto"] == ["/demo/tablet"]  # only in the demo
    for path in ("/banco/prepara", "/banco/casse/1", "/banco/cartellino", "/banco/cartellino/x", "/banco/consegna"):
        assert Desk(app.test_client()).go(path).status == 404


def test_somebody_comes_in_with_one_tap(app: Flask) -> None:
    make.person("Anna")
    desk = at_tablet(app).go("/banco").press("Anna")
    assert (desk.path, desk.heading) == ("/banco", "Scegli il lavoro")
    assert "Ciao Anna." in desk.text


def test_only_people_on_shift_have_a_tile(app: Flask) -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    staff.plan_shift(clock.today(), [anna], by=make.tutor())
    desk = at_tablet(app).go("/banco")
    assert desk.offers("Anna")
    assert not desk.offers("Bruno")
    assert desk.go(f"/banco/chi-sei/{bruno.id}", method="post").status == 404


def test_a_tutor_never_comes_in_by_tile_or_badge(app: Flask) -> None:
    rita = make.tutor("Rita")
    token = badges.make(rita, by=None)
    desk = at_tablet(app)
    assert desk.go(f"/banco/chi-sei/{rita.id}", method="post").status == 404
    assert desk.go(f"/banco/cartellino/{token}").status == 404


def test_there_are_never_more_than_five_tiles(app: Flask) -> None:
    for name in ("Anna", "Bruno", "Carla", "Dario", "Elena", "Fabio"):
        make.person(name)
    desk = at_tablet(app).go("/banco")
    assert [way.words for way in desk.ways if way.method == "post"][1:] == ["Anna", "Bruno", "Carla", "Dario"]
    assert desk.press("Altri").offers("Fabio")
    assert desk.press("Altri").offers("Anna")


def test_a_badge_says_who_somebody_is(app: Flask) -> None:
    anna = make.person("Anna")
    token = badges.make(anna, by=None)
    desk = at_tablet(app).go(f"/banco/cartellino/{token}")
    assert desk.heading == "Sei Anna?"
    assert desk.press("Sì, sono io").heading == "Scegli il lavoro"
    signed_in = journal.entries(anna)[0]
    assert (signed_in.action, signed_in.data["proof"]) == ("person.signed_in", "badge")


def test_after_the_badge_one_is_where_one_wanted_to_go(app: Flask) -> None:
    anna = make.person("Anna", can=(make.Capability.HAND_OVER,))
    token = badges.make(anna, by=None)
    desk = at_tablet(app).go("/banco").press("Anna").go("/banco/consegna")
    assert desk.heading == "Mostra il tuo cartellino"
    assert desk.show_badge(token).path == "/banco/consegna"


def test_the_badge_never_leads_out_of_the_desk(app: Flask) -> None:
    token = badges.make(make.person("Anna"), by=None)
    for elsewhere in ("https://example.org/", "//example.org/banco", "/tutor", "/banco/../tutor", "/bancomat"):
        desk = at_tablet(app).go("/banco/cartellino", sends={"poi": elsewhere})
        assert desk.show_badge(token).path == "/banco"


def read(desk: Desk, token: str) -> Desk:
    """As the camera or a reader does it."""
    return desk.go("/banco/cartellino", method="post", sends={"codice": token})


def test_a_read_badge_leads_in_at_once_and_stands_in_no_address(app: Flask) -> None:
    token = badges.make(make.person("Anna"), by=None)
    for code in (token, f"https://cascina.example/banco/cartellino/{token}", f" {token}\n"):
        desk = read(at_tablet(app), code)
        assert (desk.heading, "Ciao Anna." in desk.text) == ("Scegli il lavoro", True)
        assert token not in desk.html


def test_a_code_that_is_no_badge_is_no_try(app: Flask) -> None:
    desk = at_tablet(app)
    for code in (
        "",
        "12",
        "https://cascina.example/banco/casse/7",
        "Zucchine a chilometro zero, dal campo",
        "x" * 5000,
    ):
        assert read(desk, code).status == 404
        assert "Questo non è un cartellino. Mostra il cartellino." in desk.text
        assert desk.heading == "Mostra il tuo cartellino"
    assert throttle.is_full(f"badge:device:{devices.in_use()[0].id}", 1, timedelta(hours=1)) is False


def test_twenty_unknown_badges_and_this_tablet_makes_a_pause_of_an_hour(app: Flask) -> None:
    token = badges.make(make.person("Anna"), by=None)
    desk, other = at_tablet(app), at_tablet(app)
    for _try in range(20):
        assert desk.go("/banco/cartellino/nobody").status == 404
    for answer in (read(desk, token), desk.go(f"/banco/cartellino/{token}")):
        assert answer.status == 429
        assert "Facciamo una pausa. Chiama il tutor." in desk.text
    assert desk.go("/banco").offers("Anna")  # a tile needs no badge
    assert other.go(f"/banco/cartellino/{token}").status == 200
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert desk.go(f"/banco/cartellino/{token}").status == 200


def test_five_badges_that_are_not_hers_stop_only_her_and_only_there(app: Flask) -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    hers, his = badges.make(anna, by=None), badges.make(bruno, by=None)
    tablet = make.tablet("Tablet 1")[1]
    desk, beside = at_tablet(app, tablet), at_tablet(app, tablet)
    desk.go("/banco").press("Anna")
    for _try in range(5):
        assert read(desk, his).status == 403
        assert "Questo è di un’altra persona. Mostra il tuo." in desk.text
    assert read(desk, hers).status == 429
    assert desk.go("/banco").heading == "Scegli il lavoro"  # at work all the same, by her tile
    assert read(beside.go("/banco").press("Bruno"), his).heading == "Scegli il lavoro"
    assert read(at_tablet(app).go("/banco").press("Anna"), hers).heading == "Scegli il lavoro"
    assert read(desk.go("/banco").press("Ho finito"), hers).status == 429  # going out ends no pause
    with clock.at(clock.now() + timedelta(minutes=14)):
        assert read(desk, hers).status == 429
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert read(desk, hers).heading == "Scegli il lavoro"


def test_ten_of_them_in_a_day_stop_her_at_every_tablet_until_a_tutor_taps(app: Flask) -> None:
    anna = make.person("Anna")
    hers, rita = badges.make(anna, by=None), make.tutor("Rita")
    for _tablet in range(3):
        desk = at_tablet(app).go("/banco").press("Anna")
        for _try in range(4):
            read(desk, secrets.token_urlsafe(32))
    assert read(at_tablet(app).go("/banco").press("Anna"), hers).status == 429
    with clock.at(clock.now() + timedelta(hours=2)):
        desk = at_tablet(app).go("/banco").press("Anna")
        assert read(desk, hers).status == 429
        tutor = signed_in(app, rita, "password")
        assert "Anna fa una pausa" in tutor.get(f"/tutor/persone/{anna.id}").text
        assert tutor.post(f"/tutor/persone/{anna.id}/pausa").status_code == 303
        assert "fa una pausa" not in tutor.get(f"/tutor/persone/{anna.id}").text
        assert read(desk, hers).heading == "Scegli il lavoro"
    assert "pause.ended" in [entry.action for entry in journal.entries(anna)]


def test_the_right_badge_clears_those_of_before(app: Flask) -> None:
    anna = make.person("Anna")
    hers = badges.make(anna, by=None)
    tablet = make.tablet()[1]
    for _round in range(2):
        desk = at_tablet(app, tablet).go("/banco").press("Anna")
        for _try in range(4):
            assert read(desk, secrets.token_urlsafe(32)).status == 404
        assert read(desk, hers).heading == "Scegli il lavoro"


def test_ho_finito_leaves_the_tablet_to_the_next(app: Flask) -> None:
    make.person("Anna")
    desk = at_tablet(app).go("/banco").press("Anna").press("Ho finito")
    assert desk.heading == "Scegli chi sei"
    assert "Hai finito. Ciao Anna." in desk.text
    assert "Ciao Anna" not in desk.go("/banco").text
    assert not desk.offers("Sono ancora")


def test_a_tablet_that_was_taken_away_shows_nothing_any_more(app: Flask) -> None:
    make.person("Anna")
    rita = make.tutor("Rita")
    device, secret = devices.enrol("Tablet 9", by=rita)
    desk = Desk(app.test_client())
    desk.client.set_cookie(COOKIE, secret)
    assert desk.go("/banco").press("Anna").status == 200
    devices.void(device.id, by=rita)
    assert desk.go("/banco/prepara").status == 404


def test_coming_and_going_keep_the_device_and_the_support_as_every_deed_does(enter: EnterAs) -> None:
    anna = make.person("Anna", support_level=1)
    enter(anna).press("Ho finito").press("Anna")
    entries = [entry for entry in journal.entries(anna) if entry.action in ("person.signed_in", "person.signed_out")]
    assert [entry.action for entry in entries] == ["person.signed_in", "person.signed_out", "person.signed_in"]
    assert all(entry.context["device"] for entry in entries)
    assert [entry.context["support_shown"] for entry in entries] == [1, 1, 1]
