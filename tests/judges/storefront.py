"""Every page of the shop in every state that it can have: empty, full, refused. What `pages.py` shows is not repeated.

``SHOWN`` says which names show which route, ``SENT`` what each form answers to nonsense; a test compares both with the
routes that there are, and the judges with where each page really was.
"""

from __future__ import annotations

from functools import partial
from urllib.parse import urlparse

from playwright.sync_api import Page, Response

from tests.judges.letters import link_to, order_that
from tests.judges.pages import (
    NotReached,
    Way,
    checkout,
    enter_as_anyone,
    full_pickup,
    own_order,
    product_with_photograph,
    thanks,
)
from tests.judges.sending import Sent, look, send

LONG = "x" * 600
OURS = "renato.testa@posta.example"  # has ordered in the demo, and has an order that is open
NEW = "nuova.persona@posta.example"
WAITS = "chi.aspetta@posta.example"
MINE = "/i-tuoi-ordini"

RECEIVED = "abbiamo ricevuto il tuo ordine"
PREPARING = "Stiamo preparando la tua cassetta"
READY = "La tua cassetta è pronta"
HANDED_OVER = "Buon appetito!"
NOT_COLLECTED = "Non ci siamo visti"
CANCELLED = "Questo ordine è disdetto"

FILL = """async () => {
  const form = document.querySelector("form[action='/carrello']:has(button[name=prodotto])");
  const had = Number(document.querySelector(".basket").textContent.match(/[0-9]+/));
  const buttons = form.querySelectorAll("button[name=prodotto]");
  for (const button of had < buttons.length ? buttons : [])
    await fetch("/carrello", {
      method: "POST", body: new URLSearchParams(new FormData(form, button)), redirect: "manual",
    });
}"""
"""One step of everything that the page offers, into the basket, where it is not full of it already."""

WRONG = {
    "nome": "",
    "email": "maria@",
    "telefono": "chiamami",
    "indirizzo": "",
    "cap": "ABCDE",
    "comune": "Roma",
    "ritira": LONG,
    "nota": LONG,
    "fattura": "1",
    "fattura_nome": "",
    "fattura_codice": "RSSMRA80A01H501X",
    "fattura_iva": "123",
    "fattura_via": "",
    "fattura_cap": "X",
    "fattura_comune": "",
    "fattura_provincia": "ZZZ",
    "fattura_destinatario": "!",
    "fattura_pec": "maria@",
}
"""Nothing of the checkout can be taken as it is."""

RIGHT = {
    "nome": "Maria Rossi",
    "email": "maria.rossi@posta.example",
    "telefono": "0381 123456",
    "indirizzo": "Via Po 1",
    "cap": "27029",
    "comune": "Vigevano",
    "ritira": "Anna Bianchi",
    "nota": "Se potete, le carote piccole.\nGrazie!",
    "simile": "y",
    "fattura": "y",
    "fattura_nome": "Maria Rossi",
    "fattura_codice": "RSSMRA80A41L872U",
    "fattura_iva": "00743110157",
    "fattura_via": "Via Po 1",
    "fattura_cap": "27029",
    "fattura_comune": "Vigevano",
    "fattura_provincia": "PV",
}

# --- ways


def everything(page: Page) -> str:
    page.goto("/")
    page.evaluate(FILL)
    return "/carrello"


def taken_out(page: Page) -> str:
    """The basket says what has just been taken out of it."""
    page.goto(everything(page))
    page.locator("button[name=quantita][value='0']").first.click()
    return "/carrello"


def at_home(page: Page) -> str:
    """The checkout with everything, brought to the door: the fee is on the page."""
    page.goto(everything(page))
    page.goto("/cassa")
    round_ = page.locator("input.is-round:not(:disabled)").first.get_attribute("value") or ""
    send("", page, typed={"ritiro": round_, "azione": "ritiro"})
    return ""


def placed(page: Page) -> str:
    """With everything that can be said of an order."""
    at_home(page)
    send("", page, typed=RIGHT)
    if "/ordini/" not in page.url:
        raise NotReached(f"{page.url}: {page.locator('.summary').inner_text()}")
    return urlparse(page.url).path


