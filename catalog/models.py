"""What the farm grows and where it can be picked up. Money in cents with VAT, weights in grams, times in UTC."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base
from core.money import price_of, price_per_kilo


class Kind(StrEnum):
    """How a product is ordered and priced."""

    BY_WEIGHT = "by_weight"  # ordered in grams, priced per kilo, weighed
    PIECE_BY_WEIGHT = "piece_by_weight"  # ordered in pieces of about so much, priced per kilo, weighed
    FIXED = "fixed"  # ordered in pieces, fixed price


class Field(Base):
    """A plot, a hive, a mill: where a product comes from, with coordinates in degrees (WGS84)."""

    __tablename__ = "field"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    municipality: Mapped[str]
    province: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]


class Container(Base):
    """A bowl or crate that stands on the scale with the goods; its tare in grams is taken off (law 441/1981)."""

    __tablename__ = "container"
    __table_args__ = (CheckConstraint("tare_grams BETWEEN 1 AND 20000", name="tare"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(default="")
    tare_grams: Mapped[int]


class VatRate(Base):
    """A dated rate for a category of goods ("vegetables", "honey"), in whole percent, with its legal reference."""

    __tablename__ = "vat_rate"
    __table_args__ = (UniqueConstraint("category", "from_day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    rate: Mapped[int]
    from_day: Mapped[date]
    reference: Mapped[str]


class Product(Base):
    """Something on the shelf. ``price`` is per kilo for weighed kinds, per piece for FIXED, in cents with VAT."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("kind IN ('by_weight', 'piece_by_weight', 'fixed')", name="kind"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("tolerance_percent BETWEEN 0 AND 50", name="tolerance"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    other_names: Mapped[str] = mapped_column(default="", server_default="")  # "coste, erbette": found by these too
    kind: Mapped[str]
    price: Mapped[int]
    unit: Mapped[str] = mapped_column(default="")  # "mazzo", "vasetto": what one piece is called
    unit_plural: Mapped[str] = mapped_column(default="")
    unit_en: Mapped[str] = mapped_column(default="")
    unit_plural_en: Mapped[str] = mapped_column(default="")
    net: Mapped[int | None]  # grams or millilitres in one pack, for the price per kilo or litre
    net_measure: Mapped[str] = mapped_column(default="g")
    drained: Mapped[int | None]  # grams without the liquid, where there is one: the price per kilo is of these
    step: Mapped[int] = mapped_column(default=1)  # grams for BY_WEIGHT, pieces otherwise
    piece_grams: Mapped[int | None]  # about so much, for PIECE_BY_WEIGHT
    tolerance_percent: Mapped[int] = mapped_column(default=10)
    vat_category: Mapped[str]
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"))
    processed_at_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"))  # a mill, a kitchen: the law counts it
    container_id: Mapped[int | None] = mapped_column(ForeignKey("container.id"))  # what it is weighed in
    shelf_place: Mapped[str] = mapped_column(default="", server_default="")  # where it lies in the workshop
    shelf: Mapped[str] = mapped_column(default="orto")  # orto, frutta, dispensa: how the shop window is ordered
    description: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    recipe: Mapped[str] = mapped_column(default="", server_default="")  # a simple idea, no more
    recipe_en: Mapped[str] = mapped_column(default="", server_default="")
    contents: Mapped[str] = mapped_column(default="", server_default="")  # of a mixed box: then no price per kilo
    contents_en: Mapped[str] = mapped_column(default="", server_default="")
    origin: Mapped[str] = mapped_column(default="Italia")
    resellers: Mapped[int | None]  # between field and consumer, as law 61/2022 counts them; None: nobody has said
    quality_class: Mapped[str] = mapped_column(default="")
    variety: Mapped[str] = mapped_column(default="", server_default="")
    caliber: Mapped[str] = mapped_column(default="", server_default="")
    season: Mapped[str] = mapped_column(default="")  # months, "10-3"; empty: all year
    back_on: Mapped[date | None]  # when there is some again, where somebody knows the day
    prepacked: Mapped[bool] = mapped_column(default=False, server_default=false())
    ingredients: Mapped[str] = mapped_column(default="")
    ingredients_en: Mapped[str] = mapped_column(default="", server_default="")
    allergens: Mapped[str] = mapped_column(default="nessuno")
    storage: Mapped[str] = mapped_column(default="")
    storage_en: Mapped[str] = mapped_column(default="", server_default="")
    perishable: Mapped[bool] = mapped_column(default=True)  # then withdrawal is excluded (art. 59 Consumer Code)
    on_sale: Mapped[bool] = mapped_column(default=True)
    picture: Mapped[str] = mapped_column(default="", server_default="")  # digest of its photograph; empty: our drawing
    practice: Mapped[bool] = mapped_column(default=False)

    field: Mapped[Field | None] = relationship(lazy="joined", foreign_keys=[field_id])
    processed_at: Mapped[Field | None] = relationship(foreign_keys=[processed_at_id])
    container: Mapped[Container | None] = relationship()
    stock: Mapped[Stock] = relationship(back_populates="product", lazy="joined", innerjoin=False)
    prices: Mapped[list[PriceChange]] = relationship(
        viewonly=True, order_by="PriceChange.from_moment.desc(), PriceChange.id.desc()"
    )  # the newest first

    @property
    def is_weighed(self) -> bool:
        return self.kind != Kind.FIXED

    @property
    def is_ordered_in_grams(self) -> bool:
        return self.kind == Kind.BY_WEIGHT

    @property
    def left(self) -> int:
        """What may still be promised: grams for BY_WEIGHT, pieces otherwise."""
        return self.stock.left if self.stock else 0

    def estimate(self, quantity: int) -> int:
        """Cents for ``quantity`` grams (BY_WEIGHT) or pieces, as far as one can know before weighing."""
        if self.kind == Kind.BY_WEIGHT:
            return price_of(quantity, self.price)
        if self.kind == Kind.PIECE_BY_WEIGHT:
            return price_of(quantity * (self.piece_grams or 0), self.price)
        return quantity * self.price

    @property
    def unit_price(self) -> int | None:
        """Cents per kilo or litre of a pack, None where there is none to tell (art. 14-16 Consumer Code).

        Of what is in a liquid it is the price of what is drained; different goods in one box have none.
        """
        net = self.drained or self.net
        return price_per_kilo(self.price, net) if self.kind == Kind.FIXED and net and not self.contents else None


