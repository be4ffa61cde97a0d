"""Products from a table: read as Italian Excel writes it, looked through, written all at once or not at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from catalog import exporting, importing, list_columns, list_reading, products, stock, telling
from catalog.importing import CHANGED, NEW, REFUSED, SAME, Line, Plan
from catalog.models import ImportFile, PriceChange, Product, Stock
from core import clock, journal, undo
from core.database import db
from core.errors import Conflict, NotFound, Refused
from orders import books
from tests import factories as make
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("app")

HEADS = "nome;prezzo;iva;allergeni"


def table(*lines: str, heads: str = HEADS) -> str:
    return "\r\n".join([heads, *lines, ""])


def write(text: str) -> Plan:
    done = importing.write(text, seen_as=None, by=None)
    make.fresh(None)
    return done


def only(text: str) -> Line:
    lines = importing.look(text).lines
    assert len(lines) == 1
    return lines[0]


def find(name: str) -> Product:
    make.fresh(None)
    return db.session.scalars(select(Product).where(Product.name == name)).unique().one()


def sentence(*lines: str, heads: str = HEADS) -> str:
    """Why the last line is refused."""
    found = importing.look(table(*lines, heads=heads)).lines[-1]
    assert found.what == REFUSED
    return found.sentence


def journal_of(name: str) -> list[str]:
    return [entry.action for entry in journal.entries(find(name), newest_first=False)]


# --- what is new, what is changed


def test_a_new_product_waits_out_of_the_window_with_its_price_and_an_empty_stock() -> None:
    make.vat()
    plan = importing.look(table("Fave;3,80;verdura;nessuno"))
    assert [(line.number, line.name, line.what, line.price) for line in plan.lines] == [(2, "Fave", NEW, 380)]
    assert db.session.scalar(select(func.count()).select_from(Product)) == 0
    write(table("Fave;3,80;verdura;nessuno"))
    fave = find("Fave")
    assert (fave.slug, fave.price, fave.on_sale, fave.left, fave.origin) == ("fave", 380, False, 0, "Italia")
    assert products.lowest_price(fave).cents == 380
    assert journal_of("Fave") == ["product.created"]
    assert books.look().problems == []


def test_what_is_there_is_known_by_its_name_and_only_what_is_said_changes() -> None:
    make.honey(price=850, description="Chiaro.", storage="Al fresco.")
    line = only(table("MIELE DI ACACIA;9,20;Al buio.;", heads="nome;prezzo;come si conserva;descrizione"))
    assert (line.what, line.price, dict(line.words)) == (CHANGED, 920, {"storage": "Al buio."})
    write(table("MIELE DI ACACIA;9,20;Al buio.;", heads="nome;prezzo;come si conserva;descrizione"))
    honey = find("Miele di acacia")
    assert (honey.price, honey.storage, honey.description) == (920, "Al buio.", "Chiaro.")
    assert journal_of("Miele di acacia")[-2:] == ["product.described", "product.priced"]


def test_the_same_list_twice_changes_nothing() -> None:
    make.vat()
    text = table("Fave;3,80;verdura;nessuno", "Piselli;4,10;verdura;sedano, senape")
    assert len(write(text).of(NEW)) == 2
    entries = db.session.scalar(select(func.count()).select_from(journal.Entry))
    again = write(text)
    assert (len(again.of(SAME)), again.is_writable) == (2, False)
    assert db.session.scalar(select(func.count()).select_from(journal.Entry)) == entries


def test_each_deed_is_taken_back_on_its_product_as_if_done_on_its_page() -> None:
    make.honey(price=850, storage="Al fresco.")
    write(table("Miele di acacia;9,20;Al buio.;no", heads="nome;prezzo;come si conserva;in vetrina"))
    honey = find("Miele di acacia")
    assert not honey.on_sale
    assert [undo.undo_last(find("Miele di acacia")) for _ in range(3)] == [
        "tolto dalla vetrina",
        "il nuovo prezzo",
        "le nuove parole",
    ]
    honey = find("Miele di acacia")
    assert (honey.price, honey.storage, honey.on_sale) == (850, "Al fresco.", True)
    assert books.look().problems == []


def test_every_way_of_selling_and_every_kind_of_cell_is_understood() -> None:
    make.vat()
    field, heads = make.field("Campo lungo"), "nome;prezzo;iva;allergeni;si vende;di quanto in quanto;un pezzo pesa;"
    heads += "un pezzo contiene;uno si chiama;tanti si chiamano;stagione;campo;dura;in vetrina;può costare in più"
    write(
        table(
            "Carote;2,90;Verdura;Nessuno;a peso;0,5 kg;;;;;da ottobre a marzo;campo LUNGO;;sì;5%",
            "Zucche;€ 2.4;verdura;nessuno;A pezzi pesati;;1,8 kg;;;;;;no;;",
            "Succo;4;verdura;nessuno;a pezzi;;;0,75 l;bottiglia;bottiglie;tutto l'anno;-;Sì;X;",
            heads=heads,
        )
    )
    carrots, pumpkins, juice = (find(name) for name in ("Carote", "Zucche", "Succo"))
    assert (carrots.kind, carrots.step, carrots.season, carrots.tolerance_percent) == ("by_weight", 500, "10-3", 5)
    assert (carrots.field_id, carrots.on_sale, carrots.perishable) == (field.id, True, True)
    assert (pumpkins.kind, pumpkins.price, pumpkins.piece_grams, pumpkins.step) == ("piece_by_weight", 240, 1800, 1)
    assert (juice.net, juice.net_measure, juice.unit_plural, juice.perishable) == (750, "ml", "bottiglie", False)
    assert (juice.field_id, juice.season, juice.on_sale, juice.step) == (None, "", True, 1)
    assert journal_of("Succo") == ["product.created", "product.sale_set"]


def test_a_dash_takes_away_and_an_empty_cell_leaves() -> None:
    make.honey(description="Chiaro.", season="5-6", field_id=make.field().id)
    heads = "nome;descrizione;stagione;campo;un pezzo contiene"
    assert only(table("Miele di acacia;;;;", heads=heads)).what == SAME
    assert dict(only(table("Miele di acacia;-;-;-;", heads=heads)).words) == {
        "description": "",
        "season": "",
        "field_id": None,
    }


def test_a_number_without_its_measure_keeps_the_measure() -> None:
    make.product(name="Succo", net=1000, net_measure="ml")
    assert dict(only(table("Succo;750", heads="nome;un pezzo contiene")).words) == {"net": 750}


def test_a_row_is_called_by_the_number_that_stands_beside_it_in_a_spreadsheet() -> None:
    """A cell of several lines is in one row, an empty row counts, Excel's note to itself does not."""
    heads = "nome;prezzo;descrizione"
    text = table('Fave;3;"Tenere.\r\nDolci.\r\n"', ";;", "", "Piselli;boh;Verdi.", "FAVE;4;", heads=heads)
    for before in ("", "sep=;\r\n"):
        lines = importing.look(before + text).lines
        assert [line.number for line in lines] == [2, 5, 6]
        assert lines[-1].sentence == "È già nella riga 2."


