"""Letters and pages in the farm's own words: both languages, looked at before, refused kindly, and the way back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import outbox
from core.database import db
from core.errors import Conflict, NotFound, Refused
from core.journal import Entry
from orders import letters, rewriting, specimen, texts
from orders.models import EditableText, Order
from orders.texts import Words
from people.capabilities import Role
from people.models import Person
from tests import factories as make
from tests.desk.staff_desk import at_work
from tests.desk.walking import Desk
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

READY = "/banco/testi/lettere/ready"
BODY = "Ciao {nome}, vieni {ritiro}. {pagare}"


@pytest.fixture
def teresa(app: Flask) -> Desk:
    """Whoever coordinates, at the staff's pages."""
    return at_work(app, make.person("Teresa", Role.COORDINATOR))


def someone() -> int:
    return make.person("Ada", Role.COORDINATOR).id


def form(desk: Desk, path: str = READY, **typed: str) -> dict[str, str]:
    """What the page's form sends, with these fields written anew."""
    html = desk.go(path).html
    sends = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', html)
    }
    sends |= {
        name: unescape(body)
        for name, body in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', html)
    }
    return sends | {name.replace("_", "-"): words for name, words in typed.items()}


def save(desk: Desk, path: str = READY, **typed: str) -> Desk:
    return desk.go(path, method="post", sends=form(desk, path, **typed))


# --- seen


def test_every_letter_and_page_is_in_the_list_with_whose_words_hold(teresa: Desk) -> None:
    said = teresa.go("/banco/testi").text
    assert said.count("le nostre parole") == len(texts.LETTERS) + len(texts.PAGES)
    drafts = [slug for slug in texts.PAGES if "[" in texts.from_the_house("page", slug, "it").body]
    assert said.count("qualcosa da controllare") == len(drafts) == len(texts.PAGES) - 1  # cookies are what they are
    ada = make.person("Ada", Role.COORDINATOR)
    rewriting.change("letter", "ready", "en", Words("Ready", BODY), by=ada.id)
    said = teresa.go("/banco/testi").text
    assert "inglese: cambiato da Ada" in said
    assert said.count("le nostre parole") == len(texts.LETTERS) + len(texts.PAGES) - 1


def test_what_is_to_be_checked_stands_above_the_text_until_somebody_takes_it_out(teresa: Desk) -> None:
    path, ask = "/banco/testi/pagine/condizioni", "Da guardare prima di aprire il negozio"
    said = teresa.go(path).text.partition("Italiano")[0]
    assert ask in said
    assert "con il commercialista o un legale" in said
    assert "Da controllare: quale." in said
    for language in ("it", "en"):
        assert "[" not in teresa.client.get(f"{path}/anteprima/{language}").text.partition("<main")[2], language
    own = {
        language: texts.TO_CHECK.sub("", texts.get("page", "condizioni", language).body) for language in ("it", "en")
    }
    assert ask in save(teresa, path, body_it=own["it"]).text
    assert "which one." in teresa.text.partition("Italiano")[0]
    assert ask not in save(teresa, path, body_en=own["en"]).text
    assert ask not in teresa.go(READY).text


@pytest.mark.parametrize("kind", ["letter", "page"])
@pytest.mark.parametrize("language", ["it", "en"])
def test_the_words_of_the_house_keep_our_own_rules(kind: str, language: str) -> None:
    for slug in texts.LETTERS if kind == "letter" else texts.PAGES:
        words = texts.from_the_house(kind, slug, language)
        assert rewriting.require_possible(kind, slug, language, words) == words, slug


def test_both_languages_stand_side_by_side_with_what_can_be_filled_in_and_an_example(teresa: Desk) -> None:
    sends = form(teresa)
    assert sends["body-it"] == texts.get("letter", "ready", "it").body
    assert sends["title-en"] == texts.get("letter", "ready", "en").title
    said = teresa.text.replace("\xa0", " ")
    assert "{nome} Maria" in said
    assert "{totale} 12,62 €" in said
    assert "{ridato}" not in said, "that belongs to another letter"


@pytest.mark.parametrize("letter", texts.LETTERS)
def test_every_place_of_a_letter_has_an_example_or_says_that_it_may_be_empty(letter: str) -> None:
    places = rewriting.places("letter", letter, "it")
    assert places["nome"] == "Maria"
    own = [name for name, of in rewriting.ONLY.items() if letter in of]
    assert all(places[name] for name in own), places
    assert not set(rewriting.ONLY) - set(own) & set(places)


# --- written


def test_new_words_are_in_the_next_letter_and_the_other_language_stays(teresa: Desk) -> None:
    said = save(teresa, title_it="È pronta, {nome}", body_it=BODY).text
    assert "Salvato: italiano. Vale da adesso." in said
    order = make.prepared(make.order(make.wish(make.honey())))
    message = letters.write("ready", order, "TOKEN", "<a@prova.example>")
    assert message["Subject"] == "È pronta, Maria"
    body = message.get_body(("plain",))
    assert body is not None
    assert "Ciao Maria, vieni" in body.get_content()
    assert texts.get("letter", "ready", "en") == texts.from_the_house("letter", "ready", "en")


