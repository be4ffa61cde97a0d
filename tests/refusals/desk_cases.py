"""What a tablet may send that cannot be: wrong keys, a wrong unit, a page that stood open."""

from __future__ import annotations

from werkzeug.test import TestResponse

from core import clock, coins, journal, undo
from orders import drawers, finding, handing_over, preparing
from tests.refusals.world import Case, World

KEY = "a-form-key-0123456789"
NO_WEIGHT = "Guarda la bilancia e scrivi i grammi."


def _line(world: World, slug: str, deed: str, **sent: object) -> TestResponse:
    address = f"/banco/casse/{world.crate.id}/righe/{world.line(world.crate, slug)}/{deed}"
    return world.desk.post(address, data={"key": KEY, "version": 0, **sent})


def _crate(world: World, deed: str, order_id: int | None = None) -> TestResponse:
    return world.desk.post(f"/banco/casse/{order_id or world.crate.id}/{deed}", data={"key": KEY})


def _give(world: World, deed: str, **sent: object) -> TestResponse:
    return world.desk.post(f"/banco/consegna/{world.ready.id}/{deed}", data={"key": KEY, **sent})


def _harvest(world: World, arrived: str, **more: str) -> TestResponse:
    """Of the carrots for tomorrow's pick-up: a kilo and a half was sold."""
    sent = {"key": KEY, "arrived": arrived, "seen": "", "less": "1"}
    return world.desk.post(f"/banco/raccolto/{world.closed.id}/{world.carrots.id}", data=sent | more)


def _cash(world: World, given: str, back: str) -> dict[str, object]:
    """Money for the crate that is ready, as a page that shows something else would send it."""
    return {"expected": handing_over.cash_due(finding.get(world.ready.id)), "dati": given, "resto": back}


def _empty_box(world: World) -> TestResponse:
    """Somebody has emptied it while the change was on the screen."""
    due = handing_over.cash_due(finding.get(world.ready.id))
    return _give(world, "resto", **_cash(world, "5000", ",".join(map(str, coins.pieces(5000 - due)))))


def _typed(world: World, euro: str) -> TestResponse:
    return world.tutor.get(f"/banco/consegna/{world.ready.id}/contanti", query_string={"euro": euro})


def _count(world: World, sent: dict[str, str], *, place: int | None = None, seen: int | None = None) -> TestResponse:
    place = place or world.ready.pickup.place_id
    form = {"key": KEY, "vista": drawers.newest_move(place) if seen is None else seen, **sent}
    return world.tutor.post(f"/banco/cassa/{place}", data=form)


def _too_early(world: World) -> TestResponse:
    with clock.at(world.ready.pickup.from_at):
        with world.desk.session_transaction() as session:
            session.update(since=clock.now().isoformat())  # has come in for that hour
        return _give(world, "non-ritirata")


def _somebody_was_faster(world: World) -> TestResponse:
    line = world.line(world.crate, "miele-acacia")
    page_version = 0
    preparing.take_line(world.crate.id, line, version=0, by=world.anna.id)
    return _line(world, "miele-acacia", "presa", version=page_version)


def _stale_undo(world: World) -> TestResponse:
    entry = undo.newest(finding.get(world.ready.id))
    return world.desk.post(
        "/banco/torna-indietro", data={"key": KEY, "ordine": world.ready.id, "deed": (entry.id if entry else 0) - 1}
    )


def _nothing_to_undo(world: World) -> TestResponse:
    entry = journal.entries(world.mine)[0]
    return world.desk.post("/banco/torna-indietro", data={"key": KEY, "ordine": world.mine.id, "deed": entry.id})


def _shelf(world: World, room: str, product_id: int, typed: str, seen: str = "850") -> TestResponse:
    return world.desk.post(
        f"/banco/scaffali/{room}/{product_id}", data={"key": KEY, "number": typed, "seen": seen, "sure": ""}
    )


def _ask(world: World, **sent: object) -> TestResponse:
    return world.desk.post(f"/banco/consegna/{world.ready.id}/chiedi", data={"key": KEY, **sent})


def _stale_price(world: World) -> TestResponse:
    return _shelf(world, "prezzo", world.honey.id, "900", seen="800")


def _read(world: World, page: str, code: str) -> TestResponse:
    return world.desk.post(f"/banco{page}", data={"key": KEY, "codice": code})


def _find(world: World, number: str) -> TestResponse:
    return world.desk.post("/banco/consegna/trova", data={"key": KEY, "numero": number})


def _pass_on(world: World, order_id: int, way: str = "", **sent: object) -> TestResponse:
    return world.desk.post(f"/banco/passa/{order_id}{way}", data={"key": KEY, "persona": world.anna.id, **sent})


def _in_hand(world: World, grams: str) -> TestResponse:
    """The same weight, one product at a time."""
    address = f"/banco/casse/{world.crate.id}/righe/{world.line(world.crate, 'carote')}/peso?via=prodotto"
    return world.desk.post(address, data={"key": KEY, "version": 0, "grams": grams})


