"""One order walks through all three faces: phone, tablet, tutor. Real server, browser, database, mail and PDF."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import create_engine, text

from core import clock
from tests.journeys.conftest import OpenWindow, Shop

pytestmark = [pytest.mark.browser, pytest.mark.on_postgresql]

PHONE, TABLET, DESKTOP = (360, 740), (1024, 768), (1366, 768)
BUTTON = "Ordine con obbligo di pagare"


def order_as_a_guest(page: Page, name: str, email: str) -> str:
    """A jar of honey and two bunches of chard; returns the address of the order's page."""
    page.goto("/")
    page.locator("#miele-acacia").get_by_role("button", name="Aggiungi").click()
    expect(page.get_by_role("link", name="Carrello ·")).to_contain_text("1")
    page.goto("/prodotti/bietole")
    page.get_by_label("Quanto ne vuoi?").select_option("2")
    page.get_by_role("button", name="Aggiungi al carrello").click()
    page.goto("/cassa")
    page.get_by_label("Nome e cognome").fill(name)
    page.get_by_label("E-mail").fill(email)
    expect(page.locator("main")).to_contain_text("12,10")
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator("h1")).to_contain_text("Ordine")
    assert "/ordini/" in page.url
    return page.url


def words_of(letter: Message) -> str:
    part = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()  # type: ignore[union-attr]


def subject_of(letter: Message) -> str:
    return str(make_header(decode_header(str(letter["Subject"]))))


def link_in(letter: Message) -> str:
    found = re.search(r"https?://\S+/ordini/\S+", words_of(letter))
    assert found, words_of(letter)
    return found[0]


def pickup_of(shop: Shop, email: str) -> dict[str, datetime | int]:
    """When the order's pick-up closes and opens, read from the database beside the running shop."""
    engine = create_engine(f"sqlite:///{shop.folder / 'shop.sqlite3'}")
    with engine.connect() as connection:
        row = connection.execute(
            text(
                'SELECT p.cutoff_at, p.from_at, o.crate, c.offset_seconds FROM "order" o '
                "JOIN pickup p ON p.id = o.pickup_id LEFT JOIN clock c ON c.id = 1 WHERE o.email = :email"
            ),
            {"email": email},
        ).one()
    engine.dispose()
    ahead = timedelta(seconds=row.offset_seconds or 0)
    now = datetime.now(clock.ROME) + ahead
    utc = "+00:00"
    return {
        "to_cutoff": datetime.fromisoformat(row.cutoff_at + utc) - now,  # type: ignore[dict-item]
        "to_start": datetime.fromisoformat(row.from_at + utc) - now,  # type: ignore[dict-item]
        "crate": row.crate,
    }


def crate_of(shop: Shop, email: str) -> int:
    """Waits, at most ten seconds, until the worker has closed the pick-up."""
    for _ in range(100):
        if number := pickup_of(shop, email)["crate"]:
            return int(number)  # type: ignore[arg-type]
        time.sleep(0.1)
    raise AssertionError("the pick-up did not close")


def come_in(window: BrowserContext, name: str) -> Page:
    """Anna shows her badge to the demo tablet."""
    page = window.new_page()
    page.goto("/demo")
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text("Scegli il lavoro")
    return page


def open_crate(page: Page, number: int, list_name: str) -> None:
    page.get_by_role("link", name=re.compile(f"^{list_name}")).first.click()
    crate = page.get_by_role("link", name=re.compile(rf"Cassetta {number}\b"))
    for _ in range(5):
        if crate.count():
            break
        page.get_by_role("link", name="Altre").click()
    crate.first.click()


def done(page: Page, name: str = "Fatto") -> None:
    page.locator("[data-azione=principale]").get_by_text(name, exact=True).click()


def test_the_citizens_part_works_without_javascript(shop: Shop, open_window: OpenWindow) -> None:
    email = "olga.bruni@posta.example"
    page = open_window(*PHONE, java_script_enabled=False).new_page()
    order_as_a_guest(page, "Olga Bruni", email)
    page.goto(link_in(shop.letters_to(email, 1)[0]))
    expect(page.locator("main")).to_contain_text("abbiamo ricevuto il tuo ordine")
    page.get_by_role("link", name=re.compile("[Dd]isd")).first.click()
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("Hai disdetto questo ordine")
    assert "disdetto" in subject_of(shop.letters_to(email, 2)[1])


