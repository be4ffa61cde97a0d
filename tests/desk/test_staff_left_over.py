"""What is left after a pick-up: off the co-residents' lists, in one place for the staff, each crate with its way on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from catalog.models import PickUp
from core import clock, journal, keys, outbox
from core.database import db
from orders import finding, giving_back, handing_over, links, placing, preparing, reasons
from orders.models import Order, Status
from people.capabilities import Capability
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.staff_desk import fill, form, twice
from tests.desk.walking import Desk
from tests.shop.citizen import statements, words

pytestmark = pytest.mark.usefixtures("app")

HERE = "/banco/rimaste"
TUESDAY = clock.rome(date(2026, 12, 1), 9)
NOON = clock.rome(date(2026, 12, 5), 12)  # of the day after the pick-up of Friday
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def on_a_saturday_at_noon() -> Iterator[None]:
    """Yesterday's crates wait no longer from now on."""
    with clock.at(NOON):
        yield


@pytest.fixture
def friday() -> PickUp:
    """From 16 to 18, in Piazza Ducale."""
    with clock.at(TUESDAY):
        return make.pickup()


def order(friday: PickUp, *wishes: placing.Wish, **more: Any) -> Order:
    """Somebody rang on Tuesday: a jar that costs 8.50, unless said otherwise. Its crate has no number yet."""
    with clock.at(TUESDAY):
        wishes = wishes or (make.wish(make.product()),)
        return placing.place(wishes, make.citizen(**more), friday.id, key=keys.new(), late=True)


def closed(friday: PickUp, *wishes: placing.Wish, **more: Any) -> Order:
    """With a number, and nothing in it."""
    return make.closed(order(friday, *wishes, **more))


def prepared(friday: PickUp, **more: Any) -> Order:
    return make.prepared(order(friday, **more))


def again(made: Order) -> Order:
    return crates.again(made.id)


def actions(made: Order) -> list[str]:
    return [entry.action for entry in journal.entries(again(made), newest_first=False)]


# --- off the lists of the desk


def test_at_noon_the_desk_shows_it_no_more_and_a_tutor_still_opens_it(
    enter: EnterAs, rita: Desk, friday: PickUp
) -> None:
    begun, ready = closed(friday), prepared(friday)
    ways = [f"/banco/casse/{begun.id}", f"/banco/casse/{ready.id}/etichetta.pdf", f"/banco/consegna/{ready.id}"]
    can = (Capability.HAND_OVER, Capability.TAKE_CASH)
    with clock.at(NOON - SECOND):
        anna = enter(make.person("Anna", can=can))
        assert [anna.client.get(way).status_code for way in ways] == [200, 200, 200]
        assert [anna.go(path).offers("Cassetta") for path in ("/banco/prepara", "/banco/consegna")] == [True, True]
    anna = enter(make.person("Bruno", can=can))
    for way in ways:
        assert anna.go(way).status == 404
        assert "Questa cassetta non c'è più." in anna.text
    assert [anna.go(path).offers("Cassetta") for path in ("/banco/prepara", "/banco/consegna")] == [False, False]
    assert not anna.go("/banco").offers("Prepara")
    assert [rita.client.get(way).status_code for way in ways] == [200, 200, 200]


@pytest.mark.parametrize("level", [2, 1, 0])
def test_who_has_paid_gets_the_crate_also_when_noon_strikes_meanwhile(
    enter: EnterAs, friday: PickUp, level: int
) -> None:
    made = prepared(friday)
    with clock.at(NOON - SECOND):
        can = (Capability.HAND_OVER, Capability.TAKE_CASH)
        anna = enter(make.person("Anna", support_level=level, can=can))
        handing_over.take_cash(made.id, by=None, expected=850)
    anna.go(f"/banco/consegna/{made.id}?passo=dai")
    assert anna.status == 200
    anna.press_main()
    assert again(made).handed_over_at is not None
    assert anna.heading.startswith("Hai dato")


