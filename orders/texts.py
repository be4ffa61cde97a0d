"""Letters and pages in words that the coordinator may change; until then the ones that came with the house."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import TemplateNotFound
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core import formats
from core.database import db, table
from core.errors import NotFound
from core.plain import Question
from orders.models import EditableText, Seller

log = logging.getLogger("chilometrico.texts")

LETTERS = (
    "received",
    "changed",
    "ready",
    "reminder",
    "cancelled",
    "called_off",
    "moved",
    "refund",
    "not_collected",
    "link",
)
PAGES = ("privacy", "cookie", "condizioni", "recesso", "garanzia", "accessibilita", "chi-siamo")
LONGEST = 20_000
TO_CHECK = re.compile(
    r"[ ]?\[((?:Da (?:controllare|completare|aggiornare)|To be (?:checked|completed|updated))\b[^][]*)\]"
)
"""How the words of the house mark what somebody here must look at or write. Whoever reads a page does not see it."""


@dataclass(frozen=True)
class Words:
    """A title and a body; blank lines in the body separate paragraphs, a line that begins with '## ' is a heading."""

    title: str
    body: str

    def filled(self, facts: Mapping[str, str]) -> Words:
        """As they are read: {name}-like places filled, unknown ones as they are, and without what is still to check."""
        title, body = self.title, TO_CHECK.sub("", self.body)
        for name, value in facts.items():
            title, body = title.replace(f"{{{name}}}", value), body.replace(f"{{{name}}}", value)
        return Words(title, body)

    @property
    def to_check(self) -> list[str]:
        """What somebody here must still look at or write: 'Da controllare …'."""
        return TO_CHECK.findall(self.body)

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """('h2' | 'p', text) in order."""
        parts = [part.strip() for part in self.body.split("\n\n") if part.strip()]
        return [("h2", part[3:]) if part.startswith("## ") else ("p", part) for part in parts]


def get(kind: str, slug: str, language: str) -> Words:
    """The words in force. Raises NotFound for a slug that nobody knows."""
    row = find(kind, slug, language)
    return Words(row.title, row.body) if row and row.body else from_the_house(kind, slug, language)


def find(kind: str, slug: str, language: str) -> EditableText | None:
    """What somebody has written; with an empty body where they went back to the words of the house."""
    return db.session.scalar(
        select(EditableText).where(
            EditableText.kind == kind, EditableText.slug == slug, EditableText.language == language
        )
    )


def written() -> list[EditableText]:
    """Every text that is somebody's own now: one look."""
    return list(db.session.scalars(select(EditableText).where(EditableText.body != "")))


def seller() -> Seller:
    """Who sells; empty fields until somebody fills them in."""
    return db.session.get(Seller, 1) or Seller(id=1, **dict.fromkeys(FACTS, ""))


FACTS = (
    "name",
    "address",
    "email",
    "pec",
    "phone",
    "vat_number",
    "rea",
    "cooperative_register",
    "accessibility_checked",
)
PLACES = ("negozio", "indirizzo", "email", "pec", "telefono", "partita_iva", "rea", "albo", "controllata_il")
PERIODS = ("tempo_ordini", "tempo_account", "tempo_tracce")
"""How long data are kept: settings, and the page on privacy says them (art. 13(2)(a) GDPR)."""


def facts(who: Seller | None = None) -> dict[str, str]:
    """What pages and letters may say of the seller: {negozio}, {indirizzo} and so on, and the times.

    Missing ones say so.
    """
    who = who or seller()
    said = {field: getattr(who, field) for field in FACTS}
    if who.accessibility_checked:
        said["accessibility_checked"] = formats.long_day(date.fromisoformat(who.accessibility_checked))
    of_seller = {place: said[field] or _("(da completare)") for place, field in zip(PLACES, FACTS, strict=True)}
    return of_seller | dict(zip(PERIODS, _periods(), strict=True))


def _periods() -> tuple[str, str, str]:
    """'24 mesi', '24 mesi', '30 giorni'."""
    given = current_app.config["SETTINGS"]
    return (
        ngettext("%(num)s mese", "%(num)s mesi", given.order_months),
        ngettext("%(num)s mese", "%(num)s mesi", given.account_months),
        ngettext("%(num)s giorno", "%(num)s giorni", given.trace_days),
    )


def find_facts() -> dict[str, str]:
    """The same by column, for what stands around every page; nothing while the database does not answer."""
    try:
        return facts_by_column()
    except SQLAlchemyError:
        db.session.rollback()
        log.warning("the seller could not be read")
        return {}


def facts_by_column() -> dict[str, str]:
    """As they are at this moment, whatever this request has seen of them before."""
    found = _SELLER.glance()
    return dict(zip(FACTS, found[0] if found else [""] * len(FACTS), strict=True))


_SELLER = Question(lambda: select(*[table(Seller).c[column] for column in FACTS]).where(Seller.id == 1))


def from_the_house(kind: str, slug: str, language: str) -> Words:
    """The words that came with the house. Raises NotFound for a slug that nobody knows."""
    environment = current_app.jinja_env
    try:
        source, _path, _fresh = environment.loader.get_source(environment, f"texts/{kind}/{slug}.{language}.txt")  # type: ignore[union-attr]
    except TemplateNotFound:
        raise NotFound(_("Questa pagina non c'è.")) from None
    title, _line, body = source.partition("\n")
    return Words(title.strip(), body.strip())