def test_one_order_walks_through_all_three_faces(shop: Shop, open_window: OpenWindow) -> None:
    email = "ida.verdi@posta.example"

    # The citizen, on a phone.
    citizen = open_window(*PHONE).new_page()
    order_as_a_guest(citizen, "Ida Verdi 🌱", email)
    received = shop.letters_to(email, 1)[0]
    assert "12,10" in words_of(received)
    citizen.goto(link_in(received))
    expect(citizen.locator("main")).to_contain_text("abbiamo ricevuto il tuo ordine")
    expect(citizen.locator("main")).to_contain_text("i•••@posta.example")

    # The pick-up closes, the crate gets its number.
    shop.move_clock(pickup_of(shop, email)["to_cutoff"])  # type: ignore[arg-type]
    number = crate_of(shop, email)

    # The desk: prepare, taking one step back on the way, print the label.
    desk = come_in(open_window(*TABLET), "Anna")
    open_crate(desk, number, "Prepara")
    expect(desk.locator("h1")).to_contain_text("miele di acacia")
    done(desk)
    expect(desk.locator("h1")).to_contain_text("bietole")
    desk.get_by_role("button", name=re.compile("Torna indietro: 1 vasetto di miele di acacia")).click()
    expect(desk.locator("h1")).to_contain_text("miele di acacia")
    done(desk)
    expect(desk.locator("h1")).to_contain_text("2 mazzi di bietole")
    done(desk)
    expect(desk.locator("h1")).to_contain_text("Controlla la cassetta")
    done(desk)
    expect(desk.locator("h1")).to_contain_text("etichetta")
    paper = desk.request.get(desk.locator("a[href$='etichetta.pdf']").first.get_attribute("href") or "")
    assert paper.status == 200
    assert paper.body().startswith(b"%PDF-")
    done(desk)
    expect(desk.locator("h1")).to_contain_text("Hai preparato la cassetta")

    # The citizen sees it ready, with the picture of the crate, and gets the second letter after the time for undo.
    citizen.reload()
    expect(citizen.locator("main")).to_contain_text("La tua cassetta è pronta")
    shop.move_clock(timedelta(minutes=16))
    assert "pronta" in subject_of(shop.letters_to(email, 2)[1])

    # The stall: find the crate, ask the name, take the money, give the crate.
    shop.move_clock(pickup_of(shop, email)["to_start"])  # type: ignore[arg-type]
    stall = come_in(open_window(*TABLET), "Anna")
    open_crate(stall, number, "Consegna")
    expect(stall.locator("h1")).to_contain_text("Chiedi il nome")
    expect(stall.locator("main")).to_contain_text("Ida Verdi 🌱")
    done(stall)
    expect(stall.locator("main")).to_contain_text("12")
    done(stall, "Ho i soldi")
    done(stall, "Sì, data")
    expect(stall.locator("h1")).to_contain_text("Hai dato la cassetta")

    # The citizen's page says so.
    citizen.reload()
    expect(citizen.locator("main")).to_contain_text("Consegnato a Ida Verdi 🌱")

    # The tutor opens Anna's page and sees the steps done.
    tutor = open_window(*DESKTOP).new_page()
    tutor.goto("/tutor/entra")
    tutor.get_by_label("E-mail").fill("rita@chilometrico.example")
    tutor.get_by_label("Parola d'ordine").fill("pomodori e zucchine")
    tutor.get_by_role("button", name="Entra").click()
    tutor.goto("/tutor/persone")
    tutor.get_by_role("link", name=re.compile("Anna")).first.click()
    for step in ("Miele di acacia", "Bietole", "rifatto"):
        expect(tutor.locator("main")).to_contain_text(step)
    for skill in ("Prendo il prodotto giusto", "Preparo l", "Prendo i soldi", "Segno la consegna"):
        expect(tutor.locator("main")).to_contain_text(skill)


def test_no_page_of_the_walk_asks_anybody_else(shop: Shop, open_window: OpenWindow) -> None:
    page = open_window(*PHONE).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/prodotti/bietole", "/carrello", "/cassa", "/demo", "/tutor/entra", "/pagine/privacy"):
        page.goto(path)
    assert len(asked) > 7, "pages, and what stands on them"
    assert [url for url in asked if not url.startswith((shop.address, "data:"))] == []
