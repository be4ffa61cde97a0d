"""What changes about fields, places and containers once they are there, and how one finds them.

Orders keep the names, addresses, fees and tares that they were made with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import addresses, distance, places
from catalog.models import Container, Distance, Field, PickUp, PickUpRule, Place, Product, Zone
from core import clock, journal, seen
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused

POINT = ("latitude", "longitude", "municipality", "province")
OF_FIELD = ("name", *POINT)
OF_PLACE = ("name", "name_en", "kind", "address", *POINT)
OF_CONTAINER = ("name", "name_en", "tare_grams")
KINDS = ("stall", "round")


@dataclass(frozen=True)
class Site:
    """A field with how far it is from each place, by name, and how many products name it."""

    field: Field
    distances: Sequence[tuple[Place, Distance]]
    products: int


# --- finding


def fields() -> list[Field]:
    return list(db.session.scalars(select(Field).order_by(Field.name, Field.id)))


def sites() -> list[Site]:
    """Every field by name, in as many statements for two as for two hundred."""
    found: dict[int, list[tuple[Place, Distance]]] = defaultdict(list)
    rows = db.session.execute(select(Place, Distance).join(Distance).order_by(Place.kind.desc(), Place.name, Place.id))
    for place, measured in rows:
        found[measured.field_id].append((place, measured))
    named = Counter[int]()
    for column in (Product.field_id, Product.processed_at_id):
        ids = db.session.scalars(select(column).where(column.is_not(None), Product.practice.is_(False)))
        named.update(field_id for field_id in ids if field_id)
    return [Site(field, found[field.id], named[field.id]) for field in fields()]


def get_field(field_id: int) -> Field:
    """Raises NotFound."""
    return _there(db.session.get(Field, field_id), _("Questo campo non c'è."))


def distances_from(field_id: int) -> list[tuple[Place, Distance]]:
    """From a field to every place, stalls first."""
    query = select(Place, Distance).join(Distance).where(Distance.field_id == field_id)
    return [(place, row) for place, row in db.session.execute(query.order_by(Place.kind.desc(), Place.name, Place.id))]


def distances_to(place_id: int) -> list[tuple[Field, Distance]]:
    """From every field to a place, by name."""
    query = select(Field, Distance).join(Distance).where(Distance.place_id == place_id)
    return [(field, row) for field, row in db.session.execute(query.order_by(Field.name, Field.id))]


def grown_in(field_id: int) -> list[Product]:
    """What grows or is processed there, by name."""
    named = (Product.field_id == field_id) | (Product.processed_at_id == field_id)
    query = select(Product).where(named, Product.practice.is_(False)).order_by(Product.name, Product.id)
    return list(db.session.scalars(query).unique())


def distances_of(product: Product) -> list[tuple[Place, distance.Counted]]:
    """How far it comes to each place, and what the law counts there; two statements."""
    rows = db.session.execute(
        select(Place, Distance)
        .join(Distance)
        .where(Distance.field_id.in_([each for each in (product.field_id, product.processed_at_id) if each]))
        .order_by(Place.kind.desc(), Place.name, Place.id)
    )
    found: dict[Place, dict[int, Distance]] = defaultdict(dict)
    for place, measured in rows:
        found[place][measured.field_id] = measured
    counted = [
        (place, distance.counted(product, place.province, *(by_site.get(site or 0) for site in _sites_of(product))))
        for place, by_site in found.items()
    ]
    return [(place, each) for place, each in counted if each]


def get_place(place_id: int) -> Place:
    """Raises NotFound."""
    return _there(db.session.get(Place, place_id), _("Questo posto non c'è."))


def zones(place_id: int) -> list[Zone]:
    query = select(Zone).where(Zone.place_id == place_id)
    return list(db.session.scalars(query.order_by(Zone.municipality, Zone.postcode, Zone.id)))


def get_zone(place_id: int, zone_id: int) -> Zone:
    """One of this place. Raises NotFound."""
    query = select(Zone).where(Zone.id == zone_id, Zone.place_id == place_id)
    return _there(db.session.scalar(query), _("Questa zona non c'è."))


def how_many_zones() -> dict[int, int]:
    """Place -> how many zones it reaches."""
    rows = db.session.execute(select(Zone.place_id, func.count()).group_by(Zone.place_id))
    return {place_id: how_many for place_id, how_many in rows}  # noqa: C416 - typed rows


def pickups_to_come(place_id: int) -> tuple[int, int]:
    """(pick-ups that take place there, orders in them) from now on."""
    query = select(func.count(), func.coalesce(func.sum(PickUp.taken), 0)).where(
        PickUp.place_id == place_id, PickUp.cancelled_at.is_(None), PickUp.to_at > clock.now()
    )
    pickups, orders = db.session.execute(query.where(PickUp.practice.is_(False))).one()
    return pickups, orders


def containers() -> list[tuple[Container, list[Product]]]:
    """Every container with what is weighed in it, by name; two statements."""
    weighed: dict[int, list[Product]] = defaultdict(list)
    query = select(Product).where(Product.container_id.is_not(None), Product.practice.is_(False))
    for product in db.session.scalars(query.order_by(Product.name)).unique():
        weighed[product.container_id or 0].append(product)
    rows = db.session.scalars(select(Container).order_by(Container.name, Container.id))
    return [(row, weighed[row.id]) for row in rows]


def weighed_in(container_id: int) -> list[Product]:
    """By name."""
    query = select(Product).where(Product.container_id == container_id, Product.practice.is_(False))
    return list(db.session.scalars(query.order_by(Product.name, Product.id)).unique())


def get_container(container_id: int) -> Container:
    """Raises NotFound."""
    return _there(db.session.get(Container, container_id), _("Questa ciotola non c'è."))


# --- fields


def rename_field(field_id: int, name: str, *, seen_as: str | None = None, by: int | None) -> Field:
    """Raises Refused, Conflict for a name that is taken or when somebody was faster, NotFound."""
    name = addresses.name(name)
    with transaction() as session:
        field = places.held(session, Field, field_id, _("Questo campo non c'è."))
        seen.require(field, ("name",), seen_as)
        before = field.name
        _rename(session, Field, field, name, _("C'è già un campo con questo nome."))
        if before != name:
            journal.record("field.renamed", field, by=by, before={"name": before}, after={"name": name})
    return field


def rename_field_back(field_id: int, expected: dict[str, Any], to: dict[str, Any]) -> None:
    """The inverse. Raises Conflict when it was renamed again, or its name is another field's by now."""
    with transaction() as session:
        field = places.held(session, Field, field_id, _("Questo campo non c'è."))
        seen.require_standing(field, expected)
        _rename(session, Field, field, to["name"], _("C'è già un campo con questo nome."))


