"""Every desk screen is measured in a browser: sizes, gaps, words, one main action, nothing to type, no scrolling."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog import harvest
from core import clock
from orders import harvesting, preparing
from people import badges
from people.capabilities import Capability
from people.entering import COOKIE
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.meter.seeing import LANDSCAPE, NARROW, PORTRAIT, look, resize

STEPS = (2, 1)
"""The levels that have one thing on a screen; the plain list is measured in tests/meter."""

pytestmark = pytest.mark.browser


class Walk:
    """One person goes through everything; every screen is measured on the way, held either way and on a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.headings: dict[str, str] = {}
        self.faults: list[str] = []

    def see(self, name: str, path: str = "") -> None:
        """Measure what is shown, or what is at ``path``."""
        if path:
            self.page.goto(path)
        for size in (NARROW, PORTRAIT, LANDSCAPE):
            found = look(self.page, size, level=STEPS[0])["faults"]
            self.faults += [f"{name} at {size[0]}: {criterion}: {words}" for criterion, words in found]
        resize(self.page, LANDSCAPE)
        self.headings[name] = self.page.locator("h1").inner_text()

    def weigh(self, digits: str) -> None:
        """Tap the number, and wait for what the server says of it."""
        for digit in digits:
            self.page.locator(f".key-{digit}").click()
        self.page.locator(".reading .say").wait_for()

    def go_on(self, name: str) -> None:
        self.tap("[data-azione=principale]", name)

    def tap(self, selector: str, name: str) -> None:
        with self.page.expect_navigation():  # a script sends it: docs/decisions/0018-network-gone.md
            self.page.locator(selector).first.click()
        self.see(name)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_every_screen_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=level)
    for name in ("Bruno", "Carla", "Dario", "Elena", "Fabio"):
        make.person(name)
    to_give = crates.ready_today(make.wish(make.honey(), 3), name="Mariangela Abbondanza", collector="Luca Verdi")
    to_prepare = crates.mixed()
    page = a_tablet(browser, address)
    walk = Walk(page)
    walk.see("who", "/banco")
    walk.see("badge", "/banco/cartellino")
    walk.see("badge yes", f"/banco/cartellino/{badges.make(anna, by=None)}")
    walk.go_on("today")
    prepare(walk, level, to_prepare.id)
    hand_over(walk, level, to_give.id)
    walk.see("calm", "/banco/casse/999")
    page.context.close()
    assert not walk.faults, "\n".join(walk.faults)
    assert len(set(walk.headings.values())) == len(walk.headings), walk.headings


def prepare(walk: Walk, level: int, order_id: int) -> None:
    walk.see("to prepare", "/banco/prepara")
    walk.see("take", f"/banco/casse/{order_id}")
    if level == 2:
        walk.go_on("put")
        walk.go_on("on the scale")
    walk.go_on("weigh")
    walk.weigh("480")
    walk.see("weigh")
    if level == 1:
        walk.tap(".control-hint", "weigh")
    walk.go_on("check")
    walk.go_on("label")
    walk.go_on("prepared")


def hand_over(walk: Walk, level: int, order_id: int) -> None:
    walk.see("to hand over", "/banco/consegna")
    if level == 2:
        walk.see("find", f"/banco/consegna/{order_id}")
    walk.see("name", f"/banco/consegna/{order_id}?passo=nome")
    walk.go_on("cash")
    walk.go_on("give")
    walk.go_on("handed")


def test_no_sum_of_money_hides_the_main_action(browser: Browser, address: str) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=2)
    page = enter(browser, address, anna)
    orders = [crates.ready_today(make.wish(make.product(price=cents), 1)) for cents in (5, 8885, 19885)]
    walk = Walk(page)
    for order in orders:
        walk.see("cash", f"/banco/consegna/{order.id}?passo=soldi")
    page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


