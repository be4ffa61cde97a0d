"""Fields, places and what belongs to them: zones of a delivery round, its fee, the containers on the scale.

Coordinates are degrees (WGS84), fees cents, tares grams. Whatever is new on the map is measured at once.
"""

from __future__ import annotations

from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import addresses, distance
from catalog.models import Container, Distance, Field, Place, Zone
from core import journal
from core.database import Base, db, transaction
from core.errors import Conflict, NotFound, Refused

MOST_FEE = 5_000  # cents
MOST_MINIMUM = 10_000  # cents
HEAVIEST_CONTAINER = 20_000  # grams

Row = TypeVar("Row", bound=Base)


def held(session: Session, kind: type[Row], row_id: int, missing: str) -> Row:
    """A row of the land, the only one who changes it until the transaction ends. Raises NotFound with ``missing``."""
    distance.hold_land(session)
    row = session.get(kind, row_id, populate_existing=True)
    if row is None:
        raise NotFound(missing)
    return row


def add_field(
    name: str, *, municipality: str, province: str, latitude: float, longitude: float, by: int | None
) -> Field:
    """A plot, a hive, a mill. Raises Refused for what cannot be, Conflict for a name that is taken."""
    field = Field(
        name=addresses.name(name),
        municipality=addresses.municipality(municipality),
        province=addresses.province(province),
        latitude=latitude,
        longitude=longitude,
    )
    addresses.require_in_italy(latitude, longitude)
    with transaction() as session:
        distance.hold_land(session)
        if session.scalar(select(Field.id).where(Field.name == field.name)):
            raise Conflict(_("C'è già un campo con questo nome."))
        session.add(field)
        session.flush()
        distance.measure_from(field)
        journal.record("field.added", field, by=by, at=[latitude, longitude])
    return field


def move_field(
    field_id: int,
    latitude: float,
    longitude: float,
    *,
    municipality: str | None = None,
    province: str | None = None,
    by: int | None,
) -> Field:
    """Its point on the map was not right, nor perhaps its municipality. Every distance is measured again.

    What somebody confirmed is asked again, unless the metres are the same. Raises Refused, NotFound.
    """
    addresses.require_in_italy(latitude, longitude)
    with transaction() as session:
        field = held(session, Field, field_id, _("Questo campo non c'è."))
        after = {
            "latitude": latitude,
            "longitude": longitude,
            "municipality": field.municipality if municipality is None else addresses.municipality(municipality),
            "province": field.province if province is None else addresses.province(province),
        }
        before = _point(field)
        if before == after:
            raise Refused(_("È già lì."))
        confirmed = [[row.place_id, row.rule, row.confirmed_by_id] for row in _confirmed(session, field_id)]
        _put(field, after)
        journal.record("field.moved", field, by=by, before=before, after=after, confirmed=confirmed)
    return field


def move_field_back(
    field_id: int, expected: dict[str, Any], to: dict[str, Any], confirmed: list[tuple[int, str, int]]
) -> None:
    """The inverse, with what was confirmed there. Raises Conflict when it was moved again."""
    with transaction() as session:
        field = held(session, Field, field_id, _("Questo campo non c'è."))
        if _point(field) != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        _put(field, to)
        for place_id, rule, person_id in confirmed:
            row = session.get_one(Distance, (field_id, place_id))
            row.rule, row.confirmed_by_id = rule, person_id


def add_place(
    name: str,
    *,
    address: str,
    municipality: str,
    province: str,
    latitude: float,
    longitude: float,
    kind: str = "stall",
    fee: int = 0,
    name_en: str = "",
    by: int | None,
) -> Place:
    """Where crates are handed over: ``kind`` is 'stall' or 'round'. Raises Refused for what cannot be.

    ``name_en`` is for a name that says something, as a round's does; what stands on a wall needs none.
    """
    place = Place(
        name=addresses.name(name),
        name_en=addresses.name_in_english(name_en),
        kind=kind,
        address=addresses.street(address),
        municipality=addresses.municipality(municipality),
        province=addresses.province(province),
        latitude=latitude,
        longitude=longitude,
        fee=fee,
    )
    if kind not in ("stall", "round"):
        raise Refused(_("Scegli se è un banco o un giro a domicilio."))
    _require_fee(fee)
    addresses.require_in_italy(latitude, longitude)
    with transaction() as session:
        distance.hold_land(session)
        place.slug = addresses.free_slug(session, Place.slug, place.name, otherwise="posto")
        session.add(place)
        session.flush()
        distance.measure_to(place)
        journal.record("place.added", place, by=by, at=[latitude, longitude])
    return place


def every() -> list[Place]:
    """Stalls, then rounds, by name."""
    return list(db.session.scalars(select(Place).order_by(Place.kind.desc(), Place.name, Place.id)))


def find(place_id: int) -> Place | None:
    return db.session.get(Place, place_id)