def cancelled_by_oneself(page: Page) -> str:
    """The one order of the pick-up that is full: somebody waited for its place."""
    send(partial(full_pickup), page, typed={"email": WAITS})
    order = order_that(RECEIVED, page)
    send(f"{order}/disdici", page)
    return order


def list_without_a_fault(page: Page) -> str:
    """A list that the next button would write."""
    page.goto("/banco/prodotti/importa")
    line = "nome;prezzo;iva;allergeni\r\nTopinambur;3,80;verdura;nessuno\r\n"
    page.locator("#lista").set_input_files({"name": "p.csv", "mimeType": "text/csv", "buffer": line.encode()})
    page.get_by_role("button", name="Guarda che cosa cambia").click()
    return urlparse(page.url).path


def other_price(page: Page) -> Response:
    """The page was loaded when the first thing on it cost one cent."""
    page.goto(checkout(page))
    row = page.locator("[name=riga]").first.get_attribute("value") or ""
    return send("", page, typed=RIGHT | {"fattura": "", "riga": row.rpartition(":")[0] + ":1"})


def letter_link(email: str, page: Page) -> str:
    send(MINE, page, typed={"email": email})
    return link_to(email, f"{MINE}/entra/", page)


def own_address(page: Page) -> str:
    page.goto(f"{MINE}/per-ordinare")
    return urlparse(page.locator(f"main a[href^='{MINE}/indirizzo/']").first.get_attribute("href") or "").path


def received(page: Page, deed: str = "") -> str:
    """Not the newest: that one is cancelled on the way."""
    return order_that(RECEIVED, page, nth=-1) + deed


def in_english(page: Page) -> None:
    page.goto("/?lang=en")


def come_in(email: str, page: Page) -> None:
    """As a citizen, by the link of a letter; two addresses for the next time."""
    send(letter_link(email, page), page)
    for street in ("Via Po 1", "Via dei Mille 22, scala B"):
        if email == OURS:
            send(f"{MINE}/indirizzo", page, typed={"via": street, "cap": "27029", "comune": "Vigevano"})


ENTRANCES = {
    "guest": enter_as_anyone,
    "english": in_english,
    "citizen": partial(come_in, OURS),
    "newcomer": partial(come_in, NEW),
}

# --- states: (name, way, who), as in pages.py

STATES: list[tuple[str, Way, str]] = [
    ("cookie", "/pagine/cookie", "guest"),
    ("garanzia", "/pagine/garanzia", "guest"),
    ("campi del negozio", "/campi", "guest"),
    ("ordine ricevuto", received, "guest"),
    ("ordine in preparazione", partial(order_that, PREPARING), "guest"),
    ("ordine pronto", partial(order_that, READY), "guest"),
    ("ordine consegnato", partial(order_that, HANDED_OVER), "guest"),
    ("ordine consegnato, con un grazie", partial(order_that, "Lo legge prima un tutor, che decide"), "guest"),
    ("ordine non ritirato", partial(order_that, NOT_COLLECTED), "guest"),
    ("ordine disdetto", partial(order_that, CANCELLED), "guest"),
    ("carrello lungo", everything, "guest"),
    ("settimana con il carrello lungo", "/", "guest"),
    ("prodotto che è nel carrello", "/prodotti/carote", "guest"),
    ("hai tolto", taken_out, "guest"),
    ("cassa lunga", "/cassa", "guest"),
    ("ritiro da dire per la cassa", "/ritiro?poi=cassa", "guest"),
    ("ordine lungo", placed, "guest"),
    ("ordine disdetto da chi ordina", cancelled_by_oneself, "guest"),
    ("aspettavi un posto", lambda page: link_to(WAITS, "/ritiro/avviso/", page), "guest"),
    ("i tuoi ordini, con molti ordini", MINE, "citizen"),
    ("i tuoi ordini, più vecchi non ce ne sono", f"{MINE}?dopo=20", "citizen"),
    ("nome, telefono e due indirizzi", f"{MINE}/per-ordinare", "citizen"),
    ("indirizzo nuovo", f"{MINE}/indirizzo", "citizen"),
    ("un tuo indirizzo", own_address, "citizen"),
    ("i tuoi dati, con molti ordini", f"{MINE}/dati", "citizen"),
    ("cancella, con un ordine aperto", f"{MINE}/cancella", "citizen"),
    ("cassa già scritta", checkout, "citizen"),
    ("nessun ordine tuo", MINE, "newcomer"),
    ("niente di scritto per ordinare", f"{MINE}/per-ordinare", "newcomer"),
    ("pochi dati tuoi", f"{MINE}/dati", "newcomer"),
    ("cancella", f"{MINE}/cancella", "newcomer"),
    ("english: product by weight", "/prodotti/carote", "english"),
    ("english: product by piece", "/prodotti/miele-acacia", "english"),
    ("english: search", "/cerca?q=pumpkin", "english"),
    ("english: seasons", "/stagioni", "english"),
    ("english: fields", "/campi", "english"),
    ("english: pick-up", "/ritiro", "english"),
    ("english: basket", everything, "english"),
    ("english: week with a basket", "/", "english"),
    ("english: checkout", "/cassa", "english"),
    ("english: order received", received, "english"),
    ("english: order ready", partial(order_that, READY), "english"),
    ("english: order handed over", partial(order_that, HANDED_OVER), "english"),
    ("english: change the order", partial(received, deed="/cambia"), "english"),
    ("english: withdrawal", "/recesso", "english"),
    ("english: lost link", "/ordini/ritrova", "english"),
    ("english: own orders", MINE, "english"),
    ("english: terms", "/pagine/condizioni", "english"),
]

