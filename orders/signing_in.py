"""Coming in by a link that goes to one's own mailbox: for 30 minutes, once (ruling 17). There is no password.

Every address gets its link, whether it has ordered or not: the answer tells nothing, nor does the time that it takes.
Letters are counted for each address, so that nobody fills somebody else's mailbox, and for each address of the network
until somebody from there comes in: forty buyers behind one address pass.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from email.message import EmailMessage

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from adapters.mail import NoSuchAddress, postman
from core import clock, keys, outbox, throttle
from core.database import Base, db, insert, rows_changed, transaction
from core.errors import NotFound, TooManyTries
from core.outbox import Answer, Dropped, Item
from orders import citizens, contacts, envelopes, letters, terms, texts
from orders.citizens import CitizenAccount, CitizenAddress
from orders.models import Order
from people import tokens

KIND = "sign_in"  # of what waits in the outbox
GOOD_FOR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
MOST_ASKED = 60  # from one address of the network, until somebody from there comes in
MOST_LETTERS = 3  # to one mailbox


class SignInLink(Base):
    """Somebody wants to come in. The token is made when the letter leaves, and only its hash is kept (decision 5)."""

    __tablename__ = "sign_in_link"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's; a letter never speaks of another one
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    language: Mapped[str]
    asked_at: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


def ask(email: str, *, key: str, origin: str, language: str) -> None:
    """A link for this mailbox, at once. A repeat of the same form does nothing, nor does the fourth wish in an hour.

    ``origin``: from which address of the network; kept as a hash. Raises TooManyTries.
    """
    with transaction() as session:
        if not keys.claim(key):
            return
        if not throttle.take(_from(origin), MOST_ASKED, HOUR):
            raise TooManyTries(_("Da qui sono già arrivate molte richieste. Aspetta un'ora e riprova."))
        if throttle.take(_to(email), MOST_LETTERS, HOUR):
            link = SignInLink(email=email, language=language, asked_at=clock.now())
            session.add(link)
            session.flush()
            outbox.put(KIND, f"{KIND}:{key}", letter=KIND, of=link.id)


def send(item: Item) -> Answer:
    """The outbox's handler. Who asked an hour ago waits no longer."""
    asked = db.session.get(SignInLink, item.payload["of"])
    if asked is None or clock.now() - asked.asked_at > HOUR:
        return Dropped("no longer true")
    try:
        postman().deliver(write(asked.email, asked.language, _make(asked.id), item.message_id))
    except NoSuchAddress:
        return Dropped(letters.REFUSED)
    return None


def write(email: str, language: str, token: str, message_id: str) -> EmailMessage:
    """Text and HTML, in the language of the page on which it was asked for."""
    with force_locale(language):
        seller = texts.seller()
        about = {
            "title": _("Il link per i tuoi ordini"),
            "url": url(token),
            "seller": seller,
            "identity": terms.identity(seller),
        }
        message = envelopes.envelope(seller, about["title"], ("", email), message_id)
        message.set_content(render_template("letters/sign_in.txt", **about))
        message.add_alternative(render_template("letters/sign_in.html", **about), subtype="html")
    return message


def url(token: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url}/i-tuoi-ordini/entra/{token}"


def email_of(token: str) -> str:
    """Whose link it is. Looking uses nothing up: some mail programs look at every link. Raises NotFound."""
    email = db.session.scalar(select(SignInLink.email).where(_is_good(token)))
    if email is None:
        raise _no_longer()
    return email


def use(token: str, *, origin: str) -> CitizenAccount:
    """Come in, once. The first time makes the account. Raises NotFound for a link that is used, over or nobody's."""
    with transaction() as session:
        if rows_changed(update(SignInLink).where(_is_good(token)).values(used_at=clock.now())) != 1:
            raise _no_longer()
        email = session.scalars(select(SignInLink.email).where(SignInLink.token_hash == tokens.hashed(token))).one()
        account = _account(session, email)
        account.last_seen_at = clock.now()
        throttle.forget(_from(origin))
        throttle.forget(_to(email))
    return account


def go_out(account_id: int) -> None:
    """A cookie that was copied or kept opens nothing any more, in whatever browser it is."""
    with transaction():
        count = CitizenAccount.session_number + 1
        rows_changed(update(CitizenAccount).where(CitizenAccount.id == account_id).values(session_number=count))


def _make(link_id: int) -> str:
    """A token for this letter. One that is sent again after a crash has another, and both work."""
    token = secrets.token_urlsafe(24)
    with transaction() as session:
        link = session.get_one(SignInLink, link_id, with_for_update=True)
        if link.token_hash is not None:
            link = SignInLink(email=link.email, language=link.language, asked_at=link.asked_at)
            session.add(link)
        link.token_hash, link.made_at = tokens.hashed(token), clock.now()
    return token


def _is_good(token: str) -> ColumnElement[bool]:
    return and_(
        SignInLink.token_hash == tokens.hashed(token),
        SignInLink.used_at.is_(None),
        SignInLink.made_at > clock.now() - GOOD_FOR,
    )


def _no_longer() -> NotFound:
    return NotFound(_("Questo link non vale più: serve una volta sola, entro 30 minuti. Chiedine un altro."))


def _account(session: Session, email: str) -> CitizenAccount:
    """Theirs; a new one knows what they wrote in their last order."""
    moment = clock.now()
    row = insert(CitizenAccount).values(email=email, created_at=moment, last_seen_at=moment)
    is_new = session.execute(row.on_conflict_do_nothing().returning(CitizenAccount.id)).first() is not None
    theirs = select(CitizenAccount).where(CitizenAccount.email == email)
    account = session.scalars(theirs.with_for_update(of=CitizenAccount)).one()
    last = session.scalars(citizens.mine(email).order_by(Order.id.desc()).limit(1)).first() if is_new else None
    if last is not None:
        account.name, account.phone = last.customer[: citizens.LONGEST["nome"]], last.phone or ""
        if last.address:
            street, postcode, town = contacts.parts(last.address)
            account.addresses.append(CitizenAddress(street=street, postcode=postcode, municipality=town))
    return account


def _from(origin: str) -> str:
    return f"sign in:{tokens.hashed(origin)}"


def _to(email: str) -> str:
    return f"sign in to:{tokens.hashed(email)}"
