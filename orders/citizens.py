"""Citizens who come back: one account for each e-mail, without a password (issue 5). Buying never needs one.

An account is made by signing in for the first time. It keeps what spares typing: name, phone, addresses. Orders belong
to the e-mail that they were placed with, whether or not there is an account for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog import addresses
from catalog.models import PickUp, Place
from core import inputs, names
from core.database import Base, db, transaction
from core.errors import Conflict, NotFound
from orders import contacts, paying
from orders.models import Credit, Order

LONGEST = {"nome": 100, "telefono": 40, "via": 100, "cap": 5, "comune": 80}  # a crate's sheet has room for no more
MOST_ADDRESSES = 5


class CitizenAccount(Base):
    """Who has shown that this mailbox is theirs. Nothing here that the crate does not need."""

    __tablename__ = "citizen_account"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's; the journal never speaks of two
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # in small letters
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    session_number: Mapped[int] = mapped_column(default=0)  # goes up with each going out: no older cookie opens then
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]  # signed in for the last time

    addresses: Mapped[list[CitizenAddress]] = relationship(
        back_populates="account", order_by="CitizenAddress.id", cascade="all, delete-orphan", lazy="selectin"
    )


class CitizenAddress(Base):
    """Where a round may bring the crate."""

    __tablename__ = "citizen_address"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("citizen_account.id"), index=True)
    street: Mapped[str]
    postcode: Mapped[str]
    municipality: Mapped[str]

    account: Mapped[CitizenAccount] = relationship(back_populates="addresses")


@dataclass(frozen=True)
class Where:
    """An address as it is kept."""

    street: str
    postcode: str
    municipality: str


def normal(email: str) -> str:
    """As accounts and credit know it. Raises Refused for what is no address."""
    return contacts.email(email).lower()


def find(account_id: int) -> CitizenAccount | None:
    return db.session.get(CitizenAccount, account_id)


def orders_of(account: CitizenAccount, *, skip: int = 0, most: int | None = None) -> list[Order]:
    """The newest first. As many statements for many as for few."""
    query = mine(account.email).order_by(Order.id.desc()).offset(skip).limit(most)
    return list(db.session.scalars(query))


def get_order(account: CitizenAccount, order_id: int) -> Order:
    """One of theirs. Raises NotFound for any other alike."""
    order = db.session.scalar(mine(account.email).where(Order.id == order_id))
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def mine(email: str) -> Select[Order]:
    """Real orders of this e-mail, however it was written."""
    return select(Order).join(PickUp).where(PickUp.practice.is_(False), func.lower(Order.email) == email)


def credit_of(account: CitizenAccount) -> int:
    """Cents."""
    found = db.session.get(Credit, paying.of_email(account.email))
    return found.balance if found else 0


def save(account_id: int, name: str, phone: str) -> CitizenAccount:
    """What the checkout is filled in with, as `name_of` and `phone_of` read it; both may be empty."""
    with transaction():
        account = _held(account_id)
        account.name, account.phone = name, phone
    return account


def name_of(text: str) -> str:
    """As the checkout takes it. Raises Refused."""
    return names.require(inputs.require_line(text, LONGEST["nome"]))


def phone_of(text: str) -> str:
    """Raises Refused."""
    line = inputs.require_line(text, LONGEST["telefono"])
    return contacts.phone(line) if line else ""


READ_ADDRESS = {
    "via": lambda text: inputs.require_line(text, LONGEST["via"], missing=_("Scrivi la via e il numero.")),
    "cap": addresses.postcode,
    "comune": addresses.municipality,
}
"""Field of the form -> how it is read. Each raises Refused."""


def add_address(account_id: int, where: Where) -> CitizenAddress:
    """One that is there already is not written twice. Raises Conflict when there are enough."""
    with transaction() as session:
        account = _held(account_id)
        for known in account.addresses:
            if (known.street, known.postcode, known.municipality) == (where.street, where.postcode, where.municipality):
                return known
        if len(account.addresses) >= MOST_ADDRESSES:
            raise Conflict(_("Teniamo al massimo %(most)d indirizzi: togline uno prima.", most=MOST_ADDRESSES))
        made = CitizenAddress(**vars(where))
        account.addresses.append(made)
        session.flush()
    return made


def change_address(account_id: int, address_id: int, where: Where) -> CitizenAddress:
    """Raises NotFound."""
    with transaction():
        found = find_address(_held(account_id), address_id)
        found.street, found.postcode, found.municipality = where.street, where.postcode, where.municipality
    return found


def remove_address(account_id: int, address_id: int) -> None:
    """A second time changes nothing."""
    with transaction():
        account = _held(account_id)
        account.addresses = [each for each in account.addresses if each.id != address_id]


def find_address(account: CitizenAccount, address_id: int) -> CitizenAddress:
    """Raises NotFound."""
    for address in account.addresses:
        if address.id == address_id:
            return address
    raise NotFound(_("Questo indirizzo non c'è."))


def nearest_address(account: CitizenAccount, place: Place | None) -> CitizenAddress | None:
    """The first one that this round reaches, else the first."""
    if place is not None and place.kind == "round":
        for address in account.addresses:
            if contacts.reaches(place, address.municipality, address.postcode):
                return address
    return account.addresses[0] if account.addresses else None


def _held(account_id: int) -> CitizenAccount:
    account = db.session.get(CitizenAccount, account_id, with_for_update={"of": CitizenAccount}, populate_existing=True)
    if account is None:
        raise NotFound(_("Qui non c'è più niente di tuo: i dati sono stati cancellati."))
    return account
