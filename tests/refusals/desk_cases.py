"""What a tablet may send that cannot be: wrong keys, a wrong unit, a page that stood open."""

from __future__ import annotations

from werkzeug.test import TestResponse

from core import clock, journal, undo
from orders import finding, preparing
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


def _too_early(world: World) -> TestResponse:
    with clock.at(world.ready.pickup.from_at):
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
    Case("not collected too early", _too_early, 409, "ancora tempo"),
    Case("kilos for grams of the harvest", lambda w: _harvest(w, "1"), 422, "Intendi 1 chilo?", ("1",)),
    Case("less of the harvest, but all of it", lambda w: _harvest(w, "1500"), 422, "È arrivato tutto?", ("1500",)),
    Case("far more harvest than was sold", lambda w: _harvest(w, "15500"), 422, "Guarda ancora.", ("15500",)),
    Case("sure of another number", lambda w: _harvest(w, "1501", sure="1502"), 422, "È arrivato tutto?", ("1501",)),
    Case("a harvest in words", lambda w: _harvest(w, "tanto"), 422, "Scrivi un numero da zero in su."),
    Case(
        "a badge of nobody", lambda w: w.desk.post("/banco/cartellino/xxxxxxxx"), 404, "Non conosco questo cartellino."
    ),
    Case("somebody who does not work today", lambda w: w.desk.post("/banco/chi-sei/987654"), 404, "non lavora"),
    Case("undo of another deed than the screen named", _stale_undo, 409, "cambiato qualcosa"),
    Case("undo where there is nothing", _nothing_to_undo, 409, "non si può più tornare indietro"),
]