# --- places


def change_place(place_id: int, facts: Mapping[str, Any], *, seen_as: str | None = None, by: int | None) -> bool:
    """``facts``: every column of `OF_PLACE`. Answers whether anything is different.

    At another point every distance is measured again, and what somebody confirmed is asked again. Raises Refused,
    Conflict for a kind that pick-ups rest on or when somebody was faster, NotFound.
    """
    kept = _place_facts(facts)
    with transaction() as session:
        place = places.held(session, Place, place_id, _("Questo posto non c'è."))
        seen.require(place, OF_PLACE, seen_as)
        before, after = seen.differences(place, kept)
        confirmed = [[row.field_id, row.rule, row.confirmed_by_id] for row in _confirmed(session, place_id)]
        _put_place(session, place, after)
        if after:
            journal.record("place.changed", place, by=by, before=before, after=after, confirmed=confirmed)
    return bool(after)


def change_place_back(
    place_id: int, expected: dict[str, Any], to: dict[str, Any], confirmed: list[tuple[int, str, int]]
) -> None:
    """The inverse, with what was confirmed. Raises Conflict when one of its facts was changed again."""
    with transaction() as session:
        place = places.held(session, Place, place_id, _("Questo posto non c'è."))
        seen.require_standing(place, expected)
        _put_place(session, place, to)
        if set(to) & set(POINT):
            for field_id, rule, person_id in confirmed:
                row = session.get_one(Distance, (field_id, place_id))
                row.rule, row.confirmed_by_id = rule, person_id


