"""Every paper: accessible, read back, and made by the worker where it is long."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import force_locale

from adapters.pdf import PdfMissing
from catalog.models import PickUp
from core import clock, keeping
from core.database import db, in_transaction, transaction
from core.errors import Conflict, NotFound
from core.journal import Entry
from orders import cancelling, documents, giving_back, handing_over, harvesting, papers, placing, stops, terms, texts
from orders.models import Order, Paper
from tests import factories as make
from tests.papers import reading, world
from tests.shop.citizen import statements
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

LISTS = {
    "harvest": documents.harvest_list,
    "crates": documents.crate_list,
    "round": documents.round_sheet,
    "labels": documents.labels,
}


def crate(pickup: PickUp, number: int) -> Order:
    return db.session.query(Order).filter_by(pickup_id=pickup.id, crate=number).one()


def on_sheet(order: Order) -> str:
    return reading.words(documents.order_summary(order))


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_list_passes_the_checker_and_has_title_and_language(kind: str, language: str) -> None:
    pickup = world.pickup(3, kind="round")
    with force_locale(language):
        paper = LISTS[kind](pickup)
    title, spoken = reading.about(paper)
    assert title
    assert spoken == language
    assert reading.findings(paper) == ""


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_summary_passes_the_checker_and_has_title_and_language(language: str) -> None:
    order = world.everything_happened(crate(world.pickup(3), 3), world.some_jar())
    with force_locale(language):
        paper = documents.order_summary(order)
    assert reading.about(paper)[1] == language
    assert "1003" in reading.about(paper)[0]
    assert reading.findings(paper) == ""


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_terms_pass_the_checker_and_say_all_that_the_two_pages_say(language: str) -> None:
    world.seller()
    with force_locale(language):
        paper = documents.terms_of_sale()
        facts = texts.facts()
        pages = [texts.get("page", slug, language).filled(facts) for slug in ("condizioni", "recesso")]
    assert reading.about(paper) == (pages[0].title, language)
    assert reading.findings(paper) == ""
    read = reading.words(paper)
    for page in pages:
        for words in (page.title, *(text for _kind, text in page.blocks)):
            assert " ".join(words.split()) in read


def test_the_terms_are_drawn_again_only_for_other_words_or_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(html: str) -> bytes:
        drawn.append(html)
        return b"%PDF"

    keeping.forget_everything()
    monkeypatch.setattr(documents, "to_pdf", draw)
    for _ in range(3):
        documents.terms_of_sale()
    assert len(drawn) == 1
    world.seller()  # who sells stands in them
    documents.terms_of_sale()
    assert ["Cascina Chilometrico" in html for html in drawn] == [False, True]
    with force_locale("en"):
        documents.terms_of_sale()
    with clock.at(clock.now() + timedelta(days=1)):
        documents.terms_of_sale()
    assert len(drawn) == 4


class TestHarvest:
    def test_it_says_field_by_field_what_was_sold_and_for_how_many_crates(self) -> None:
        text = reading.words(documents.harvest_list(world.pickup(10)))
        assert "Raccolto Piazza Ducale," in text.replace(" chilometrico", "")
        assert "Carote 4 chili 5" in text
        assert "Bietole 8 mazzi 5" in text
        places = [
            text.index(words) for words in ("Campo della Sforzesca", "Serra di Gambolò", "Frutteto", "Altro posto")
        ]
        assert places == sorted(places)
        assert text.index("Bietole") < text.index("Carote") < text.index("Patate") < text.index("Campo") + 400

    def test_pieces_that_are_weighed_are_said_with_their_weight(self) -> None:
        squash = make.product("zucca", name="Zucca", kind="piece_by_weight", piece_grams=1800, price=240)
        order = make.order(make.wish(squash, 3))
        assert "Zucca 3 pezzi circa 5 chili e 400 grammi 1" in reading.words(documents.harvest_list(order.pickup))

    def test_what_arrived_already_stands_in_its_field(self) -> None:
        pickup = world.pickup(2)
        carrots = crate(pickup, 1).lines[0].product
        before = reading.words(documents.harvest_list(pickup))
        harvesting.arrive(pickup.id, carrots.id, 7300, by=None)
        after = reading.words(documents.harvest_list(pickup))
        assert "7 chili e" not in before
        assert "7 chili e" in after
        assert "300 grammi" in after

    def test_while_one_can_still_order_it_says_so(self) -> None:
        pickup = world.pickup(2, closed=False)
        assert "Si può ancora ordinare fino a" in reading.words(documents.harvest_list(pickup))
        with clock.at(pickup.cutoff_at + timedelta(minutes=1)):
            make.closing.close(pickup.id)
        assert "Si può ancora ordinare" not in reading.words(documents.harvest_list(pickup))

    def test_where_nobody_ordered_it_says_that(self) -> None:
        paper = documents.harvest_list(make.pickup())
        assert "Non c'è niente da raccogliere." in reading.words(paper)
        assert reading.findings(paper) == ""


class TestCrates:
    def test_it_has_what_one_needs_to_prepare_without_a_tablet(self) -> None:
        text = reading.words(documents.crate_list(world.pickup(4)))
        assert "1 Clementina B." in text
        for words in ("Carote", "500 grammi", "2,20 €", "al chilo", "1,21 €", "Cambiato con:", "Non cambiare"):
            assert words in text
        for field in ("Preso", "Peso netto", "Costa", "Totale", "Pagato", "Preparata da", "Consegnata alle"):
            assert text.count(field) == 4
        assert "Può ritirare anche: Luigi V." in text
        assert "Al massimo 11,01 €" in text

    def test_it_tells_no_more_about_people_than_the_crate_needs(self) -> None:
        pickup = world.pickup(9, kind="round")
        text = reading.words(documents.crate_list(pickup))
        assert "Clementina B." in text
        for private in ("Brambilla", "+39", "posta.example", "Via Dante", "Verdi"):
            assert private not in text

    def test_what_is_weighed_already_is_printed(self) -> None:
        pickup = world.pickup(3)
        world.everything_happened(crate(pickup, 3), world.some_jar())
        text = reading.words(documents.crate_list(pickup))
        assert "X Spinaci 750 grammi 975 grammi 4,20 € al chilo 3,47 € 3,47 €" in text
        assert "Passata di pomodoro" in text
        assert "Totale 24,97 €" in text

    def test_sixty_crates_are_kept_whole_each_on_one_page(self) -> None:
        pages = reading.pages(documents.crate_list(world.pickup(60)))
        begun = [len(re.findall(r"Preso Prodotto", page)) for page in pages]
        ended = [page.count("Preparata da") for page in pages]
        assert begun == ended
        assert sum(begun) == 60
        assert len(pages) < 45

    def test_a_crate_longer_than_a_page_goes_on_with_its_headings(self) -> None:
        goods = [make.product(f"cosa-{number}", name=f"Cosa numero {number}") for number in range(40)]
        order = make.closed(make.order(*[make.wish(each) for each in goods]))
        pages = reading.pages(documents.crate_list(order.pickup))
        assert len(pages) > 2
        assert all("Preso Prodotto" in page for page in pages[1:])

    def test_cancelled_orders_are_not_on_it(self) -> None:
        pickup = world.pickup(3)
        cancelling.cancel(crate(pickup, 2).id, as_staff=True)
        text = reading.words(documents.crate_list(pickup))
        assert "Clementina B." in text
        assert "Élodie" not in text


class TestRound:
    def test_twenty_five_stops_come_in_the_order_of_the_streets(self) -> None:
        pickup = world.pickup(25, kind="round")
        text = reading.words(documents.round_sheet(pickup))
        ridden = [match[1] for match in re.finditer(r"(\d{5}) (?:Vigevano|Gambolò)", text)]
        assert text.count("nessuno in casa") == 25
        assert ridden == sorted(ridden)

    def test_it_has_address_phone_note_and_who_else_may_collect(self) -> None:
        text = reading.words(documents.round_sheet(world.pickup(4, kind="round")))
        for words in ("Clementina Brambilla", "Via Dante 12", "+39 0381 000 000", "Citofono rotto", "Luigi Verdi"):
            assert words in text
        for field in ("Da pagare", "consegnata", "nessuno in casa", "Firma o nota"):
            assert field in text

    def test_what_is_due_is_printed_where_everything_is_weighed(self) -> None:
        pickup = world.pickup(3, kind="round")
        ready = world.everything_happened(crate(pickup, 3), world.some_jar())
        text = reading.words(documents.round_sheet(pickup))
        assert ready.due == 2497
        assert text.count("24,97 €") == 1
        assert "in contanti 24,95 €" in text

    def test_a_stall_has_no_round(self) -> None:
        with pytest.raises(Conflict, match="non è un giro"):
            documents.round_sheet(world.pickup(1))

    def test_house_numbers_compare_as_numbers_whatever_the_spelling(self) -> None:
        written = [
            "da qualche parte",
            "Via Roma 10, 27029 Vigevano",
            "VIA ROMA, 2, 27029 Vigevano",
            "via Ròma 2/B, 27029 Vigevano",
            "Corso Cavour 3, 27029 Vigevano",
            "Via Zara 1, 27025 Gambolò",
        ]
        orders = [SimpleNamespace(address=address, crate=number) for number, address in enumerate(written, 1)]
        assert [order.crate for order in stops.in_order(orders)] == [6, 5, 3, 4, 2, 1]  # type: ignore[arg-type]


class TestLabels:
    def test_there_is_a_page_for_each_of_sixty_orders_and_more_for_large_ones(self) -> None:
        pickup = world.pickup(60)
        pages = reading.pages(documents.labels(pickup))
        assert len(pages) == sum(order.crates for order in db.session.query(Order))
        assert len(pages) > 60
        assert sum("2 di 2" in page for page in pages) == len(pages) - 60
        assert [int(page.split()[0]) for page in pages] == sorted(int(page.split()[0]) for page in pages)

    def test_before_crates_have_numbers_there_are_none(self) -> None:
        pickup = world.pickup(2, closed=False)
        for make_paper in (documents.labels, documents.crate_list):
            with pytest.raises(Conflict, match="ancora un numero"):
                make_paper(pickup)


class TestSummary:
    def test_it_says_line_by_line_why_it_costs_that(self) -> None:
        world.seller()
        order = world.everything_happened(crate(world.pickup(3), 3), world.some_jar())
        text = on_sheet(order)
        assert "Cascina Chilometrico, cooperativa sociale agricola" in text
        assert "Partita IVA 00000000000" in text
        assert "750 g 0,975 kg 4,20 € al chilo 4% 3,15 € 3,47 € 3,47 €" in text  # asked, weighed, estimate, most, price
        assert "Regalo: 0,63 €." in text
        assert "Al suo posto: Passata di pomodoro." in text
        assert "Al posto di: Zucca delica." in text
        assert "Avevi chiesto 3 mazzi, ma ce n'era di meno" in text
        assert "Recesso escluso: prodotto deperibile" in text
        assert "Recesso entro 14 giorni" in text
        assert "Non è un documento fiscale." in text
        assert "da pagare 24,97 €" in text.lower()
        assert "In contanti sono 24,95 €" in text

    def test_before_weighing_it_says_estimate_and_maximum(self) -> None:
        text = on_sheet(crate(world.pickup(1), 1))
        assert "Totale stimato 10,17 €" in text
        assert "Al massimo paghi 11,01 €" in text
        assert "da pagare" not in text.lower()

    def test_discount_fee_and_several_rates_are_in_the_bill_and_in_the_vat_table(self) -> None:
        home = make.pickup(make.place(kind="round", fee=400))
        herbs = make.product("basilico", name="Basilico", price=150, vat_category="erbe", vat_rate=5)
        order = make.order(make.wish(herbs), make.wish(make.honey()), at=home, address="Via Roma 1, 27029 Vigevano")
        with transaction() as session:
            session.get_one(Order, order.id).discount_percent = 10
        text = on_sheet(order)
        assert "Sconto 10% −1,00 €" in text
        assert "Consegna 4,00 €" in text
        assert re.search("Totale[^€]* 13,00 €", text)
        assert "5% 1,86 € 0,09 € 1,95 €" in text
        assert "10% 10,05 € 1,00 € 11,05 €" in text

    def test_payments_and_refunds_are_told_and_nothing_is_due(self) -> None:
        with clock.at(clock.now() - timedelta(days=3)):
            order = make.prepared(make.order(make.wish(make.honey(), 2)))
        handing_over.take_cash(order.id, by=None, expected=1700)
        handing_over.hand_over(order.id, by=None)
        giving_back.give_back(order.id, {order.lines[0].id: 850}, how="cash", reason="un vasetto rotto", by=None)
        text = on_sheet(order)
        assert "Miele di acacia, ridato Un vasetto rotto. IVA 10%, compresa. −8,50 €" in text
        assert "Totale dopo il rimborso 8,50 €" in text
        assert "Pagato in contanti 17,00 €" in text
        assert "Ridato in contanti −8,50 €" in text
        assert "da pagare nulla" in text.lower()
        assert "Dopo il rimborso Aliquota Imponibile IVA Totale 10% 7,73 € 0,77 € 8,50 €" in text

    def test_at_home_somebody_else_opens_the_door(self) -> None:
        bicycle = make.pickup(make.place(name="In bicicletta", kind="round"))
        order = make.order(at=bicycle, collector="Luigi Verdi", address="Via Roma 1, 27029 Vigevano")
        assert "Può aprire anche Luigi Verdi" in on_sheet(order)

    def test_it_says_who_else_may_collect_and_what_was_agreed_about_what_is_missing(self) -> None:
        honey = make.honey()
        alone = on_sheet(make.order(make.wish(honey)))
        assert "Può ritirare anche" not in alone
        assert "Se qualcosa manca Non mettiamo altro al suo posto, e non lo paghi." in alone
        similar = placing.Wish(honey.id, 1, honey.price, may_substitute=True)
        order = make.order(similar, collector="Luigi Verdi")
        text = on_sheet(order)
        assert "Può ritirare anche Luigi Verdi" in text
        assert (
            "Se qualcosa manca Possiamo mettere una cosa simile al suo posto, mai più cara: lo hai scelto tu." in text
        )
        assert terms.substitution(order) in text

    def test_a_cancelled_order_asks_for_nothing(self) -> None:
        order = make.order(make.wish(make.honey()))
        cancelling.cancel(order.id)
        text = on_sheet(order)
        assert "Disdetto" in text
        assert "Non devi pagare nulla." in text
        assert "Imponibile" not in text
        assert "Se qualcosa manca" not in text

    def test_in_english_words_and_sums_are_english(self) -> None:
        order = crate(world.pickup(1), 1)
        with force_locale("en"):
            text = on_sheet(order)
        assert "Order 1001" in text
        assert "Carrots" in text
        assert "€2.20" in text


class TestStrangeWords:
    def test_marks_are_words_and_emoji_do_not_look_like_a_box_to_tick(self) -> None:
        pickup = world.pickup(5, kind="round")
        text = reading.words(documents.round_sheet(pickup))
        assert "<b>Gino</b> Grassetto" in text
        assert re.search("Pier [A-Z]", text)
        assert "🌻" not in text
        assert crate(pickup, 3).customer == "Pier 🌻"  # the order keeps it

    def test_a_very_long_name_and_note_stay_on_the_paper(self) -> None:
        pickup = world.pickup(12, kind="round")
        pages = reading.pages(documents.round_sheet(pickup))
        assert "Precotto" in " ".join(pages)
        assert "pioppi" in " ".join(pages)
        assert len(reading.pages(documents.crate_label(crate(pickup, 6)))) == 1

    @pytest.mark.parametrize(
        ("name", "short"),
        [
            ("Clementina Brambilla", "Clementina B."),
            ("Ada", "Ada"),
            ("Pier 🌻", "Pier"),
            ("Maria Sole dell'Orto", "Maria D."),
            ("Élodie  Ó Súilleabháin", "Élodie S."),
            ("Luigi 2", "Luigi"),
        ],
    )
    def test_a_name_is_shortened_to_first_name_and_initial(self, name: str, short: str) -> None:
        assert documents.short_name(name) == short

    @pytest.mark.parametrize("kind", LISTS)
    def test_practice_is_marked_on_every_page(self, kind: str) -> None:
        practice = world.pickup(5, kind="round", practice=True)
        pages = reading.pages(LISTS[kind](practice))
        assert pages
        assert all("PROVA" in page for page in pages)
        assert "PROVA" not in reading.words(LISTS[kind](world.pickup(1, kind="round")))


def test_forty_orders_take_as_many_statements_as_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "to_pdf", lambda _html, _style="print": b"")
    few, many = world.pickup(5, kind="round"), world.pickup(40, kind="round")
    for paper in LISTS.values():
        for_few = _statements(lambda paper=paper: paper(_fresh(few)))
        assert for_few > 0
        assert _statements(lambda paper=paper: paper(_fresh(many))) == for_few


class TestAsking:
    def test_a_paper_asked_twice_is_made_once(self) -> None:
        pickup = world.pickup(1)
        first = papers.ask("crates", pickup.id, by=None, language="it")
        assert papers.ask("crates", pickup.id, by=None, language="it").id == first.id
        assert papers.ask("crates", pickup.id, by=None, language="en").id != first.id
        assert papers.ask("labels", pickup.id, by=None, language="it").id != first.id

    def test_two_tablets_at_once_get_the_same_paper(self, app: Flask) -> None:
        pickup_id = world.pickup(1).id
        found = together(app, *[lambda: papers.ask("crates", pickup_id, by=None, language="it").id] * 6)
        assert not faults(found)
        assert len(set(found)) == 1

    def test_once_made_it_can_be_asked_for_again(self) -> None:
        pickup = world.pickup(1)
        first = papers.ask("crates", pickup.id, by=None, language="it")
        assert papers.make_due() == 1
        assert papers.ask("crates", pickup.id, by=None, language="it").id != first.id

    def test_who_asked_is_kept_and_the_journal_is_silent(self) -> None:
        pickup, anna = world.pickup(1), make.person("Anna")
        before = db.session.query(Entry).count()
        paper = papers.ask("harvest", pickup.id, by=anna.id, language="it")
        papers.make_due()
        assert papers.get(paper.id).asked_by_id == anna.id
        assert db.session.query(Entry).count() == before

    def test_what_nobody_knows_is_not_there(self) -> None:
        with pytest.raises(NotFound):
            papers.ask("fattura", world.pickup(1).id, by=None, language="it")
        with pytest.raises(NotFound):
            papers.ask("crates", 999, by=None, language="it")
        with pytest.raises(NotFound):
            papers.get(999)


class TestMaking:
    def test_the_one_that_waits_longest_is_made_first_in_its_language(self) -> None:
        pickup = world.pickup(2, kind="round")
        asked = [papers.ask(kind, pickup.id, by=None, language="en") for kind in papers.KINDS]
        ids = [paper.id for paper in asked]
        for done in range(1, len(ids) + 1):
            assert papers.make_due() == 1
            assert [papers.get(paper_id).pdf is not None for paper_id in ids] == [n < done for n in range(len(ids))]
        assert papers.make_due() == 0
        for paper_id in ids:
            paper = papers.get(paper_id)
            assert paper.made_at is not None
            assert paper.trouble == ""
            assert reading.about(paper.pdf or b"")[1] == "en"

    def test_it_is_drawn_outside_any_transaction(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen = []

        def drawing(_html: str) -> bytes:
            seen.append((in_transaction(), db.session().in_transaction()))
            return b"%PDF"

        monkeypatch.setattr(documents, "to_pdf", drawing)
        _ask_for_crates()
        papers.make_due()
        assert seen == [(False, False)]

    def test_a_fault_ends_in_a_calm_sentence_and_is_not_tried_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tries = []

        def stumbling(_html: str) -> bytes:
            tries.append(1)
            raise ZeroDivisionError

        monkeypatch.setattr(documents, "to_pdf", stumbling)
        paper_id = _ask_for_crates()
        assert [papers.make_due() for _ in range(3)] == [1, 0, 0]
        assert len(tries) == 1
        paper = papers.get(paper_id)
        assert paper.trouble == "Questo foglio non è venuto. Chiedilo di nuovo tra poco."
        assert (paper.pdf, paper.made_at) == (None, None)
        assert _ask_for_crates(paper.pickup) != paper_id  # whoever still wants it asks again

    def test_a_missing_library_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(_html: str) -> bytes:
            raise PdfMissing("Qui non si può ancora stampare.")

        monkeypatch.setattr(documents, "to_pdf", missing)
        paper_id = _ask_for_crates()
        papers.make_due()
        assert papers.get(paper_id).trouble == "Qui non si può ancora stampare."

    def test_what_cannot_be_says_why_in_the_language_of_who_asked(self) -> None:
        still_open = world.pickup(1, closed=False)
        paper = papers.ask("crates", still_open.id, by=None, language="it")
        papers.make_due()
        assert papers.get(paper.id).trouble == "Le cassette non hanno ancora un numero."

    def test_one_stumbling_paper_does_not_hold_up_the_next(self) -> None:
        pickup = world.pickup(1)
        bad = papers.ask("round", pickup.id, by=None, language="it")
        good = papers.ask("harvest", pickup.id, by=None, language="it")
        assert papers.make_due() + papers.make_due() == 2
        assert papers.get(bad.id).trouble
        assert papers.get(good.id).pdf

    def test_a_paper_that_was_forgotten_while_it_was_drawn_is_let_go(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def slowly(_html: str) -> bytes:
            with transaction() as session:
                session.query(Paper).delete()
            return b"%PDF"

        monkeypatch.setattr(documents, "to_pdf", slowly)
        _ask_for_crates()
        assert papers.make_due() == 1
        assert db.session.query(Paper).count() == 0


class TestForgetting:
    def test_after_two_days_papers_go_because_they_name_people(self) -> None:
        with clock.at(clock.now() - timedelta(days=2, minutes=1)):
            old = _ask_for_crates()
        with clock.at(clock.now() - timedelta(days=1)):
            recent = papers.ask("labels", papers.get(old).pickup_id, by=None, language="it").id
        assert papers.forget_old() == 1
        assert papers.forget_old() == 0
        with pytest.raises(NotFound, match="Chiedilo di nuovo"):
            papers.get(old)
        assert papers.get(recent)


def _ask_for_crates(pickup: PickUp | None = None) -> int:
    return papers.ask("crates", (pickup or world.pickup(1)).id, by=None, language="it").id


def _fresh(pickup: PickUp) -> PickUp:
    make.fresh(pickup)
    return pickup


def _statements(deed: Callable[[], object]) -> int:
    with statements() as seen:
        deed()
    return len(seen)
