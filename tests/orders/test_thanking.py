"""Thanks: a tutor lets them through, those who worked on the crate read them, and nothing is made of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock, journal, readers, undo
from core.database import db
from core.errors import Conflict, NotFound, Refused
from orders import finding, handing_over, preparing, substituting, thanking
from orders.models import Order
from orders.thanking import Thanks, ThanksRead
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.shop.citizen import statements
from training import evidence
from training.models import StepEvent

pytestmark = pytest.mark.usefixtures("app")

WORDS = "Che bella cassetta! Grazie <3 & a presto"


def given(by: Person | None = None, giver: Person | None = None) -> Order:
    """Prepared by one, handed over by another."""
    order = crates.again(make.prepared(make.order(make.wish(make.product())), by=by).id)
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=giver.id if giver else None)
    return crates.again(order.id)


def thanked(order: Order, words: str = WORDS, *, shows_name: bool = False) -> Thanks:
    return thanking.decide(thanking.write(order.id, words, shows_name).id, let_through=True, by=None)


def reads(person: Person) -> list[str]:
    make.fresh(None)
    return [each.words for each in thanking.for_person(person.id)]


def test_it_is_written_once_after_hand_over_and_as_it_was_written() -> None:
    order = make.prepared(make.order())
    with pytest.raises(Conflict, match="quando hai ricevuto"):
        thanking.write(order.id, WORDS, False)
    order = given()
    assert thanking.may_write(order)
    made = thanking.write(order.id, f"  {WORDS}\n", False)
    assert made.words == WORDS
    assert not thanking.may_write(order)
    with pytest.raises(Conflict, match="già ringraziato"):
        thanking.write(order.id, "ancora", False)


@pytest.mark.parametrize("words", ["", " \u200b ", "a" * 281, "ciao\0"])
def test_what_cannot_be_kept_is_refused(words: str) -> None:
    with pytest.raises(Refused):
        thanking.write(given().id, words, False)
    assert db.session.scalar(select(func.count()).select_from(Thanks)) == 0


def test_nobody_at_the_desk_sees_it_before_a_tutor_has_let_it_through() -> None:
    anna, rita = make.person(), make.tutor()
    made = thanking.write(given(anna).id, WORDS, False)
    assert reads(anna) == []
    assert [each.id for each in thanking.waiting()] == [made.id]
    thanking.decide(made.id, let_through=True, by=rita.id)
    assert reads(anna) == [WORDS]
    assert thanking.waiting() == []
    with pytest.raises(Conflict, match="già deciso"):
        thanking.decide(made.id, let_through=False, by=rita.id)


def test_what_a_tutor_keeps_back_is_seen_by_nobody() -> None:
    anna = make.person()
    made = thanking.write(given(anna).id, WORDS, False)
    thanking.decide(made.id, let_through=False, by=None)
    assert reads(anna) == []
    assert not thanking.are_there(anna.id)


def test_it_is_for_those_who_worked_on_that_crate_and_whose_work_stands() -> None:
    anna, bruno, carla, dario = (make.person(name) for name in ("Anna", "Bruno", "Carla", "Dario"))
    order = crates.mixed()
    crates.take_first(order.id, carla)
    undo.undo_last(finding.get(order.id))  # what was taken back is no work on this crate
    crates.take_first(order.id, anna)
    crates.weigh(crates.again(order.id), "carote", 480, by=anna)
    preparing.finish(order.id, by=anna.id)
    found = crates.again(order.id)
    handing_over.take_card(order.id, by=carla.id, expected=found.due)  # money alone is no crate
    handing_over.hand_over(order.id, by=bruno.id)
    given(dario)
    thanked(order)
    assert [reads(person) for person in (anna, bruno, carla, dario)] == [[WORDS], [WORDS], [], []]
    assert thanking.thanked([order.id]) == {order.id: ["Anna", "Bruno"]}


def test_whoever_put_something_else_or_less_into_the_crate_is_thanked_too() -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    order = crates.varied()
    kale = next(each for each in substituting.choices(order.lines[0]) if each.slug == "cavolo-nero")
    line = order.lines[0]
    substituting.substitute(order.id, line.id, kale.id, version=line.version, by=anna.id)
    jar = crates.line(order.id, "zucca")
    preparing.pack_short(order.id, jar.id, pieces=1, grams=1800, version=jar.version, by=bruno.id)
    assert thanking.thanked([order.id]) == {order.id: ["Anna", "Bruno"]}


def test_a_tutor_who_helped_is_not_named_and_reads_nothing() -> None:
    rita = make.tutor()
    order = given(rita)
    thanked(order)
    assert thanking.thanked([order.id]) == {}


def test_the_first_name_is_shown_only_if_the_citizen_wants_it() -> None:
    assert thanked(given(), shows_name=True).first_name == "Maria"
    assert thanked(given(), shows_name=False).first_name == ""


def test_each_puts_it_away_for_themselves_and_can_have_it_back() -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    made = thanked(given(anna, bruno))
    thanking.put_away(made.id, anna.id)
    thanking.put_away(made.id, anna.id)
    assert (reads(anna), reads(bruno)) == ([], [WORDS])
    last = thanking.last_read(anna.id, since=clock.now() - timedelta(minutes=1))
    assert last is not None
    assert last.id == made.id
    thanking.take_out(made.id, anna.id)
    thanking.take_out(made.id, anna.id)
    assert reads(anna) == [WORDS]


def test_nobody_puts_away_what_is_not_for_them() -> None:
    made, carla = thanked(given(make.person("Anna"))), make.person("Carla")
    with pytest.raises(NotFound):
        thanking.put_away(made.id, carla.id)


def test_a_citizen_takes_it_back_until_it_is_let_through() -> None:
    order = given(make.person())
    first = thanking.write(order.id, WORDS, False)
    thanking.take_back(order.id)
    thanking.take_back(order.id)
    assert thanking.find(order) is None
    made = thanking.write(order.id, "Di nuovo: grazie", False)
    assert made.id > first.id  # the journal's words about the first one are not about this one
    thanking.decide(made.id, let_through=False, by=None)
    thanking.take_back(order.id)
    thanked(order)
    with pytest.raises(Conflict, match="non si può più togliere"):
        thanking.take_back(order.id)


def test_a_decision_is_taken_back_until_somebody_has_read_it() -> None:
    anna, rita = make.person(), make.tutor()
    made = thanking.write(given(anna).id, WORDS, False)
    thanking.decide(made.id, let_through=True, by=rita.id)
    undo.undo_last(made, by=rita.id)
    assert [each.id for each in thanking.waiting()] == [made.id]
    thanking.decide(made.id, let_through=True, by=rita.id)
    thanking.put_away(made.id, anna.id)
    with pytest.raises(Conflict, match="già letto"):
        undo.undo_last(made, by=rita.id)
    assert thanking.get(made.id).let_through


def test_neither_the_journal_nor_the_evidence_knows_the_words_or_that_they_were_read() -> None:
    anna, rita = make.person(), make.tutor()
    order = given(anna)
    readers.deliver()
    before = steps()
    made = thanking.write(order.id, WORDS, True)
    thanking.decide(made.id, let_through=True, by=rita.id)
    thanking.put_away(made.id, anna.id)
    thanking.take_out(made.id, anna.id)
    thanking.put_away(made.id, anna.id)
    readers.deliver()
    evidence.rebuild()
    readers.deliver()
    assert steps() == before
    entries = journal.entries(made)
    assert [each.action for each in entries] == ["thanks.decided", "thanks.written"]
    assert all(each.person_id != anna.id and WORDS not in str(each.data) for each in entries)


def test_what_is_forgotten_leaves_nothing() -> None:
    anna = make.person()
    order, other = given(anna), given(anna)
    thanking.put_away(thanked(order).id, anna.id)
    thanked(other, "Resta")
    assert thanking.forget([order.id]) == 1
    assert thanking.forget([order.id]) == 0
    assert [each.words for each in db.session.scalars(select(Thanks))] == ["Resta"]
    assert db.session.scalar(select(func.count()).select_from(ThanksRead)) == 0


def test_many_are_as_many_statements_as_one() -> None:
    anna = make.person()
    who, counts = anna.id, []
    for more in (1, 4):
        for _each in range(more):
            thanked(given(anna))
        make.fresh(None)
        with statements() as seen:
            found = thanking.for_person(who)
            assert all(each.order.crate for each in found)
            thanking.thanked([each.order_id for each in found])
        counts.append(len(seen))
    assert counts == [2, 2]


def steps() -> list[tuple[str, str]]:
    make.fresh(None)
    return sorted((step, skill) for step, skill in db.session.execute(select(StepEvent.step, StepEvent.skill)))