class Catalogue(Base):
    """A part of what citizens see and its version, a word of chance that is new after every change of it."""

    __tablename__ = "catalogue"
    about: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]


class Picture(Base):
    """A photograph, known by what is in it: whoever asks for the same digest always gets the same bytes.

    ``let_go_at``: since when no product shows it. Undo may want it back for a while (`pictures.KEPT_FOR`).
    """

    __tablename__ = "picture"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    let_go_at: Mapped[datetime | None] = mapped_column(index=True)


class PictureFile(Base):
    """One size of a photograph in one format. ``side``: pixels of the shorter side; ``kind``: avif, webp or jpg."""

    __tablename__ = "picture_file"
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), primary_key=True)
    side: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(deferred=True)


class ImportFile(Base):
    """A list of products that somebody has sent and looks through before anything is written. Kept for a day."""

    __tablename__ = "import_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(deferred=True)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PriceChange(Base):
    """Every price that was in force, so that "the lowest of 30 days" has an answer (art. 17-bis Consumer Code)."""

    __tablename__ = "price_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    price: Mapped[int]
    from_moment: Mapped[datetime]


class Stock(Base):
    """What may still be promised of a product. Always the sum of its ledger, never below zero (ruling 2)."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint('"left" >= 0', name="not_below_zero"),)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    left: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship(back_populates="stock")


class StockMove(Base):
    """A line of the ledger: offer +, order -, cancel +, count +/-. Grams or pieces, as the product is ordered."""

    __tablename__ = "stock_move"
    __table_args__ = (CheckConstraint("why IN ('offer', 'order', 'cancel', 'count')", name="why"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    why: Mapped[str]
    quantity: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(index=True)  # no foreign key: this room has not heard of orders
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Arrival(Base):
    """How much of a product really came in for a pick-up: grams or pieces, as it is ordered.

    Less than was sold is a shortfall, worked off as missing or short lines, never as negative stock (ruling 2).
    """

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("product_id", "pickup_id"), CheckConstraint("arrived >= 0", name="arrived"))
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"), index=True)
    arrived: Mapped[int]
    lot: Mapped[str]  # harvest day or lot, kept on every line that is packed from it
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Place(Base):
    """Where crates are handed over: a stall, a door, or the start of a delivery round."""

    __tablename__ = "place"
    __table_args__ = (CheckConstraint("kind IN ('stall', 'round')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="stall")
    address: Mapped[str]
    municipality: Mapped[str]
    province: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    fee: Mapped[int] = mapped_column(default=0)  # cents, for delivery
    minimum: Mapped[int] = mapped_column(default=0, server_default="0")  # cents of goods, as estimated

    zones: Mapped[list[Zone]] = relationship(back_populates="place")


class Zone(Base):
    """A municipality with its postcode that a delivery round reaches (never derive one from the other)."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("place_id", "municipality", "postcode"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    municipality: Mapped[str]
    postcode: Mapped[str]

    place: Mapped[Place] = relationship(back_populates="zones")


