"""What a tutor may send that cannot be: sums, days, hours, and deeds whose time is over."""

from __future__ import annotations

from datetime import date, timedelta

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog.models import PickUp
from core import clock
from orders import finding
from orders.models import Order
from tests.refusals.world import Case, World

KEY = "a-form-of-the-staff-1"


def _complaint(world: World, typed: str, **more: str) -> TestResponse:
    line = world.line(world.given, "miele-acacia")
    sent = {"key": KEY, "azione": "ridai", "ridato": "0", f"parte-{line}": typed, "come": "cash", "motivo": "peso"}
    return world.tutor.post(f"/banco/ordini/{world.given.id}/reclamo", data=sent | more)


def _complaint_too_early(world: World) -> TestResponse:
    return world.tutor.post(f"/banco/ordini/{world.mine.id}/reclamo", data={"key": KEY})


def _receipt(world: World, typed: str, payment: str | None = None) -> TestResponse:
    sent = {"key": KEY, "scontrino": typed, "pagamento": payment or str(world.given.payments[0].id)}
    return world.tutor.post(f"/banco/ordini/{world.given.id}/scontrino", data=sent)


def _call(world: World, *rows: str, **typed: str) -> TestResponse:
    sent = MultiDict({"key": KEY, "nome": "Ugo Bianchi", "telefono": "0381 000 000", "fonte": "phone", "sconto": "0"})
    sent["ritiro"] = str(world.open.id)
    sent.setlist("riga", list(rows or (f"{world.honey.id}:1:850",)))
    for name, words in typed.items():
        sent.setlist(name, [words])
    return world.tutor.post("/banco/ordini/nuovo", data=sent)


def change_form(world: World, *rows: str, order: Order | None = None, **typed: str) -> MultiDict[str, str]:
    """The form of an order that somebody rings about, as its page shows it: its lines, unless others are given."""
    found = finding.get((order or world.mine).id)
    goods = [f"{line.product_id}:{line.quantity}:{line.price}" for line in found.lines]
    sent = MultiDict({"key": KEY, "azione": "conto", "version": str(found.version), "ritiro": str(found.pickup_id)})
    sent.update({"indirizzo": STREET, "cap": "27029", "comune": "Vigevano"})
    sent.setlist("riga", list(rows or goods))
    for name, words in typed.items():
        sent.setlist(name, [words])
    return sent


def change_address(world: World, order: Order | None = None) -> str:
    return f"/banco/ordini/{(order or world.mine).id}/cambia"


def _change(world: World, *rows: str, order: Order | None = None, **typed: str) -> TestResponse:
    return world.tutor.post(change_address(world, order), data=change_form(world, *rows, order=order, **typed))


def _bring(world: World, **typed: str) -> TestResponse:
    """To the round instead."""
    return _change(world, order=None, ritiro=str(world.home.id), **typed)


def _jars(world: World, how_many: str, **typed: str) -> TestResponse:
    return _change(world, f"{world.honey.id}:{how_many}:850", order=None, **typed)


def _no_lines(world: World) -> TestResponse:
    return _change(world, *[f"{product.id}:0:{product.price}" for product in (world.honey, world.carrots)])


def _left_over(world: World, way: str, **sent: str) -> TestResponse:
    return world.tutor.post(f"/banco/rimaste/{way}", data={"key": KEY} | sent)


def _own_up(world: World, order: Order) -> TestResponse:
    return _left_over(world, f"{order.id}/non-preparata", verdura="persa")


def _nobody_came(world: World, named: str) -> TestResponse:
    return _left_over(world, "non-ritirate", ordini=named)


def _rule(world: World, **typed: str) -> TestResponse:
    sent = {
        "key": KEY,
        "posto": str(world.open.place_id),
        "giorno": "4",
        "dalle": "16:00",
        "alle": "18:00",
        "giorni_prima": "1",
        "termine": "12:00",
        "posti": "20",
        "dal": clock.today().isoformat(),
    }
    return world.tutor.post("/banco/ritiri/regole", data=sent | typed)


def _pickup(world: World, deed: str, at: PickUp | None = None, **sent: str) -> TestResponse:
    return world.tutor.post(f"/banco/ritiri/{(at or world.open).id}/{deed}", data={"key": KEY} | sent)


def _places(world: World, pickup: PickUp, places: str) -> TestResponse:
    return _pickup(world, "posti", at=pickup, visti=str(pickup.capacity), posti=places)