def test_the_main_action_and_the_bar_never_move(browser: Browser, address: str) -> None:
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=2)
    to_give, to_prepare = crates.ready_today(make.wish(make.honey(), 1)), crates.mixed()
    page = enter(browser, address, anna)
    paths = [f"/banco/casse/{to_prepare.id}", f"/banco/consegna/{to_give.id}"]
    paths += [f"/banco/consegna/{to_give.id}?passo={step}" for step in ("nome", "soldi")]
    places = set()
    for path in paths:
        page.goto(path)
        boxes = [page.locator(part).bounding_box() for part in ("[data-azione=principale]", ".bar-home", ".bar-help")]
        places.add(json.dumps([[round(box["x"]), round(box["y"]), round(box["width"])] for box in boxes if box]))
    page.context.close()
    assert len(places) == 1, places


def test_the_keys_work_at_once_and_also_without_a_script(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    crates.take_first(order.id, anna)
    for script in (True, False):
        page = enter(browser, address, anna, script=script)
        page.goto(f"/banco/casse/{order.id}")
        for digit in "4805":
            page.locator(f".key-{digit}").click()
        page.locator(".key-erase").click()
        assert page.locator("[data-lettura]").inner_text() == "480"
        page.reload()
        assert page.locator("[data-lettura]").inner_text() == "480"
        page.locator(".bar-help button").click()
        assert page.locator("[data-lettura]").inner_text() == "480"
        page.context.close()


def test_a_badge_reader_opens_the_desk_as_a_keyboard_would(browser: Browser, address: str) -> None:
    anna = make.person("Anna")
    page = a_tablet(browser, address)
    page.goto("/banco/cartellino")
    page.keyboard.type(f"http://127.0.0.1:8000/banco/cartellino/{badges.make(anna, by=None)}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/banco")
    expect(page.get_by_text("Ciao Anna.")).to_be_visible()
    page.context.close()


def test_ascolta_reads_what_can_be_seen_and_only_with_a_voice_of_this_device(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=2)
    order = crates.mixed()
    for local in (True, False):
        page = enter(browser, address, anna, before=VOICES % json.dumps(local))
        page.goto(f"/banco/casse/{order.id}")
        button = page.locator("[data-ascolta]")
        assert button.is_visible() == local
        assert page.evaluate("spoken") == []
        if local:
            button.click()
            page.wait_for_timeout(500)
            said = [
                "Prodotto 1 di 2",
                "Prendi 2 mazzi di bietole",
                "2 mazzi",
                "Guarda la figura e conta.",
                "Non c’è",
                "Fatto",
            ]
            assert page.evaluate("spoken") == said
        page.context.close()


VOICES = """
window.spoken = [];
const voices = [{ name: "prova", lang: "it-IT", localService: %s, default: true }];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, speak: (sentence) => spoken.push(sentence.text),
  cancel: () => {}, addEventListener: () => {},
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def a_tablet(browser: Browser, address: str, *, script: bool = True, before: str = "") -> Page:
    context = browser.new_context(locale="it-IT", base_url=address, java_script_enabled=script)
    context.add_cookies([{"name": COOKIE, "value": make.tablet()[1], "url": address}])
    if before:
        context.add_init_script(before)
    page = context.new_page()
    page.set_viewport_size({"width": 1024, "height": 768})
    return page


def enter(browser: Browser, address: str, person: Person, *, script: bool = True, before: str = "") -> Page:
    page = a_tablet(browser, address, script=script, before=before)
    page.goto(f"/banco/cartellino/{badges.make(person, by=None)}")
    page.locator("[data-azione=principale]").click()
    return page


def test_a_hint_never_stands_beside_another_number(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    crates.take_first(order.id, anna)
    page = enter(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}?riga={crates.again(order.id).lines[1].id}&cifre=480")
    assert page.locator(".say").inner_text() == "Va bene"
    page.route("**/banco/casse/**", lambda route: route.abort())
    page.locator(".key-5").click()
    assert page.locator("[data-lettura]").inner_text() == "4805"
    assert page.locator(".say, .ruler-fill, .ruler-end").count() == 0
    page.unroute("**/banco/casse/**")
    page.locator(".key-erase").click()
    page.locator(".say").wait_for()
    assert page.locator(".say").inner_text() == "Va bene"
    page.context.close()


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
def test_an_odd_weight_keeps_the_criteria_too(browser: Browser, address: str) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    carrots = crates.again(order.id).lines[1]
    for level in STEPS:
        page = enter(browser, address, make.person(f"Anna {level}", support_level=level))
        walk = Walk(page)
        walk.see("weigh", f"/banco/casse/{order.id}?riga={carrots.id}&cifre=5000")
        walk.go_on("doubtful")
        assert page.locator(".said").inner_text() == "5 chili?\nGuarda ancora la bilancia."
        page.context.close()
        assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
def test_what_is_left_from_another_day_keeps_the_criteria_too(browser: Browser, address: str) -> None:
    it_is_morning()
    with clock.at(clock.now() - timedelta(days=1)):
        order = crates.ready_today(make.wish(make.honey(), 1), name="Mariangela Abbondanza", collector="Luca Verdi")
    faults = []
    for level in STEPS:
        anna = make.person(f"Anna {level}", can=(Capability.HAND_OVER,), support_level=level)
        walk = Walk(enter(browser, address, anna))
        for name, path in (("list", ""), ("find", f"/{order.id}"), ("name", f"/{order.id}?passo=nome")):
            walk.see(name, f"/banco/consegna{path}")
        walk.page.context.close()
        assert walk.headings["find"] == "Trova la cassetta 1"
        faults += walk.faults
    assert not faults, "\n".join(faults)


def a_walk(browser: Browser, address: str, level: int) -> Walk:
    both = (Capability.HAND_OVER, Capability.TAKE_CASH)
    anna = make.person("Anna", can=both, support_level=level, picture="bicicletta")
    return Walk(enter(browser, address, anna))


def finished(walk: Walk) -> None:
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)
    assert len(set(walk.headings.values())) == len(walk.headings), walk.headings


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_what_is_not_there_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    order = crates.varied()
    for number in range(4):
        make.product(
            f"erba-{number}", name=f"Erba cipollina {number}", price=150, unit="mazzetto", unit_plural="mazzetti"
        )
    many = make.closed(make.order(make.wish(make.product(), 6), make.wish(make.product(), 9)))
    crates.bowl(crates.line(order.id, "carote").product)
    harvesting.arrive(order.pickup_id, crates.line(order.id, "bietole").product_id, 1, by=None)
    lines = {
        slug: f"/banco/casse/{order.id}/righe/{crates.line(order.id, slug).id}"
        for slug in ("bietole", "carote", "zucca")
    }
    walk = a_walk(browser, address, level)
    walk.see("take, little came", f"/banco/casse/{order.id}")
    walk.tap(".beside a", "not there")
    walk.see("how many", f"{lines['bietole']}/meno")
    walk.see("another", f"{lines['bietole']}/altro")
    walk.see("how much", f"{lines['carote']}/meno?cifre=520")
    walk.see("how many squashes", f"{lines['zucca']}/meno")
    walk.headings.pop("how many squashes")  # the same question about something else
    walk.see("how much", f"{lines['zucca']}/meno?pezzi=1&cifre=1700")
    walk.see("how many", f"/banco/casse/{many.id}/righe/{many.lines[0].id}/meno")
    walk.see("which number", f"/banco/casse/{many.id}/righe/{many.lines[1].id}/meno?cifre=7")
    assert walk.headings.pop("which number") == "Scrivi quanti ce ne sono"
    walk.page.goto(f"{lines['bietole']}/altro")
    walk.tap(".tile", "take another")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_a_bowl_and_a_second_weight_keep_the_criteria(browser: Browser, address: str, level: int) -> None:
    order = crates.mixed()
    line = crates.line(order.id, "carote")
    crates.bowl(line.product, name="Ciotola grande gialla")
    crates.take_first(order.id, make.person("Carla"))
    harvesting.arrive(order.pickup_id, line.product_id, 100, by=None)
    walk = a_walk(browser, address, level)
    if level == 2:
        walk.see("on the scale", f"/banco/casse/{order.id}")
    walk.see("weigh", f"/banco/casse/{order.id}?riga={line.id}")
    walk.see("weigh", f"/banco/casse/{order.id}?riga={line.id}&cifre=5000")
    walk.go_on("weigh")  # doubted
    walk.see("weigh", f"/banco/casse/{order.id}?riga={line.id}&cifre=730")
    crates.weigh(crates.again(order.id), "carote", 480, by=make.person("Mariangela", picture="chitarra"))
    walk.go_on("which")
    boxes = [tile.bounding_box() for tile in walk.page.locator(".answers .tile").all()]
    assert len({(box["width"], box["height"]) for box in boxes if box}) == 1  # equal weight
    walk.tap(".answers form .tile", "check")
    walk.go_on("label")
    walk.tap(".control-hint", "two labels")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_the_harvest_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        at = make.pickup(days=3)
        wishes = [make.wish(make.product(f"erba-{number}", name=f"Erba cipollina {number}"), 3) for number in range(4)]
        order = make.closed(make.order(make.wish(make.carrots(left=100_000), 84_500), *wishes, at=at))
    carrots = crates.line(order.id, "carote").product_id
    give = crates.ready_today(make.wish(make.honey(), 1))
    walk = a_walk(browser, address, level)
    walk.see("today", "/banco")
    walk.see("products", f"/banco/raccolto/{at.id}")
    walk.see("all there", f"/banco/raccolto/{at.id}/{carrots}")
    walk.see("how much", f"/banco/raccolto/{at.id}/{carrots}/meno?cifre=72500")
    walk.go_on("products")
    for line in crates.again(order.id).lines[1:]:
        walk.page.goto(f"/banco/raccolto/{at.id}/{line.product_id}")
        with walk.page.expect_navigation():
            walk.page.locator(".answers .tile").first.click()
    walk.see("all done")
    walk.see("cash", f"/banco/consegna/{give.id}?passo=soldi")
    walk.tap(".beside a", "card")
    walk.go_on("give")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_a_number_that_hardly_can_be_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        order = make.order(
            make.wish(make.carrots(left=100_000), 84_500),
            make.wish(make.product("erba", name="Erba cipollina", unit="mazzetto", unit_plural="mazzetti"), 12),
            at=make.pickup(days=3),
        )
        make.closed(order)
    walk = a_walk(browser, address, level)
    for slug, digits in (("carote", "72"), ("carote", "300"), ("carote", "125500"), ("erba", "12"), ("erba", "1200")):
        product = crates.line(order.id, slug).product_id
        walk.page.goto(f"/banco/raccolto/{order.pickup_id}/{product}/meno?cifre={digits}")
        walk.go_on(f"doubt {slug} {digits}")
        assert walk.headings.pop(f"doubt {slug} {digits}") == "Guarda ancora il numero"
        boxes = [tile.bounding_box() for tile in walk.page.locator(".answers .tile").all()]
        assert len({(box["width"], box["height"]) for box in boxes if box}) == 1  # equal weight
    walk.tap(".answers a", "how much")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_whoever_did_not_come_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    it_is_morning()
    with clock.at(clock.now() - timedelta(days=1)):
        order = crates.ready_today(make.wish(make.honey(), 1), name="Mariangela Abbondanza")
        preparing.set_crates(order.id, 3, by=None)
    walk = a_walk(browser, address, level)
    walk.see("first", f"/banco/consegna/{order.id}")
    walk.tap(".beside button", "put away")
    finished(walk)


def it_is_morning() -> None:
    """For every process: what was left yesterday waits until noon."""
    clock.set_once(clock.rome(clock.today(), 9))


def test_the_keys_of_every_number_fill_what_is_sent(browser: Browser, address: str) -> None:
    """With the script nothing is reloaded: the number that is seen is the number that is sent."""
    order = make.closed(make.order(make.wish(make.product(), 9), make.wish(make.carrots(left=300_000), 200_000)))
    page = enter(browser, address, make.person("Anna", support_level=1))
    for path, field, digits in (
        (f"/banco/casse/{order.id}/righe/{order.lines[0].id}/meno", "pieces", "7"),
        (f"/banco/raccolto/{order.pickup_id}/{order.lines[1].product_id}/meno", "arrived", "123456"),
    ):
        page.goto(path)
        for digit in digits + "9":
            page.locator(f".key-{digit}").click()
        if field == "pieces":
            page.locator(".key-erase").click()
        assert page.locator("[data-lettura]").inner_text() == digits
        assert page.locator(f".principal input[name={field}]").input_value() == digits
        with page.expect_navigation():
            page.locator("[data-azione=principale]").click()
    assert crates.again(order.id).lines[0].packed == 7
    assert [arrival.arrived for arrival in harvest.arrivals(order.pickup_id).values()] == [123456]
    page.context.close()


def test_the_unit_follows_the_number_at_once(browser: Browser, address: str) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    page = enter(browser, address, make.person("Anna", support_level=1))
    page.goto(f"/banco/casse/{order.id}")
    page.route("**/banco/casse/**", lambda route: route.abort())  # the script alone
    for key, said in (("1", "1 grammo"), ("0", "10 grammi"), ("erase", "1 grammo"), ("erase", "0 grammi")):
        page.locator(f".key-{key}").click()
        assert " ".join(page.locator(".reading").inner_text().split()) == said
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_empty_less_is_asked_for_before_it_is_sent_and_nothing_is_lost(
    browser: Browser, address: str, script: bool
) -> None:
    order = crates.mixed()
    line = crates.line(order.id, "carote")
    page = enter(browser, address, make.person("Anna", support_level=0), script=script)
    page.goto(f"/banco/casse/{order.id}")
    page.locator(f"#grammi-{line.id}").fill("300")
    page.locator("li", has=page.locator(f"#grammi-{line.id}")).locator("summary").click()
    expect(page.get_by_text("Ce ne sono", exact=False).last).to_be_visible()
    page.get_by_role("button", name="Ce n’è meno carote").click()
    assert page.locator(f"#grammi-{line.id}").input_value() == "300"
    field = page.locator(f"#meno-{line.id}")
    assert page.evaluate("document.activeElement.id") == f"meno-{line.id}"
    if script:
        assert field.evaluate("field => field.validationMessage") == "Scrivi quanto ce n’è."
    field.fill("300")
    with page.expect_navigation():
        page.get_by_role("button", name="Ce n’è meno carote").click()
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 300


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
@pytest.mark.parametrize("bowl", [True, False], ids=["bowl", "bare"])
def test_pieces_that_are_weighed_and_none_of_less_keep_the_criteria(
    browser: Browser, address: str, level: int, bowl: bool
) -> None:
    order = crates.varied()
    if bowl:
        crates.bowl(crates.line(order.id, "zucca").product, name="Ciotola grande gialla")
    harvesting.arrive(order.pickup_id, crates.line(order.id, "zucca").product_id, 1, by=None)
    squash, carrots = (crates.line(order.id, slug).id for slug in ("zucca", "carote"))
    walk = a_walk(browser, address, level)
    if level == 2:
        walk.see("on the scale", f"/banco/casse/{order.id}?riga={squash}&come=1")
    walk.see("weigh", f"/banco/casse/{order.id}?riga={squash}&cifre=100")
    walk.go_on("weigh")  # doubted
    walk.see("less", f"/banco/casse/{order.id}/righe/{squash}/meno?pezzi=1&cifre=100")
    walk.go_on("less")  # doubted
    walk.see("less", f"/banco/casse/{order.id}/righe/{carrots}/meno")
    walk.go_on("less")  # none there
    expect(walk.page.locator(".action").get_by_text("Non ce n’è")).to_be_visible()
    finished(walk)
