"""Somebody without a badge asks a tutor: one tap here, one tap on the tutor's page, one tap here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, journal, undo
from core.errors import Conflict, NotFound, Refused
from people import asking, badges, devices, pauses, staff
from people.asking import Answer
from people.capabilities import Capability
from people.entering import COOKIE
from tests import factories as make
from tests.desk import crates
from tests.desk.walking import Desk
from tests.test_doors import signed_in

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


def at_tile(app: Flask, name: str = "Anna", *, secret: str = "") -> Desk:
    desk = Desk(app.test_client())
    desk.client.set_cookie(COOKIE, secret or make.tablet("Tablet 1")[1])
    return desk.go("/banco").press(name)


def test_anna_asks_rita_says_yes_and_anna_is_where_she_wanted_to_go(app: Flask) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER,))
    order = crates.ready_today(make.wish(make.honey()))
    rita = Desk(signed_in(app, make.tutor("Rita"), "password"))
    desk = at_tile(app).go(f"/banco/consegna/{order.id}")
    desk.press("Chiedi al tutor")
    assert (desk.path, "Ho chiesto al tutor." in desk.text) == ("/banco/chiedi", True)
    assert "Il tutor non ha ancora risposto." in desk.press("Guarda").text
    rita.go("/tutor")
    assert "Una persona chiede di entrare" in rita.text
    assert "Anna chiede di entrare Dal Tablet 1, alle 9:00." in rita.text
    assert "Anna può entrare: sul tablet tocca «Guarda»." in rita.press("Sì, entra").text
    assert not rita.offers("Sì, entra")
    assert desk.go("/banco/chiedi").offers("Guarda")  # nothing moves by itself
    assert desk.press("Guarda").path == f"/banco/consegna/{order.id}"
    assert desk.heading == "Trova la cassetta 1"
    deeds = {entry.action: entry for entry in journal.entries(anna, newest_first=False)}
    assert deeds["person.signed_in"].data["proof"] == "tutor"
    assert {"entry.asked", "entry.granted"} <= set(deeds)
    assert {"entry.asked", "entry.granted", "entry.put_off", "pause.ended"} <= set(undo.reasons())


def test_not_now_is_said_calmly_and_she_may_ask_again(app: Flask) -> None:
    anna = make.person("Anna")
    rita = Desk(signed_in(app, make.tutor("Rita"), "password"))
    desk = at_tile(app).go("/banco/cartellino").press("Chiedi al tutor")
    assert "Detto a Anna: adesso no." in rita.go("/tutor").press("Adesso no").text
    assert "Il tutor dice: adesso no." in desk.press("Guarda").text
    assert desk.heading == "Chiedi ancora più tardi"
    assert desk.go("/banco").heading == "Scegli il lavoro"  # by her tile, as before
    assert "Ho chiesto al tutor." in desk.go("/banco/chiedi").press("Chiedi ancora").text
    assert [asked.person_id for asked in asking.waiting()] == [anna.id]


def test_after_fifteen_minutes_without_an_answer_she_asks_again(app: Flask) -> None:
    make.person("Anna")
    rita = Desk(signed_in(app, make.tutor("Rita"), "password"))
    desk = at_tile(app).go("/banco/cartellino").press("Chiedi al tutor")
    yes = rita.go("/tutor").find("Sì, entra")
    with clock.at(clock.now() + asking.GOOD_FOR + timedelta(seconds=1)):
        late = rita.go(yes.path, method="post", sends=yes.sends)
        assert "Sono passati 15 minuti. Se serve, la persona chiede di nuovo." in late.text
        assert "Sono passati 15 minuti." in desk.go("/banco/chiedi").press("Sono ancora Anna").text
        assert desk.heading == "Chiedi ancora al tutor"
        assert "Ho chiesto al tutor." in desk.press("Chiedi al tutor").text


def test_two_taps_are_one_question_and_the_second_tutor_reads_that_somebody_was_faster(app: Flask) -> None:
    anna = make.person("Anna")
    device, _secret = make.tablet()
    first = asking.ask(anna, device)
    assert asking.ask(anna, device).id == first.id
    assert asking.answer(first.id, yes=True, by=make.tutor("Rita")).granted is True
    with pytest.raises(Conflict, match="Ha già risposto qualcuno"):
        asking.answer(first.id, yes=False, by=make.tutor("Sandro"))
    assert asking.ask(anna, device).id == first.id  # a yes that waits is no new question
    assert [asking.use(anna, device), asking.use(anna, device)] == [True, False]
    assert asking.answer_to(first) == Answer.OVER
    with pytest.raises(NotFound):
        asking.answer(987654, yes=True, by=make.tutor("Teresa"))


def test_the_staff_ask_nobody(app: Flask) -> None:
    rita = make.tutor("Rita")
    device, secret = make.tablet()
    with pytest.raises(Refused, match="parola d’ordine"):
        asking.ask(rita, device)
    client = signed_in(app, rita, "password", tablet=secret)
    assert client.get("/banco/chiedi").headers["Location"] == "/banco"
    assert client.post("/banco/chiedi/guarda").status_code == 422


def test_only_those_are_shown_who_can_come_in(app: Flask) -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno", active_to=clock.today())
    device, _secret = make.tablet()
    other, _other_secret = make.tablet("Tablet 2")
    asking.ask(anna, other)
    asking.ask(bruno, device)
    assert len(asking.waiting()) == 2
    devices.void(other.id, by=make.tutor())
    assert [asked.person.name for asked in asking.waiting()] == ["Bruno"]


def test_a_yes_ends_the_pause_of_the_person_and_of_the_tablet(app: Flask) -> None:
    anna = make.person("Anna")
    device, secret = make.tablet()
    token = badges.make(anna, by=None)
    for _try in range(5):
        pauses.note(anna, device)
    for _try in range(20):
        pauses.note(None, device)
    desk = at_tile(app, secret=secret)
    desk.go("/banco/cartellino", method="post", sends={"codice": token})
    assert (desk.status, desk.heading) == (429, "Fermati un momento")
    desk.press("Chiedi al tutor")
    asking.answer(asking.waiting()[0].id, yes=True, by=make.tutor("Rita"))
    assert not pauses.has_one(anna)
    desk.go("/banco").press("Ho finito").go("/banco/cartellino", method="post", sends={"codice": token})
    assert desk.heading == "Scegli il lavoro"


def test_one_tap_lets_somebody_more_work_today(app: Flask) -> None:
    anna, carla = make.person("Anna"), make.person("Carla")
    rita = make.tutor("Rita")
    page = Desk(signed_in(app, rita, "password"))
    assert "Oggi lavora anche" not in page.go("/tutor").text  # without a plan everybody works
    staff.plan_shift(clock.today(), [anna], by=rita)
    tablet = Desk(app.test_client())
    tablet.client.set_cookie(COOKIE, make.tablet()[1])
    assert not tablet.go("/banco").offers("Carla")
    assert "Oggi lavora anche Carla." in page.go("/tutor").press("Oggi lavora anche Carla").text
    assert [person.name for person in staff.planned(clock.today())] == ["Anna", "Carla"]
    assert tablet.go("/banco").press("Carla").heading == "Scegli il lavoro"
    staff.let_work(carla, clock.today(), by=rita)  # again: nothing changes
    assert len(staff.planned(clock.today())) == 2
