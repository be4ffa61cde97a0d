"""What citizens may send that cannot be."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.test import TestResponse

from core import clock
from orders import finding
from tests.refusals.world import Case, World

LONG = "à" * 5_000
FILLED = ("maria.rossi@posta.example",)
NAMED = ("Maria Rossi",)
NO_NAME = "Scrivi il tuo nome: lo mettiamo sulla cassetta."
UNWRITABLE = "Qui c'è un segno che non riusciamo a scrivere"
UNREAD = "Una riga non si è capita."
NO_ORDER_HERE = "non porta a nessun ordine"
TAKEN_ALREADY = "Qualcosa è finito"


def _stale_price(world: World) -> TestResponse:
    sent = world.filled()
    sent.setlist("riga", [f"{world.honey.id}:1:100"])
    return world.shop.post("/cassa", data=sent)


def _other_fee(world: World) -> TestResponse:
    sent = world.filled(world.home, indirizzo="Via Roma 1", cap="27029", comune="Vigevano")
    sent["spesa"] = "0"
    return world.shop.post("/cassa", data=sent)


def _at(world: World, pickup_id: str) -> TestResponse:
    sent = world.filled()
    sent["ritiro"] = pickup_id
    return world.shop.post("/cassa", data=sent)


def _past_cutoff(world: World) -> TestResponse:
    sent = world.filled()
    with clock.at(world.open.cutoff_at + timedelta(seconds=1)):
        return world.shop.post("/cassa", data=sent)


def _cancel_late(world: World) -> TestResponse:
    with clock.at(world.open.cutoff_at):
        return world.shop.post(f"/ordini/{world.token}/disdici")


def _wrong_csrf(world: World) -> TestResponse:
    sent = world.filled(nome="Ada Negri")
    sent.setlist("csrf_token", ["wrong"])
    world.app.config["WTF_CSRF_ENABLED"] = True
    try:
        return world.shop.post("/cassa", data=sent)
    finally:
        world.app.config["WTF_CSRF_ENABLED"] = False


def _change(world: World, token: str = "", **typed: str) -> TestResponse:
    """The change page as it shows the order now."""
    order = finding.get(world.mine.id)
    sent = {
        "version": str(order.version),
        "key": "change-the-order-now",
        "ritiro": str(order.pickup_id),
        "azione": "conto",
    }
    return world.shop.post(f"/ordini/{token or world.token}/cambia", data=sent | typed)


def _change_late(world: World) -> TestResponse:
    with clock.at(world.open.cutoff_at):
        return _change(world, azione="cambia")


CASES = [
    # who orders
    Case("no name", lambda w: w.order(nome=""), 422, NO_NAME, FILLED),
    Case("a name that nobody can see", lambda w: w.order(nome="\u200b \u2060"), 422, NO_NAME, FILLED),
    Case("a name without end", lambda w: w.order(nome=LONG), 422, "scrivi al massimo 100 lettere.", FILLED),
    Case("NUL in the name", lambda w: w.order(nome="Ma\0ria"), 422, UNWRITABLE, FILLED),
    Case("a bell in the name", lambda w: w.order(nome="Ma\x07ria"), 422, UNWRITABLE, FILLED),
    Case("no e-mail", lambda w: w.order(email=""), 422, "Scrivi la tua e-mail: ti mandiamo la conferma.", NAMED),
    Case(
        "an e-mail without a host",
        lambda w: w.order(email="maria@"),
        422,
        "deve essere come nome@posta.it",
        ("maria@",),
    ),
    Case("two e-mails", lambda w: w.order(email="a@b.it, c@d.it"), 422, "deve essere come nome@posta.it", ("c@d.it",)),
    Case(
        "an e-mail without end",
        lambda w: w.order(email=f"{LONG}@b.it"),
        422,
        "scrivi al massimo 200 lettere.",
        NAMED,
    ),
    Case(
        "a line break in the e-mail",
        lambda w: w.order(email="a@b.it\r\nBcc: c@d.it"),
        422,
        "deve essere come nome@posta.it",
        NAMED,
    ),
    Case(
        "letters as a phone", lambda w: w.order(telefono="chiamami"), 422, "Guarda il numero di telefono", ("chiamami",)
    ),
    Case("a phone without end", lambda w: w.order(telefono="1" * 400), 422, "scrivi al massimo 40 lettere.", FILLED),
    Case("a note without end", lambda w: w.order(nota=LONG), 422, "scrivi al massimo 500 lettere.", FILLED),
    Case("NUL in the note", lambda w: w.order(nota="ciao\0"), 422, UNWRITABLE, FILLED),
    Case(
        "a collector at the checkout without end",
        lambda w: w.order(ritira=LONG),
        422,
        "scrivi al massimo 100 lettere.",
        FILLED,
    ),
    # where and when
    Case("no pick-up", lambda w: _at(w, ""), 422, "Scegli un ritiro", FILLED),
    Case("a pick-up in words", lambda w: _at(w, "venerdì"), 422, "Scegli un ritiro", FILLED),
    Case("a negative pick-up", lambda w: _at(w, "-1"), 422, "Scegli un ritiro", FILLED),
    Case("a pick-up beyond every number", lambda w: _at(w, "9" * 30), 422, "Scegli un ritiro", FILLED),
    Case("a pick-up of nobody", lambda w: _at(w, "987654"), 409, "non prende più ordini", FILLED),
    Case("a practice pick-up", lambda w: _at(w, str(w.practice.id)), 409, "non prende più ordini", FILLED),
    Case("a closed pick-up", lambda w: _at(w, str(w.closed.id)), 409, "tempo per ordinare è finito", FILLED),
    Case("a full pick-up", lambda w: _at(w, str(w.full.id)), 409, "I posti per questo ritiro sono finiti.", FILLED),
    Case("a second after the cut-off", _past_cutoff, 409, "tempo per ordinare è finito", FILLED),
    Case("at home without an address", lambda w: w.order(w.home), 422, "Scrivi la via", FILLED),
    Case(
        "at home where the bicycle does not go",
        lambda w: w.order(w.home, indirizzo="Via Po 1", cap="20100", comune="Milano"),
        422,
        "In bicicletta arriviamo solo",
        ("Via Po 1", "Milano"),
    ),
    Case(
        "a postcode of letters",
        lambda w: w.order(w.home, indirizzo="Via Po 1", cap="ABCDE", comune="Vigevano"),
        422,
        "In bicicletta arriviamo solo",
        ("Via Po 1",),
    ),
    Case("another fee than the page showed", _other_fee, 409, "totale cambia", ("Via Roma 1",)),
    # what
    Case("a price of yesterday", _stale_price, 409, "prezzo è cambiato", FILLED),
    Case("more than there is", lambda w: w.order_rows(f"{w.honey.id}:900:850"), 409, TAKEN_ALREADY, FILLED),
    Case("a product of nobody", lambda w: w.order_rows("987654:1:850"), 409, TAKEN_ALREADY, FILLED),
    Case("a practice product", lambda w: w.order_rows(f"{w.jar.id}:1:850"), 409, TAKEN_ALREADY, FILLED),
    Case("half a step", lambda w: w.order_rows(f"{w.carrots.id}:550:290"), 422, "Una quantità non va bene.", FILLED),
    Case("kilos for grams", lambda w: w.order_rows(f"{w.carrots.id}:1:290"), 422, "Una quantità non va bene.", FILLED),
    Case("nothing of it", lambda w: w.order_rows(f"{w.honey.id}:0:850"), 422, "Una quantità non va bene.", FILLED),
    Case("a negative quantity", lambda w: w.order_rows(f"{w.honey.id}:-1:850"), 422, UNREAD, FILLED),
    Case("a quantity with a comma", lambda w: w.order_rows(f"{w.carrots.id}:1,5:290"), 422, UNREAD, FILLED),
    Case("a quantity beyond every number", lambda w: w.order_rows(f"{w.honey.id}:{'9' * 40}:850"), 422, UNREAD, FILLED),
    Case("lines of noise", lambda w: w.order_rows("a:b:c", "::", "1"), 422, UNREAD, FILLED),
    Case("a token that is too old", _wrong_csrf, 400, "rimasta aperta", ("Ada Negri", *FILLED)),
    # the basket
    Case("nothing into the basket", lambda w: w.shop.post("/carrello", data={}), 404, "Questo prodotto non c'è."),
    Case(
        "NUL into the basket",
        lambda w: w.shop.post("/carrello", data={"prodotto": "\0"}),
        400,
        "C'è un segno che non riusciamo a scrivere.",
    ),
    Case(
        "a pick-up that is full",
        lambda w: w.shop.post("/ritiro", data={"ritiro": w.full.id}),
        409,
        "I posti per questo ritiro sono finiti.",
    ),
    Case(
        "a pick-up of words", lambda w: w.shop.post("/ritiro", data={"ritiro": "domani"}), 409, "non prende più ordini"
    ),
    # an order's own page
    Case("a link of nobody", lambda w: w.shop.get("/ordini/" + "x" * 32), 404, NO_ORDER_HERE),
    Case("half a link", lambda w: w.shop.get(f"/ordini/{w.token[:10]}"), 404, NO_ORDER_HERE),
    Case("cancelling with half a link", lambda w: w.shop.post(f"/ordini/{w.token[:9]}/disdici"), 404, NO_ORDER_HERE),
    Case("cancelling after the cut-off", _cancel_late, 409, "Il tempo per disdire è finito: telefonaci"),
    Case("changing with half a link", lambda w: _change(w, token="xxxx"), 404, NO_ORDER_HERE),
    Case("changing a page from before", lambda w: _change(w, version="99"), 409, "Intanto l'ordine è cambiato"),
    Case("changing after the cut-off", _change_late, 409, "Il tempo per cambiare è finito: telefonaci"),
    Case(
        "changing to a pick-up of nobody",
        lambda w: _change(w, ritiro="987654"),
        409,
        "Questo ritiro non prende più ordini.",
    ),
    Case(
        "changing to more than there is",
        lambda w: _change(w, azione="cambia", **{f"quanto-{w.honey.id}": "900"}),
        409,
        "invece di 900 vasetti possiamo dare 3 vasetti",
    ),
    Case(
        "a collector without end",
        lambda w: w.shop.post(f"/ordini/{w.token}/ritira", data={"ritira": LONG}),
        422,
        "scrivi al massimo 100 lettere.",
        (LONG[:50],),
    ),
    Case("a paper of nobody", lambda w: w.shop.get("/ordini/xxxx/riepilogo.pdf"), 404, NO_ORDER_HERE),
]
