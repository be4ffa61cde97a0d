"""One person's page: what they did, in plain words; what they may do; who looked."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, formats, journal, readers, undo
from core.database import db
from orders import preparing
from people import staff
from people.capabilities import Capability, Role
from people.models import Person
from tests import factories as make
from tests.training.conftest import ComeIn
from training.models import AccessLog


def looks(about: Person) -> list[tuple[int, str]]:
    query = select(AccessLog.who_id, AccessLog.purpose).where(AccessLog.about_id == about.id)
    return [(who, purpose) for who, purpose in db.session.execute(query)]


def test_the_steps_of_a_prepared_crate_are_on_the_page(come_in: ComeIn) -> None:
    anna = make.person("Anna", picture="gatto", support_level=1)
    order = make.closed(make.order(make.wish(make.carrots(), 500), name="Ubaldo Segreti"))
    line = order.lines[0]
    with journal.context(support_shown=1):
        preparing.weigh_line(order.id, line.id, 500, version=line.version, by=anna.id)
        undo.undo_last(order, by=anna.id)
    readers.deliver()
    page = come_in(make.tutor()).get(f"/tutor/persone/{anna.id}").text
    for words in (
        "img/people/gatto.svg",
        f"Prepara la cassetta {order.crate}",
        "Pesa il prodotto: <b>Carote</b>",
        "Scrivo il peso, aiuto su richiesta",
        "rifatto",
        "Torna indietro e rimedia",
        "Con quale aiuto: non ancora detto.",
        "poche occasioni per dirlo".capitalize(),
    ):
        assert words in page
    assert "Ubaldo" not in page


def test_strengths_come_first(come_in: ComeIn) -> None:
    anna = make.person("Anna")
    page = come_in(make.tutor()).get(f"/tutor/persone/{anna.id}").text
    titles = re.findall(r"<h2[^>]*>([^<]+)<", page)
    assert titles[0] == "Che cosa fa"
    assert titles[-1] == "Chi ha guardato questa pagina"


def test_whoever_opens_the_page_leaves_their_name_with_a_purpose(come_in: ComeIn) -> None:
    anna, rita = make.person("Anna"), make.tutor()
    page = come_in(rita).get(f"/tutor/persone/{anna.id}").text
    assert looks(anna) == [(rita.id, "support")]
    assert "Rita <span" in page
    assert "per decidere insieme il sostegno" in page


def test_a_page_that_does_not_open_leaves_no_name(come_in: ComeIn) -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    assert come_in(bruno).get(f"/tutor/persone/{anna.id}").status_code == 403
    assert looks(anna) == []


def test_tutors_have_no_page(come_in: ComeIn) -> None:
    rita, sandro = make.tutor("Rita"), make.tutor("Sandro")
    assert come_in(rita).get(f"/tutor/persone/{sandro.id}").status_code == 404
    assert looks(sandro) == []


def test_no_address_and_nothing_about_health_is_on_the_page(come_in: ComeIn) -> None:
    anna = make.person("Anna", email="anna@posta.example")
    page = come_in(make.tutor()).get(f"/tutor/persone/{anna.id}").text.lower()
    assert "anna" in page
    for word in ("anna@posta", "diagnosi", "disabil", "invalidit", "punteggio", "percentuale", "grave"):
        assert word not in page


def test_nobody_else_is_on_somebodys_page(come_in: ComeIn) -> None:
    anna, clotilde = make.person("Anna"), make.person("Clotilde")
    make.prepared(make.order(), by=clotilde)
    readers.deliver()
    tutor = come_in(make.tutor())
    assert "Clotilde" in tutor.get(f"/tutor/persone/{clotilde.id}").text
    page = tutor.get(f"/tutor/persone/{anna.id}").text
    assert "Anna" in page
    assert "Clotilde" not in page


def test_a_permission_is_given_with_a_reason_and_holds_at_once(come_in: ComeIn) -> None:
    anna, rita = make.person("Anna"), make.tutor()
    client, url = come_in(rita), f"/tutor/persone/{anna.id}/permessi"
    answer = client.post(url, data={"capability": Capability.TAKE_CASH, "reason": "Conta bene con me vicino."})
    assert answer.status_code == 303
    make.fresh(anna)
    assert anna.can(Capability.TAKE_CASH)
    page = client.get(f"/tutor/persone/{anna.id}").text
    assert " Rita: Conta bene con me vicino." in page


def test_a_permission_without_a_reason_is_asked_again(come_in: ComeIn) -> None:
    anna = make.person("Anna")
    answer = come_in(make.tutor()).post(
        f"/tutor/persone/{anna.id}/permessi", data={"capability": Capability.TAKE_CASH, "reason": " "}
    )
    assert answer.status_code == 422
    assert "Scrivi perché." in answer.text
    make.fresh(anna)
    assert not anna.can(Capability.TAKE_CASH)


@pytest.mark.parametrize("capability", ["", "people.invite", "training.people", "everything"])
def test_only_grants_can_be_given(come_in: ComeIn, capability: str) -> None:
    anna = make.person("Anna")
    answer = come_in(make.tutor()).post(
        f"/tutor/persone/{anna.id}/permessi", data={"capability": capability, "reason": "Perché sì."}
    )
    assert answer.status_code in (403, 422)
    make.fresh(anna)
    assert anna.grants == []


def test_a_permission_is_withdrawn_with_a_reason_and_ends_at_once(come_in: ComeIn) -> None:
    anna = make.person("Anna", can=(Capability.TAKE_CASH,))
    url = f"/tutor/persone/{anna.id}/permessi/{anna.grants[0].id}/togli"
    client = come_in(make.tutor())
    assert client.post(url, data={"reason": ""}).status_code == 422
    assert client.post(url, data={"reason": "Per ora preferisce la bilancia."}).status_code == 303
    make.fresh(anna)
    assert not anna.can(Capability.TAKE_CASH)
    assert "Per ora preferisce la bilancia." in client.get(f"/tutor/persone/{anna.id}").text


def test_a_permission_is_withdrawn_only_on_its_own_page(come_in: ComeIn) -> None:
    anna, bruno = make.person("Anna", can=(Capability.TAKE_CASH,)), make.person("Bruno")
    url = f"/tutor/persone/{bruno.id}/permessi/{anna.grants[0].id}/togli"
    assert come_in(make.tutor()).post(url, data={"reason": "Altro."}).status_code == 404
    make.fresh(anna)
    assert anna.can(Capability.TAKE_CASH)


def test_the_guide_changes_with_a_reason_that_stays_readable(come_in: ComeIn) -> None:
    anna = make.person("Anna", support_level=2)
    client, url = come_in(make.tutor()), f"/tutor/persone/{anna.id}/sostegno"
    refused = client.post(url, data={"level": 1, "reason": ""})
    assert refused.status_code == 422
    assert client.post(url, data={"level": 1, "reason": "Ha chiesto lei di provare."}).status_code == 303
    make.fresh(anna)
    assert anna.support_level == 1
    assert "Rita: Ha chiesto lei di provare." in client.get(f"/tutor/persone/{anna.id}").text


def test_the_same_form_sent_twice_is_one_deed(come_in: ComeIn) -> None:
    anna = make.person("Anna")
    client = come_in(make.tutor())
    form = {"capability": Capability.TAKE_CASH, "reason": "Conta bene.", "key": "the-same-form-key-1"}
    for _ in range(2):
        assert client.post(f"/tutor/persone/{anna.id}/permessi", data=form).status_code == 303
    make.fresh(anna)
    assert len(anna.grants) == 1


@pytest.mark.parametrize("deed", ["permessi", "permessi/1/togli", "sostegno"])
def test_a_co_resident_decides_for_nobody_here(come_in: ComeIn, deed: str) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH))
    answer = come_in(anna, "badge").post(f"/tutor/persone/{anna.id}/{deed}", data={"level": 0, "reason": "Sì."})
    assert answer.status_code == 403


def test_the_coordinator_sees_people_too(app: Flask, come_in: ComeIn) -> None:
    anna, teresa = make.person("Anna"), make.person("Teresa", Role.COORDINATOR)
    staff.plan_shift(clock.today(), [anna], by=teresa)
    assert come_in(teresa).get(f"/tutor/persone/{anna.id}").status_code == 200
    assert looks(anna) == [(teresa.id, "support")]


def test_a_grant_of_one_day_says_that_it_was_given_and_withdrawn(come_in: ComeIn) -> None:
    anna = make.person("Anna", can=(Capability.TAKE_CASH,))
    staff.withdraw(anna.grants[0].id, "Per ora no.", by=make.tutor())
    page = come_in(make.tutor()).get(f"/tutor/persone/{anna.id}").text
    today = formats.day(clock.today())
    assert f"dato {today}, tolto {today}." in page
    assert formats.day(clock.yesterday()) not in page


def test_a_reason_that_is_too_long_is_kept_and_said(come_in: ComeIn) -> None:
    anna = make.person("Anna")
    sent = {"capability": "cash.take", "reason": "x" * 281}
    answer = come_in(make.tutor()).post(f"/tutor/persone/{anna.id}/permessi", data=sent)
    assert answer.status_code == 422
    assert "È troppo lungo" in answer.text
    assert f'value="{sent["reason"]}"' in answer.text
