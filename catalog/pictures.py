"""Photographs of products. They lie in the database: one backup has them, and every web process shows them.

A photograph is named after what is in it, so its address never goes stale and may be kept for ever. One that was taken
away stays for a while, because undo may want it back.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Collection, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from adapters.images import SIDES, Print, darkroom
from catalog import products
from catalog.models import Picture, PictureFile, Product
from core import clock, journal, seen
from core.database import db, transaction
from core.errors import Conflict, NotFound

KEPT_FOR = timedelta(days=30)
MEDIA = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
ON_PAPER = 160  # pixels of a drawing that is 15 mm wide


def develop(content: bytes) -> list[Print]:
    """What `put` wants, of a file as a camera wrote it. It takes up to two seconds, so it comes before the transaction.

    Raises Refused for what is no photograph.
    """
    return darkroom().develop(content)


def put(product_id: int, prints: Sequence[Print], *, seen_as: str | None = None, by: int | None) -> bool:
    """Show this photograph from now on, not the drawing or another one. Answers whether anything is different.

    ``seen_as``: the digest that the page showed. Raises NotFound also for practice, Conflict.
    """
    digest = hashlib.sha256(b"".join(each.content for each in prints)).hexdigest()[:16]
    with transaction() as session:
        product = products.held(session, product_id)
        before = _require_as_seen(product, seen_as)
        if _find(session, digest) is None:
            _keep(session, digest, prints)
        return _show(session, product, digest, before, by)


def take_away(product_id: int, *, seen_as: str | None = None, by: int | None) -> bool:
    """Show the drawing again. Answers whether anything is different. Raises NotFound, Conflict."""
    with transaction() as session:
        product = products.held(session, product_id)
        return _show(session, product, "", _require_as_seen(product, seen_as), by)


def restore(product_id: int, expected: str, digest: str) -> None:
    """The inverse. Raises Conflict when there is another one by now, or the one of before is gone for good."""
    with transaction() as session:
        product = products.held(session, product_id)
        seen.require_standing(product, {"picture": expected})
        if digest and _find(session, digest) is None:
            raise Conflict(_("La fotografia di prima non c'è più. Se serve, mandala di nuovo."))
        _exchange(session, product, digest)


def get(digest: str, side: int, kind: str) -> bytes:
    """The file with so many pixels on its shorter side, or with all that there are. Raises NotFound."""
    query = select(PictureFile.content).join(Picture, Picture.id == PictureFile.picture_id)
    query = query.where(Picture.digest == digest, PictureFile.kind == kind, PictureFile.side <= side)
    found = db.session.scalar(query.order_by(PictureFile.side.desc()).limit(1)) if side in SIDES else None
    if found is None:
        raise NotFound(_("Questa fotografia non c'è."))
    return found


def on_paper(digests: Collection[str]) -> dict[str, str]:
    """Digest -> the photograph itself as an address, small: paper is made without asking anybody. One statement."""
    query = select(Picture.digest, PictureFile.content).join(PictureFile, Picture.id == PictureFile.picture_id)
    query = query.where(Picture.digest.in_(digests), PictureFile.side == ON_PAPER, PictureFile.kind == "jpg")
    rows = db.session.execute(query) if any(digests) else ()
    return {digest: f"data:{MEDIA['jpg']};base64,{b64encode(content).decode()}" for digest, content in rows}


def forget_old() -> int:
    """Photographs that no product has shown for `KEPT_FOR` go. The worker calls it. Returns how many went."""
    shown = select(Product.id).where(Product.picture == Picture.digest).exists()
    old = select(Picture.id).where(Picture.let_go_at < clock.now() - KEPT_FOR, ~shown)
    found = db.session.scalar(old.limit(1))
    db.session.rollback()
    if found is None:
        return 0  # without a word to the writer gate
    with transaction() as session:
        ids = list(session.scalars(old.with_for_update(of=Picture)))  # who puts one back meanwhile, wins
        session.execute(delete(PictureFile).where(PictureFile.picture_id.in_(ids)))
        session.execute(delete(Picture).where(Picture.id.in_(ids)))
    return len(ids)


def _require_as_seen(product: Product, seen_as: str | None) -> str:
    if seen_as not in (None, product.picture):
        raise Conflict(_("Intanto la fotografia è cambiata. Guarda e decidi tu."))
    return product.picture


def _find(session: Session, digest: str) -> Picture | None:
    """Held, so that nobody clears it away meanwhile."""
    return session.scalar(select(Picture).where(Picture.digest == digest).with_for_update())


def _keep(session: Session, digest: str, prints: Sequence[Print]) -> None:
    picture = Picture(digest=digest)
    session.add(picture)
    session.flush()
    files = [PictureFile(picture_id=picture.id, side=p.side, kind=p.kind, content=p.content) for p in prints]
    session.add_all(files)


def _show(session: Session, product: Product, digest: str, before: str, by: int | None) -> bool:
    if digest == before:
        return False
    _exchange(session, product, digest)
    journal.record("product.picture_set", product, by=by, before=before, after=digest)
    return True


def _exchange(session: Session, product: Product, digest: str) -> None:
    """Another product may show the one that goes; then nobody clears it away (`forget_old`)."""
    session.execute(update(Picture).where(Picture.digest == product.picture).values(let_go_at=clock.now()))
    session.execute(update(Picture).where(Picture.digest == digest).values(let_go_at=None))
    product.picture = digest
