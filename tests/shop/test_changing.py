"""Changing an order until the cut-off: choose, look at the new bill, one button. Refusals keep what was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog import pickups, products, stock
from catalog.models import PickUp, Place, Product, Zone
from core.database import db, transaction
from core.formats import euro, window
from core.outbox import Item
from orders import cancelling, changing, links
from orders.models import Order
from tests import factories as make
from tests.deeds import by_somebody_else
from tests.shop.citizen import sent_by, statements, words

BUTTON = "Cambia l'ordine, con obbligo di pagare"
CHANGE = "/cambia"


class Citizen:
    """Somebody with the address of an order, who presses what the pages show."""

    def __init__(self, client: FlaskClient, order: Order) -> None:
        self.client, self.address = client, f"/ordini/{links.make(order)}"
        self.page = client.get(self.address + CHANGE).text

    def press(self, azione: str, **chosen: str) -> TestResponse:
        answer = self.client.post(self.address + CHANGE, data=self.form(azione, **chosen))
        if answer.status_code != 303:
            self.page = answer.text
        return answer

    def form(self, azione: str, **chosen: str) -> MultiDict[str, str]:
        named = {name.replace("_", "-"): value for name, value in chosen.items()}
        return sent_by(self.page, CHANGE, azione=azione, **named)


def of(product: Product, quantity: int) -> dict[str, str]:
    """Choose so much of it."""
    return {f"quanto_{product.id}": str(quantity)}


def now(order: Order) -> list[tuple[str, int]]:
    make.fresh(order)
    return [(line.slug, line.quantity) for line in order.lines]


def letters_of(order: Order) -> list[str]:
    db.session.rollback()
    return [item.payload["letter"] for item in db.session.query(Item).order_by(Item.id)]


# --- the way


def test_quantities_go_up_and_down_things_go_and_others_come(client: FlaskClient) -> None:
    chard, carrots, honey = make.chard(left=10), make.carrots(price=290), make.honey(left=4)
    order = make.order(make.wish(chard, 2), make.wish(carrots, 1_500))
    me = Citizen(client, order)
    shown = me.press("conto", **of(chard, 0), **of(carrots, 1_000), **of(honey, 1))
    page = words(shown.text)
    assert shown.status_code == 200
    for said in (
        "In meno: Bietole, 2 mazzi.",
        "Carote: prima 1,5 kg, ora 1 kg.",
        "In più: Miele di acacia, 1 vasetto.",
        "Totale stimato 11,40 € Al massimo paghi 11,69 €",
        "Prima la stima era 7,95 €, al massimo 8,39 €.",
    ):
        assert said in page
    assert now(order) == [("bietole", 2), ("carote", 1_500)]
    answer = me.press("cambia")
    assert (answer.status_code, answer.location) == (303, me.address)
    assert now(order) == [("carote", 1_000), ("miele-acacia", 1)]
    make.fresh(chard)
    assert (chard.left, honey.left) == (10, 3)
    assert "L'ordine è cambiato." in words(client.get(me.address).text)
    assert letters_of(order) == ["received", "changed"]


def test_the_bill_stands_directly_above_the_one_button_that_obliges_to_pay(client: FlaskClient) -> None:
    carrots = make.carrots(price=290)
    me = Citizen(client, make.order(make.wish(carrots, 1_500)))
    assert BUTTON not in words(me.page)
    page = words(me.press("conto", **of(carrots, 2_000)).text)
    assert page.count(BUTTON) == 1
    bill, before, button = (page.index(part) for part in ("Al massimo paghi 6,38 €", "al massimo 4,79 €.", BUTTON))
    assert bill < before < button


def test_the_bill_that_was_shown_is_the_bill_of_the_order(client: FlaskClient) -> None:
    goods = [make.carrots(), make.chard(), make.product("zucca", kind="piece_by_weight", price=245, piece_grams=1_230)]
    order = make.order(make.wish(goods[0], 700), make.wish(goods[1], 3), at=make.pickup(make.place(fee=150)))
    with transaction() as session:
        session.get_one(Order, order.id).discount_percent = 15
    me = Citizen(client, order)
    me.press("conto", **of(goods[0], 1_300), **of(goods[2], 3))
    shown = words(me.page)
    me.press("cambia")
    make.fresh(order)
    assert (
        f"Totale stimato {euro(order.estimate)} Al massimo paghi {euro(order.maximum)}".replace("\u00a0", " ") in shown
    )


def test_one_can_go_back_to_choosing_and_nothing_is_lost(client: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey()
    place = make.pickup(make.place(name="Mercato"), days=5)
    me = Citizen(client, make.order(make.wish(chard, 2)))
    me.press("conto", **of(chard, 5), **of(honey, 2), ritiro=str(place.id), simile="1")
    me.press("scegli")
    form = me.form("conto")
    assert (form[f"quanto-{chard.id}"], form[f"quanto-{honey.id}"]) == ("5", "2")
    assert (form["ritiro"], form["simile"]) == (str(place.id), "1")


def test_where_nothing_was_chosen_there_is_nothing_to_confirm(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard(), 2))
    me = Citizen(client, order)
    page = words(me.press("conto").text)
    assert "È uguale a prima: non c'è niente da confermare." in page
    assert BUTTON not in page
    assert me.press("cambia").status_code == 303
    make.fresh(order)
    assert order.version == 0
    assert letters_of(order) == ["received"]


def test_the_pick_up_can_be_another_stall(client: FlaskClient) -> None:
    here, there = make.pickup(), make.pickup(make.place(name="Mercato"), days=5)
    order = make.order(make.wish(make.chard()), at=here)
    me = Citizen(client, order)
    page = words(me.press("conto", ritiro=str(there.id)).text)
    assert f"Ritiro: {window(there.from_at, there.to_at)}, Mercato." in page
    assert me.press("cambia").status_code == 303
    make.fresh(order)
    assert (order.pickup_id, order.place_name, here.taken, there.taken) == (there.id, "Mercato", 0, 1)


def test_another_fee_is_in_the_bill_before_it_is_agreed_to(client: FlaskClient) -> None:
    far = make.pickup(make.place(name="Pavia", fee=200), days=5)
    order = make.order(make.wish(make.chard()))
    me = Citizen(client, order)
    assert "Totale 3,80 €" in words(me.press("conto", ritiro=str(far.id)).text)
    me.press("cambia")
    make.fresh(order)
    assert order.total == 380


def test_a_delivery_stays_a_delivery_and_the_page_says_how_to_change_that(client: FlaskClient) -> None:
    home = make.place(name="A casa tua", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=home.id, municipality="Vigevano", postcode="27029"))
    stall = make.pickup()
    order = make.order(make.wish(make.chard()), at=make.pickup(home), address="Via Roma 1, 27029 Vigevano")
    me = Citizen(client, order)
    assert 'name="ritiro"' not in me.page
    assert "disdici e ordina di nuovo, oppure telefonaci" in words(me.page)
    assert me.press("conto", ritiro=str(stall.id)).status_code == 409
    assert me.press("conto", **of(order.lines[0].product, 2)).status_code == 200
    assert me.press("cambia", ritiro="").status_code == 303
    assert now(order) == [("bietole", 2)]


def test_something_similar_can_be_allowed_and_forbidden(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), make.wish(make.honey()))
    me = Citizen(client, order)
    assert "Se qualcosa manca: una cosa simile, mai più cara." in words(me.press("conto", simile="1").text)
    me.press("cambia")
    make.fresh(order)
    assert all(line.may_substitute for line in order.lines)
    me = Citizen(client, order)
    sent = me.form("conto")
    del sent["simile"]
    me.page = client.post(me.address + CHANGE, data=sent).text
    assert "Se qualcosa manca: niente al suo posto." in words(me.page)
    me.press("cambia")
    make.fresh(order)
    assert not any(line.may_substitute for line in order.lines)


def test_what_stays_as_it_was_keeps_its_price(client: FlaskClient) -> None:
    chard, honey = make.chard(price=180), make.honey(price=850)
    order = make.order(make.wish(chard, 2), make.wish(honey))
    for product in (chard, honey):
        products.set_price(product.id, product.price + 100)
    me = Citizen(client, order)
    assert "Oggi 2,80 €: vale se cambi la quantità." in words(me.page)
    page = words(me.press("conto", **of(chard, 3)).text)
    assert "3 mazzi, 2,80 € al mazzo" in page
    assert "1 vasetto, 8,50 € al vasetto" in page
    assert me.press("cambia").status_code == 303
    make.fresh(order)
    assert [line.price for line in order.lines] == [280, 850]


def test_of_what_is_no_longer_sold_one_can_keep_all_less_or_nothing(client: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey()
    order = make.order(make.wish(chard, 2), make.wish(honey))
    with transaction() as session:
        session.get_one(Product, chard.id).on_sale = False
    me = Citizen(client, order)
    assert words(me.page.split(f'id="quanto-{chard.id}"')[1].split("</select>")[0]).split(">")[-1].strip() == (
        "Togli 1 mazzo Come adesso: 2 mazzi"
    )
    answer = me.press("conto", **of(chard, 3))
    assert "Bietole: adesso non si vende. Puoi tenere 2 mazzi, o di meno." in words(answer.text)
    me.press("conto", **of(chard, 2), **of(honey, 2))
    assert me.press("cambia").status_code == 303
    assert now(order) == [("bietole", 2), ("miele-acacia", 2)]


def test_less_of_it_keeps_the_price_that_was_agreed_and_nothing_is_asked_twice(client: FlaskClient) -> None:
    chard = make.chard(price=180)
    order = make.order(make.wish(chard, 3))
    products.set_price(chard.id, 280)
    with transaction() as session:
        session.get_one(Product, chard.id).on_sale = False
    me = Citizen(client, order)
    assert "Oggi 2,80 €" not in words(me.page)
    page = words(me.press("conto", **of(chard, 1)).text)
    assert "Bietole: prima 3 mazzi, ora 1 mazzo." in page
    assert "1 mazzo, 1,80 € al mazzo" in page
    assert me.press("cambia").status_code == 303
    make.fresh(order)
    assert [(line.quantity, line.price, line.maximum) for line in order.lines] == [(1, 180, 180)]


def test_all_that_is_left_may_be_added_to_what_one_has(client: FlaskClient) -> None:
    chard = make.chard(left=5)
    order = make.order(make.wish(chard, 3))
    me = Citizen(client, order)
    assert me.press("conto", **of(chard, 5)).status_code == 200
    assert me.press("cambia").status_code == 303
    make.fresh(chard)
    assert (now(order), chard.left) == ([("bietole", 5)], 0)


# --- refusals


def test_after_the_cut_off_there_is_no_page_and_no_change(client: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard, 2))
    me = Citizen(client, order)
    me.press("conto", **of(chard, 3))
    with make.clock.at(order.pickup.cutoff_at):
        assert client.get(me.address + CHANGE).location == me.address
        answer = me.press("cambia")
    page = words(answer.text)
    assert answer.status_code == 409
    assert "Il tempo per cambiare è finito: telefonaci, troviamo un modo." in page
    assert "Bietole: prima 2 mazzi, ora 3 mazzi." in page
    assert BUTTON not in page
    assert now(order) == [("bietole", 2)]


def test_a_cancelled_order_is_not_changed(client: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    cancelling.cancel(order.id, why="citizen")
    assert me.press("conto", **of(chard, 2)).status_code == 409
    assert client.get(me.address + CHANGE).status_code == 303


def test_a_page_from_before_another_change_says_so_and_shows_the_difference(client: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey()
    order = make.order(make.wish(chard, 2))
    old = Citizen(client, order)
    old.press("conto", **of(chard, 4))
    changing.change(order.id, [make.wish(chard, 3), make.wish(honey)], version=0, key="k" * 20)
    answer = old.press("cambia")
    page = words(answer.text)
    assert answer.status_code == 409
    assert "Intanto l'ordine è cambiato. Guarda com'è adesso." in page
    assert "Bietole: prima 3 mazzi, ora 4 mazzi." in page
    assert "Miele di acacia" in page
    assert now(order) == [("bietole", 3), ("miele-acacia", 1)]
    assert old.press("cambia").status_code == 303
    assert now(order) == [("bietole", 4), ("miele-acacia", 1)]


def test_sold_out_names_the_product_and_what_can_be_had_and_the_next_press_takes_it(client: FlaskClient) -> None:
    chard = make.chard(left=6)
    order = make.order(make.wish(chard, 2))
    me = Citizen(client, order)
    me.press("conto", **of(chard, 6))
    make.order(make.wish(chard, 3))
    answer = me.press("cambia")
    assert answer.status_code == 409
    assert "Bietole: invece di 6 mazzi possiamo dare 3 mazzi." in words(answer.text)
    assert now(order) == [("bietole", 2)]
    assert me.press("cambia").status_code == 303
    assert now(order) == [("bietole", 3)]


def test_what_is_gone_altogether_is_left_out(client: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey(left=1)
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    me.press("conto", **of(honey, 1))
    make.order(make.wish(honey))
    answer = me.press("cambia")
    assert answer.status_code == 409
    assert "Miele di acacia: finito. L'abbiamo tolto da questo ordine." in words(answer.text)
    assert now(order) == [("bietole", 1)]


def test_a_price_that_changed_meanwhile_shows_both_and_asks_again(client: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey(price=850)
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    me.press("conto", **of(honey, 2))
    products.set_price(honey.id, 900)
    answer = me.press("cambia")
    assert answer.status_code == 409
    page = words(answer.text)
    assert "Miele di acacia: prima 8,50 €, ora 9,00 € al vasetto." in page
    assert "Totale 19,80 €" in page
    assert now(order) == [("bietole", 1)]
    assert me.press("cambia").status_code == 303


def test_a_bill_that_was_not_shown_is_never_agreed_to(client: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    me.press("conto", **of(chard, 2))
    for maximum in ("1", "", "x"):
        answer = me.press("cambia", massimo=maximum)
        assert answer.status_code == 409
        assert "Il conto è cambiato: guardalo ancora, poi decidi tu." in words(answer.text)
    assert now(order) == [("bietole", 1)]


def test_another_fee_is_never_agreed_to_unseen_even_where_the_most_to_pay_stays_the_same(client: FlaskClient) -> None:
    far = make.pickup(make.place(name="Pavia", fee=200), days=5)
    order = make.order(make.wish(make.chard()))
    me = Citizen(client, order)
    me.press("conto", ritiro=str(far.id))
    answer = me.press("cambia", consegna="100")
    assert answer.status_code == 409
    assert "Il conto è cambiato: guardalo ancora, poi decidi tu." in words(answer.text)
    make.fresh(order)
    assert (order.pickup_id == far.id, order.fee) == (False, 0)


def test_a_fee_that_rises_between_the_bill_and_the_deed_is_shown_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page reads a moment before the deed decides nothing: the deed looks again."""
    far = make.pickup(make.place(name="Pavia", fee=200), days=5)
    order = make.order(make.wish(make.chard()))
    me = Citizen(client, order)
    me.press("conto", ritiro=str(far.id))
    change = changing.change

    def dearer(*args: Any, **named: Any) -> Order:
        with transaction() as session:
            session.get_one(Place, far.place_id).fee = 350
        return change(*args, **named)

    monkeypatch.setattr(changing, "change", dearer)
    answer = me.press("cambia")
    page = words(answer.text)
    assert answer.status_code == 409
    assert "Il prezzo della consegna è cambiato: guarda il nuovo conto." in page
    assert "Totale 5,30 €" in page
    make.fresh(order)
    assert order.fee == 0
    monkeypatch.undo()
    assert me.press("cambia").status_code == 303
    make.fresh(order)
    assert (order.pickup_id, order.total) == (far.id, 530)


