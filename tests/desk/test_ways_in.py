"""Ways into the desk that must not lead in. Each is answered in a sentence of its own and shows nothing of the work."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.database import transaction
from people import asking, badges, devices, inviting, keeping, passwords, staff
from people.capabilities import Capability, Role
from people.entering import COOKIE
from people.models import Badge, Device, Person
from tests import factories as make
from tests.desk import crates
from tests.desk.walking import Desk
from tests.test_doors import signed_in

pytestmark = pytest.mark.usefixtures("on_a_tuesday")

WHO = "Scegli chi sei"
STRANGER = "Qui lavora solo chi è della cascina."
NOT_HERE = "Oggi questa persona non lavora qui."
UNKNOWN_BADGE = "Non conosco questo cartellino."
NOT_THEIRS = "Questo è di un’altra persona."
SHOW_BADGE = "Mostra il tuo cartellino"
GONE_INVITATION = "Questo invito non vale più."
PASSWORD = "pomodori e zucchine di campo"


class Farm:
    """A crate to prepare, a crate to give, Anna who may give it and Bruno who may not, two tablets."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.rita = make.tutor("Rita")
        self.anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH))
        self.bruno = make.person("Bruno")
        self.to_prepare = crates.mixed(name="Mariangela Abbondanza")
        self.to_give = crates.ready_today(make.wish(make.honey()), name="Mariangela Abbondanza")
        self.tablet, self.secret = make.tablet("Tablet 1")
        self.other_tablet, self.other_secret = make.tablet("Tablet 2")

    def browser(self, secret: str = "") -> Desk:
        desk = Desk(self.app.test_client())
        if secret:
            desk.client.set_cookie(COOKIE, secret)
        return desk

    def at_tablet(self) -> Desk:
        return self.browser(self.secret)

    def by_tile(self, person: Person | None = None, secret: str = "") -> Desk:
        desk = self.browser(secret or self.secret)
        return desk.go(f"/banco/chi-sei/{(person or self.anna).id}", method="post")

    def by_badge(self, person: Person | None = None) -> Desk:
        return self.at_tablet().show_badge(badges.make(person or self.anna, by=None))

    def carried_to(self, desk: Desk, secret: str = "") -> Desk:
        """The session's cookie of one browser in another one."""
        cookie = desk.client.get_cookie("chilometrico")
        assert cookie is not None
        other = self.browser(secret)
        other.client.set_cookie("chilometrico", cookie.value)
        return other

    def yes_for(self, person: Person, device: Device) -> asking.EntryRequest:
        return asking.answer(asking.ask(person, device).id, yes=True, by=self.rita)


def no_device(farm: Farm) -> Desk:
    return farm.browser().go("/banco")


def voided_device(farm: Farm) -> Desk:
    devices.void(farm.tablet.id, by=farm.rita)
    return farm.at_tablet().go("/banco")


def expired_device(farm: Farm) -> Desk:
    with clock.at(clock.now() + timedelta(days=91)):
        return farm.at_tablet().go("/banco")


def forged_secret(farm: Farm) -> Desk:
    return farm.browser(secrets.token_urlsafe(32)).go("/banco/prepara")


def hash_as_secret(farm: Farm) -> Desk:
    """Whoever reads the database has the hashes: they open nothing."""
    return farm.browser(farm.tablet.secret_hash).go("/banco/prepara")


def session_at_another_tablet(farm: Farm) -> Desk:
    """A copied session with the secret of another device of ours."""
    return farm.carried_to(farm.by_badge(), farm.other_secret).go("/banco/prepara")


def session_without_device(farm: Farm) -> Desk:
    return farm.carried_to(farm.by_badge()).go("/banco/prepara")


def session_after_going_out(farm: Farm) -> Desk:
    desk = farm.by_badge()
    copy = farm.carried_to(desk, farm.secret)
    desk.go("/banco").press("Ho finito")
    return copy.go("/banco/prepara")


def session_of_voided_tablet(farm: Farm) -> Desk:
    desk = farm.by_badge()
    devices.void(farm.tablet.id, by=farm.rita)
    return desk.go(f"/banco/casse/{farm.to_prepare.id}")


def forged_session(farm: Farm) -> Desk:
    desk = farm.at_tablet()
    desk.client.set_cookie("chilometrico", "eyJfdXNlcl9pZCI6IjEiLCJwcm9vZiI6ImJhZGdlIn0.aSCsqg.forged-forged-forged")
    return desk.go("/banco/prepara")


def after_the_shift(farm: Farm) -> Desk:
    desk = farm.by_badge()
    with clock.at(clock.now() + timedelta(hours=12, minutes=1)):
        return desk.go("/banco/prepara")


