"""Torna indietro and Aiuto: always at hand, always clear about what they do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, outbox, undo
from orders import cancelling, giving_back, handing_over, preparing
from orders.models import Order
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.crates import WEIGHTS
from tests.desk.staff_desk import at_work
from training import helping


def test_every_deed_of_preparing_is_taken_back_one_by_one(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}")
    states = [crates.state(order.id)]
    for go_on in (desk.press_main, lambda: desk.weigh(480), desk.press_main, desk.press_main):
        go_on()
        states.append(crates.state(order.id))
    names = ["l'etichetta", "cassetta pronta", "480 grammi di carote", "2 mazzi di bietole"]
    for before, name in zip(reversed(states[:-1]), names, strict=True):
        desk.press(f"Torna indietro: {name}")
        assert f"Tolto: {name}." in desk.text
        assert crates.state(order.id) == before


def test_only_what_the_button_named_is_taken_back(enter: EnterAs) -> None:
    order = crates.mixed()
    anna = make.person("Anna", support_level=1)
    desk = enter(anna).go(f"/banco/casse/{order.id}").press_main()
    way = desk.find("Torna indietro: 2 mazzi di bietole")
    crates.weigh(crates.again(order.id), "carote", 480, by=anna)
    assert desk.go(way.path, method="post", sends=way.sends).status == 409
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in desk.text
    assert [line[1] for line in crates.state(order.id)["lines"]] == ["taken", "taken"]


def test_when_the_letter_has_left_a_tutor_is_called_instead(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").prepare(WEIGHTS)
    desk.press("Torna indietro: l'etichetta")
    with clock.at(clock.now() + timedelta(minutes=16)):
        outbox.send_due()
    desk.go(f"/banco/casse/{order.id}")
    assert not desk.offers("Torna indietro")
    desk.press("Chiama il tutor")
    assert helping.waiting()


def test_a_tutor_who_works_there_goes_to_the_order_instead(app: Flask, enter: EnterAs) -> None:
    order = crates.mixed()
    enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").prepare(WEIGHTS)
    desk = at_work(app)
    with clock.at(clock.now() + timedelta(minutes=16)):
        outbox.send_due()
    desk.go(f"/banco/casse/{order.id}").press("Torna indietro: l'etichetta")
    assert not desk.offers("Torna indietro")
    assert not desk.offers("Chiama il tutor")
    assert desk.press("Vai all’ordine").path == f"/banco/ordini/{order.id}"


def _letter_has_left() -> tuple[Order, str]:
    order = make.prepared(make.order(make.wish(make.honey())))
    undo.undo_last(order)  # the label
    with clock.at(clock.now() + timedelta(minutes=16)):
        outbox.send_due()
    return order, "torna-indietro"


def _called_off_meanwhile() -> tuple[Order, str]:
    order = crates.mixed()
    cancelling.cancel(order.id, by=None, as_staff=True)
    return order, "pronta"


def _day_is_over() -> tuple[Order, str]:
    with clock.at(clock.now() - timedelta(days=1)):
        order = crates.ready_today(make.wish(make.honey(), 1))
        handing_over.take_cash(order.id, by=None, expected=850)
        handing_over.hand_over(order.id, by=None)
    return order, "torna-indietro"


STUCK = {
    "the letter has left": (
        _letter_has_left,
        "Qui non si può più tornare indietro. Chiama il tutor.",
        "Qui non si può più tornare indietro. Si rimedia con un passo nuovo.",
    ),
    "the order was called off": (
        _called_off_meanwhile,
        "Questo ordine è stato tolto. Chiama il tutor.",
        "Questo ordine è già disdetto.",
    ),
    "the day is over": (
        _day_is_over,
        "Quel giorno è già chiuso. Chiama il tutor.",
        "Gli incassi di quel giorno sono chiusi. Dopo la consegna si rimedia con un reclamo.",
    ),
}


@pytest.mark.parametrize("stuck", list(STUCK))
@pytest.mark.parametrize("who", ["co-resident", "tutor at the desk", "tutor on the page of the order"])
def test_where_nothing_can_be_taken_back_everybody_hears_what_they_can_do(
    app: Flask, enter: EnterAs, stuck: str, who: str
) -> None:
    happens, at_the_desk, for_staff = STUCK[stuck]
    order, deed = happens()
    newest = crates.journal.entries(crates.again(order.id))[0].id
    both = (make.Capability.HAND_OVER, make.Capability.TAKE_CASH)
    desk = enter(make.person("Dario", can=both)) if who == "co-resident" else at_work(app)
    if deed == "pronta":
        address = f"/banco/casse/{order.id}/pronta"
    elif who == "tutor on the page of the order":
        address = f"/banco/ordini/{order.id}/torna-indietro"
    else:
        address = "/banco/torna-indietro"
    desk.go(address, method="post", sends={"ordine": str(order.id), "deed": str(newest)})
    assert desk.status == 409
    assert (at_the_desk in desk.text, for_staff in desk.text) == (who == "co-resident", who != "co-resident")
    assert ("Chiama il tutor" in desk.text) == (who == "co-resident")


def test_a_crate_that_was_called_off_says_so_to_each(app: Flask, enter: EnterAs) -> None:
    order, _deed = _called_off_meanwhile()
    desk = enter(make.person("Anna")).go(f"/banco/casse/{order.id}")
    assert "Questo ordine è stato tolto. Chiama il tutor." in desk.text
    tutor = at_work(app).go(f"/banco/casse/{order.id}")
    assert (tutor.status, "Questo ordine è già disdetto." in tutor.text) == (404, True)


def test_money_is_taken_back_only_by_those_who_may_take_it(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    dario = make.person("Dario", can=(make.Capability.HAND_OVER, make.Capability.TAKE_CASH))
    enter(dario).go(f"/banco/consegna/{order.id}?passo=soldi").press("Ho i soldi")
    desk = enter(make.person("Anna"))
    newest = crates.journal.entries(crates.again(order.id))[0].id
    sends = {"ordine": str(order.id), "deed": str(newest)}
    assert desk.go("/banco/torna-indietro", method="post", sends=sends).status == 403
    assert crates.state(order.id)["due"] == 0


def test_the_second_tap_of_a_double_tap_leads_where_the_first_one_did(enter: EnterAs) -> None:
    """Not to the step before, whose own button for taking back would lie under the third."""
    order = crates.ready_today(make.wish(make.honey(), 1))
    dario = make.person("Dario", can=(make.Capability.HAND_OVER, make.Capability.TAKE_CASH))
    desk = enter(dario).go(f"/banco/consegna/{order.id}?passo=soldi").press("Ho i soldi")
    way = desk.find("Torna indietro: i soldi")
    answers = [desk.client.post(way.path, data=way.sends) for _tap in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/banco/consegna/{order.id}"] * 2
    assert [entry.action for entry in crates.journal.entries(crates.again(order.id))][:1] == ["order.cash_taken.undone"]


def test_help_is_one_tap_and_nothing_moves(enter: EnterAs) -> None:
    order = crates.mixed()
    anna = make.person("Anna", support_level=1)
    desk = enter(anna).go(f"/banco/casse/{order.id}").press_main().press("4").press("8")
    before = crates.state(order.id)
    desk.press("Aiuto")
    assert "Ho chiamato" in desk.text
    assert desk.heading == "Pesa: carote"
    assert "48 grammi" in desk.text  # what was typed is still there
    assert crates.state(order.id) == before
    [(person, call)] = helping.waiting()
    assert (person.id, call.data["screen"], call.data["order"]) == (anna.id, f"/banco/casse/{order.id}", order.id)


def test_help_never_leads_out_of_the_desk(enter: EnterAs) -> None:
    desk = enter(make.person("Anna"))
    for elsewhere in ("https://example.org", "//example.org", "/", "/banco\\..\\", "javascript:alert(1)", "http://[x"):
        assert desk.go("/banco/aiuto", method="post", sends={"da": elsewhere}).path == "/banco"


def test_somebody_who_has_not_come_in_yet_is_told_to_call(enter: EnterAs) -> None:
    desk = enter(make.person("Anna")).press("Ho finito").press("Aiuto")
    assert "Chiama il tutor a voce." in desk.text
    assert not helping.waiting()


def test_preparing_can_always_be_done_again_after_undo(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=2)).go(f"/banco/casse/{order.id}")
    desk.press("Non c’è").press("Non ce n’è")
    desk.press("Torna indietro: 2 mazzi di bietole").prepare(WEIGHTS)
    assert crates.state(order.id)["total"] == 360 + 139
    assert preparing.what_is(crates.again(order.id).lines[1]) == "480 grammi di carote"


def test_every_help_form_has_its_key_and_a_second_tap_is_the_same_call(enter: EnterAs) -> None:
    desk = enter(make.person("Anna"))
    way = desk.find("Aiuto")
    assert len(way.sends["key"]) >= 16
    desk.press("Aiuto")
    for again in (way, enter(helping.waiting()[0][0]).find("Aiuto")):
        desk.go(again.path, method="post", sends=again.sends)
        assert "Ho chiamato" in desk.text
    assert len(helping.waiting()) == 1


def test_the_money_that_goes_back_is_in_the_name_of_whoever_gives_it_back(enter: EnterAs) -> None:
    both = (make.Capability.HAND_OVER, make.Capability.TAKE_CASH)
    anna, dario = make.person("Anna", can=both), make.person("Dario", can=both)
    order = crates.ready_today(make.wish(make.honey(), 1))
    enter(anna).go(f"/banco/consegna/{order.id}?passo=soldi").press("Ho i soldi")
    enter(dario).go(f"/banco/consegna/{order.id}").press("Torna indietro: i soldi")
    assert [payment.by_id for payment in crates.again(order.id).payments] == [anna.id, dario.id]


def test_what_was_given_back_is_taken_back_only_by_those_who_may_give_it(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    handing_over.take_cash(order.id, by=None, expected=850)
    handing_over.hand_over(order.id, by=None)
    line = crates.again(order.id).lines[0]
    giving_back.give_back(order.id, {line.id: 850}, how="cash", reason="vasetto rotto", by=make.tutor("Rita").id)
    newest = crates.journal.entries(crates.again(order.id))[0]
    assert newest.action == "order.refunded"
    everything = (make.Capability.HAND_OVER, make.Capability.TAKE_CASH)
    desk = enter(make.person("Dario", can=everything))
    sends = {"ordine": str(order.id), "deed": str(newest.id)}
    assert desk.go("/banco/torna-indietro", method="post", sends=sends).status == 403
    assert crates.again(order.id).refunded == 850
