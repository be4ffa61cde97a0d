"""A crate goes to a colleague or to a tutor: who is on it changes, what is in it does not, and it can be had back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, journal, keys
from core.database import db, transaction
from core.errors import Conflict, Refused
from desk import order_story
from orders import cancelling, finding, passing, preparing, working
from orders.models import Order
from people import staff
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.together import faults, together

Three = tuple[Order, Person, Person]


@pytest.fixture
def three(app: Flask) -> Three:
    """A crate that Anna has begun, Anna, and Bruno."""
    order, anna, bruno = crates.mixed(), make.person("Anna", support_level=1), make.person("Bruno", support_level=1)
    crates.take_first(order.id, anna)
    return order, anna, bruno


def who(order: Order) -> int | None:
    found = working.on(crates.again(order.id))
    return found.person_id if found else None


def passed(three: Three, enter: EnterAs) -> Desk:
    """Anna gives it to Bruno."""
    return enter(three[1]).go("/banco").press("Passa la cassetta 1").press("Bruno")


def test_a_crate_is_passed_with_two_taps_and_is_first_on_the_others_oggi(three: Three, enter: EnterAs) -> None:
    order, _anna, bruno = three
    before = crates.state(order.id)
    make.closed(make.order())  # another one that could come first
    desk = passed(three, enter)
    assert "Cassetta 1 a Bruno." in desk.text
    assert desk.heading == "Scegli il lavoro"
    assert crates.state(order.id) == before
    his = enter(bruno).go("/banco")
    assert "Anna ti passa la cassetta 1." in his.text
    assert next(way for way in his.ways if way.is_principal).path == f"/banco/casse/{order.id}"
    assert who(order) == bruno.id


def test_only_whoever_is_on_a_crate_is_offered_to_pass_it(three: Three, enter: EnterAs) -> None:
    order, _anna, bruno = three
    desk = enter(bruno).go("/banco")
    assert not desk.offers("Passa la cassetta")
    assert desk.go(f"/banco/passa/{order.id}").path == f"/banco/casse/{order.id}"


def test_what_was_begun_on_another_day_is_nobodys_to_pass(three: Three, enter: EnterAs) -> None:
    order, anna, _bruno = three
    with clock.at(clock.now() + timedelta(days=1)):
        desk = enter(anna).go("/banco")
        assert next(way for way in desk.ways if way.is_principal).path == f"/banco/casse/{order.id}"
        assert not desk.offers("Passa la cassetta")


def test_only_those_who_work_today_can_be_chosen_and_not_oneself(three: Three, enter: EnterAs) -> None:
    _order, anna, bruno = three
    rita, carla = make.tutor("Rita"), make.person("Carla")
    staff.plan_shift(clock.today(), [anna, bruno], by=rita)
    desk = enter(anna).go("/banco").press("Passa la cassetta 1")
    names = [way.words for way in desk.ways if way.path.startswith("/banco/passa/")]
    assert names == ["Bruno"]
    assert not desk.offers(carla.name)


def test_somebody_alone_is_told_so(three: Three, enter: EnterAs) -> None:
    _order, anna, _bruno = three
    staff.plan_shift(clock.today(), [anna], by=make.tutor("Rita"))
    desk = enter(anna).go("/banco").press("Passa la cassetta 1")
    assert "Oggi ci sei solo tu." in desk.text
    assert desk.press_main().path == "/banco"


def test_there_are_never_more_than_five_colleagues_at_once(three: Three, enter: EnterAs) -> None:
    for number in range(8):
        make.person(f"Collega {number}")
    desk = enter(three[1]).go("/banco").press("Passa la cassetta 1")
    tiles = [way for way in desk.ways if "/banco/passa/" in way.path]
    assert len(tiles) == 5
    assert desk.press("Altri").ways != tiles


def test_it_can_be_had_back_while_the_other_has_done_nothing(three: Three, enter: EnterAs) -> None:
    order, anna, bruno = three
    desk = passed(three, enter)
    assert desk.offers("Torna indietro: la cassetta 1 a Bruno")
    desk.press("Torna indietro:")
    assert "Tolto: la cassetta 1 a Bruno." in desk.text
    assert who(order) == anna.id
    assert "ti passa" not in enter(bruno).go("/banco").text
    assert crates.deeds(order.id)[-2:] == ["task.passed", "task.passed.undone"]


def test_once_the_other_has_begun_it_stays_with_them(three: Three, enter: EnterAs) -> None:
    order, _anna, bruno = three
    desk = passed(three, enter)
    back = desk.find("Torna indietro:")
    crates.weigh(crates.again(order.id), "carote", 480, by=bruno)
    assert not desk.go("/banco").offers("Torna indietro:")
    assert desk.go(back.path, method="post", sends=back.sends).status == 409
    assert "non si può più tornare indietro" in desk.text
    assert who(order) == bruno.id


def test_only_ones_own_passing_can_be_had_back(three: Three, enter: EnterAs) -> None:
    """Not what somebody else has passed on; and a deed's number can be guessed."""
    order, _anna, bruno = three
    passed(three, enter)
    sends = {"deed": str(journal.entries(order)[0].id), "key": keys.new()}
    carla = enter(make.person("Carla")).go(f"/banco/passa/{order.id}/indietro", method="post", sends=sends)
    assert carla.status == 409
    assert who(order) == bruno.id


