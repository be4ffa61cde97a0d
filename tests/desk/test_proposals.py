"""Who may not do something alone does the same and asks a tutor: the screens, the yes, the no, and being told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from catalog import products, stock
from catalog.models import Product
from core import clock, journal, proposing
from core.database import db
from core.proposing import Proposal
from orders import handing_over, proposals, shelves
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.orders.test_undo_of_every_action import order_facts
from tests.orders.test_undo_of_every_action import state as whole_state
from tests.test_doors import signed_in

LEVELS = (2, 1, 0)
JAR = {"net": 500, "perishable": False, "vat_category": "miele", "vat_rate": 10}
HAND_OVER, TAKE_CASH = Capability.HAND_OVER, Capability.TAKE_CASH


def helper(name: str = "Anna", level: int = 2, can: tuple[Capability, ...] = ()) -> Person:
    return make.person(name, can=can, support_level=level)


def at_tutors(app: Flask, name: str = "Rita") -> Desk:
    return Desk(signed_in(app, make.tutor(name), "password")).go("/tutor")


def on(desk: Desk, heading: str) -> Desk:
    """Go on by the main action until this screen."""
    for _screen in range(8):
        if desk.heading.startswith(heading):
            return desk
        desk.press_main()
    raise AssertionError(f"never came to {heading!r}, but to {desk.heading!r}")


def only_proposal() -> Proposal:
    make.fresh(None)
    return db.session.scalars(select(Proposal)).one()


# --- the crate


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("how", ["cash", "card"])
def test_a_crate_and_its_money_go_with_one_yes_and_end_as_a_tutors_own_deed(
    enter: EnterAs, app: Flask, level: int, how: str
) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    untouched = crates.state(order.id)
    desk = on(enter(helper(level=level)).go(f"/banco/consegna/{order.id}"), "Prendi i soldi")
    if how == "card":
        desk.press("Paga con la carta")
    desk.press_main().press("Chiedi al tutor")
    assert desk.heading == "Aspetta il tutor"
    assert crates.state(order.id) == untouched
    assert desk.go(f"/banco/consegna/{order.id}").heading == "Aspetta il tutor"  # also after a reload
    rita = at_tutors(app)
    assert "Vuole dare la cassetta 1 a Maria Rossi." in rita.text
    assert ("contanti" if how == "cash" else "carta") in rita.text
    rita.press("Sì, va bene")
    assert rita.heading == "Hai detto sì"
    assert desk.press("Guarda di nuovo").heading == "Hai dato la cassetta 1"
    twin = crates.ready_today(make.wish(make.product(**JAR), 1))
    getattr(handing_over, f"take_{how}")(twin.id, by=None, expected=850)
    handing_over.hand_over(twin.id, by=None)
    assert facts_of(order.id) == facts_of(twin.id)
    assert len(journal.entries(order)) == len(journal.entries(twin))


def facts_of(order_id: int) -> dict[str, Any]:
    """What verbs derive, but for the numbers of rows."""
    facts = order_facts(crates.again(order_id))
    return {name: fact for name, fact in facts.items() if name not in ("where", "lines", "may be given back")}


def test_the_deed_is_the_co_residents_and_the_yes_the_tutors(enter: EnterAs, app: Flask) -> None:
    anna = helper()
    order = crates.ready_today(make.wish(make.honey(), 1))
    on(enter(anna).go(f"/banco/consegna/{order.id}"), "Dai la cassetta").press("Chiedi al tutor")
    at_tutors(app).press("Sì, va bene")
    proposal = only_proposal()
    for entry in journal.entries(order)[:2]:
        assert entry.person_id == anna.id
        assert entry.context["agreed_by"] == proposal.answered_by_id
        assert entry.context["proposal"] == proposal.id
        assert entry.context["support_shown"] == 2
        assert entry.context["device"] == proposal.device_id
    assert {payment.by_id for payment in crates.again(order.id).payments} == {anna.id}


def test_money_alone_is_asked_for_by_whoever_may_hand_over(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = on(enter(helper(can=(HAND_OVER,))).go(f"/banco/consegna/{order.id}"), "Prendi i soldi")
    desk.press("Chiedi al tutor")
    assert crates.state(order.id)["due"] == 850
    at_tutors(app).press("Sì, va bene")
    assert crates.state(order.id)["due"] == 0
    assert desk.press("Guarda di nuovo").heading == "Dai la cassetta 1"
    assert desk.press("Sì, data").heading == "Hai dato la cassetta 1"


def test_who_takes_money_alone_only_asks_for_the_crate(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = on(enter(helper(can=(TAKE_CASH,))).go(f"/banco/consegna/{order.id}"), "Prendi i soldi")
    desk.press("Ho i soldi").press("Chiedi al tutor")
    assert (crates.state(order.id)["due"], only_proposal().data["paid"]) == (0, "")


def test_whoever_collects_for_somebody_is_written_down(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1), collector="Luca Verdi")
    desk = enter(helper()).go(f"/banco/consegna/{order.id}?passo=nome").press("È Luca").press_main()
    desk.press("Chiedi al tutor")
    at_tutors(app).press("Sì, va bene")
    assert crates.again(order.id).handed_to == "Luca Verdi"


def test_that_nobody_came_is_asked_too(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        desk = enter(helper()).go(f"/banco/consegna/{order.id}").press("Non è venuto nessuno")
        assert desk.heading == "Aspetta il tutor"
        assert crates.state(order.id)["status"] == "ready"
        at_tutors(app).press("Sì, va bene")
        assert crates.state(order.id)["status"] == "not_collected"
        assert desk.press("Guarda di nuovo").heading == "Metti via la cassetta 1"
        assert not desk.offers("Torna indietro: non è venuto")


# --- the shelves


def write(desk: Desk, room: str, product: Product, number: int, level: int) -> Desk:
    """From the first screen of the shelves to the number that was sent."""
    desk.go("/banco/scaffali").press("Conta" if room == "conta" else "Prezzo")
    if level == 0:
        way = next(way for way in desk.ways if way.path.endswith(f"/{room}/{product.id}") and "seen" in way.sends)
        field = "number" if room == "conta" else "euro"
        said = str(number) if room == "conta" else f"{number // 100},{number % 100:02d}"
        return desk.go(way.path, method="post", sends={**way.sends, field: said})
    desk.press(product.name)
    if level == 2:
        desk.press_main()
    for digit in str(number):
        key = next(way for way in desk.ways if way.words == digit and "cifre" in way.sends)
        desk.go(key.path, sends=key.sends)
    return desk.press_main()


def state() -> dict[str, Any]:
    """Of goods, orders and money: who comes in at a tablet is another matter."""
    return {name: facts for name, facts in whole_state().items() if name != "people"}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("room", "number"), [("conta", 95), ("prezzo", 920)])
def test_at_the_shelves_every_level_ends_in_what_a_tutor_does(
    enter: EnterAs, app: Flask, level: int, room: str, number: int
) -> None:
    honey = make.honey()
    before = {**state(), "asked": [(proposals.COUNT if room == "conta" else proposals.PRICE, honey.id)]}
    desk = write(enter(helper(level=level)), room, honey, number, level)
    assert ("Hai chiesto" if level else "ha chiesto al tutor") in desk.text
    assert state() == before
    at_tutors(app).press("Sì, va bene")
    rice = make.product("riso", perishable=False)
    write(at_tutors(app, "Sandro"), room, rice, number, 0)
    goods = {slug: facts[:3] for slug, facts in state()["goods"].items()}
    assert goods[honey.slug] == goods[rice.slug] == ((95, 95, 850) if room == "conta" else (100, 100, 920))
    newest = [journal.entries(product)[0] for product in (honey, rice)]
    assert newest[0].action == newest[1].action == (proposals.COUNT if room == "conta" else proposals.PRICE)
    assert newest[0].person_id != newest[1].person_id
    assert newest[0].data == newest[1].data


@pytest.mark.parametrize(
    ("room", "number", "capability"), [("conta", 95, Capability.COUNT_STOCK), ("prezzo", 920, Capability.SET_PRICE)]
)
def test_with_the_grant_it_is_done_at_once_and_taken_back_in_one_tap(
    enter: EnterAs, room: str, number: int, capability: Capability
) -> None:
    honey = make.honey()
    before = state()
    desk = write(enter(helper(level=1, can=(capability,))), room, honey, number, 1)
    assert 'data-schermo="fine"' in desk.html
    assert state() != before
    assert proposing.waiting() == []
    desk.press("Torna indietro:")
    assert state() == before


def test_what_crates_wait_for_is_no_sum_of_a_person(enter: EnterAs, app: Flask) -> None:
    honey = make.honey(left=20)
    make.order(make.wish(honey, 5))
    desk = enter(helper(level=1)).go(f"/banco/scaffali/conta/{honey.id}")
    assert "20 vasetti" in desk.text
    write(desk, "conta", honey, 18, 1)
    rita = at_tutors(app)
    assert "Dovrebbero essere 20 vasetti." in rita.text
    rita.press("Sì, va bene")
    make.fresh(honey)
    assert products.get(honey.id).left == 13


def test_what_grows_is_not_counted_here_and_practice_is_nowhere(enter: EnterAs) -> None:
    chard, jar = make.chard(), make.product("vasetto-di-prova", practice=True, perishable=False)
    desk = enter(helper())
    assert desk.go("/banco/scaffali").offers("Conta") is False
    assert desk.go(f"/banco/scaffali/conta/{chard.id}").status == 404
    for room in ("conta", "prezzo"):
        assert desk.go(f"/banco/scaffali/{room}/{jar.id}").status == 404
        assert desk.go(f"/banco/scaffali/{room}/{jar.id}", method="post", sends={"number": "5"}).status == 404


@pytest.mark.parametrize(
    ("room", "odd", "said"),
    [
        ("prezzo", 85, "85 centesimi? Guarda ancora."),
        ("prezzo", 8500, "85 euro? Guarda ancora."),
        ("conta", 950, "950 vasetti? Guarda ancora."),
    ],
)
@pytest.mark.parametrize("level", [1, 0])
def test_a_number_that_hardly_can_be_is_asked_about_once(
    enter: EnterAs, level: int, room: str, odd: int, said: str
) -> None:
    honey = make.honey()
    desk = write(enter(helper(level=level)), room, honey, odd, level)
    assert desk.status == 422
    assert (said if level == 0 else "Guarda ancora il numero.") in desk.text
    assert proposing.waiting() == []
    desk.press("Chiedi al tutor")
    make.fresh(None)
    assert len(proposing.waiting()) == 1


@pytest.mark.parametrize("number", ["", "0", "abc", "850", "9" * 12])
def test_what_is_no_new_price_is_said_and_nobody_is_asked(enter: EnterAs, number: str) -> None:
    honey = make.honey()
    sends = {"number": number, "seen": "850", "sure": number}
    desk = enter(helper(level=1)).go(f"/banco/scaffali/prezzo/{honey.id}", method="post", sends=sends)
    assert desk.status == 422
    assert proposing.waiting() == []


# --- the answer


def asked_price(enter: EnterAs, anna: Person | None = None) -> tuple[Desk, Product]:
    honey = make.honey()
    return write(enter(anna or helper(level=1)), "prezzo", honey, 920, 1), honey


def test_the_yes_is_told_on_oggi_until_it_was_read(enter: EnterAs, app: Flask) -> None:
    desk, _honey = asked_price(enter)
    at_tutors(app).press("Sì, va bene")
    for _look in range(2):
        desk.go("/banco")
        assert "Rita ha detto sì." in desk.text
        assert "Miele di acacia, 9 euro e 20 centesimi" in desk.text
    way = desk.find("Ho letto")
    for _tap in range(2):
        assert "ha detto sì" not in desk.go(way.path, method="post", sends=way.sends).text
    assert [entry.action for entry in journal.entries(only_proposal())].count("proposal.told") == 1
    other = enter(helper("Bruno")).go("/banco")
    assert not other.offers("Ho letto")


def test_a_no_blames_nobody_and_leads_back_to_the_work(enter: EnterAs, app: Flask) -> None:
    desk, honey = asked_price(enter)
    at_tutors(app).press("Ne parliamo insieme.")
    assert "Rita dice: ne parliamo insieme." in desk.go("/banco").text
    desk.go(f"/banco/scaffali/prezzo/{honey.id}")
    assert desk.heading == "Guarda la risposta"
    assert desk.press("Ho letto").heading == "Scrivi il nuovo prezzo"
    assert not desk.go("/banco").offers("Ho letto")
    make.fresh(honey)
    assert products.get(honey.id).price == 850


def test_the_question_is_taken_back_in_one_tap_that_names_it(enter: EnterAs, app: Flask) -> None:
    desk, _honey = asked_price(enter)
    rita = at_tutors(app)
    yes = rita.find("Sì, va bene")
    desk.press("Torna indietro: miele di acacia, 9 euro e 20 centesimi")
    assert desk.heading == "Scrivi il nuovo prezzo"
    assert not rita.go("/tutor").offers("Sì, va bene")
    assert "non serve più" in rita.go(yes.path, method="post", sends=yes.sends).text
    assert only_proposal().answer == "taken_back"


def test_a_colleague_sees_that_it_is_asked_and_cannot_take_it_back(enter: EnterAs) -> None:
    _desk, honey = asked_price(enter)
    bruno = enter(helper("Bruno", level=1)).go(f"/banco/scaffali/prezzo/{honey.id}")
    assert bruno.heading == "Aspetta il tutor"
    assert "Anna ha chiesto al tutor." in bruno.text
    assert not bruno.offers("Torna indietro: miele")
    path = f"/banco/proposte/{only_proposal().id}/torna-indietro"
    assert bruno.go(path, method="post").status == 403
    assert bruno.go(f"/banco/proposte/{only_proposal().id}/letta", method="post").status == 403
    assert only_proposal().is_open


def test_what_changed_meanwhile_is_told_calmly_and_nothing_happens(enter: EnterAs, app: Flask) -> None:
    desk, honey = asked_price(enter)
    rita = at_tutors(app)
    yes = rita.find("Sì, va bene")
    products.set_price(honey.id, 870)
    assert "Intanto è cambiato qualcosa." in rita.go(yes.path, method="post", sends=yes.sends).text
    assert not rita.offers("Sì, va bene")
    rita.press("Va bene, togli")
    make.fresh(honey)
    assert products.get(honey.id).price == 870
    assert "Rita dice: intanto è cambiato." in desk.go("/banco").text


def test_the_second_tap_of_the_tutor_and_a_second_tutor_change_nothing(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    on(enter(helper()).go(f"/banco/consegna/{order.id}"), "Dai la cassetta").press("Chiedi al tutor")
    rita, sandro = at_tutors(app), at_tutors(app, "Sandro")
    first, second = rita.find("Sì, va bene"), sandro.find("Sì, va bene")
    for _tap in range(2):
        assert rita.go(first.path, method="post", sends=first.sends).heading == "Hai detto sì"
    assert "c'è già una risposta" in sandro.go(second.path, method="post", sends=second.sends).text
    assert sum(payment.amount for payment in crates.again(order.id).payments) == 850
    assert crates.deeds(order.id).count("order.handed_over") == 1


def test_the_second_tap_of_the_question_asks_once(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = on(enter(helper()).go(f"/banco/consegna/{order.id}"), "Dai la cassetta")
    way = desk.find("Chiedi al tutor")
    for sends in (way.sends, way.sends, {**way.sends, "key": "another-form-key-0001"}):
        assert desk.go(way.path, method="post", sends=sends).heading == "Aspetta il tutor"
    assert only_proposal().is_open


def test_after_the_yes_the_tutor_takes_back_one_deed_after_the_other(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    before = crates.state(order.id)
    desk = on(enter(helper()).go(f"/banco/consegna/{order.id}"), "Dai la cassetta").press("Chiedi al tutor")
    rita = at_tutors(app).press("Sì, va bene").press("Torna indietro: la consegna")
    way = rita.find("Torna indietro: i soldi")
    for _tap in range(2):
        rita.go(way.path, method="post", sends=way.sends)
    assert not rita.offers("Torna indietro: l")
    assert crates.state(order.id) == before
    desk.go("/banco").press("Ho letto")
    assert desk.go(f"/banco/consegna/{order.id}").heading == "Trova la cassetta 1"


def test_the_order_tells_who_asked_and_who_agreed(enter: EnterAs, app: Flask) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = on(enter(helper()).go(f"/banco/consegna/{order.id}"), "Dai la cassetta").press("Chiedi al tutor")
    desk.press("Torna indietro:")
    on(desk, "Dai la cassetta").press("Chiedi al tutor")
    rita = at_tutors(app).press("Sì, va bene").go(f"/banco/ordini/{order.id}")
    for words in (
        "Chiesto al tutor: cassetta 1.",
        "Tornato indietro. Era: Chiesto al tutor: cassetta 1.",
        "Detto sì alla proposta.",
    ):
        assert words in rita.text


# --- doors


@pytest.mark.parametrize("deed", ["si", "no", "torna-indietro"])
def test_no_co_resident_answers_not_even_with_every_grant(enter: EnterAs, deed: str) -> None:
    _desk, _honey = asked_price(enter)
    everything = (HAND_OVER, TAKE_CASH, Capability.COUNT_STOCK, Capability.SET_PRICE)
    bruno = enter(helper("Bruno", can=everything))
    answer = bruno.go(f"/tutor/proposte/{only_proposal().id}/{deed}", method="post", sends={"motivo": "later"})
    assert answer.status == 403
    assert only_proposal().is_open


def test_who_has_the_grant_goes_past_a_question_of_somebody_else(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    on(enter(helper()).go(f"/banco/consegna/{order.id}"), "Dai la cassetta").press("Chiedi al tutor")
    dario = enter(helper("Dario", can=(HAND_OVER, TAKE_CASH))).go(f"/banco/consegna/{order.id}")
    on(dario, "Hai dato la cassetta 1")
    assert proposing.stale(proposing.waiting()) == {only_proposal().id}


def test_a_tile_is_enough_to_ask_and_not_to_do(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(helper()).press("Ho finito").press("Anna")
    assert desk.go(f"/banco/consegna/{order.id}").heading == "Trova la cassetta 1"
    enter(helper("Dario", can=(HAND_OVER,)))
    dario = desk.go("/banco").press("Ho finito").press("Dario")
    assert dario.go(f"/banco/consegna/{order.id}").heading == "Mostra il tuo cartellino"


def test_what_nobody_can_ask_for_is_refused(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    desk = enter(helper())
    path = f"/banco/consegna/{order.id}/chiedi"
    for sends, status in (
        ({"deed": "regala"}, 422),
        ({"deed": "data"}, 409),  # nobody has said how it was paid
        ({"deed": "data", "pagato": "cash", "expected": "5"}, 409),
        ({"deed": "soldi", "expected": "5"}, 409),
    ):
        assert desk.go(path, method="post", sends=sends).status == status
    assert db.session.scalars(select(Proposal)).all() == []


def test_today_never_has_more_than_five_choices_with_an_answer_to_read(enter: EnterAs, app: Flask) -> None:
    crates.ready_today(make.wish(make.honey(), 1))
    crates.mixed()
    desk, _rice = enter(helper(level=1)), make.product("riso", perishable=False)
    write(desk, "prezzo", _rice, 900, 1)
    at_tutors(app).press("Sì, va bene")
    desk.go("/banco")
    main = desk.html.split("<main")[1]
    assert main.count("<button") + main.count("<a ") <= 5
    assert desk.offers("Ho letto")
    assert desk.offers("Ho finito")


@pytest.mark.parametrize("page", ["/tutor", "/banco/scaffali/conta", "/banco/scaffali/prezzo", "/banco"])
def test_statements_do_not_grow_with_proposals(enter: EnterAs, app: Flask, page: str) -> None:
    goods = [make.product(f"vasetto-{number}", perishable=False) for number in range(6)]
    anna, rita = helper(level=0), make.tutor("Rita")
    desk = Desk(signed_in(app, rita, "password")) if page == "/tutor" else enter(anna)

    def ask(product: Product) -> None:
        made = proposals.count(products.get(product.id), 90, by=anna.id, device=None)
        proposals.price(products.get(product.id), 900, expected=850, by=anna.id, device=None)
        if page == "/banco":
            proposing.agree(made.id, by=rita)

    ask(goods[0])
    few = statements(lambda: desk.go(page))
    for product in goods[1:]:
        ask(product)
    assert statements(lambda: desk.go(page)) == few


def statements(look: Callable[[], object]) -> int:
    make.fresh(None)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    look()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_every_proposable_deed_is_registered_with_words_and_a_capability() -> None:
    anna, honey = make.person("Anna"), make.honey()
    order = crates.ready_today(make.wish(make.product(), 1))
    assert proposing.known_actions() == {*proposals.OF_ORDERS, *proposals.OF_PRODUCTS}
    made = [
        proposals.hand_over(order, by=anna.id, device=None, paid="card", cents=850),
        proposals.take_money(order, "cash", cents=850, by=anna.id, device=None),
        proposals.put_away(order, by=anna.id, device=None),
        proposals.count(honey, 90, by=anna.id, device=None),
        proposals.price(honey, 900, expected=850, by=anna.id, device=None),
    ]
    assert [proposing.says(each) for each in made] == [
        "cassetta 1",
        "8 euro e 50 centesimi, cassetta 1",
        "cassetta 1, non è venuto",
        "miele di acacia, 90 vasetti",
        "miele di acacia, 9 euro",
    ]
    assert all(proposing.needs(each) for each in made)
    assert shelves.last_counts([honey.id])[honey.id] > 0
    assert stock.ledger_sum(honey.id) == 100


pytestmark = pytest.mark.usefixtures("app")
