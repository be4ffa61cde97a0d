"""Field to place in a straight line, and whether the law calls it zero km (law 61/2022 art. 2(1)(a)).

The law counts where a product grows and where it is processed. "Within 70 km" is a straight line, and the place of sale
is where the crate is handed over: our careful reading, since the law does not say it for a shop on the web.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from flask_babel import gettext as _
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from catalog.models import Distance, Field, Place, Product
from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import Conflict, NotFound, Refused

EARTH_RADIUS_KM = 6371.0088
RADIUS_KM = 70.0
ASK_WITHIN_KM = 0.5  # the great circle may be this far from the geodesic: a person confirms
SURELY_WITHIN = round((RADIUS_KM - ASK_WITHIN_KM) * 1000)  # metres
SOURCE = "haversine, R = 6371.0088 km"
LAND_LOCK = 10_062_2022


@dataclass(frozen=True)
class Counted:
    """What the law counts for one product at one place of sale. ``km`` is the field's own: what a page shows.

    ``processed`` is None where nothing is processed elsewhere; ``is_complete`` is False where that was never measured.
    """

    grown: Distance
    processed: Distance | None
    in_province: bool  # field and processing are both in the province of the place
    is_complete: bool = True

    @property
    def km(self) -> int:
        return self.grown.km

    @property
    def is_zero_km(self) -> bool:
        """Every site within the radius, or every site in the province: one of each is neither."""
        if not (self.is_complete and all(site.is_zero_km for site in self._sites)):
            return False
        return self.in_province or all(_is_within(site) for site in self._sites)

    @property
    def _sites(self) -> list[Distance]:
        return [self.grown, self.processed] if self.processed else [self.grown]


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
    """Compute and store the distance with its day, rule and source; a new measure replaces the old.

    What a person has confirmed stays confirmed as long as the coordinates give the same metres.
    """
    with transaction() as session:
        hold_land(session)
        return _measured(session, session.get(Distance, (field.id, place.id)), field, place)


def measure_from(field: Field) -> None:
    """Measure from this field to every place, in as many statements for two places as for two hundred."""
    here = and_(Distance.place_id == Place.id, Distance.field_id == field.id)
    with transaction() as session:
        hold_land(session)
        for place, known in session.execute(select(Place, Distance).outerjoin(Distance, here)).all():
            _measured(session, known, field, place)


def measure_to(place: Place) -> None:
    """Measure from every field to this place, in as many statements for two fields as for two hundred."""
    here = and_(Distance.field_id == Field.id, Distance.place_id == place.id)
    with transaction() as session:
        hold_land(session)
        for field, known in session.execute(select(Field, Distance).outerjoin(Distance, here)).all():
            _measured(session, known, field, place)


def confirm(field_id: int, place_id: int, is_zero_km: bool, *, by: int) -> Distance:
    """Somebody looked at the map: from 69.5 to 70.5 km the formula alone cannot say on which side of the limit it is.

    Raises Refused where it can, NotFound where nothing was measured.
    """
    with transaction() as session:
        row = _held(session, field_id, place_id)
        if row.rule != "ask" and row.confirmed_by_id is None:
            raise Refused(_("Qui la distanza è già chiara: non c'è niente da confermare."))
        before = {"rule": row.rule, "by": row.confirmed_by_id}
        row.rule, row.confirmed_by_id = "radius" if is_zero_km else "none", by
        journal.record(
            "distance.confirmed",
            session.get_one(Field, field_id),
            by=by,
            place=place_id,
            metres=row.metres,
            before=before,
            after={"rule": row.rule, "by": by},
        )
    return row


def restore(field_id: int, place_id: int, *, metres: int, expected: dict, before: dict) -> None:
    """The inverse of confirming. Raises Conflict when it was measured or confirmed again."""
    with transaction() as session:
        row = _held(session, field_id, place_id)
        if (row.metres, row.rule, row.confirmed_by_id) != (metres, expected["rule"], expected["by"]):
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        row.rule, row.confirmed_by_id = before["rule"], before["by"]


def to_confirm() -> list[tuple[Distance, Field, Place]]:
    """Where a person has to look at the map: until then nobody says "zero km" there."""
    query = select(Distance, Field, Place).join(Field, Field.id == Distance.field_id)
    query = query.join(Place, Place.id == Distance.place_id).where(Distance.rule == "ask")
    return [(row, field, place) for row, field, place in db.session.execute(query.order_by(Field.name, Place.name))]


def for_product(product: Product, place: Place) -> Counted | None:
    """What counts for this product at this place; None where its field is not known or was not measured."""
    sites = [product.field_id, product.processed_at_id]
    query = select(Distance).where(Distance.place_id == place.id, Distance.field_id.in_([s for s in sites if s]))
    found = {row.field_id: row for row in db.session.scalars(query)}
    grown, processed = (found.get(site) if site else None for site in sites)
    return counted(product, place.province, grown, processed)


def counted(
    product: Product, province: str | None, grown: Distance | None, processed: Distance | None
) -> Counted | None:
    """The same from rows that a page has read already; ``province`` is that of the place of sale."""
    if grown is None:
        return None
    sites = [site for site in (product.field, product.processed_at) if site]
    return Counted(
        grown,
        processed,
        in_province=all(site.province == province for site in sites),
        is_complete=product.processed_at_id is None or processed is not None,
    )


def hold_land(session: Session) -> None:
    """One at a time: a field and a place that are added at the same instant are both measured."""
    serialise(session, LAND_LOCK)


def _measured(session: Session, known: Distance | None, field: Field, place: Place) -> Distance:
    km = great_circle_km((field.latitude, field.longitude), (place.latitude, place.longitude))
    metres = round(km * 1000)
    rule = rule_for(km, same_province=field.province == place.province)
    row = known or Distance(field_id=field.id, place_id=place.id)
    if row.confirmed_by_id is None or (row.metres, "ask") != (metres, rule):
        row.rule, row.confirmed_by_id = rule, None
    row.metres, row.source, row.at = metres, SOURCE, clock.now()
    session.add(row)
    return row


def _held(session: Session, field_id: int, place_id: int) -> Distance:
    hold_land(session)
    row = session.get(Distance, (field_id, place_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(_("Questa distanza non è ancora stata misurata."))
    return row


def _is_within(site: Distance) -> bool:
    """Within the radius without a doubt. In the same province nobody is asked, so near the limit it stays open."""
    return site.rule == "radius" and (site.metres <= SURELY_WITHIN or site.confirmed_by_id is not None)