def left_alone(farm: Farm) -> Desk:
    """Whoever walks up to a tablet that somebody has left."""
    desk = farm.by_badge()
    with clock.at(clock.now() + timedelta(minutes=16)):
        return desk.go(f"/banco/casse/{farm.to_prepare.id}")


def last_day_is_over(farm: Farm) -> Desk:
    desk = farm.by_badge()
    with transaction() as session:
        session.get_one(Person, farm.anna.id).active_to = clock.today() - timedelta(days=1)
    return desk.go("/banco/prepara")


def badge_of_somebody_gone(farm: Farm) -> Desk:
    token = badges.make(farm.anna, by=None)
    with transaction() as session:
        session.get_one(Person, farm.anna.id).active_to = clock.today() - timedelta(days=1)
    return farm.at_tablet().go("/banco/cartellino", method="post", sends={"codice": token})


def voided_badge(farm: Farm) -> Desk:
    old = badges.make(farm.anna, by=None)
    badges.make(farm.anna, by=None)
    return farm.at_tablet().go("/banco/cartellino", method="post", sends={"codice": old})


def badge_without_device(farm: Farm) -> Desk:
    return farm.browser().go("/banco/cartellino", method="post", sends={"codice": badges.make(farm.anna, by=None)})


def badge_address_without_device(farm: Farm) -> Desk:
    """The phone of a passer-by opens what it has read."""
    return farm.browser().go(f"/banco/cartellino/{badges.make(farm.anna, by=None)}")


def guessed_token(farm: Farm) -> Desk:
    return farm.at_tablet().go("/banco/cartellino", method="post", sends={"codice": secrets.token_urlsafe(32)})


def hash_as_token(farm: Farm) -> Desk:
    badges.make(farm.anna, by=None)
    with transaction() as session:
        found = session.query(Badge).one().token_hash
    return farm.at_tablet().go("/banco/cartellino", method="post", sends={"codice": found})


def badge_of_a_tutor(farm: Farm) -> Desk:
    return farm.at_tablet().go("/banco/cartellino", method="post", sends={"codice": badges.make(farm.rita, by=None)})


def looking_at_a_badge(farm: Farm) -> Desk:
    """The address alone, without a tap: a picture that is fetched lets nobody in."""
    desk = farm.at_tablet().go(f"/banco/cartellino/{badges.make(farm.anna, by=None)}")
    assert desk.heading == "Sei Anna?"
    return desk.go("/banco/prepara")


def tile_of_a_tutor(farm: Farm) -> Desk:
    return farm.at_tablet().go(f"/banco/chi-sei/{farm.rita.id}", method="post")


def tile_of_somebody_not_on_shift(farm: Farm) -> Desk:
    staff.plan_shift(clock.today(), [farm.bruno], by=farm.rita)
    return farm.by_tile(farm.anna)


def tile_of_nobody(farm: Farm) -> Desk:
    return farm.at_tablet().go("/banco/chi-sei/987654", method="post")


def tile_without_device(farm: Farm) -> Desk:
    return farm.browser().go(f"/banco/chi-sei/{farm.anna.id}", method="post")


def tile_by_looking(farm: Farm) -> Desk:
    return farm.at_tablet().go(f"/banco/chi-sei/{farm.anna.id}")


def tile_from_elsewhere(farm: Farm) -> Desk:
    """A form on somebody else's page has no token of ours."""
    farm.app.config["WTF_CSRF_ENABLED"] = True
    try:
        return farm.by_tile()
    finally:
        farm.app.config["WTF_CSRF_ENABLED"] = False


def hand_over_by_tile(farm: Farm) -> Desk:
    return farm.by_tile().go(f"/banco/consegna/{farm.to_give.id}")


def money_by_tile(farm: Farm) -> Desk:
    return farm.by_tile().go(f"/banco/consegna/{farm.to_give.id}/soldi", method="post", sends={"expected": "850"})


def hand_over_after_being_away(farm: Farm) -> Desk:
    """Came with a badge, left the tablet: whoever taps the first tile has a tile and no badge."""
    desk = farm.by_badge()
    with clock.at(clock.now() + timedelta(minutes=16)):
        return desk.go("/banco/prepara").press("Sono ancora Anna").go(f"/banco/consegna/{farm.to_give.id}")


def another_ones_badge(farm: Farm) -> Desk:
    """Bruno came by tile and shows the badge of Anna, who may take money."""
    token = badges.make(farm.anna, by=None)
    return farm.by_tile(farm.bruno).go("/banco/cartellino", method="post", sends={"codice": token})


def yes_of_another_device(farm: Farm) -> Desk:
    farm.yes_for(farm.anna, farm.other_tablet)
    return _look(farm.by_tile(farm.anna), farm)


def yes_of_another_person(farm: Farm) -> Desk:
    farm.yes_for(farm.anna, farm.tablet)
    desk = farm.by_tile(farm.bruno).go("/banco/chiedi/guarda", method="post")
    assert desk.heading == SHOW_BADGE
    return desk


