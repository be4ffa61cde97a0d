"""The staff's pages about orders in a browser: WCAG 2.2 AA, 44 px, nothing sideways, and no script needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from catalog.models import PickUp, Zone
from core import undo
from core.database import transaction
from orders import finding, giving_back, handing_over, receipts
from orders.models import Order
from tests import factories as make
from tests.judges import axe
from tests.test_doors import signed_in

pytestmark = pytest.mark.browser

SIZES = [(360, 740), (1024, 768), (1366, 768)]
CONTROLS = "main :is(a, button, input, select, textarea, summary)"
SMALL = """controls => [...document.querySelectorAll(controls)].flatMap(one => {
    const box = (one.closest('.pick') ?? one).getBoundingClientRect();
    return box.width && (box.width < 43.5 || box.height < 43.5) ? [one.outerHTML.slice(0, 90)] : [];
})"""


@pytest.fixture
def page(app: Flask, browser: Browser, address: str) -> Iterator[Page]:
    """Rita's browser, without JavaScript."""
    cookie = signed_in(app, make.tutor("Rita"), "password").get_cookie("chilometrico")
    assert cookie is not None
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="it-IT")
    context.add_cookies([{"name": "chilometrico", "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()


@pytest.fixture
def given() -> Order:
    """With everything that an order's page can say: weighed, paid, a receipt, given back and not, a letter, a mark."""
    order = make.prepared(make.order(make.wish(make.carrots(), 500), make.wish(make.honey()), phone="+39 0381 123456"))
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(finding.get(order.id)))
    handing_over.hand_over(order.id, by=None)
    receipts.note_document(order.id, finding.get(order.id).payments[0].id, "0012-0034", by=None)
    giving_back.give_back(order.id, {order.lines[1].id: 33}, how="cash", reason="Era rovinato", by=None)
    undo.undo_last(finding.get(order.id))
    return giving_back.give_back(order.id, {order.lines[0].id: 45}, how="credit", reason="Era rovinato", by=None)


def faults(page: Page) -> list[str]:
    """At each size. axe and the measure are scripts of ours from outside: the page itself runs none."""
    seen = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        seen += [f"{width}: {fault}" for fault in page.evaluate(SMALL, CONTROLS)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            seen.append(f"{width}: it goes sideways")
    return seen


def a_round() -> PickUp:
    bicycle = make.place(name="A casa tua, in bicicletta", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=bicycle.id, municipality="Vigevano", postcode="27029"))
    return make.pickup(bicycle)


def test_every_page_is_large_enough_and_never_goes_sideways(page: Page, given: Order) -> None:
    open_one = make.order(at=a_round(), address="Via Roma 1, 27029 Vigevano", note="Citofono Rossi")
    for path in (
        "/banco/ordini",
        "/banco/ordini?cerca=rossi",
        "/banco/ordini?cerca=nessuno",
        "/banco/ordini/nuovo",
        f"/banco/ordini/{open_one.id}",
        f"/banco/ordini/{open_one.id}/cambia",
        f"/banco/ordini/{open_one.id}/disdici",
        f"/banco/ordini/{given.id}",
        f"/banco/ordini/{given.id}/reclamo",
        "/banco/ordini/999",
    ):
        page.goto(path)
        assert faults(page) == [], path


def test_a_call_from_the_first_word_to_the_order_without_a_script(page: Page) -> None:
    honey, pickup = make.honey(), make.pickup()
    page.goto("/banco/ordini")
    page.get_by_role("link", name="Ordine nuovo").click()
    page.get_by_label("Nome e cognome").fill("Ugo Ferri")
    page.get_by_role("button", name="Fai il conto").click()
    assert "Scegli almeno un prodotto." in page.locator("#riepilogo").inner_text()
    assert page.locator(f"#ritiro-{pickup.id}").is_checked()
    page.locator(f"#prodotto-{honey.id}").select_option(index=2)
    page.get_by_role("button", name="Fai il conto").click()
    assert "Costa 17,00\u00a0€." in page.locator("#riepilogo").inner_text()
    page.get_by_role("button", name="Conferma l'ordine").click()
    assert "Scrivi il telefono o l'e-mail" in page.locator("#riepilogo").inner_text()
    assert faults(page) == []
    page.locator("#telefono").fill("0381 123456")
    page.get_by_role("button", name="Conferma l'ordine").click()
    assert page.locator("h1").inner_text().startswith("Ordine 1001")


def test_a_change_from_the_phone_to_the_new_order_without_a_script(page: Page) -> None:
    honey, stall = make.honey(), make.pickup(days=6)
    order = make.order(make.wish(make.carrots(), 500), at=a_round(), address="Via Roma 1, 27029 Vigevano")
    page.goto(f"/banco/ordini/{order.id}")
    page.get_by_role("link", name="Cambia l'ordine").click()
    page.locator("summary", has_text="Orto").click()
    page.locator(f"#prodotto-{honey.id}").select_option(index=2)
    page.get_by_label("Comune").fill("Mortara")
    page.get_by_role("button", name="Fai il conto").click()
    assert "arriviamo solo a: Vigevano 27029" in page.locator("#riepilogo").inner_text()
    assert faults(page) == []
    page.locator(f"#ritiro-{stall.id}").check()
    page.get_by_role("button", name="Fai il conto").click()
    assert "In più: Miele di acacia, 2 vasetti." in page.locator("#riepilogo").inner_text()
    page.locator("summary", has_text="Leggi che cosa dice la lettera").click()
    assert f"Il tuo ordine {order.number} è cambiato" in page.locator(".letter-text").inner_text()
    assert faults(page) == []
    page.get_by_role("button", name="Torna a scegliere").click()
    assert page.locator(f"#ritiro-{stall.id}").is_checked()
    page.get_by_role("button", name="Fai il conto").click()
    page.get_by_role("button", name="Cambia l'ordine").click()
    assert "L'ordine è cambiato." in page.locator(".notes").inner_text()
    assert "Miele di acacia" in page.locator("main").inner_text()


def test_a_receipt_from_the_fold_to_the_number_without_a_script(page: Page, given: Order) -> None:
    page.goto(f"/banco/ordini/{given.id}")
    page.locator("summary", has_text="Scontrino 0012-0034").click()
    page.get_by_label("Numero dello scontrino").fill("0012-0043")
    assert faults(page) == []
    page.get_by_role("button", name="Salva il numero").click()
    assert "Numero dello scontrino salvato." in page.locator(".notes").inner_text()
    page.get_by_role("button", name="Torna indietro: il numero dello scontrino").click()
    expect(page.locator("summary", has_text="Scontrino 0012-0034")).to_be_visible()


def test_a_complaint_from_the_line_to_the_money_without_a_script(page: Page, given: Order) -> None:
    page.goto(f"/banco/ordini/{given.id}")
    page.get_by_role("link", name="Reclamo: ridai qualcosa").click()
    page.get_by_label("o una parte, in euro: Miele di acacia").fill("2,5o")
    page.get_by_label("Mancava qualcosa").check()
    page.get_by_label("In contanti").check()
    page.get_by_role("button", name="Guarda il conto").click()
    assert "scrivi quanti euro" in page.locator("#riepilogo").inner_text()
    assert faults(page) == []
    page.get_by_label("o una parte, in euro: Miele di acacia").fill("2,50")
    page.get_by_role("button", name="Guarda il conto").click()
    assert "2 euro e 50 centesimi, in contanti" in page.locator("main").inner_text()
    assert faults(page) == []
    page.get_by_role("button", name="Ridai 2,50").click()
    assert "Ridati 2,50\u00a0€ in contanti." in page.locator(".notes").inner_text()
    page.get_by_role("button", name="Torna indietro: i soldi ridati").click()
    assert "Tornato indietro: i soldi ridati." in page.locator(".notes").inner_text()


def test_axe_finds_nothing(app: Flask, browser: Browser, address: str, given: Order) -> None:
    cookie = signed_in(app, make.tutor("Rita"), "password").get_cookie("chilometrico")
    assert cookie is not None
    context = browser.new_context(base_url=address, bypass_csp=True, locale="it-IT")
    context.add_cookies([{"name": "chilometrico", "value": cookie.value, "url": address}])
    page = context.new_page()
    here, change = f"/banco/ordini/{given.id}", f"/banco/ordini/{make.order().id}/cambia"
    for path in ("/banco/ordini", "/banco/ordini?cerca=rossi", "/banco/ordini/nuovo", here, f"{here}/reclamo", change):
        page.goto(path)
        assert axe.violations(page) == [], path
    page.locator("select[name=riga]").first.select_option(index=2)
    page.get_by_role("button", name="Fai il conto").click()
    page.get_by_text("Leggi che cosa dice la lettera").click()
    assert axe.violations(page) == [], "the new bill"
    context.close()
