"""Letters and pages in other words than those of the house: with a look before, and the way back.

What the law wants in writing with every order (terms, seller, bill, the way to change or cancel) stands under the words
of a letter and cannot be written away (`terms`, templates/letters). What can be lost in the words is looked for here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from core import clock, inputs, journal
from core.database import serialise, transaction
from core.errors import Conflict, NotFound, Refused
from core.seen import sign
from orders import letter_facts, specimen, texts
from orders.models import EditableText
from orders.texts import LETTERS, LONGEST, PAGES, PERIODS, PLACES, Words

TEXT_LOCK = 5_061_2022
LONGEST_TITLE = 200
PLACE = re.compile(r"\{([^{}]*)\}")
OURS = ["", ""]
"""What is kept where the words of the house hold again."""

ONLY = {
    "prima": ("moved",),
    "ridato": ("refund",),
    "come": ("refund",),
    "perche": ("refund",),
    "vetrina": ("called_off",),
    "motivo": ("cancelled", "called_off", "moved"),
}
"""Places that have something to say in some letters only."""

MEETING = ("appuntamento", "ritiro")
CONTACT = ("email", "telefono", "indirizzo")
NEEDED: dict[tuple[str, str], Sequence[Sequence[str]]] = {
    ("letter", "received"): (MEETING, ("massimo",), ("cambiare",)),
    ("letter", "changed"): (MEETING, ("massimo",), ("cambiare",)),
    ("letter", "ready"): (("pagare", "totale"), MEETING),
    ("letter", "reminder"): (MEETING,),
    ("letter", "cancelled"): (("numero",), ("motivo",), ("credito",)),
    ("letter", "called_off"): (("ritiro",), ("motivo",), ("credito",)),
    ("letter", "moved"): (("prima",), ("ritiro",), ("luogo",)),
    ("letter", "refund"): (("ridato",), ("come",)),
    ("letter", "not_collected"): (("tenuta",), ("credito",)),
    ("letter", "link"): (("numero",),),
    ("page", "condizioni"): (("negozio",), ("indirizzo",), CONTACT),
    ("page", "recesso"): (CONTACT,),
    ("page", "privacy"): (("negozio",), CONTACT, ("tempo_ordini",)),
    ("page", "garanzia"): (CONTACT,),
    ("page", "accessibilita"): (CONTACT, ("controllata_il",)),
}
"""Of each row at least one must be in the title or the body: what a citizen has to learn, or whom they can reach."""

WITHDRAWAL = {"it": "Recedo dal contratto", "en": "I withdraw from the contract"}
"""The sentence that the page on withdrawal offers to be copied (annex I-B Consumer Code)."""


def places(kind: str, slug: str, language: str) -> dict[str, str]:
    """What may be filled in here -> an example, invented for a letter, the farm's own for a page."""
    with force_locale(language):
        if kind == "page":
            return {name: fact for name, fact in texts.facts().items() if name in _of_page(slug)}
        about = specimen.of(slug, language)
        facts = letter_facts.facts(about.order, texts.seller(), about.more)
    return {name: fact for name, fact in facts.items() if slug in ONLY.get(name, (slug,))}


def _of_page(slug: str) -> tuple[str, ...]:
    """The times are only said where they belong."""
    return (*PLACES, *PERIODS) if slug == "privacy" else PLACES


def seen(kind: str, slug: str, language: str) -> str:
    """What a form has shown: another one as soon as somebody else has written."""
    words = texts.get(kind, slug, language)
    return sign([words.title, words.body])


def require_possible(kind: str, slug: str, language: str, words: Words) -> Words:
    """The words as they would be kept. Raises Refused with what to do, naming the ``field``."""
    clean = Words(_title(words.title), _body(words.body))
    _require_known_places(kind, slug, language, clean)
    for one_of in NEEDED.get((kind, slug), ()):
        if not any(f"{{{name}}}" in clean.title + clean.body for name in one_of):
            raise Refused(_("Manca %(places)s: chi legge deve saperlo.", places=_listed(one_of)), field="body")
    if (kind, slug) == ("page", "recesso") and WITHDRAWAL[language] not in clean.body:
        raise Refused(_("Manca la frase da copiare: «%(words)s …».", words=WITHDRAWAL[language]), field="body")
    return clean