def test_a_tutor_hands_over_and_prepares_what_is_left(rita: Desk, friday: PickUp) -> None:
    ready, never = prepared(friday), closed(friday)
    rita.go(HERE).press("Consegna adesso")
    assert rita.path == f"/banco/consegna/{ready.id}"
    rita.press("850") if rita.offers("850") else rita.press_main()
    rita.go(f"/banco/consegna/{ready.id}").press_main()
    assert again(ready).handed_over_at is not None
    rita.go(HERE).press("Prepara adesso")
    assert rita.path == f"/banco/casse/{never.id}"
    rita.prepare({})
    assert again(never).labelled_at is not None
    assert rita.go(HERE).offers("Consegna adesso")


# --- the page


def test_it_says_who_and_how_far_it_came_and_what_is_due(rita: Desk, friday: PickUp) -> None:
    with clock.at(TUESDAY):
        chard, carrots = make.chard(), make.carrots()
    prepared(friday, name="Ugo Ferri", phone="+39 0381 123456", collector="Pia Ferri")
    half = closed(friday, make.wish(chard, 2), make.wish(carrots, 500), name="Ada Milani", phone=None)
    closed(friday, name="Ivo Pozzi")
    line = half.lines[0]
    preparing.take_line(half.id, line.id, version=line.version, by=None)
    text = words(rita.go(HERE).html.partition("<main")[2])
    assert "Venerdì 4 dicembre, 16–18 Piazza Ducale 3 cassette rimaste" in text
    assert (
        "Cassetta 1, Ugo Ferri pronta Da pagare: 8,50 € Poteva ritirare anche Pia Ferri. +39 0381 123456 "
        "Consegna adesso Ugo Ferri Non è venuto nessuno Ugo Ferri"
    ) in text
    assert "Cassetta 2, Ada Milani preparata in parte: 1 su 2 Da pagare: circa 5,05 € nessun telefono" in text
    assert "Cassetta 3, Ivo Pozzi mai preparata Da pagare: circa 8,50 €" in text
    assert "/static/img/crates/02.svg" in rita.html
    assert 'href="tel:+390381123456"' in rita.html
    assert not rita.offers("pronte: non è venuto nessuno"), "one alone needs no button for all"


def test_where_nothing_is_left_it_says_so_warmly(rita: Desk) -> None:
    make.order()
    assert "Non è rimasta nessuna cassetta." in rita.go(HERE).text
    assert "Bel lavoro." in rita.text


def test_what_never_got_a_number_can_only_be_owned_up_to(rita: Desk, friday: PickUp) -> None:
    """The worker was down for days."""
    plain = order(friday)
    rita.go(HERE)
    assert f"Ordine {plain.number}, Maria Rossi" in rita.text
    assert not rita.offers("Prepara adesso")
    fill(rita.press("Non l'abbiamo preparata"), "Sì, disdici", verdura="torna")
    assert again(plain).status == Status.CANCELLED


def test_everything_is_there_in_full_up_to_sixty(rita: Desk) -> None:
    with clock.at(TUESDAY):
        jar, both = make.product(), (make.pickup(capacity=31), make.pickup(capacity=31))
        many = [make.order(make.wish(jar), at=at) for at in both for _each in range(31)]
        for made in (many[0], many[-1]):
            make.closed(made)
    text = rita.go(HERE).text
    assert text.count("mai preparata") == 60
    assert "Ce ne sono ancora 2" in text
    assert "62 rimaste" in text


def test_only_the_keepers_of_orders_come_in(enter: EnterAs, friday: PickUp) -> None:
    prepared(friday)
    anna = enter(make.person("Anna", can=(Capability.HAND_OVER,)))
    assert anna.go(HERE).status == 403
    assert "rimaste" not in anna.go("/banco").text


