"""The calendar of the seasons."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests import factories as make
from tests.shop.citizen import statements, words

pytestmark = pytest.mark.usefixtures("on_the_first_of_december")


def test_each_month_says_what_there_is_from_this_one_on(client: FlaskClient) -> None:
    make.chard(season="10-1")
    make.product("zucchine", name="Zucchine", season="6-9", left=0)
    page = client.get("/stagioni").text
    headings = re.findall(r'<h2 id="mese-(\d+)"', page)
    assert headings == ["12", "1", "6", "7", "8", "9", "10", "11"]
    assert "Dicembre, adesso Bietole Gennaio Bietole Giugno Zucchine" in words(page)


def test_the_table_says_this_month_and_each_mark_in_words(client: FlaskClient) -> None:
    make.chard(season="10-1")
    page = client.get("/stagioni").text
    table = page[page.index("<table") : page.index("</table>")]
    assert table.count('aria-current="date"') == 1
    assert "dicembre adesso" in words(table)
    assert words(table).count("c'è") == 4
    assert 'href="/prodotti/bietole"' in table


def test_what_has_no_season_is_there_all_year_and_what_is_not_on_sale_is_not_there(client: FlaskClient) -> None:
    make.honey()
    make.chard(season="10-1", on_sale=False)
    page = words(client.get("/stagioni").text)
    assert "Tutto l'anno Miele di acacia" in page
    assert "Bietole" not in page


def test_the_calendar_takes_few_statements_however_many_the_goods(client: FlaskClient) -> None:
    for n in range(12):
        make.product(f"verdura-{n}", season="3-5")
    with statements() as seen:
        assert client.get("/stagioni").status_code == 200
    assert len(seen) <= 4, seen
