"""What a list of products says in each column: as people write it in a table, and as the catalogue keeps it.

Both ways are here, so that what was written out comes in again as it was. A table's programme turns '10-3' into a day
and '=…' into a sum: months are words, and no cell begins with a sign that starts a sum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from catalog import shelves, wording
from catalog.models import Kind, Product
from core import inputs
from core.errors import Refused

NOTHING = "-"
"""In a cell: take away what stands there. An empty one leaves it as it is."""

SUMS = ("=", "+", "-", "@", "\t", "\r")
MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
KINDS = {"a peso": Kind.BY_WEIGHT, "a pezzi pesati": Kind.PIECE_BY_WEIGHT, "a pezzi": Kind.FIXED}
TRUE, FALSE = ("sì", "s", "x", "1", "vero"), ("no", "n", "0", "falso")


@dataclass(frozen=True)
class Known:
    """What a cell may name: folded name -> id, or the category that has a VAT rate."""

    fields: Mapping[str, int]
    containers: Mapping[str, int]
    rates: Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """``name``: of the product. ``read(cell, known)`` raises Refused. ``hint``: for whoever fills it in."""

    name: str
    read: Callable[[str, Known], Any]
    write: Callable[[Product], str]
    hint: Any = ""


def safe(cell: str) -> str:
    """A cell that no table takes for a sum; `plain` takes the sign off again."""
    return f"'{cell}" if cell.startswith(SUMS) else cell


def plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(SUMS) else cell


def key(name: str) -> str:
    """By what a field, a bowl or the head of a column is known."""
    return inputs.folded(inputs.one_line(name))


# --- how cells are read


def _text(cell: str, _known: Known) -> str:
    return "" if cell == NOTHING else cell


def _price(cell: str, _known: Known) -> int:
    found = inputs.cents_of(cell)
    if found is None:
        raise Refused(_("Scrivi quanti euro, per esempio 3,20."))
    return found


def _kind(cell: str, _known: Known) -> Kind:
    return _one_of(cell, KINDS)


def _shelf(cell: str, _known: Known) -> str:
    return _one_of(cell, {each: each for each in shelves.ORDER})


def _number(cell: str, _known: Known) -> int | None:
    """'10', '10 %', '1 pezzo': a whole number, whatever it counts."""
    if cell == NOTHING:
        return None
    found = inputs.whole_number(re.sub(r"\s*(%|[a-zA-Z]+\.?)$", "", cell))
    if found is None:
        raise Refused(_("Scrivi un numero."))
    return found


def _grams(cell: str, known: Known) -> int | None:
    """'500', '500 g', '1,5 kg'."""
    if not re.search(r"(?i)kg$", cell):
        return _number(cell, known)
    found = inputs.grams_of(cell)
    if found is None:
        raise Refused(_("Scrivi i chili, per esempio 12,5."))
    return found


def _contents(cell: str, known: Known) -> tuple[int | None, str]:
    """'500 g', '1,5 kg', '750 ml', '1 l': how much, and of what; nothing where no measure was written."""
    if litres := re.fullmatch(r"(?i)(.*\d)\s*(l|litri|litro)", cell):
        return _grams(f"{litres[1]} kg", known), "ml"
    measure = re.search(r"(?i)(ml|k?g)$", cell)
    return _grams(cell, known), measure[1].lower().removeprefix("k") if measure else ""


def _yes(cell: str, _known: Known) -> bool:
    return _one_of(cell, dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False), (TRUE[0], FALSE[0]))


def _months(cell: str, _known: Known) -> str:
    """'ottobre-marzo', 'da ottobre a marzo', 'maggio', 'tutto l'anno'."""
    if cell == NOTHING or key(cell) == key("tutto l'anno"):
        return ""
    found = [number for word in re.findall(r"[a-z]+", key(cell)) if (number := _month(word))]
    if not 1 <= len(found) <= 2:
        raise Refused(_("Scrivi i mesi con le parole, per esempio ottobre-marzo."))
    return f"{found[0]}-{found[-1]}"


def _month(word: str) -> int:
    return next((number for number, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.startswith(word)), 0)


def _allergens(cell: str, _known: Known) -> list[str]:
    words = [inputs.one_line(word).lower() for word in re.split("[,;/]", cell)]
    for word in words:
        _one_of(word, {each: each for each in wording.ALLERGENS})
    return words


def _day(cell: str, _known: Known) -> date | None:
    if cell == NOTHING:
        return None
    for way in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(cell, way).date()  # noqa: DTZ007 - a day has no hour, so it has no zone
        except ValueError:
            continue
    raise Refused(_("Scrivi il giorno così: 31/12/2026."))


def _named(where: str) -> Callable[[str, Known], int | None]:
    def read(cell: str, known: Known) -> int | None:
        rows: Mapping[str, int] = getattr(known, where)
        if cell == NOTHING:
            return None
        if key(cell) not in rows:
            raise Refused(_("«%(name)s» non c'è: prima aggiungilo, o scrivilo come si chiama qui.", name=cell))
        return rows[key(cell)]

    return read


def _category(cell: str, known: Known) -> str:
    return _one_of(cell, known.rates, tuple(sorted(known.rates.values())))


