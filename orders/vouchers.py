"""The "buono spesa": money on paper that pays here alone. Amounts in cents.

It is a means of payment: no VAT when it is issued, the VAT of the goods when it is used (art. 6-quater DPR 633/72). An
order that is placed *holds* what it may cost at most; when its crate is ready the price is paid out of that and the
rest goes back, so nothing is ever spent twice. Whose a voucher is, and why they have it, is written nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from core import clock, journal
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused
from core.formats import day, euro
from core.money import payable
from orders import balances
from orders.models import Order, Voucher, VoucherHold, VoucherMove
from people import tokens

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a code is written with: nothing that could be read as something else (0 and O, 1 and I and L, U and V)."""
GROUPS, GROUP = 3, 4
"""Three groups of four signs: 30 to the power of 12, more than anybody can try."""
MOST_CENTS = 20_000
MOST_AT_ONCE = 50
MOST_CODES = 10  # on one order
LONGEST = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Issued:
    """A voucher and its code, to be printed now and never shown again."""

    voucher: Voucher
    code: str


def issue(cents: int, expires_on: date, *, how_many: int = 1, by: int | None) -> list[Issued]:
    """New vouchers of ``cents`` each. Raises Refused for a sum, a day or a number that cannot be."""
    if not 0 < cents <= MOST_CENTS:
        raise Refused(_("Un buono può essere fino a %(most)s.", most=euro(MOST_CENTS)), field="euro")
    if not clock.today() < expires_on <= clock.today() + LONGEST:
        raise Refused(_("Scegli un giorno da domani, entro due anni."), field="giorno")
    if not 1 <= how_many <= MOST_AT_ONCE:
        raise Refused(_("Se ne possono fare da 1 a %(most)d per volta.", most=MOST_AT_ONCE), field="quanti")
    with transaction():
        return [_issue(cents, expires_on, by) for _each in range(how_many)]


def void(voucher_id: int, *, by: int | None) -> Voucher:
    """From now on it pays nothing. What orders hold of it stays theirs; what comes back to it later waits on it."""
    with transaction():
        voucher = _get_locked(voucher_id)
        if voucher.voided_at is not None:
            raise Conflict(_("Questo buono è già fermo."))
        voucher.voided_at = clock.now()
        journal.record("voucher.voided", voucher, by=by)
    return voucher


def revive(voucher_id: int) -> None:
    """The inverse of voiding: what is on it pays again."""
    with transaction():
        voucher = _get_locked(voucher_id)
        if voucher.voided_at is None:
            raise Conflict(_("Questo buono vale già."))
        voucher.voided_at = None


def write_anew(voucher_id: int, *, by: int | None) -> Issued:
    """The paper is lost: another code for the same voucher. The old one opens nothing, whoever finds it."""
    with transaction() as session:
        voucher, code = _get_locked(voucher_id), _new_code()
        if voucher.voided_at is not None:
            raise Conflict(_("Questo buono è già fermo."))
        voucher.code_hash, voucher.ending = tokens.hashed(code), code[-GROUP:]
        session.flush()
        journal.record("voucher.written_anew", voucher, by=by)
    return Issued(voucher, written(code))


