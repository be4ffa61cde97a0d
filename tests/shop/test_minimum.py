"""The smallest order that a place takes: said early, asked for when ordering and changing, never by the staff."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from catalog import places
from catalog.models import PickUp
from core.errors import Refused
from orders import changing, placing
from orders.models import Source
from tests import factories as make
from tests.shop.citizen import words

pytestmark = pytest.mark.usefixtures("app")


def with_minimum(cents: int = 1500) -> PickUp:
    pickup = make.pickup()
    places.set_minimum(pickup.place_id, cents, by=None)
    return pickup


def test_it_is_said_wherever_one_chooses(client: FlaskClient) -> None:
    with_minimum()
    honey = make.honey()
    for path in ("/", "/ritiro", f"/prodotti/{honey.slug}"):
        assert "Ordine minimo 15,00 €." in words(client.get(path).text)
    client.post("/carrello", data={"prodotto": honey.id, "quantita": 1})
    for path in ("/carrello", "/cassa"):
        assert "Per l'ordine minimo di 15,00 € mancano 6,50 €." in words(client.get(path).text)
    client.post("/carrello", data={"prodotto": honey.id, "quantita": 2})
    for path in ("/carrello", "/cassa"):
        assert "mancano" not in words(client.get(path).text)


def test_a_place_without_one_says_so_where_one_pays(client: FlaskClient) -> None:
    make.pickup()
    client.post("/carrello", data={"prodotto": make.honey().id, "quantita": 1})
    assert "Nessun ordine minimo." in words(client.get("/cassa").text)


@pytest.mark.parametrize(("pieces", "fits"), [(1, False), (2, True)])
def test_an_order_below_it_is_refused_to_the_cent(pieces: int, fits: bool) -> None:
    pickup, honey = with_minimum(1700), make.honey()  # two jars cost 17.00
    if fits:
        assert make.order(make.wish(honey, pieces), at=pickup).goods == 1700
        return
    with pytest.raises(Refused, match="mancano 8,50"):
        make.order(make.wish(honey, pieces), at=pickup)


def test_the_fee_does_not_count_towards_it() -> None:
    place = make.place(kind="round", fee=900)
    places.set_minimum(place.id, 1500, by=None)
    places.add_zone(place.id, "Vigevano", "27029", by=None)
    with pytest.raises(Refused, match="ordine minimo"):
        make.order(make.wish(make.honey()), at=make.pickup(place), address="Via Roma 1, 27029 Vigevano")


def test_the_staff_may_take_a_smaller_one() -> None:
    pickup, honey = with_minimum(), make.honey()
    wish = make.wish(honey)
    order = placing.place([wish], make.citizen(), pickup.id, key="k" * 32, source=Source.PHONE)
    assert order.goods == 850


def test_an_order_cannot_be_changed_below_it_but_one_that_was_small_may_grow() -> None:
    pickup, honey = make.pickup(), make.honey()
    large = make.order(make.wish(honey, 2), at=pickup)
    small = make.order(make.wish(honey, 1), at=pickup)
    places.set_minimum(pickup.place_id, 2000, by=None)
    with pytest.raises(Refused, match="ordine minimo"):
        changing.change(large.id, [make.wish(honey, 1)], version=0, key="a" * 32)
    assert changing.change(small.id, [make.wish(honey, 2)], version=0, key="b" * 32).goods == 1700
    assert changing.change(large.id, [make.wish(honey, 1)], version=0, key="c" * 32, as_staff=True).goods == 850