# --- what is refused


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (";2,90;verdura;nessuno", "Nome: scrivi il nome."),
        ("Fave;;verdura;nessuno", "Prezzo: scrivi quanti euro, per esempio 3,20."),
        ("Fave;tre;verdura;nessuno", "Prezzo: scrivi quanti euro"),
        ("Fave;2,505;verdura;nessuno", "Prezzo: scrivi quanti euro"),
        ("Fave;0;verdura;nessuno", "Prezzo: il prezzo deve essere più di zero."),
        ("Fave;1200;verdura;nessuno", "Prezzo: il prezzo va fino a"),
        ("Fave;2,90;;nessuno", "Iva: scegli l'IVA."),
        ("Fave;2,90;barche;nessuno", "Iva: qui va una di queste parole: verdura."),
        ("Fave;2,90;verdura;", "Allergeni: scegli gli allergeni, o «nessuno»."),
        ("Fave;2,90;verdura;noccioline", "Allergeni: qui va una di queste parole: nessuno, glutine"),
        ("Fave;2,90;verdura;nessuno, sedano", "Allergeni: scegli «nessuno», oppure"),
        (f"{'F' * 81};2,90;verdura;nessuno", "Nome: è troppo lungo"),
        ("Fave;2,90;verdura;nessuno;Buone; anzi", "Ha più caselle delle colonne"),
        ("Fave\u202e\u200b;2,90;verdura;\u0007", "Questa non è una lista"),
    ],
)
def test_a_line_that_cannot_be_says_in_which_column_and_why(line: str, says: str) -> None:
    make.vat()
    if "\u0007" in line:
        with pytest.raises(Refused, match=says):
            importing.keep(table(line).encode(), by=None)
        return
    assert says in sentence(line).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("head", "cell", "says"),
    [
        ("si vende", "a occhio", "Si vende: qui va una di queste parole: a peso, a pezzi pesati, a pezzi."),
        ("scaffale", "cantina", "Scaffale: qui va una di queste parole: orto, frutta, dispensa."),
        ("dura", "forse", "Dura: qui va una di queste parole: sì, no."),
        ("stagione", "10-3", "Stagione: scrivi i mesi con le parole"),
        ("stagione", "maggio, giugno e luglio", "Stagione: scrivi i mesi con le parole"),
        ("campo", "Campo che non c'è", "Campo: «Campo che non c'è» non c'è"),
        ("di quanto in quanto", "poco", "Di quanto in quanto: scrivi un numero."),
        ("di quanto in quanto", "1,5 chilogrammi", "Di quanto in quanto: scrivi un numero."),
        ("un pezzo contiene", "99 kg", "Un pezzo contiene: scrivi un numero da 1 a 50000."),
        ("torna il", "domani", "Torna il: scrivi il giorno così: 31/12/2026."),
        ("in vetrina", "sì", ""),
        ("origine", "Italia e Francia", "Origine: scrivi un solo paese"),
        ("uno si chiama", "mazzo", "Tanti si chiamano: scrivi come si chiama uno"),
    ],
)
def test_a_cell_that_cannot_be_says_what_goes_there(head: str, cell: str, says: str) -> None:
    make.vat()
    line = only(table(f"Fave;2,90;verdura;nessuno;{cell}", heads=f"{HEADS};{head}"))
    assert says in line.sentence
    assert bool(line.sentence) == bool(says)