def written(code: str) -> str:
    """As it stands on paper: '7K4M-9QXP-2TWB'."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def still_true(codes: Mapping[str, str]) -> list[tuple[Voucher, str]]:
    """Vouchers of these codes (by id, as words) that can still be printed so: not stopped, not written anew since."""
    found = {voucher.id: voucher for voucher in by_ids([int(voucher_id) for voucher_id in codes])}
    both = [(found.get(int(voucher_id)), code) for voucher_id, code in codes.items()]
    return [
        (voucher, code)
        for voucher, code in both
        if voucher and not voucher.voided_at and voucher.code_hash == tokens.hashed(code.replace("-", ""))
    ]


def unissue(voucher_id: int) -> None:
    """The inverse of issuing: void, with nothing on it. Raises Conflict once somebody has used it."""
    with transaction():
        voucher = _get_locked(voucher_id)
        if voucher.balance != voucher.amount or voucher.voided_at is not None:
            raise Conflict(_("Questo buono è già stato usato."))
        voucher.voided_at = clock.now()
        balances.move(voucher_id, -voucher.balance)


def get(voucher_id: int) -> Voucher:
    """Raises NotFound."""
    voucher = db.session.get(Voucher, voucher_id)
    if voucher is None:
        raise NotFound(_("Questo buono non c'è."))
    return voucher


def _get_locked(voucher_id: int) -> Voucher:
    get(voucher_id)
    return lock([voucher_id])[0]


@dataclass(frozen=True)
class Room:
    """All vouchers, those that end first before the others: that can still pay, and that cannot."""

    open: list[Voucher]
    over: list[Voucher]

    @property
    def left(self) -> int:
        """Cents that may still be spent."""
        return sum(voucher.balance for voucher in self.open)


def room() -> Room:
    """One statement."""
    found = list(db.session.scalars(select(Voucher).order_by(Voucher.expires_on, Voucher.id)))
    usable = [voucher for voucher in found if not what_is_wrong(voucher)]
    return Room(usable, [voucher for voucher in reversed(found) if voucher not in usable])


@dataclass(frozen=True)
class Use:
    """What an order has of a voucher, in cents: held until its price is known, or paid."""

    order_id: int
    number: str
    cents: int
    is_held: bool


def used(voucher: Voucher) -> list[Use]:
    """Order by order, the newest first; what came back entirely is left out."""
    went = (-func.sum(VoucherMove.amount)).label("cents")
    held = func.coalesce(VoucherHold.amount, 0).label("held")
    query = select(Order.id, Order.number, went, held).join(VoucherMove, VoucherMove.order_id == Order.id)
    query = query.outerjoin(VoucherHold, (VoucherHold.order_id == Order.id) & (VoucherHold.voucher_id == voucher.id))
    query = query.where(VoucherMove.voucher_id == voucher.id).group_by(Order.id, Order.number, VoucherHold.amount)
    rows = db.session.execute(query.order_by(Order.id.desc()))
    return [Use(row.id, row.number, row.cents, bool(row.held)) for row in rows if row.cents]


def state(voucher: Voucher) -> str:
    """In a word or two why it pays nothing; empty where it can."""
    if voucher.voided_at is not None:
        return _("Fermo.")
    if voucher.expires_on < clock.today():
        return _("Scaduto.")
    return "" if voucher.balance else _("Usato tutto.")


def read_codes(text: str) -> list[str]:
    """The codes in what was typed, each once, as they are kept: '7k4m 9qxp 2tvb; …' however it is spaced."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    size = GROUPS * GROUP
    if len(signs) > MOST_CODES * size:
        raise Refused(_("Al massimo %(most)d codici per ordine.", most=MOST_CODES), field="buono")
    if len(signs) % size:
        raise Refused(_("Un codice ha %(number)d lettere e cifre: guarda il buono.", number=size), field="buono")
    return list(dict.fromkeys(signs[at : at + size] for at in range(0, len(signs), size)))


def find_usable(codes: Iterable[str]) -> list[Voucher]:
    """Vouchers of these codes that can pay now, by id. Raises Refused with what is wrong with the first that cannot."""
    hashes = {tokens.hashed(code): code for code in codes}
    if not hashes:
        return []
    query = select(Voucher).where(Voucher.code_hash.in_(hashes)).order_by(Voucher.id)
    found = list(db.session.scalars(query.execution_options(populate_existing=True)))
    if len(found) < len(hashes):
        raise Refused(_("Questo buono non c'è: guarda il codice, lettera per lettera."), field="buono")
    for voucher in found:
        if why := what_is_wrong(voucher):
            raise Refused(why, field="buono")
    return found


def what_is_wrong(voucher: Voucher) -> str:
    """Why it can pay nothing now; empty where it can."""
    if voucher.voided_at is not None:
        return _("Il buono che finisce con %(ending)s non vale più: telefonaci.", ending=voucher.ending)
    if voucher.expires_on < clock.today():
        return _(
            "Il buono che finisce con %(ending)s è scaduto %(day)s: telefonaci.",
            ending=voucher.ending,
            day=day(voucher.expires_on),
        )
    if voucher.balance == 0:
        return _("Il buono che finisce con %(ending)s è già stato usato tutto.", ending=voucher.ending)
    return ""


def covers(vouchers: Sequence[Voucher], maximum: int) -> int:
    """Cents of ``maximum`` that these would pay."""
    return payable(maximum, sum(voucher.balance for voucher in vouchers))


def _issue(cents: int, expires_on: date, by: int | None) -> Issued:
    session = db.session()
    code = _new_code()
    voucher = Voucher(
        code_hash=tokens.hashed(code),
        ending=code[-GROUP:],
        amount=cents,
        balance=0,
        expires_on=expires_on,
        issued_at=clock.now(),
        issued_by_id=by,
    )
    session.add(voucher)
    session.flush()
    balances.move(voucher.id, cents)
    journal.record("voucher.issued", voucher, by=by, cents=cents)
    return Issued(voucher, written(code))


def _new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _sign in range(GROUPS * GROUP))


def by_ids(voucher_ids: Collection[int]) -> list[Voucher]:
    return list(db.session.scalars(select(Voucher).where(Voucher.id.in_(voucher_ids)).order_by(Voucher.id)))


def lock(voucher_ids: Collection[int]) -> list[Voucher]:
    """As they are now, held by id until the transaction ends: nobody waits in a ring."""
    query = select(Voucher).where(Voucher.id.in_(voucher_ids)).order_by(Voucher.id).with_for_update()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
