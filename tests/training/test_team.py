"""The team's page: shift, badges, devices, new people, invitations."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from core import clock
from core.database import db
from people import badges, devices, staff
from people.capabilities import Role
from people.entering import COOKIE
from people.models import Badge, Person
from tests import factories as make
from tests.training.conftest import ComeIn


def test_those_who_are_ticked_work_today(come_in: ComeIn) -> None:
    anna, bruno, _carla = (make.person(name) for name in ("Anna", "Bruno", "Carla"))
    client = come_in(make.tutor())
    client.post("/tutor/squadra/turno", data={"person": [anna.id, bruno.id]})
    assert [person.name for person in staff.on_shift(clock.today())] == ["Anna", "Bruno"]
    page = client.get("/tutor/squadra").text
    assert len(re.findall(r'name="person" value="\d+" checked', page)) == 2


def test_a_badge_is_shown_once_and_never_kept(come_in: ComeIn) -> None:
    anna, client = make.person("Anna"), come_in(make.tutor())
    answer = client.post(f"/tutor/squadra/cartellini/{anna.id}")
    assert answer.headers["Location"] == "/tutor/squadra/cartellino"
    page = client.get("/tutor/squadra/cartellino")
    assert "Cartellino di Anna" in page.text
    assert re.search(r'<svg [^>]*class="code"', page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get("/tutor/squadra/cartellino").headers["Location"] == "/tutor/squadra"
    assert "si vede una volta sola" in client.get("/tutor/squadra").text


def test_a_second_badge_voids_the_first(come_in: ComeIn) -> None:
    anna, client = make.person("Anna"), come_in(make.tutor())
    old = badges.make(anna, by=None)
    client.post(f"/tutor/squadra/cartellini/{anna.id}")
    assert badges.find_person(old) is None
    in_use = select(func.count()).select_from(Badge).where(Badge.voided_at.is_(None))
    assert db.session.scalar(in_use) == 1


def test_this_browser_is_put_to_work_and_sent_away(come_in: ComeIn) -> None:
    client = come_in(make.tutor())
    answer = client.post("/tutor/squadra/dispositivi", data={"device_name": "Tablet blu", "place": "laboratorio"})
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    secret = client.get_cookie(COOKIE)
    assert secret is not None
    device = devices.find_by_secret(secret.value)
    assert device is not None
    assert (device.name, device.place) == ("Tablet blu", "laboratorio")
    assert "Tablet blu" in client.get("/tutor/squadra").text
    client.post(f"/tutor/squadra/dispositivi/{device.id}/togli")
    assert devices.find_by_secret(secret.value) is None
    assert "Tablet blu" not in client.get("/tutor/squadra").text


def test_a_device_needs_a_name(come_in: ComeIn) -> None:
    answer = come_in(make.tutor()).post("/tutor/squadra/dispositivi", data={"device_name": " ", "place": "cucina"})
    assert answer.status_code == 422
    assert 'value="cucina"' in answer.text
    assert COOKIE not in answer.headers.get("Set-Cookie", "")


def test_a_device_that_is_not_there_is_said_calmly(come_in: ComeIn) -> None:
    assert come_in(make.tutor()).post("/tutor/squadra/dispositivi/99/togli").status_code == 404


def test_somebody_new_joins_with_an_emblem_and_a_guide(come_in: ComeIn) -> None:
    form = {"name": " Gina ", "picture": "pallone", "level": "1"}
    assert come_in(make.tutor()).post("/tutor/squadra/persone", data=form).status_code == 303
    gina = db.session.scalars(select(Person).where(Person.name == "Gina")).one()
    assert (gina.picture, gina.support_level, gina.role, gina.email) == ("pallone", 1, Role.CO_RESIDENT, None)


@pytest.mark.parametrize("changed", [{"name": ""}, {"picture": "../x"}, {"level": "9"}])
def test_what_is_missing_is_asked_and_the_rest_is_kept(come_in: ComeIn, changed: dict[str, str]) -> None:
    form = {"name": "Gina", "picture": "pallone", "level": "1", **changed}
    answer = come_in(make.tutor()).post("/tutor/squadra/persone", data=form)
    assert answer.status_code == 422
    assert ('value="Gina"' in answer.text) == (form["name"] == "Gina")
    assert staff.co_residents() == []


def test_the_coordinator_invites_staff_by_a_link_that_is_shown_once(come_in: ComeIn) -> None:
    client = come_in(make.person("Teresa", Role.COORDINATOR))
    assert client.post("/tutor/squadra/inviti", data={"role": "tutor"}).status_code == 303
    page = client.get("/tutor/squadra/invito").text
    link = re.search(r"http://[^<]+(/tutor/invito/[\w-]+)", page)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    assert client.get("/tutor/squadra/invito").status_code == 302


def test_tutors_do_not_invite(come_in: ComeIn) -> None:
    client = come_in(make.tutor())
    assert client.post("/tutor/squadra/inviti", data={"role": "tutor"}).status_code == 403
    assert "Invita un tutor" not in client.get("/tutor/squadra").text


def test_the_staff_have_no_badge(come_in: ComeIn) -> None:
    rita = make.tutor()
    assert come_in(rita).post(f"/tutor/squadra/cartellini/{rita.id}").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Badge)) == 0


@pytest.mark.parametrize(("name", "sentence"), [("x" * 61, "È troppo lungo"), ("\u200b", "Scrivi il nome.")])
def test_a_new_name_is_one_that_can_be_read(come_in: ComeIn, name: str, sentence: str) -> None:
    form = {"name": name, "picture": "pallone", "level": "1"}
    answer = come_in(make.tutor()).post("/tutor/squadra/persone", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{name}"' in answer.text


def test_a_tick_that_no_person_can_have_is_left_out(come_in: ComeIn) -> None:
    anna = make.person("Anna")
    ticks = {"person": [str(anna.id), "9" * 30, "x", "-1"]}
    assert come_in(make.tutor()).post("/tutor/squadra/turno", data=ticks).status_code == 303
    assert [person.name for person in staff.planned(clock.today())] == ["Anna"]
