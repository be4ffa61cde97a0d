"""Takings for whoever keeps the register: the numbers are those of the orders, on the page and in the table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from catalog.models import Kind, Product
from core import clock, undo
from core.database import db, transaction
from core.formats import euro
from orders import auditing, books, giving_back, handing_over, preparing, takings
from orders.books import Look
from orders.models import InvoiceRequest, Order
from people.capabilities import Capability
from tests import factories as make
from tests.desk.staff_desk import at_work
from tests.desk.walking import Desk
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("app")

NOVEMBER, DECEMBER = date(2026, 11, 20), date(2026, 12, 4)


@pytest.fixture(autouse=True)
def after_christmas() -> Iterator[None]:
    with clock.at(clock.rome(date(2026, 12, 28), 9)):
        yield


def sold(*goods: tuple[Product, int], at: datetime, card: bool = False, practice: bool = False) -> Order:
    """Ordered, prepared, paid, and handed over at this moment."""
    with clock.at(at - timedelta(days=3)):
        pickup = make.pickup(hours=(0, 1) if at.astimezone(clock.ROME).hour == 0 else (16, 18), practice=practice)
        order = make.prepared(make.order(*(make.wish(what, how_much) for what, how_much in goods), at=pickup))
    with clock.at(at):
        if card:
            handing_over.take_card(order.id, by=None, expected=order.due)
        else:
            handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
        return handing_over.hand_over(order.id, by=None)


def c2(**more: bool) -> Order:
    """Tomatoes at 4 %, basil at 5 %, honey at 10 %: 3.60 + 1.50 + 8.50 (italian-rules C2)."""
    tomatoes = make.product("pomodori", kind=Kind.BY_WEIGHT, price=290, step=10, left=9_000)
    basil = make.product("basilico", price=150, vat_category="erbe", vat_rate=5)
    goods = (tomatoes, 1240), (basil, 1), (make.honey(), 1)
    return sold(*goods, at=clock.rome(DECEMBER, 17), **more)


def c9() -> list[Order]:
    """10.00, 10.00, 10.00 and 7.35 at 4 % on one day (italian-rules C9)."""
    ten, more = make.product("cassetta", price=1000), make.product("sacco", price=735)
    goods = [ten, ten, ten, more]
    return [sold((what, 1), at=clock.rome(NOVEMBER, 16, 10 * n)) for n, what in enumerate(goods)]


def refund_basil(order: Order, at: datetime, how: str = "cash") -> None:
    """Missing basil, refunded (italian-rules C10)."""
    with clock.at(at):
        giving_back.give_back(order.id, {order.lines[1].id: 150}, how=how, reason="Mancava.", by=None)  # type: ignore[arg-type]


def table(desk: Desk, mese: str) -> list[list[str]]:
    answer = desk.client.get(f"/banco/incassi.csv?mese={mese}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def seen(desk: Desk, mese: str) -> str:
    return desk.go(f"/banco/incassi?mese={mese}").text.replace("\u00a0", " ")


# --- the numbers


def test_vat_is_taken_out_once_per_rate_of_the_month(rita: Desk) -> None:
    c2()
    text = seen(rita, "2026-12")
    assert "4 % 3,60 € 3,46 € 0,14 €" in text
    assert "5 % 1,50 € 1,43 € 0,07 €" in text
    assert "10 % 8,50 € 7,73 € 0,77 €" in text
    assert "Totale 13,60 € 12,62 € 0,98 €" in text
    assert "venerdì 4 dicembre 1 3,60 € 1,50 € 8,50 € 13,60 € 0,00 €" in text


def test_a_day_keeps_gross_and_not_the_vat_of_its_orders(rita: Desk) -> None:
    c9()
    text = seen(rita, "2026-11")
    assert "4 % 37,35 € 35,91 € 1,44 €" in text
    assert "venerdì 20 novembre 4 37,35 € 37,35 € 0,00 €" in text


def test_what_was_given_back_counts_on_its_own_day_at_the_rate_of_the_sale(rita: Desk) -> None:
    refund_basil(c2(), clock.rome(date(2026, 12, 9), 10))
    text = seen(rita, "2026-12")
    assert "4 % 3,60 € 3,46 € 0,14 € 10 % 8,50 € 7,73 € 0,77 € Totale 12,10 €" in text
    assert "venerdì 4 dicembre 1 3,60 € 1,50 € 8,50 € 13,60 € 0,00 €" in text
    assert "mercoledì 9 dicembre 0 0,00 € −1,50 € 0,00 € −1,50 € −1,50 €" in text
    assert "Il mese 1 3,60 € 0,00 € 8,50 € 12,10 € −1,50 €" in text


def test_what_is_on_an_invoice_is_told_apart_and_counted_once(rita: Desk) -> None:
    order = c2()
    with transaction() as session:
        empty = dict.fromkeys(InvoiceRequest.__table__.columns.keys(), "")
        session.add(InvoiceRequest(**{**empty, "order_id": order.id, "vat_number": "00743110157"}))
    c9()
    refund_basil(order, clock.rome(date(2026, 12, 9), 10))
    text = seen(rita, "2026-12")
    assert "venerdì 4 dicembre 1 3,60 € 1,50 € 8,50 € 13,60 € 0,00 € 13,60 €" in text
    assert "mercoledì 9 dicembre 0 0,00 € −1,50 € 0,00 € −1,50 € −1,50 € −1,50 €" in text
    rows = table(rita, "2026-12")
    assert rows[0][-3:] == ["con fattura 4%", "con fattura 5%", "con fattura 10%"]
    assert rows[1][-3:] == ["3,60", "1,50", "8,50"]
    assert rows[2][-3:] == ["0,00", "-1,50", "0,00"]
    assert not any("fattura" in name for name in table(rita, "2026-11")[0])


def test_a_month_in_which_only_something_was_given_back_is_negative(app: Flask) -> None:
    order = c2()
    with clock.at(clock.rome(date(2027, 1, 5), 9)):
        refund_basil(order, clock.now())
        later = at_work(app)
        assert "5 % −1,50 € −1,43 € −0,07 €" in seen(later, "2027-01")
        assert table(later, "2027-01")[1] == ["2027-01-05", "0", "-1,50", "1,50", "-1,50", "-1,50"]


def test_the_page_adds_up_to_the_orders(rita: Desk) -> None:
    orders = [*c9(), c2(card=True)]
    refund_basil(orders[-1], clock.rome(DECEMBER, 18), how="card_terminal")
    make.fresh(None)
    total = sum(order.total - order.refunded for order in db.session.query(Order))
    days = takings.between(date(2026, 11, 1), date(2026, 12, 31))
    assert total == sum(day.total for day in days) == 3735 + 1210
    assert f"Totale {euro(3735)}".replace("\u00a0", " ") in seen(rita, "2026-11")
    assert f"Totale {euro(1210)}".replace("\u00a0", " ") in seen(rita, "2026-12")


def test_means_of_payment_stand_apart_and_rounding_is_no_taking(rita: Desk) -> None:
    sold((make.product("vasetto", price=733), 1), at=clock.rome(DECEMBER, 16))
    order = c2(card=True)
    refund_basil(order, clock.rome(DECEMBER, 18), how="credit")
    text = seen(rita, "2026-12")
    assert "Giorno Contanti Carta al banco Credito Arrotondamenti" in text
    assert "venerdì 4 dicembre 7,35 € 13,60 € −1,50 € −0,02 €" in text
    assert "Totale 19,43 €" in text


def test_a_day_ends_at_midnight_in_rome(rita: Desk) -> None:
    jar = make.product("vasetto", price=500)
    sold((jar, 1), at=clock.rome(date(2026, 12, 1), 0, 30))
    with clock.at(clock.rome(date(2026, 11, 27), 9)):
        late = make.prepared(make.order(make.wish(jar, 2)))
    with clock.at(clock.rome(date(2026, 11, 30), 23, 30)):
        handing_over.take_cash(late.id, by=None, expected=1000)
        handing_over.hand_over(late.id, by=None)
    assert [row[:3] for row in table(rita, "2026-11")[1:]] == [["2026-11-30", "1", "10,00"]]
    assert [row[:3] for row in table(rita, "2026-12")[1:]] == [["2026-12-01", "1", "5,00"]]


def test_practice_is_no_taking(rita: Desk) -> None:
    sold((make.product("finto", practice=True), 1), at=clock.rome(DECEMBER, 16), practice=True)
    assert "In questo mese non è ancora stato consegnato niente." in seen(rita, "2026-12")
    assert table(rita, "2026-12") == [["giorno", "ordini", "ridato", "totale"]]


# --- months and words


def test_one_goes_from_month_to_month(rita: Desk) -> None:
    c9()
    assert rita.go("/banco/incassi").heading == "Incassi di dicembre 2026"
    assert not rita.offers("Mese dopo")
    assert rita.press("Mese prima").heading == "Incassi di novembre 2026"
    assert rita.press("Mese dopo").heading == "Incassi di dicembre 2026"


@pytest.mark.parametrize(
    "mese", ["2026-13", "2026-00", "2026", "novembre", "", "2026-1", "1999-12", "9999-12", "٢٠٢٦-١٢"]
)
def test_a_month_that_is_none_is_said_calmly(rita: Desk, mese: str) -> None:
    for address in ("/banco/incassi", "/banco/incassi.csv"):
        answer = rita.client.get(address, query_string={"mese": mese})
        assert answer.status_code == 404
        assert "Questo mese non c&#39;è." in answer.text


def test_the_page_says_what_counts_and_that_it_is_no_fiscal_register(rita: Desk) -> None:
    text = seen(rita, "2026-12")
    assert "il giorno in cui la cassetta è stata consegnata" in text
    assert "Non è un registratore di cassa" in text


def test_takings_are_for_the_staff_alone(app: Flask) -> None:
    dario = at_work(app, make.person("Dario", can=(Capability.HAND_OVER, Capability.TAKE_CASH)))
    assert dario.go("/banco/incassi").status == 403
    assert dario.go("/banco/incassi.csv").status == 403


# --- the table


def test_the_table_opens_in_an_italian_spreadsheet(rita: Desk) -> None:
    c2()
    answer = rita.client.get("/banco/incassi.csv?mese=2026-12")
    assert (
        answer.data
        == (
            "\ufeffgiorno;ordini;lordo 4%;lordo 5%;lordo 10%;ridato;totale;contanti\r\n"
            "2026-12-04;1;3,60;1,50;8,50;0,00;13,60;13,60\r\n"
        ).encode()
    )
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="incassi-2026-12.csv"'


def test_no_cell_can_be_taken_for_a_formula(rita: Desk) -> None:
    sold((make.product("vasetto", name="=1+1", price=733), 1), at=clock.rome(DECEMBER, 16))
    refund_basil(c2(card=True), clock.rome(date(2026, 12, 9), 10), how="credit")
    cells = [cell for row in table(rita, "2026-12") for cell in row]
    assert len(cells) > 20
    assert [cell for cell in cells if cell[0] in "=+-@\t\r" and not re.fullmatch(r"-\d+,\d\d", cell)] == []


def test_the_table_has_the_numbers_of_the_page(rita: Desk) -> None:
    sold((make.product("vasetto", price=500), 1), at=clock.rome(date(2026, 12, 2), 16))
    refund_basil(c2(card=True), clock.rome(date(2026, 12, 9), 10), how="card_terminal")
    header, *rows = table(rita, "2026-12")
    assert header == [
        "giorno",
        "ordini",
        "lordo 4%",
        "lordo 5%",
        "lordo 10%",
        "ridato",
        "totale",
        "contanti",
        "carta al banco",
    ]
    assert rows == [
        ["2026-12-02", "1", "5,00", "0,00", "0,00", "0,00", "5,00", "5,00", "0,00"],
        ["2026-12-04", "1", "3,60", "1,50", "8,50", "0,00", "13,60", "0,00", "13,60"],
        ["2026-12-09", "0", "0,00", "-1,50", "0,00", "1,50", "-1,50", "0,00", "-1,50"],
    ]


def test_a_day_on_which_all_was_taken_back_is_no_row(rita: Desk) -> None:
    """Cash that was rounded, the hand-over and a refund, each taken back on its own day."""
    order = sold((make.product("vasetto", price=733), 1), at=clock.rome(DECEMBER, 16))
    with clock.at(clock.rome(DECEMBER, 17)):
        undo.undo_last(order)
        undo.undo_last(order)
    kept = c2()
    with clock.at(clock.rome(date(2026, 12, 9), 10)):
        giving_back.give_back(kept.id, {kept.lines[1].id: 33}, how="cash", reason="Mancava.", by=None)
        undo.undo_last(kept)
    assert [row[0] for row in table(rita, "2026-12")] == ["giorno", "2026-12-04"]
    text = seen(rita, "2026-12")
    assert "mercoledì 9 dicembre" not in text
    assert "Giorno Contanti venerdì 4 dicembre 13,60 € Il mese 13,60 €" in text
    with clock.at(clock.rome(DECEMBER, 18)):
        undo.undo_last(kept)
        undo.undo_last(kept)
    assert table(rita, "2026-12") == [["giorno", "ordini", "ridato", "totale"]]
    assert "In questo mese non è ancora stato consegnato niente." in seen(rita, "2026-12")


def test_a_crate_for_which_nothing_was_to_pay_is_a_row_of_its_own(rita: Desk) -> None:
    """Everything was missing: no cent moved, and still somebody came for it."""
    with clock.at(clock.rome(date(2026, 12, 1), 9)):
        order = make.closed(make.order(at=make.pickup(days=3)))
        preparing.mark_missing(order.id, order.lines[0].id, version=0, by=None)
        preparing.finish(order.id, by=None)
    with clock.at(clock.rome(DECEMBER, 16)):
        handing_over.hand_over(order.id, by=None)
    assert [row[:2] for row in table(rita, "2026-12")[1:]] == [["2026-12-04", "1"]]


# --- whether the books balance


def test_until_somebody_has_looked_nothing_is_claimed(rita: Desk) -> None:
    assert "Nessuno ha ancora guardato se i conti tornano" in seen(rita, "2026-12")


def test_books_that_balance_say_when_somebody_looked(rita: Desk) -> None:
    c2()
    with clock.at(clock.rome(date(2026, 12, 28), 3)):
        assert books.check().problems == []
    assert "I conti tornano. Guardati lunedì 28 dicembre alle 3." in seen(rita, "2026-12")
    assert "chi segue il programma" not in rita.text


def test_a_look_that_is_long_ago_is_said(rita: Desk) -> None:
    with clock.at(clock.rome(date(2026, 12, 24), 3)):
        books.check()
    assert "È da più di 2 giorni: chiama chi segue il programma." in seen(rita, "2026-12")


def test_what_does_not_balance_is_said_in_the_tutors_words(rita: Desk) -> None:
    c2()
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE stock SET "left" = "left" + 1')
    books.check()
    text = seen(rita, "2026-12")
    assert "I conti non tornano. Chiama chi segue il programma." in text
    assert "Dove guardare: quanti prodotti abbiamo (3)." in text
    assert "I conti tornano." not in text


def test_every_book_has_a_name_that_tutors_know(rita: Desk) -> None:
    groups = [auditing.Group(group.name, group.kind, 1, ["x"]) for group in books.look().groups]
    assert len(groups) > 10
    books.keep(Look(groups, 1))
    where = seen(rita, "2026-12").partition("Dove guardare: ")[2].partition("Intanto")[0]
    assert "altro" not in where
    assert where.count("(1)") == len(groups)


# --- the database is not asked more often for more


def test_a_month_is_as_many_statements_for_many_orders_as_for_one(rita: Desk) -> None:
    jar = make.product("vasetto", price=500)
    sold((jar, 1), at=clock.rome(DECEMBER, 16))
    before = asked(rita)
    jar = db.session.get_one(Product, jar.id)
    for day in range(5, 15):
        sold((jar, 1), at=clock.rome(date(2026, 12, day), 16))
    assert asked(rita) == before
    assert before < 15


def asked(rita: Desk) -> int:
    db.session.rollback()
    db.session.expire_all()
    with statements() as found:
        assert rita.go("/banco/incassi").status == 200
    return len(found)