def _move(world: World, day: date, **typed: str) -> TestResponse:
    sent = {"giorno": day.isoformat(), "dalle": "16:00", "alle": "18:00", "motivo": "altro", "parole": "Gelo"}
    return world.tutor.get(f"/banco/ritiri/{world.open.id}/sposta", query_string=sent | typed)


def _week(world: World, day: date, reason: str = "Riposo") -> TestResponse:
    return world.tutor.post(
        "/banco/ritiri/settimane", data={"key": KEY, "settimana": day.isoformat(), "motivo": reason}
    )


def _monday(weeks: int = 1) -> date:
    return clock.today() - timedelta(days=clock.today().weekday()) + timedelta(days=7 * weeks)


UGO = ("Ugo Bianchi",)
STREET = "Via dell'Orto 🥕 12/b"
HOME = ("🥕 12/b",)
UNREAD = "Una quantità non si è capita: sceglila di nuovo."
NO_PICKUP = "Questo ritiro non prende più ordini. Scegline un altro."
CHANGED = "Intanto l'ordine è cambiato. Guarda com'è adesso."

CASES = [
    # giving back
    Case("letters for euro", lambda w: _complaint(w, "due euro"), 422, "scrivi quanti euro", ("due euro",)),
    Case("three decimals", lambda w: _complaint(w, "1,505"), 422, "scrivi quanti euro", ("1,505",)),
    Case("a negative refund", lambda w: _complaint(w, "-1,00"), 422, "scrivi quanti euro", ("-1,00",)),
    Case("nothing given back", lambda w: _complaint(w, ""), 422, "Scegli almeno una riga"),
    Case("zero given back", lambda w: _complaint(w, "0"), 422, "si può ridare da 1 centesimo a 8,50", ("0",)),
    Case("more than was paid", lambda w: _complaint(w, "8,51"), 422, "si può ridare da 1 centesimo a 8,50", ("8,51",)),
    Case("a sum without end", lambda w: _complaint(w, "9" * 30), 422, "scrivi quanti euro"),
    Case("no way to give it back", lambda w: _complaint(w, "1,00", come="oro"), 422, "Scegli come", ("1,00",)),
    Case("no reason", lambda w: _complaint(w, "1,00", motivo=""), 422, "Scegli un motivo", ("1,00",)),
    Case(
        "a reason of blanks",
        lambda w: _complaint(w, "1,00", motivo="altro", parole="  "),
        422,
        "Scrivi in poche parole perché.",
        ("1,00",),
    ),
    Case(
        "somebody gave back meanwhile",
        lambda w: _complaint(w, "1,00", ridato="5"),
        409,
        "Intanto è già stato ridato qualcosa.",
        ("1,00",),
    ),
    Case(
        "on the card what was paid in cash",
        lambda w: _complaint(w, "1,00", come="card_terminal"),
        422,
        "Non è stato pagato con la carta.",
        ("1,00",),
    ),
    Case("a complaint before hand-over", _complaint_too_early, 409, "non è ancora stata consegnata"),
    # the number of a receipt
    Case("a receipt without end", lambda w: _receipt(w, "7" * 99), 422, "scrivi al massimo 40 lettere", ("7" * 99,)),
    Case(
        "NUL in a receipt",
        lambda w: _receipt(w, "0012\0 0034"),
        422,
        "Qui c'è un segno che non riusciamo a scrivere",
        ("0034",),
    ),
    Case("a receipt for money of nobody", lambda w: _receipt(w, "0012", "987654"), 404, "Questo pagamento non c'è."),
    # an order by phone
    Case("nobody on the phone", lambda w: _call(w, nome=""), 422, "Scrivi il nome", ("0381 000 000",)),
    Case("no way to ring back", lambda w: _call(w, telefono=""), 422, "Scrivi il telefono", UGO),
    Case("a discount of everything", lambda w: _call(w, sconto="100"), 422, "Scegli uno sconto della lista.", UGO),
    Case("nothing ordered on the phone", lambda w: _call(w, "x:y:z"), 422, "Scegli almeno un prodotto", UGO),
    Case("a total that nobody said", lambda w: _call(w), 409, "Prima dì il totale", UGO),
    Case("another total than was said", lambda w: _call(w, detto="1:1"), 409, "totale è cambiato", UGO),
    Case("more than is left, on the phone", lambda w: _call(w, f"{w.honey.id}:500:850"), 409, "Qualcosa è finito", UGO),
    Case(
        "NUL on the phone",
        lambda w: _call(w, nota="\0", detto="850:850"),
        422,
        "Qui c'è un segno che non riusciamo a scrivere",
        UGO,
    ),
    Case(
        "a phone order for a pick-up of nobody",
        lambda w: _call(w, ritiro="987654"),
        409,
        "Per questo ritiro non si può più ordinare.",
        UGO,
    ),
    # an order that is changed on the phone
    Case("jars in words", lambda w: _jars(w, "due"), 422, UNREAD, HOME),
    Case("fewer jars than none", lambda w: _jars(w, "-1"), 422, UNREAD, HOME),
    Case("half a jar", lambda w: _jars(w, "0.5"), 422, UNREAD, HOME),
    Case("jars beyond every number", lambda w: _jars(w, "9" * 40), 422, UNREAD, HOME),
    Case("half a step of carrots", lambda w: _change(w, f"{w.carrots.id}:550:290"), 422, UNREAD, HOME),
    Case("nothing left to keep", _no_lines, 422, "Così non resta niente.", HOME),
    Case("all the jars of the world", lambda w: _jars(w, "2147483647", azione="cambia"), 409, "Prima dì il totale"),
    Case("a bill that nobody said", lambda w: _jars(w, "2", azione="cambia"), 409, "Prima dì il totale"),
    Case("another bill", lambda w: _jars(w, "2", azione="cambia", detto="1:1:0"), 409, "Il totale è cambiato: dillo"),
    Case("a page from before", lambda w: _jars(w, "2", version="7"), 409, CHANGED),
    Case("a page from nowhere", lambda w: _jars(w, "2", version="-1"), 409, CHANGED),
    Case("changed to a pick-up of nobody", lambda w: _change(w, ritiro="987654"), 409, NO_PICKUP, HOME),
    Case("changed to a pick-up below zero", lambda w: _change(w, ritiro="-1"), 409, NO_PICKUP, HOME),
    Case("changed to practice", lambda w: _change(w, ritiro=str(w.practice.id)), 409, NO_PICKUP, HOME),
    Case("changed to a full one", lambda w: _change(w, ritiro=str(w.full.id)), 409, "I posti per questo ritiro", HOME),
    Case("brought to nobody's door", lambda w: _bring(w, indirizzo=" "), 422, "Scrivi la via e il numero"),
    Case("brought too far", lambda w: _bring(w, cap="20100", comune="Milano"), 422, "solo a: Vigevano", HOME),
    Case("a street without end", lambda w: _bring(w, indirizzo="à" * 5_000), 422, "al massimo 150 lettere"),
    Case("NUL in the street", lambda w: _bring(w, indirizzo="Via\0"), 422, "un segno che non riusciamo a scrivere"),
    Case("changed when it is ready", lambda w: _change(w, order=w.ready), 409, "si sta già preparando", HOME),
    Case("changed when it is gone", lambda w: _change(w, order=w.given), 409, "è già stata consegnata", HOME),
    Case("a change of nobody's order", lambda w: w.tutor.get("/banco/ordini/987654/cambia"), 404, "ordine non c'è"),
    # pick-ups
    Case("moved to yesterday", lambda w: _move(w, clock.yesterday()), 422, "deve ancora venire", ("Gelo",)),
    Case(
        "moved to next year", lambda w: _move(w, clock.today() + timedelta(days=400)), 422, "entro due mesi", ("Gelo",)
    ),
    Case("moved without a day", lambda w: _move(w, clock.today(), giorno=""), 422, "Scegli un giorno."),
    Case(
        "moved to its end before its beginning",
        lambda w: _move(w, _monday(2), alle="15:00"),
        422,
        "l'inizio viene prima della fine",
        ("Gelo",),
    ),
    Case(
        "moved at 25 o'clock",
        lambda w: _move(w, _monday(2), dalle="25:00"),
        422,
        "Scrivi l'ora, per esempio 16:30.",
        ("Gelo",),
    ),
    Case("moved without a reason", lambda w: _move(w, _monday(2), motivo=""), 422, "Scegli perché.", ("Gelo",)),
    Case(
        "moved for a reason of blanks",
        lambda w: _move(w, _monday(2), parole=" "),
        422,
        "Scrivi in poche parole perché.",
    ),
    Case(
        "moved for a reason of calling off",
        lambda w: _move(w, _monday(2), motivo="gelo"),
        422,
        "Scegli perché.",
        ("Gelo",),
    ),
    Case("called off without a reason", lambda w: _pickup(w, "non-si-fa", motivo=""), 422, "Scegli perché."),
    Case(
        "called off without saying what becomes of the vegetables",
        lambda w: _pickup(w, "non-si-fa", motivo="altro", parole="Nevica"),
        422,
        "Scegli che cosa succede con il fresco.",
        ("Nevica",),
    ),
    Case(
        "called off with vegetables that are neither here nor gone",
        lambda w: _pickup(w, "non-si-fa", motivo="gelo", verdura="forse"),
        422,
        "Scegli che cosa succede con il fresco.",
    ),
    Case(
        "called off without a look before",
        lambda w: _pickup(w, "non-si-fa", motivo="gelo", verdura="persa"),
        409,
        "Intanto è cambiato qualcosa. Guarda di nuovo.",
    ),
    Case("no place at all", lambda w: _places(w, w.full, "0"), 409, "C'è già 1 ordine.", ("0",)),
    Case("sixty-one places", lambda w: _places(w, w.open, "61"), 422, "Scrivi un numero di posti da 0 a 60.", ("61",)),
    Case("places in words", lambda w: _places(w, w.open, "tanti"), 422, "Scrivi un numero.", ("tanti",)),
    Case("a paper that is none", lambda w: _pickup(w, "fogli/poster"), 404, "Questo foglio non c'è."),
    Case(
        "a pick-up of nobody, to move",
        lambda w: w.tutor.get("/banco/ritiri/987654/sposta"),
        404,
        "Questo ritiro non c'è.",
    ),
    # what is left over
    Case("nobody came for no crate", lambda w: _nobody_came(w, ""), 422, "Scegli di nuovo le cassette."),
    Case("nobody came for crates in words", lambda w: _nobody_came(w, "tutte"), 422, "Scegli di nuovo le cassette."),
    Case("nobody came for a crate of nobody", lambda w: _nobody_came(w, "987654"), 404, "Questo ordine non c'è."),
    Case(
        "nobody came for what is not ready",
        lambda w: _nobody_came(w, f"{w.ready.id},{w.crate.id}"),
        409,
        "La cassetta non è ancora pronta.",
    ),
    Case("owned up to while there is time", lambda w: _own_up(w, w.crate), 409, "C'è ancora tempo"),
    Case("owned up to what is ready", lambda w: _own_up(w, w.ready), 409, "Questa cassetta è pronta"),
    Case("owned up to what was given", lambda w: _own_up(w, w.given), 409, "Questa cassetta è pronta"),
    Case(
        "taken back what nobody did",
        lambda w: _left_over(w, f"{w.ready.id}/torna-indietro", deed="1"),
        409,
        "Intanto è cambiato qualcosa. Guarda di nuovo.",
    ),
    # rules and weeks
    Case("a rule for the ninth day", lambda w: _rule(w, giorno="9"), 422, "Scegli un giorno della settimana."),
    Case("a rule that ends before it begins", lambda w: _rule(w, alle="15:00"), 422, "l'inizio viene prima della fine"),
    Case("a rule without a place", lambda w: _rule(w, posto="987654"), 422, "Scegli un posto."),
    Case(
        "a rule with a cut-off after its pick-up",
        lambda w: _rule(w, giorni_prima="0", termine="17:00"),
        422,
        "Il termine per ordinare viene prima del ritiro.",
    ),
    Case("a rule for nobody", lambda w: _rule(w, posti="0"), 422, "Scrivi un numero di posti da 1 a 60."),
    Case(
        "a week that begins on Wednesday",
        lambda w: _week(w, _monday() + timedelta(days=2)),
        422,
        "Una settimana comincia di lunedì",
    ),
    Case("a week of last year", lambda w: _week(w, _monday(-50)), 422, "Questa settimana è già passata."),
    Case(
        "a closed week with orders",
        lambda w: _week(w, w.open.day - timedelta(days=w.open.day.weekday())),
        409,
        "ci sono ordini: prima spostalo o disdicilo.",
    ),
    Case("a closed week without a reason", lambda w: _week(w, _monday(3), ""), 422, "Scrivi in poche parole perché."),
    Case("a month of noise", lambda w: w.tutor.get("/banco/incassi?mese=2026-99"), 404, "Questo mese non c'è."),
    Case(
        "letting no thanks through",
        lambda w: w.tutor.post("/banco/grazie/987654/vedere"),
        404,
        "Questo grazie non c'è più.",
    ),
    Case(
        "keeping no thanks back",
        lambda w: w.tutor.post("/banco/grazie/987654/non-vedere"),
        404,
        "Questo grazie non c'è più.",
    ),
    Case(
        "no thanks again",
        lambda w: w.tutor.post("/banco/grazie/987654/torna-indietro"),
        404,
        "Questo grazie non c'è più.",
    ),
]