# --- containers


def rename_container(
    container_id: int, name: str, name_en: str = "", *, seen_as: str | None = None, by: int | None
) -> Container:
    """Raises Refused, Conflict for a name that is taken or when somebody was faster, NotFound."""
    after = {"name": addresses.name(name), "name_en": addresses.name_in_english(name_en)}
    with transaction() as session:
        container = places.held(session, Container, container_id, _("Questa ciotola non c'è."))
        seen.require(container, OF_CONTAINER, seen_as)
        before, after = seen.differences(container, after)
        _put_container(session, container, after)
        if after:
            journal.record("container.renamed", container, by=by, before=before, after=after)
    return container


def set_tare(container_id: int, grams: int, *, seen_as: str | None = None, by: int | None) -> Container:
    """Somebody put it empty on the scale again. From the next weighing on; each line keeps what was taken off then.

    Raises Refused, Conflict when somebody was faster, NotFound.
    """
    places.require_tare(grams)
    with transaction() as session:
        container = places.held(session, Container, container_id, _("Questa ciotola non c'è."))
        seen.require(container, OF_CONTAINER, seen_as)
        before, container.tare_grams = container.tare_grams, grams
        if before != grams:
            was, now = {"tare_grams": before}, {"tare_grams": grams}
            journal.record("container.tare_set", container, by=by, before=was, after=now)
    return container


def change_container_back(container_id: int, expected: dict[str, Any], to: dict[str, Any]) -> None:
    """The inverse of both. Raises Conflict when it was changed again, or its name is another one's by now."""
    with transaction() as session:
        container = places.held(session, Container, container_id, _("Questa ciotola non c'è."))
        seen.require_standing(container, expected)
        _put_container(session, container, to)


def _sites_of(product: Product) -> tuple[int | None, int | None]:
    return product.field_id, product.processed_at_id


def _there(row: Any, missing: str) -> Any:
    if row is None:
        raise NotFound(missing)
    return row


def _rename(session: Session, kind: Any, row: Any, name: str, taken: str) -> None:
    others = session.scalars(select(kind.name).where(kind.id != row.id))
    if any(other.casefold() == name.casefold() for other in others):
        raise Conflict(taken, field="name")
    row.name = name


def _place_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    if facts["kind"] not in KINDS:
        raise Refused(_("Scegli se è un banco o un giro a domicilio."), field="kind")
    addresses.require_in_italy(facts["latitude"], facts["longitude"])
    return {
        "name": addresses.name(facts["name"]),
        "name_en": addresses.name_in_english(facts["name_en"]),
        "kind": facts["kind"],
        "address": addresses.street(facts["address"]),
        "latitude": facts["latitude"],
        "longitude": facts["longitude"],
        "municipality": addresses.municipality(facts["municipality"]),
        "province": addresses.province(facts["province"]),
    }


def _put_place(session: Session, place: Place, facts: dict[str, Any]) -> None:
    if "kind" in facts:
        _require_unused(session, place.id)
    seen.put(place, facts)
    if set(facts) & set(POINT):
        distance.measure_to(place)


def _require_unused(session: Session, place_id: int) -> None:
    """A stall knows no addresses, a round no zones of its own otherwise: orders and rules rest on the kind."""
    for table in (PickUp, PickUpRule, Zone):
        if session.scalar(select(table.id).where(table.place_id == place_id).limit(1)):
            raise Conflict(
                _("Ci sono già ritiri, regole o zone: se è un'altra cosa, fai un luogo nuovo."), field="kind"
            )


def _put_container(session: Session, container: Container, facts: dict[str, Any]) -> None:
    if "name" in facts:
        _rename(session, Container, container, facts["name"], _("C'è già un contenitore con questo nome."))
    seen.put(container, facts)


def _confirmed(session: Session, place_id: int) -> Sequence[Distance]:
    at_place = (Distance.place_id == place_id, Distance.confirmed_by_id.is_not(None))
    return session.scalars(select(Distance).where(*at_place).order_by(Distance.field_id)).all()