def test_a_name_that_stands_there_twice_is_refused_the_second_time() -> None:
    make.vat()
    assert sentence("Fave;3;verdura;nessuno", "FAVE;4;verdura;nessuno") == "È già nella riga 2."


def test_what_may_not_stand_in_the_shop_window_is_refused_before_anything_is_written() -> None:
    make.vat()
    heads = f"{HEADS};dura;in vetrina"
    says = sentence("Confettura;4,50;verdura;nessuno;sì;sì", heads=heads)
    assert says.startswith("In vetrina: non può ancora stare in vetrina. È un prodotto che dura")
    assert only(table("Confettura;4,50;verdura;nessuno;sì;", heads=heads)).what == NEW


def test_how_something_is_sold_stays_once_it_was_counted() -> None:
    make.honey(left=0)
    chard = make.chard(left=0)
    heads, lines = "nome;si vende;di quanto in quanto", ("Miele di acacia;a peso;500", "Bietole;a peso;500")
    assert {line.what for line in importing.look(table(*lines, heads=heads)).lines} == {CHANGED}
    stock.count(chard, 3)
    found = importing.look(table(*lines, heads=heads)).lines
    assert [line.what for line in found] == [CHANGED, REFUSED]
    assert "È già stato contato".casefold() in found[1].sentence.casefold()