def yes_used_twice(farm: Farm) -> Desk:
    farm.yes_for(farm.anna, farm.tablet)
    first = farm.by_tile().go("/banco/chiedi/guarda", method="post")
    assert first.go(f"/banco/consegna/{farm.to_give.id}").status == 200
    return _look(farm.by_tile(), farm)


def yes_too_old(farm: Farm) -> Desk:
    farm.yes_for(farm.anna, farm.tablet)
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        return _look(farm.by_tile(), farm)


def not_now(farm: Farm) -> Desk:
    asking.answer(asking.ask(farm.anna, farm.tablet).id, yes=False, by=farm.rita)
    return _look(farm.by_tile(), farm)


def not_answered_yet(farm: Farm) -> Desk:
    asking.ask(farm.anna, farm.tablet)
    return _look(farm.by_tile(), farm)


def asking_by_nobody(farm: Farm) -> Desk:
    """Without a tile nobody knows who asks."""
    desk = farm.at_tablet().go("/banco/chiedi", method="post")
    assert asking.waiting() == []
    return desk


def yes_by_oneself(farm: Farm) -> Desk:
    asked = asking.ask(farm.anna, farm.tablet)
    desk = farm.by_tile().go(f"/tutor/chiede/{asked.id}/si", method="post")
    assert asking.answer_to(asked) == asking.Answer.WAITING
    return desk


def staff_door(farm: Farm) -> Desk:
    return farm.by_badge().go("/banco/ordini")


def tutor_pages(farm: Farm) -> Desk:
    return farm.by_badge().go("/tutor/squadra")


def password_of_a_co_resident(farm: Farm) -> Desk:
    with transaction() as session:
        anna = session.get_one(Person, farm.anna.id)
        anna.email, anna.password_hash = "anna@posta.example", passwords.hashed(PASSWORD)
    sends = {"email": "anna@posta.example", "password": PASSWORD}
    return farm.browser().go("/tutor/entra", method="post", sends=sends)


def invitation_used_twice(farm: Farm) -> Desk:
    token = inviting.invite(Role.TUTOR)
    inviting.accept(token, name="Sandra", email="sandra@posta.example", password=PASSWORD)
    sends = {"name": "Marco", "email": "marco@posta.example", "password": PASSWORD}
    return farm.browser().go(f"/tutor/invito/{token}", method="post", sends=sends)


def kept_form_of_another(farm: Farm) -> Desk:
    """What Anna had not sent yet is never sent by Bruno."""
    line = crates.line(farm.to_prepare.id, "carote")
    desk = farm.by_badge()
    with clock.at(clock.now() + timedelta(minutes=16)):
        sends = {"grams": "480", "version": "0", "key": "a-form-key-0123456789"}
        desk.go(f"/banco/casse/{farm.to_prepare.id}/righe/{line.id}/peso", method="post", sends=sends)
        return desk.press("Bruno").go("/banco/ancora")


def _look(desk: Desk, farm: Farm) -> Desk:
    """Guarda, and then to the door that the yes would have opened."""
    desk.go("/banco/chiedi/guarda", method="post")
    assert "Mariangela" not in desk.text
    return desk.go(f"/banco/consegna/{farm.to_give.id}")


@dataclass(frozen=True)
class Way:
    try_it: Callable[[Farm], Desk]
    status: int
    says: str


