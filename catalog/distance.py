"""Field to place in a straight line, and whether the law calls it zero km (law 61/2022 art. 2(1)(a))."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from catalog.models import Distance, Field, Place
from core import clock
from core.database import transaction

EARTH_RADIUS_KM = 6371.0088
RADIUS_KM = 70.0
ASK_WITHIN_KM = 0.5  # the great circle may be this far from the geodesic: a person confirms


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Haversine distance in km between two (latitude, longitude) pairs in degrees."""
    (lat1, lon1), (lat2, lon2) = ((radians(x) for x in point) for point in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


def rule_for(km: float, *, same_province: bool) -> str:
    """'radius', 'province', 'ask' (too near the limit to say) or 'none'."""
    if same_province:
        return "province" if km > RADIUS_KM else "radius"
    if abs(km - RADIUS_KM) <= ASK_WITHIN_KM:
        return "ask"
    return "radius" if km < RADIUS_KM else "none"


def measure(field: Field, place: Place) -> Distance:
    """Compute and store the distance with its day, rule and source; a new measure replaces the old."""
    km = great_circle_km((field.latitude, field.longitude), (place.latitude, place.longitude))
    with transaction() as session:
        return session.merge(
            Distance(
                field_id=field.id,
                place_id=place.id,
                metres=round(km * 1000),
                rule=rule_for(km, same_province=field.province == place.province),
                source="haversine, R = 6371.0088 km",
                at=clock.now(),
            )
        )
