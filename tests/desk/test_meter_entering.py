"""The screens of coming in and of finding a crate, measured like all the others, at both guides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from core import clock
from people import asking, badges, devices, pauses, staff
from people.capabilities import Capability
from people.entering import COOKIE
from people.models import Device
from tests import factories as make
from tests.desk import crates
from tests.desk.fake_camera import ALLOWED, camera_that_sees
from tests.desk.test_meter import STEPS, Walk, finished, it_is_morning

pytestmark = pytest.mark.browser


def at_a_tablet(browser: Browser, address: str) -> tuple[Walk, Device]:
    device, secret = make.tablet("Tablet 1")
    context = browser.new_context(locale="it-IT", base_url=address)
    context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
    return Walk(context.new_page()), device


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_coming_in_without_a_badge_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    anna = make.person("Mariangela", support_level=level, can=(Capability.HAND_OVER, Capability.TAKE_CASH))
    for name in ("Bruno", "Carla", "Dario", "Elena"):
        make.person(name)
    order = crates.ready_today(make.wish(make.honey()))
    rita = make.tutor("Rita")
    walk, device = at_a_tablet(browser, address)
    walk.see("who", "/banco")
    walk.tap(".tile:has-text('Mariangela')", "today")
    walk.see("badge", f"/banco/consegna/{order.id}")
    with walk.page.expect_navigation():
        walk.page.evaluate(WRONG)
    walk.see("unknown badge")
    assert walk.headings.pop("unknown badge") == walk.headings["badge"]
    for _try in range(5):
        pauses.note(anna, device)
    with walk.page.expect_navigation():
        walk.page.evaluate(WRONG)
    walk.see("pause")
    walk.go_on("asked")
    walk.go_on("still waiting")
    assert walk.headings.pop("still waiting") == walk.headings["asked"]
    asking.answer(asking.waiting()[0].id, yes=False, by=rita)
    walk.go_on("not now")
    walk.tap(".beside button", "asked")
    asking.answer(asking.waiting()[0].id, yes=True, by=rita)
    walk.page.locator("[data-azione=principale]").click()
    walk.page.wait_for_url(f"**/banco/consegna/{order.id}*")
    walk.see("gone out", "/banco")
    assert walk.headings.pop("gone out") == walk.headings["today"]
    walk.tap(".tile:has-text('Ho finito')", "goodbye")
    assert walk.headings.pop("goodbye") == walk.headings["who"]
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_who_is_asked_over_the_task_and_what_waits_keep_the_criteria(
    browser: Browser, address: str, level: int
) -> None:
    it_is_morning()
    anna = make.person("Mariangela", support_level=level)
    people = [make.person(name) for name in ("Bruno", "Carla", "Dario", "Elena", "Fabio")]
    staff.plan_shift(clock.today(), [anna, *people], by=make.tutor())
    order = crates.mixed()
    crates.take_first(order.id, anna)
    line = crates.line(order.id, "carote")
    walk, device = at_a_tablet(browser, address)
    walk.page.goto(f"/banco/cartellino/{badges.make(anna, by=None)}")
    walk.page.locator("[data-azione=principale]").click()
    walk.page.goto(f"/banco/casse/{order.id}?riga={line.id}&cifre=480")
    clock.move(timedelta(minutes=16))
    walk.page.locator("[data-azione=principale]").click()
    walk.page.get_by_text("Sono ancora Mariangela").wait_for()
    walk.see("who")
    walk.tap(".tile:has-text('Sono ancora')", "waits")
    expect(walk.page.get_by_text("Hai scritto: 480 grammi.")).to_be_visible()
    walk.go_on("sent")
    assert crates.line(order.id, "carote").weighed_grams == 480
    asking.ask(anna, device)
    clock.move(timedelta(minutes=16))
    walk.page.goto("/banco/chiedi")
    walk.tap(".tile:has-text('Sono ancora')", "not answered")
    devices.void(device.id, by=make.tutor("Rita"))
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_finding_a_crate_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    anna = make.person("Mariangela", support_level=level, can=(Capability.HAND_OVER, Capability.TAKE_CASH))
    with clock.at(clock.now() - timedelta(days=3)):
        for name in ("Piazza Ducale", "Mercato coperto di Vigevano"):
            at = make.pickup(make.place(name=name), days=3)
            for order in [make.order(make.wish(make.product()), at=at) for _number in range(3)]:
                make.prepared(order)
    with camera_that_sees(browser, None, ALLOWED) as other:
        walk, _device = at_a_tablet(other, address)
        walk.page.goto(f"/banco/cartellino/{badges.make(anna, by=None)}")
        walk.page.locator("[data-azione=principale]").click()
        walk.see("to hand over", "/banco/consegna")
        walk.tap(".bar-crate a", "number")
        walk.page.locator(".key-5").click()
        walk.page.locator(".key-9").click()
        walk.go_on("number not there")
        assert walk.headings.pop("number not there") == walk.headings["number"]
        walk.go_on("tutor told")
        assert walk.headings.pop("tutor told") == walk.headings["number"]
        expect(walk.page.locator(".called")).to_be_visible()
        walk.see("which", "/banco/consegna/trova?quale=1")
        walk.see("label", "/banco/consegna/etichetta")
        walk.page.get_by_role("button", name="Usa la fotocamera").click()
        walk.page.locator("video").wait_for()
        walk.see("label, looking")
        assert walk.headings.pop("label, looking") == walk.headings["label"]
        walk.see("badge, looking", "/banco/cartellino?fotocamera=1")
        walk.page.locator("video").wait_for()
        walk.see("badge, looking")
        walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)
    assert len(set(walk.headings.values())) == len(walk.headings), walk.headings


WRONG = """() => {
  const place = document.querySelector("form[data-codice]");
  place.elements.codice.value = "x".repeat(43);
  place.requestSubmit();
}"""