def test_what_a_tutor_took_over_is_had_back_by_nobody_else(three: Three, enter: EnterAs) -> None:
    order, anna, _bruno = three
    rita = make.tutor("Rita")
    passing.take_over(order.id, expected=anna.id, by=rita.id)
    sends = {"deed": str(journal.entries(order)[0].id), "key": keys.new()}
    assert enter(anna).go(f"/banco/passa/{order.id}/indietro", method="post", sends=sends).status == 409
    assert who(order) == rita.id


def test_what_was_done_before_it_was_passed_can_still_be_taken_back(three: Three, enter: EnterAs) -> None:
    """Passing says who, not what: Bruno finds a bunch too many and takes it out."""
    order, _anna, bruno = three
    passed(three, enter)
    desk = enter(bruno).go(f"/banco/casse/{order.id}").press("Torna indietro: 2 mazzi di bietole")
    assert desk.heading == "Prendi 2 mazzi di bietole"
    assert not desk.offers("Chiama il tutor")


def test_a_double_tap_passes_once(three: Three, enter: EnterAs) -> None:
    order, anna, _bruno = three
    desk = enter(anna).go(f"/banco/passa/{order.id}")
    way = desk.find("Bruno")
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).heading == "Scegli il lavoro"
    assert crates.deeds(order.id).count("task.passed") == 1


def test_two_colleagues_at_once_leave_it_with_one(three: Three, app: Flask) -> None:
    order, anna, bruno = three
    order_id, a, b, c = order.id, anna.id, bruno.id, make.person("Carla").id
    answers = together(app, lambda: passing.pass_on(order_id, b, by=a), lambda: passing.pass_on(order_id, c, by=a))
    assert not faults(answers, Conflict)
    assert crates.deeds(order_id).count("task.passed") == 1


def test_the_news_is_a_still_badge_on_casa(three: Three, enter: EnterAs) -> None:
    order, _anna, bruno = three
    his = enter(bruno).go("/banco/prepara")
    assert "per te" not in his.text
    passed(three, enter)
    assert his.go("/banco/prepara").find("Casa").words == "Casa 1 per te"
    crates.weigh(crates.again(order.id), "carote", 480, by=bruno)
    assert his.go("/banco/prepara").find("Casa").words == "Casa"


def test_passing_is_over_with_the_day(three: Three, enter: EnterAs) -> None:
    order, anna, bruno = three
    passed(three, enter)
    with clock.at(clock.now() + timedelta(days=1)):
        assert who(order) is None
        assert "ti passa" not in enter(bruno).go("/banco").text
        assert enter(anna).go("/banco").status == 200


@pytest.mark.parametrize("what", ["labelled", "called off", "passed on already", "not here", "oneself"])
def test_what_cannot_be_passed_is_refused_with_a_sentence(three: Three, what: str) -> None:
    order, anna, bruno = three
    to = bruno.id
    if what == "labelled":
        crates.weigh(crates.again(order.id), "carote", 480, by=anna)
        preparing.finish(order.id, by=anna.id)
        preparing.label(order.id, by=anna.id)
    elif what == "called off":
        cancelling.cancel(order.id, by=anna.id, why="Gelo", as_staff=True)
    elif what == "passed on already":
        passing.pass_on(order.id, bruno.id, by=anna.id)
    else:
        to = anna.id if what == "oneself" else 987654
    deeds = len(crates.deeds(order.id))
    with pytest.raises(Refused) as refused:
        passing.pass_on(order.id, to, by=anna.id)
    assert len(refused.value.sentence.split()) >= 4
    assert len(crates.deeds(order.id)) == deeds


# --- a tutor takes over


def taken_over(three: Three, rita: Desk) -> Desk:
    return rita.go("/tutor").press("Ci penso io")


def test_the_tutor_sees_who_is_on_what_and_nothing_that_compares(three: Three, rita: Desk) -> None:
    text = rita.go("/tutor").text
    part = text.partition("Chi fa che cosa")[2].partition("Chi lavora oggi")[0]
    assert part.split() == ["Anna", "Prepara", "la", "cassetta", "1.", "Ci", "penso", "io", "alla", "cassetta", "1"]


