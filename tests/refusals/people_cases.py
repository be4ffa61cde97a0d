"""What may be sent about letters, texts, the farm's data, people, badges, tablets and shifts that cannot be."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.test import TestResponse

from core import clock, seen
from core.database import db
from core.outbox import Item
from orders import rewriting, texts
from people import devices, shifts, staying
from people.models import Person
from tests.refusals.world import Case, World

KEY = "a-form-about-people-1"
BODY = "Ciao {nome}, vieni {ritiro}. {pagare}"


def _letter(world: World, name: str, way: str, **sent: str) -> TestResponse:
    query = select(Item.id, Item.payload).where(Item.order_id == world.ready.id)
    item = next((row.id for row in db.session.execute(query) if row.payload["letter"] == name), 987654)
    return world.tutor.post(f"/banco/partenze/{item}/{way}", data={"key": KEY} | sent)


def _text(world: World, room: str = "lettere/ready", **typed: str) -> TestResponse:
    kind, slug = ("letter" if room.startswith("lettere") else "page"), room.partition("/")[2]
    sent = {"key": KEY}
    for language in ("it", "en"):
        words = texts.get(kind, slug, language)
        sent |= {f"title-{language}": words.title, f"body-{language}": words.body}
        sent[f"visto-{language}"] = rewriting.seen(kind, slug, language)
    return world.coordinator.post(
        f"/banco/testi/{room}", data=sent | {n.replace("_", "-"): w for n, w in typed.items()}
    )


def _data(world: World, **typed: str) -> TestResponse:
    sent = {
        "key": KEY,
        "name": "La cascina",
        "address": "Via 1",
        "email": "a@posta.example",
        "vat_number": "00743110157",
    }
    return world.coordinator.post("/banco/dati", data=sent | typed)


def _person(world: World, way: str, **sent: str) -> TestResponse:
    return world.tutor.post(f"/tutor/persone/{world.anna.id}/{way}", data={"key": KEY} | sent)


def _edit(world: World, **typed: str) -> TestResponse:
    anna = db.session.get_one(Person, world.anna.id)
    sent = {"name": "Annina", "picture": anna.picture, "language": "it", "text_size": "0"}
    sent["visto"] = seen.of(anna, staying.COLUMNS)
    return _person(world, "modifica", **(sent | typed))


def _leave(world: World, **sent: str) -> TestResponse:
    return _person(world, "ultimo-giorno", **({"quando": "giorno", "ultimo": clock.today().isoformat()} | sent))


def _tablet(world: World, **typed: str) -> TestResponse:
    device = devices.in_use()[0]
    sent = {"key": KEY, "device_name": "Tablet blu", "place": "magazzino"}
    return world.tutor.post(f"/tutor/squadra/dispositivi/{device.id}/nome", data=sent | typed)


def _week(world: World, way: str = "", **typed: str) -> TestResponse:
    monday = shifts.monday_of(clock.today())
    days = {day: ids for day, ids in shifts.ticked(shifts.days_of(monday)).items() if day >= clock.today()}
    sent = {"key": KEY, "settimana": monday.isoformat(), "visto": shifts.seen(days)}
    return world.tutor.post(f"/tutor/squadra/turni{way}", data=sent | typed)


def _diary(world: World, **sent: str) -> TestResponse:
    given = {"key": KEY, "cosa": "product", "numero": str(world.honey.id), "deed": "1"}
    return world.tutor.post("/banco/diario/torna-indietro", data=given | sent)


def _oneself(world: World, way: str, **sent: str) -> TestResponse:
    return world.desk.post(f"/banco/io/{way}", data={"key": KEY} | sent)


LOOK_AGAIN = "Intanto è cambiato qualcosa. Guarda di nuovo."
LONG_AGO = "2020-02-29"

CASES = [
    # what will leave the house
    Case("a confirmation stopped", lambda w: _letter(w, "received", "ferma"), 422, "la vuole la legge"),
    Case("a letter of nobody stopped", lambda w: _letter(w, "poster", "ferma"), 404, "Questa lettera non c'è."),
    Case(
        "a letter that nobody stopped, sent", lambda w: _letter(w, "ready", "manda", deed="1"), 409, "tornare indietro"
    ),
    Case("a letter of nobody sent", lambda w: _letter(w, "poster", "manda"), 404, "Questa lettera non c'è."),
    Case("a letter that waits for undo hurried", lambda w: _letter(w, "ready", "riprova"), 409, "non è più ferma"),
    # the diary
    Case("taken back an old deed", lambda w: _diary(w, deed="987654"), 409, LOOK_AGAIN),
    Case("taken back on nothing", lambda w: _diary(w, cosa="nothing"), 404, "Questa pagina non c'è."),
    Case("taken back on a thing of nobody", lambda w: _diary(w, numero="987654"), 404, "Questa pagina non c'è."),
    Case("taken back in words", lambda w: _diary(w, numero="uno"), 404, "Questa pagina non c'è."),
    # texts
    Case("a place that is none", lambda w: _text(w, body_it=BODY + " {nme}"), 422, "si riempie da solo", ("{nme}",)),
    Case("half a place", lambda w: _text(w, body_it=BODY + " {nome"), 422, "C'è una graffa da sola"),
    Case(
        "a letter without the meeting", lambda w: _text(w, body_it="{totale}"), 422, "Manca {appuntamento} o {ritiro}"
    ),
    Case("a letter without a subject", lambda w: _text(w, title_en=" "), 422, "Scrivi un titolo."),
    Case("a letter without words", lambda w: _text(w, body_en="\n"), 422, "Scrivi un testo."),
    Case("a letter without end", lambda w: _text(w, body_it=BODY + "à" * 20_001), 422, "Il testo è troppo lungo"),
    Case(
        "a letter from an old page",
        lambda w: _text(w, title_it="Ecco", visto_it="x"),
        409,
        "ha cambiato questo testo",
        ("Ecco",),
    ),
    Case(
        "withdrawal without its sentence",
        lambda w: _text(w, "pagine/recesso", body_it="Scrivici: {email}."),
        422,
        "Manca la frase da copiare",
        ("Scrivici: {email}.",),
    ),
    Case(
        "our words where they are",
        lambda w: w.coordinator.post("/banco/testi/lettere/ready/nostro/it", data={"key": KEY}),
        409,
        "già le nostre parole",
    ),
    Case(
        "a text of before that is none",
        lambda w: w.coordinator.post("/banco/testi/lettere/ready/di-prima/it", data={"key": KEY}),
        404,
        "Questo testo non c'è.",
    ),
    Case(
        "a text in no language",
        lambda w: w.coordinator.post("/banco/testi/lettere/ready/nostro/de", data={"key": KEY}),
        404,
        "Questo testo non c'è.",
    ),
    # the farm's data
    Case(
        "a VAT number with a slip", lambda w: _data(w, vat_number="00743110158"), 422, "non tornano", ("00743110158",)
    ),
    Case("nobody sells", lambda w: _data(w, name=""), 422, "Scrivi il nome di chi vende.", ("00743110157",)),
    Case("no way to write", lambda w: _data(w, email="ciao"), 422, "Scrivi un indirizzo e-mail", ("ciao",)),
    Case("a phone in words", lambda w: _data(w, phone="casa"), 422, "Scrivi un numero di telefono", ("casa",)),
    Case("data from an old page", lambda w: _data(w, visto="x"), 409, "ha cambiato questi dati", ("La cascina",)),
    Case(
        "data taken back that nobody wrote",
        lambda w: w.coordinator.post("/banco/dati/torna-indietro", data={"key": KEY}),
        409,
        LOOK_AGAIN,
    ),
    # a person
    Case("a person without a name", lambda w: _edit(w, name=" "), 422, "Scrivi il nome."),
    Case("a person with a picture of nobody", lambda w: _edit(w, picture="x"), 422, "Scegli una figura.", ("Annina",)),
    Case("letters of no size", lambda w: _edit(w, text_size="7"), 422, "Scegli una grandezza.", ("Annina",)),
    Case("a language that nobody speaks", lambda w: _edit(w, language="xx"), 422, "Scegli una lingua.", ("Annina",)),
    Case("a person from an old page", lambda w: _edit(w, visto="x"), 409, "ha cambiato questa pagina", ("Annina",)),
    Case("a last day that is past", lambda w: _leave(w, ultimo=LONG_AGO), 422, "da oggi in poi", (LONG_AGO,)),
    Case("a last day in words", lambda w: _leave(w, ultimo="presto"), 422, "Scegli un giorno."),
    Case("somebody back who never left", lambda w: _person(w, "di-nuovo"), 409, "lavora già qui"),
    Case("a badge lost that nobody has", lambda w: _person(w, "cartellino-perso"), 422, "non ha un cartellino"),
    Case(
        "a person taken back on an old page", lambda w: _person(w, "torna-indietro", deed="1"), 409, "tornare indietro"
    ),
    Case("a guide for no work", lambda w: _person(w, "sostegno", task="x", level="1", reason="sì"), 422, "tre guide"),
    Case(
        "a guide without a reason", lambda w: _person(w, "sostegno", task="prepare", level="1"), 422, "Scrivi perché."
    ),
    Case("a person of nobody", lambda w: w.tutor.get("/tutor/persone/987654/modifica"), 404, "Questa persona non c'è."),
    Case(
        "the last who coordinates",
        lambda w: w.coordinator.post(
            "/tutor/squadra/staff/987654/ultimo-giorno", data={"key": KEY, "quando": "adesso"}
        ),
        404,
        "Questa persona non c'è.",
    ),
    # tablets and shifts
    Case("a tablet without a name", lambda w: _tablet(w, device_name=""), 422, "come si chiama", ("magazzino",)),
    Case("a tablet with a name without end", lambda w: _tablet(w, device_name="x" * 61), 422, "al massimo 60 lettere"),
    Case("shifts from an old page", lambda w: _week(w, visto="x"), 409, "ha cambiato i turni"),
    Case("no week to copy", lambda w: _week(w, "/copia"), 422, "non ha turni da copiare"),
    Case(
        "shifts taken back that nobody planned",
        lambda w: _week(w, "/torna-indietro", deed="1"),
        409,
        "tornare indietro",
    ),
    # oneself
    Case("letters of no size for oneself", lambda w: _oneself(w, "lettere", vuole="7"), 422, "Scegli una grandezza."),
    Case("more than the whole guide", lambda w: _oneself(w, "guida"), 422, "Hai già tutta"),
    Case(
        "a choice taken back that was none", lambda w: _oneself(w, "torna-indietro", deed="1"), 409, "tornare indietro"
    ),
]