def test_many_take_as_many_statements_as_few(rita: Desk, friday: PickUp) -> None:
    counts = []
    for how_many in (2, 8):
        made = [prepared(friday) for _each in range(how_many)]
        for _each in range(how_many):
            closed(friday)
        handing_over.mark_not_collected(made[0].id, by=None)
        db.session.expire_all()
        with statements() as asked:
            assert rita.go(HERE).text.count("mai preparata") >= how_many
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14, counts


# --- the number on the door


def test_the_number_is_on_the_door_and_on_today_and_costs_one_statement(rita: Desk, friday: PickUp) -> None:
    with statements() as before:
        assert "rimast" not in rita.go("/tutor").text
    made = [prepared(friday) for _each in range(3)]
    with statements() as after:
        text = rita.go("/tutor").text
    assert "3 rimaste" in text
    assert "3 cassette rimaste da ritiri già finiti" in text
    assert len(before) == len(after)
    assert sum("count(" in each and "not_collected_at" in each for each in after) == 1
    assert rita.go("/banco/ritiri").offers("3 rimaste")
    handing_over.mark_all_not_collected([each.id for each in made[:2]], by=None)
    assert rita.press("3 rimaste").path == HERE
    assert rita.offers("1 rimasta")


# --- nobody came


def test_one_tap_marks_it_and_one_takes_it_back(rita: Desk, friday: PickUp) -> None:
    made = prepared(friday, name="Ugo Ferri")
    rita.go(HERE).press("Non è venuto nessuno")
    assert (rita.path, rita.status) == (HERE, 200)
    assert again(made).status == Status.NOT_COLLECTED
    assert "Ugo Ferri: segnato, non è venuto nessuno." in rita.text
    assert "La lettera dice che la cassetta aspetta fino a domenica 6 dicembre alle 12: tienila ancora." in rita.text
    assert "La lettera parte 05/12 12:15." in rita.text
    rita.press("Torna indietro")
    assert "Ugo Ferri: tornato indietro, la cassetta aspetta ancora." in rita.text
    assert again(made).status == Status.READY
    assert rita.offers("Non è venuto nessuno")
    assert actions(made)[-2:] == ["order.not_collected", "order.not_collected.undone"]


def test_all_the_ready_ones_of_a_pick_up_in_one_tap_each_with_its_way_back(rita: Desk, friday: PickUp) -> None:
    ready = [prepared(friday, name=name) for name in ("Ugo Ferri", "Ada Milani", "Ivo Pozzi")]
    paid, never = prepared(friday, name="Pia Riva"), closed(friday)
    handing_over.take_cash(paid.id, by=None, expected=850)
    other = make.order()
    assert "È già pagata: telefona, o guarda l'ordine." in rita.go(HERE).text
    rita.press("Le 3 pronte: non è venuto nessuno")
    assert "Segnate 3 cassette: non è venuto nessuno." in rita.text
    assert [again(each).status for each in ready] == [Status.NOT_COLLECTED] * 3
    assert [again(each).status for each in (paid, never, other)] == [
        Status.READY,
        Status.PREPARING,
        Status.RECEIVED,
    ]
    assert [actions(each).count("order.not_collected") for each in ready] == [1, 1, 1]
    ways = [way for way in rita.ways if way.words.startswith("Torna indietro")]
    assert [way.words for way in ways] == [f"Torna indietro {each.customer}" for each in ready]
    rita.go(ways[1].path, method="post", sends=ways[1].sends)
    assert [again(each).status for each in ready] == [Status.NOT_COLLECTED, Status.READY, Status.NOT_COLLECTED]


def test_a_double_click_is_one_deed(rita: Desk, friday: PickUp) -> None:
    made = prepared(friday)
    answers = twice(rita.go(HERE), "Non è venuto nessuno")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert actions(made).count("order.not_collected") == 1
    twice(rita.go(HERE), "Torna indietro")
    assert actions(made).count("order.not_collected.undone") == 1


