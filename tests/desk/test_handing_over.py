"""Handing over: the right crate, the right person, the exact money, and a way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, formats
from orders import preparing
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.test_doors import signed_in

BOTH = (Capability.HAND_OVER, Capability.TAKE_CASH)


def hands(name: str = "Anna", level: int = 2, can: tuple[Capability, ...] = BOTH) -> Person:
    return make.person(name, can=can, support_level=level)


@pytest.mark.parametrize(("level", "screens"), [(2, 4), (1, 3), (0, 2)])
def test_every_level_of_support_ends_in_the_same_state(enter: EnterAs, level: int, screens: int) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands(level=level)).go("/banco/consegna").press("Cassetta 1")
    for _screen in range(screens):
        assert 'data-schermo="fine"' not in desk.html
        desk.press_main()
    assert desk.heading == "Hai dato la cassetta 1"
    reached = crates.state(order.id)
    assert (reached["status"], reached["due"]) == ("handed_over", 0)
    assert crates.deeds(order.id)[-2:] == ["order.cash_taken", "order.handed_over"]
    assert crates.again(order.id).handed_to == "Maria Rossi"


def test_the_four_steps_ask_one_thing_each(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}")
    assert desk.heading == "Trova la cassetta 1"
    assert "Maria" not in desk.text
    assert desk.press_main().heading == "Chiedi il nome"
    assert "Maria Rossi" in desk.text
    assert desk.press_main().heading == "Prendi i soldi"
    assert "8 euro e 50 centesimi" in desk.text
    assert [f'aria-label="{piece}"' in desk.html for piece in ("5 euro", "2 euro", "1 euro", "50 centesimi")] == [
        True
    ] * 4
    assert crates.deeds(order.id)[-1] == "order.labelled"  # looking writes nothing
    assert desk.press_main().heading == "Dai la cassetta 1"
    assert "Presi: 8 euro e 50 centesimi." in desk.text


def test_no_screen_can_be_jumped_over(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands())
    assert desk.go(f"/banco/consegna/{order.id}?passo=dai").heading == "Prendi i soldi"
    assert desk.go(f"/banco/consegna/{order.id}/data", method="post").status == 409
    assert desk.press("Casa").status == 200
    assert crates.state(order.id)["status"] == "ready"


def test_after_the_money_a_reload_goes_on_with_the_crate(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=soldi").press("Ho i soldi")
    assert desk.go(f"/banco/consegna/{order.id}").heading == "Dai la cassetta 1"


def test_money_and_crate_are_taken_back_one_by_one(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    before = crates.state(order.id)
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=soldi").press("Ho i soldi").press("Sì, data")
    assert desk.press("Torna indietro: la consegna").heading == "Dai la cassetta 1"
    assert desk.press("Torna indietro: i soldi").heading == "Trova la cassetta 1"
    assert crates.state(order.id) == before
    assert not desk.offers("Torna indietro: l'etichetta")  # that belongs to preparing


def test_whoever_collects_for_somebody_is_written_down(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1), collector="Luca Verdi")
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=nome")
    assert "Luca Verdi" in desk.text
    desk.press("È Luca").press_main().press("Sì, data")
    assert crates.again(order.id).handed_to == "Luca Verdi"


def test_the_sum_that_was_shown_is_the_sum_that_is_taken(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}/soldi", method="post", sends={"expected": "5"})
    assert desk.status == 409
    assert crates.state(order.id)["due"] == 850


def test_the_second_tap_of_a_double_tap_takes_no_money(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=soldi")
    way = desk.find("Ho i soldi")
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).heading == "Dai la cassetta 1"
    assert sum(payment.amount for payment in crates.again(order.id).payments) == 850


def test_only_after_the_hours_somebody_can_say_that_nobody_came(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands())
    with clock.at(order.pickup.from_at):
        assert not desk.go(f"/banco/consegna/{order.id}").offers("Non è venuto nessuno")
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        desk = enter(hands("Dario")).go(f"/banco/consegna/{order.id}").press("Non è venuto nessuno")
        assert desk.heading == "Metti via la cassetta 1"
        assert crates.state(order.id)["status"] == "not_collected"
        assert desk.press("Torna indietro: non è venuto").heading == "Trova la cassetta 1"


def test_a_tile_is_not_enough_for_handing_over(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    anna = hands()
    desk = enter(anna).press("Ho finito").press("Anna")
    for path in ("/banco/consegna", f"/banco/consegna/{order.id}"):
        assert desk.go(path).heading == "Mostra il tuo cartellino"
    assert (
        desk.go(f"/banco/consegna/{order.id}/soldi", method="post", sends={"expected": "850"}).path
        == "/banco/cartellino"
    )
    assert crates.state(order.id)["due"] == 850


def test_without_the_grant_no_door_of_a_deed_opens_and_the_last_screen_asks_the_tutor(enter: EnterAs) -> None:
    """Ruling 13: the same screens, and at the end a proposal (tests/desk/test_proposals.py)."""
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands(can=()))
    assert desk.offers("Consegna")
    for deed in ("soldi", "carta", "resto", "data", "non-ritirata"):
        answer = desk.go(f"/banco/consegna/{order.id}/{deed}", method="post", sends={"expected": "850"})
        assert answer.status == 403
        assert "Questo lo fa un'altra persona. Chiama il tutor." in desk.text
    desk.go(f"/banco/consegna/{order.id}?passo=dai&pagato=soldi")
    assert (desk.offers("Chiedi al tutor"), desk.offers("Sì, data")) == (True, False)
    without_cash = enter(hands("Carla", can=(Capability.HAND_OVER,))).go(f"/banco/consegna/{order.id}?passo=soldi")
    assert not without_cash.offers("Ho i soldi")
    assert without_cash.offers("Chiedi al tutor")
    assert crates.state(order.id)["due"] == 850


def test_a_tutor_works_at_the_desk_without_a_tablet(app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    client = signed_in(app, make.tutor("Sandro"), "password")
    assert client.get("/banco").status_code == 200
    assert client.get(f"/banco/consegna/{order.id}").status_code == 200


@pytest.mark.parametrize("level", [2, 1, 0])
@pytest.mark.parametrize("collector", [None, "Luca Verdi"])
def test_a_crate_left_from_another_day_can_still_be_put_away(enter: EnterAs, level: int, collector: str | None) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1), collector=collector)
    day = formats.FILTERS["day"](order.pickup.day)
    with clock.at(order.pickup.to_at + timedelta(hours=15)):
        desk = enter(hands(level=level)).press("Consegna")
        assert day in desk.find("Cassetta 1").words
        desk.press("Cassetta 1").press("Non è venuto nessuno")
        assert desk.heading == "Metti via la cassetta 1"
        assert crates.state(order.id)["status"] == "not_collected"
        assert not desk.go("/banco").offers("Consegna")


def test_a_crate_of_today_shows_no_day(enter: EnterAs) -> None:
    crates.ready_today(make.wish(make.honey(), 1))
    assert enter(hands()).go("/banco/consegna").find("Cassetta 1").words == "Cassetta 1"


@pytest.mark.parametrize("level", [2, 1, 0])
def test_the_card_is_a_second_way_to_pay_with_the_exact_sum(enter: EnterAs, level: int) -> None:
    order = crates.ready_today(make.wish(make.product(price=1234), 1), collector="Luca Verdi")
    before = crates.state(order.id)
    desk = enter(hands(level=level)).go(f"/banco/consegna/{order.id}?passo=soldi&chi=altra")
    assert "12 euro e 35 centesimi" in desk.text  # cash is rounded
    desk.press("Paga con la carta")
    assert desk.heading == "Paga con la carta"
    assert "12 euro e 34 centesimi" in desk.text
    assert "12,34" in desk.html
    assert desk.press("No, con i soldi").heading == "Prendi i soldi"
    desk.press("Paga con la carta").press("Sì, a posto")
    assert "Pagato con la carta: 12 euro e 34 centesimi." in desk.text
    assert desk.heading == "Dai la cassetta 1"
    assert [(payment.kind, payment.amount) for payment in crates.again(order.id).payments] == [("card_terminal", 1234)]
    assert desk.go(f"/banco/consegna/{order.id}").heading == "Dai la cassetta 1"  # a reload goes on with the crate
    desk.press("Torna indietro: il pagamento con la carta")
    assert crates.state(order.id) == before


def test_the_second_tap_on_the_card_takes_no_money(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=carta")
    way = desk.find("Sì, a posto")
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).heading == "Dai la cassetta 1"
    assert sum(payment.amount for payment in crates.again(order.id).payments) == 850


def test_the_sum_of_the_card_is_the_one_that_was_shown(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}/carta", method="post", sends={"expected": "5"})
    assert desk.status == 409
    assert crates.state(order.id)["due"] == 850


def test_without_the_grant_the_card_is_asked_for_too(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(hands("Carla", can=(Capability.HAND_OVER,))).go(f"/banco/consegna/{order.id}?passo=carta")
    assert desk.heading == "Paga con la carta"
    assert (desk.offers("Sì, a posto"), desk.offers("Chiedi al tutor")) == (False, True)
    assert desk.go(f"/banco/consegna/{order.id}/carta", method="post", sends={"expected": "850"}).status == 403
    assert crates.state(order.id)["due"] == 850


@pytest.mark.parametrize("level", [2, 1, 0])
def test_whoever_did_not_come_pays_nothing_and_the_screen_says_what_is_next(enter: EnterAs, level: int) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        desk = enter(hands(level=level)).go(f"/banco/consegna/{order.id}").press("Non è venuto nessuno")
        assert "Non si paga niente." in desk.text
        assert "La cassetta aspetta fino a domani a mezzogiorno." in desk.text
        assert crates.state(order.id)["due"] == 0


def test_a_crate_that_was_paid_is_not_put_away_here(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        desk = enter(hands(level=0)).go(f"/banco/consegna/{order.id}")
        assert desk.offers("Non è venuto nessuno")
        assert desk.offers("Paga con la carta")
        desk.press("Ho i soldi")
        assert not desk.offers("Non è venuto nessuno")


def test_two_crates_of_one_order_are_said_where_they_are_found_and_given(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    preparing.set_crates(order.id, 2, by=None)
    desk = enter(hands()).go(f"/banco/consegna/{order.id}")
    assert "sono 2 cassette" in desk.text
    desk.press_main().press_main().press("Ho i soldi")
    assert "Sono 2 cassette." in desk.text