class Distance(Base):
    """Field to place in a straight line, in metres, stored with its day and rule (law 61/2022 art. 2)."""

    __tablename__ = "distance"
    __table_args__ = (CheckConstraint("rule IN ('radius', 'province', 'none', 'ask')", name="rule"),)
    field_id: Mapped[int] = mapped_column(ForeignKey("field.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    metres: Mapped[int]
    rule: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who decided where it was too near

    @property
    def is_zero_km(self) -> bool:
        return self.rule in ("radius", "province")

    @property
    def km(self) -> int:
        return max(1, round(self.metres / 1000))


class PickUpRule(Base):
    """Every week at this place, in Rome's wall time; the cut-off is some days before, at a minute of that day."""

    __tablename__ = "pickup_rule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_minute >= 0 AND from_minute < to_minute AND to_minute < 1440", name="times"),
        CheckConstraint("cutoff_days_before BETWEEN 0 AND 7 AND cutoff_minute BETWEEN 0 AND 1439", name="cutoff"),
        CheckConstraint("capacity BETWEEN 1 AND 60", name="capacity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    weekday: Mapped[int]  # 0 Monday
    from_minute: Mapped[int]  # minutes after midnight, wall time
    to_minute: Mapped[int]
    cutoff_days_before: Mapped[int] = mapped_column(default=1)
    cutoff_minute: Mapped[int] = mapped_column(default=12 * 60)
    capacity: Mapped[int] = mapped_column(default=30)
    from_day: Mapped[date]
    to_day: Mapped[date | None]

    place: Mapped[Place] = relationship()


class ClosedWeek(Base):
    """A week in which the farm rests; rules make no pick-up in it."""

    __tablename__ = "closed_week"
    id: Mapped[int] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(unique=True)
    reason: Mapped[str]


class PickUp(Base):
    """A place, a day, an hour window, a cut-off, a number of places; real or practice (ruling 15)."""

    __tablename__ = "pickup"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="places"),
        CheckConstraint("capacity BETWEEN 0 AND 60", name="capacity"),  # 60 crate pictures (ruling 14)
        CheckConstraint("crates_given BETWEEN 0 AND 60", name="crates_given"),
        CheckConstraint("cutoff_at <= from_at AND from_at < to_at", name="times"),
        UniqueConstraint("rule_id", "planned_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_rule.id"))
    planned_day: Mapped[date | None]  # the rule's day: one that was moved or called off is not made again
    day: Mapped[date] = mapped_column(index=True)  # in Rome
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    cutoff_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]  # crates have their numbers
    crates_given: Mapped[int] = mapped_column(default=0)  # the last number; given once, also when its order goes away
    moved_at: Mapped[datetime | None]  # to another day, hour or place; then citizens may cancel until it begins
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str] = mapped_column(default="")
    practice: Mapped[bool] = mapped_column(default=False)
    practice_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # whose practice it is

    place: Mapped[Place] = relationship(lazy="joined")

    @property
    def places_left(self) -> int:
        return self.capacity - self.taken

    def takes_orders_at(self, moment: datetime) -> bool:
        return self.cancelled_at is None and self.closed_at is None and moment < self.cutoff_at