def _one_of(cell: str, known: Mapping[str, Any], shown: tuple[str, ...] = ()) -> Any:
    folded = {key(word): value for word, value in known.items()}
    if key(cell) not in folded:
        raise Refused(_("Qui va una di queste parole: %(words)s.", words=", ".join(shown or known)))
    return folded[key(cell)]


# --- how they are written


def _as_it_is(name: str) -> Callable[[Product], str]:
    return lambda product: str(value) if (value := getattr(product, name)) is not None else ""


def _euros(product: Product) -> str:
    return f"{product.price // 100},{product.price % 100:02}"


def _kind_words(product: Product) -> str:
    return next(words for words, kind in KINDS.items() if kind == product.kind)


def _net(product: Product) -> str:
    return f"{product.net} {product.net_measure}" if product.net else ""


def _season_words(product: Product) -> str:
    first, _dash, last = product.season.partition("-")
    return f"{MONTHS[int(first) - 1]}-{MONTHS[int(last) - 1]}" if first and last else ""


def _name_of(row: str) -> Callable[[Product], str]:
    return lambda product: found.name if (found := getattr(product, row)) else ""


def _yes_or_no(name: str, turned: bool = False) -> Callable[[Product], str]:
    return lambda product: "sì" if getattr(product, name) != turned else "no"


def _line(name: str, hint: Any = "") -> Column:
    return Column(name, _text, _as_it_is(name), hint)


COLUMNS: dict[str, Column] = {
    "nome": _line("name", _l("Chi ha già questo nome cambia; gli altri sono nuovi.")),
    "prezzo": Column("price", _price, _euros, _l("Euro con l'IVA, al chilo se si pesa: 3,20.")),
    "si vende": Column("kind", _kind, _kind_words, _l("a peso, a pezzi pesati, a pezzi.")),
    "iva": Column("vat_category", _category, _as_it_is("vat_category"), _l("Il nome che ha qui, per esempio verdura.")),
    "scaffale": Column("shelf", _shelf, _as_it_is("shelf"), _l("orto, frutta, dispensa.")),
    "di quanto in quanto": Column("step", _grams, _as_it_is("step"), _l("Grammi se si ordina a peso, se no pezzi.")),
    "un pezzo pesa": Column("piece_grams", _grams, _as_it_is("piece_grams"), _l("Grammi, per i pezzi pesati.")),
    "un pezzo contiene": Column("net", _contents, _net, _l("Per i pezzi a prezzo fisso: 500 g, 750 ml.")),
    "sgocciolato": Column("drained", _grams, _as_it_is("drained"), _l("Grammi senza il liquido.")),
    "uno si chiama": _line("unit", _l("vasetto")),
    "tanti si chiamano": _line("unit_plural", _l("vasetti")),
    "può costare in più": Column("tolerance_percent", _number, _as_it_is("tolerance_percent"), _l("Percento.")),
    "in vetrina": Column("on_sale", _yes, _yes_or_no("on_sale"), _l("sì o no. Quelli nuovi, se non dici niente: no.")),
    "campo": Column("field_id", _named("fields"), _name_of("field"), _l("Il nome di un campo che c'è già.")),
    "lavorato in": Column("processed_at_id", _named("fields"), _name_of("processed_at"), _l("Come sopra.")),
    "origine": _line("origin", _l("Il paese. Se non dici niente: Italia.")),
    "rivenditori": Column("resellers", _number, _as_it_is("resellers"), _l("Quanti, tra il campo e chi mangia.")),
    "stagione": Column("season", _months, _season_words, _l("Con le parole: ottobre-marzo.")),
    "torna il": Column("back_on", _day, lambda p: f"{p.back_on:%d/%m/%Y}" if p.back_on else "", _l("31/12/2026")),
    "categoria": _line("quality_class", _l("Extra, I, II.")),
    "varietà": _line("variety"),
    "calibro": _line("caliber"),
    "dura": Column("perishable", lambda c, k: not _yes(c, k), _yes_or_no("perishable", True), _l("sì o no.")),
    "confezionato": Column("prepacked", _yes, _yes_or_no("prepacked"), _l("sì o no.")),
    "allergeni": Column("allergens", _allergens, _as_it_is("allergens"), _l("nessuno, oppure: sedano, senape.")),
    "ingredienti": _line("ingredients"),
    "come si conserva": _line("storage"),
    "descrizione": _line("description"),
    "idea in cucina": _line("recipe"),
    "cassetta mista": _line("contents", _l("Che cosa c'è dentro.")),
    "altri nomi": _line("other_names", _l("Si trova anche con questi.")),
    "ciotola": Column("container_id", _named("containers"), _name_of("container"), _l("Il nome di una che c'è già.")),
    "posto in laboratorio": _line("shelf_place"),
    "nome inglese": _line("name_en"),
    "uno in inglese": _line("unit_en"),
    "tanti in inglese": _line("unit_plural_en"),
    "descrizione inglese": _line("description_en"),
    "idea in cucina inglese": _line("recipe_en"),
    "cassetta mista inglese": _line("contents_en"),
    "ingredienti inglese": _line("ingredients_en"),
    "come si conserva inglese": _line("storage_en"),
}
"""The head of a column -> what stands in it. A name is needed; for new products also price, IVA and allergens."""