WAYS = [
    Way(no_device, 404, STRANGER),
    Way(voided_device, 404, STRANGER),
    Way(expired_device, 404, STRANGER),
    Way(forged_secret, 404, STRANGER),
    Way(hash_as_secret, 404, STRANGER),
    Way(session_at_another_tablet, 403, WHO),
    Way(session_without_device, 404, STRANGER),
    Way(session_after_going_out, 403, WHO),
    Way(session_of_voided_tablet, 404, STRANGER),
    Way(forged_session, 403, WHO),
    Way(after_the_shift, 403, WHO),
    Way(left_alone, 403, WHO),
    Way(last_day_is_over, 403, WHO),
    Way(badge_of_somebody_gone, 404, UNKNOWN_BADGE),
    Way(voided_badge, 404, UNKNOWN_BADGE),
    Way(badge_without_device, 404, STRANGER),
    Way(badge_address_without_device, 404, STRANGER),
    Way(guessed_token, 404, UNKNOWN_BADGE),
    Way(hash_as_token, 404, UNKNOWN_BADGE),
    Way(badge_of_a_tutor, 404, UNKNOWN_BADGE),
    Way(looking_at_a_badge, 403, WHO),
    Way(tile_of_a_tutor, 404, NOT_HERE),
    Way(tile_of_somebody_not_on_shift, 404, NOT_HERE),
    Way(tile_of_nobody, 404, NOT_HERE),
    Way(tile_without_device, 404, STRANGER),
    Way(tile_by_looking, 405, "Da qui non si può."),
    Way(tile_from_elsewhere, 400, "Questa pagina è rimasta aperta a lungo."),
    Way(hand_over_by_tile, 200, SHOW_BADGE),
    Way(money_by_tile, 200, SHOW_BADGE),
    Way(hand_over_after_being_away, 200, SHOW_BADGE),
    Way(another_ones_badge, 403, NOT_THEIRS),
    Way(yes_of_another_device, 200, SHOW_BADGE),
    Way(yes_of_another_person, 200, SHOW_BADGE),
    Way(yes_used_twice, 200, SHOW_BADGE),
    Way(yes_too_old, 200, SHOW_BADGE),
    Way(not_now, 200, SHOW_BADGE),
    Way(not_answered_yet, 200, SHOW_BADGE),
    Way(asking_by_nobody, 403, WHO),
    Way(yes_by_oneself, 403, "Questo lo fa un'altra persona."),
    Way(staff_door, 403, "Questo lo fa un'altra persona."),
    Way(tutor_pages, 403, "Questo lo fa un'altra persona."),
    Way(password_of_a_co_resident, 422, "E-mail e parola d'ordine non vanno insieme."),
    Way(invitation_used_twice, 404, GONE_INVITATION),
    Way(kept_form_of_another, 200, "Scegli il lavoro"),
]


@pytest.mark.parametrize("way", WAYS, ids=[way.try_it.__name__ for way in WAYS])
def test_this_way_leads_nowhere_and_is_answered_calmly(app: Flask, way: Way) -> None:
    farm = Farm(app)
    before = (crates.state(farm.to_prepare.id), crates.state(farm.to_give.id))
    desk = way.try_it(farm)
    assert (desk.status, way.says in desk.text) == (way.status, True), f"{desk.status} {desk.text[:400]}"
    assert "Mariangela" not in desk.html
    if way.try_it is not kept_form_of_another:
        assert "Scegli il lavoro" not in desk.text
        assert f"/banco/casse/{farm.to_prepare.id}" not in desk.html.replace(
            f'value="/banco/casse/{farm.to_prepare.id}"', ""
        )
    if way.says == STRANGER:
        assert "Anna" not in desk.html
    assert (crates.state(farm.to_prepare.id), crates.state(farm.to_give.id)) == before


def test_there_are_more_than_twenty_of_them() -> None:
    assert len({way.try_it.__name__ for way in WAYS}) >= 20


def test_the_right_ways_lead_in(app: Flask) -> None:
    """The judge of this file: what is tried above works when it is right."""
    farm = Farm(app)
    assert farm.by_tile().heading == "Scegli il lavoro"
    assert "Mariangela" in farm.by_badge().go(f"/banco/consegna/{farm.to_give.id}?passo=nome").text
    read = farm.at_tablet().go("/banco/cartellino", method="post", sends={"codice": badges.make(farm.anna, by=None)})
    assert read.heading == "Scegli il lavoro"
    farm.yes_for(farm.anna, farm.tablet)
    desk = _look(farm.by_tile(farm.anna), farm)
    assert desk.heading == "Trova la cassetta 1"


def test_a_stolen_tablet_shows_nothing_and_the_work_goes_on_at_another(app: Flask) -> None:
    """Somebody is in the middle of a crate when a tutor takes the tablet out of use with one tap."""
    farm = Farm(app)
    here = f"/banco/casse/{farm.to_prepare.id}"
    desk = farm.by_badge().go(here)
    assert desk.heading == "Prendi 2 mazzi di bietole"
    desk.press_main().press_main()
    assert desk.heading == "Metti sulla bilancia: carote"
    tutor = signed_in(app, farm.rita, "password")
    assert tutor.post(f"/tutor/squadra/dispositivi/{farm.tablet.id}/togli").status_code == 303
    for path in (here, "/banco", "/banco/prepara", "/banco/cartellino", "/banco/ancora"):
        assert desk.go(path).status == 404
        assert "Anna" not in desk.html
        assert "carote" not in desk.html
    other = farm.by_tile(farm.anna, farm.other_secret).go(here)
    assert other.heading == "Metti sulla bilancia: carote"


def test_a_password_session_on_a_tablet_goes_on(app: Flask) -> None:
    farm = Farm(app)
    rita = signed_in(app, farm.rita, "password", tablet=farm.secret)
    assert rita.get("/banco/prepara").status_code == 200
    assert rita.get(f"/banco/consegna/{farm.to_give.id}").status_code == 200


def test_what_waits_is_small_enough_for_a_cookie() -> None:
    assert keeping.LONGEST < 2000