def test_without_an_email_a_voice_says_it(rita: Desk, friday: PickUp) -> None:
    prepared(friday, email=None, phone="+39 0381 123456")
    rita.go(HERE).press("Non è venuto nessuno")
    assert "Non ha un'e-mail: diglielo a voce. +39 0381 123456" in rita.text
    assert "La lettera parte" not in rita.text


def test_one_that_somebody_fetched_meanwhile_leaves_all_as_they_were(rita: Desk, friday: PickUp) -> None:
    first, second = prepared(friday), prepared(friday)
    path, method, sends = form(rita.go(HERE), "Le 2 pronte")
    handing_over.take_cash(second.id, by=None, expected=850)
    handing_over.hand_over(second.id, by=None)
    assert rita.go(path, method=method, sends=sends).status == 409
    assert "Questo è già fatto." in rita.text
    assert again(first).status == Status.READY
    assert "Cassetta 1, Maria Rossi" in rita.text, "the page as it is now, to go on from"


@pytest.mark.parametrize(
    ("named", "status"),
    [("", 422), ("x", 422), ("1,,2", 422), (",".join("1" * 61), 422), ("987654", 404), ("9" * 40, 422)],
)
def test_a_form_that_names_nothing_marks_nothing(rita: Desk, friday: PickUp, named: str, status: int) -> None:
    made = prepared(friday)
    assert rita.go(f"{HERE}/non-ritirate", method="post", sends={"ordini": named}).status == status
    assert again(made).status == Status.READY


def test_practice_is_not_marked_here(rita: Desk) -> None:
    with clock.at(TUESDAY):
        jar, pickup = make.product("vasetto-di-prova", practice=True), make.pickup(practice=True)
        made = make.prepared(make.order(make.wish(jar), at=pickup))
    assert rita.go(f"{HERE}/non-ritirate", method="post", sends={"ordini": str(made.id)}).status == 404
    assert again(made).not_collected_at is None
    assert rita.go(f"{HERE}/{made.id}/non-preparata").status == 404
    assert rita.go(f"{HERE}/{made.id}/torna-indietro", method="post", sends={"deed": "1"}).status == 404


def test_before_the_hours_are_over_nobody_is_missed(rita: Desk) -> None:
    made = make.prepared(make.order())
    assert rita.go(f"{HERE}/non-ritirate", method="post", sends={"ordini": str(made.id)}).status == 409
    assert "C'è ancora tempo per il ritiro." in rita.text
    assert again(made).not_collected_at is None


def test_when_the_letter_has_left_it_is_not_taken_back_here(rita: Desk, friday: PickUp) -> None:
    made = prepared(friday)
    rita.go(HERE).press("Non è venuto nessuno")
    path, method, sends = form(rita, "Torna indietro")
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert not rita.go(HERE).offers("Torna indietro")
        outbox.send_due()
        assert rita.go(path, method=method, sends=sends).status == 409
    assert again(made).status == Status.NOT_COLLECTED


def test_another_deed_is_not_taken_back_here(rita: Desk, friday: PickUp) -> None:
    made = prepared(friday)
    handing_over.take_cash(made.id, by=None, expected=850)
    handing_over.hand_over(made.id, by=None)
    giving_back.give_back(made.id, {made.lines[0].id: 100}, how="cash", reason="rotto", by=None)
    deed = journal.entries(again(made))[0]
    assert deed.action == "order.refunded"
    answer = rita.go(f"{HERE}/{made.id}/torna-indietro", method="post", sends={"deed": str(deed.id)})
    assert answer.status == 409
    assert "Intanto è cambiato qualcosa." in answer.text
    assert again(made).refunded == 100


# --- we did not prepare it


