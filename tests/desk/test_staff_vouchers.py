"""The coordinator's page of vouchers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.formats import long_day
from orders import vouchers
from tests import factories as make
from tests.desk.staff_desk import at_work, fill, twice
from tests.desk.walking import Desk
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("on_a_tuesday")

CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def teresa(app: Flask) -> Desk:
    return at_work(app, make.person("Teresa", make.Role.COORDINATOR))


def test_vouchers_are_made_and_printed_once(teresa: Desk) -> None:
    last = clock.today() + timedelta(days=60)
    fill(teresa.go("/banco/buoni"), "Fai e stampa", euro="12,50", giorno=last.isoformat(), quanti="3")
    assert teresa.heading == "Buoni da stampare"
    codes = CODE.findall(teresa.text)
    assert len({*codes}) == 3
    assert teresa.text.count("12,50 €") == 3
    assert f"Vale fino a {long_day(last)}." in teresa.text
    assert CODE.findall(teresa.go("/banco/buoni/carta").text) == codes  # a reload loses nothing
    teresa.press("Ho stampato")
    assert teresa.heading == "Buoni spesa"
    assert "si stampa una volta sola" in teresa.go("/banco/buoni/carta").text
    assert teresa.heading == "Buoni spesa"
    assert "37,50 € ancora da usare" in teresa.text
    assert not any(code in teresa.html for code in codes)


def test_the_same_form_sent_twice_makes_them_once(teresa: Desk) -> None:
    twice(teresa.go("/banco/buoni"), "Fai e stampa", euro="20", quanti="2")
    assert len(vouchers.room().open) == 2


def test_codes_that_wait_are_printed_before_there_are_more(teresa: Desk) -> None:
    fill(teresa.go("/banco/buoni"), "Fai e stampa", euro="20", quanti="2")
    fill(teresa.go("/banco/buoni"), "Fai e stampa", euro="30", quanti="1")
    assert teresa.status == 409
    assert "Prima stampa i buoni che hai fatto" in teresa.text
    assert [voucher.amount for voucher in vouchers.room().open] == [2000, 2000]
    teresa.press("Ci sono buoni da stampare")
    assert len(CODE.findall(teresa.text)) == 2


def test_what_was_taken_back_is_not_printed(teresa: Desk) -> None:
    fill(teresa.go("/banco/buoni"), "Fai e stampa", euro="20", quanti="1")
    made = vouchers.room().open[0]
    teresa.go(f"/banco/buoni/{made.id}").press("Torna indietro")
    assert "si stampa una volta sola" in teresa.go("/banco/buoni/carta").text


def test_what_cannot_be_stays_in_its_form_with_its_sentence(teresa: Desk) -> None:
    fill(teresa.go("/banco/buoni"), "Fai e stampa", euro="500", quanti="7")
    assert teresa.status == 422
    assert "Un buono può essere fino a 200,00 €." in teresa.text
    assert 'value="500"' in teresa.html
    assert 'value="7"' in teresa.html


def test_a_lost_one_is_written_anew_and_a_stopped_one_goes_on_again(teresa: Desk) -> None:
    made = vouchers.issue(1000, clock.today() + timedelta(days=60), by=None)[0]
    teresa.go(f"/banco/buoni/{made.voucher.id}").press("Riscrivi e stampa")
    (code,) = CODE.findall(teresa.text)
    assert code != made.code
    teresa.go(f"/banco/buoni/{made.voucher.id}").press("Ferma il buono")
    assert "Fermo: adesso non paga più nulla." in teresa.text
    assert vouchers.state(vouchers.get(made.voucher.id)) == "Fermo."
    teresa.press("Torna indietro")
    assert "Tornato indietro: il buono fermato." in teresa.text
    assert vouchers.find_usable(vouchers.read_codes(code))


def test_its_page_says_which_orders_used_it_and_nothing_about_people(teresa: Desk) -> None:
    made = vouchers.issue(5000, clock.today() + timedelta(days=60), by=None)[0]
    order = make.order(make.wish(make.honey(), 2), codes=vouchers.read_codes(made.code))
    teresa.go(f"/banco/buoni/{made.voucher.id}")
    assert f"Ordine {order.number} {order.maximum // 100},{order.maximum % 100:02d} €" in teresa.text
    assert "tenuti fino al peso vero" in teresa.text
    assert "Maria" not in teresa.text


def test_a_tutor_has_no_key_to_it(app: Flask) -> None:
    rita = at_work(app, make.tutor("Rita"))
    assert rita.go("/banco/buoni").status == 403


def test_a_hundred_vouchers_need_no_more_statements_than_one(teresa: Desk, app: Flask) -> None:
    last = clock.today() + timedelta(days=60)
    vouchers.issue(1000, last, by=None)
    with statements() as few:
        teresa.go("/banco/buoni")
    vouchers.issue(1000, last, how_many=50, by=None)
    with statements() as many:
        teresa.go("/banco/buoni")
    assert len(many) == len(few)
