"""Which pages the judges see, and how one gets there. The other states of the shop's pages are in storefront.py."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlparse

from playwright.sync_api import Page

from core.coins import IN_USE
from tests.judges.letters import order_that, order_with
from tests.photographs import photograph

Way = str | Callable[[Page], str]  # a path, or what to do in the browser to learn it

PASSWORD = "pomodori e zucchine"  # of the demo's invented staff
CITIZEN = "maria.rossi@posta.example"  # one of the demo's, with several orders


def checkout(page: Page) -> str:
    """The checkout of a basket with something that is weighed and something that is not."""
    for slug in ("bietole", "carote"):
        page.goto(f"/prodotti/{slug}")
        page.get_by_role("button", name="Aggiungi al carrello").click()
    return "/cassa"


def some_order(page: Page) -> str:
    """A citizen's order by its link, from the newest letter of the demo that is about one."""
    return order_that("", page)


def own_order(deed: str, page: Page) -> str:
    """What a citizen may do with an order, on the newest one that allows it."""
    return order_with(deed, page) + deed


def declared(page: Page) -> str:
    """The receipt of a withdrawal from an order that nobody knows; from then on the staff have it to look at.

    Each time from another mailbox: one gets only a few receipts a day.
    """
    page.goto("/recesso")
    for label, typed in (("Nome e cognome", "Maria Rossi"), ("Numero dell'ordine", "77")):
        page.get_by_label(label).fill(typed)
    page.get_by_label("E-mail").fill(f"maria.{time.time_ns()}@posta.example")
    page.get_by_role("button", name="Guarda che cosa dichiari").click()
    page.get_by_role("button", name="Conferma recesso").click()
    return _address(page)


def link_to_come_in(page: Page, email: str = CITIZEN) -> str:
    """Asked for by a citizen of the demo, and taken from the letter once the worker has sent it."""
    before = some_letter(page)
    page.goto("/i-tuoi-ordini")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Mandami il link").click()
    for _ in range(60):
        if (letter := some_letter(page)) != before:
            page.goto(f"{letter}/html")
            return _path_of_link(page, "a[href*='/i-tuoi-ordini/entra/']")
        time.sleep(0.25)
    raise NotReached("the letter for coming in did not leave")


def own_page(more: str, page: Page) -> str:
    """Of whoever has come in with the link of the letter."""
    page.goto("/i-tuoi-ordini")
    if page.get_by_role("button", name="Mandami il link").count():
        page.goto(link_to_come_in(page))
        page.get_by_role("button", name="Entra", exact=True).click()
    return f"/i-tuoi-ordini{more}"


def erased(page: Page) -> str:
    """By somebody who has come in for the first time and has no order: nothing holds them here."""
    page.context.clear_cookies()
    page.goto(link_to_come_in(page, f"maria.{time.time_ns()}@posta.example"))
    page.get_by_role("button", name="Entra", exact=True).click()
    page.goto("/i-tuoi-ordini/cancella")
    page.get_by_role("button", name="Vai avanti").click()
    page.get_by_role("button", name="Sì, cancella i miei dati").click()
    return _address(page)


def full_pickup(page: Page, more: str = "") -> str:
    """The demo has one that takes no more orders."""
    page.goto("/ritiro")
    return _path_of_link(page, "main a[href$='/avvisami']") + more


def thanks(page: Page) -> str:
    """Of the newest order that has been handed over and whose citizen has not said thank you yet."""
    return order_that("Scrivi due parole", page) + "/grazie"


def some_letter(page: Page) -> str:
    page.goto("/demo/posta")
    return _path_of_link(page, "main a[href^='/demo/posta/']")


def some_person(page: Page) -> str:
    page.goto("/tutor/persone")
    return _path_of_link(page, "main a[href^='/tutor/persone/']")


def some_person_to_edit(page: Page) -> str:
    return f"{some_person(page)}/modifica"


