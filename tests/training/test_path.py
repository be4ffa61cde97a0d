"""The path of one person: occasions, counts in words, who looked. Never two people at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core import clock, readers
from core.database import transaction
from orders import harvesting, preparing, substituting
from orders.placing import Wish
from people.models import Person
from tests import factories as make
from training import path, words
from training.models import StepEvent
from training.skills import STEPS

pytestmark = pytest.mark.usefixtures("app")

MONDAY = date(2026, 11, 16)


def step(person: Person, order: int, at: datetime, *, skill: str = "C3", **more: object) -> None:
    row = {
        "entry_id": order * 100 + at.minute,
        "step": "line.weighed",
        "occasion": f"prepare:order:{order}",
        "outcome": "done",
        **more,
    }
    with transaction() as session:
        session.add(StepEvent(person_id=person.id, skill=skill, at=at, **row))


def weighed_often(person: Person, times: int, days: int = 4) -> None:
    for n in range(times):
        step(person, n + 1, clock.rome(MONDAY + timedelta(days=n % days), 9))


def test_an_occasion_is_one_run_of_one_task_with_its_steps_in_order() -> None:
    anna = make.person("Anna")
    order = make.prepared(make.order(make.wish(make.honey()), make.wish(make.chard())), by=anna)
    readers.deliver()
    occasions = path.occasions(anna)
    assert [occasion.name for occasion in occasions] == [f"prepare:order:{order.id}"]
    assert [one.step for one in occasions[0].steps] == ["line.taken", "line.taken", "order.ready", "order.labelled"]


def test_the_newest_occasion_comes_first() -> None:
    anna = make.person("Anna")
    step(anna, 2, clock.rome(MONDAY + timedelta(days=1), 9))
    step(anna, 1, clock.rome(MONDAY, 9))
    step(anna, 3, clock.rome(MONDAY, 8))
    assert [one.name.split(":")[2] for one in path.occasions(anna)] == ["2", "1", "3"]


def test_one_crate_counts_once_a_day_however_many_products() -> None:
    anna = make.person("Anna")
    for minute in range(5):
        step(anna, 1, clock.rome(MONDAY, 9, minute))
    assert path.skills_seen(anna) == [path.SkillSeen("C3", times=1, days=1)]


def test_practice_and_what_was_taken_back_do_not_count() -> None:
    anna = make.person("Anna")
    step(anna, 1, clock.rome(MONDAY, 9), practice=True)
    step(anna, 2, clock.rome(MONDAY, 9), undone=True)
    assert path.skills_seen(anna) == []
    step(anna, 3, clock.rome(MONDAY, 9))
    assert path.skills_seen(anna) == [path.SkillSeen("C3", times=1, days=1)]


@pytest.mark.parametrize(
    ("times", "said"), [(7, "poche occasioni per dirlo"), (8, "8 volte in 4 giorni"), (12, "12 volte in 4 giorni")]
)
def test_fewer_than_eight_occasions_say_too_little(times: int, said: str) -> None:
    anna = make.person("Anna")
    weighed_often(anna, times)
    assert [words.count(seen) for seen in path.skills_seen(anna)] == [said]


def test_the_path_holds_nobody_else() -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    weighed_often(bruno, 8)
    assert (path.occasions(anna), path.skills_seen(anna)) == ([], [])


def test_steps_are_told_with_crate_and_product_and_without_the_customer() -> None:
    anna = make.person("Anna")
    order = make.prepared(make.order(make.wish(make.honey()), name="Ubaldo Segreti"), by=anna)
    readers.deliver()
    told = words.tell(path.occasions(anna))[0]
    assert told.title == f"Prepara la cassetta {order.crate}"
    assert [(one.words, one.what) for one in told.steps] == [
        ("Prende il prodotto", "Miele di acacia"),
        ("Controlla e chiude la cassetta", ""),
        ("Mette l'etichetta", ""),
    ]
    assert "Ubaldo" not in str(told)


def test_what_was_not_there_and_what_came_in_are_told_too() -> None:
    anna = make.person("Anna")
    chard, kale = make.chard(), make.product("cavolo-nero", name="Cavolo nero", price=200)
    order = make.closed(make.order(Wish(chard.id, 3, chard.price, True), make.wish(make.honey(), 2)))
    swap, short = order.lines
    harvesting.arrive(order.pickup_id, chard.id, 1, by=anna.id)
    substituting.substitute(order.id, swap.id, kale.id, version=swap.version, by=anna.id)
    preparing.pack_short(order.id, short.id, pieces=1, version=short.version, by=anna.id)
    readers.deliver()
    prepared, harvested = words.tell(path.occasions(anna))
    assert harvested.title == "Segna il raccolto"
    assert [(one.words, one.what, str(one.skill)) for one in (*harvested.steps, *prepared.steps)] == [
        ("Segna quanto è arrivato", "Bietole", "Aggiorno quanto c'è"),
        ("Mette un altro prodotto", "Bietole", "Propongo un cambio"),
        ("Segna che ce n'è meno", "Miele di acacia", "Segno quello che manca"),
    ]


def test_every_step_that_is_kept_has_words() -> None:
    assert set(words.STEP_WORDS) == set(STEPS)


def test_looks_of_one_day_are_told_as_one_newest_first() -> None:
    anna, rita, sandro = make.person("Anna"), make.tutor("Rita"), make.tutor("Sandro")
    with clock.at(clock.rome(MONDAY, 9)):
        path.note_look(rita, anna, "view", "support")
        path.note_look(rita, anna, "view", "support")
    with clock.at(clock.rome(MONDAY + timedelta(days=1), 9)):
        path.note_look(sandro, anna, "view", "support")
    looks = [(look.who.name, look.day, look.times) for look in path.who_looked(anna)]
    assert looks == [("Sandro", MONDAY + timedelta(days=1), 1), ("Rita", MONDAY, 2)]
