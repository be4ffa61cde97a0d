"""Orders. A line keeps everything that was said when it was ordered: name, unit, price, VAT, estimate, maximum.

State is never assigned: an order is prepared because ``ready_at`` is set, and so on.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models import Kind, PickUp, Product
from core.database import Base
from core.money import half_up, payable, price_of


class Source(StrEnum):
    WEB = "web"
    PHONE = "phone"
    STALL = "stall"


class Status(StrEnum):
    """What an order's own dates say. Derived, never stored."""

    RECEIVED = "received"
    PREPARING = "preparing"
    READY = "ready"
    HANDED_OVER = "handed_over"
    NOT_COLLECTED = "not_collected"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"  # in the crate; weighed lines also have their grams
    SHORT = "short"  # in the crate, less than ordered
    MISSING = "missing"


class Order(Base):
    """One crate for one citizen at one pick-up. Amounts in cents, VAT included."""

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("pickup_id", "crate"),
        CheckConstraint("source IN ('web', 'phone', 'stall')", name="source"),
        CheckConstraint("crate BETWEEN 1 AND 60", name="crate"),
        CheckConstraint("crates BETWEEN 1 AND 5", name="crates"),
        CheckConstraint("discount_percent BETWEEN 0 AND 50", name="discount"),
        CheckConstraint("held >= 0", name="held"),
        Index("ix_order_email", "email"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)  # what a citizen says on the phone
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"), index=True)
    source: Mapped[str] = mapped_column(default=Source.WEB)
    customer: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    collector: Mapped[str | None]  # another person who may collect
    note: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="it")
    address: Mapped[str] = mapped_column(default="")  # delivery rounds only
    place_name: Mapped[str]  # as it was called when the order was placed
    place_name_en: Mapped[str] = mapped_column(default="")
    fee: Mapped[int] = mapped_column(default=0)
    discount_percent: Mapped[int] = mapped_column(default=0)  # of the goods, not of the fee
    held: Mapped[int] = mapped_column(default=0, server_default="0")  # cents of vouchers that wait for its real price
    version: Mapped[int] = mapped_column(default=0)  # what the page showed when the citizen began to change it
    placed_at: Mapped[datetime]
    reminded_for: Mapped[datetime | None]  # the beginning of the pick-up that the reminder was about
    crate: Mapped[int | None]  # given when the pick-up closes, never reused or shifted (ruling 14)
    crates: Mapped[int] = mapped_column(default=1)  # "2 di 2" has the same number
    ready_at: Mapped[datetime | None]
    labelled_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    handed_to: Mapped[str | None]
    not_collected_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str | None]
    forgotten_at: Mapped[datetime | None]  # nothing in it says any more whose it was (`forgetting`)

    pickup: Mapped[PickUp] = relationship(lazy="joined")
    lines: Mapped[list[OrderLine]] = relationship(
        back_populates="order",
        order_by="OrderLine.position",
        foreign_keys="OrderLine.order_id",
        lazy="selectin",
        cascade="all, delete-orphan",
    )
    payments: Mapped[list[Payment]] = relationship(back_populates="order", order_by="Payment.id", lazy="selectin")
    refunds: Mapped[list[Refund]] = relationship(back_populates="order", order_by="Refund.id", lazy="selectin")

    @property
    def status(self) -> Status:
        if self.cancelled_at:
            return Status.CANCELLED
        if self.handed_over_at:
            return Status.HANDED_OVER
        if self.not_collected_at:
            return Status.NOT_COLLECTED
        if self.ready_at:
            return Status.READY
        return Status.PREPARING if self.crate else Status.RECEIVED

    @property
    def stands(self) -> bool:
        return self.cancelled_at is None

    @property
    def practice(self) -> bool:
        return self.pickup.practice

    @property
    def ordered_lines(self) -> list[OrderLine]:
        """What the citizen ordered: without what came in place of something."""
        return [line for line in self.lines if line.substitutes_id is None]

    @property
    def estimate(self) -> int:
        return self._with_discount(sum(line.estimate for line in self.ordered_lines)) + self.fee

    @property
    def maximum(self) -> int:
        """The most that this order can cost: what the citizen agreed to (ruling 1)."""
        return self._with_discount(sum(line.maximum for line in self.ordered_lines)) + self.fee

    @property
    def goods(self) -> int:
        """The lines by what is known now: final prices where they are prepared, estimates elsewhere."""
        return sum(line.price_now for line in self.lines)

    @property
    def discount(self) -> int:
        return self.goods - self._with_discount(self.goods)

    @property
    def total(self) -> int:
        """What it costs by what is known now. What was given back later is in ``refunded``."""
        return self._with_discount(self.goods) + self.fee

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds)

    @property
    def paid(self) -> int:
        """What came in less what went back, without the 5-cent rounding of cash."""
        return sum(payment.amount for payment in self.payments if payment.kind != "rounding")

    @property
    def settled(self) -> int:
        """Payments together with cash rounding: what the total is compared with."""
        return sum(payment.amount for payment in self.payments)

    @property
    def is_owed(self) -> bool:
        """Whether its goods are to be paid: not when it was called off, nor when nobody came for it."""
        return self.cancelled_at is None and self.not_collected_at is None

    @property
    def due(self) -> int:
        """What is still to be paid; negative is what we owe."""
        return (self.total - self.refunded if self.is_owed else 0) - self.settled

    @property
    def to_pay(self) -> int:
        """What is due by what is known now, less what vouchers will pay of it."""
        return self.due - payable(max(self.due, 0), self.held or 0)

    @property
    def most_to_pay(self) -> int:
        """What can still be due at most, beside what vouchers will pay of it and what was paid."""
        return self._most_due - self.covered

    @property
    def covered(self) -> int:
        """The most that vouchers will pay of it, beside what they have paid."""
        return payable(self._most_due, self.held or 0)

    @property
    def _most_due(self) -> int:
        return max(0, (self.total if self.is_prepared else self.maximum) - self.settled) if self.is_owed else 0

    def _with_discount(self, cents: int) -> int:
        return cents - half_up(cents * (self.discount_percent or 0), 100)

    @property
    def is_prepared(self) -> bool:
        return all(line.is_prepared for line in self.lines)

    @property
    def first_name(self) -> str:
        return self.customer.split()[0]


