"""What a tutor may send that cannot be: sums, days, hours, and deeds whose time is over."""

from __future__ import annotations

from datetime import date, timedelta

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog.models import PickUp
from core import clock
from tests.refusals.world import Case, World

KEY = "a-form-of-the-staff-1"


def _complaint(world: World, typed: str, **more: str) -> TestResponse:
    line = world.line(world.given, "miele-acacia")
    sent = {"key": KEY, "azione": "ridai", "ridato": "0", f"parte-{line}": typed, "come": "cash", "motivo": "peso"}
    return world.tutor.post(f"/banco/ordini/{world.given.id}/reclamo", data=sent | more)


def _complaint_too_early(world: World) -> TestResponse:
    return world.tutor.post(f"/banco/ordini/{world.mine.id}/reclamo", data={"key": KEY})


def _call(world: World, *rows: str, **typed: str) -> TestResponse:
    sent = MultiDict({"key": KEY, "nome": "Ugo Bianchi", "telefono": "0381 000 000", "fonte": "phone", "sconto": "0"})
    sent["ritiro"] = str(world.open.id)
    sent.setlist("riga", list(rows or (f"{world.honey.id}:1:850",)))
    for name, words in typed.items():
        sent.setlist(name, [words])
    return world.tutor.post("/banco/ordini/nuovo", data=sent)


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
    sent = {"giorno": day.isoformat(), "dalle": "16:00", "alle": "18:00", "motivo": "Gelo"}
    return world.tutor.get(f"/banco/ritiri/{world.open.id}/sposta", query_string=sent | typed)


def _week(world: World, day: date, reason: str = "Riposo") -> TestResponse:
    return world.tutor.post(
        "/banco/ritiri/settimane", data={"key": KEY, "settimana": day.isoformat(), "motivo": reason}
    )


def _monday(weeks: int = 1) -> date:
    return clock.today() - timedelta(days=clock.today().weekday()) + timedelta(days=7 * weeks)


UGO = ("Ugo Bianchi",)

CASES = [
    # giving back
    Case("letters for euro", lambda w: _complaint(w, "due euro"), 422, "scrivi quanti euro", ("due euro",)),
    Case("three decimals", lambda w: _complaint(w, "1,505"), 422, "scrivi quanti euro", ("1,505",)),
    Case("a negative refund", lambda w: _complaint(w, "-1,00"), 422, "scrivi quanti euro", ("-1,00",)),
    Case("nothing given back", lambda w: _complaint(w, ""), 422, "Scegli almeno una riga"),
    Case("zero given back", lambda w: _complaint(w, "0"), 422, "da 1 centesimo", ("0",)),
    Case("more than was paid", lambda w: _complaint(w, "8,51"), 422, "8,50", ("8,51",)),
    Case("a sum without end", lambda w: _complaint(w, "9" * 30), 422, "scrivi quanti euro"),
    Case("no way to give it back", lambda w: _complaint(w, "1,00", come="oro"), 422, "Scegli come", ("1,00",)),
    Case("no reason", lambda w: _complaint(w, "1,00", motivo=""), 422, "Scegli un motivo", ("1,00",)),
    Case("a reason of blanks", lambda w: _complaint(w, "1,00", motivo="altro", parole="  "), 422, "perché", ("1,00",)),
    Case("somebody gave back meanwhile", lambda w: _complaint(w, "1,00", ridato="5"), 409, "Intanto", ("1,00",)),
    Case("a complaint before hand-over", _complaint_too_early, 409, "non è ancora stata consegnata"),
    # an order by phone
    Case("nobody on the phone", lambda w: _call(w, nome=""), 422, "Scrivi il nome", ("0381 000 000",)),
    Case("no way to ring back", lambda w: _call(w, telefono=""), 422, "Scrivi il telefono", UGO),
    Case("a discount of everything", lambda w: _call(w, sconto="100"), 422, "sconto", UGO),
    Case("nothing ordered on the phone", lambda w: _call(w, "x:y:z"), 422, "Scegli almeno un prodotto", UGO),
    Case("a total that nobody said", lambda w: _call(w), 409, "Prima dì il totale", UGO),
    Case("another total than was said", lambda w: _call(w, detto="1:1"), 409, "totale è cambiato", UGO),
    Case("more than is left, on the phone", lambda w: _call(w, f"{w.honey.id}:500:850"), 409, "", UGO),
    Case("NUL on the phone", lambda w: _call(w, nota="\0", detto="850:850"), 422, "segno", UGO),
    Case("a phone order for a pick-up of nobody", lambda w: _call(w, ritiro="987654"), 409, "ritiro", UGO),
    # pick-ups
    Case("moved to yesterday", lambda w: _move(w, clock.yesterday()), 422, "deve ancora venire", ("Gelo",)),
    Case("moved to next year", lambda w: _move(w, clock.today() + timedelta(days=400)), 422, "due mesi", ("Gelo",)),
    Case("moved without a day", lambda w: _move(w, clock.today(), giorno=""), 422, "giorno"),
    Case(
        "moved to its end before its beginning", lambda w: _move(w, _monday(2), alle="15:00"), 422, "inizio", ("Gelo",)
    ),
    Case("moved at 25 o'clock", lambda w: _move(w, _monday(2), dalle="25:00"), 422, "16:30", ("Gelo",)),
    Case("moved without a reason", lambda w: _move(w, _monday(2), motivo=" "), 422, "perché"),
    Case("called off without a reason", lambda w: _pickup(w, "non-si-fa", motivo=""), 422, ""),
    Case("no place at all", lambda w: _places(w, w.full, "0"), 409, "", ("0",)),
    Case("sixty-one places", lambda w: _places(w, w.open, "61"), 422, "60", ("61",)),
    Case("places in words", lambda w: _places(w, w.open, "tanti"), 422, "numero", ("tanti",)),
    Case("a paper that is none", lambda w: _pickup(w, "fogli/poster"), 404, ""),
    Case("a pick-up of nobody, to move", lambda w: w.tutor.get("/banco/ritiri/987654/sposta"), 404, "ritiro"),
    # rules and weeks
    Case("a rule for the ninth day", lambda w: _rule(w, giorno="9"), 422, "giorno della settimana"),
    Case("a rule that ends before it begins", lambda w: _rule(w, alle="15:00"), 422, "inizio"),
    Case("a rule without a place", lambda w: _rule(w, posto="987654"), 422, "posto"),
    Case(
        "a rule with a cut-off after its pick-up", lambda w: _rule(w, giorni_prima="0", termine="17:00"), 422, "termine"
    ),
    Case("a rule for nobody", lambda w: _rule(w, posti="0"), 422, "posti"),
    Case("a week that begins on Wednesday", lambda w: _week(w, _monday() + timedelta(days=2)), 422, "lunedì"),
    Case("a week of last year", lambda w: _week(w, _monday(-50)), 422, "passata"),
    Case(
        "a closed week with orders",
        lambda w: _week(w, w.open.day - timedelta(days=w.open.day.weekday())),
        409,
        "ordini",
    ),
    Case("a closed week without a reason", lambda w: _week(w, _monday(3), ""), 422, "perché"),
    Case("a month of noise", lambda w: w.tutor.get("/banco/incassi?mese=2026-99"), 404, "mese"),
]