CASES = [
    Case("no weight", lambda w: w.weigh(""), 422, NO_WEIGHT),
    Case("a weight of nothing", lambda w: w.weigh("0"), 422, NO_WEIGHT),
    Case("a negative weight", lambda w: w.weigh("-500"), 422, NO_WEIGHT),
    Case("kilos with a comma", lambda w: w.weigh("1,5"), 422, NO_WEIGHT),
    Case("a weight in words", lambda w: w.weigh("un chilo"), 422, NO_WEIGHT),
    Case("a kilo for a thousand grams", lambda w: w.weigh("1"), 422, "Sono grammi o chili?", ("1",)),
    Case("a hundred times too much", lambda w: w.weigh("100000"), 422, "Sono grammi o chili?"),
    Case("a weight beyond every scale", lambda w: w.weigh("999999999"), 422, NO_WEIGHT),
    Case("a weight beyond every number", lambda w: w.weigh("9" * 40), 422, NO_WEIGHT),
    Case("three times as much", lambda w: w.weigh("3000"), 422, "Guarda ancora la bilancia", ("3000",)),
    Case("NUL on the scale", lambda w: w.weigh("5\0"), 400, "C'è un segno che non riusciamo a scrivere."),
    Case(
        "a line of another crate",
        lambda w: w.weigh("500", line=w.line(w.ready, "bietole")),
        404,
        "Questa riga non c'è.",
    ),
    Case("a line of nobody", lambda w: w.weigh("500", line=987654), 404, "Questa riga non c'è."),
    Case("a page without a version", lambda w: w.weigh("1000", version=""), 409, "Guarda di nuovo", ("1000",)),
    Case(
        "a jar on the scale", lambda w: w.weigh("500", line=w.line(w.crate, "miele-acacia")), 422, "Questo non si pesa."
    ),
    Case("carrots by hand", lambda w: _line(w, "carote", "presa"), 422, "Questo si pesa."),
    Case("ready with an empty crate", lambda w: _crate(w, "pronta"), 409, "Manca ancora"),
    Case("a label before the crate is ready", lambda w: _crate(w, "etichetta"), 409, "Prima prepara"),
    Case("a crate of nobody", lambda w: _crate(w, "pronta", 987654), 404, "Questo ordine non c'è."),
    Case("a crate that is not closed yet", lambda w: w.desk.get(f"/banco/casse/{w.mine.id}"), 404, "non c'è ancora"),
    Case("given before it is paid", lambda w: _give(w, "data"), 409, "Prima prendi i soldi"),
    Case("another sum than is due", lambda w: _give(w, "soldi", expected=1), 409, "cambiato qualcosa"),
    Case("a sum in words", lambda w: _give(w, "soldi", expected="dieci euro"), 409, "cambiato qualcosa"),
    Case(
        "more change than was given", lambda w: _give(w, "resto", **_cash(w, "500", "1000")), 409, "cambiato qualcosa"
    ),
    Case("less change than is right", lambda w: _give(w, "resto", **_cash(w, "5000", "2000")), 409, "Chiedi al tutor"),
    Case("coins that nobody makes", lambda w: _give(w, "resto", **_cash(w, "5001,3", "")), 409, "cambiato qualcosa"),
    Case("change out of an empty box", _empty_box, 409, "Chiedi al tutor", ("5000",)),
    Case("a sum in words for the change", lambda w: _typed(w, "venti euro"), 422, "per esempio 20", ("venti euro",)),
    Case("less than is due", lambda w: _typed(w, "0,05"), 422, "Mancano ancora", ("0,05",)),
    Case("an empty count", lambda w: _count(w, {}), 422, "Scrivi quanti pezzi ci sono"),
    Case("a count in words", lambda w: _count(w, {"n-1000": "tre"}), 422, "Scrivi quanti pezzi"),
    Case("more coins than a box holds", lambda w: _count(w, {"n-5": "1000"}), 422, "Scrivi quanti pezzi", ("1000",)),
    Case("less than no coins", lambda w: _count(w, {"n-5": "-1"}), 422, "Scrivi quanti pezzi"),
    Case("a count that money overtook", lambda w: _count(w, {"n-5": "7"}, seen=99), 409, "entrati o usciti", ("7",)),
    Case("a box of nowhere", lambda w: _count(w, {"n-5": "7"}, place=987654), 404, "non c’è una cassa"),
    Case("not collected too early", _too_early, 409, "ancora tempo"),
    Case("kilos for grams of the harvest", lambda w: _harvest(w, "1"), 422, "Intendi 1 chilo?", ("1",)),
    Case("less of the harvest, but all of it", lambda w: _harvest(w, "1500"), 422, "È arrivato tutto?", ("1500",)),
    Case("far more harvest than was sold", lambda w: _harvest(w, "15500"), 422, "Guarda ancora.", ("15500",)),
    Case("sure of another number", lambda w: _harvest(w, "1501", sure="1502"), 422, "È arrivato tutto?", ("1501",)),
    Case("a harvest in words", lambda w: _harvest(w, "tanto"), 422, "Scrivi un numero da zero in su."),
    Case(
        "a badge of nobody", lambda w: w.desk.post("/banco/cartellino/xxxxxxxx"), 404, "Non conosco questo cartellino."
    ),
    Case(
        "a code that is no badge", lambda w: _read(w, "/cartellino", "https://example.org/"), 404, "non è un cartellino"
    ),
    Case("no code at all", lambda w: _read(w, "/cartellino", ""), 404, "Questo non è un cartellino."),
    Case("a code longer than a page", lambda w: _read(w, "/cartellino", "x" * 9000), 404, "non è un cartellino"),
    Case(
        "a badge that nobody printed",
        lambda w: _read(w, "/cartellino", "x" * 43),
        404,
        "Non conosco questo cartellino.",
    ),
    Case("a label of nobody", lambda w: _read(w, "/consegna/etichetta", "/banco/casse/987654"), 404, "Questa non è"),
    Case("a label that is a badge", lambda w: _read(w, "/consegna/etichetta", "x" * 43), 404, "una cassetta di oggi."),
    Case("a crate number of nobody", lambda w: _find(w, "59"), 404, "Non trovo la cassetta 59.", ("59",)),
    Case("a crate number in words", lambda w: _find(w, "dodici"), 422, "Guarda la cassetta. Scrivi il suo numero."),
    Case("no crate number", lambda w: _find(w, ""), 422, "Scrivi il suo numero."),
    Case(
        "an answer to nobody's question",
        lambda w: w.tutor.post("/tutor/chiede/987654/si"),
        404,
        "Questa richiesta non c’è.",
    ),
    Case("a pause of nobody", lambda w: w.tutor.post("/tutor/persone/987654/pausa"), 404, "Questa persona non c'è."),
    Case("nobody works today too", lambda w: w.tutor.post("/tutor/oggi-anche/987654"), 404, "Questa persona non c'è."),
    Case("somebody who does not work today", lambda w: w.desk.post("/banco/chi-sei/987654"), 404, "non lavora"),
    Case(
        "a price in words at the shelf",
        lambda w: _shelf(w, "prezzo", w.honey.id, "tanto"),
        422,
        "Scrivi il prezzo con i numeri.",
    ),
    Case(
        "the price that it has", lambda w: _shelf(w, "prezzo", w.honey.id, "850"), 422, "Questo è il prezzo di adesso."
    ),
    Case(
        "ten times the price",
        lambda w: _shelf(w, "prezzo", w.honey.id, "8500"),
        422,
        "Guarda ancora il numero.",
        ("8500",),
    ),
    Case(
        "a count in words at the shelf",
        lambda w: _shelf(w, "conta", w.honey.id, "tanti"),
        422,
        "Scrivi un numero da zero in su.",
    ),
    Case("a count of what grows", lambda w: _shelf(w, "conta", w.carrots.id, "5"), 404, "Questo prodotto non c'è."),
    Case("a price of practice", lambda w: _shelf(w, "prezzo", w.jar.id, "900"), 404, "Questo prodotto non c'è."),
    Case("a price that was another one", _stale_price, 409, "cambiato qualcosa"),
    Case("a crate asked for as a gift", lambda w: _ask(w, deed="regalo"), 422, "scegli di nuovo"),
    Case(
        "a crate asked for with another sum",
        lambda w: _ask(w, deed="data", pagato="cash", expected=5),
        409,
        "cambiato qualcosa",
    ),
    Case(
        "an answer of nobody",
        lambda w: w.desk.post("/banco/proposte/987654/letta", data={"key": KEY}),
        404,
        "Questa proposta non c'è.",
    ),
    Case(
        "a yes to nobody",
        lambda w: w.tutor.post("/tutor/proposte/987654/si", data={"key": KEY}),
        404,
        "Questa proposta non c'è.",
    ),
    Case("a crate passed on that nobody is on", lambda w: _pass_on(w, w.crate.id), 409, "Intanto è cambiato qualcosa."),
    Case("a finished crate passed on", lambda w: _pass_on(w, w.ready.id), 409, "Questa cassetta è già finita."),
    Case("a crate of nobody passed on", lambda w: _pass_on(w, 987654), 404, "Questo ordine non c'è."),
    Case("an open order passed on", lambda w: _pass_on(w, w.mine.id), 409, "Questa cassetta non c'è ancora."),
    Case(
        "a crate had back that nobody passed on",
        lambda w: _pass_on(w, w.crate.id, "/indietro", deed=1),
        409,
        "non si può più tornare indietro",
    ),
    Case("a kilo for grams by product", lambda w: _in_hand(w, "1"), 422, "Sono grammi o chili?", ("1",)),
    Case("three times as much by product", lambda w: _in_hand(w, "3000"), 422, "Guarda ancora la bilancia", ("3000",)),
    Case(
        "a product of nobody in the hand",
        lambda w: w.desk.get(f"/banco/prodotti-in-mano/{w.closed.id}/987654"),
        404,
        "Questo prodotto non c'è.",
    ),
    Case("undo of another deed than the screen named", _stale_undo, 409, "cambiato qualcosa"),
    Case("undo where there is nothing", _nothing_to_undo, 409, "non si può più tornare indietro"),
    Case("reading no thanks", lambda w: w.desk.post("/banco/io/grazie/987654/letto"), 404, "Questo grazie non c’è."),
]