class OrderLine(Base):
    """One product in an order, as it was when it was ordered."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        UniqueConstraint("substitutes_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("maximum >= estimate", name="maximum"),
        CheckConstraint("weighed_grams IS NULL OR weighed_grams > 0", name="weight"),
        CheckConstraint("state IN ('waiting', 'taken', 'short', 'missing')", name="state"),
        {"sqlite_autoincrement": True},  # an id is never given again: a screen may still show the line that it had
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    position: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    unit_plural: Mapped[str] = mapped_column(default="")
    unit_en: Mapped[str] = mapped_column(default="")
    unit_plural_en: Mapped[str] = mapped_column(default="")
    price: Mapped[int]  # cents per kilo or per piece
    vat_rate: Mapped[int]
    piece_grams: Mapped[int | None]
    perishable: Mapped[bool] = mapped_column(default=True)
    quantity: Mapped[int]  # grams for BY_WEIGHT, pieces otherwise
    estimate: Mapped[int]
    tolerance_percent: Mapped[int]
    maximum: Mapped[int]
    may_substitute: Mapped[bool] = mapped_column(default=False)
    substitutes_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    state: Mapped[str] = mapped_column(default=LineState.WAITING)
    packed: Mapped[int | None]  # pieces really in the crate, for lines that are short
    weighed_grams: Mapped[int | None]  # net
    tare_grams: Mapped[int | None]  # what was taken off what the scale said
    lot: Mapped[str | None]  # harvest day or lot: "who received lot X" has an answer
    version: Mapped[int] = mapped_column(default=0)  # what the form showed (ruling 10)

    order: Mapped[Order] = relationship(back_populates="lines", foreign_keys=[order_id])
    product: Mapped[Product] = relationship(lazy="joined")

    @property
    def is_weighed(self) -> bool:
        return self.kind != Kind.FIXED

    @property
    def is_prepared(self) -> bool:
        return self.state != LineState.WAITING

    @property
    def expected_grams(self) -> int | None:
        """What the scale should about show, None for lines that are not weighed."""
        if self.kind == Kind.BY_WEIGHT:
            return self.quantity
        return self.quantity * (self.piece_grams or 0) if self.kind == Kind.PIECE_BY_WEIGHT else None

    @property
    def computed(self) -> int | None:
        """Price of what is in the crate before the maximum is applied, None while it waits."""
        match self.state:
            case LineState.WAITING:
                return None
            case LineState.MISSING:
                return 0
            case _ if self.is_weighed:
                return price_of(self.weighed_grams or 0, self.price)
            case _:
                return (self.packed if self.packed is not None else self.quantity) * self.price

    @property
    def final(self) -> int | None:
        """What the line costs: never more than its maximum, the rest is a gift (ruling 1)."""
        return None if self.computed is None else min(self.computed, self.maximum)

    @property
    def gift(self) -> int:
        """Cents above the maximum that nobody pays."""
        return max(0, (self.computed or 0) - self.maximum)

    @property
    def price_now(self) -> int:
        return self.estimate if self.final is None else self.final


class OrderLink(Base):
    """A secret address of an order's page. 192 random bits; only the hash is kept (ruling 17)."""

    __tablename__ = "order_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    mailed: Mapped[bool] = mapped_column(default=False, server_default=false())  # else the browser has it alone

    order: Mapped[Order] = relationship()


class InvoiceRequest(Base):
    """In whose name the invoice of an order is to be made. Kept as long as the accounts are (art. 2220 civil code)."""

    __tablename__ = "invoice_request"
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    name: Mapped[str]
    tax_code: Mapped[str]  # empty where a VAT number says it all
    vat_number: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str]
    municipality: Mapped[str]
    province: Mapped[str]
    recipient_code: Mapped[str]
    pec: Mapped[str]