def test_owning_up_says_first_what_it_does_and_then_that_it_is_done(rita: Desk, friday: PickUp) -> None:
    with clock.at(TUESDAY):
        chard, honey = make.chard(left=20), make.honey(left=5)
    made = closed(friday, make.wish(chard, 3), make.wish(honey), name="Ugo Ferri", phone="+39 0381 123456")
    rita.go(HERE).press("Non l'abbiamo preparata")
    for said in (
        "Ugo Ferri, venerdì 4 dicembre, 16–18, Piazza Ducale mai preparata",
        "Prima, se puoi, telefona",
        "Non siamo riusciti a preparare la tua cassetta, e ci dispiace.",
        "Da qui non si torna indietro.",
        "Non conta come una volta che non è venuto.",
    ):
        assert said in rita.text
    assert "checked" not in rita.html  # nothing brings it back: nobody chooses for them
    fill(rita, "Sì, disdici e chiedi scusa", verdura="persa")
    assert "Ugo Ferri: l'ordine è disdetto, con le nostre scuse." in rita.text
    assert "Non è rimasta nessuna cassetta." in rita.text
    made = again(made)
    assert (made.status, made.cancelled_why) == (Status.CANCELLED, reasons.key("non-preparata"))
    assert [line.product.left for line in made.lines] == [17, 5], "the chard is gone, the jar keeps"
    assert finding.times_not_collected(made) == 0
    assert finding.letters_of(made)[0].payload["letter"] == "cancelled"
    assert "Non siamo riusciti a preparare la tua cassetta" in rita.go(f"/banco/ordini/{made.id}").text


def test_chard_that_is_still_in_the_field_goes_back_on_the_shelf(rita: Desk, friday: PickUp) -> None:
    with clock.at(TUESDAY):
        chard = make.chard(left=20)
    made = closed(friday, make.wish(chard, 3))
    fill(rita.go(f"{HERE}/{made.id}/non-preparata"), "Sì, disdici", verdura="torna")
    assert again(made).lines[0].product.left == 20


def test_the_citizen_reads_why_and_that_nothing_is_to_pay(rita: Desk, friday: PickUp, app: Flask) -> None:
    made = closed(friday)
    fill(rita.go(f"{HERE}/{made.id}/non-preparata"), "Sì, disdici", verdura="torna")
    text = words(app.test_client().get(f"/ordini/{links.make(again(made))}").text)
    assert "Non siamo riusciti a preparare la tua cassetta, e ci dispiace." in text
    assert "Non devi pagare nulla." in text
    assert "Hai disdetto" not in text


def test_a_choice_that_is_missing_is_asked_for_at_its_place(rita: Desk, friday: PickUp) -> None:
    with clock.at(TUESDAY):
        chard = make.chard()
    made = closed(friday, make.wish(chard))
    for verdura in ("", "boh"):
        fill(rita.go(f"{HERE}/{made.id}/non-preparata"), "Sì, disdici", verdura=verdura)
        assert rita.status == 422
        assert "Scegli che cosa succede con il fresco." in rita.text
        assert again(made).stands


def test_where_everything_keeps_nobody_asks_about_vegetables(rita: Desk, friday: PickUp) -> None:
    with clock.at(TUESDAY):
        honey = make.honey()
    made = closed(friday, make.wish(honey), email=None)
    rita.go(f"{HERE}/{made.id}/non-preparata")
    assert "Che cosa succede con il fresco?" not in rita.text
    assert "Non ha un'e-mail: chiedi scusa a voce." in rita.text
    assert [answer.status_code for answer in twice(rita, "Sì, disdici")] == [303, 303]
    assert actions(made).count("order.cancelled") == 1


def test_what_is_ready_or_has_time_is_not_owned_up_to(rita: Desk, friday: PickUp) -> None:
    ready, early = prepared(friday), make.closed(make.order())
    for made, sentence in ((ready, "Questa cassetta è pronta"), (early, "C'è ancora tempo")):
        assert sentence in rita.go(f"{HERE}/{made.id}/non-preparata").text
        assert not rita.offers("Sì, disdici")
        answer = rita.go(f"{HERE}/{made.id}/non-preparata", method="post", sends={"verdura": "persa"})
        assert (answer.status, again(made).stands) == (409, True)
        assert sentence in answer.text
