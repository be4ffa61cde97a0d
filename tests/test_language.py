"""The English is complete: every sentence has a translation, and an English page has no Italian word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from catalog.models import Zone
from core import clock, formats, readers
from core.database import transaction
from orders import giving_back, handing_over, letters, links, preparing, reasons
from orders.models import Order
from people import staff
from people.capabilities import Capability, Role
from people.entering import COOKIE
from people.models import Person
from tests import factories as make
from tests import house, language
from tests.shop.citizen import form, put
from training import evidence

NAMES = ("Italiano", "Anna", "Rita", "Bruno", "Dario", "Maria Rossi", "Piazza Ducale", "La Lunga")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return language.said(tmp_path_factory.mktemp("messages"))


# --- sentences


def test_every_sentence_has_its_english(said: Catalog) -> None:
    assert len(said) > 500
    assert language.lacks(said, language.catalog(language.TRANSLATION)) == []


def test_no_sentence_hides_in_an_f_string() -> None:
    assert language.hidden(house.sources()) == []


def test_a_sentence_in_an_f_string_is_noticed() -> None:
    assert language.hidden([("shop/wrong.py", "words = f'{name} {_(\"Ciao\")}'")]) == ["shop/wrong.py:1"]


@pytest.mark.parametrize(
    ("english", "why"),
    [
        (None, "missing"),
        ("", "empty"),
        ("Crate", "other placeholders"),
        ("Crate %(numero)s", "other placeholders"),
        (("%(number)s crate", "%(number)s crates"), "other forms"),
    ],
)
def test_a_translation_that_lacks_something_is_noticed(english: str | tuple[str, str] | None, why: str) -> None:
    said, translated = Catalog(), Catalog(locale="en")
    said.add("Cassetta %(number)s", "")
    if english is not None:
        translated.add("Cassetta %(number)s", english)
    assert language.lacks(said, translated) == [f"{why}: Cassetta %(number)s"]


def test_an_unsure_translation_and_an_open_plural_are_noticed() -> None:
    said, translated = Catalog(), Catalog(locale="en")
    said.add(("%(num)s passo", "%(num)s passi"), ("", ""))
    said.add("Fatto", "")
    translated.add(("%(num)s passo", "%(num)s passi"), ("%(num)s step", ""))
    translated.add("Fatto", "Done", flags=["fuzzy"])
    assert [words.split(":")[0] for words in language.lacks(said, translated)] == ["empty", "unsure"]


def test_letters_and_pages_in_words_say_the_same_in_both_languages() -> None:
    texts = sorted((language.ROOT / "templates/texts").rglob("*.it.txt"))
    assert len(texts) >= 8
    for text in texts:
        assert language.shape(text) == language.shape(text.with_name(text.name.replace(".it.", ".en."))), text.name


def test_an_italian_word_is_noticed_where_it_is_seen_or_heard() -> None:
    assert language.italian_in('<p>Your carrello</p><img alt="Il ritiro"><b lang="it">Ordine</b>') == [
        "carrello",
        "il",
        "ritiro",
    ]
    assert language.italian_in("<style>.passo {}</style><p>Pick up in Piazza Non</p>", "Piazza Non") == []


# --- formats


def test_money_weights_and_days_are_written_the_english_way(app: Flask) -> None:
    noon = clock.parse("2026-11-27T12:00:00+01:00")
    with app.test_request_context(), force_locale("en"):
        assert formats.euro(123_450) == "€1,234.50"
        assert formats.weight(1_200) == "1.2\u00a0kg"
        assert formats.easy_weight(1_200) == "1 kilo and 200 grams"
        assert formats.moment(noon) == "Friday 27 November at 12:00"
        assert formats.window(noon, noon + timedelta(hours=2)) == "Friday 27 November, 12:00–14:00"
    with app.test_request_context(), force_locale("it"):
        assert formats.window(noon, noon + timedelta(hours=2)) == "venerdì 27 novembre, 12–14"


# --- pages


def read(client: FlaskClient, path: str, *, status: int = 200) -> None:
    """The page is there, says that it is English, and is."""
    answer = client.get(path, follow_redirects=True)
    check(answer.text, f"{path} -> {answer.status_code}")
    assert answer.status_code == status, path


def check(page: str, where: str) -> None:
    assert '<html lang="en">' in page, where
    assert language.italian_in(page, *NAMES) == [], where


def read_letter(letter: EmailMessage, name: str) -> None:
    """What is read of it, as words and as a page."""
    parts = [part for part in letter.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part in parts:
        assert language.italian_in(part.get_content(), *NAMES) == [], name


def english(app: Flask, person: Person | None = None) -> FlaskClient:
    client = app.test_client()
    client.set_cookie(COOKIE, make.tablet(f"Tablet {clock.now().timestamp()}")[1])
    with client.session_transaction() as session:
        session["language"] = "en"
        if person:
            session.update(_user_id=str(person.id), _fresh=True, proof="badge", since=clock.now().isoformat())
    return client


@pytest.fixture
def shelf(app: Flask) -> list[make.Product]:
    """A jar, a bunch and something to weigh, with their English words."""
    field = make.field("La Lunga")
    jar = {"name_en": "Acacia honey", "unit_en": "jar", "unit_plural_en": "jars", "shelf": "dispensa"}
    bunch = {"name_en": "Chard", "unit_en": "bunch", "unit_plural_en": "bunches", "season": "10-3", "left": 4}
    return [
        make.honey(**jar, ingredients="miele", allergens="sedano, uova", storage="Al fresco.", field_id=field.id),
        make.chard(**bunch, field_id=field.id),
        make.carrots(name_en="Carrots", description_en="Sweet ones.", field_id=field.id),
        make.product("zucca", name_en="Pumpkin", kind="piece_by_weight", price=200, piece_grams=1_800, left=0),
    ]


def ordered(shelf: list[make.Product], **more: Any) -> Order:
    wishes = (make.wish(shelf[0]), make.wish(shelf[1], 2), make.wish(shelf[2], 500))
    return make.order(*wishes, language="en", **more)


def handed_over_today(shelf: list[make.Product], **more: Any) -> Order:
    with clock.at(clock.now() - timedelta(days=3)):
        return make.prepared(ordered(shelf, **more))


@pytest.mark.usefixtures("shelf")
def test_shelves_products_and_pages_in_words(app: Flask) -> None:
    round_trip = make.place(
        "bici", name="In bicicletta, fino a casa", name_en="By bicycle", kind="round", fee=300, municipality="Vigevano"
    )
    with transaction() as session:
        session.add(Zone(place_id=round_trip.id, municipality="Vigevano", postcode="27029"))
    make.pickup(round_trip, capacity=3)
    client = app.test_client()
    read(client, "/?lang=en")
    for path in ("/prodotti/miele-acacia", "/prodotti/bietole", "/prodotti/carote", "/prodotti/zucca", "/ritiro"):
        read(client, path)
    for slug in ("privacy", "condizioni", "recesso", "accessibilita", "chi-siamo"):
        read(client, f"/pagine/{slug}")
    read(client, "/questa-pagina", status=404)


def test_basket_and_checkout_with_everything_that_can_be_said(app: Flask, shelf: list[make.Product]) -> None:
    pickup = make.pickup()
    client = english(app)
    read(client, "/carrello")
    for product, quantity in zip(shelf, (1, 9, 1_500), strict=False):
        put(client, product, quantity)
    for path in ("/", "/carrello", "/cassa"):
        read(client, path)
    gaps = client.post("/cassa", data=form(client, pickup, nome="", email="maria", telefono="12"))
    assert gaps.status_code == 422
    check(gaps.text, "gaps")
    client.post(f"/carrello/{shelf[0].id}", data={"quantita": 0})
    read(client, "/carrello")


def test_an_order_from_received_to_handed_over_and_its_letters(app: Flask, shelf: list[make.Product]) -> None:
    client, placed = english(app), ordered(shelf, collector="Rita", note="Thank you.")
    token = links.make(placed)
    read(client, f"/ordini/{token}")
    read(client, f"/ordini/{token}/disdici")
    ready = handed_over_today(shelf)
    read(client, f"/ordini/{links.make(ready)}")
    for name, order in (("received", placed), ("ready", ready), ("cancelled", placed)):
        read_letter(letters.write(name, order, token, "<id@prova.example>"), name)


@pytest.mark.parametrize("level", [2, 1, 0])
def test_the_desk_with_every_guide(app: Flask, shelf: list[make.Product], level: int) -> None:
    person = make.person("Anna", language="en", support_level=level, can=(Capability.HAND_OVER, Capability.TAKE_CASH))
    client = english(app, person)
    to_give, order = handed_over_today(shelf, collector="Rita"), make.closed(ordered(shelf))
    for path in ("/banco", "/banco/prepara", "/banco/consegna", "/banco/cartellino"):
        read(client, path)
    for step in ("trova", "nome", "soldi", "dai"):
        read(client, f"/banco/consegna/{to_give.id}?passo={step}")
        read(client, f"/banco/consegna/{to_give.id}?passo={step}&chi=altra&chiamato=1")
    for path in steps(order, person):
        read(client, path)


def steps(order: Order, person: Person) -> Iterator[str]:
    """Every screen of one crate, while somebody works on it."""
    here = f"/banco/casse/{order.id}"
    for line in order.lines:
        yield from (here, f"{here}?riga={line.id}", f"{here}?riga={line.id}&come=1", f"{here}?riga={line.id}&cifre=300")
        if line.is_weighed:
            preparing.weigh_line(order.id, line.id, 480, version=line.version, by=person.id)
        elif line.position == 1:
            preparing.mark_missing(order.id, line.id, version=line.version, by=person.id)
        else:
            preparing.take_line(order.id, line.id, version=line.version, by=person.id)
    yield here
    preparing.finish(order.id, by=person.id)
    yield here
    preparing.label(order.id, by=person.id)
    yield here


def test_the_door_of_the_desk(app: Flask) -> None:
    make.person("Anna")
    read(english(app), "/banco")
    read(english(app, make.person("Bruno")), "/banco/cassa", status=403)
    read(english(app, make.person("Dario")), "/banco/casse/999", status=404)


def test_the_tutors_pages(app: Flask, shelf: list[make.Product]) -> None:
    coordinator, anna = make.person("Rita", Role.COORDINATOR), make.person("Anna", language="en")
    grant = staff.give(anna, Capability.HAND_OVER, "Does it well.", by=coordinator)
    staff.withdraw(grant.id, "For now.", by=coordinator)
    staff.give(anna, Capability.TAKE_CASH, "Counts well.", by=coordinator)
    staff.set_support(anna, 1, reason="Asked for it.", by=coordinator)
    make.prepared(ordered(shelf), by=anna)
    english(app, anna).post("/banco/aiuto", data={"da": "/banco"})
    readers.deliver(evidence.NAME)
    read(english(app), "/tutor/entra")
    client = english(app, coordinator)
    for path in ("/tutor", "/tutor/persone", f"/tutor/persone/{anna.id}", "/tutor/squadra", "/demo", "/demo/posta"):
        read(client, path)
    for path in (f"/tutor/squadra/cartellini/{anna.id}", "/tutor/squadra/inviti"):
        answer = client.post(path, data={"role": "tutor"}, follow_redirects=True)
        check(answer.text, path)
    read(client, "/tutor/persone/999", status=404)


def test_the_staffs_pages_at_the_desk(app: Flask, shelf: list[make.Product]) -> None:
    rita = make.person("Rita", Role.COORDINATOR)
    client, to_give, placed = english(app, rita), handed_over_today(shelf), ordered(shelf, collector="Rita")
    handing_over.take_cash(to_give.id, by=rita.id, expected=handing_over.cash_due(to_give))
    handing_over.hand_over(to_give.id, by=rita.id)
    line = to_give.lines[0].id
    giving_back.give_back(to_give.id, {line: 50}, how="credit", reason="Bruised", by=rita.id)
    for path in ("/banco/ordini", "/banco/ordini/nuovo", "/banco/ritiri", "/banco/ritiri/nuovo", "/banco/incassi"):
        read(client, path)
    for order in (to_give, placed):
        read(client, f"/banco/ordini?cerca={order.number}")
        read(client, f"/banco/ordini/{order.id}")
    read(client, f"/banco/ordini/{to_give.id}/reclamo")
    read(client, f"/banco/ordini/{placed.id}/disdici")
    here = f"/banco/ritiri/{placed.pickup_id}"
    for path in (here, f"{here}/sposta", f"{here}/non-si-fa", "/banco/ritiri/regole"):
        read(client, path)
    moved = {"giorno": (clock.today() + timedelta(days=9)).isoformat(), "dalle": "10:00", "alle": "12:00"}
    read(client, f"{here}/sposta?" + urlencode(moved | {"motivo": "altro", "parole": "Frost"}))
    read(client, f"{here}/sposta?" + urlencode(moved | {"motivo": ""}), status=422)
    for reason in reasons.MOVING:
        read(client, f"{here}/sposta?" + urlencode(moved | {"motivo": reason}))
    for reason in reasons.CALLING_OFF:
        for goods in ("torna", "persa"):
            read(client, f"{here}/non-si-fa?" + urlencode({"motivo": reason, "verdura": goods}))
    read(client, f"{here}/non-si-fa?" + urlencode({"motivo": "gelo"}), status=422)


def test_an_order_that_is_changed_on_the_phone(app: Flask, shelf: list[make.Product]) -> None:
    """What to change, what was refused, the new bill with its letter, and the order with its story."""
    client, order = english(app, make.person("Rita", Role.COORDINATOR)), ordered(shelf)
    line, path = order.lines[0], f"/banco/ordini/{order.id}/cambia"
    read(client, path)
    sent = {"key": "a-change-in-english", "version": "0", "ritiro": str(make.pickup(days=8).id)}
    check(client.post(path, data=sent | {"riga": f"{line.product_id}:0:0"}).text, path)
    row = f"{line.product_id}:{line.quantity * 2}:{line.price}"
    bill = client.post(path, data=sent | {"azione": "conto", "riga": row})
    check(bill.text, path)
    said = re.search(r'name="detto" value="([^"]+)"', bill.text)
    assert said
    done = client.post(path, data=sent | {"azione": "cambia", "riga": row, "detto": said[1]}, follow_redirects=True)
    assert done.status_code == 200
    check(done.text, path)


def test_harvest_and_what_is_short(app: Flask, shelf: list[make.Product]) -> None:
    person = make.person("Anna", language="en")
    client, order = english(app, person), make.closed(ordered(shelf))
    here, lines = f"/banco/raccolto/{order.pickup_id}", order.lines
    for path in ("/banco/raccolto", here, f"{here}/{shelf[0].id}", f"{here}/{shelf[0].id}/meno"):
        read(client, path)
    for line in lines:
        for step in ("manca", "meno"):
            read(client, f"/banco/casse/{order.id}/righe/{line.id}/{step}")


def test_the_other_letters(app: Flask, shelf: list[make.Product]) -> None:
    order = handed_over_today(shelf)
    facts = {"from_at": "2026-11-27T15:00:00+00:00", "to_at": "2026-11-27T17:00:00+00:00", "place": "Piazza Ducale"}
    more = {"before": facts, "after": facts, "reason": "Frost.", "refunds": [], "from_at": facts["from_at"]}
    told: list[tuple[str, dict[str, Any]]] = [
        *((name, {}) for name in ("changed", "reminder", "called_off", "moved", "refund", "not_collected")),
        *(("called_off", {"gone": True, "reason": reasons.key(why)}) for why in reasons.CALLING_OFF),
        *(("moved", {"reason": reasons.key(why)}) for why in reasons.MOVING),
    ]
    for name, kept in told:
        read_letter(letters.write(name, order, "TOKEN", "<id@prova.example>", more | kept), name)
