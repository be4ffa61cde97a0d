"""A scale that is read: on a cable (Web Serial), as a keyboard, and the one that the demo plays."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

from core import journal
from core.errors import NotFound, Refused
from orders.models import Order
from people import devices
from people.devices import Scale
from people.entering import COOKIE
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.scale import at_scale, is_heard, lies_on_it, says, type_at
from tests.desk.walking import Desk
from tests.house import ROOT

browser_only = pytest.mark.browser

LINES = [
    # A&D, CAS, Dini Argeo: status, gross or net, weight
    ("ST,GS,+  0.480kg", (480, True, False)),
    ("US,GS,+  0.475kg", (475, False, False)),
    ("ST,+00012.34  g", (12, True, False)),
    ("ST,NT,+  0.260kg", (260, True, True)),
    ("ST,GS,-  0.010kg", (-10, True, False)),
    ("ST,GS,1, 1.234kg", (1234, True, False)),
    ("ST,GS,     0.480,kg", (480, True, False)),
    ("1ST,GS,     0.480,kg", (480, True, False)),
    ("WT,+0480.00  g", (480, True, False)),
    ("S  480.00g", (480, True, False)),
    ("U  475.00g", (475, False, False)),
    ("S -10.00g", (-10, True, False)),
    ("OL,GS,+ 99.999kg", (None, None, False)),
    ("ST,TR,+  0.220kg", None),
    ("QT,+00012 PC", None),
    # Mettler Toledo (MT-SICS), Kern, Ohaus
    ("S S      480.0 g", (480, True, False)),
    ("S D      475.4 g", (475, False, False)),
    ("S S     0.4805 kg", (481, True, False)),
    ("S +", (None, None, False)),
    ("S -", (None, None, False)),
    ("S I", (None, None, False)),
    ("      480.0 g     ", (480, None, False)),
    ("      475.0 g ?", (475, False, False)),
    ("N     260 g", (260, None, True)),
    ("      480.0 g NET", (480, None, True)),
    # bare numbers
    ("  480 g", (480, None, False)),
    ("0.480 kg", (480, None, False)),
    ("0,480 kg", (480, None, False)),
    ("+0.480", (480, None, False)),
    ("480", (480, None, False)),
    ("480.0", (480, None, False)),
    ("12.345", (12345, None, False)),
    ("\x02  0.480kg\x03", (480, None, False)),
    ("-0.020 kg", (-20, None, False)),
    ("250 kg", (None, None, False)),
    ("1.2 lb", (None, None, False)),
    # no weight
    ("", None),
    ("--------", None),
    ("ES", None),
    ("SCALE V1.02", None),
    ("http://127.0.0.1:8000/banco/cartellino/3f7Qx0", None),
]


def at_carrots(browser: Browser, address: str, *, level: int = 1, scale: Scale = Scale.SERIAL) -> tuple[Page, Order]:
    """Anna at a tablet with a scale, before a crate whose carrots come next."""
    anna = make.person("Anna", support_level=level)
    order = crates.mixed()
    crates.take_first(order.id, anna)
    page = at_scale(browser, address, anna, scale)
    page.goto(f"/banco/casse/{order.id}")
    return page, order


def connect(page: Page) -> None:
    page.get_by_role("button", name="Collega la bilancia").click()


def field(page: Page) -> str:
    return page.locator(".principal input[name=grams]").input_value()


def shown(page: Page) -> str:
    return page.locator("[data-lettura]").inner_text()


@browser_only
def test_every_known_line_of_a_scale_is_read(browser: Browser) -> None:
    page = browser.new_page()
    page.evaluate((ROOT / "static/js/scale.js").read_text())
    wrong = []
    for line, expected in LINES:
        said = page.evaluate("line => window.bilancia.read(line)", line)
        found = said and (said["grams"], said["stable"], said["net"])
        if found != expected and not (said and expected and expected[0] is None and said["grams"] is None):
            wrong.append((line, found))
    page.close()
    assert wrong == []


@browser_only
def test_a_tap_connects_the_scale_and_only_a_weight_that_stands_is_taken_over(browser: Browser, address: str) -> None:
    page, order = at_carrots(browser, address)
    connect(page)
    expect(page.get_by_role("button", name="Collega la bilancia")).to_be_hidden()
    expect(page.get_by_role("link", name="Come si fa?")).to_be_visible()
    assert page.evaluate("window.opened") == {"baudRate": 9600}
    says(page, "US,GS,+  0.455kg")
    expect(page.locator(".say-scale")).to_have_text("Aspetta")
    assert (shown(page), field(page)) == ("0", "")
    says(page, "ST,GS,+  0.480kg")
    expect(page.locator("[data-lettura]")).to_have_text("480")
    expect(page.locator(".reading .say")).to_have_text("Va bene")
    expect(page.locator(".ruler-weigh .ruler-fill")).to_have_count(1)
    says(page, "ST,GS,+  0.483kg", "US,GS,+  0.477kg", "ST,GS,+  0.484kg")
    assert (shown(page), page.locator(".say-scale").count()) == ("480", 0)
    says(page, "ST,GS,+  0.485kg")
    expect(page.locator("[data-lettura]")).to_have_text("485")
    assert crates.line(order.id, "carote").weighed_grams is None  # nothing is written by itself
    page.locator("[data-azione=principale]").click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 485


@browser_only
def test_a_scale_that_was_chosen_once_is_found_again_without_asking(browser: Browser, address: str) -> None:
    page, _order = at_carrots(browser, address)
    connect(page)
    page.reload()
    is_heard(page)
    lies_on_it(page, 480)
    expect(page.locator("[data-lettura]")).to_have_text("480")
    assert page.evaluate("window.asked") is None
    page.evaluate("window.unplug()")
    expect(page.get_by_role("button", name="Collega la bilancia")).to_be_visible()
    assert shown(page) == "480"
    page.get_by_role("button", name="5", exact=True).click()  # the keys go on working
    assert field(page) == "4805"
    page.context.close()


@browser_only
def test_whoever_chooses_no_scale_writes_with_the_keys(browser: Browser, address: str) -> None:
    page, _order = at_carrots(browser, address)
    page.evaluate("window.nobodyChooses = true")
    connect(page)
    for digit in "480":
        page.locator(f".key-{digit}").click()
    assert field(page) == "480"
    page.context.close()


@browser_only
def test_goods_that_are_lifted_into_the_crate_keep_their_number_and_goods_taken_away_do_not(
    browser: Browser, address: str
) -> None:
    page, _order = at_carrots(browser, address)
    connect(page)
    for grams, number in (
        (620, "620"),
        (490, "490"),
        (0, "490"),
        (480, "480"),
        (300, "300"),
        (0, "0"),
        (300, "300"),
        (0, "300"),
    ):
        lies_on_it(page, grams)
        expect(page.locator("[data-lettura]")).to_have_text(number)
    page.context.close()


@browser_only
def test_the_goods_of_the_line_before_are_never_the_weight_of_the_next(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=1)
    squash = make.product("zucca", name="Zucca delica", kind="by_weight", price=240, left=9000)
    order = make.closed(make.order(make.wish(make.carrots(), 500), make.wish(squash, 500)))
    page = at_scale(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}")
    connect(page)
    lies_on_it(page, 500)
    expect(page.locator("[data-lettura]")).to_have_text("500")
    page.locator("[data-azione=principale]").click()
    expect(page.locator("h1")).to_contain_text("zucca")
    is_heard(page)
    says(page, "ST,GS,+  0.500kg", "ST,GS,+  0.501kg")
    expect(page.locator(".say-scale")).to_have_text("Svuota la bilancia")
    assert shown(page) == "0"
    lies_on_it(page, 0)
    expect(page.locator(".say-scale")).to_have_count(0)
    lies_on_it(page, 500)
    expect(page.locator("[data-lettura]")).to_have_text("500")
    page.context.close()


@browser_only
def test_a_scale_that_never_says_whether_it_stands_is_believed_after_three_like_lines(
    browser: Browser, address: str
) -> None:
    page, _order = at_carrots(browser, address)
    connect(page)
    says(page, "  312 g", "  455 g", "  480 g", "  481 g")
    assert shown(page) == "0"
    says(page, "  480 g")
    expect(page.locator("[data-lettura]")).to_have_text("480")
    says(page, "  350 g")  # one line on a key of the scale, then nothing
    expect(page.locator("[data-lettura]")).to_have_text("350", timeout=3000)
    page.evaluate("window.send('ST,GS,+  0.2')")  # a line in pieces, with a byte of noise
    page.evaluate("window.send('00k\\u00ffg\\r')")
    expect(page.locator("[data-lettura]")).to_have_text("200")
    says(page, "OL,GS,+ 99.999kg")
    expect(page.locator(".say-scale")).to_have_text("Guarda la bilancia")
    assert shown(page) == "200"
    page.context.close()


@browser_only
def test_what_the_scale_says_is_still_there_when_the_page_of_the_number_before_comes_late(
    browser: Browser, address: str
) -> None:
    page, _order = at_carrots(browser, address)
    connect(page)
    late: list[Route] = []
    page.route("**/*cifre=200*", lambda route: late.append(route))
    says(page, "ST,GS,+  0.200kg", "OL,GS,+ 99.999kg")
    expect(page.locator(".say-scale")).to_have_text("Guarda la bilancia")
    assert page.locator(".ruler-fill").count() == 0
    late.pop().continue_()
    page.locator(".ruler-fill").wait_for(state="attached")
    expect(page.locator(".say-scale")).to_have_text("Guarda la bilancia")
    page.context.close()


@browser_only
def test_the_bowl_is_shown_with_its_weight_and_is_no_goods(browser: Browser, address: str) -> None:
    page, order = at_carrots(browser, address)
    crates.bowl(crates.line(order.id, "carote").product, tare=220)
    page.reload()
    connect(page)
    assert page.locator(".bowl .scale").get_attribute("aria-label") == "720 grammi"
    says(page, "ST,GS,+  0.220kg", "ST,GS,+  0.720kg")
    expect(page.locator("[data-lettura]")).to_have_text("720")
    expect(page.locator(".reading .say")).to_have_text("Va bene")
    says(page, "ST,GS,+  0.000kg")  # bowl and all, to the crate
    assert shown(page) == "720"
    says(page, "ST,GS,+  0.220kg", "ST,NT,+  0.480kg")  # somebody has pressed the tare key of the scale
    expect(page.locator("[data-lettura]")).to_have_text("700")
    page.locator("[data-azione=principale]").click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 480


@browser_only
def test_a_number_that_was_written_before_stays_until_the_scale_says_something_else(
    browser: Browser, address: str
) -> None:
    page, order = at_carrots(browser, address, level=2)
    line = crates.line(order.id, "carote")
    assert page.locator("[data-collega]").count() == 0  # nothing is written on the first of two steps
    page.goto(f"/banco/casse/{order.id}?riga={line.id}&cifre=480")
    assert page.locator("h1").inner_text() == "Guarda il peso"
    connect(page)
    expect(page.get_by_text("Il peso arriva dalla bilancia.")).to_be_visible()
    says(page, "ST,GS,+  0.300kg", "ST,GS,+  0.302kg")
    assert shown(page) == "480"
    says(page, "ST,GS,+  0.460kg")
    expect(page.locator("[data-lettura]")).to_have_text("460")
    page.context.close()


@browser_only
def test_in_the_list_the_scale_writes_into_the_field_that_somebody_is_in(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=0)
    squash = make.product("zucca", name="Zucca delica", kind="by_weight", price=240, left=9000)
    order = make.closed(make.order(make.wish(make.carrots(), 500), make.wish(squash, 700)))
    page = at_scale(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}")
    connect(page)
    fields = page.locator(".list-do > .list-form .list-grams")
    fields.first.focus()
    lies_on_it(page, 480)
    expect(fields.first).to_have_value("480")
    fields.nth(1).focus()
    says(page, "ST,GS,+  0.480kg")
    expect(fields.nth(1)).to_have_value("")  # going through the fields fills none
    fields.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".settled")).to_have_count(1)
    is_heard(page)
    says(page, "ST,GS,+  0.480kg")
    expect(page.locator("[data-dice]")).to_have_text("Svuota la bilancia")
    lies_on_it(page, 0)
    lies_on_it(page, 710)
    expect(fields.first).to_have_value("710")
    page.keyboard.press("Enter")
    expect(page.locator(".settled")).to_have_count(2)
    page.context.close()
    assert [line.weighed_grams for line in crates.again(order.id).lines] == [480, 710]


@browser_only
def test_a_scale_that_writes_as_a_keyboard_fills_the_number_and_fatto_is_another_enter(
    browser: Browser, address: str
) -> None:
    page, order = at_carrots(browser, address, level=2, scale=Scale.KEYBOARD)
    line = crates.line(order.id, "carote")
    page.goto(f"/banco/casse/{order.id}?riga={line.id}")
    page.get_by_text("Premi il tasto sulla bilancia.").wait_for()
    page.locator(".key-3").click()  # the focus is on a key: the scale's Enter must not press it
    type_at(page, 5, "0.480⏎⏎")
    assert (shown(page), field(page)) == ("480", "480")
    type_at(page, 5, "520 g⏎")
    expect(page.locator("[data-lettura]")).to_have_text("520")
    assert crates.line(order.id, "carote").weighed_grams is None
    page.wait_for_load_state("networkidle")
    type_at(page, 400, "⏎")
    expect(page.locator("h1")).to_contain_text("Controlla")
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 520


@browser_only
def test_in_the_list_too_kilos_and_grams_are_told_apart_and_an_odd_weight_is_asked_about(
    browser: Browser, address: str
) -> None:
    anna = make.person("Anna", support_level=0)
    order = make.closed(make.order(make.wish(make.carrots(), 500)))
    page = at_scale(browser, address, anna, Scale.KEYBOARD)
    page.goto(f"/banco/casse/{order.id}")
    carrots = page.locator(".list-do > .list-form .list-grams")
    expect(carrots).to_be_focused()
    type_at(page, 5, "0.480⏎")
    expect(carrots).to_have_value("480")
    type_at(page, 5, "5.000⏎")
    expect(carrots).to_have_value("5000")
    type_at(page, 400, "⏎")
    expect(page.locator(".list-said")).to_contain_text("5 chili?")
    expect(carrots).to_be_focused()
    carrots.fill("")
    type_at(page, 400, "480⏎")  # by hand: one Enter
    expect(page.locator(".settled")).to_have_count(1)
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 480


def test_only_a_page_that_weighs_on_a_device_with_a_cable_may_use_serial(app: Flask, enter: EnterAs) -> None:
    desk = enter(make.person("Anna", support_level=1))
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    path, device = f"/banco/casse/{order.id}", devices.in_use()[0]
    for scale, allowed in ((Scale.NONE, False), (Scale.KEYBOARD, False), (Scale.SERIAL, True)):
        devices.set_scale(device.id, scale, by=None)
        assert _serial_of(desk, path) is allowed, scale
        assert ("scale.js" in desk.go(path).html) is (scale != Scale.NONE)
    for other in ("/banco", "/banco/prepara", "/", f"{path}/righe/{crates.line(order.id, 'carote').id}/manca"):
        assert not _serial_of(desk, other), other
    assert "camera=()" in desk.client.get(path).headers["Permissions-Policy"]


def _serial_of(desk: Desk, path: str) -> bool:
    policy = desk.client.get(path).headers["Permissions-Policy"]
    assert "serial=(self)" in policy or "serial=()" in policy
    return "serial=(self)" in policy


def test_a_tutor_sets_the_scale_of_a_device(app: Flask, rita: Desk) -> None:
    device, _secret = make.tablet("Tablet verde")
    page = rita.go("/tutor/squadra")
    assert "Bilancia: nessuna" in page.text
    page.fill("Salva la bilancia", **{f"scale-{device.id}": Scale.KEYBOARD})
    assert "Bilancia: come tastiera" in page.text
    rita.go(f"/tutor/squadra/dispositivi/{device.id}/bilancia", method="post", sends={f"scale-{device.id}": "kitchen"})
    assert devices.in_use()[0].scale == Scale.KEYBOARD
    entries = [entry for entry in journal.entries(device) if entry.action == "device.scale_set"]
    assert [entry.data for entry in entries] == [{"before": "", "after": "keyboard"}]


def test_the_scale_of_a_device_that_is_gone_cannot_be_set(app: Flask) -> None:
    device, _secret = make.tablet()
    rita = make.tutor("Rita")
    with pytest.raises(Refused):
        devices.set_scale(device.id, "kitchen", by=rita)
    devices.void(device.id, by=rita)
    for number in (device.id, 99):
        with pytest.raises(NotFound):
            devices.set_scale(number, Scale.SERIAL, by=rita)


def test_somebody_without_the_door_sets_no_scale(app: Flask, enter: EnterAs) -> None:
    desk = enter(make.person("Anna"))
    device = devices.in_use()[0]
    desk.go(f"/tutor/squadra/dispositivi/{device.id}/bilancia", method="post", sends={f"scale-{device.id}": "serial"})
    assert devices.in_use()[0].scale == Scale.NONE


@browser_only
def test_the_scale_of_the_demo_is_heard_in_another_window_of_the_same_browser(browser: Browser, address: str) -> None:
    page, order = at_carrots(browser, address)
    played = page.context.new_page()
    played.goto("/demo/bilancia")
    page.goto(f"/banco/casse/{order.id}")
    played.get_by_role("button", name="Metti 500 grammi").click()
    expect(page.locator("[data-lettura]")).to_have_text("500")
    expect(page.get_by_role("button", name="Collega la bilancia")).to_be_hidden()
    played.get_by_role("button", name="Togli 20 grammi").click()
    expect(page.locator("[data-lettura]")).to_have_text("480")
    page.locator("[data-azione=principale]").click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 480


def test_the_scale_of_the_demo_can_be_put_beside_this_browser(client: FlaskClient) -> None:
    answer = client.post("/demo/bilancia")
    cookie = client.get_cookie(COOKIE)
    assert answer.headers["Location"] == "/demo/bilancia"
    assert cookie is not None
    device = devices.find_by_secret(cookie.value)
    assert device is not None
    assert device.scale == Scale.SERIAL
    assert "ascolta una bilancia" in client.get("/demo/bilancia").text


def test_the_lines_are_written_down_for_whoever_buys_a_scale() -> None:
    told = (ROOT / "docs/operations.md").read_text()
    assert json.dumps([name for name in ("MT-SICS", "ST,GS", "9600", "https") if name not in told]) == "[]"
