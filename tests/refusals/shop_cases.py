"""What citizens may send that cannot be."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.test import TestResponse

from core import clock, keys, throttle
from core.database import transaction
from orders import finding, links, mailboxes, waiting, withdrawing
from orders.models import Order
from people import tokens
from tests.refusals.world import Case, World

LONG = "à" * 5_000
FILLED = ("maria.rossi@posta.example",)
NAMED = ("Maria Rossi",)
PREMIUM = "Vinci su evil.com"
NAME_ONLY = "Qui scrivi solo il nome, in lettere"
LINE_ONLY = "Qui un link non va"
NO_NAME = "Scrivi il tuo nome: lo mettiamo sulla cassetta."
UNWRITABLE = "Qui c'è un segno che non riusciamo a scrivere"
UNREAD = "Una riga non si è capita."
NO_ORDER_HERE = "non porta a nessun ordine"
MINE = "/i-tuoi-ordini"
NO_LINK = "Questo link non vale più"
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


def _email(world: World, email: str, token: str = "") -> TestResponse:
    return world.shop.post(f"/ordini/{token or world.token}/email", data={"email": email})


def _email_late(world: World) -> TestResponse:
    return _email(world, "nuova@posta.example", links.make(world.given))


def _fill(email: str) -> None:
    """Guests have ordered for this mailbox today, as often as they may."""
    with transaction():
        for _time in range(mailboxes.MOST_ORDERS):
            mailboxes.take_order(email)


def _order_too_often(world: World) -> TestResponse:
    _fill(FILLED[0])
    return world.order()


def _email_of_many_orders(world: World) -> TestResponse:
    _fill("ancora@posta.example")
    return _email(world, "ancora@posta.example")


def _withdraw(world: World, **typed: str) -> TestResponse:
    sent = {"nome": "Maria Rossi", "ordine": "1001", "email": "maria.rossi@posta.example", "azione": "conferma"}
    return world.shop.post("/recesso", data=sent | {"key": keys.new()} | typed)


def _withdraw_too_often(world: World) -> TestResponse:
    """From one address of the network, within the hour."""
    for _ in range(withdrawing.MOST_AN_HOUR):
        throttle.note(f"withdrawal:{tokens.hashed('127.0.0.1')}")
    return _withdraw(world)


def _lost(world: World, number: str, email: str) -> TestResponse:
    return world.shop.post("/ordini/ritrova", data={"ordine": number, "email": email})


def _wait(world: World, pickup_id: int = 0, email: str = FILLED[0]) -> TestResponse:
    sent = {"email": email, "key": "somebody-waits-for-a-place"}
    return world.shop.post(f"/ritiro/{pickup_id or world.full.id}/avvisami", data=sent)


def _wait_too_often(world: World) -> TestResponse:
    for _time in range(waiting.MOST_A_DAY):
        throttle.take(f"waiting for:{tokens.hashed(FILLED[0])}", waiting.MOST_A_DAY, waiting.DAY)
    return _wait(world)


def _thank(world: World, words: str, order: Order | None = None) -> TestResponse:
    here = f"/ordini/{links.make(order or world.given)}/grazie"
    return world.shop.post(here, data={"grazie": words, "key": "somebody-says-thank-you"})


CASES = [
    # who orders
    Case("no name", lambda w: w.order(nome=""), 422, NO_NAME, FILLED),
    Case("a name that nobody can see", lambda w: w.order(nome="\u200b \u2060"), 422, NO_NAME, FILLED),
    Case("a name without end", lambda w: w.order(nome=LONG), 422, "scrivi al massimo 100 lettere.", FILLED),
    Case("NUL in the name", lambda w: w.order(nome="Ma\0ria"), 422, UNWRITABLE, FILLED),
    Case("a bell in the name", lambda w: w.order(nome="Ma\x07ria"), 422, UNWRITABLE, FILLED),
    Case("a link for a name", lambda w: w.order(nome=PREMIUM), 422, NAME_ONLY, (PREMIUM, *FILLED)),
    Case("a link for who collects", lambda w: w.order(ritira=PREMIUM), 422, NAME_ONLY, (PREMIUM, *FILLED)),
    Case("a telephone in the name", lambda w: w.order(nome="Pia 899 1234"), 422, NAME_ONLY, ("Pia 899 1234",)),
    Case("too many orders for one mailbox", _order_too_often, 429, "già 5 ordini in un giorno", (*NAMED, *FILLED)),
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
    Case("a pick-up that is not offered yet", lambda w: _at(w, str(w.far.id)), 409, "non prende più ordini", FILLED),
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
        "A Vigevano arriviamo dove il CAP è 27029.",
        ("Via Po 1", "ABCDE"),
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
    Case(
        "a link for who comes",
        lambda w: w.shop.post(f"/ordini/{w.token}/ritira", data={"ritira": PREMIUM}),
        422,
        NAME_ONLY,
        (PREMIUM,),
    ),
    # after the order
    Case("an e-mail that is none", lambda w: _email(w, "maria@"), 422, "deve essere come nome@posta.it", ("maria@",)),
    Case("an e-mail of blanks", lambda w: _email(w, " \u200b"), 422, "Scrivi la tua e-mail."),
    Case("another e-mail without end", lambda w: _email(w, LONG), 422, "scrivi al massimo 200", (LONG[:50],)),
    Case("NUL in another e-mail", lambda w: _email(w, "ma\0ria@posta.it"), 422, UNWRITABLE),
    Case("another e-mail with half a link", lambda w: _email(w, "a@b.it", "xxxx"), 404, NO_ORDER_HERE),
    Case("the e-mail of too many orders", _email_of_many_orders, 429, "per molti ordini", ("ancora@posta.example",)),
    Case("another e-mail after hand-over", _email_late, 409, "già stata consegnata."),
    Case("withdrawing without a name", lambda w: _withdraw(w, nome=""), 422, "Scrivi il tuo nome e cognome.", FILLED),
    Case("withdrawing from nothing", lambda w: _withdraw(w, ordine=" "), 422, "Scrivi il numero dell'ordine", FILLED),
    Case("a link in the name of who withdraws", lambda w: _withdraw(w, nome=PREMIUM), 422, NAME_ONLY, (PREMIUM,)),
    Case("a link in the number of a withdrawal", lambda w: _withdraw(w, ordine=PREMIUM), 422, LINE_ONLY, (PREMIUM,)),
    Case("withdrawing without an address", lambda w: _withdraw(w, email=""), 422, "Scrivi la tua e-mail.", NAMED),
    Case("withdrawing with a letter too many", lambda w: _withdraw(w, ordine=LONG), 422, "al massimo 60", FILLED),
    Case("a bell in a withdrawal", lambda w: _withdraw(w, nome="Ma\x07ria"), 422, UNWRITABLE, FILLED),
    Case(
        "withdrawing with half a link",
        lambda w: w.shop.post(f"/ordini/{w.token[:9]}/recesso", data={"azione": "conferma"}),
        404,
        NO_ORDER_HERE,
    ),
    Case("too many withdrawals from one place", _withdraw_too_often, 429, "sono arrivati molti recessi", FILLED),
    Case("a lost link without a number", lambda w: _lost(w, "", "a@b.it"), 422, "Scrivi il numero", ("a@b.it",)),
    Case("a lost link without an e-mail", lambda w: _lost(w, "1001", ""), 422, "Scrivi la tua e-mail.", ("1001",)),
    Case("a lost link of noise", lambda w: _lost(w, "1001", "ma\0ria@b.it"), 422, UNWRITABLE, ("1001",)),
    Case("once more with half a link", lambda w: w.shop.post("/ordini/xxxx/ancora"), 404, NO_ORDER_HERE),
    Case("a date of nobody", lambda w: w.shop.get("/ordini/xxxx/ritiro.ics"), 404, NO_ORDER_HERE),
    # a place that may come free
    Case("no address to be told at", lambda w: _wait(w, email=""), 422, "Scrivi la tua e-mail."),
    Case(
        "an address to be told at that is none",
        lambda w: _wait(w, email="maria@"),
        422,
        "come nome@posta.it",
        ("maria@",),
    ),
    Case("an address to be told at without end", lambda w: _wait(w, email=LONG), 422, "al massimo 200", (LONG[:50],)),
    Case("NUL in an address to be told at", lambda w: _wait(w, email="ma\0ria@posta.it"), 422, UNWRITABLE),
    Case(
        "waiting where there are places", lambda w: _wait(w, w.open.id), 409, "Intanto si è liberato un posto", FILLED
    ),
    Case("waiting where nobody orders", lambda w: _wait(w, w.closed.id), 409, "non prende più ordini", FILLED),
    Case("waiting for a practice", lambda w: _wait(w, w.practice.id), 404, "Questo ritiro non c'è."),
    Case("waiting for nothing", lambda w: _wait(w, 987_654), 404, "Questo ritiro non c'è."),
    Case("waiting too often with one mailbox", _wait_too_often, 429, "già arrivate molte richieste", FILLED),
    Case("half a way off the list", lambda w: w.shop.get("/ritiro/avviso/xxxx"), 404, "La tua e-mail non c'è più"),
    # thanks
    Case("thanks of blanks", lambda w: _thank(w, " \u200b"), 422, "Scrivi qualche parola."),
    Case("thanks without end", lambda w: _thank(w, LONG), 422, "al massimo 280 lettere", (LONG[:50],)),
    Case("a bell in thanks", lambda w: _thank(w, "Gra\x07zie"), 422, UNWRITABLE),
    Case("thanks before hand-over", lambda w: _thank(w, "Grazie!", w.mine), 409, "quando hai ricevuto", ("Grazie!",)),
    Case("thanks with half a link", lambda w: w.shop.post("/ordini/xxxx/grazie"), 404, NO_ORDER_HERE),
    Case("taking thanks back with half a link", lambda w: w.shop.post("/ordini/xxxx/grazie/togli"), 404, NO_ORDER_HERE),
    # looking for something
    Case(
        "a search without end", lambda w: w.shop.get("/cerca", query_string={"q": LONG}), 422, "al massimo 100 lettere"
    ),
    Case(
        "NUL in a search", lambda w: w.shop.get("/cerca?q=zuc%00ca"), 400, "C'è un segno che non riusciamo a scrivere."
    ),
    Case("a shelf that nobody has", lambda w: w.shop.get("/?scaffale=pesce"), 404, "Questa pagina non c'è."),
    Case("a paper of nobody", lambda w: w.shop.get("/ordini/xxxx/riepilogo.pdf"), 404, NO_ORDER_HERE),
    # one's own orders
    Case("no address to come in", lambda w: w.shop.post(MINE, data={}), 422, "Scrivi la tua e-mail."),
    Case(
        "an address to come in that is none",
        lambda w: w.shop.post(MINE, data={"email": "maria@"}),
        422,
        "deve essere come nome@posta.it",
        ("maria@",),
    ),
    Case(
        "NUL in the address to come in",
        lambda w: w.shop.post(MINE, data={"email": "ma\0ria@b.it"}),
        422,
        UNWRITABLE,
    ),
    Case("coming in by a link of nobody", lambda w: w.shop.post(f"{MINE}/entra/{'x' * 32}"), 404, NO_LINK),
    Case("looking at a link of nobody", lambda w: w.shop.get(f"{MINE}/entra/%00"), 404, NO_LINK),
    Case("an order of somebody else", lambda w: w.citizen.post(f"{MINE}/apri/{w.other.id}"), 404, "ordine non c'è."),
    Case(
        "a name for next time without end",
        lambda w: w.citizen.post(f"{MINE}/per-ordinare", data={"nome": LONG, "telefono": "0381 123456"}),
        422,
        "scrivi al massimo 100 lettere.",
        ("+39 0381 123456",),
    ),
    Case(
        "letters as a phone for next time",
        lambda w: w.citizen.post(f"{MINE}/per-ordinare", data={"nome": "Maria", "telefono": "chiamami"}),
        422,
        "Guarda il numero di telefono",
        ("chiamami", "Maria"),
    ),
    Case(
        "an address without a street",
        lambda w: w.citizen.post(f"{MINE}/indirizzo", data={"cap": "27029", "comune": "Vigevano"}),
        422,
        "Scrivi la via e il numero.",
        ("27029", "Vigevano"),
    ),
    Case(
        "an address with a postcode of letters",
        lambda w: w.citizen.post(f"{MINE}/indirizzo/{w.address}", data={"via": "Via Po 2", "cap": "ABCDE"}),
        422,
        "Il CAP ha 5 cifre",
        ("Via Po 2", "ABCDE"),
    ),
    Case(
        "an address of nobody",
        lambda w: w.citizen.post(
            f"{MINE}/indirizzo/987654", data={"via": "Via Po 2", "cap": "27029", "comune": "Vigevano"}
        ),
        404,
        "Questo indirizzo non c'è.",
    ),
    Case(
        "erasing with an order that is open",
        lambda w: w.citizen.post(f"{MINE}/cancella", data={"azione": "conferma"}),
        409,
        "Hai ancora un ordine aperto",
    ),
]
