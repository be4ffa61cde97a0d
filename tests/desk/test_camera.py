"""The camera of the badge page and of the crate finder: begins with a tap, reads on the device, sends no picture."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect

from core import doors
from core.settings import ROOT
from people import badges
from people.capabilities import Capability
from people.entering import COOKIE
from tests import factories as make
from tests.desk import crates
from tests.desk.fake_camera import ALLOWED, camera_that_sees, film
from tests.desk.test_meter import a_tablet
from tests.test_doors import address as some_address
from tests.test_doors import rules, signed_in

CAMERA_PAGES = {"/banco/cartellino", "/banco/consegna/etichetta"}


def test_the_camera_is_denied_everywhere_but_on_two_pages(app: Flask) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER,))
    secret = make.tablet()[1]
    open_ones, seen = set(), 0
    for rule, method, _door in rules(app):
        answer = signed_in(app, anna, "badge", tablet=secret).open(some_address(rule), method=method)
        policy = dict(part.split("=", 1) for part in answer.headers["Permissions-Policy"].split(", "))
        assert set(policy) == set(doors.FEATURES)
        seen += 1
        if policy["camera"] != "()":
            assert policy["camera"] == "(self)"
            open_ones.add(rule.rule)
        assert policy["geolocation"] == policy["payment"] == policy["usb"] == "()", rule.rule
    assert open_ones == CAMERA_PAGES
    assert seen > 100
    for path in ("/static/js/camera.js", "/nobody/knows/this"):
        with app.test_client().get(path) as answer:
            assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_door_cannot_ask_for_what_no_browser_has() -> None:
    with pytest.raises(ValueError, match="telepathy"):
        doors.door(doors.OPEN, "passo", uses={"telepathy"})


def test_the_reading_script_is_loaded_on_those_two_pages_alone(app: Flask) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER,))
    client = signed_in(app, anna, "badge", tablet=make.tablet()[1])
    crates.ready_today(make.wish(make.honey()))
    for path in ("/banco", "/banco/prepara", "/banco/consegna", "/banco/consegna/trova", *CAMERA_PAGES):
        page = client.get(path).text
        assert ("jsQR.js" in page, "camera.js" in page) == ((path in CAMERA_PAGES),) * 2, path
        assert "<script>" not in page


pytest_browser = pytest.mark.browser


def watch(page: Page) -> list[Request]:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    return sent


@pytest_browser
def test_somebody_comes_in_with_one_tap_and_one_look_at_the_badge(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Criterion 40: nothing is typed; a tap on "Cartellino", and the badge."""
    token = badges.make(make.person("Anna"), by=None)
    seen = film(tmp_path / "badge.y4m", f"https://cascina.example/banco/cartellino/{token}")
    with camera_that_sees(browser, seen, ALLOWED) as other:
        page = a_tablet(other, address)
        page.goto("/banco")
        sent = watch(page)
        page.get_by_role("link", name="Cartellino").click()
        page.get_by_role("heading", name="Scegli il lavoro").wait_for()
        expect(page.get_by_text("Ciao Anna.")).to_be_visible()
    posts = [request for request in sent if request.method == "POST"]
    assert [request.url.removeprefix(address) for request in posts] == ["/banco/cartellino"]
    assert len(posts[0].post_data or "") < 600  # the text of a code: no picture fits in it
    assert all(token not in request.url for request in sent)


@pytest_browser
def test_after_the_tile_the_camera_waits_for_a_tap_and_begins_again_for_no_reload(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER,))
    seen = film(tmp_path / "badge.y4m", badges.make(anna, by=None))
    crates.ready_today(make.wish(make.honey()))
    with camera_that_sees(browser, seen, ALLOWED) as other:
        page = a_tablet(other, address)
        page.add_init_script(COUNT_CAMERAS)
        page.goto("/banco")
        page.get_by_role("button", name="Anna").click()
        page.goto("/banco/consegna")
        assert page.locator("h1").inner_text() == "Mostra il tuo cartellino"
        page.wait_for_timeout(600)
        assert page.evaluate("window.asked") == 0
        page.get_by_role("button", name="Usa la fotocamera").click()
        page.wait_for_url("**/banco/consegna")
        assert page.locator("h1").inner_text() == "Trova la cassetta da dare"


@pytest_browser
def test_a_camera_that_sees_no_badge_is_stopped_by_a_tap_and_says_what_to_do(browser: Browser, address: str) -> None:
    with camera_that_sees(browser, None, ALLOWED) as other:
        page = a_tablet(other, address)
        page.goto("/banco/cartellino?fotocamera=1")
        page.get_by_role("button", name="Ferma la fotocamera").wait_for()
        assert page.url.endswith("/banco/cartellino")  # a reload begins nothing
        expect(page.locator("video")).to_be_visible()
        box = page.locator("[data-azione=principale]:visible").bounding_box()
        page.get_by_role("button", name="Ferma la fotocamera").click()
        assert not page.locator("video").is_visible()
        assert page.locator("video").evaluate("video => video.srcObject") is None
        assert page.locator("[data-azione=principale]:visible").bounding_box() == box
        page.reload()
        page.wait_for_timeout(400)
        assert not page.locator("video").is_visible()