def full(pickup: PickUp, chosen: PickUp) -> None:
    pickups.set_capacity(chosen.id, 0, by=None)


def closed(pickup: PickUp, chosen: PickUp) -> None:
    with transaction() as session:
        session.get_one(PickUp, chosen.id).cutoff_at = make.clock.now()


@pytest.mark.parametrize("happens", [full, closed])
def test_a_pick_up_that_has_gone_meanwhile_is_said_and_the_rest_is_kept(client: FlaskClient, happens: Any) -> None:
    here, there = make.pickup(), make.pickup(make.place(name="Mercato"), days=5)
    make.pickup(make.place(name="Portico"), days=6)
    chard = make.chard()
    order = make.order(make.wish(chard), at=here)
    me = Citizen(client, order)
    me.press("conto", **of(chard, 3), ritiro=str(there.id))
    happens(here, there)
    answer = me.press("cambia")
    assert answer.status_code == 409
    assert "Scegline un altro." in words(answer.text)
    form = me.form("conto")
    assert (form[f"quanto-{chard.id}"], form["ritiro"]) == ("3", str(here.id))
    assert now(order) == [("bietole", 1)]


def test_the_last_place_may_go_between_the_bill_and_the_button(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page reads a moment before the deed decides nothing: the deed looks again."""
    here, there = make.pickup(), make.pickup(make.place(name="Mercato"), days=5, capacity=1)
    order = make.order(make.wish(make.chard()), at=here)
    me = Citizen(client, order)
    me.press("conto", ritiro=str(there.id))
    change = changing.change

    def too_late(*args: Any, **named: Any) -> Order:
        with by_somebody_else():
            make.order(make.wish(make.honey()), at=there)
        return change(*args, **named)

    monkeypatch.setattr(changing, "change", too_late)
    answer = me.press("cambia")
    assert answer.status_code == 409
    assert "I posti per questo ritiro sono finiti" in words(answer.text)
    make.fresh(order)
    assert order.pickup_id == here.id


def test_nothing_left_leads_to_cancelling(client: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    answer = me.press("conto", **of(chard, 0), simile="1")
    assert answer.status_code == 422
    assert "Così non resta niente. Se non serve più, disdici l'ordine." in words(answer.text)
    assert f"{me.address}/disdici" in answer.text
    form = me.form("conto")
    assert (form[f"quanto-{chard.id}"], form["simile"]) == ("0", "1")


@pytest.mark.parametrize("quantity", ["", "x", "-1", "1.5", "9" * 30, "1e3", "\u0663"])
def test_what_is_no_quantity_is_asked_for_again(client: FlaskClient, quantity: str) -> None:
    chard, honey = make.chard(), make.honey()
    order = make.order(make.wish(chard, 2))
    me = Citizen(client, order)
    answer = me.press("conto", **{f"quanto_{chard.id}": quantity}, **of(honey, 1))
    assert answer.status_code == 422
    assert "Una quantità non si è capita: sceglila di nuovo." in words(answer.text)
    assert me.form("conto")[f"quanto-{honey.id}"] == "1"
    assert now(order) == [("bietole", 2)]


def test_half_a_step_is_no_quantity(client: FlaskClient) -> None:
    carrots = make.carrots(step=500)
    order = make.order(make.wish(carrots, 1_000))
    assert Citizen(client, order).press("conto", **of(carrots, 750)).status_code == 422
    assert now(order) == [("carote", 1_000)]


def test_more_than_an_order_can_cost_is_refused_when_it_is_confirmed(client: FlaskClient) -> None:
    jar = make.product(price=100_000, left=100)
    order = make.order(make.wish(jar))
    me = Citizen(client, order)
    me.press("conto", **of(jar, 5))
    answer = me.press("cambia")
    assert answer.status_code == 422
    assert "Un ordine così grande lo facciamo insieme: telefonaci." in words(answer.text)
    assert me.form("conto")[f"quanto-{jar.id}"] == "5"


def test_products_of_practice_and_of_nobody_are_not_to_be_had(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()))
    jar = make.product("prova", practice=True)
    me = Citizen(client, order)
    me.press("conto", **of(jar, 1), quanto_999999="3", quanto_x="1")
    assert me.press("cambia").status_code == 303
    assert now(order) == [("bietole", 1)]


def test_a_busy_database_keeps_what_was_chosen(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    chard = make.chard()
    me = Citizen(client, make.order(make.wish(chard)))
    key = me.form("conto")["key"]
    me.press("conto", **of(chard, 4))
    monkeypatch.setattr(changing, "change", busy)
    answer = me.press("cambia")
    assert answer.status_code == 503
    assert "l'ordine resta uno solo" in words(answer.text)
    form = me.form("conto")
    assert (form[f"quanto-{chard.id}"], form["key"]) == ("4", key)


# --- twice


def test_a_double_click_answers_with_the_first_result(client: FlaskClient) -> None:
    chard = make.chard(left=10)
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    me.press("conto", **of(chard, 3))
    sent = me.form("cambia")
    first, again = (client.post(me.address + CHANGE, data=sent) for _ in range(2))
    assert [(answer.status_code, answer.location) for answer in (first, again)] == [(303, me.address)] * 2
    make.fresh(chard)
    assert (now(order), chard.left) == ([("bietole", 3)], 7)
    assert letters_of(order) == ["received", "changed"]


def test_after_the_back_button_a_used_form_changes_nothing_more(client: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    me = Citizen(client, order)
    me.press("conto", **of(chard, 3))
    me.press("cambia")
    assert me.press("cambia", **of(chard, 9)).status_code == 303
    assert now(order) == [("bietole", 3)]


# --- large


def test_sixty_different_things_can_be_changed_and_one_more_is_too_much(client: FlaskClient) -> None:
    goods = [make.product(f"vasetto-{number:02}") for number in range(61)]
    order = make.order(*[make.wish(each) for each in goods[:60]])
    me = Citizen(client, order)
    assert me.press("conto", **of(goods[60], 1)).status_code == 422
    assert "Più di 60 cose diverse non ci stanno in un ordine: fanne due." in words(me.page)
    me.press("conto", **of(goods[0], 0), **of(goods[1], 2))
    assert me.press("cambia").status_code == 303
    assert len(now(order)) == 60
    assert (goods[0].slug, 1) not in now(order)


def test_the_pages_take_the_same_number_of_statements_for_two_lines_and_for_twenty(client: FlaskClient) -> None:
    counts = []
    for number in (2, 20):
        goods = [make.product() for _ in range(number)]
        me = Citizen(client, make.order(*[make.wish(each) for each in goods]))
        db.session.expire_all()
        with statements() as choosing:
            me.page = client.get(me.address + CHANGE).text
        db.session.expire_all()
        with statements() as reviewing:
            assert me.press("conto", **of(goods[0], 2)).status_code == 200
        counts.append((len(choosing), len(reviewing)))
        for each in goods:
            stock.count(each, 0)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12, counts


def test_a_place_that_was_renamed_is_called_by_its_name_of_today_only_after_the_change(client: FlaskClient) -> None:
    here, there = make.pickup(), make.pickup(make.place(name="Mercato"), days=5)
    chard = make.chard()
    order = make.order(make.wish(chard), at=here)
    with transaction() as session:
        session.get_one(Place, here.place_id).name = "Altro nome"
    me = Citizen(client, order)
    me.press("conto", **of(chard, 2))
    me.press("cambia")
    make.fresh(order)
    assert order.place_name == "Piazza Ducale"
    me = Citizen(client, order)
    me.press("conto", ritiro=str(there.id))
    me.press("cambia")
    make.fresh(order)
    assert order.place_name == "Mercato"