def test_one_line_that_is_refused_keeps_all_of_them_out() -> None:
    make.vat()
    with pytest.raises(Refused, match="Ci sono righe da mettere a posto"):
        write(table("Fave;3,80;verdura;nessuno", "Piselli;;verdura;nessuno"))
    assert db.session.scalar(select(func.count()).select_from(Product)) == 0


def test_a_fault_in_the_middle_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    make.honey(price=850)
    text = table("Fave;3,80;miele;nessuno", "Miele di acacia;9,20;miele;nessuno")
    monkeypatch.setattr(products, "change_held", lambda *_some, **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(text)
    assert find("Miele di acacia").price == 850
    assert db.session.scalar(select(func.count()).select_from(Product)) == 1


def test_what_changed_since_it_was_looked_at_is_looked_at_again() -> None:
    honey = make.honey(price=850)
    text = table("Miele di acacia;9,20", heads="nome;prezzo")
    sign = importing.look(text).sign
    products.set_price(honey.id, 900)
    with pytest.raises(Conflict, match="Intanto è cambiato qualcosa"):
        importing.write(text, seen_as=sign, by=None)


# --- how it comes in


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_it_is_read_as_excel_and_libreoffice_write_it(code: str, mark: str) -> None:
    make.vat()
    text = table(
        '"Caffè d’orzo";3.80;verdura;nessuno;"Buono, con ""crema"";\r\nanche freddo."', heads=HEADS + ";descrizione"
    )
    cells = text.replace(";", mark).replace(f'""{mark}\r\n', '"";\r\n')
    line = only(importing.decode(cells.encode(code)))
    assert (line.what, line.price, line.name) == (NEW, 380, "Caffè d’orzo")
    assert line.words["description"] == 'Buono, con "crema"; anche freddo.'


def test_excels_note_to_itself_blank_lines_and_columns_of_others_do_no_harm() -> None:
    make.vat()
    plan = importing.look(
        "sep=;\r\n" + table(";;;", "Fave;3,80;verdura;nessuno;12", heads=" NOME ;Prezzo;IVA;allergeni;Giacenza")
    )
    assert [line.what for line in plan.lines] == [NEW]
    assert plan.unread == ["Giacenza"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Manca la colonna «nome»"),
        (b"prezzo;iva\r\n3;verdura", "Manca la colonna «nome»"),
        (b"nome;prezzo;Prezzo\r\nFave;3;4", "La colonna «prezzo» c'è due volte."),
        (b"PK\x03\x04 a workbook", "Questo è un file di Excel"),
        (b"\x89PNG\r\n\x1a\n\0\0", "Questa non è una lista"),
        (b'nome\r\n"' + b"x" * 140_000, "Questa non è una lista"),
        (b"nome\r\n" + b"Fave\r\n" * 2001, "al massimo 2000 righe"),
        (b"nome\r\n" + b"x" * list_reading.LARGEST, "al massimo 2000 righe"),
    ],
    ids=["nothing", "no names", "twice", "workbook", "photograph", "one cell", "long", "heavy"],
)
def test_what_is_no_list_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        importing.keep(content, by=None)
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_a_list_is_kept_for_a_day() -> None:
    kept = importing.keep(table("Fave;3,80;verdura;nessuno").encode(), by=None).id
    assert importing.get(kept).startswith(HEADS)
    assert importing.forget_old() == 0
    with clock.at(clock.now() + importing.KEPT_FOR + timedelta(minutes=1)):
        assert (importing.forget_old(), importing.forget_old()) == (1, 0)
    with pytest.raises(NotFound, match="Mandala di nuovo"):
        importing.get(kept)


# --- and out