# --- a shop where nothing is yet, and then goods but no pick-up: (name, path)

EMPTY: list[tuple[str, str]] = [
    ("vuoto: settimana", "/"),
    ("vuoto: cerca", "/cerca?q=zucchine"),
    ("vuoto: stagioni", "/stagioni"),
    ("vuoto: campi", "/campi"),
    ("vuoto: ritiro", "/ritiro"),
    ("vuoto: carrello", "/carrello"),
    ("vuoto: condizioni", "/pagine/condizioni"),
    ("vuoto: accessibilità", "/pagine/accessibilita"),
    ("vuoto: recedere", "/recesso"),
    ("vuoto: entra nei tuoi ordini", MINE),
]
NO_PICKUP: list[tuple[str, Way]] = [
    ("nessun ritiro: settimana", "/"),
    ("nessun ritiro: prodotto", "/prodotti/carote"),
    ("nessun ritiro: campi", "/campi"),
    ("nessun ritiro: stagioni", "/stagioni"),
    ("nessun ritiro: carrello", everything),
    ("nessun ritiro: cassa", "/cassa"),
]

# --- what each form answers

SENT: list[Sent] = [
    Sent("cerca senza fine", "shop.search_page", "guest", partial(look, f"/cerca?q={LONG}")),
    Sent("prodotto che non c'è", "shop.product_page", "guest", partial(look, "/prodotti/non-c-e"), 404),
    Sent("ordine con mezzo link", "shop.order_page", "guest", partial(look, "/ordini/xxxx"), 404),
    Sent("avviso di nessuno", "shop.wait_no_more", "guest", partial(look, "/ritiro/avviso/xxxx"), 404),
    Sent("link per entrare finito", "shop.come_in", "guest", partial(look, f"{MINE}/entra/{'x' * 32}"), 404),
    Sent(
        "nel carrello quello che non c'è",
        "shop.add_to_basket",
        "guest",
        lambda page: send("/", page, "/carrello", {"prodotto": "987654"}),
        404,
    ),
    Sent(
        "un ritiro che non c'è",
        "shop.choose_pickup",
        "guest",
        lambda page: send("/ritiro", page, typed={"ritiro": "987654"}),
        409,
    ),
    Sent(
        "cassa, tutto da guardare",
        "shop.place_order",
        "guest",
        lambda page: send(at_home, page, typed=WRONG),
    ),
    Sent(
        "cassa, niente di scritto",
        "shop.place_order",
        "guest",
        lambda page: send(checkout, page, typed={"nome": "", "email": ""}),
    ),
    Sent(
        "cassa, il ritiro non c'è più",
        "shop.place_order",
        "guest",
        lambda page: send(checkout, page, typed=RIGHT | {"fattura": "", "ritiro": "987654"}),
        409,
    ),
    Sent("cassa, i prezzi sono cambiati", "shop.place_order", "guest", other_price, 409),
    Sent(
        "cambia l'ordine, non resta niente",
        "shop.change_order",
        "guest",
        lambda page: send(received(page, "/cambia"), page, typed={"quanto-*": "0"}),
    ),
    Sent(
        "cambia l'ordine, intanto è cambiato",
        "shop.change_order",
        "guest",
        lambda page: send(received(page, "/cambia"), page, typed={"version": "99", "azione": "cambia"}),
        409,
    ),
    Sent(
        "il nuovo conto",
        "shop.change_order",
        "guest",
        lambda page: send(received(page, "/cambia"), page, typed={"simile": ""}),
        200,
    ),
    Sent(
        "disdici troppo tardi",
        "shop.cancel_order",
        "guest",
        lambda page: send(received(page, "/disdici"), page, to=f"{order_that(READY, page)}/disdici"),
        409,
    ),
    Sent(
        "chi viene, senza fine",
        "shop.say_who_comes",
        "guest",
        lambda page: send(received, page, "./ritira", {"ritira": LONG}),
    ),
    Sent(
        "e-mail corretta che non va",
        "shop.correct_email",
        "guest",
        lambda page: send(received, page, "./email", {"email": "maria@"}),
    ),
    Sent(
        "recesso vuoto",
        "shop.withdraw",
        "guest",
        lambda page: send("/recesso", page, typed={"nome": "", "ordine": "", "email": "maria@"}),
    ),
    Sent(
        "che cosa dichiari",
        "shop.withdraw",
        "guest",
        lambda page: send("/recesso", page, typed={"nome": "Maria Rossi", "ordine": "77", "email": RIGHT["email"]}),
        200,
    ),
    Sent(
        "recesso da un ordine, da guardare",
        "shop.withdraw_from_order",
        "guest",
        lambda page: send(partial(own_order, "/recesso"), page, typed={"nome": "", "ordine": "", "email": "maria@"}),
    ),
    Sent(
        "che cosa dichiari di un ordine",
        "shop.withdraw_from_order",
        "guest",
        lambda page: send(partial(own_order, "/recesso"), page),
        200,
    ),
    Sent(
        "link perso, da guardare",
        "shop.find_order_again",
        "guest",
        lambda page: send("/ordini/ritrova", page, typed={"ordine": "", "email": "maria@"}),
    ),
    Sent(
        "avvisami, da guardare",
        "shop.ask_for_place",
        "guest",
        lambda page: send(full_pickup, page, typed={"email": "maria@"}),
    ),
    Sent(
        "un grazie senza parole",
        "shop.write_thanks",
        "guest",
        lambda page: send(thanks, page, typed={"grazie": " "}),
    ),
    Sent(
        "entra, da guardare",
        "shop.ask_for_link",
        "guest",
        lambda page: send(MINE, page, typed={"email": "maria@"}),
    ),
    Sent(
        "nome e telefono da guardare",
        "shop.save_details",
        "citizen",
        lambda page: send(f"{MINE}/per-ordinare", page, typed={"nome": LONG, "telefono": "chiamami"}),
    ),
    Sent(
        "indirizzo nuovo, da guardare",
        "shop.add_address",
        "citizen",
        lambda page: send(f"{MINE}/indirizzo", page, typed={"via": "", "cap": "ABCDE", "comune": ""}),
    ),
    Sent(
        "un tuo indirizzo da guardare",
        "shop.change_address",
        "citizen",
        lambda page: send(own_address, page, typed={"via": "", "cap": "ABCDE", "comune": ""}),
    ),
    Sent(
        "l'ordine di un altro",
        "shop.open_order",
        "citizen",
        lambda page: send(MINE, page, f"{MINE}/esci", to=f"{MINE}/apri/987654"),
        404,
    ),
    Sent(
        "cancella, ma prima però",
        "shop.erase_me",
        "citizen",
        lambda page: send(MINE, page, f"{MINE}/esci", {"azione": "conferma"}, to=f"{MINE}/cancella"),
        409,
    ),
    Sent("cancelliamo tutto?", "shop.erase_me", "newcomer", lambda page: send(f"{MINE}/cancella", page), 200),
    Sent("english: checkout refused", "shop.place_order", "english", lambda page: send(at_home, page, typed=WRONG)),
    Sent(
        "english: withdrawal refused",
        "shop.withdraw",
        "english",
        lambda page: send("/recesso", page, typed={"nome": "", "ordine": "", "email": "maria@"}),
    ),
    Sent(
        "nessuna fotografia",
        "desk.put_photograph",
        "coordinator",
        lambda page: send(product_with_photograph, page, "./fotografia"),
    ),
    Sent(
        "nessuna lista",
        "desk.look_through_list",
        "coordinator",
        lambda page: send("/banco/prodotti/importa", page),
    ),
    Sent(
        "la lista è cambiata",
        "desk.write_list",
        "coordinator",
        lambda page: send(list_without_a_fault, page, typed={"version": "x"}),
        409,
    ),
]


