"""The coordinator's page of VAT, and a farm that begins with nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from catalog import products, rates
from core import clock
from core.formats import long_day
from tests import factories as make
from tests.desk.staff_desk import as_shown, at_work, fill, twice
from tests.desk.walking import Desk
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


@pytest.fixture
def teresa(app: Flask) -> Desk:
    return at_work(app, make.person("Teresa", make.Role.COORDINATOR))


def test_a_farm_that_begins_writes_its_vat_and_then_its_first_product(teresa: Desk) -> None:
    new = "/banco/prodotti/nuovo"
    assert "Non c'è ancora nessuna voce IVA" in teresa.go(new).text
    teresa.press("Non c'è ancora nessuna voce IVA: prima aggiungi quelle che ti servono.")
    assert "Ancora nessuna voce." in teresa.text
    fill(teresa, "Aggiungi la voce", nome="Verdura", aliquota="4", legge="Parte II, n. 5")
    assert teresa.heading == "Verdura"
    assert "4% di IVA, dal giorno 1 dicembre 2026" in teresa.text
    assert "Voce nuova, al 4 per cento. Teresa" in teresa.text
    assert "Non c'è ancora" not in teresa.go(new).text
    sent = as_shown(teresa.html, new)
    for name, value in {"nome": "Bietole", "prezzo": "2,50", "iva": "Verdura", "allergeni": "nessuno"}.items():
        sent.setlist(name, [value])
    answer = teresa.client.post(new, data=sent)
    assert answer.status_code == 303
    assert "Verdura, 4%" in teresa.go(answer.location).text
    assert teresa.go("/banco/iva").press("Verdura").press("Bietole").heading == "Bietole"


def test_another_rate_is_told_for_its_day_and_taken_back(teresa: Desk) -> None:
    honey = make.honey()
    teresa.go("/banco/iva").press("Miele")
    day = clock.today() + timedelta(days=31)
    fill(teresa, "Salva l'aliquota", aliquota="22", legge="Legge nuova", giorno=day.isoformat())
    assert f"Sarà 22 per cento da {long_day(day)}." in teresa.text
    assert "10% di IVA" in teresa.text
    assert f"10% , dal giorno {long_day(day)} 22%" in teresa.go("/banco/iva").text
    teresa.press("Miele").press("Torna indietro")
    assert "Tornato indietro: la nuova aliquota." in teresa.text
    assert "22%" not in teresa.go("/banco/iva").text
    assert products.vat_rates(day)[honey.vat_category] == 10


def test_a_rate_that_is_not_usual_is_asked_about_once(teresa: Desk) -> None:
    fill(teresa.go("/banco/iva"), "Aggiungi la voce", nome="Fiori", aliquota="0", legge="")
    assert "È 0 per cento? Di solito è 4, 5, 10 o 22." in teresa.text
    teresa.press("Aggiungi la voce")
    assert teresa.heading == "Fiori"
    assert products.vat_rates(clock.today()) == {"Fiori": 0}


def test_pressing_twice_makes_one(teresa: Desk) -> None:
    first, second = twice(teresa.go("/banco/iva"), "Aggiungi la voce", nome="Uova", aliquota="10")
    assert first.location == second.location
    assert len(rates.categories()) == 1


def test_a_name_with_a_slip_is_put_right_and_the_diary_tells_it(teresa: Desk) -> None:
    made = rates.add("Mielle", 10, by=None)
    fill(teresa.go(f"/banco/iva/{made.id}"), "Salva il nome", nome="Miele")
    assert teresa.heading == "Miele"
    assert "Nome: era Mielle, adesso Miele." in teresa.text
    diary = teresa.go("/banco/diario?quali=prodotti").text
    assert "IVA: Miele" in diary
    assert "Nome: era Mielle, adesso Miele." in diary


def test_two_who_change_the_same_rate_see_each_other(teresa: Desk) -> None:
    made = rates.add("Miele", 10, by=None)
    teresa.go(f"/banco/iva/{made.id}")
    rates.set_rate(made.id, 22, clock.today(), by=None)
    fill(teresa, "Salva l'aliquota", aliquota="5", legge="", giorno=clock.today().isoformat())
    assert teresa.status == 409
    assert "Intanto è cambiato qualcosa." in teresa.text
    make.fresh(None)
    assert products.vat_rates(clock.today()) == {"Miele": 22}


def test_the_list_takes_as_many_statements_for_two_as_for_twenty(teresa: Desk) -> None:
    def look() -> int:
        make.fresh(None)
        with statements() as seen:
            assert teresa.go("/banco/iva").status == 200
        return len(seen)

    def write(names: range) -> None:
        for n in names:
            made = rates.add(f"Voce {n}", 4, by=None)
            rates.set_rate(made.id, 5, clock.today() + timedelta(days=9), by=None)
            make.product(vat_category=made.name)

    write(range(2))
    few = look()
    write(range(2, 20))
    assert look() == few


def test_a_tutor_has_no_door_to_it(app: Flask) -> None:
    rita = at_work(app)
    assert rita.go("/banco/iva").status == 403
    assert not rita.go("/banco/cascina").offers("IVA")