def test_a_page_is_changed_for_everybody_at_once(teresa: Desk, app: Flask) -> None:
    path = "/banco/testi/pagine/chi-siamo"
    save(teresa, path, title_it="Noi", body_it="## Ciao\n\nSiamo {negozio}.")
    shown = app.test_client().get("/pagine/chi-siamo").text
    assert "<h1>Noi</h1>" in shown
    assert "<h2>Ciao</h2>" in shown
    assert "{negozio}" not in shown


def test_saving_what_is_there_changes_nothing(teresa: Desk) -> None:
    assert "non è cambiato niente" in save(teresa).text
    assert db.session.scalar(select(func.count()).select_from(EditableText)) == 0


def test_html_that_somebody_writes_is_read_as_it_is(teresa: Desk) -> None:
    save(teresa, body_it=BODY + " <b>Grazie</b>")
    order = make.prepared(make.order(make.wish(make.honey())))
    html = letters.write("ready", order, "TOKEN", "<a@prova.example>").get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Grazie&lt;/b&gt;" in html.get_content()


# --- refused


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"body_it": BODY + " {nme}"}, "{nme} qui non si riempie da solo"),
        ({"body_it": BODY + " {ridato}"}, "{ridato} qui non si riempie da solo"),
        ({"title_it": "{} pronta"}, "{} qui non si riempie da solo"),
        ({"body_it": BODY + " {nome"}, "C'è una graffa da sola"),
        ({"body_it": BODY + " nome}"}, "C'è una graffa da sola"),
        ({"title_it": "Pronta", "body_it": "Ciao {nome}, vieni {ritiro}."}, "Manca {pagare} o {totale}"),
        ({"body_it": "Ciao {nome}. {pagare}"}, "Manca {appuntamento} o {ritiro}"),
        ({"title_it": "  "}, "Scrivi un titolo."),
        ({"title_it": "x" * 201}, "Scrivi un titolo più corto"),
        ({"body_it": " \u200b "}, "Scrivi un testo."),
        ({"body_it": BODY + "x" * 20_001}, "Il testo è troppo lungo"),
        ({"body_en": "Hello"}, "Manca {appuntamento} o {ritiro}"),
    ],
)
def test_words_that_cannot_be_are_refused_at_their_field_and_kept(
    teresa: Desk, typed: dict[str, str], says: str
) -> None:
    answer = teresa.client.post(READY, data=form(teresa, **typed))
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert says in page
    assert all(words.strip()[:60] in page for words in typed.values())
    assert db.session.scalar(select(func.count()).select_from(EditableText)) == 0


def test_one_language_that_cannot_be_keeps_the_other_from_being_saved_too(teresa: Desk) -> None:
    answer = teresa.client.post(READY, data=form(teresa, title_it="Nuovo", body_en="Hello"))
    assert answer.status_code == 422
    assert texts.get("letter", "ready", "it") == texts.from_the_house("letter", "ready", "it")


def test_the_sentence_of_withdrawal_cannot_be_written_away(teresa: Desk) -> None:
    path = "/banco/testi/pagine/recesso"
    answer = teresa.client.post(path, data=form(teresa, path, body_it="Scrivici a {email}."))
    assert "Manca la frase da copiare: «Recedo dal contratto …»." in unescape(answer.text)


@pytest.mark.parametrize("letter", [*letters.WITH_TERMS])
def test_terms_seller_and_the_way_to_cancel_stand_under_whatever_is_written(letter: str) -> None:
    """So nobody can leave them out by mistake."""
    about = specimen.of(letter, "it")
    words = Words("Poche parole", "{ritiro} {massimo} {cambiare}")
    body = letters.write(letter, about.order, "TOKEN", "<a@prova.example>", about.more, words).get_body(("plain",))
    assert body is not None
    for each in ("/ordini/TOKEN", "Recedo dal contratto", "Recesso escluso: prodotto deperibile"):
        assert each in body.get_content()


@pytest.mark.parametrize(
    "path", ["/banco/testi/lettere/segreta", "/banco/testi/altro/ready", "/banco/testi/pagine/ready"]
)
def test_a_text_of_nobody_is_not_there(teresa: Desk, path: str) -> None:
    assert teresa.client.get(path).status_code == 404
    assert teresa.client.post(path, data={}).status_code == 404


def test_a_tutor_does_not_change_texts(app: Flask) -> None:
    assert at_work(app).client.get("/banco/testi").status_code == 403


# --- two at once