def some_pickup(page: Page) -> str:
    """One that citizens order for."""
    page.goto("/banco/ritiri")
    return _path_of_link(page, ".pickups > li:has(.tag:text-is('si ordina')) a")


def pickup_form(form: str, page: Page) -> str:
    return f"{some_pickup(page)}/{form}"


def pickup_review(form: str, button: str, page: Page) -> str:
    """What moving it or calling it off would do: the first proposal of the form, and a reason."""
    page.goto(pickup_form(form, page))
    if form == "sposta":
        page.get_by_label("Alle", exact=True).fill("23:00")
    else:
        page.locator("#verdura-2").check()
    page.locator("#motivo-1").check()
    page.get_by_role("button", name=button).click()
    return _address(page)


def some_paper(page: Page) -> str:
    """Asked for, and waited for until the worker has made it."""
    page.goto(some_pickup(page))
    page.get_by_role("button", name="Lista del raccolto").click()
    page.get_by_role("link", name="Apri il foglio").wait_for()
    return _address(page)


def order_of_staff(said: str, page: Page, deed: str = "") -> str:
    """The newest order that fits what somebody says; 1001 is the demo's first, which has been handed over."""
    page.goto(f"/banco/ordini?cerca={said}" if said else "/banco/ordini")
    return _path_of_link(page, "main th a[href^='/banco/ordini/']") + deed


def not_prepared(page: Page) -> str:
    """The demo has one crate that nobody came for, and one that nobody prepared."""
    page.goto("/banco/rimaste")
    return _path_of_link(page, "main a[href$='/non-preparata']")


def order_to_change(page: Page) -> str:
    """For somebody who rings: one of a pick-up that citizens still order for."""
    pickup_id = some_pickup(page).rpartition("/")[2]
    page.goto(f"/banco/ordini?ritiro={pickup_id}")
    return _path_of_link(page, "main th a[href^='/banco/ordini/']") + "/cambia"


def some_of(room: str, page: Page, more: str = "", nth: int = 0) -> str:
    """The first product, field, place, bowl or kind of VAT of its list, or the last."""
    page.goto(f"/banco/{room}")
    links = page.locator(f"main h3 a[href^='/banco/{room}/']")
    if not links.count():
        raise NotReached(f"{page.url}: the list is empty")
    return urlparse(links.nth(nth).get_attribute("href") or "").path + more


def vouchers_to_print(page: Page) -> str:
    """Three of them are made, and printed now or never."""
    page.goto("/banco/buoni")
    page.get_by_label("Quanti euro").fill("12,50")
    page.get_by_label("Quanti buoni").fill("3")
    page.get_by_role("button", name="Fai e stampa").click()
    return urlparse(page.url).path


def one_voucher(page: Page) -> str:
    vouchers_to_print(page)
    return some_of("buoni", page)


def product_with_photograph(page: Page) -> str:
    """The last product of the list gets one, if nobody has given it one before."""
    address = some_of("prodotti", page, nth=-1)
    page.goto(address)
    if not page.get_by_role("button", name="Togli la fotografia").count():
        page.get_by_text("Metti una fotografia").click()
        page.locator("#fotografia").set_input_files(
            {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photograph((1200, 900))}
        )
        page.get_by_role("button", name="Mettila nel negozio").click()
    return address