# --- which of all these names show which route

SHOWN: dict[str, tuple[str, ...]] = {
    "shop.home": ("scaffale", "filtri", "filtri che non lasciano niente", "settimana con il carrello lungo", "english"),
    "shop.product_page": ("prodotto a peso", "prodotto a pezzo", "prodotto che torna", "prodotto che è nel carrello"),
    "shop.search_page": ("cerca", "cerca e trova", "cerca e non trova"),
    "shop.seasons_page": ("stagioni", "vuoto: stagioni"),
    "shop.fields_page": ("campi del negozio", "vuoto: campi"),
    "shop.pickup_page": ("ritiro", "vuoto: ritiro"),
    "shop.waiting_page": ("ritiro al completo",),
    "shop.waiting_asked": ("ti avvisiamo noi",),
    "shop.waiting_end_page": ("aspettavi un posto",),
    "shop.waiting_ended": ("avviso tolto",),
    "shop.basket_page": ("carrello vuoto", "carrello pieno", "carrello lungo", "hai tolto", "nessun ritiro: carrello"),
    "shop.checkout": ("cassa", "cassa lunga", "cassa già scritta", "nessun ritiro: cassa"),
    "shop.order_page": (
        "ordine",
        "ordine lungo",
        "ordine ricevuto",
        "ordine in preparazione",
        "ordine pronto",
        "ordine consegnato",
        "ordine non ritirato",
        "ordine disdetto",
    ),
    "shop.change_page": ("cambia l'ordine",),
    "shop.cancel_page": ("disdici l'ordine",),
    "shop.thanks_page": ("un grazie",),
    "shop.withdrawal_page": ("recedere",),
    "shop.withdrawal_page_of_order": ("recedere da un ordine",),
    "shop.withdrawal_receipt_page": ("recesso ricevuto",),
    "shop.lost_link_page": ("hai perso il link",),
    "shop.lost_link_sent": ("guarda la posta",),
    "shop.text_page": ("chi siamo", "condizioni", "recesso", "privacy", "accessibilità", "cookie", "garanzia"),
    "shop.my_orders": ("i tuoi ordini, prima di entrare", "i tuoi ordini, con molti ordini", "nessun ordine tuo"),
    "shop.link_sent": ("il link è partito",),
    "shop.look_at_link": ("il link per entrare",),
    "shop.my_details": ("nome, telefono e due indirizzi", "niente di scritto per ordinare"),
    "shop.new_address": ("indirizzo nuovo",),
    "shop.my_address": ("un tuo indirizzo",),
    "shop.my_data": ("i tuoi dati, con molti ordini", "pochi dati tuoi"),
    "shop.erase_page": ("cancella", "cancella, con un ordine aperto"),
    "shop.erased": ("i tuoi dati non ci sono più",),
}

NEVER_REFUSED = {
    "shop.change_basket": "What is no quantity changes nothing; a product that is not there: see shop.add_to_basket.",
    "shop.order_again": "Always leads to the basket, which says what is not there any more.",
    "shop.take_thanks_back": "One button without anything typed; once more it is the same.",
    "shop.go_out": "One button; nobody is refused to go.",
    "shop.remove_address": "One button without anything typed; an address that has gone: the page of shop.open_order.",
}
"""Forms that have no page of their own to say no, and why."""
