"""Asking for an invoice at the checkout: who it is for is read before anything is ordered."""

from __future__ import annotations

import re
from email import message_from_string, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from adapters.models import KeptMail
from catalog import provinces
from core import outbox
from core.database import db
from core.errors import Refused
from orders import invoicing, links
from orders.models import InvoiceRequest, Order
from tests import factories as make
from tests.desk.staff_desk import at_work
from tests.shop.citizen import form, put, words

GOOD = {
    "fattura": "1",
    "fattura_nome": "Trattoria della Roggia",
    "fattura_codice": "",
    "fattura_iva": "IT 00743110157",
    "fattura_via": "Via Roma 1",
    "fattura_cap": "27029",
    "fattura_comune": "Vigevano",
    "fattura_provincia": "pv",
    "fattura_destinatario": "",
    "fattura_pec": "",
}
NAMES = [name for each in provinces.PROVINCES.values() for name in each.split("/")]
PERSON = "RCCMNL83S18D969H"


def sent(client: FlaskClient, **more: str) -> tuple[int, str]:
    pickup = make.pickup()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, pickup, **more))
    return answer.status_code, answer.text


def asked() -> list[InvoiceRequest]:
    make.fresh(None)
    return list(db.session.scalars(select(InvoiceRequest)))


def test_it_is_kept_with_the_order_as_it_has_to_stand_on_it(client: FlaskClient) -> None:
    status, _page = sent(client, **GOOD)
    assert status == 303
    holder = asked()[0]
    kept = {name: getattr(holder, name) for name in ("name", "vat_number", "tax_code", "province", "recipient_code")}
    assert kept == {
        "name": "Trattoria della Roggia",
        "vat_number": "00743110157",
        "tax_code": "",
        "province": "PV",
        "recipient_code": invoicing.NO_CODE,
    }
    assert db.session.get_one(Order, holder.order_id).customer == "Maria Rossi"


def test_a_person_gives_a_tax_code_in_any_writing(client: FlaskClient) -> None:
    status, _page = sent(client, **{**GOOD, "fattura_iva": "", "fattura_codice": "rcc mnl 83s18 d969h"})
    assert status == 303
    assert asked()[0].tax_code == PERSON


def test_who_does_not_ask_gives_nothing_and_nothing_is_kept(client: FlaskClient) -> None:
    status, _page = sent(client, **{**GOOD, "fattura": ""})
    assert status == 303
    assert asked() == []


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("fattura_iva", "00743110158", "Guarda la partita IVA"),
        ("fattura_iva", "٠٠٧٤٣١١٠١٥٧", "Guarda la partita IVA"),
        ("fattura_codice", PERSON[:-1] + "K", "Guarda il codice fiscale"),
        ("fattura_codice", PERSON[:-1], "Guarda il codice fiscale"),
        ("fattura_iva", "", "Scrivi il codice fiscale o la partita IVA."),
        ("fattura_nome", "", "Scrivi il nome, o la ditta"),
        ("fattura_via", "x" * 61, "al massimo 60 lettere"),
        ("fattura_cap", "2702", "Il CAP ha 5 cifre"),
        ("fattura_comune", "", "Scrivi il comune."),
        ("fattura_cap", "00000", "Questo CAP in Italia non c'è"),
        ("fattura_cap", "99999", "Questo CAP in Italia non c'è"),
        ("fattura_provincia", "Lombardia", "sigla della provincia"),
        ("fattura_provincia", "ZZ", "sigla della provincia"),
        ("fattura_provincia", "", "sigla della provincia"),
        ("fattura_nome", "🍅 Ditta", "il segno «🍅» non si può scrivere"),
        ("fattura_via", "中文 5", "il segno «中» non si può scrivere"),
        ("fattura_comune", "हिन्दी", "il segno «ह» non si può scrivere"),
        ("fattura_destinatario", "ABC", "7 lettere o cifre"),
        ("fattura_pec", "non-una-pec", "Guarda l'e-mail"),
    ],
)
def test_what_cannot_stand_on_an_invoice_is_refused_at_its_field_and_kept(
    client: FlaskClient, field: str, typed: str, says: str
) -> None:
    status, page = sent(client, **{**GOOD, field: typed})
    assert status == 422
    assert says in words(page)
    message = re.search(rf'id="{field}-messaggio">([^<]*)', page) or re.search(r'id="fattura_codice-messaggio">', page)
    assert message
    assert f'value="{typed}"' in page
    assert 'value="Maria Rossi"' in page
    assert re.search(r'id="fattura"[^>]* checked', page)
    assert asked() == []


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("Pavia", "PV"),
        ("FORLI CESENA", "FC"),
        ("reggio nell’emilia", "RE"),
        ("Aosta", "AO"),
        ("L'Aquila", "AQ"),
        ("pa", "PA"),
    ],
)
def test_a_province_may_be_written_out(client: FlaskClient, typed: str, letters: str) -> None:
    assert sent(client, **{**GOOD, "fattura_provincia": typed})[0] == 303
    assert asked()[0].province == letters


