"""How the shop feels in the hand: where a tap leads, what is typed stays in the other language, no cookies, hours."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select

from catalog import products
from catalog.models import Product
from core.database import db, transaction
from orders import links
from orders.models import Seller
from shop import surroundings
from tests import factories as make
from tests.meter.seeing import served
from tests.shop.citizen import BUTTON, form, put, sent_by, words
from tests.shop.coming_in import come_in

TYPED = {"nota": "Suonate due volte", "telefono": "0381 12", "simile": "1"}
NO_COOKIES = "Il tuo browser non tiene i cookie. Senza, il carrello resta vuoto"
OPEN_LONG = "Questa pagina è rimasta aperta a lungo"


# --- the other language


def in_english(client: FlaskClient, page: str, address: str, azione: str, **typed: str) -> str:
    """As the button beside the name of the shop sends it."""
    assert f'form="scritto" formaction="{address}?lang=en" formnovalidate name="azione" value="{azione}"' in page
    assert page.count('id="scritto"') == 1
    answer = client.post(f"{address}?lang=en", data=sent_by(page, address, azione=azione, **typed))
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    return answer.text


def test_the_checkout_in_the_other_language_keeps_what_was_typed_and_orders_nothing(client: FlaskClient) -> None:
    pickup = make.pickup()
    later = make.pickup(make.place(name="Mercato"), days=5)
    put(client, make.honey())
    typed = TYPED | {"nome": "", "email": "maria", "ritiro": str(later.id)}
    page = in_english(client, client.get("/cassa").text, "/cassa", "lingua", **typed)
    assert "Suonate due volte</textarea>" in page
    for kept in ("maria", "0381 12", f'{later.id}" checked'):
        assert f'value="{kept}' in page
    assert 'name="simile" value="1" checked' in page
    assert 'class="summary"' not in page, "nothing is asked for that nobody has sent"
    assert '<html lang="en">' in client.get("/").text
    assert 'formaction="/cassa?lang=it"' in page
    ordered = client.post("/cassa", data=form(client, pickup))
    assert ordered.location.startswith("/ordini/")


def test_where_nothing_is_typed_the_other_language_is_a_link(client: FlaskClient) -> None:
    make.pickup()
    for path in ("/", "/carrello", "/ritiro", "/pagine/privacy"):
        page = client.get(path).text
        assert '<a href="?lang=en" lang="en" hreflang="en">English</a>' in page
        assert "formaction" not in page


def test_enter_in_a_field_neither_orders_nor_changes_the_language(client: FlaskClient) -> None:
    """A browser takes the first button of the form, wherever it stands."""
    make.pickup()
    put(client, make.honey())
    page = client.get("/cassa").text
    first = page.index('<input type="submit" class="unseen" form="scritto" name="azione" value="ritiro"')
    assert first < page.index("formaction=") < page.index(BUTTON)


def test_a_price_that_rose_is_told_in_the_other_language_too(client: FlaskClient) -> None:
    make.pickup()
    honey = make.honey(price=850)
    put(client, honey)
    before = client.get("/cassa").text
    products.set_price(honey.id, 900)
    page = words(in_english(client, before, "/cassa", "lingua"))
    assert "€8.50" in page
    assert "€9.00" in page
    assert 'class="changes"' in client.post("/cassa", data=sent_by(before, "/cassa")).text


def test_when_all_is_gone_the_other_language_keeps_what_was_typed(client: FlaskClient) -> None:
    pickup, chard = make.pickup(), make.chard(left=1)
    put(client, chard)
    sent = form(client, pickup, nota="Suonate")
    make.order(make.wish(chard))
    page = client.post("/cassa", data=sent).text
    assert 'name="nota" value="Suonate"' in client.post("/cassa?lang=en", data=sent_by(page, "/cassa")).text


def test_a_withdrawal_keeps_what_was_typed_in_both_its_steps(client: FlaskClient) -> None:
    typed = {"nome": "Maria Rossi", "ordine": "1001", "email": "maria"}
    page = in_english(client, client.get("/recesso").text, "/recesso", "cambia", **typed)
    assert all(f'value="{said}"' in page for said in typed.values())
    client.get("/?lang=it")
    sent = sent_by(page, "/recesso", azione="guarda", email="maria.rossi@posta.example")
    review = client.post("/recesso", data=sent).text
    again = in_english(client, review, "/recesso", "guarda")
    assert 'name="email" value="maria.rossi@posta.example"' in again


def test_a_change_keeps_what_was_chosen_in_both_its_steps(client: FlaskClient) -> None:
    honey = make.honey()
    order = make.order(make.wish(honey), make.wish(make.chard()))
    address = f"/ordini/{links.make(order)}/cambia"
    chosen: dict[str, str] = {f"quanto-{honey.id}": "3"}
    page = in_english(client, client.get(address).text, address, "scegli", **chosen)
    assert '<option value="3" selected>' in page
    client.get("/?lang=it")
    bill = client.post(address, data=sent_by(page, address, azione="conto")).text
    assert f'name="quanto-{honey.id}" value="3"' in in_english(client, bill, address, "conto")


# --- a browser that keeps no cookies


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Forms are looked at as they are outside of tests."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with transaction() as session:
        session.merge(Seller(id=1, name="La cascina", phone="0381 000 000", email="ciao@cascina.example"))
    make.pickup()
    make.chard()
    return app


def added(client: FlaskClient, **sent: str) -> tuple[int, str]:
    """Of what is on the page of the week, one is put into the basket."""
    page, product = client.get("/").text, db.session.scalars(select(Product)).one()
    answer = client.post("/carrello", data=sent_by(page, "/carrello", prodotto=str(product.id), **sent))
    return answer.status_code, words(answer.text)


def test_a_browser_without_cookies_is_told_so_with_a_way_on(guarded: Flask) -> None:
    status, page = added(guarded.test_client(use_cookies=False))
    assert status == 400
    assert NO_COOKIES in page
    assert "Ci trovi al telefono: 0381 000 000" in page
    assert "Manda di nuovo" in page
    assert OPEN_LONG not in page


def test_with_cookies_nothing_is_said_of_them(guarded: Flask) -> None:
    assert added(guarded.test_client())[0] == 303


def test_a_form_that_lost_its_cookie_long_after_is_none_without_cookies(
    guarded: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser was closed meanwhile. Nor is one that somebody else has made."""
    client = guarded.test_client(use_cookies=False)
    assert OPEN_LONG in added(client, csrf_token="made elsewhere")[1]
    monkeypatch.setattr(surroundings, "SOON", -1)
    assert OPEN_LONG in added(client)[1]


