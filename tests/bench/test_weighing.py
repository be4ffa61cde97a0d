"""The first view travels light, as the server itself sends it."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

from catalog import distance
from tests import factories as make
from tests.bench import weighing
from tests.bench.measuring import Cell


def test_sixty_cards_come_in_one_first_flight(client: FlaskClient) -> None:
    pickup, fields = make.pickup(), [make.field(f"Campo del gelso {n}") for n in range(6)]
    for field in fields:
        distance.measure(field, pickup.place)
    for n in range(60):
        make.product(
            f"verdura-{n}", field_id=fields[n % 6].id, kind="by_weight", price=190 + n, step=500, season="10-3"
        )
    client.get("/")
    weight = weighing.weigh(client)
    assert weight.all <= weighing.MOST
    assert weight.with_font <= weighing.MOST_WITH_FONT
    assert weight.scripts == 0


def test_what_is_sent_uncompressed_is_no_weight(client: FlaskClient) -> None:
    with pytest.raises(ValueError, match="not compressed"):
        weighing.weigh(client, "/pagine/privacy")


def test_a_style_sheet_is_the_same_compressed_and_is_not_sent_twice(client: FlaskClient) -> None:
    path = "/static/css/shop.css"
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip"}) as packed:
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in plain.headers["Vary"]
        tag = packed.headers["ETag"]
    with client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    with client.get(path, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"}) as part:
        assert part.data == plain.data[:10] if part.status_code == 206 else gzip.decompress(part.data)


def test_a_bound_is_missed_by_the_median_alone_and_only_past_its_slack() -> None:
    assert Cell("x", 2.0, [2.4, 2.6, 9.0]).is_missed
    assert not Cell("x", 2.0, [1.0, 2.5, 9.0]).is_missed
    assert not Cell("x", None, [99.0]).is_missed