def test_the_field_has_room_for_the_whole_name(client: FlaskClient) -> None:
    """Cut after two letters "Pavia" was Palermo."""
    make.pickup()
    put(client, make.honey())
    room = re.search(r'<input[^>]*id="fattura_provincia"[^>]*>', client.get("/cassa").text)
    assert room
    assert int(re.findall(r'maxlength="(\d+)"', room[0])[0]) >= max(map(len, NAMES))


def test_there_are_107_provinces_and_the_four_that_sardinia_has_again() -> None:
    assert len(provinces.PROVINCES.keys() - {"OT", "OG", "CI", "VS"}) == 107
    assert len({name.casefold() for name in NAMES}) == len(NAMES)
    assert all(
        provinces.find(name) == letters for letters, some in provinces.PROVINCES.items() for name in some.split("/")
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("D’Agostino – “La Roggia”", 'D\'Agostino - "La Roggia"'),
        ("Łukasz Šimić", "Lukasz Simic"),
        ("Zoe\u0308 & C. s.n.c.", "Zoë & C. s.n.c."),
        ("Maria\u200b Rossi", "Maria Rossi"),
    ],
)
def test_what_telephones_write_becomes_what_an_invoice_can_carry(client: FlaskClient, typed: str, kept: str) -> None:
    assert sent(client, **{**GOOD, "fattura_nome": typed})[0] == 303
    assert asked()[0].name == kept


def test_one_sentence_for_two_fields_names_each_in_the_summary(client: FlaskClient) -> None:
    _status, page = sent(client, **{**GOOD, "email": "ada", "fattura_pec": "ada"})
    summary = words(page.split('id="riepilogo"')[1].split("</ul>")[0])
    assert "E-mail: guarda l'e-mail" in summary
    assert "PEC: guarda l'e-mail" in summary


def test_citizen_and_staff_read_it(client: FlaskClient, app: Flask) -> None:
    sent(client, **GOOD)
    order = db.session.get_one(Order, asked()[0].order_id)
    assert "a nome di Trattoria della Roggia" in words(client.get(f"/ordini/{links.make(order)}").text)
    rita = at_work(app, make.tutor())
    page = words(rita.go(f"/banco/ordini/{order.id}").text)
    for said in ("Vuole la fattura", "00743110157", "Via Roma 1, 27029 Vigevano (PV)", invoicing.NO_CODE):
        assert said in page


ALL_OF_IT = (
    "a nome di Trattoria della Roggia",
    "partita IVA 00743110157",
    f"codice fiscale {PERSON}",
    "Via Roma 1, 27029 Vigevano (PV)",
    "Codice destinatario A4707H7",
    "PEC roggia@pec.example",
)


def test_whoever_gave_it_reads_all_of_it_on_the_order_and_in_its_letter(client: FlaskClient) -> None:
    more = {"fattura_codice": PERSON, "fattura_destinatario": "A4707H7", "fattura_pec": "roggia@pec.example"}
    sent(client, **GOOD | more)
    page = words(client.get(f"/ordini/{links.make(db.session.get_one(Order, asked()[0].order_id))}").text)
    outbox.send_due()
    letter = message_from_string(db.session.scalars(select(KeptMail)).one().raw, policy=policy.default)
    parts = [letter.get_body((kind,)) for kind in ("plain", "html")]
    for told in (page, *[words(part.get_content()) for part in parts if part]):
        assert [line for line in ALL_OF_IT if line not in told] == []


def test_a_letter_to_who_asked_for_none_says_nothing_of_it(client: FlaskClient) -> None:
    sent(client, **{**GOOD, "fattura": ""})
    outbox.send_due()
    assert "attura" not in str(db.session.scalars(select(KeptMail)).one().raw)


@pytest.mark.parametrize("code", ["A4707H7", "a4707h7", "0000000"])
def test_a_recipient_code_has_seven_signs(client: FlaskClient, code: str) -> None:
    assert invoicing.recipient_code(code) == code.upper()
    with pytest.raises(Refused):
        invoicing.recipient_code(code[:6])
