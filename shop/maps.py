"""A small map drawn by us: rivers that everybody here knows, a field, the pick-up, and the straight line between them.

A sketch. The rivers are a few points each, put down by hand; field and pick-up are where they are. Nothing is asked of
anybody else's maps. Coordinates are degrees (WGS84), lengths of the drawing are its own units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, radians

from flask_babel import gettext as _

from catalog.models import Field, Place

Point = tuple[float, float]

WIDTH, HEIGHT = 360, 220
MARGIN_X, MARGIN_Y = 64, 52  # room for the names around the two points
LEAST_KM = 7  # a field next door is shown with some land around it
KM_OF_A_DEGREE = 111.2
RIVERS: dict[str, Sequence[Point]] = {
    # (latitude, longitude), as they flow
    "Ticino": (
        (45.727, 8.632),
        (45.62, 8.66),
        (45.53, 8.70),
        (45.48, 8.74),
        (45.40, 8.83),
        (45.335, 8.885),
        (45.29, 8.925),
        (45.245, 9.00),
        (45.20, 9.08),
        (45.178, 9.155),
        (45.138, 9.235),
    ),
    "Sesia": (
        (45.63, 8.39),
        (45.52, 8.39),
        (45.325, 8.445),
        (45.27, 8.48),
        (45.18, 8.51),
        (45.14, 8.54),
        (45.085, 8.615),
    ),
    "Po": (
        (45.185, 8.29),
        (45.14, 8.455),
        (45.10, 8.56),
        (45.085, 8.615),
        (45.03, 8.645),
        (45.01, 8.745),
        (45.045, 8.90),
        (45.09, 9.00),
        (45.10, 9.09),
        (45.138, 9.235),
        (45.13, 9.40),
        (45.06, 9.70),
    ),
    "Agogna": (
        (45.60, 8.52),
        (45.45, 8.60),
        (45.36, 8.62),
        (45.285, 8.665),
        (45.235, 8.69),
        (45.12, 8.79),
        (45.05, 8.86),
    ),
}


@dataclass(frozen=True)
class River:
    name: str
    path: str  # of SVG
    label: Point | None  # where there is room for its name


@dataclass(frozen=True)
class Spot:
    """A point with its name: above it or below, and towards the middle of the drawing."""

    x: int
    y: int
    name: str
    label_y: int
    anchor: str  # start, middle, end


@dataclass(frozen=True)
class Sketch:
    """What the template draws. ``pickup`` is None where nobody has chosen one. ``scale``: units for ``scale_km``."""

    rivers: list[River]
    field: Spot
    pickup: Spot | None
    scale: int
    scale_km: int
    words: str


def sketch(field: Field, place: Place | None = None, place_name: str = "", km: int = 0) -> Sketch:
    """Field and pick-up as they lie to each other, with ``words`` for whoever does not see the drawing.

    ``km``: the distance that was stored for the two; the drawing does not measure.
    """
    here = (field.latitude, field.longitude)
    there = (place.latitude, place.longitude) if place else None
    frame = _Frame([here, *([there] if there else [])])
    at, to = frame.put(here), frame.put(there) if there else None
    above = to is None or at[1] <= to[1]
    scale_km = next((km for km in (1, 2, 5, 10, 20, 50) if km * frame.unit >= 36), 100)
    spots = [at, *([to] if to else [])]
    return Sketch(
        [River(name, frame.path(points), frame.label(points, spots)) for name, points in RIVERS.items()],
        _spot(at, field.name, above=above),
        _spot(to, place_name, above=not above) if to else None,
        round(scale_km * frame.unit),
        scale_km,
        _words(field, here, there, place_name, km),
    )


class _Frame:
    """Degrees to units: north is up, a kilometre is as long in both directions."""

    def __init__(self, points: Sequence[Point]) -> None:
        south, north = min(p[0] for p in points), max(p[0] for p in points)
        west, east = min(p[1] for p in points), max(p[1] for p in points)
        self._middle = ((south + north) / 2, (west + east) / 2)
        self._narrow = cos(radians(self._middle[0]))
        high = max((north - south) * KM_OF_A_DEGREE, LEAST_KM)
        wide = max((east - west) * KM_OF_A_DEGREE * self._narrow, LEAST_KM)
        self.unit = min((HEIGHT - 2 * MARGIN_Y) / high, (WIDTH - 2 * MARGIN_X) / wide)

    def put(self, point: Point) -> Point:
        x = WIDTH / 2 + (point[1] - self._middle[1]) * KM_OF_A_DEGREE * self._narrow * self.unit
        return x, HEIGHT / 2 - (point[0] - self._middle[0]) * KM_OF_A_DEGREE * self.unit

    def path(self, points: Sequence[Point]) -> str:
        """Only what comes near: lines that end far outside would make the page longer and nothing else."""
        put, drawn, last = [self.put(point) for point in points], "", None
        for one, two in pairwise(put):
            if _is_near(one, two):
                drawn += f"{'' if one == last else f'M{one[0]:.0f} {one[1]:.0f}'}L{two[0]:.0f} {two[1]:.0f}"
                last = two
        return drawn

    def label(self, points: Sequence[Point], spots: Sequence[Point]) -> Point | None:
        """Beside the river, on the drawing, and away from what else is written on it."""
        for one, two in pairwise([self.put(point) for point in points]):
            for part in (0.1, 0.3, 0.5, 0.7, 0.9):
                x, y = one[0] + (two[0] - one[0]) * part + 6, one[1] + (two[1] - one[1]) * part
                inside = 4 < x < WIDTH - 62 and 20 < y < HEIGHT - 34
                if inside and all(abs(y - spot[1]) > 34 or abs(x - spot[0]) > 110 for spot in spots):
                    return round(x), round(y)
        return None


def _is_near(one: Point, two: Point) -> bool:
    return (
        max(one[0], two[0]) > -20
        and min(one[0], two[0]) < WIDTH + 20
        and max(one[1], two[1]) > -20
        and min(one[1], two[1]) < HEIGHT + 20
    )


def _spot(at: Point, name: str, *, above: bool) -> Spot:
    x, y = round(at[0]), round(at[1])
    anchor = "start" if x < WIDTH * 0.36 else "end" if x > WIDTH * 0.64 else "middle"
    return Spot(x, y, name, y - 16 if above else y + 28, anchor)


def _words(field: Field, here: Point, there: Point | None, place_name: str, km: int) -> str:
    if there is None:
        return _("%(field)s è a %(town)s.", field=field.name, town=field.municipality)
    return _(
        "%(field)s è a %(town)s, %(km)s km in linea d'aria %(where)s %(place)s.",
        field=field.name,
        town=field.municipality,
        km=km,
        where=_wind(there, here),
        place=place_name,
    )


def _wind(start: Point, end: Point) -> str:
    """'a sud-est di': where ``end`` lies, seen from ``start``."""
    winds = (
        _("a nord di"),
        _("a nord-est di"),
        _("a est di"),
        _("a sud-est di"),
        _("a sud di"),
        _("a sud-ovest di"),
        _("a ovest di"),
        _("a nord-ovest di"),
    )
    east = (end[1] - start[1]) * cos(radians(start[0]))
    return winds[round(degrees(atan2(east, end[0] - start[0])) % 360 / 45) % 8]
