""" "Chi sei?" over the kept task: after a while without a tap, at the end of the shift, after going out elsewhere."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from core import clock, journal
from orders import finding
from people import badges, staff
from people.capabilities import Capability
from people.entering import COOKIE
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.walking import Desk
from tests.test_doors import signed_in

pytestmark = pytest.mark.usefixtures("on_a_tuesday")

AFTER_A_BREAK = timedelta(minutes=15, seconds=1)


def at_tablet(app: Flask, person: Person | None = None) -> Desk:
    desk = Desk(app.test_client())
    desk.client.set_cookie(COOKIE, make.tablet()[1])
    return desk.show_badge(badges.make(person, by=None)) if person else desk


def later(shift: timedelta = AFTER_A_BREAK) -> AbstractContextManager[None]:
    return clock.at(clock.now() + shift)


def test_after_a_break_the_tablet_asks_and_then_shows_the_same_screen_with_what_was_typed(app: Flask) -> None:
    anna = make.person("Anna", support_level=1)
    make.person("Bruno")
    order = crates.mixed()
    crates.take_first(order.id, anna)
    desk = at_tablet(app, anna)
    typed = f"/banco/casse/{order.id}?riga={crates.line(order.id, 'carote').id}&cifre=48"
    with later():
        assert desk.go(typed).status == 403
        assert desk.heading == "Scegli chi sei"
        assert [way.words for way in desk.ways if "/chi-sei/" in way.path] == ["Sono ancora Anna", "Bruno"]
        desk.press("Sono ancora Anna")
        assert (desk.path, desk.heading[:4]) == (f"/banco/casse/{order.id}", "Pesa")
        assert 'name="grams" value="48"' in desk.html


def test_within_fifteen_minutes_nobody_is_asked_and_every_request_begins_them_anew(app: Flask) -> None:
    desk = at_tablet(app, make.person("Anna"))
    for minutes in (14, 28, 42, 56):
        with later(timedelta(minutes=minutes)):
            assert desk.go("/banco/prepara").status == 200
    with later(timedelta(minutes=72)):
        assert desk.go("/banco/prepara").status == 403


def test_a_weight_that_came_too_late_waits_and_is_sent_once_by_one_press(app: Flask) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    crates.take_first(order.id, anna)
    line = crates.line(order.id, "carote")
    desk = at_tablet(app, anna).go(f"/banco/casse/{order.id}?riga={line.id}&cifre=480")
    fatto = next(way for way in desk.ways if way.is_principal)
    with later():
        assert desk.go(fatto.path, method="post", sends=fatto.sends).status == 403
        assert crates.line(order.id, "carote").weighed_grams is None
        desk.press("Sono ancora Anna")
        assert (desk.heading, "Hai scritto: 480 grammi." in desk.text) == ("Guarda: il lavoro è qui", True)
        assert crates.line(order.id, "carote").weighed_grams is None
        again = next(way for way in desk.ways if way.is_principal)
        for _press in range(2):
            desk.go(again.path, method="post", sends=again.sends)
            assert desk.path == f"/banco/casse/{order.id}"
        assert crates.line(order.id, "carote").weighed_grams == 480
    weighed = [entry for entry in journal.entries(crates.again(order.id)) if entry.action == "line.weighed"]
    assert [(entry.person_id, entry.data["line"]) for entry in weighed] == [(anna.id, line.id)]


def test_looking_first_leads_to_the_page_of_the_form(app: Flask) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    line = crates.line(order.id, "bietole")
    desk = at_tablet(app, anna)
    with later():
        desk.go(f"/banco/casse/{order.id}/righe/{line.id}/presa", method="post", sends={"version": "0"})
        desk.press("Sono ancora Anna").press("Guarda prima")
        assert desk.path == f"/banco/casse/{order.id}"


def test_whoever_takes_over_sees_the_same_task_and_never_sends_what_another_had_done(app: Flask) -> None:
    anna, _bruno = make.person("Anna"), make.person("Bruno")
    order = crates.mixed()
    line = crates.line(order.id, "bietole")
    desk = at_tablet(app, anna)
    with later():
        desk.go(f"/banco/casse/{order.id}/righe/{line.id}/presa", method="post", sends={"version": "0"})
        assert desk.press("Bruno").path == f"/banco/casse/{order.id}"
        assert desk.heading == "Prendi 2 mazzi di bietole"
        assert desk.go("/banco/ancora").path == "/banco"


def test_whoever_may_not_do_it_comes_to_the_work_of_today(app: Flask) -> None:
    anna, _bruno = make.person("Anna", can=(Capability.TAKE_CASH,)), make.person("Bruno")
    desk = at_tablet(app, anna)
    with later():
        assert desk.go("/banco/cassa").status == 403
        assert desk.press("Bruno").path == "/banco"


def test_nobody_is_led_into_a_task_of_yesterday_but_its_own_person(app: Flask) -> None:
    anna, _bruno = make.person("Anna"), make.person("Bruno")
    order = crates.mixed()
    here = f"/banco/casse/{order.id}"
    desk, other = at_tablet(app, anna), at_tablet(app, anna)
    with later():
        desk.go(here)
        other.go(here)
    with later(timedelta(hours=14)):
        assert desk.go("/banco").press("Sono ancora Anna").path == here
        assert other.go("/banco").press("Bruno").path == "/banco"


def test_after_the_break_a_badge_has_to_be_shown_again_where_one_is_needed_and_leads_on(app: Flask) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=1)
    order = crates.ready_today(make.wish(make.honey()))
    here = f"/banco/consegna/{order.id}"
    desk = at_tablet(app, anna)
    token = badges.make(anna, by=None)
    with later():
        desk.go(f"{here}?passo=soldi").press("Sono ancora Anna")
        assert desk.heading == "Mostra il tuo cartellino"
        desk.go("/banco/cartellino", method="post", sends={"codice": token})
        assert (desk.path, desk.heading[:6]) == (here, "Prendi")
    with later(2 * AFTER_A_BREAK):
        desk.go(f"{here}/soldi", method="post", sends={"expected": "850"}).press("Sono ancora Anna")
        assert desk.heading == "Mostra il tuo cartellino"
        desk.go("/banco/cartellino", method="post", sends={"codice": token})
        assert desk.heading == "Guarda: il lavoro è qui"
        assert crates.state(order.id)["due"] == 850
        desk.press_main()
        assert crates.state(order.id)["due"] == 0


@pytest.mark.parametrize("end", ["shift", "elsewhere"])
def test_the_end_of_the_session_leads_back_in_the_same_way(app: Flask, end: str) -> None:
    anna = make.person("Anna")
    order = crates.mixed()
    desk = at_tablet(app, anna)
    if end == "elsewhere":
        at_tablet(app, anna).press("Ho finito")
    with later(timedelta(hours=13) if end == "shift" else timedelta(0)):
        desk.go(f"/banco/casse/{order.id}")
        assert (desk.status, desk.heading) == (403, "Scegli chi sei")
        assert desk.press("Sono ancora Anna").path == f"/banco/casse/{order.id}"


def test_altri_and_casa_lose_nothing(app: Flask) -> None:
    people = [make.person(name) for name in ("Anna", "Bruno", "Carla", "Dario", "Elena", "Fabio")]
    order = crates.mixed()
    desk = at_tablet(app, people[5])
    with later():
        desk.go(f"/banco/casse/{order.id}")
        shown = [way.words for way in desk.ways if "/chi-sei/" in way.path or way.words == "Altri"]
        assert shown == ["Sono ancora Fabio", "Anna", "Bruno", "Carla", "Altri"]
        assert desk.press("Altri").press("Casa").press("Altri").offers("Elena")
        assert desk.press("Elena").path == f"/banco/casse/{order.id}"


def test_who_is_not_on_shift_has_no_tile_but_may_come_back_with_the_badge(app: Flask) -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    staff.plan_shift(clock.today(), [bruno], by=make.tutor())
    order, desk = crates.mixed(), at_tablet(app, anna)
    with later():
        assert not desk.go(f"/banco/casse/{order.id}").offers("Anna")
        desk.press("Cartellino").go("/banco/cartellino", method="post", sends={"codice": badges.make(anna, by=None)})
        assert desk.path == f"/banco/casse/{order.id}"


def test_the_staff_are_left_in_peace_but_not_at_the_desk_of_a_shared_tablet(app: Flask) -> None:
    make.person("Anna")
    rita, order = make.tutor("Rita"), crates.mixed()
    here = f"/banco/casse/{order.id}"
    own, shared = signed_in(app, rita, "password"), signed_in(app, rita, "password", tablet=make.tablet()[1])
    with later():
        for path in ("/tutor", here, "/banco/ordini"):
            assert own.get(path).status_code == 200
        assert shared.get("/tutor").status_code == 200
        desk = Desk(shared).go(here)
        assert (desk.status, desk.find("Sono ancora Rita").path) == (403, "/tutor/entra")
        assert shared.get("/banco/ordini").headers["Location"] == "/tutor/entra?poi=%2Fbanco%2Fordini"
        with shared.session_transaction() as session:  # in with the password again
            session.update(seen=clock.now().isoformat())
        assert shared.get("/banco").headers["Location"] == here


def test_a_script_in_the_background_is_told_that_it_was_not_done(app: Flask) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    line = crates.line(order.id, "bietole")
    desk = at_tablet(app, anna)
    with later():
        answer = desk.client.post(f"/banco/casse/{order.id}/righe/{line.id}/presa", data={"version": 0})
    assert (answer.status_code, answer.headers.get("Location")) == (403, None)
    assert finding.get_line(crates.again(order.id), line.id).is_prepared is False


def test_somebody_who_has_left_is_not_the_one_who_calls_for_help(app: Flask) -> None:
    desk = at_tablet(app, make.person("Anna"))
    with later():
        assert "Chiama il tutor a voce." in desk.go("/banco").press("Aiuto").text
