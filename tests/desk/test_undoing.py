"""Torna indietro and Aiuto: always at hand, always clear about what they do."""

from __future__ import annotations

from datetime import timedelta

from core import clock, outbox
from orders import giving_back, handing_over, preparing
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.crates import WEIGHTS
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


def test_money_is_taken_back_only_by_those_who_may_take_it(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    dario = make.person("Dario", can=(make.Capability.HAND_OVER, make.Capability.TAKE_CASH))
    enter(dario).go(f"/banco/consegna/{order.id}?passo=soldi").press("Ho i soldi")
    desk = enter(make.person("Anna"))
    newest = crates.journal.entries(crates.again(order.id))[0].id
    sends = {"ordine": str(order.id), "deed": str(newest)}
    assert desk.go("/banco/torna-indietro", method="post", sends=sends).status == 403
    assert crates.state(order.id)["due"] == 0


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
    for elsewhere in ("https://example.org", "//example.org", "/", "/banco\\..\\", "javascript:alert(1)"):
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
