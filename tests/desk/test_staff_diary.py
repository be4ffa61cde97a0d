"""The diary: every deed of the house in plain words, by day and by thing; with the way back beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert

from catalog import calendar, pickups, products, stock
from core import clock, diary, journal, outbox, undo
from core.database import db, transaction
from core.journal import Entry
from desk import diary_words
from desk.staff_diary import ON_A_PAGE
from orders import handing_over, preparing
from people import badges, staff, staying
from people.capabilities import Role
from tests import factories as make
from tests import house
from tests.desk.staff_desk import at_work, twice
from tests.desk.walking import Desk

pytestmark = pytest.mark.usefixtures("app")


def page(rita: Desk, **asked: object) -> Desk:
    return rita.go("/banco/diario", sends={name: str(value) for name, value in asked.items()} or None)


def actions() -> set[str]:
    """Everything that this house records, as its code and its undo know it."""
    return set(house.recorded_actions(house.sources())) | set().union(*undo.known_actions())


# --- words


def test_every_recorded_action_has_words_and_a_kind_to_be_found_by() -> None:
    found = actions()
    assert len(found) > 70
    assert sorted(action for action in found if not diary_words.is_known(action)) == []
    assert sorted(action for action in found if not diary_words.kind_of(action)) == []


def test_an_action_that_nobody_has_words_for_is_noticed() -> None:
    assert not diary_words.is_known("crate.dropped")
    assert diary_words.kind_of("crate.dropped") == ""


def test_words_that_cannot_be_found_are_told_calmly(rita: Desk) -> None:
    """Rows of an older day may lack what the words of today name."""
    made = make.product()
    with transaction():
        journal.record("product.priced", made, by=None)
    assert "Segnata una cosa nuova." in page(rita).text


def test_a_whole_week_of_deeds_is_told_without_a_code_in_both_languages(app: Flask) -> None:
    a_week()
    for language in ("it", "en"):
        rita = at_work(app)
        with rita.client.session_transaction() as session:
            session["language"] = language
        said = page(rita).text
        assert "Segnata una cosa nuova" not in said
        assert not re.search(r"\b[a-z]+\.[a-z_]+ed\b", said), said


def a_week() -> None:
    """A little of everything that can happen here."""
    rita = make.tutor("Ugo")
    teresa = make.person("Teresa", Role.COORDINATOR)
    anna = make.person("Anna")
    honey, pickup = make.honey(), make.pickup()
    products.set_price(honey.id, 900, by=rita.id)
    stock.offer(honey, 3, by=rita.id)
    pickups.set_capacity(pickup.id, 20, by=rita.id)
    with clock.at(clock.now() - timedelta(days=3)):
        order = make.prepared(make.order(make.wish(make.chard()), make.wish(honey)), by=anna)
    handing_over.take_cash(order.id, by=anna.id, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=anna.id)
    staff.set_support(anna, 1, reason="Lo fa da sola", by=rita)
    staff.set_support(anna, 2, task="hand_over", reason="Per cominciare", by=rita)
    badges.make(anna, by=rita)
    badges.void(anna, by=rita)
    staff.plan_shift(clock.today(), [anna], by=rita)
    staying.leave(anna.id, clock.today(), by=teresa)
    staying.come_back(anna.id, by=teresa)
    calendar.close_week(clock.today() + timedelta(days=42 - clock.today().weekday()), "Riposo", by=rita.id)
    make.tablet()


# --- what it tells, and what it does not


def test_deeds_are_told_by_thing_the_one_of_the_last_deed_first(rita: Desk) -> None:
    honey, chard = make.honey(), make.chard()
    by = make.tutor("Ugo").id
    products.set_price(honey.id, 900, by=by)
    products.set_price(chard.id, 200, by=by)
    products.set_price(honey.id, 950, by=by)
    said = page(rita).text.replace("\xa0", " ")
    first, second = said.index("Miele di acacia"), said.index("Bietole")
    assert first < second
    assert said.index("era 9,00 €, adesso 9,50 €") < said.index("era 8,50 €, adesso 9,00 €") < second
    assert "Ugo" in said


def test_citizens_are_not_named_and_orders_lead_to_their_page(rita: Desk) -> None:
    order = make.order(name="Maria Rossi", email="maria.rossi@posta.example")
    said = page(rita)
    assert f"Ordine {order.number}" in said.text
    assert "chi ha ordinato" in said.text
    assert "Maria" not in said.text
    assert [way for way in said.ways if way.path == f"/banco/ordini/{order.id}"]


def test_who_comes_and_goes_and_who_asks_for_help_is_not_told(app: Flask, rita: Desk) -> None:
    anna = make.person("Anna")
    tablet = Desk(app.test_client())
    tablet.client.set_cookie("tablet", make.tablet("Tablet verde")[1])
    tablet.show_badge(badges.make(anna, by=None))
    tablet.client.post("/banco/aiuto", data={"key": "x" * 20, "da": "/banco"})
    said = page(rita).text
    assert {"person.signed_in", "help.called"} <= {entry.action for entry in all_entries()}
    assert "Entra." not in said
    assert "aiuto" not in said.replace("chi chiede aiuto", "")
    for kind in diary_words.KINDS:
        assert not set(diary_words.actions_of(kind)) & diary_words.QUIET


def test_reasons_about_a_person_stay_on_their_page(rita: Desk) -> None:
    anna, ugo = make.person("Anna"), make.tutor("Ugo")
    staff.set_support(anna, 1, reason="Si stanca nel pomeriggio", by=ugo)
    said = page(rita).text
    assert "Guida: aiuto su richiesta." in said
    assert "stanca" not in said


def test_the_choice_of_people_has_the_staff_only(rita: Desk) -> None:
    make.person("Anna")
    make.tutor("Ugo")
    html = page(rita).html
    select = html[html.index('name="chi"') : html.index("</select>", html.index('name="chi"'))]
    assert "Ugo" in select
    assert "Anna" not in select


def test_practice_is_not_told(rita: Desk) -> None:
    make.product("vasetto-finto", practice=True)
    assert "Vasetto finto" not in page(rita).text


# --- looked for


def test_a_kind_shows_its_deeds_and_no_other(rita: Desk) -> None:
    a_week()
    said = page(rita, che="persone").text
    assert "Guida:" in said
    assert "Prezzo:" not in said
    assert "Turno di" in said
    said = page(rita, che="prodotti").text
    assert "Prezzo:" in said
    assert "Guida" not in said


def test_what_one_of_the_staff_did(rita: Desk) -> None:
    honey, ugo, ada = make.honey(), make.tutor("Ugo"), make.tutor("Ada")
    products.set_price(honey.id, 900, by=ugo.id)
    products.set_price(honey.id, 950, by=ada.id)
    said = page(rita, chi=ugo.id).text.replace("\xa0", " ")
    assert "adesso 9,00 €" in said
    assert "adesso 9,50 €" not in said


def test_a_day_begins_at_its_end(rita: Desk) -> None:
    honey = make.honey()
    for days, cents in ((9, 910), (5, 920), (2, 930)):
        with clock.at(clock.now() - timedelta(days=days)):
            products.set_price(honey.id, cents)
    said = page(rita, giorno=(clock.today() - timedelta(days=5)).isoformat()).text.replace("\xa0", " ")
    assert "adesso 9,20 €" in said
    assert "adesso 9,10 €" in said
    assert "adesso 9,30 €" not in said


@pytest.mark.parametrize(
    "asked", [{"che": "tutti"}, {"chi": "x"}, {"chi": "999"}, {"giorno": "2026-13-45"}, {"prima": "-3"}, {"prima": "x"}]
)
def test_nonsense_asks_for_nothing(rita: Desk, asked: dict[str, str]) -> None:
    make.honey()
    assert page(rita, **asked).status == 200
    assert "Miele di acacia" in rita.text


def test_a_quiet_diary_says_so(rita: Desk) -> None:
    assert "Qui non c'è niente da leggere." in page(rita, che="soldi").text


# --- the way back


def test_the_newest_deed_of_a_thing_can_be_taken_back_right_there(rita: Desk) -> None:
    honey = make.honey()
    products.set_price(honey.id, 900)
    products.set_price(honey.id, 950)
    page(rita, che="prodotti").press("Torna indietro")
    assert "Tornato indietro: il nuovo prezzo." in rita.text
    make.fresh(honey)
    assert honey.price == 900
    assert "tolto" in page(rita).text
    assert page(rita).text.count("Tornato indietro. Era:") == 1


def test_only_the_newest_of_each_thing_has_a_button(rita: Desk) -> None:
    honey = make.honey(left=0)
    for cents in (900, 910, 920):
        products.set_price(honey.id, cents)
    buttons = [way for way in page(rita, che="prodotti").ways if way.path == "/banco/diario/torna-indietro"]
    assert len(buttons) == 1


def test_where_the_newest_is_not_on_the_page_there_is_no_button(rita: Desk) -> None:
    """Something came after what is shown: it would be taken back instead."""
    honey, ugo, ada = make.honey(left=0), make.tutor("Ugo"), make.tutor("Ada")
    products.set_price(honey.id, 900, by=ugo.id)
    products.set_price(honey.id, 950, by=ada.id)
    assert not page(rita, chi=ugo.id).offers("Torna indietro")
    assert page(rita, chi=ada.id).offers("Torna indietro")


def test_a_deed_whose_letter_has_left_has_no_button(rita: Desk) -> None:
    order = make.closed(make.order(make.wish(make.honey())))
    make.pack(order.lines[0])
    preparing.finish(order.id, by=None)
    assert page(rita, che="ordini").offers("Torna indietro")
    with clock.at(clock.now() + timedelta(minutes=16)):
        outbox.send_due()
        assert not page(rita, che="ordini").offers("Torna indietro")


def test_without_the_door_of_a_deed_there_is_no_button_and_the_form_is_refused(rita: Desk) -> None:
    field = make.field("Campo alto")
    with transaction():
        journal.record("field.moved", field, by=None, before={}, after={}, confirmed=[])
    assert "Campo alto" in page(rita).text
    assert not rita.offers("Torna indietro")
    sent = {"key": "diary-form-0123456789", "cosa": "field", "numero": str(field.id), "deed": "1"}
    assert rita.client.post("/banco/diario/torna-indietro", data=sent).status_code == 403


def test_who_of_the_staff_works_here_is_taken_back_only_by_whoever_coordinates(app: Flask, rita: Desk) -> None:
    ada, teresa, anna = make.tutor("Ada"), staff.add("Teresa", Role.COORDINATOR), make.person("Anna")
    staff.add("Sandra", Role.COORDINATOR)
    for person in (ada, anna):
        staying.leave(person.id, clock.today(), by=teresa)
    buttons = [way for way in page(rita).ways if way.path == "/banco/diario/torna-indietro"]
    assert [way.sends["numero"] for way in buttons] == [str(anna.id)]
    sent = {"key": "diary-form-0123456789", "cosa": "person", "numero": str(ada.id)}
    sent["deed"] = str(journal.entries(ada)[0].id)
    assert rita.client.post("/banco/diario/torna-indietro", data=sent).status_code == 403
    assert staff.get(ada.id).active_to == clock.today()
    assert at_work(app, teresa).client.post("/banco/diario/torna-indietro", data=sent).status_code == 303
    db.session.expire_all()
    assert staff.get(ada.id).active_to is None


def test_pressing_twice_takes_back_once(rita: Desk) -> None:
    honey = make.honey(left=0)
    products.set_price(honey.id, 900)
    products.set_price(honey.id, 950)
    first, second = twice(page(rita, che="prodotti"), "Torna indietro")
    assert (first.status_code, second.status_code) == (303, 303)
    make.fresh(honey)
    assert honey.price == 900


@pytest.mark.parametrize("table", ["", "journal", "form_key", "nothing", "kept_mail", "'; --"])
def test_only_things_can_be_named(rita: Desk, table: str) -> None:
    sent = {"key": "diary-form-0123456789", "cosa": table, "numero": "1", "deed": "1"}
    assert rita.client.post("/banco/diario/torna-indietro", data=sent).status_code in (404, 409)


# --- many


def all_entries() -> list[Entry]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Entry).order_by(Entry.id)))


def statements(deed: Any) -> list[str]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    deed()
    event.remove(db.engine, "before_cursor_execute", note)
    return [each for each in seen if "FROM clock" not in each]  # that one is read once in a while


def test_statements_do_not_grow_with_what_happened(rita: Desk) -> None:
    honey, pickup = make.honey(left=99), make.pickup()
    for number in range(2):
        make.order(make.wish(honey), at=pickup, email=f"y{number}@posta.example")
    few = statements(lambda: page(rita))
    for number in range(9):
        make.order(make.wish(honey), at=pickup, email=f"z{number}@posta.example")
    assert len(statements(lambda: page(rita))) <= len(few)


def test_it_goes_on_page_by_page_and_nothing_is_left_out_or_told_twice(rita: Desk) -> None:
    honey = make.honey()
    for number in range(ON_A_PAGE + 5):
        products.set_price(honey.id, 1000 + number)
    first = prices(page(rita, che="prodotti"))
    second = prices(rita.press("Prima di così"))
    assert (len(first), len(second)) == (ON_A_PAGE, 5)
    assert len({*first, *second}) == ON_A_PAGE + 5


def prices(shown: Desk) -> list[str]:
    return re.findall(r"<span>(Prezzo: [^<]*)", shown.html)


def a_long_past(how_many: int, honey: Any, boss: Any) -> None:
    """A journal as it is after years: mostly weighed lines, a price now and then."""
    start = clock.now() - timedelta(days=900)
    rows = [
        {
            "key": f"past-{number}",
            "at": start + timedelta(minutes=number * 12),
            "action": "product.priced" if number % 997 == 0 else "line.weighed",
            "subject_type": "product" if number % 997 == 0 else "order",
            "subject_id": honey.id if number % 997 == 0 else 1 + number % 25_000,
            "person_id": boss.id if number % 997 == 0 else 4711,
            "practice": False,
            "data": {"before": 100, "after": 200} if number % 997 == 0 else {"line": 1, "grams": 5},
            "context": {},
        }
        for number in range(how_many)
    ]
    with transaction() as session:
        session.execute(insert(Entry), rows)


@pytest.fixture
def short_again(app: Flask) -> Iterator[None]:
    """PostgreSQL asks of every entry that is deleted whether another takes it back: for many that takes minutes."""
    yield
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE journal")


@pytest.mark.usefixtures("short_again")
def test_a_hundred_thousand_entries_are_read_as_fast_as_a_few(rita: Desk) -> None:
    """No look walks through the journal: each goes by its number, by an index, or takes the first of a page."""
    honey, boss = make.honey(), make.tutor("Ugo")
    a_long_past(100_000, honey, boss)
    then = (clock.today() - timedelta(days=400)).isoformat()
    for asked in ({}, {"che": "prodotti"}, {"che": "ordini"}, {"chi": boss.id}, {"giorno": then}, {"prima": 60_000}):
        seen = statements(lambda asked=asked: page(rita, **asked))
        assert rita.status == 200
        assert "di così" in rita.text, asked
        assert len(seen) < 60, asked
        if db.engine.dialect.name == "sqlite":
            assert [each for each in seen if " FROM journal" in each and _scans(each)] == [], asked


def _scans(statement: str) -> bool:
    """Whether SQLite would walk through the whole journal, or sort it, before it has the rows of a page."""
    rows = db.session.execute(db.text("EXPLAIN QUERY PLAN " + statement.replace("?", "1"))).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    walks = re.search(r"SCAN journal(?! USING)", plan) is not None
    return walks and (" LIMIT " not in statement or "TEMP B-TREE FOR ORDER BY" in plan)


def test_a_look_without_an_index_is_noticed() -> None:
    if db.engine.dialect.name == "sqlite":
        assert _scans("SELECT id FROM journal WHERE at > '2026-01-01'")
        assert _scans("SELECT id FROM journal WHERE at > '2026-01-01' ORDER BY at LIMIT 5")
        assert not _scans("SELECT id FROM journal ORDER BY id DESC LIMIT 5")


def test_the_first_entry_since_a_moment_is_found_by_halving() -> None:
    with clock.at(clock.now() - timedelta(days=60)):
        honey = make.honey()
    for days in range(30, 0, -1):
        with clock.at(clock.now() - timedelta(days=days)):
            products.set_price(honey.id, 1000 + days)
    entries = all_entries()
    for days in (90, 40, 30, 17, 1, 0):
        moment = clock.now() - timedelta(days=days, minutes=5)
        later = [entry.id for entry in entries if entry.at >= moment]
        assert diary.first_since(moment) == (min(later) if later else entries[-1].id + 1), days


def test_an_empty_journal_has_no_first_entry() -> None:
    assert diary.first_since(clock.now()) == 1