def change(
    kind: str, slug: str, language: str, words: Words, *, seen_as: str | None = None, by: int
) -> EditableText | None:
    """Put other words in force; None where they are the same already.

    Raises Refused for words that cannot be, Conflict when somebody else has written meanwhile, NotFound.
    """
    _require_known(kind, slug, language)
    words = require_possible(kind, slug, language, words)
    with transaction() as session:
        serialise(session, TEXT_LOCK)
        if seen_as is not None and seen(kind, slug, language) != seen_as:
            raise Conflict(_("Intanto qualcuno ha cambiato questo testo. Quello che hai scritto è ancora qui sotto."))
        if words == texts.get(kind, slug, language):
            return None
        return _put(kind, slug, language, [words.title, words.body], by=by)


def back_to_ours(kind: str, slug: str, language: str, *, by: int) -> EditableText:
    """The words that came with the house hold again. Raises Conflict where they do already."""
    _require_known(kind, slug, language)
    with transaction() as session:
        serialise(session, TEXT_LOCK)
        row = texts.find(kind, slug, language)
        if row is None or not row.body:
            raise Conflict(_("Qui ci sono già le nostre parole."))
        return _put(kind, slug, language, OURS, by=by)


def put_back(text_id: int, expected: list[str] | None, before: list[str]) -> None:
    """The inverse of both. Raises Conflict when somebody has written meanwhile."""
    with transaction() as session:
        serialise(session, TEXT_LOCK)
        row = session.get_one(EditableText, text_id, populate_existing=True)
        if expected is None or [row.title, row.body] != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        row.title, row.body = before


def _put(kind: str, slug: str, language: str, after: list[str], *, by: int) -> EditableText:
    with transaction() as session:
        row = texts.find(kind, slug, language)
        if row is None:
            row = EditableText(kind=kind, slug=slug, language=language, title="", body="")
            session.add(row)
        before = [row.title, row.body]
        row.title, row.body = after
        row.changed_at, row.changed_by_id = clock.now(), by
        session.flush()
        journal.record("text.changed", row, by=by, before=before, after=after)
    return row


def _require_known(kind: str, slug: str, language: str) -> None:
    if slug not in {"letter": LETTERS, "page": PAGES}.get(kind, ()) or language not in WITHDRAWAL:
        raise NotFound(_("Questo testo non c'è."))


def _title(title: str) -> str:
    line = inputs.one_line(title)
    if not line:
        raise Refused(_("Scrivi un titolo."), field="title")
    if inputs.is_unwritable(line, LONGEST_TITLE):
        raise Refused(_("Scrivi un titolo più corto, senza segni strani."), field="title")
    return line


def _body(body: str) -> str:
    text = re.sub(r"[ \t]+\n", "\n", body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if inputs.is_blank(text):
        raise Refused(_("Scrivi un testo."), field="body")
    if inputs.is_unwritable(text, LONGEST):
        raise Refused(_("Il testo è troppo lungo, o ha un segno che non riusciamo a scrivere."), field="body")
    return text


def _require_known_places(kind: str, slug: str, language: str, words: Words) -> None:
    known = places(kind, slug, language)
    for field, text in (("title", words.title), ("body", words.body)):
        for name in PLACE.findall(text):
            if name not in known:
                sentence = _("%(place)s qui non si riempie da solo: scegli dalla lista.", place=f"{{{name}}}")
                raise Refused(sentence, field=field)
        if set(PLACE.sub("", text)) & {"{", "}"}:
            raise Refused(_("C'è una graffa da sola: una parola da riempire si scrive così: {nome}."), field=field)


def _listed(names: Sequence[str]) -> str:
    return _(" o ").join(f"{{{name}}}" for name in names)
