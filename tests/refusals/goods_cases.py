"""What may be sent about goods and land that cannot be: prices, counts, names, points on the map, tares."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog import importing
from catalog.models import Place
from core import clock
from core.database import db
from tests.desk.staff_desk import as_shown
from tests.photographs import photograph
from tests.refusals.world import Case, World

KEY = "a-form-about-goods-1"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def _product(world: World, way: str, **sent: str) -> TestResponse:
    return world.tutor.post(f"/banco/prodotti/{world.honey.id}/{way}", data={"key": KEY} | sent)


def _price(world: World, typed: str, seen: str = "850", **more: str) -> TestResponse:
    return _product(world, "prezzo", prezzo=typed, visto=seen, **more)


def _count(world: World, typed: str, **more: str) -> TestResponse:
    return _product(world, "conto", contati=typed, **more)


def _harvest(world: World, typed: str, **more: str) -> TestResponse:
    return _product(world, "raccolto-atteso", raccolto=typed, **more)


def _filled(world: World, page: str, path: str, **typed: str | list[str]) -> MultiDict[str, str]:
    """The form of this address as its page shows it, with these fields written otherwise."""
    sent = as_shown(world.coordinator.get(page).text, path)
    sent["key"] = KEY
    for name, value in typed.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def _words(world: World, **typed: str | list[str]) -> TestResponse:
    path = f"/banco/prodotti/{world.honey.id}/parole"
    return world.coordinator.post(path, data=_filled(world, path, path, **typed))


def _new(world: World, **typed: str | list[str]) -> TestResponse:
    path = "/banco/prodotti/nuovo"
    first: dict[str, Any] = {"nome": NEW, "prezzo": "4,80", "iva": "miele", "allergeni": "nessuno"}
    return world.coordinator.post(path, data=_filled(world, path, path, **first | typed))


def _photograph(world: World, content: bytes | None, *, product: int = 0, **more: str) -> TestResponse:
    sent: dict[str, Any] = {"key": KEY, "visto": "", **more}
    if content is not None:
        sent["fotografia"] = (io.BytesIO(content), "IMG_1.jpg")
    return world.coordinator.post(f"/banco/prodotti/{product or world.honey.id}/fotografia", data=sent)


def _no_photograph(world: World, seen: str) -> TestResponse:
    path = f"/banco/prodotti/{world.honey.id}/fotografia/togli"
    return world.coordinator.post(path, data={"key": KEY, "visto": seen})


def _list(world: World, content: bytes | None) -> TestResponse:
    sent: dict[str, Any] = {"lista": (io.BytesIO(content), "prodotti.csv")} if content is not None else {}
    return world.coordinator.post("/banco/prodotti/importa", data={"key": KEY} | sent)


def _write_list(world: World, number: int, seen: str = "") -> TestResponse:
    return world.coordinator.post(f"/banco/prodotti/importa/{number}", data={"key": KEY, "version": seen})


def _kept(*lines: str) -> int:
    return importing.keep("\n".join(("nome;prezzo", *lines)).encode(), by=None).id


def _refused_list(world: World) -> TestResponse:
    return _write_list(world, _kept("Tre torri;tre", "Miele di acacia;9"))


def _stale_list(world: World) -> TestResponse:
    return _write_list(world, _kept("Miele di acacia;9"), seen="another")


def _field(world: World, deed: str = "", **typed: str) -> TestResponse:
    """A new one without a ``deed``, else something about the one that is there."""
    page = f"/banco/campi/{world.field.id}" if deed else "/banco/campi"
    path = f"{page}/{deed}" if deed else page
    first = {} if deed else {"nome": NEW, "comune": "Gambolò", "provincia": "PV", **POINT}
    return world.coordinator.post(path, data=_filled(world, page, path, **first | typed))


def _place(world: World, deed: str = "", *, of: Place | None = None, **typed: str) -> TestResponse:
    page = f"/banco/luoghi/{(of or world.open.place).id}" if deed else "/banco/luoghi"
    path = f"{page}/{deed}" if deed else page
    new = {"nome": NEW, "comune": "Gambolò", "provincia": "PV", "indirizzo": "Via Orto 3", "tipo": "stall", **POINT}
    return world.coordinator.post(path, data=_filled(world, page, path, **({} if deed else new) | typed))


def _round(world: World, deed: str, **typed: str) -> TestResponse:
    return _place(world, deed, of=db.session.get_one(Place, world.home.place_id), **typed)


def _bowl(world: World, deed: str = "", **typed: str) -> TestResponse:
    page = f"/banco/ciotole/{world.bowl.id}" if deed else "/banco/ciotole"
    path = f"{page}/{deed}" if deed else page
    first = {} if deed else {"nome": NEW, "tara": "180"}
    return world.coordinator.post(path, data=_filled(world, page, path, **first | typed))


def _vat(world: World, deed: str = "", **typed: str) -> TestResponse:
    """A new one without a ``deed``, else something about the one of the honey."""
    page = f"/banco/iva/{world.vat_of_honey}" if deed else "/banco/iva"
    path = f"{page}/{deed}" if deed else page
    first = {} if deed else {"nome": NEW, "aliquota": "10"}
    return world.coordinator.post(path, data=_filled(world, page, path, **first | typed))


def _vouchers(world: World, **typed: str) -> TestResponse:
    sent = {"euro": "20", "giorno": _in_days(30), "quanti": "2"} | typed
    return world.coordinator.post("/banco/buoni", data=_filled(world, "/banco/buoni", "/banco/buoni", **sent))


def _voucher(world: World, voucher_id: int, deed: str) -> TestResponse:
    return world.coordinator.post(f"/banco/buoni/{voucher_id}/{deed}", data={"key": KEY, "deed": "1"})


def _in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


NEW = "Novità 🫐 àèì"
POINT = {"latitudine": "45,26", "longitudine": "8,85"}
EURO = "Scrivi quanti euro, per esempio 3,20."
NUMBER = "Scrivi un numero."
LONG = "al massimo 80 lettere"
STALE = "Quello che hai scritto è ancora qui: guarda e salva di nuovo."
HAVE_VAT = "C'è già una voce IVA con questo nome."
HAVE_FIELD, HAVE_BOWL = "C'è già un campo con questo nome.", "C'è già un contenitore con questo nome."

CASES = [
    # prices
    Case("a price in words", lambda w: _price(w, "tre euro"), 422, EURO, ("tre euro",)),
    Case("a price of nothing at all", lambda w: _price(w, ""), 422, EURO),
    Case("a price below zero", lambda w: _price(w, "-3,20"), 422, EURO, ("-3,20",)),
    Case("a price of three decimals", lambda w: _price(w, "3,205"), 422, EURO, ("3,205",)),
    Case("a price in arabic digits", lambda w: _price(w, "٣,٢٠"), 422, EURO),
    Case("a price that is zero", lambda w: _price(w, "0,00"), 422, "più di zero", ("0,00",)),
    Case("a price of a car", lambda w: _price(w, "9999,00"), 422, "Il prezzo va fino a", ("9999,00",)),
    Case("a price beyond every number", lambda w: _price(w, "9" * 40), 422, EURO, ("9" * 40,)),
    Case("a price without its comma", lambda w: _price(w, "890"), 422, "Il nuovo prezzo è 890,00 €?", ("890",)),
    Case("a price that somebody changed", lambda w: _price(w, "9,00", seen="900"), 409, "adesso è 8,50", ("9,00",)),
    Case("a price that nobody has seen", lambda w: _price(w, "9,00", seen="tanto"), 409, "adesso è 8,50", ("9,00",)),
    Case(
        "a price of a practice jar",
        lambda w: w.tutor.post(f"/banco/prodotti/{w.jar.id}/prezzo", data={"key": KEY, "prezzo": "9,00"}),
        404,
        "Questo prodotto non c'è.",
    ),
    # how much there is
    Case("jars that are counted in words", lambda w: _count(w, "tanti"), 422, NUMBER, ("tanti",)),
    Case("half a jar in the cupboard", lambda w: _count(w, "3,5"), 422, NUMBER, ("3,5",)),
    Case("fewer jars than an empty cupboard", lambda w: _count(w, "-1"), 422, NUMBER, ("-1",)),
    Case("ten times as many jars", lambda w: _count(w, "4000"), 422, "Sono 4000 vasetti?", ("4000",)),
    Case(
        "more jars than a cupboard holds",
        lambda w: _count(w, "2000000000"),
        422,
        "È troppo: guarda ancora il numero.",
    ),
    Case("kilos in words", lambda w: _kilos(w, "molti"), 422, "Scrivi i chili, per esempio 12,5.", ("molti",)),
    Case("grams for kilos", lambda w: _kilos(w, "9000"), 422, "Sono 9000 chili?", ("9000",)),
    Case("a harvest of nothing", lambda w: _harvest(w, "0"), 422, "Scrivi un numero più grande di zero."),
    Case("a harvest of words", lambda w: _harvest(w, "boh"), 422, NUMBER, ("boh",)),
    Case(
        "a harvest of a continent",
        lambda w: _harvest(w, "2000000000"),
        422,
        "È troppo: guarda ancora il numero.",
    ),
    Case(
        "taken back what nobody did to a product",
        lambda w: _product(w, "torna-indietro", deed="987654"),
        409,
        "Intanto è cambiato qualcosa. Guarda di nuovo.",
    ),
    # words
    Case(
        "a product without a name",
        lambda w: _words(w, nome="  ", conserva="Al buio"),
        422,
        "Scrivi il nome.",
        ("Al buio",),
    ),
    Case("a product with an endless name", lambda w: _words(w, nome="à" * 300), 422, LONG, ("à" * 300,)),
    Case(
        "the name of another product", lambda w: _words(w, nome="CAROTE"), 409, "C'è già un prodotto con questo nome."
    ),
    Case("a kind of magic", lambda w: _words(w, vendita="magia"), 422, "Scegli come si vende."),
    Case("jars by the gram", lambda w: _words(w, vendita="by_weight", passo="100"), 409, "fai un prodotto nuovo"),
    Case("a rate of nobody", lambda w: _words(w, iva="oro"), 422, "Scegli l'IVA."),
    Case("a shelf of nobody", lambda w: _words(w, scaffale="cantina"), 422, "Scegli lo scaffale."),
    Case("steps in words", lambda w: _words(w, passo="piccoli", nome=NEW), 422, NUMBER, (NEW, "piccoli")),
    Case("a step of nothing", lambda w: _words(w, passo="0"), 422, "Scrivi un numero da 1 a 100."),
    Case("a jar without end", lambda w: _words(w, contiene="99999999999"), 422, NUMBER),
    Case("a tolerance of everything", lambda w: _words(w, tolleranza="100"), 422, "Scrivi un numero da 0 a 50."),
    Case("two countries at once", lambda w: _words(w, origine="Italia/Spagna"), 422, "Scrivi un solo paese"),
    Case("no country on sale", lambda w: _words(w, origine=""), 422, "Scrivi il paese di origine."),
    Case("half a season", lambda w: _words(w, mese_da="4"), 422, "Scegli il primo e l'ultimo mese"),
    Case("no word of allergens", lambda w: _words(w, allergeni=[]), 422, "Scegli gli allergeni, o «nessuno»."),
    Case("none and milk", lambda w: _words(w, allergeni=["nessuno", "latte"]), 422, "oppure gli allergeni che ci sono"),
    Case("a field of nobody", lambda w: _words(w, campo="987654"), 422, "Questa scelta non c'è più"),
    Case("one jar without several", lambda w: _words(w, pezzi=""), 422, "come si chiamano tanti"),
    Case("words from an old page", lambda w: _words(w, version="0" * 16, nome=NEW), 409, STALE, (NEW,)),
    Case("words without a page", lambda w: _words(w, version="", nome=NEW), 409, STALE, (NEW,)),
    Case(
        "NUL in the ingredients",
        lambda w: _words(w, ingredienti="miele\0"),
        400,
        "un segno che non riusciamo a scrivere",
    ),
    Case(
        "words of practice", lambda w: w.coordinator.get(f"/banco/prodotti/{w.jar.id}/parole"), 404, "prodotto non c'è"
    ),
    # something new
    Case("a new product without a price", lambda w: _new(w, prezzo=""), 422, EURO, (NEW,)),
    Case("a new product for nothing", lambda w: _new(w, prezzo="0"), 422, "più di zero", (NEW,)),
    Case("a new product below zero", lambda w: _new(w, prezzo="-1"), 422, EURO, (NEW, "-1")),
    Case("a new product without a rate", lambda w: _new(w, iva=""), 422, "Scegli l'IVA.", (NEW,)),
    Case("a new product that is there", lambda w: _new(w, nome="miele di ACACIA"), 409, "C'è già un prodotto"),
    # fields
    Case("a field without a name", lambda w: _field(w, nome=""), 422, "Scrivi il nome.", ("Gambolò",)),
    Case("a field that is there", lambda w: _field(w, nome="Mulino"), 409, HAVE_FIELD),
    Case(
        "a field in the sea",
        lambda w: _field(w, latitudine="8,85", longitudine="45,26"),
        422,
        "non è in Italia",
        (NEW,),
    ),
    Case(
        "a field in words", lambda w: _field(w, latitudine="nord"), 422, "Scrivi i gradi, per esempio 45,31.", ("nord",)
    ),
    Case(
        "a field in a whole region", lambda w: _field(w, provincia="Lombardia"), 422, "la sigla della provincia", (NEW,)
    ),
    Case("the name of another field", lambda w: _field(w, "nome", nome="mulino"), 409, HAVE_FIELD, ("mulino",)),
    Case("a field named on an old page", lambda w: _field(w, "nome", nome=NEW, version="x"), 409, STALE, (NEW,)),
    Case("a field moved to nowhere", lambda w: _field(w, "punto", latitudine=""), 422, "Scrivi i gradi"),
    Case("a field that is there already", lambda w: _field(w, "punto"), 422, "È già lì."),
    Case(
        "a distance that nobody asks",
        lambda w: w.coordinator.post(
            f"/banco/campi/{w.field.id}/distanza", data={"key": KEY, "luogo": str(w.open.place_id), "entro": "si"}
        ),
        404,
        "Questa distanza non è ancora stata misurata.",
    ),
    Case(
        "a distance without an answer",
        lambda w: w.coordinator.post(f"/banco/campi/{w.field.id}/distanza", data={"key": KEY, "luogo": "1"}),
        422,
        "Scegli se è entro 70 km.",
    ),
    Case(
        "a field of nobody, to look at",
        lambda w: w.coordinator.get("/banco/campi/987654"),
        404,
        "Questo campo non c'è.",
    ),
    # places
    Case("a place without a street", lambda w: _place(w, indirizzo=" "), 422, "Scrivi l'indirizzo.", (NEW,)),
    Case("a place that is neither", lambda w: _place(w, tipo="barca"), 422, "Scegli se è un banco", (NEW,)),
    Case("a place with a fee in words", lambda w: _place(w, prezzo="poco"), 422, EURO, (NEW, "poco")),
    Case("a place with the fee of a taxi", lambda w: _place(w, prezzo="51"), 422, "da 0 a 50 euro", (NEW,)),
    Case("a day in words", lambda w: _words(w, torna="domani"), 422, "Scegli un giorno dal calendario", ("domani",)),
    Case("back in the next century", lambda w: _words(w, torna="2126-01-01"), 422, "più di un anno", ("2126-01-01",)),
    Case(
        "more drained than whole", lambda w: _words(w, contiene="300", sgocciolato="301"), 422, "da 1 a 300", ("301",)
    ),
    Case("drained of nothing", lambda w: _words(w, contiene="", sgocciolato="300"), 422, "quanto contiene", ("300",)),
    Case("a crowd of resellers", lambda w: _words(w, rivendono="10"), 422, "da 0 a 9", ("10",)),
    Case("a mixed box of 12 kilos", lambda w: _words(w, mista="mele", contiene="12000"), 422, "massimo 10 chili"),
    Case("two countries for one thing", lambda w: _words(w, origine="UE e non UE"), 422, "un solo paese"),
    Case("other names without end", lambda w: _words(w, altri_nomi="à" * 201), 422, "al massimo 200 lettere"),
    # photographs and lists
    Case("a photograph that is a letter", lambda w: _photograph(w, b"Cari tutti,"), 422, "non è una fotografia"),
    Case("no photograph at all", lambda w: _photograph(w, None), 422, "Scegli una fotografia."),
    Case("a photograph in a telephone's own format", lambda w: _photograph(w, HEIC), 422, "è in HEIC"),
    Case("a photograph of nobody's", lambda w: _photograph(w, photograph(), product=987654), 404, "non c'è."),
    Case("a photograph from an old page", lambda w: _photograph(w, photograph(), visto="x"), 409, "decidi tu."),
    Case("no photograph taken away on an old page", lambda w: _no_photograph(w, "x"), 409, "decidi tu."),
    Case("a workbook for a list", lambda w: _list(w, b"PK\x03\x04"), 422, "file di Excel"),
    Case("a list without names", lambda w: _list(w, b"prezzo\n3,20\n"), 422, "Manca la colonna"),
    Case("no list at all", lambda w: _list(w, None), 422, "Scegli una lista."),
    Case("a list with a line that cannot be", _refused_list, 422, "Ci sono righe da mettere a posto", ("Tre torri",)),
    Case("a list that would do something else", _stale_list, 409, "Intanto è cambiato qualcosa", ("Miele",)),
    Case("a list of last week", lambda w: _write_list(w, 987654), 404, "Mandala di nuovo."),
    Case("a place without a name any more", lambda w: _place(w, "dati", nome=""), 422, "Scrivi il nome."),
    Case("a stall that would be a round", lambda w: _place(w, "dati", tipo="round"), 409, "Ci sono già ritiri"),
    Case("a place from an old page", lambda w: _place(w, "dati", nome=NEW, version="x"), 409, STALE, (NEW,)),
    Case("a minimum of a wholesaler", lambda w: _round(w, "minimo", minimo="100,01"), 422, "da 0 a 100", ("100,01",)),
    Case("a minimum below zero", lambda w: _round(w, "minimo", minimo="-1"), 422, EURO, ("-1",)),
    Case("a minimum that somebody changed", lambda w: _round(w, "minimo", minimo="4", visto="1"), 409, "di nuovo."),
    Case("a fee below zero", lambda w: _round(w, "consegna", prezzo="-1"), 422, EURO, ("-1",)),
    Case("a fee of a taxi", lambda w: _round(w, "consegna", prezzo="50,01"), 422, "da 0 a 50 euro", ("50,01",)),
    Case(
        "a fee that somebody changed", lambda w: _round(w, "consegna", prezzo="4", visto="1"), 409, "Guarda di nuovo."
    ),
    Case(
        "a zone of four digits",
        lambda w: _round(w, "zone", zona_comune="Mortara", zona_cap="2703"),
        422,
        "Il CAP ha 5 cifre",
        ("Mortara",),
    ),
    Case(
        "a zone that is there",
        lambda w: _round(w, "zone", zona_comune="VIGEVANO", zona_cap="27029"),
        409,
        "Questa zona c'è già.",
    ),
    Case(
        "a zone for a stall",
        lambda w: w.coordinator.post(
            f"/banco/luoghi/{w.open.place_id}/zone", data={"key": KEY, "zona_comune": "Mortara", "zona_cap": "27036"}
        ),
        422,
        "Solo un giro a domicilio ha delle zone.",
    ),
    Case(
        "another round's zone",
        lambda w: w.coordinator.post(f"/banco/luoghi/{w.open.place_id}/zone/togli", data={"key": KEY, "zona": "1"}),
        404,
        "Questa zona non c'è.",
    ),
    # bowls
    Case("a bowl of air", lambda w: _bowl(w, tara="0"), 422, "da 1 a 20000", (NEW,)),
    Case("a bowl of lead", lambda w: _bowl(w, tara="20001"), 422, "da 1 a 20000", (NEW,)),
    Case("a bowl in words", lambda w: _bowl(w, tara="poco"), 422, NUMBER, (NEW, "poco")),
    Case("a bowl that is there", lambda w: _bowl(w, nome="Ciotola blu"), 409, HAVE_BOWL),
    Case("a bowl without a name", lambda w: _bowl(w, "nome", nome=" "), 422, "Scrivi il nome."),
    Case("a bowl from an old page", lambda w: _bowl(w, "tara", tara="200", version="x"), 409, STALE, ("200",)),
    Case("a bowl of nobody", lambda w: w.coordinator.get("/banco/ciotole/987654"), 404, "Questa ciotola non c'è."),
    # VAT
    Case("VAT without a rate", lambda w: _vat(w, aliquota=""), 422, NUMBER, (NEW,)),
    Case("VAT with a comma", lambda w: _vat(w, aliquota="4,5"), 422, NUMBER, (NEW, "4,5")),
    Case("VAT that nobody asks for", lambda w: _vat(w, aliquota="31"), 422, "intero da 0 a 30", (NEW, "31")),
    Case("VAT that is not usual", lambda w: _vat(w, aliquota="7"), 422, "È 7 per cento? Di solito è", (NEW, "7")),
    Case("VAT that is there", lambda w: _vat(w, nome="MIELE"), 409, HAVE_VAT, ("MIELE",)),
    Case("VAT without a name", lambda w: _vat(w, nome=" "), 422, "Scrivi il nome."),
    Case("VAT with a long law", lambda w: _vat(w, legge="x" * 121), 422, "al massimo 120 lettere", (NEW,)),
    Case("a rate of before", lambda w: _vat(w, "aliquota", giorno=_in_days(-1)), 422, "Può valere da oggi in poi"),
    Case(
        "a rate for later", lambda w: _vat(w, "aliquota", giorno=_in_days(400)), 422, "scegli un giorno entro un anno"
    ),
    Case("a rate of no day", lambda w: _vat(w, "aliquota", giorno="domani"), 422, "Scegli un giorno."),
    Case("a rate that is odd", lambda w: _vat(w, "aliquota", aliquota="0"), 422, "È 0 per cento?"),
    Case("a rate from an old page", lambda w: _vat(w, "aliquota", aliquota="22", version="x"), 409, STALE, ("22",)),
    Case("VAT in use", lambda w: _vat(w, "nome", nome=NEW), 409, "Ci sono prodotti con questa IVA.", (NEW,)),
    # vouchers
    Case("a voucher of nothing", lambda w: _vouchers(w, euro="0"), 422, "fino a 200,00 €"),
    Case("a voucher without a sum", lambda w: _vouchers(w, euro="tanto"), 422, EURO, ("tanto",)),
    Case("a voucher that is over", lambda w: _vouchers(w, giorno=_in_days(0)), 422, "Scegli un giorno da domani"),
    Case("a voucher for ever", lambda w: _vouchers(w, giorno=_in_days(800)), 422, "entro due anni"),
    Case("a voucher of no day", lambda w: _vouchers(w, giorno="Natale"), 422, "Scegli un giorno."),
    Case("too many vouchers", lambda w: _vouchers(w, quanti="51"), 422, "da 1 a 50", ("51",)),
    Case("no voucher", lambda w: _vouchers(w, quanti="un po'"), 422, NUMBER),
    Case("stopped twice", lambda w: _voucher(w, w.stopped, "ferma"), 409, "è già fermo"),
    Case("a voucher of nobody", lambda w: w.coordinator.get("/banco/buoni/987654"), 404, "Questo buono non c'è."),
    Case("anew for nobody", lambda w: _voucher(w, 987654, "riscrivi"), 404, "Questo buono non c'è."),
    Case("nothing to take back", lambda w: _voucher(w, w.voucher, "torna-indietro"), 409, "Intanto è cambiato"),
    Case("VAT of nobody", lambda w: w.coordinator.get("/banco/iva/987654"), 404, "Questa voce IVA non c'è."),
]


def _kilos(world: World, typed: str) -> TestResponse:
    return world.tutor.post(f"/banco/prodotti/{world.carrots.id}/conto", data={"key": KEY, "contati": typed})
