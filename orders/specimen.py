"""An order that nobody placed, to look at a letter before it leaves: never added to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from catalog.models import Kind, PickUp, Place, Product
from core import clock
from orders.models import LineState, Order, OrderLine, Payment, Refund, Source

WEIGHED = ("ready", "refund", "not_collected")
WITH_CREDIT = ("cancelled", "called_off", "not_collected")
NUMBER = "1234"


@dataclass(frozen=True)
class Specimen:
    """``more`` is what the deed would have kept for the letter."""

    order: Order
    more: dict[str, Any]


def of(letter: str, language: str) -> Specimen:
    """Maria Rossi has ordered carrots and honey for the market in three days; what the letter is about has happened."""
    pickup = _pickup()
    order = Order(
        id=0,
        number=NUMBER,
        pickup=pickup,
        source=Source.WEB,
        customer="Maria Rossi",
        email="maria.rossi@posta.example",
        note="",
        language=language,
        address="",
        place_name=pickup.place.name,
        place_name_en=pickup.place.name_en,
        fee=0,
        discount_percent=0,
        version=0,
        placed_at=clock.now(),
        crates=1,
        lines=[_carrots(letter in WEIGHED), _honey(letter in WEIGHED)],
        payments=[],
        refunds=[],
    )
    return Specimen(order, _happened(letter, order))


def _happened(letter: str, order: Order) -> dict[str, Any]:
    now, meeting = clock.now(), _meeting(order.pickup)
    if letter in WITH_CREDIT:
        order.payments = [_credit(200, now - timedelta(days=1)), _credit(-200, now)]
    match letter:
        case "ready":
            order.crate, order.ready_at = 7, now
        case "reminder":
            order.crate = 7
        case "cancelled":
            order.cancelled_at, order.cancelled_why = now, "motivo:non-preparata"
        case "called_off":
            order.cancelled_at = order.pickup.cancelled_at = now
            order.cancelled_why = "motivo:gelo"
            return {"gone": True, "reason": "motivo:gelo"}
        case "moved":
            earlier = meeting | {"from_at": _shifted(meeting["from_at"]), "to_at": _shifted(meeting["to_at"])}
            return {"before": earlier, "after": meeting, "reason": "motivo:strada"}
        case "not_collected":
            order.crate, order.ready_at, order.not_collected_at = 7, now, now
        case "refund":
            return _given_back(order)
        case _:
            pass
    return {}


def _given_back(order: Order) -> dict[str, Any]:
    now = clock.now()
    order.crate, order.ready_at, order.handed_over_at, order.handed_to = 7, now, now, order.customer
    order.payments = [
        Payment(id=1, kind="card_terminal", amount=order.total, at=now, reference=""),
        Payment(id=2, kind="card_terminal", amount=-150, at=now, reference=""),
    ]
    back = Refund(id=1, vat_rate=4, amount=150, how="card_terminal", reason="motivo:rovinato", at=now)
    back.line_id = order.lines[0].id
    order.refunds = [back]
    return {"refunds": [1]}


def _credit(cents: int, at: datetime) -> Payment:
    return Payment(kind="credit", amount=cents, at=at, reference="")


def _pickup() -> PickUp:
    day = clock.today() + timedelta(days=3)
    place = Place(
        id=0,
        slug="esempio",
        name="Piazza del mercato",
        name_en="Market square",
        kind="stall",
        address="Piazza del mercato, Vigevano",
        municipality="Vigevano",
        province="PV",
        fee=0,
    )
    return PickUp(
        id=0,
        place=place,
        place_id=0,
        day=day,
        from_at=clock.rome(day, 16),
        to_at=clock.rome(day, 18),
        cutoff_at=clock.rome(day - timedelta(days=1), 12),
        capacity=20,
        taken=1,
        crates_given=0,
        cancelled_why="",
        practice=False,
    )


def _carrots(is_weighed: bool) -> OrderLine:
    line = _line(1, "carote", "Carote", "Carrots", kind=Kind.BY_WEIGHT, price=290, quantity=1_500, vat_rate=4)
    line.estimate, line.maximum, line.tolerance_percent = 435, 479, 10
    if is_weighed:
        line.state, line.weighed_grams, line.lot = LineState.TAKEN, 1_420, "1"
    return line


def _honey(is_taken: bool) -> OrderLine:
    line = _line(
        2, "miele-acacia", "Miele di acacia", "Acacia honey", kind=Kind.FIXED, price=850, quantity=1, vat_rate=10
    )
    line.estimate = line.maximum = 850
    line.unit, line.unit_plural, line.unit_en, line.unit_plural_en = "vasetto", "vasetti", "jar", "jars"
    line.perishable = False
    if is_taken:
        line.state, line.lot = LineState.TAKEN, "1"
    return line


def _line(position: int, slug: str, name: str, name_en: str, **more: Any) -> OrderLine:
    facts = {"name": name, "name_en": name_en, "unit": "", "unit_plural": "", "unit_en": "", "unit_plural_en": ""}
    return OrderLine(
        id=position,
        position=position,
        product_id=0,
        product=Product(slug=slug, kind=more["kind"], price=more["price"], **facts),
        slug=slug,
        tolerance_percent=0,
        perishable=True,
        may_substitute=False,
        state=LineState.WAITING,
        version=0,
        **facts,
        **more,
    )


def _meeting(pickup: PickUp) -> dict[str, Any]:
    return {
        "pickup": 0,
        "from_at": pickup.from_at.isoformat(),
        "to_at": pickup.to_at.isoformat(),
        "place_id": 0,
        "place": pickup.place.name,
        "place_en": pickup.place.name_en,
    }


def _shifted(moment: str) -> str:
    return (clock.parse(moment) - timedelta(days=1)).isoformat()