@pytest_browser
@pytest.mark.parametrize(
    ("reason", "says"),
    [("NotAllowedError", "La fotocamera è chiusa. Chiama il tutor."), ("NotFoundError", "Qui non c’è la fotocamera.")],
)
def test_without_a_camera_the_words_are_calm_and_a_reader_goes_on_working(
    browser: Browser, address: str, reason: str, says: str
) -> None:
    token = badges.make(make.person("Anna"), by=None)
    page = a_tablet(browser, address, before=REFUSING % reason)
    page.goto("/banco/cartellino")
    page.get_by_role("button", name="Usa la fotocamera").click()
    page.get_by_text(says).wait_for()
    assert page.locator("[data-azione=principale]:visible").inner_text().strip() == "Casa"
    page.keyboard.type(f"http://127.0.0.1:8000/banco/cartellino/{token}")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Scegli il lavoro").wait_for()
    page.context.close()


@pytest_browser
@pytest.mark.parametrize("script", [True, False], ids=["no camera at all", "no script"])
def test_a_browser_without_any_camera_offers_the_tutor_instead(browser: Browser, address: str, script: bool) -> None:
    make.person("Anna")
    page = a_tablet(browser, address, script=script, before=NONE_AT_ALL if script else "")
    page.goto("/banco")
    page.get_by_role("button", name="Anna").click()
    page.goto("/banco/cartellino")
    assert not page.get_by_role("button", name="Usa la fotocamera").is_visible()
    page.locator("[data-azione=principale]:visible").click()
    expect(page.get_by_text("Ho chiesto al tutor.")).to_be_visible()
    page.context.close()


@pytest_browser
def test_a_reader_works_where_one_says_who_one_is_and_with_another_keyboard(browser: Browser, address: str) -> None:
    """A reader presses American keys; on an Italian PC "-" then writes "'"."""
    anna = make.person("Anna")
    token = next(token for token in iter(lambda: badges.make(anna, by=None), "") if "-" in token and "_" in token)
    page = a_tablet(browser, address)
    for italian in (False, True):
        page.goto("/banco")
        page.evaluate(TYPE, [token, italian])
        page.get_by_role("heading", name="Scegli il lavoro").wait_for()
        page.get_by_role("button", name="Ho finito").click()
    page.keyboard.type("nothing to read")
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Scegli chi sei"
    page.context.close()


@pytest_browser
def test_a_crate_is_found_by_showing_its_label(browser: Browser, address: str, tmp_path: Path) -> None:
    order = crates.ready_today(make.wish(make.honey()))
    anna = make.person("Anna", can=(Capability.HAND_OVER,), support_level=2)
    seen = film(tmp_path / "label.y4m", f"https://cascina.example/banco/casse/{order.id}")
    with camera_that_sees(browser, seen, ALLOWED) as other:
        page = a_tablet(other, address)
        page.goto(f"/banco/cartellino/{badges.make(anna, by=None)}")
        page.locator("[data-azione=principale]").click()
        page.goto("/banco/consegna")
        page.get_by_role("link", name="Il numero").click()
        page.get_by_role("link", name="Usa la fotocamera").click()
        page.wait_for_url(f"**/banco/consegna/{order.id}")
        assert page.locator("h1").inner_text() == "Trova la cassetta 1"


@pytest_browser
def test_the_keys_of_the_finder_write_what_is_sent(browser: Browser, address: str) -> None:
    order = crates.ready_today(make.wish(make.honey()))
    anna = make.person("Anna", can=(Capability.HAND_OVER,), support_level=1)
    for script in (True, False):
        page = a_tablet(browser, address, script=script)
        page.goto(f"/banco/cartellino/{badges.make(anna, by=None)}")
        page.locator("[data-azione=principale]").click()
        page.goto("/banco/consegna/trova")
        for key in "19":
            page.locator(f".key-{key}").click()
        page.locator(".key-erase").click()
        assert page.locator("[data-lettura]").inner_text() == "1"
        page.locator("[data-azione=principale]").click()
        page.wait_for_url(f"**/banco/consegna/{order.id}*")
        page.context.close()


def test_what_reads_codes_is_the_file_that_the_credits_name() -> None:
    vendored = ROOT / "static/js/vendor"
    credit = next(line for line in (ROOT / "CREDITS.md").read_text().splitlines() if "jsQR 1.4.0" in line)
    assert hashlib.sha256((vendored / "jsQR.js").read_bytes()).hexdigest() in credit
    assert "Apache License" in (vendored / "jsQR.LICENSE.txt").read_text()
    assert "jsQR.LICENSE.txt" in credit


def test_the_secret_of_the_device_is_out_of_reach_of_scripts(app: Flask) -> None:
    client = app.test_client()
    client.post("/demo/tablet")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only


COUNT_CAMERAS = """
window.asked = 0;
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (what) => { window.asked += 1; return real(what); };
"""
REFUSING = """
Object.defineProperty(navigator, "mediaDevices", { value: {
  getUserMedia: () => Promise.reject(new DOMException("for the test", "%s")),
} });
"""
NONE_AT_ALL = 'Object.defineProperty(navigator, "mediaDevices", { value: undefined });'
TYPE = """([token, italian]) => {
  const wrong = { "-": "'", "_": "?" };
  for (const sign of token) {
    const code = /[a-z]/i.test(sign) ? `Key${sign.toUpperCase()}` : /\\d/.test(sign) ? `Digit${sign}` : "Minus";
    const shiftKey = /[A-Z_]/.test(sign);
    const key = italian ? wrong[sign] ?? sign : sign;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true }));
  }
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true }));
}"""
