"""The judges see every page of the shop and what every form of it answers to nonsense. No browser is needed to know."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from werkzeug.routing import Rule

from core import doors
from core.doors import OPEN, door
from tests.judges import pages, storefront

NAMES = {
    *[name for name, _way, _who in [*pages.PAGES, *storefront.STATES]],
    *[name for name, _way in [*storefront.EMPTY, *storefront.NO_PICKUP]],
    *[sent.name for sent in storefront.SENT],
}


def routes(app: Flask, method: str) -> set[str]:
    """The shop's own routes that show a page, or take a form."""
    return {
        rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and _is_page(app, rule)
    }


def _is_page(app: Flask, rule: Rule) -> bool:
    declared = doors.of(app.view_functions[rule.endpoint])
    return rule.endpoint.startswith("shop.") and declared is not None and declared.screen == "shop"


def test_the_judges_see_every_page_of_the_shop(whole_app: Flask) -> None:
    assert routes(whole_app, "GET") == set(storefront.SHOWN)
    assert {name for names in storefront.SHOWN.values() for name in names} <= NAMES


def test_the_judges_see_what_every_form_of_the_shop_answers_to_nonsense(whole_app: Flask) -> None:
    refused = {sent.form for sent in storefront.SENT if sent.status >= 400}
    forms = routes(whole_app, "POST")
    assert forms - refused - set(storefront.NEVER_REFUSED) == set()
    assert set(storefront.NEVER_REFUSED) <= forms - refused
    assert all(len(reason) > 20 for reason in storefront.NEVER_REFUSED.values())
    assert refused <= set(whole_app.view_functions)


def test_a_page_and_a_form_that_nobody_has_listed_are_found() -> None:
    app = Flask("another")
    app.add_url_rule("/nuova", "shop.new", door(OPEN, "shop")(lambda: ""), methods=["GET", "POST"])
    app.add_url_rule("/file", "shop.file", door(OPEN, "machine")(lambda: ""))
    app.add_url_rule("/banco/nuova", "desk.new", door(OPEN, "scelta")(lambda: ""))
    assert routes(app, "GET") == routes(app, "POST") == {"shop.new"}


def test_where_a_name_says_its_address_that_is_the_route_that_it_shows(whole_app: Flask) -> None:
    """The others are known only in the browser: there the judges compare them."""
    ways = {name: way for name, way, _who in [*pages.PAGES, *storefront.STATES] if isinstance(way, str)}
    ways |= {name: way for name, way in [*storefront.EMPTY, *storefront.NO_PICKUP] if isinstance(way, str)}
    known, wrong = whole_app.url_map.bind(""), {}
    for endpoint, names in storefront.SHOWN.items():
        for name in names:
            if name in ways and known.match(ways[name].partition("?")[0])[0] != endpoint:
                wrong[name] = endpoint
    assert wrong == {}


def test_each_name_is_there_once() -> None:
    every = [name for name, _way, _who in [*pages.PAGES, *storefront.STATES]] + [s.name for s in storefront.SENT]
    every += [name for name, _way in [*storefront.EMPTY, *storefront.NO_PICKUP]]
    assert [name for name, times in Counter(every).items() if times > 1] == []


def test_everybody_whom_the_pages_name_can_come_in() -> None:
    known = {*pages.ENTRANCES, *storefront.ENTRANCES}
    assert {who for _name, _way, who in [*pages.PAGES, *storefront.STATES]} <= known
    assert {sent.who for sent in storefront.SENT} <= known