def set_fee(place_id: int, cents: int, *, by: int | None) -> Place:
    """What bringing a crate costs from now on. Orders keep the fee that they were placed at."""
    _require_fee(cents)
    with transaction() as session:
        place = held(session, Place, place_id, _("Questo posto non c'è."))
        before, place.fee = place.fee, cents
        if before != cents:
            journal.record("place.fee_set", place, by=by, before=before, after=cents)
    return place


def restore_fee(place_id: int, expected: int, cents: int) -> None:
    """The inverse. Raises Conflict when it was changed again."""
    with transaction() as session:
        place = held(session, Place, place_id, _("Questo posto non c'è."))
        if place.fee != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        place.fee = cents


def set_minimum(place_id: int, cents: int, *, by: int | None) -> Place:
    """The smallest order of citizens from now on, in cents of goods as estimated; nothing asks none. Orders stand."""
    if not 0 <= cents <= MOST_MINIMUM:
        raise Refused(_("L'ordine minimo va da 0 a 100 euro."))
    with transaction() as session:
        place = held(session, Place, place_id, _("Questo posto non c'è."))
        before, place.minimum = place.minimum, cents
        if before != cents:
            journal.record("place.minimum_set", place, by=by, before=before, after=cents)
    return place


def restore_minimum(place_id: int, expected: int, cents: int) -> None:
    """The inverse. Raises Conflict when it was changed again."""
    with transaction() as session:
        place = held(session, Place, place_id, _("Questo posto non c'è."))
        if place.minimum != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        place.minimum = cents


def add_zone(place_id: int, municipality: str, postcode: str, *, by: int | None) -> Zone:
    """The round reaches this municipality with this postcode; neither says the other, so both are written.

    Raises Refused for what cannot be, Conflict for a zone that is there already.
    """
    municipality, postcode = addresses.municipality(municipality), addresses.postcode(postcode)
    with transaction() as session:
        place = held(session, Place, place_id, _("Questo posto non c'è."))
        if place.kind != "round":
            raise Refused(_("Solo un giro a domicilio ha delle zone."))
        zone = put_zone(place_id, municipality, postcode)
        journal.record("zone.added", place, by=by, municipality=municipality, postcode=postcode)
    return zone


def remove_zone(zone_id: int, *, by: int | None) -> None:
    """The round does not go there any more. Orders that were placed stand."""
    with transaction() as session:
        zone = held(session, Zone, zone_id, _("Questa zona non c'è."))
        place = session.get_one(Place, zone.place_id)
        journal.record("zone.removed", place, by=by, municipality=zone.municipality, postcode=zone.postcode)
        session.delete(zone)


def put_zone(place_id: int, municipality: str, postcode: str) -> Zone:
    """Part of adding, and the inverse of removing. Raises Conflict when it is there."""
    with transaction() as session:
        zones = session.scalars(select(Zone).where(Zone.place_id == place_id, Zone.postcode == postcode))
        if any(zone.municipality.casefold() == municipality.casefold() for zone in zones):
            raise Conflict(_("Questa zona c'è già."))
        zone = Zone(place_id=place_id, municipality=municipality, postcode=postcode)
        session.add(zone)
        session.flush()
    return zone


def drop_zone(place_id: int, municipality: str, postcode: str) -> None:
    """The inverse of adding. Raises Conflict when it is gone."""
    same = (Zone.place_id == place_id, Zone.municipality == municipality, Zone.postcode == postcode)
    with transaction() as session:
        zone = session.scalar(select(Zone).where(*same))
        if zone is None:
            raise Conflict(_("Questa zona non c'è più."))
        session.delete(zone)


def add_container(name: str, tare_grams: int, *, name_en: str = "", by: int | None) -> Container:
    """A bowl or a crate that stands on the scale with the goods. Raises Refused, Conflict for a name that is taken."""
    container = Container(name=addresses.name(name), name_en=addresses.name_in_english(name_en), tare_grams=tare_grams)
    require_tare(tare_grams)
    with transaction() as session:
        distance.hold_land(session)
        if session.scalar(select(Container.id).where(Container.name == container.name)):
            raise Conflict(_("C'è già un contenitore con questo nome."))
        session.add(container)
        session.flush()
        journal.record("container.added", container, by=by, grams=tare_grams)
    return container


def require_tare(grams: int) -> None:
    if not 1 <= grams <= HEAVIEST_CONTAINER:
        raise Refused(_("Scrivi quanti grammi pesa vuoto, da 1 a %(most)d.", most=HEAVIEST_CONTAINER))


def _point(field: Field) -> dict[str, Any]:
    return {name: getattr(field, name) for name in ("latitude", "longitude", "municipality", "province")}


def _put(field: Field, point: dict[str, Any]) -> None:
    for name, value in point.items():
        setattr(field, name, value)
    distance.measure_from(field)


def _confirmed(session: Session, field_id: int) -> Any:
    of_field = (Distance.field_id == field_id, Distance.confirmed_by_id.is_not(None))
    return session.scalars(select(Distance).where(*of_field).order_by(Distance.place_id))


def _require_fee(cents: int) -> None:
    if not 0 <= cents <= MOST_FEE:
        raise Refused(_("Il prezzo della consegna va da 0 a 50 euro."))