def test_a_tutor_goes_on_and_the_other_is_told_calmly(three: Three, enter: EnterAs, rita: Desk) -> None:
    order, anna, _bruno = three
    hers = enter(anna).go(f"/banco/casse/{order.id}")
    taken_over(three, rita)
    assert "Alla cassetta 1 adesso ci pensi tu." in rita.text
    entry = journal.entries(crates.again(order.id))[0]
    assert (entry.action, entry.data["person"]) == ("task.taken_over", anna.id)
    assert entry.person_id == staff_id("Rita")
    hers.go(hers.path)
    assert (hers.status, hers.heading) == (200, "Lascia la cassetta 1")
    assert "Adesso ci lavora Rita ." in hers.text
    assert hers.press_main().path == "/banco"
    assert not hers.offers("Passa la cassetta")


def staff_id(name: str) -> int:
    return db.session.scalars(db.select(Person).where(Person.name == name)).one().id


@pytest.mark.parametrize("level", [2, 1, 0])
def test_what_was_under_way_counts_and_then_the_screen_says_who_has_it(
    enter: EnterAs, rita: Desk, three: Three, level: int
) -> None:
    """The weight is on the scale and the goods in the crate: it would be a pity to lose it."""
    order, anna, _bruno = three
    with transaction() as session:
        session.get_one(Person, anna.id).support_level = level
    hers = enter(anna).go(f"/banco/casse/{order.id}")
    if level == 2:
        hers.press_main()
    if level:
        hers.type(480)
    taken_over(three, rita)
    hers = hers.press_main() if level else hers.fill("Fatto carote", grams="480")
    assert hers.heading == "Lascia la cassetta 1"
    assert "Messo: 480 grammi di carote." in hers.text
    assert crates.line(order.id, "carote").weighed_grams == 480
    assert who(order) == staff_id("Rita")


def test_nobody_else_is_sent_to_a_crate_that_a_tutor_has(three: Three, enter: EnterAs, rita: Desk) -> None:
    order, _anna, bruno = three
    taken_over(three, rita)
    his = enter(bruno).go("/banco")
    assert not any(way.path == f"/banco/casse/{order.id}" for way in his.ways)
    assert his.go(f"/banco/casse/{order.id}").heading == "Lascia la cassetta 1"
    assert rita.go(f"/banco/casse/{order.id}").heading == "Prepara la cassetta 1"


def test_it_is_given_back_as_if_nothing_had_been(three: Three, enter: EnterAs, rita: Desk) -> None:
    order, anna, _bruno = three
    taken_over(three, rita).press("Ridai a Anna")
    assert "La cassetta 1 è tornata a chi ci lavorava." in rita.text
    assert who(order) == anna.id
    assert crates.deeds(order.id)[-1] == "task.taken_over.undone"
    assert enter(anna).go(f"/banco/casse/{order.id}").heading == "Pesa: carote"


def test_after_the_tutor_has_worked_on_it_it_is_passed_back(three: Three, enter: EnterAs, rita: Desk) -> None:
    order, anna, _bruno = three
    taken_over(three, rita)
    crates.weigh(crates.again(order.id), "carote", 480, by=staff.get(staff_id("Rita")))
    rita.go("/tutor").press("Ridai a Anna")
    assert crates.deeds(order.id)[-1] == "task.passed"
    assert "Rita ti passa la cassetta 1." in enter(anna).go("/banco").text
    assert crates.line(order.id, "carote").weighed_grams == 480


def test_of_two_tutors_the_second_hears_it(three: Three, rita: Desk, enter: EnterAs) -> None:
    order, _anna, _bruno = three
    way = rita.go("/tutor").find("Ci penso io")
    sandro = make.tutor("Sandro")
    passing.take_over(order.id, expected=three[1].id, by=sandro.id)
    rita.go(way.path, method="post", sends=way.sends)
    assert rita.path == "/tutor"
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in rita.text
    assert who(order) == sandro.id
    assert not rita.offers("Ci penso io")
    assert not rita.offers("Ridai")


def test_the_order_tells_who_passed_it_to_whom(three: Three, enter: EnterAs) -> None:
    order, anna, bruno = three
    passing.pass_on(order.id, bruno.id, by=anna.id)
    passing.take_over(order.id, expected=bruno.id, by=make.tutor("Rita").id)
    told = [(deed.who, deed.words) for deed in order_story.tell(finding.get(order.id))[:2]]
    assert told == [
        ("Rita", "Ci pensa il tutor. Prima ci lavorava Bruno."),
        ("Anna", "Cassetta passata a Bruno."),
    ]
