"""What the fields really gave for a pick-up. The forecast is stock's offer; here is what came in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from catalog.models import Arrival
from core.database import db


def find_arrival(product_id: int, pickup_id: int) -> Arrival | None:
    return db.session.scalar(select(Arrival).where(Arrival.product_id == product_id, Arrival.pickup_id == pickup_id))


def arrivals(pickup_id: int) -> dict[int, Arrival]:
    """Product id -> what arrived for this pick-up."""
    found = db.session.scalars(select(Arrival).where(Arrival.pickup_id == pickup_id))
    return {arrival.product_id: arrival for arrival in found}


def lot_of(day: date) -> str:
    """A harvest day is a lot: '2026-11-27'."""
    return day.isoformat()
