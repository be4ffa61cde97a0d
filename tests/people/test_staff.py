"""Who works here: shifts, dated grants, how much the desk shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, journal
from core.database import db
from core.errors import Conflict, NotAllowed, NotFound, Refused
from people import pictures, staff
from people.capabilities import GRANTABLE, Capability, Role
from people.models import Grant, Person
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

CASH = Capability.TAKE_CASH


def names(people: list[Person]) -> list[str]:
    return [person.name for person in people]


def test_without_a_shift_everybody_who_is_active_works() -> None:
    for name in ("Carla", "Anna"):
        make.person(name)
    make.person("Via", active_from=clock.today() - timedelta(days=9), active_to=clock.yesterday())
    make.tutor()
    assert names(staff.on_shift(clock.today())) == ["Anna", "Carla"]
    assert staff.planned(clock.today()) == []


def test_with_a_shift_exactly_those_work_and_only_on_that_day() -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    staff.plan_shift(clock.today(), [bruno], by=make.tutor())
    assert names(staff.on_shift(clock.today())) == ["Bruno"]
    assert names(staff.on_shift(clock.today() + timedelta(days=1))) == ["Anna", "Bruno"]
    staff.plan_shift(clock.today(), [anna, bruno], by=make.tutor())
    assert names(staff.on_shift(clock.today())) == ["Anna", "Bruno"]
    staff.plan_shift(clock.today(), [], by=make.tutor())
    assert names(staff.on_shift(clock.today())) == ["Anna", "Bruno"]


def test_a_grant_is_dated_signed_and_has_a_reason() -> None:
    anna, rita = make.person("Anna"), make.tutor()
    grant = staff.give(anna, CASH, "  Conta bene. ", by=rita)
    assert (grant.from_day, grant.to_day, grant.given_by_id, grant.reason) == (
        clock.today(),
        None,
        rita.id,
        "Conta bene.",
    )
    assert anna.can(CASH)
    with clock.at(clock.now() - timedelta(days=1)):
        assert not anna.can(CASH)


def test_a_withdrawn_grant_ends_at_once_and_stays_readable() -> None:
    anna, sandro = make.person("Anna", can=(CASH,)), make.tutor("Sandro")
    staff.withdraw(anna.grants[0].id, "Preferisce la bilancia.", by=sandro)
    make.fresh(anna)
    assert not anna.can(CASH)
    kept = db.session.scalars(select(Grant)).one()
    assert (kept.withdrawn_by_id, kept.withdrawn_reason) == (sandro.id, "Preferisce la bilancia.")


def test_withdrawing_again_changes_nothing() -> None:
    anna = make.person("Anna", can=(CASH,))
    for reason in ("Il primo motivo.", "Un altro."):
        staff.withdraw(anna.grants[0].id, reason, by=make.tutor())
    assert db.session.scalars(select(Grant.withdrawn_reason)).one() == "Il primo motivo."
    with pytest.raises(NotFound):
        staff.withdraw(99, "Perché sì.", by=make.tutor())


def test_a_permission_can_come_back_as_a_grant_of_its_own() -> None:
    anna = make.person("Anna", can=(CASH,))
    staff.withdraw(anna.grants[0].id, "Per ora no.", by=make.tutor())
    make.fresh(anna)
    staff.give(anna, CASH, "Adesso sì.", by=make.tutor())
    make.fresh(anna)
    assert anna.can(CASH)
    assert len(anna.grants) == 2


def test_a_permission_is_not_given_twice_nor_without_a_reason() -> None:
    anna = make.person("Anna", can=(CASH,))
    with pytest.raises(Conflict):
        staff.give(anna, CASH, "Ancora.", by=make.tutor())
    with pytest.raises(Refused):
        staff.give(make.person("Bruno"), CASH, " ", by=make.tutor())


@pytest.mark.parametrize("capability", sorted(set(Capability) - GRANTABLE))
def test_what_comes_with_a_role_is_not_given(capability: Capability) -> None:
    with pytest.raises(NotAllowed):
        staff.give(make.person("Anna"), capability, "Perché sì.", by=make.tutor())


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2), (2, 0), (0, 2)])
def test_a_tutor_changes_the_guide_both_ways_with_a_reason(before: int, after: int) -> None:
    anna, rita = make.person("Anna", support_level=before), make.tutor()
    with pytest.raises(Refused):
        staff.set_support(anna, after, by=rita)
    staff.set_support(anna, after, reason="Lo abbiamo deciso insieme.", by=rita)
    assert anna.support_level == after
    entry = journal.entries(anna)[0]
    assert (entry.action, entry.person_id) == ("support.changed", rita.id)
    assert entry.data == {"before": before, "level": after, "set_by": "tutor", "reason": "Lo abbiamo deciso insieme."}


def test_people_take_more_guide_at_once_and_ask_for_less() -> None:
    anna = make.person("Anna", support_level=1)
    staff.set_support(anna, 2, by=anna)
    assert anna.support_level == 2
    assert journal.entries(anna)[0].data["set_by"] == "person"
    with pytest.raises(NotAllowed):
        staff.set_support(anna, 1, by=anna)


@pytest.mark.parametrize("level", [-1, 3, 9])
def test_there_are_three_guides(level: int) -> None:
    with pytest.raises(Refused):
        staff.set_support(make.person("Anna"), level, reason="Perché sì.", by=make.tutor())


def test_the_guide_that_is_already_there_is_no_change() -> None:
    anna = make.person("Anna", support_level=1)
    staff.set_support(anna, 1, reason="Resta così.", by=make.tutor())
    assert [entry.action for entry in journal.entries(anna)] == ["person.added"]


def test_only_co_residents_have_a_path() -> None:
    assert staff.get_co_resident(make.person("Anna").id).name == "Anna"
    for nobody in (make.tutor().id, make.person("Teresa", Role.COORDINATOR).id, 999):
        with pytest.raises(NotFound):
            staff.get_co_resident(nobody)


def test_every_emblem_has_its_drawing_and_a_name_in_both_languages() -> None:
    folder = pictures.ROOT / "static/img/people"
    assert {path.stem for path in folder.glob("*.svg")} == set(pictures.names())
    assert len(pictures.names()) >= 12
    assert {language: pictures.choices(language)[0][1] for language in ("it", "en")} == {"it": "albero", "en": "ball"}


def test_a_grant_of_today_that_is_withdrawn_today_never_ends_before_it_began() -> None:
    anna = make.person("Anna", can=(CASH,))
    staff.withdraw(anna.grants[0].id, "Per ora no.", by=make.tutor())
    make.fresh(anna)
    grant = anna.grants[0]
    assert (grant.from_day, grant.to_day) == (clock.today(), clock.today())
    assert grant.withdrawn_at is not None
    assert not grant.holds_on(clock.today())
    assert not anna.can(CASH)


@pytest.mark.parametrize("name", ["", " ", "\u200b\u200d", "\u00a0\u3000", "x" * 61, "Anna\x1b[2J"])
def test_a_name_is_one_that_can_be_read(name: str) -> None:
    with pytest.raises(Refused):
        staff.add(name, Role.CO_RESIDENT)
    assert staff.co_residents() == []


def test_a_reason_is_short_and_can_be_read() -> None:
    for reason in ("\u200b", "x" * 281, "a\0b"):
        with pytest.raises(Refused):
            staff.give(make.person("Anna"), CASH, reason, by=make.tutor())


def test_two_tutors_who_plan_the_same_day_at_once_leave_one_plan(app: Flask) -> None:
    people = [make.person(name) for name in ("Anna", "Bruno")]
    rita, day = make.tutor(), clock.today()
    ids, boss = [person.id for person in people], rita.id

    def plan() -> None:
        staff.plan_shift(day, [staff.get(number) for number in ids], by=staff.get(boss))

    for _ in range(5):
        assert faults(together(app, *[plan] * 4)) == []
    make.fresh(day)
    assert names(staff.planned(day)) == ["Anna", "Bruno"]
