"""A person as the team knows them: name, picture and screen, last day and return, badge, guide for one task, shifts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, journal, seen, undo
from core.database import db
from core.errors import Conflict, NotAllowed, Refused
from core.journal import Entry
from people import badges, devices, shifts, staff, staying
from people.capabilities import Role
from people.models import Badge, Person, Shift, SupportSetting
from tests import factories as make
from tests.desk.staff_desk import at_work, fill, form, twice
from tests.desk.walking import Desk
from tests.test_doors import signed_in
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

KEYS = count(1)


@pytest.fixture
def rita(app: Flask) -> Desk:
    return at_work(app)


@pytest.fixture
def anna() -> Person:
    return make.person("Anna", picture="gatto", support_level=1)


def again(person: Person) -> Person:
    make.fresh(None)
    return db.session.get_one(Person, person.id)


def edit(desk: Desk, person: Person) -> Desk:
    return desk.go(f"/tutor/persone/{person.id}/modifica")


def saved(desk: Desk, person: Person, **typed: str) -> tuple[int, str]:
    """The form as the page shows it, with these fields changed; unticked boxes and radios are not read."""
    found = again(person)
    sends = {
        "name": found.name,
        "picture": found.picture,
        "language": found.language,
        "text_size": str(found.text_size),
        "visto": seen.of(found, staying.COLUMNS),
        "key": f"edit-{next(KEYS)}-0123456789abc",
    }
    answer = desk.client.post(f"/tutor/persone/{person.id}/modifica", data={**sends, **typed})
    return answer.status_code, unescape(answer.text)


# --- name, picture, screen


def test_what_the_team_writes_down_holds_from_the_next_screen_on(rita: Desk, anna: Person) -> None:
    status, _page = saved(
        rita, anna, name="Anna Maria", picture="treno", language="en", text_size="2", large_pictures="1"
    )
    found = again(anna)
    assert status == 303
    assert (found.name, found.picture, found.language, found.text_size) == ("Anna Maria", "treno", "en", 2)
    assert (found.large_pictures, found.reads_aloud) == (True, False)


def test_it_can_be_taken_back_in_one_tap(rita: Desk, anna: Person) -> None:
    saved(rita, anna, name="Anna Maria", text_size="1", reads_aloud="1")
    edit(rita, anna).press("Torna indietro")
    assert "Tornato indietro: come è la pagina." in rita.text
    assert (again(anna).name, again(anna).text_size) == ("Anna", 0)
    assert not rita.offers("Torna indietro")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": " "}, "Scrivi il nome."),
        ({"name": "x" * 61}, "al massimo 60 lettere"),
        ({"picture": "../secret"}, "Scegli una figura."),
        ({"language": "de"}, "Scegli una lingua."),
        ({"text_size": "9"}, "Scegli una grandezza."),
        ({"text_size": ""}, "Scegli una grandezza."),
    ],
)
def test_what_cannot_be_is_refused_and_kept(rita: Desk, anna: Person, typed: dict[str, str], says: str) -> None:
    status, page = saved(rita, anna, **{"name": "Anna Maria", **typed})
    assert status == 422
    assert says in page
    assert typed.get("name", "Anna Maria") in page
    assert again(anna).name == "Anna"


def test_two_editors_do_not_undo_each_other(rita: Desk, anna: Person) -> None:
    shown = seen.of(anna, staying.COLUMNS)
    saved(rita, anna, name="Annina", reads_aloud="1")
    status, page = saved(rita, anna, name="Anna Maria", visto=shown)
    assert status == 409
    assert "Intanto qualcuno ha cambiato questa pagina." in page
    assert again(anna).name == "Annina"


def test_saving_what_is_there_is_no_deed(rita: Desk, anna: Person) -> None:
    saved(rita, anna, reads_aloud="1")
    assert "person.changed" not in actions()


def test_only_co_residents_are_edited_here(rita: Desk) -> None:
    ugo = make.tutor("Ugo")
    assert edit(rita, ugo).status == 404


def test_whoever_opens_it_leaves_their_name(rita: Desk, anna: Person) -> None:
    edit(rita, anna)
    assert "Chi ha guardato" in rita.go(f"/tutor/persone/{anna.id}").text
    assert re.search(r"Rita.*2 volte", rita.text)


# --- last day


def test_a_last_day_is_written_down_and_nothing_is_deleted(rita: Desk, anna: Person) -> None:
    token, friday = badges.make(anna, by=None), clock.today() + timedelta(days=2)
    fill(edit(rita, anna), "Segna l'ultimo giorno", quando="giorno", ultimo=friday.isoformat())
    assert "L'ultimo giorno di Anna:" in rita.text
    assert again(anna).is_active
    assert badges.find_person(token) is not None
    with clock.at(clock.rome(friday + timedelta(days=1), 9)):
        assert not again(anna).is_active
        assert badges.find_person(token) is None
        assert [person.name for person in staying.who_left()] == ["Anna"]
    assert db.session.get(Person, anna.id) is not None


def test_from_now_on_ends_sessions_and_badge_at_once(rita: Desk, anna: Person, app: Flask) -> None:
    token = badges.make(anna, by=None)
    tablet = signed_in(app, anna, tablet=make.tablet()[1])
    assert tablet.get("/banco").status_code == 200
    assert "Ciao Anna" in tablet.get("/banco").text
    fill(edit(rita, anna), "Segna l'ultimo giorno", quando="adesso")
    assert "da adesso non entra più" in rita.text
    assert "Ciao Anna" not in tablet.get("/banco").text
    assert badges.find_person(token) is None
    assert "Non lavorano più qui" in rita.go("/tutor/persone").text


def test_a_session_of_before_stays_shut_when_somebody_comes_back_the_same_day(anna: Person, app: Flask) -> None:
    ugo, tablet = make.tutor("Ugo"), signed_in(app, anna, tablet=make.tablet()[1])
    assert "Ciao Anna" in tablet.get("/banco").text
    staying.leave(anna.id, None, by=ugo)
    staying.come_back(anna.id, by=ugo)
    assert "Ciao Anna" not in tablet.get("/banco").text


def test_somebody_comes_back_and_the_old_badge_stays_shut(rita: Desk, anna: Person) -> None:
    token = badges.make(anna, by=None)
    staying.leave(anna.id, clock.today(), by=make.tutor("Ugo"))
    with clock.at(clock.now() + timedelta(days=30)):
        anew = at_work(rita.client.application, make.tutor("Ada"))
        edit(anew, anna).press("Lavora di nuovo qui")
        assert "Il cartellino di prima non apre più" in anew.text
        assert again(anna).is_active
        assert badges.find_person(token) is None


def test_leaving_and_coming_back_are_taken_back_with_the_badge(rita: Desk, anna: Person) -> None:
    token, ugo = badges.make(anna, by=None), make.tutor("Ugo")
    staying.leave(anna.id, None, by=ugo)
    undo.undo_last(again(anna), by=ugo.id)
    assert again(anna).is_active
    assert badges.find_person(token) is not None
    staying.leave(anna.id, None, by=ugo)
    badges.make(anna, by=ugo)
    with pytest.raises(Conflict, match="cartellino nuovo"):
        staying.set_end(anna.id, expected=again(anna).active_to.isoformat(), end=None, badges=[1])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("quando", "ultimo"), [("giorno", ""), ("giorno", "ieri"), ("giorno", "2020-01-01"), ("", "9999-01-01")]
)
def test_a_day_that_cannot_be_is_refused(rita: Desk, anna: Person, quando: str, ultimo: str) -> None:
    sends = {"key": "leave-0123456789abcdef", "quando": quando, "ultimo": ultimo}
    answer = rita.client.post(f"/tutor/persone/{anna.id}/ultimo-giorno", data=sends)
    assert answer.status_code == 422
    assert "Scegli un giorno" in unescape(answer.text)
    assert again(anna).active_to is None


def test_a_tutor_leaves_by_whoever_coordinates_and_never_the_last_of_those(app: Flask, rita: Desk) -> None:
    teresa, ugo = make.person("Teresa", Role.COORDINATOR), make.tutor("Ugo")
    desk = at_work(app, teresa).go("/tutor/squadra")
    assert "Tutor e chi coordina" in desk.text
    assert "Tutor e chi coordina" not in rita.go("/tutor/squadra").text
    sends = {"key": "leave-0123456789abcdef", "quando": "adesso"}
    desk.go(f"/tutor/squadra/staff/{ugo.id}/ultimo-giorno", method="post", sends=sends)
    assert not again(ugo).is_active
    with pytest.raises(Refused, match="un'altra persona che coordina"):
        staying.leave(teresa.id, None, by=again(teresa))
    with pytest.raises(NotAllowed):
        staying.leave(teresa.id, None, by=again(ugo))
    ada = make.person("Ada", Role.COORDINATOR)
    staying.leave(teresa.id, None, by=again(ada))
    bea = make.person("Bea", Role.COORDINATOR)
    staying.leave(bea.id, clock.today(), by=again(ada))
    with pytest.raises(Refused, match="ultima persona che coordina"):
        staying.leave(ada.id, None, by=again(bea))


def test_a_tutor_who_left_comes_back_by_whoever_coordinates(app: Flask, rita: Desk) -> None:
    teresa, ugo = make.person("Teresa", Role.COORDINATOR), make.tutor("Ugo")
    staying.leave(ugo.id, None, by=teresa)
    address = f"/tutor/squadra/staff/{ugo.id}/di-nuovo"
    assert rita.client.post(address, data={"key": "return-0123456789abcdef"}).status_code == 403
    assert not again(ugo).is_active
    at_work(app, teresa).go(address, method="post", sends={"key": "return-0123456789abcdef"})
    assert again(ugo).is_active


def test_two_coordinators_never_send_each_other_away(app: Flask) -> None:
    ada, bea = (make.person(name, Role.COORDINATOR).id for name in ("Ada", "Bea"))
    db.session.rollback()
    deeds = [lambda who=who, by=by: staying.leave(who, None, by=staff.get(by)) for who, by in ((ada, bea), (bea, ada))]
    answers = together(app, *deeds)
    assert not faults(answers, Refused)
    assert len([answer for answer in answers if isinstance(answer, Refused)]) == 1


# --- badge and devices


def test_a_lost_badge_is_void_in_one_tap_without_a_new_one(rita: Desk, anna: Person) -> None:
    token = badges.make(anna, by=None)
    edit(rita, anna).press("Il cartellino è perso")
    assert "Quel cartellino non apre più." in rita.text
    assert badges.find_person(token) is None
    assert db.session.scalar(select(func.count()).select_from(Badge)) == 1
    assert not rita.offers("Il cartellino è perso")
    assert "badge.voided" in actions()


def test_a_badge_that_nobody_has_is_not_lost(rita: Desk, anna: Person) -> None:
    sends = {"key": "badge-0123456789abcdef"}
    assert rita.client.post(f"/tutor/persone/{anna.id}/cartellino-perso", data=sends).status_code == 422


def test_a_device_gets_another_name_and_that_is_taken_back(rita: Desk) -> None:
    device, _secret = make.tablet("Tablet verde")
    fill(rita.go("/tutor/squadra"), "Salva il nome", device_name="Tablet blu", place="magazzino")
    make.fresh(None)
    found = devices.in_use()[0]
    assert (found.name, found.place) == ("Tablet blu", "magazzino")
    undo.undo_last(found)
    make.fresh(None)
    assert devices.in_use()[0].name == "Tablet verde"
    assert device.id == found.id


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_device_without_a_name_is_refused(rita: Desk, name: str) -> None:
    device, _secret = make.tablet("Tablet verde")
    sends = {"key": "device-0123456789abc", "device_name": name, "place": ""}
    assert rita.client.post(f"/tutor/squadra/dispositivi/{device.id}/nome", data=sends).status_code == 422
    make.fresh(None)
    assert devices.in_use()[0].name == "Tablet verde"


# --- a guide for one task


def guide(desk: Desk, person: Person, **sends: str) -> tuple[int, str]:
    given = {"key": f"guide-{next(KEYS)}-0123456789", **sends}
    answer = desk.client.post(f"/tutor/persone/{person.id}/sostegno", data=given)
    return answer.status_code, unescape(answer.text)


def test_one_task_may_have_a_guide_of_its_own_and_lose_it_again(rita: Desk, anna: Person) -> None:
    assert guide(rita, anna, task="hand_over", level="2", reason="Per cominciare")[0] == 303
    found = again(anna)
    assert [found.support_for(task) for task in staff.TASKS] == [1, 1, 2]
    assert "Consegnare: guida intera" in rita.go(f"/tutor/persone/{anna.id}").text
    assert guide(rita, anna, task="hand_over", level="resto", reason="Ora va da sé")[0] == 303
    assert again(anna).support_for("hand_over") == 1
    assert db.session.scalar(select(func.count()).select_from(SupportSetting)) == 0
    story = rita.go(f"/tutor/persone/{anna.id}").text
    assert "Consegnare: come per il resto. Rita: Ora va da sé" in story


def test_the_journal_keeps_the_task_and_undo_puts_it_back(anna: Person) -> None:
    ugo = make.tutor("Ugo")
    staff.set_support(anna, 0, task="prepare", reason="Lo sa", by=ugo)
    staff.set_support(anna, 2, task="prepare", reason="Un momento", by=ugo)
    entry = db.session.scalars(select(Entry).where(Entry.action == "support.changed").order_by(Entry.id.desc())).first()
    assert entry is not None
    assert (entry.data["task"], entry.data["before"], entry.data["level"]) == ("prepare", 0, 2)
    undo.undo_last(again(anna), by=ugo.id)
    assert again(anna).support_for("prepare") == 0
    undo.undo_last(again(anna), by=ugo.id)
    assert again(anna).support_for("prepare") == 1


@pytest.mark.parametrize(
    "sends",
    [
        {"task": "prepare", "level": "7", "reason": "x"},
        {"task": "fly", "level": "1", "reason": "x"},
        {"task": "", "level": "resto", "reason": "x"},
        {"task": "prepare", "level": "", "reason": "x"},
        {"task": "prepare", "level": "2", "reason": " "},
    ],
)
def test_a_guide_that_cannot_be_is_refused(rita: Desk, anna: Person, sends: dict[str, str]) -> None:
    assert guide(rita, anna, **sends)[0] == 422
    assert again(anna).settings == []


# --- shifts


TUESDAY = date(2026, 12, 1)


@pytest.fixture
def tuesday() -> object:
    with clock.at(clock.rome(TUESDAY, 9)):
        yield


@pytest.mark.usefixtures("tuesday")
def test_a_week_is_planned_at_a_glance_as_one_deed_and_taken_back_as_one(app: Flask) -> None:
    rita, anna, bruno = at_work(app), make.person("Anna"), make.person("Bruno")
    before = on(TUESDAY)
    plan(rita, {TUESDAY: [anna.id], TUESDAY + timedelta(days=3): [anna.id, bruno.id]})
    assert (on(TUESDAY), on(TUESDAY + timedelta(days=3))) == (["Anna"], ["Anna", "Bruno"])
    assert on(TUESDAY + timedelta(days=1)) == before == ["Anna", "Bruno"], "nobody planned: everybody"
    assert actions().count("shift.planned") == 1
    rita.go("/tutor/squadra/turni").press("Torna indietro")
    assert db.session.scalar(select(func.count()).select_from(Shift)) == 0


def test_where_shifts_are_planned_no_other_deed_is_taken_back(rita: Desk) -> None:
    """A tutor whose last day was set cannot bring themselves back that way."""
    me = next(person for person in staying.of_the_staff() if person.name == "Rita")
    staff.add("Sandra", Role.COORDINATOR)
    staying.leave(me.id, clock.today(), by=staff.add("Teresa", Role.COORDINATOR))
    sent = {"key": "shifts-0123456789abcdef", "deed": str(journal.entries(me)[0].id)}
    answer = rita.client.post("/tutor/squadra/turni/torna-indietro", data=sent)
    assert answer.status_code == 409
    assert "Intanto è cambiato qualcosa" in unescape(answer.text)
    assert again(me).active_to == clock.today()


@pytest.mark.usefixtures("tuesday")
def test_days_that_are_over_are_told_and_not_asked_for(app: Flask) -> None:
    rita, anna = at_work(app), make.person("Anna")
    page = rita.go("/tutor/squadra/turni").html
    assert 'name="giorno-2026-12-01"' in page
    assert 'name="giorno-2026-11-30"' not in page
    with pytest.raises(Refused):
        shifts.plan({TUESDAY - timedelta(days=1): [anna.id]}, by=make.tutor("Ugo"))
    with pytest.raises(Refused):
        shifts.plan({TUESDAY + timedelta(weeks=9): [anna.id]}, by=make.tutor("Ada"))


@pytest.mark.usefixtures("tuesday")
def test_the_week_before_is_copied_without_those_who_left(app: Flask) -> None:
    rita, anna, bruno = at_work(app), make.person("Anna"), make.person("Bruno")
    plan(rita, {TUESDAY: [anna.id, bruno.id]})
    staying.leave(bruno.id, None, by=make.tutor("Ugo"))
    next_week = TUESDAY + timedelta(days=6)
    rita.go(f"/tutor/squadra/turni?settimana={next_week.isoformat()}").press("Copia dalla settimana prima")
    assert "Cambiato 1 giorno." in rita.text
    assert shifts.ticked([TUESDAY + timedelta(weeks=1)]) == {TUESDAY + timedelta(weeks=1): [anna.id]}


@pytest.mark.usefixtures("tuesday")
def test_a_week_without_shifts_before_it_has_nothing_to_copy(app: Flask) -> None:
    rita = at_work(app)
    make.person("Anna")
    rita.go("/tutor/squadra/turni").press("Copia dalla settimana prima")
    assert rita.status == 422
    assert "La settimana prima non ha turni da copiare." in rita.text


@pytest.mark.usefixtures("tuesday")
def test_two_tutors_plan_one_week_and_the_second_one_is_told(app: Flask) -> None:
    rita, anna = at_work(app), make.person("Anna")
    path, _method, sends = form(rita.go("/tutor/squadra/turni"), "Salva i turni")
    staff.plan_shift(TUESDAY, [anna], by=make.tutor("Ugo"))
    answer = rita.client.post(path, data={**sends, "giorno-2026-12-02": str(anna.id)})
    assert answer.status_code == 409
    assert "Intanto qualcuno ha cambiato i turni." in unescape(answer.text)
    assert f'name="giorno-2026-12-02" value="{anna.id}" checked' in answer.text, "what was ticked is still ticked"
    assert on(TUESDAY) == ["Anna"]


@pytest.mark.usefixtures("tuesday")
def test_a_plan_of_a_day_that_is_over_is_not_taken_back() -> None:
    ugo, anna = make.tutor("Ugo"), make.person("Anna")
    staff.plan_shift(TUESDAY, [anna], by=ugo)
    with clock.at(clock.rome(TUESDAY + timedelta(days=1), 9)), pytest.raises(Conflict, match="già passato"):
        undo.undo_last(again(ugo), by=ugo.id)


@pytest.mark.usefixtures("tuesday")
def test_a_plan_as_it_was_kept_before_weeks_is_planned_anew_instead() -> None:
    with pytest.raises(Conflict, match="pianificando di nuovo"):
        shifts.put_back({"day": TUESDAY.isoformat(), "people": [1]})


@pytest.mark.usefixtures("tuesday")
def test_pressing_twice_is_one_plan(app: Flask) -> None:
    rita, anna = at_work(app), make.person("Anna")
    first, second = twice(rita.go("/tutor/squadra/turni"), "Salva i turni", **{"giorno-2026-12-01": anna.id})
    assert (first.status_code, second.status_code) == (303, 303)
    assert actions().count("shift.planned") == 1


@pytest.mark.usefixtures("tuesday")
@pytest.mark.parametrize("asked", ["", "x", "1999-01-01", "2999-01-01", "0001-01-01", "9999-12-31"])
def test_a_week_that_cannot_be_looked_at_is_this_week(app: Flask, asked: str) -> None:
    assert (
        "Da lunedì 30 novembre a domenica 6 dicembre" in at_work(app).go(f"/tutor/squadra/turni?settimana={asked}").text
    )


def on(day: date) -> list[str]:
    make.fresh(None)
    return [person.name for person in staff.on_shift(day)]


def plan(desk: Desk, days: dict[date, list[int]]) -> None:
    path, _method, sends = form(desk.go("/tutor/squadra/turni"), "Salva i turni")
    given: dict[str, object] = dict(sends)
    given |= {f"giorno-{day.isoformat()}": ids for day, ids in days.items()}
    assert desk.client.post(path, data=given).status_code == 303


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))