def test_all_that_is_there_goes_out_and_comes_in_again_unchanged() -> None:
    field = make.field("Campo lungo")
    make.honey(description="Chiaro; buono.\nSempre.", allergens="sedano, senape", processed_at_id=field.id)
    make.carrots(season="10-3", field_id=field.id, storage="=1+1", origin="Italia")
    make.product(name="Succo", net=750, net_measure="ml", on_sale=False, price=305)
    make.product(name="Zucche", kind="piece_by_weight", piece_grams=1800)
    text = exporting.everything()
    plan = importing.look(importing.decode(text.encode()))
    assert [(line.name, line.sentence, dict(line.words)) for line in plan.lines if line.what != SAME] == [
        ("Miele di acacia", "", {"description": "Chiaro; buono. Sempre."})
    ]
    assert len(plan.lines) == 4


def test_no_cell_that_goes_out_is_taken_for_a_sum() -> None:
    make.honey(description='=HYPERLINK("http://x.example")', storage="@now", name_en="+1", ingredients="-1")
    for cell in exporting.everything().splitlines()[1].split(";"):
        assert not cell.strip('"').startswith(list_columns.SUMS), cell
    assert importing.look(exporting.everything()).of(SAME)


def test_the_example_is_taken_as_it_is_wherever_its_categories_are_known() -> None:
    make.vat("verdura")
    make.vat("confetture", 10)
    assert len(write(exporting.example()).of(NEW)) == 3
    assert {find(name).kind for name in ("Fagiolini", "Zucca mantovana", "Confettura di fichi")} == {
        "by_weight",
        "piece_by_weight",
        "fixed",
    }


def test_whatever_a_product_says_has_its_column() -> None:
    """A word that is added to the catalogue is added here too, or a list would forget it."""
    assert {column.name for column in list_columns.COLUMNS.values()} == (
        {*telling.WORDS, "price", "on_sale"} - {"net_measure"}  # it stands beside its number: "500 g"
    )


# --- and how many statements


def test_looking_takes_as_many_statements_for_500_lines_as_for_1_and_writing_no_look_for_any_line() -> None:
    make.vat()

    def costs(lines: list[str]) -> tuple[int, int]:
        make.fresh(None)
        with statements() as looking:
            importing.look(table(*lines))
        make.fresh(None)
        with statements() as writing:
            write(table(*lines))
        return len(looking), len(writing)

    few = costs(["Fave;3,80;verdura;nessuno"])
    many = costs([f"Prodotto {n};3,80;verdura;nessuno" for n in range(500)])
    assert many[0] == few[0] <= 4
    assert many[1] <= few[1] + 2 * 499  # its row, and the journal's
    dearer = costs([f"Prodotto {n};4,10;verdura;nessuno" for n in range(500)])
    assert dearer[0] <= few[0]
    assert dearer[1] <= few[1] + 3 * 500  # price, price of then, journal
    assert db.session.scalar(select(func.count()).select_from(Stock)) == 501
    assert db.session.scalar(select(func.count()).select_from(PriceChange)) == 1001


# --- the command


def test_the_command_says_what_would_change_and_writes_only_when_told(app: Flask, tmp_path: Path) -> None:
    make.vat()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(table("Fave;3,80;verdura;nessuno"), encoding="cp1252")
    bad.write_text(table("Piselli;;verdura;nessuno"))
    run = app.test_cli_runner().invoke
    said = run(args=["products", "import", str(good)])
    assert (said.exit_code, said.output) == (0, "Line 2, Fave: new\n1 new, 0 changed, 0 same, 0 refused\n")
    assert db.session.scalar(select(func.count()).select_from(Product)) == 0
    assert run(args=["products", "import", "--write", str(good)]).output.endswith("Written.\n")
    assert find("Fave").price == 380
    refused = run(args=["products", "import", "--write", str(bad)])
    assert refused.exit_code == 1
    assert "Line 2, Piselli: Prezzo: scrivi quanti euro" in refused.output
    assert "Manca la colonna" in run(args=["products", "import", str(_empty(tmp_path))]).output


def _empty(folder: Path) -> Path:
    (folder / "empty.csv").write_text("")
    return folder / "empty.csv"
