"""The farm's own data: written down, checked, taken back; and how the shop is set up, without its secrets."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from flask import Flask

from core import seen
from core.errors import Conflict
from core.settings import Settings, fields
from desk import staff_data
from orders import seller_data, texts
from people.capabilities import Role
from tests import factories as make
from tests.conftest import SECRET
from tests.desk.staff_desk import at_work, fill, form, twice
from tests.desk.walking import Desk
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

GOOD = {
    "name": "La cascina",
    "address": "Via del Campo 1, 27029 Vigevano (PV)",
    "email": "ciao@cascina.example",
    "phone": "0381 000 000",
    "pec": "cascina@pec.example",
    "vat_number": "00743110157",
    "rea": "PV-123456",
    "cooperative_register": "A123456",
    "accessibility_checked": "2026-11-02",
}


@pytest.fixture
def teresa(app: Flask) -> Desk:
    return at_work(app, make.person("Teresa", Role.COORDINATOR)).go("/banco/dati")


def written() -> dict[str, str]:
    make.fresh(None)
    seller = texts.seller()
    return {name: getattr(seller, name) for name in texts.FACTS}


def test_what_is_written_stands_at_the_foot_of_every_page(teresa: Desk, app: Flask) -> None:
    fill(teresa, "Salva", **GOOD)
    assert "Salvato: vale da adesso" in teresa.text
    assert written() == GOOD
    shown = unescape(app.test_client().get("/").text)
    for fact in ("La cascina", "00743110157", "PV-123456", "ciao@cascina.example"):
        assert fact in shown


def test_it_can_be_taken_back_step_by_step(teresa: Desk) -> None:
    fill(teresa, "Salva", **GOOD)
    fill(teresa, "Salva", phone="0381 111 111")
    assert "Ultima cosa fatta: i nostri dati." in teresa.text
    teresa.press("Torna indietro")
    assert written() == GOOD
    teresa.press("Torna indietro")
    assert set(written().values()) == {""}
    assert not teresa.offers("Torna indietro")


def test_saving_what_is_there_is_no_deed(teresa: Desk) -> None:
    fill(teresa, "Salva", **GOOD)
    teresa.press("Torna indietro")
    fill(teresa, "Salva", **GOOD)
    fill(teresa, "Salva")
    teresa.press("Torna indietro")
    assert set(written().values()) == {""}


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", " ", "Scrivi il nome di chi vende."),
        ("address", "", "Scrivi l'indirizzo della sede."),
        ("email", "", "la legge vuole che si possa scrivere"),
        ("email", "ciao at cascina", "Scrivi un indirizzo e-mail"),
        ("pec", "cascina@", "Scrivi un indirizzo e-mail"),
        ("phone", "chiamaci", "Scrivi un numero di telefono"),
        ("vat_number", "", "Scrivi la partita IVA."),
        ("vat_number", "00743110158", "Le 11 cifre della partita IVA non tornano"),
        ("vat_number", "0074311015", "Le 11 cifre della partita IVA non tornano"),
        ("vat_number", "٠٠٧٤٣١١٠١٥٧", "Le 11 cifre della partita IVA non tornano"),
        ("rea", "123456", "come PV-123456"),
        ("cooperative_register", "12", "come A123456"),
        ("name", "x" * 121, "Scrivilo più corto"),
        ("accessibility_checked", "ieri", "Scegli il giorno."),
        ("accessibility_checked", "2999-01-01", "Quel giorno non è ancora venuto."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(teresa: Desk, field: str, typed: str, says: str) -> None:
    path, _method, sends = form(teresa, "Salva", **{**GOOD, field: typed})
    answer = teresa.client.post(path, data=sends)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert says in page
    assert f'value="{typed.strip()}"' in page or typed.strip() == ""
    assert GOOD["pec" if field != "pec" else "phone"] in page
    assert set(written().values()) == {""}


def test_what_may_be_left_out_may_be_left_out(teresa: Desk) -> None:
    fill(teresa, "Salva", **{**GOOD, "pec": "", "rea": "", "cooperative_register": "", "phone": ""})
    assert written()["pec"] == ""
    assert written()["name"] == "La cascina"


@pytest.mark.parametrize("typed", ["IT00743110157", "it 00743110157", "007 431 101 57"])
def test_a_vat_number_is_kept_as_its_digits(teresa: Desk, typed: str) -> None:
    fill(teresa, "Salva", **{**GOOD, "vat_number": typed})
    assert written()["vat_number"] == "00743110157"


def test_every_single_wrong_digit_of_a_vat_number_is_noticed() -> None:
    """Luhn's sum notices each, and nearly every exchange of two neighbours."""
    good = "00743110157"
    assert seller_data.is_vat_number(good)
    for place in range(11):
        for digit in set("0123456789") - {good[place]}:
            assert not seller_data.is_vat_number(good[:place] + digit + good[place + 1 :])


def test_two_editors_do_not_undo_each_other(teresa: Desk) -> None:
    path, _method, sends = form(teresa, "Salva", **GOOD)
    seller_data.change({**GOOD, "name": "Un'altra"}, by=make.person("Ada", Role.COORDINATOR).id)
    answer = teresa.client.post(path, data=sends)
    assert answer.status_code == 409
    assert "Intanto qualcuno ha cambiato questi dati." in unescape(answer.text)
    assert 'value="La cascina"' in answer.text
    assert written()["name"] == "Un'altra"


def test_two_at_the_same_instant_are_one_and_a_refusal(app: Flask) -> None:
    by, shown = make.person("Ada", Role.COORDINATOR).id, seen.of(texts.seller(), texts.FACTS)
    make.fresh(None)
    deeds = [
        lambda name=name: seller_data.change({**GOOD, "name": name}, seen_as=shown, by=by) for name in ("Uno", "Due")
    ]
    answers = together(app, *deeds)
    assert len([answer for answer in answers if isinstance(answer, Conflict)]) == 1
    assert not faults(answers, Conflict)


def test_a_double_press_is_one_deed(teresa: Desk) -> None:
    first, second = twice(teresa, "Salva", **GOOD)
    assert (first.status_code, second.status_code) == (303, 303)
    teresa.go("/banco/dati").press("Torna indietro")
    assert not teresa.offers("Torna indietro")


def test_every_setting_is_told_and_no_secret(teresa: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    mail, database = "smtp://cascina:geheim@mail.example:587", "postgresql+psycopg://cascina:geheim@db.example/x"
    told = replace(app.config["SETTINGS"], smtp_url=mail, database_url=database)
    monkeypatch.setitem(app.config, "SETTINGS", told)
    html = unescape(teresa.go("/banco/dati").html)
    for field in fields(Settings):
        assert field.metadata["name"] in html
    assert "PostgreSQL" in html
    for secret in ("geheim", "mail.example", "db.example", SECRET):
        assert secret not in html
    assert staff_data.HERE == "/banco/dati"


def test_a_tutor_does_not_change_it(app: Flask) -> None:
    assert at_work(app).client.get("/banco/dati").status_code == 403