def test_two_editors_do_not_undo_each_other(teresa: Desk) -> None:
    sends = form(teresa, body_it=BODY)
    rewriting.change("letter", "ready", "it", Words("Di Ada", BODY + " Ada"), by=someone())
    answer = teresa.client.post(READY, data=sends)
    assert answer.status_code == 409
    assert "Intanto qualcuno ha cambiato questo testo." in unescape(answer.text)
    assert BODY in unescape(answer.text)
    assert texts.get("letter", "ready", "it").title == "Di Ada"


def test_two_deeds_at_the_same_instant_are_one_and_a_refusal(app: Flask) -> None:
    by, seen = someone(), rewriting.seen("letter", "ready", "it")
    db.session.rollback()
    deeds = [
        lambda title=title: rewriting.change("letter", "ready", "it", Words(title, BODY), seen_as=seen, by=by)
        for title in ("Uno", "Due")
    ]
    answers = together(app, *deeds)
    assert len([answer for answer in answers if isinstance(answer, Conflict)]) == 1
    assert not faults(answers, Conflict)


# --- the way back


def test_the_text_of_before_comes_back_and_then_the_one_before_that(teresa: Desk) -> None:
    ours = texts.get("letter", "ready", "it")
    for title in ("Uno", "Due"):
        save(teresa, title_it=title, body_it=BODY)
    teresa.go(READY).press("Torna al testo di prima")
    assert "È tornato il testo di prima: italiano." in teresa.text
    assert texts.get("letter", "ready", "it").title == "Uno"
    teresa.press("Torna al testo di prima")
    assert texts.get("letter", "ready", "it") == ours
    assert not teresa.offers("Torna al testo di prima")


def test_our_words_come_back_in_one_press_and_that_can_be_taken_back_too(teresa: Desk) -> None:
    for title in ("Uno", "Due"):
        save(teresa, title_it=title, body_it=BODY)
    teresa.go(READY).press("Torna alle nostre parole")
    assert texts.get("letter", "ready", "it") == texts.from_the_house("letter", "ready", "it")
    assert "Le nostre parole." in teresa.text
    assert not teresa.offers("Torna alle nostre parole")
    teresa.press("Torna al testo di prima")
    assert texts.get("letter", "ready", "it").title == "Due"


def test_our_words_where_they_hold_already_are_refused() -> None:
    with pytest.raises(Conflict):
        rewriting.back_to_ours("letter", "ready", "it", by=someone())
    with pytest.raises(NotFound):
        rewriting.back_to_ours("letter", "segreta", "it", by=someone())


def test_an_entry_of_before_undo_was_known_is_not_taken_back() -> None:
    with pytest.raises(Refused):
        rewriting.put_back(_kept().id, None, ["a", "b"])


def _kept() -> EditableText:
    made = rewriting.change("letter", "ready", "it", Words("Uno", BODY), by=someone())
    assert made is not None
    return made


# --- looked at before


@pytest.mark.parametrize("letter", texts.LETTERS)
@pytest.mark.parametrize("language", ["it", "en"])
def test_a_letter_is_seen_with_invented_facts_and_nothing_is_kept(teresa: Desk, letter: str, language: str) -> None:
    before = (counted(Order), counted(Entry), counted(Person))
    shown = teresa.client.get(f"/banco/testi/lettere/{letter}/anteprima/{language}")
    assert shown.status_code == 200
    assert "Maria" in shown.text
    assert not re.search(r"\{[a-z_]+\}", re.sub(r"<style>.*?</style>", "", shown.text, flags=re.DOTALL))
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert (counted(Order), counted(Entry), counted(Person)) == before


def test_a_draft_is_seen_before_it_is_saved(teresa: Desk) -> None:
    sends = form(teresa, title_it="Ecco, {nome}", body_it="Il totale: {totale}. Anche <script>.")
    shown = teresa.client.post(f"{READY}/anteprima/it", data=sends).text.replace("\xa0", " ")
    assert "<h1>Ecco, Maria</h1>" in shown
    assert "Il totale: 12,62 €. Anche &lt;script&gt;." in shown
    assert texts.get("letter", "ready", "it") == texts.from_the_house("letter", "ready", "it")
    assert outbox.lag()["waiting"] == 0


def test_a_page_is_seen_as_citizens_see_it(teresa: Desk) -> None:
    path = "/banco/testi/pagine/recesso"
    shown = teresa.client.post(f"{path}/anteprima/en", data=form(teresa, path, title_en="Withdraw"))
    assert '<html lang="en"' in shown.text
    assert "<h1>Withdraw</h1>" in shown.text
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_only_this_page_may_hold_a_frame(teresa: Desk) -> None:
    teresa.go(READY)
    assert "frame-src 'self'" in teresa.client.get(READY).headers["Content-Security-Policy"]
    assert "frame-src" not in teresa.client.get("/banco/testi").headers["Content-Security-Policy"]


def counted(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0
