"""Letters and pages in the farm's own words: both languages side by side, as citizens will see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response as FileResponse
from flask import after_this_request, flash, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from core import undo
from core.doors import door
from core.errors import NotFound, Refused
from core.journal import Entry
from core.web import CSP
from desk import blueprint, given, text_words
from desk.answering import go, number
from desk.keeping import Page
from orders import letters, rewriting, specimen, texts
from orders.models import EditableText
from orders.texts import Words
from people import staff
from people.capabilities import Capability
from people.entering import me

HERE = "/banco/testi"
LANGUAGES = ("it", "en")
KINDS = {"lettere": "letter", "pagine": "page"}
LETTER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)
PAGE_CSP = CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'").replace(
    "form-action 'self'", "form-action 'none'"
)


@dataclass(frozen=True)
class State:
    """A text of the list: whose words hold, and whether there is something to check in them."""

    kind: str
    slug: str
    rows: Mapping[str, EditableText]  # by language, where they are somebody's own
    to_check: bool


@dataclass(frozen=True)
class Side:
    """One language on the page: what the form shows, whose it is, what can be taken back."""

    language: str
    words: Words
    seen: str
    row: EditableText | None
    places: Mapping[str, str]
    back: tuple[Entry, str] | None
    refused: Refused | None

    @property
    def is_ours(self) -> bool:
        return self.row is None or not self.row.body


@blueprint.get("/testi")
@door(Capability.KEEP_TEXTS, "tutor")
def all_texts() -> str:
    rows = {(row.kind, row.slug, row.language): row for row in texts.written()}
    return render_template(
        "desk/staff/texts.html",
        groups=[(kind, [_state(kind, slug, rows) for slug in _slugs(kind)]) for kind in KINDS.values()],
        names=staff.names({row.changed_by_id for row in rows.values() if row.changed_by_id}),
        say=text_words,
    )


@blueprint.get("/testi/<room>/<slug>")
@door(Capability.KEEP_TEXTS, "tutor")
def one_text(room: str, slug: str) -> str:
    return _page(_kind(room, slug), slug)


@blueprint.post("/testi/<room>/<slug>")
@door(Capability.KEEP_TEXTS, "tutor")
def save_text(room: str, slug: str) -> Page:
    """Both languages or neither; one that is as it was stays untouched."""
    kind = _kind(room, slug)
    refusals: dict[str, Refused] = {}
    for language in LANGUAGES:
        try:
            rewriting.require_possible(kind, slug, language, _given(language))
        except Refused as refused:
            refusals[language] = refused
    if refusals:
        return _page(kind, slug, refusals), next(iter(refusals.values())).status
    return _do(kind, slug, lambda by: _save(kind, slug, by))


@blueprint.post("/testi/<room>/<slug>/di-prima/<language>")
@door(Capability.KEEP_TEXTS, "tutor")
def undo_text(room: str, slug: str, language: str) -> Page:
    kind = _kind(room, slug, language)
    return _do(kind, slug, lambda by: _undo(kind, slug, language, by))


@blueprint.post("/testi/<room>/<slug>/nostro/<language>")
@door(Capability.KEEP_TEXTS, "tutor")
def back_to_our_words(room: str, slug: str, language: str) -> Page:
    kind = _kind(room, slug, language)
    return _do(kind, slug, lambda by: _ours(kind, slug, language, by))


@blueprint.get("/testi/<room>/<slug>/anteprima/<language>")
@door(Capability.KEEP_TEXTS, "machine")
def look_at_text(room: str, slug: str, language: str) -> FileResponse:
    """As it is in force."""
    return _shown(_kind(room, slug, language), slug, language, None)


@blueprint.post("/testi/<room>/<slug>/anteprima/<language>")
@door(Capability.KEEP_TEXTS, "machine")
def look_at_draft(room: str, slug: str, language: str) -> FileResponse:
    """What the form says now, shown in the frame beside it; nothing is kept."""
    return _shown(_kind(room, slug, language), slug, language, _given(language))


def _save(kind: str, slug: str, by: int) -> str:
    changed = [
        language
        for language in LANGUAGES
        if rewriting.change(
            kind, slug, language, _given(language), seen_as=request.form.get(f"visto-{language}", ""), by=by
        )
    ]
    if changed:
        flash(_("Salvato: %(which)s. Vale da adesso.", which=", ".join(map(text_words.in_which, changed))))
    else:
        flash(_("Era già così: non è cambiato niente."))
    return text_words.address(kind, slug)


def _undo(kind: str, slug: str, language: str, by: int) -> str:
    row = texts.find(kind, slug, language)
    if row is None:
        raise NotFound(_("Questo testo non c'è."))
    undo.undo_last(row, expected=number("deed"), by=by)
    flash(_("È tornato il testo di prima: %(which)s.", which=text_words.in_which(language)))
    return text_words.address(kind, slug)


def _ours(kind: str, slug: str, language: str, by: int) -> str:
    rewriting.back_to_ours(kind, slug, language, by=by)
    flash(_("Ci sono di nuovo le nostre parole: %(which)s.", which=text_words.in_which(language)))
    return text_words.address(kind, slug)


def _do(kind: str, slug: str, deed: Callable[[int], str]) -> Page:
    """One form, one deed; what was refused stays in it."""
    by = me().id
    try:
        return go(given.answer_once(lambda: deed(by)))
    except NotFound:
        raise
    except Refused as refused:
        return _page(kind, slug, {"": refused}), refused.status


def _page(kind: str, slug: str, refusals: Mapping[str, Refused] | None = None) -> str:
    refusals = refusals or {}
    after_this_request(_let_frame)
    sides = [_side(kind, slug, language, refusals) for language in LANGUAGES]
    return render_template(
        "desk/staff/text.html",
        kind=kind,
        slug=slug,
        sides=sides,
        to_check=next((side.words.to_check for side in sides if side.words.to_check), []),
        refused=refusals.get(""),
        names=staff.names({side.row.changed_by_id for side in sides if side.row and side.row.changed_by_id}),
        here=text_words.address(kind, slug),
        say=text_words,
        longest=texts.LONGEST,
        longest_title=rewriting.LONGEST_TITLE,
    )


def _let_frame(answer: FileResponse) -> FileResponse:
    """The look before saving stands in a frame of our own."""
    answer.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return answer


def _side(kind: str, slug: str, language: str, refusals: Mapping[str, Refused]) -> Side:
    row = texts.find(kind, slug, language)
    typed = f"body-{language}" in request.form
    return Side(
        language=language,
        words=_given(language) if typed else texts.get(kind, slug, language),
        seen=rewriting.seen(kind, slug, language),
        row=row,
        places=rewriting.places(kind, slug, language),
        back=undo.offer(row) if row else None,
        refused=refusals.get(language),
    )


def _given(language: str) -> Words:
    return Words(
        request.form.get(f"title-{language}", ""), request.form.get(f"body-{language}", "").replace("\r\n", "\n")
    )


def _shown(kind: str, slug: str, language: str, words: Words | None) -> FileResponse:
    """A letter with invented facts, a page with the farm's own; words that cannot be are shown as they are."""
    words = words or texts.get(kind, slug, language)
    html = _letter(slug, language, words) if kind == "letter" else _as_page(slug, language, words)
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = LETTER_CSP if kind == "letter" else PAGE_CSP
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _letter(slug: str, language: str, words: Words) -> str:
    about = specimen.of(slug, language)
    body = letters.write(slug, about.order, "esempio", "<esempio@prova.example>", about.more, words).get_body(("html",))
    return body.get_content() if body else ""


def _as_page(slug: str, language: str, words: Words) -> str:
    with force_locale(language):
        return render_template("shop/text.html", words=words.filled(texts.facts()), slug=slug)


def _kind(room: str, slug: str, language: str = "it") -> str:
    """Raises NotFound for what is no text of ours."""
    kind = KINDS.get(room, "")
    if slug not in _slugs(kind) or language not in LANGUAGES:
        raise NotFound(_("Questo testo non c'è."))
    return kind


def _slugs(kind: str) -> tuple[str, ...]:
    return {"letter": texts.LETTERS, "page": texts.PAGES}.get(kind, ())


def _state(kind: str, slug: str, rows: Mapping[Any, EditableText]) -> State:
    own = {language: rows[kind, slug, language] for language in LANGUAGES if (kind, slug, language) in rows}
    bodies = [
        own[language].body if language in own else texts.from_the_house(kind, slug, language).body
        for language in LANGUAGES
    ]
    return State(kind, slug, own, any(Words("", body).to_check for body in bodies))