# --- hours


def test_hours_stay_on_one_line_wherever_a_pickup_is_named(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    order = client.post("/cassa", data=form(client, pickup)).location
    put(client, make.product())
    for path in ("/", "/carrello", "/ritiro", "/cassa", order, order + "/cambia", order + "/disdici"):
        page = client.get(path).text
        assert '<span class="number">16–18</span>' in page, path
        shown = page.replace('<span class="number">16–18</span>', "").partition("<body")[2]
        assert ">16–18<" not in shown


def test_the_rest_of_what_is_written_around_hours_is_escaped() -> None:
    assert surroundings.unbroken("<b>16:30–18</b>") == '&lt;b&gt;<span class="number">16:30–18</span>&lt;/b&gt;'


# --- back to a form that was answered


def test_a_refused_checkout_may_be_shown_again_by_this_browser_alone(client: FlaskClient) -> None:
    pickup, later = make.pickup(), make.pickup(make.place(name="Mercato"), days=5)
    put(client, make.honey())
    answers = [client.post("/cassa", data=form(client, pickup, nome=""))]
    answers += [client.post("/cassa?lang=en", data=form(client, later, azione=how)) for how in ("lingua", "ritiro")]
    answers += [client.post("/recesso", data={"nome": "Ada"})]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Vary" not in answer.headers, "a browser looks in vain for an answer that changed the cookie"
    assert '<html lang="en">' in client.get("/").text, "what the answer set is kept"
    assert client.get("/cassa").headers["Cache-Control"] == "no-store"
    assert client.post("/cassa", data=form(client, pickup)).headers["Cache-Control"] == "no-store"


def test_of_who_has_come_in_nothing_stays_behind(client: FlaskClient) -> None:
    """Whoever goes out leaves nothing to go back to."""
    pickup = make.pickup()
    make.order(at=pickup)
    come_in(client)
    put(client, make.honey())
    assert client.post("/cassa", data=form(client, pickup, nome="")).headers["Cache-Control"] == "no-store"


@pytest.mark.browser
def test_back_shows_the_refused_checkout_with_what_was_typed_and_sends_nothing(browser: Browser, app: Flask) -> None:
    make.pickup()
    make.honey()
    with served(app) as address:
        page = browser.new_page(base_url=address, locale="it-IT", java_script_enabled=False)
        page.goto("/")
        page.locator(".card button").click()
        page.goto("/cassa")
        page.fill("#nome", "Ada")
        page.get_by_role("button", name="English").click()
        page.wait_for_url("**/cassa?lang=en")
        page.goto("/pagine/privacy")
        page.go_back()
        assert page.locator("#nome").input_value() == "Ada"
        assert page.evaluate("performance.getEntriesByType('navigation')[0].transferSize") == 0
        page.context.close()


# --- where a tap leads

IN_SIGHT = """it => { const { x, y, width, height } = it.getBoundingClientRect();
  return [0.1, 0.5, 0.9].every((part) => it.contains(document.elementFromPoint(x + width / 2, y + height * part))); }"""
"""Its upper edge, middle and lower edge are on the screen, and nothing lies over them."""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "height", "letters"), [(320, 640, 16), (320, 640, 32), (360, 740, 16), (820, 1180, 16), (1366, 768, 32)]
)
def test_what_was_added_is_seen_beside_the_button_that_was_pressed(
    browser: Browser, app: Flask, width: int, height: int, letters: int
) -> None:
    """``letters``: the size that the browser was told, in pixels."""
    make.pickup()
    for slug in ("bietole", "cavoli", "porri", "rape", "sedano", "zucche", "zucchine"):
        make.product(slug, kind="by_weight", price=190, step=500, left=90_000)
    with served(app) as address:
        page = browser.new_page(base_url=address, locale="it-IT", viewport={"width": width, "height": height})
        sizes = {"fontSizes": {"standard": letters, "fixed": letters}}
        page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)
        for path, form_of in (("/", "#rape"), ("/", "#zucchine"), ("/prodotti/rape", ".product")):
            page.goto(path)
            page.locator(f"{form_of} button").click()
            slug = "zucchine" if form_of == "#zucchine" else "rape"
            page.wait_for_url(f"**#carrello-{slug}")
            for thing in (page.locator(f"#carrello-{slug}"), page.locator(f"{form_of} button")):
                assert thing.evaluate(IN_SIGHT), (path, form_of)
            assert page.evaluate("document.activeElement.id") == f"carrello-{slug}"
        page.context.close()
