"""Papers too long to make while somebody waits: asked for on a page, made by the worker, kept for two days."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select

from catalog import pickups
from catalog.models import PickUp
from core import clock
from core.database import db, rows_changed, transaction
from core.errors import NotFound, Refused
from orders import documents
from orders.models import Paper

log = logging.getLogger("chilometrico.papers")

KEPT_FOR = timedelta(days=2)

KINDS: dict[str, Callable[[PickUp], bytes]] = {
    "harvest": documents.harvest_list,
    "crates": documents.crate_list,
    "round": documents.round_sheet,
    "labels": documents.labels,
}


def ask(kind: str, pickup_id: int, *, by: int | None, language: str) -> Paper:
    """A paper of a pick-up, to be made soon. The same one that is still being made is given back. Raises NotFound.

    It changes nothing of the shop, so the journal does not hear of it.
    """
    if kind not in KINDS:
        raise NotFound(_("Questo foglio non c'è."))
    pickups.get(pickup_id)
    with transaction() as session:
        pickups.lock(pickup_id)  # two tablets at once: the second one finds what the first asked for
        same = (Paper.kind == kind, Paper.pickup_id == pickup_id, Paper.language == language)
        paper = session.scalar(select(Paper).where(*same, *_WAITING).order_by(Paper.id))
        if paper is None:
            paper = Paper(kind=kind, pickup_id=pickup_id, language=language, asked_at=clock.now(), asked_by_id=by)
            session.add(paper)
            session.flush()
    return paper


def get(paper_id: int) -> Paper:
    """Raises NotFound, also when its two days are over."""
    paper = db.session.get(Paper, paper_id)
    if paper is None:
        raise NotFound(_("Questo foglio non c'è più. Chiedilo di nuovo."))
    return paper


def make_due() -> int:
    """Make the paper that waits longest. The worker calls it. Returns how many were made or came to trouble."""
    paper = db.session.scalar(select(Paper).where(*_WAITING).order_by(Paper.asked_at, Paper.id))
    if paper is None:
        db.session.rollback()
        return 0
    paper_id = paper.id
    pdf, trouble = _make(paper)
    with transaction() as session:
        kept = session.get(Paper, paper_id, with_for_update=True)
        if kept is None or kept.made_at is not None:
            return 1  # forgotten, or another worker was faster
        kept.pdf, kept.trouble = pdf, trouble
        kept.made_at = clock.now() if pdf else None
    return 1


def forget_old() -> int:
    """Papers name people: after two days they go. The worker calls it. Returns how many went."""
    old = Paper.asked_at < clock.now() - KEPT_FOR
    found = db.session.scalar(select(Paper.id).where(old).limit(1))
    db.session.rollback()
    if found is None:
        return 0  # without a word to the writer gate
    with transaction():
        return rows_changed(delete(Paper).where(old))


def _make(paper: Paper) -> tuple[bytes | None, str]:
    """The bytes, or a sentence about what was in the way. A paper is tried once: who still wants it asks again."""
    with force_locale(paper.language):
        try:
            return KINDS[paper.kind](paper.pickup), ""
        except Refused as refused:
            return None, refused.sentence
        except Exception:
            log.exception("paper %s stumbled", paper.kind)
            db.session.rollback()
            return None, _("Questo foglio non è venuto. Chiedilo di nuovo tra poco.")


_WAITING = (Paper.made_at.is_(None), Paper.trouble == "")