class Payment(Base):
    """A line of the payments ledger, in cents; negative gives back. Its money never changes: a counter entry undoes it.

    ``rounding`` is the 5-cent rounding of cash: outside maximum, VAT and takings (ruling 1). ``reference`` is a label
    that somebody writes later; the journal keeps what stood there before (`receipts`).
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("kind IN ('cash', 'card_terminal', 'card', 'voucher', 'credit', 'rounding')", name="kind"),
        CheckConstraint("(kind = 'voucher') = (voucher_id IS NOT NULL)", name="voucher"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    voucher_id: Mapped[int | None] = mapped_column(ForeignKey("voucher.id"))
    kind: Mapped[str]
    amount: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    reference: Mapped[str] = mapped_column(default="")  # number of the fiscal document

    order: Mapped[Order] = relationship(back_populates="payments")


class Refund(Base):
    """What was given back of an order that had been handed over, at the rate that it was sold at. Never changed.

    Cents; a counter entry, negative, takes one back. Takings of its day go down by it, per rate (italian-rules C10).
    """

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("how IN ('cash', 'card_terminal', 'card', 'voucher', 'credit')", name="how"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))  # None: of the delivery fee
    vat_rate: Mapped[int]
    amount: Mapped[int]
    how: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), unique=True)

    order: Mapped[Order] = relationship(back_populates="refunds")
    line: Mapped[OrderLine | None] = relationship()


class Credit(Base):
    """What a citizen has with us, in cents: always what was carried and the sum of its moves, never below zero.

    ``holder`` is 'email:…' or 'tel:…', as they gave it when they ordered: an account is not needed. Moves of an order
    that was forgotten stand under 'order:…', and ``carried`` keeps what they had brought: over all holders it is zero.
    """

    __tablename__ = "credit"
    __table_args__ = (CheckConstraint("balance >= 0", name="not_below_zero"),)
    holder: Mapped[str] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(default=0)
    carried: Mapped[int] = mapped_column(default=0, server_default="0")


class CreditMove(Base):
    """A line of the credit ledger: + given, - used. ``order_id`` is the order that it came from or was used for."""

    __tablename__ = "credit_move"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(ForeignKey("credit.holder"), index=True)
    amount: Mapped[int]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    at: Mapped[datetime]


class Voucher(Base):
    """A "buono spesa", in cents: it pays here alone, and VAT is due when it is used (art. 6-quater DPR 633/72).

    Neither whose it is nor why they have it is written anywhere. ``balance`` is what it may still pay: always the sum
    of its moves, never below zero. Only the hash of its code is kept (ruling 17), and the ``ending`` to know it again.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("balance BETWEEN 0 AND amount", name="balance"),
        {"sqlite_autoincrement": True},  # a number on paper is never given again
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    ending: Mapped[str]
    amount: Mapped[int]
    balance: Mapped[int]
    expires_on: Mapped[date]  # the last day, in Rome, on which it can be used
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    voided_at: Mapped[datetime | None]

    moves: Mapped[list[VoucherMove]] = relationship(order_by="VoucherMove.id")


class VoucherMove(Base):
    """A line of a voucher's ledger: + issued or come back, - held or paid.

    ``days_left``: how many days it was still good for when an order began to hold it; a hold alone has them.
    """

    __tablename__ = "voucher_move"
    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), index=True)  # None: issued, voided
    amount: Mapped[int]
    at: Mapped[datetime]
    days_left: Mapped[int | None]


class VoucherHold(Base):
    """What an order may take from a voucher, in cents, until its crate is ready and the price is known."""

    __tablename__ = "voucher_hold"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), primary_key=True)
    amount: Mapped[int]


class Paper(Base):
    """A paper that is too long to make while somebody waits: asked for on a page, made by the worker."""

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("kind IN ('harvest', 'crates', 'round', 'labels')", name="kind"),
        Index("ix_paper_pickup", "pickup_id", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"))
    language: Mapped[str] = mapped_column(default="it")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    pickup: Mapped[PickUp] = relationship()


class BooksCheck(Base):
    """One look through the books: when, how long it took, and what does not balance (nothing, usually)."""

    __tablename__ = "books_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    milliseconds: Mapped[int]
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)


class Counter(Base):
    """The last number given, real and practice apart (ruling 15)."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Seller(Base):
    """Who sells: what the law wants on the home page and in every letter (D.Lgs. 70/2003 art. 7). One row."""

    __tablename__ = "seller"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    pec: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    vat_number: Mapped[str] = mapped_column(default="")
    rea: Mapped[str] = mapped_column(default="")
    cooperative_register: Mapped[str] = mapped_column(default="")
    accessibility_checked: Mapped[str] = mapped_column(default="", server_default="")  # ISO day; the page says it


class EditableText(Base):
    """A letter or a legal page in one language, in words that the coordinator may change."""

    __tablename__ = "text"
    __table_args__ = (
        UniqueConstraint("kind", "slug", "language"),
        CheckConstraint("kind IN ('letter', 'page')", name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
