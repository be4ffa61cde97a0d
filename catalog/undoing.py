"""The inverses of what this room does (ruling 8)."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from catalog import calendar, distance, land, pickups, pictures, places, products, rates, standing, stock
from core.journal import Entry
from core.undo import Inverse


def _unoffer(entry: Entry, by: int | None) -> None:
    stock.take_back_offer(entry.subject_id, entry.data["quantity"], by=by)


def _uncount(entry: Entry, by: int | None) -> None:
    stock.take_back_count(entry.subject_id, entry.data["difference"], by=by)


def _unprice(entry: Entry, _by: int | None) -> None:
    products.restore_price(entry.subject_id, entry.data["after"], entry.data["before"])


def _undescribe(entry: Entry, _by: int | None) -> None:
    products.describe_back(entry.subject_id, entry.data["after"], entry.data["before"])


def _unsale(entry: Entry, _by: int | None) -> None:
    products.restore_on_sale(entry.subject_id, entry.data["after"], entry.data["before"])


def _unpicture(entry: Entry, _by: int | None) -> None:
    pictures.restore(entry.subject_id, entry.data["after"], entry.data["before"])


def _unresize(entry: Entry, _by: int | None) -> None:
    pickups.restore_capacity(entry.subject_id, entry.data["after"], entry.data["before"])


def _unend(entry: Entry, _by: int | None) -> None:
    before, after = entry.data["before"], date.fromisoformat(entry.data["after"])
    calendar.resume_rule(entry.subject_id, expected=after, to_day=date.fromisoformat(before) if before else None)


def _unclose(entry: Entry, _by: int | None) -> None:
    calendar.reopen_week(entry.subject_id, entry.data["pickups"])


def _unconfirm(entry: Entry, _by: int | None) -> None:
    data = entry.data
    distance.restore(
        entry.subject_id, data["place"], metres=data["metres"], expected=data["after"], before=data["before"]
    )


def _unmove(entry: Entry, _by: int | None) -> None:
    places.move_field_back(entry.subject_id, entry.data["after"], entry.data["before"], entry.data["confirmed"])


def _unrename_field(entry: Entry, _by: int | None) -> None:
    land.rename_field_back(entry.subject_id, entry.data["after"], entry.data["before"])


def _unchange_place(entry: Entry, _by: int | None) -> None:
    land.change_place_back(entry.subject_id, entry.data["after"], entry.data["before"], entry.data["confirmed"])


def _unchange_container(entry: Entry, _by: int | None) -> None:
    land.change_container_back(entry.subject_id, entry.data["after"], entry.data["before"])


def _unminimum(entry: Entry, _by: int | None) -> None:
    places.restore_minimum(entry.subject_id, entry.data["after"], entry.data["before"])


def _unfee(entry: Entry, _by: int | None) -> None:
    places.restore_fee(entry.subject_id, entry.data["after"], entry.data["before"])


def _unzone(entry: Entry, _by: int | None) -> None:
    places.drop_zone(entry.subject_id, entry.data["municipality"], entry.data["postcode"])


def _rezone(entry: Entry, _by: int | None) -> None:
    places.put_zone(entry.subject_id, entry.data["municipality"], entry.data["postcode"])


def _unrate(entry: Entry, _by: int | None) -> None:
    data = entry.data
    rates.set_rate_back(entry.subject_id, date.fromisoformat(data["day"]), data["after"], data["before"])


def _unrename_vat(entry: Entry, _by: int | None) -> None:
    rates.rename_back(entry.subject_id, entry.data["after"]["name"], entry.data["before"]["name"])


INVERSES = {
    "stock.offered": Inverse(_unoffer, lambda entry: _("il raccolto atteso")),
    "stock.counted": Inverse(_uncount, lambda entry: _("il conto")),
    "product.priced": Inverse(_unprice, lambda entry: _("il nuovo prezzo")),
    "product.described": Inverse(_undescribe, lambda entry: _("le nuove parole"), products.hold_names),
    "product.sale_set": Inverse(
        _unsale,
        lambda entry: _("messo in vetrina") if entry.data["after"] else _("tolto dalla vetrina"),
        products.hold_names,
    ),
    "product.picture_set": Inverse(
        _unpicture,
        lambda entry: _("la nuova fotografia") if entry.data["after"] else _("la fotografia tolta"),
        products.hold_names,
    ),
    "pickup.capacity_set": Inverse(_unresize, lambda entry: _("il numero dei posti")),
    "pickup_rule.added": Inverse(
        lambda entry, by: calendar.drop_rule(entry.subject_id), lambda entry: _("la regola"), standing.hold
    ),
    "pickup_rule.ended": Inverse(_unend, lambda entry: _("la fine della regola"), standing.hold),
    "week.closed": Inverse(_unclose, lambda entry: _("la settimana chiusa"), standing.hold),
    "distance.confirmed": Inverse(_unconfirm, lambda entry: _("la distanza confermata"), distance.hold_land),
    "field.moved": Inverse(_unmove, lambda entry: _("il nuovo punto del campo"), distance.hold_land),
    "field.renamed": Inverse(_unrename_field, lambda entry: _("il nuovo nome del campo"), distance.hold_land),
    "place.changed": Inverse(_unchange_place, lambda entry: _("i nuovi dati del luogo"), distance.hold_land),
    "place.minimum_set": Inverse(_unminimum, lambda entry: _("l'ordine minimo"), distance.hold_land),
    "place.fee_set": Inverse(_unfee, lambda entry: _("il prezzo della consegna"), distance.hold_land),
    "zone.added": Inverse(_unzone, lambda entry: _("la nuova zona"), distance.hold_land),
    "zone.removed": Inverse(_rezone, lambda entry: _("la zona tolta"), distance.hold_land),
    "container.renamed": Inverse(_unchange_container, lambda entry: _("il nuovo nome"), distance.hold_land),
    "vat.rate_set": Inverse(_unrate, lambda entry: _("la nuova aliquota"), products.hold_names),
    "vat.renamed": Inverse(_unrename_vat, lambda entry: _("il nuovo nome"), products.hold_names),
    "container.tare_set": Inverse(_unchange_container, lambda entry: _("il nuovo peso da vuota"), distance.hold_land),
}

WITHOUT = {
    "product.created": "A product that nobody wants is taken off sale; orders may name it already.",
    "pickup.scheduled": "A pick-up is cancelled as a deed of its own, with letters to those who ordered.",
    "pickup.planned": "A rule wants it: the rule is ended, or the pick-up called off, as a deed of its own.",
    "week.opened": "The week is closed again as a deed of its own, once its pick-ups are empty.",
    "field.added": "A field that grows nothing is shown to nobody; one at a wrong point is moved.",
    "place.added": "A place without pick-ups is shown to nobody; pick-ups may name it already.",
    "vat.added": "One that no product names touches nobody; products may name it already.",
    "container.added": "One that nobody weighs in is shown to nobody; weights may name it already.",
}