def list_that_changes(page: Page) -> str:
    """Something new, something dearer, something that cannot be."""
    lines = ("nome;prezzo;iva;allergeni;Giacenza", "Fave;3,80;verdura;nessuno;3", "Carote;9;;;", "Piselli;tre;;;")
    page.goto("/banco/prodotti/importa")
    page.locator("#lista").set_input_files(
        {"name": "prodotti.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
    )
    page.get_by_role("button", name="Guarda che cosa cambia").click()
    return _address(page)


def first_crate(page: Page) -> str:
    """The crate that the desk offers first."""
    page.goto("/banco/prepara")
    return _path_of_link(page, "main a[href^='/banco/casse/']")


def by_product(page: Page) -> str:
    """One product at a time, for the first pick-up that waits."""
    page.goto("/banco/prodotti-in-mano")
    if urlparse(page.url).path == "/banco/prodotti-in-mano":
        return _path_of_link(page, ".tiles a[href^='/banco/prodotti-in-mano/']")
    return _address(page)


def in_hand(page: Page) -> str:
    page.goto(by_product(page))
    return _path_of_link(page, ".tiles a[href^='/banco/prodotti-in-mano/']")


def in_hand_second_half(page: Page) -> str:
    """With the whole guide the crate comes first."""
    page.goto(in_hand(page))
    page.locator("[data-azione=principale]").click()
    return _address(page)


def pass_on(page: Page) -> str:
    """A crate that this person has begun; the first line of one is done where there is none yet."""
    page.goto("/banco")
    if not page.locator("a[href^='/banco/passa/']").count():
        crate_at("Controlla", page)
        page.goto("/banco")
    return _path_of_link(page, "a[href^='/banco/passa/']")


def second_half(page: Page) -> str:
    """With the whole guide a line has two screens; the first leads on without a deed."""
    page.goto(waiting_crate(page))
    with page.expect_navigation():
        page.locator("[data-azione=principale]").click()
    return _address(page)


def waiting_crate(page: Page) -> str:
    """One in which a line still waits: those before it in the list may wait to be checked."""
    page.goto("/banco/prepara")
    links = page.locator("main a[href^='/banco/casse/']").evaluate_all("links => links.map(link => link.pathname)")
    for path in links:
        page.goto(path)
        if page.locator("main a[href$='/manca']").count():
            return path
    raise NotReached(f"{page.url}: no crate with a line that waits")


def crate_at(heading: str, page: Page) -> str:
    """The crate under work, brought on until the screen's heading begins so."""
    found = re.match(r"/banco/casse/\d+", urlparse(page.url).path)
    path = found[0] if found else first_crate(page)
    page.goto(path)
    for _ in range(30):
        if page.locator("h1").inner_text().startswith(heading):
            return path
        reading = page.locator("main[data-schermo=numero] [data-lettura]")
        if reading.count() and reading.inner_text() == "0":  # a weight that was doubted is kept: Fatto again
            for digit in "500":
                page.get_by_role("button", name=digit, exact=True).click()
        with page.expect_navigation():  # a script sends what a crate is told, and then goes on
            page.locator("[data-azione=principale]").click()
    raise NotReached(f"{page.url}: never came to «{heading}»")


def not_there(way: str, page: Page) -> str:
    """What to do about a line of which there is not enough: the choice, or how much there is."""
    page.goto(waiting_crate(page))
    return _path_of_link(page, "main a[href$='/manca']").removesuffix("manca") + way


def harvest(page: Page) -> str:
    """The one pick-up that waits for it; several would have to be chosen from."""
    page.goto("/banco/raccolto")
    return _address(page)


def some_arrival(way: str, page: Page) -> str:
    """A product of the harvest that nobody has looked at yet."""
    page.goto(harvest(page))
    return _path_of_link(page, "main .tiles a[href^='/banco/raccolto/']") + way


def by_card(page: Page) -> str:
    """From the money of the crate that is being handed over."""
    return page.locator("main a[href*='passo=carta']").first.get_attribute("href") or ""


def money_given(page: Page) -> str:
    """For the crate that is being handed over: enough, so that there is change."""
    order = re.search(r"/banco/consegna/(\d+)", page.url)
    if order is None:
        raise NotReached(f"{page.url}: no crate is being handed over")
    return f"/banco/consegna/{order[1]}/contanti?dati=5000,5000"


def cash_box(more: str, page: Page) -> str:
    """Of the place of today's pick-up, the first one where there are several."""
    page.goto("/banco/cassa")
    if page.url.endswith("/banco/cassa"):
        page.locator("main .tiles a").first.click()
    return urlparse(page.url).path + more


def crate_to_give(page: Page) -> str:
    page.goto("/banco/consegna")
    finder = "".join(f":not([href^='/banco/consegna/{way}'])" for way in ("trova", "etichetta"))
    return _path_of_link(page, f"main a[href^='/banco/consegna/']{finder}")


def giving_at(heading: str, page: Page) -> str:
    """The crate that is being handed over, brought on in the same way; the address may carry a step."""
    if not re.search(r"/banco/consegna/\d", page.url):
        page.goto(crate_to_give(page))
    for _ in range(10):
        if page.locator("h1").inner_text().startswith(heading):
            return _address(page)
        with page.expect_navigation():
            page.locator("[data-azione=principale]").click()
    raise NotReached(f"{page.url}: never came to «{heading}»")


def at_shelf(room: str, query: str, page: Page) -> str:
    """The first product of the shelves that can be counted, or have another price."""
    page.goto(f"/banco/scaffali/{room}")
    return _path_of_link(page, f"main a[href^='/banco/scaffali/{room}/']") + query


def ask_a_tutor(page: Page) -> str:
    """A count by somebody who does not count alone yet; a number that was doubted is sent again.

    Another product on a wide screen: of one product only one count is asked about, and a tutor agrees on each screen.
    """
    page.goto("/banco/scaffali/conta")
    those = page.locator("main a[href^='/banco/scaffali/conta/']")
    wide = (page.viewport_size or {"width": 0})["width"] > 800
    path = urlparse((those.last if wide else those.first).get_attribute("href") or "").path
    page.goto(f"{path}?scrivi=1&cifre=9")
    for _ in range(2):
        if not page.locator("h1").inner_text().startswith("Aspetta"):
            with page.expect_navigation():
                page.locator("[data-azione=principale]").click()
    return _address(page)


def agreed(page: Page) -> str:
    page.goto("/tutor")
    page.get_by_role("button", name="Sì, va bene").first.click()
    return _address(page)


def asked_to_come_in(page: Page) -> str:
    """By tile, then the question to a tutor instead of the badge. Somebody is at the tablet from then on."""
    page.goto("/banco")
    page.locator(".tile").first.click()
    page.goto("/banco/cartellino")
    page.locator("main").get_by_role("button", name="Chiedi al tutor").locator("visible=true").click()
    return "/banco/chiedi"


# (name, way, who); `who` is a key of ENTRANCES. Deeds at the desk go on from one page to the next.
PAGES: list[tuple[str, Way, str]] = [
    ("scaffale", "/", "anonymous"),
    ("prodotto a pezzo", "/prodotti/miele-acacia", "anonymous"),
    ("prodotto a peso", "/prodotti/carote", "anonymous"),
    ("filtri", "/?scaffale=dispensa&senza=sedano", "anonymous"),
    ("filtri che non lasciano niente", "/?scaffale=frutta&campo=1", "anonymous"),
    ("cerca", "/cerca", "anonymous"),
    ("cerca e trova", "/cerca?q=zuchina", "anonymous"),
    ("cerca e non trova", "/cerca?q=xyz", "anonymous"),
    ("stagioni", "/stagioni", "anonymous"),
    ("prodotto che torna", "/prodotti/zucchine", "anonymous"),
    ("ritiro", "/ritiro", "anonymous"),
    ("ritiro al completo", full_pickup, "anonymous"),
    ("ti avvisiamo noi", partial(full_pickup, more="/fatto"), "anonymous"),
    ("avviso tolto", "/ritiro/avviso-tolto", "anonymous"),
    ("carrello vuoto", "/carrello", "anonymous"),
    ("cassa", checkout, "anonymous"),
    ("carrello pieno", "/carrello", "anonymous"),
    ("ordine", some_order, "anonymous"),
    ("un grazie", thanks, "anonymous"),
    ("cambia l'ordine", partial(own_order, "/cambia"), "anonymous"),
    ("disdici l'ordine", partial(own_order, "/disdici"), "anonymous"),
    ("recedere", "/recesso", "anonymous"),
    ("recedere da un ordine", partial(own_order, "/recesso"), "anonymous"),
    ("recesso ricevuto", declared, "anonymous"),
    ("hai perso il link", "/ordini/ritrova", "anonymous"),
    ("guarda la posta", "/ordini/ritrova/inviato", "anonymous"),
    ("chi siamo", "/pagine/chi-siamo", "anonymous"),
    ("condizioni", "/pagine/condizioni", "anonymous"),
    ("recesso", "/pagine/recesso", "anonymous"),
    ("privacy", "/pagine/privacy", "anonymous"),
    ("accessibilità", "/pagine/accessibilita", "anonymous"),
    ("la prova", "/demo", "anonymous"),
    ("la posta", "/demo/posta", "anonymous"),
    ("la bilancia di prova", "/demo/bilancia", "anonymous"),
    ("una lettera", some_letter, "anonymous"),
    ("i tuoi ordini, prima di entrare", "/i-tuoi-ordini", "anonymous"),
    ("il link è partito", "/i-tuoi-ordini/posta", "anonymous"),
    ("il link per entrare", link_to_come_in, "anonymous"),
    ("i tuoi ordini", partial(own_page, ""), "anonymous"),
    ("nome, telefono e indirizzi", partial(own_page, "/per-ordinare"), "anonymous"),
    ("un indirizzo", partial(own_page, "/indirizzo"), "anonymous"),
    ("tutto quello che teniamo", partial(own_page, "/dati"), "anonymous"),
    ("cancella i tuoi dati", partial(own_page, "/cancella"), "anonymous"),
    ("i tuoi dati non ci sono più", erased, "anonymous"),
    ("entrata dei tutor", "/tutor/entra", "anonymous"),
    ("english", "/?lang=en", "anonymous"),
    ("chi sei", "/banco", "tablet"),
    ("mostra il cartellino", "/banco/cartellino", "tablet"),
    ("chiedi di entrare", asked_to_come_in, "tablet"),
    ("prendi, guida intera", first_crate, "Bruno"),
    ("prendi, secondo passo", second_half, "Bruno"),
    ("non c'è", partial(not_there, "manca"), "Bruno"),
    ("ce n'è meno", partial(not_there, "meno"), "Bruno"),
    ("come lavorare", "/banco/io", "Bruno"),
    ("un grazie da leggere", "/banco/io/grazie", "Bruno"),
    ("scaffali", "/banco/scaffali", "Bruno"),
    ("che cosa contare", "/banco/scaffali/conta", "Bruno"),
    ("conta", partial(at_shelf, "conta", ""), "Bruno"),
    ("quanti ne hai contati", partial(at_shelf, "conta", "?scrivi=1&cifre=9"), "Bruno"),
    ("di che cosa il prezzo", "/banco/scaffali/prezzo", "Bruno"),
    ("il nuovo prezzo", partial(at_shelf, "prezzo", "?scrivi=1&cifre=320"), "Bruno"),
    ("chiesto al tutor", ask_a_tutor, "Bruno"),
    ("la cassetta in elenco", first_crate, "Dario"),
    ("gli scaffali in elenco", "/banco/scaffali/conta", "Dario"),
    ("il raccolto in elenco", harvest, "Dario"),
    ("oggi", "/banco", "Anna"),
    ("il raccolto", harvest, "Anna"),
    ("è arrivato tutto", partial(some_arrival, ""), "Anna"),
    ("quanto è arrivato", partial(some_arrival, "/meno"), "Anna"),
    ("scegli la cassetta", "/banco/prepara", "Anna"),
    ("scegli il prodotto", by_product, "Anna"),
    ("un prodotto in mano", in_hand, "Anna"),
    ("un prodotto in mano, la cassetta", in_hand, "Bruno"),
    ("un prodotto in mano, il peso", in_hand_second_half, "Bruno"),
    ("un prodotto in mano, elenco", in_hand, "Dario"),
    ("a chi la passi", pass_on, "Bruno"),
    ("pesa", partial(crate_at, "Pesa"), "Anna"),
    ("prendi", partial(crate_at, "Prendi"), "Anna"),
    ("controlla", partial(crate_at, "Controlla"), "Anna"),
    ("etichetta", partial(crate_at, "Stampa"), "Anna"),
    ("pronta", partial(crate_at, "Hai preparato"), "Anna"),
    ("da consegnare", "/banco/consegna", "Anna"),
    ("scrivi il numero", "/banco/consegna/trova", "Anna"),
    ("mostra l'etichetta", "/banco/consegna/etichetta", "Anna"),
    ("chiedi il nome", partial(giving_at, "Chiedi il nome"), "Anna"),
    ("prendi i soldi", partial(giving_at, "Prendi i soldi"), "Anna"),
    ("paga con la carta", by_card, "Anna"),
    ("i soldi che ricevi", money_given, "Anna"),
    ("il resto", partial(giving_at, "Dai il resto"), "Anna"),
    ("dai la cassetta", partial(giving_at, "Dai la cassetta"), "Anna"),
    ("data", partial(giving_at, "Hai dato"), "Anna"),
    ("conta la cassa", partial(cash_box, ""), "Anna"),
    ("la cassa da guardare", partial(cash_box, "?ho=" + ",".join(f"{kind}:2" for kind in IN_USE)), "Anna"),
    ("oggi dei tutor", "/tutor", "tutor"),
    ("sì a una proposta", agreed, "tutor"),
    ("persone", "/tutor/persone", "tutor"),
    ("una persona", some_person, "tutor"),
    ("cambia una persona", some_person_to_edit, "tutor"),
    ("squadra", "/tutor/squadra", "tutor"),
    ("turni", "/tutor/squadra/turni", "tutor"),
    ("ritiri", "/banco/ritiri", "tutor"),
    ("un ritiro", some_pickup, "tutor"),
    ("grazie", "/banco/grazie", "tutor"),
    ("ritiro nuovo", "/banco/ritiri/nuovo", "tutor"),
    ("sposta il ritiro", partial(pickup_form, "sposta"), "tutor"),
    ("che cosa cambia", partial(pickup_review, "sposta", "Guarda che cosa cambia"), "tutor"),
    ("il ritiro non si fa", partial(pickup_form, "non-si-fa"), "tutor"),
    ("che cosa succede", partial(pickup_review, "non-si-fa", "Guarda che cosa succede"), "tutor"),
    ("regole dei ritiri", "/banco/ritiri/regole", "tutor"),
    ("un foglio", some_paper, "tutor"),
    ("cassette rimaste", "/banco/rimaste", "tutor"),
    ("non l'abbiamo preparata", not_prepared, "tutor"),
    ("recessi", "/banco/recessi", "tutor"),
    ("incassi", "/banco/incassi", "tutor"),
    ("le casse", "/banco/incassi/casse", "tutor"),
    ("conta la cassa da tutor", partial(cash_box, ""), "tutor"),
    ("ordini", "/banco/ordini", "tutor"),
    ("ordini cercati", "/banco/ordini?cerca=maria", "tutor"),
    ("ordine nuovo", "/banco/ordini/nuovo", "tutor"),
    ("un ordine pronto", partial(order_of_staff, ""), "tutor"),
    ("un ordine consegnato", partial(order_of_staff, "1001"), "tutor"),
    ("reclamo", partial(order_of_staff, "1001", deed="/reclamo"), "tutor"),
    ("cambia per chi telefona", order_to_change, "tutor"),
    ("disdici per chi telefona", partial(order_of_staff, "", deed="/disdici"), "tutor"),
    ("cascina", "/banco/cascina", "coordinator"),
    ("prodotti", "/banco/prodotti", "coordinator"),
    ("un prodotto", partial(some_of, "prodotti"), "coordinator"),
    ("le parole di un prodotto", partial(some_of, "prodotti", more="/parole"), "coordinator"),
    ("chi ha ricevuto un prodotto", partial(some_of, "prodotti", more="/lotti"), "coordinator"),
    ("prodotto nuovo", "/banco/prodotti/nuovo", "coordinator"),
    ("un prodotto con la fotografia", product_with_photograph, "coordinator"),
    ("importa prodotti", "/banco/prodotti/importa", "coordinator"),
    ("che cosa cambia nella lista", list_that_changes, "coordinator"),
    ("campi", "/banco/campi", "coordinator"),
    ("un campo", partial(some_of, "campi"), "coordinator"),
    ("luoghi", "/banco/luoghi", "coordinator"),
    ("un luogo", partial(some_of, "luoghi"), "coordinator"),
    ("un giro", partial(some_of, "luoghi", nth=-1), "coordinator"),
    ("che cosa parte", "/banco/partenze", "coordinator"),
    ("diario", "/banco/diario", "coordinator"),
    ("testi", "/banco/testi", "coordinator"),
    ("una lettera da scrivere", "/banco/testi/lettere/ready", "coordinator"),
    ("una pagina da scrivere", "/banco/testi/pagine/recesso", "coordinator"),
    ("i nostri dati", "/banco/dati", "coordinator"),
    ("squadra di chi coordina", "/tutor/squadra", "coordinator"),
    ("ciotole", "/banco/ciotole", "coordinator"),
    ("una ciotola", partial(some_of, "ciotole"), "coordinator"),
    ("buoni", "/banco/buoni", "coordinator"),
    ("buoni da stampare", vouchers_to_print, "coordinator"),
    ("un buono", one_voucher, "coordinator"),
    ("iva", "/banco/iva", "coordinator"),
    ("una voce dell'iva", partial(some_of, "iva"), "coordinator"),
]


def enter_as_anyone(page: Page) -> None:
    """A citizen needs no account."""


def enter_demo_tablet(page: Page) -> None:
    """Makes this browser the demo's tablet; nobody has come in yet."""
    page.goto("/demo")
    page.get_by_role("button", name="Usa questo browser come tablet di prova").click()


def enter_with_badge(name: str, page: Page) -> None:
    page.goto("/demo")
    page.get_by_role("button", name=name, exact=True).click()


def enter_as_staff(name: str, page: Page) -> None:
    page.goto("/tutor/entra")
    page.get_by_label("E-mail").fill(f"{name}@chilometrico.example")
    page.get_by_label("Parola d'ordine").fill(PASSWORD)
    page.get_by_role("button", name="Entra").click()


def enter_as_tutor(page: Page) -> None:
    enter_as_staff("rita", page)


ENTRANCES: dict[str, Callable[[Page], None]] = {
    "anonymous": enter_as_anyone,
    "tablet": enter_demo_tablet,
    "Bruno": partial(enter_with_badge, "Bruno"),
    "Dario": partial(enter_with_badge, "Dario"),
    "Anna": partial(enter_with_badge, "Anna"),
    "tutor": enter_as_tutor,
    "coordinator": partial(enter_as_staff, "teresa"),
}


class NotReached(Exception):
    """The page is not where the list says, or does not let this person in."""


def visit(page: Page, way: Way) -> str:
    """Opens the page, returns its HTML as the server sent it; a redirect or any status but 200 is NotReached."""
    path = way if isinstance(way, str) else way(page)
    response = page.goto(path)
    if response is None or response.status != 200:
        raise NotReached(f"{path}: status {response.status if response else 'none'}")
    if urlparse(page.url).path != urlparse(path).path:
        raise NotReached(f"{path}: led to {page.url}")
    return response.text()


def _address(page: Page) -> str:
    found = urlparse(page.url)
    return f"{found.path}?{found.query}".removesuffix("?")


def _path_of_link(page: Page, selector: str) -> str:
    links = page.locator(selector)
    if not links.count():
        raise NotReached(f"{page.url}: no link {selector}")
    return urlparse(links.first.get_attribute("href") or "").path
