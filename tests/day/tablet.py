"""What somebody sees on a tablet and does there, by the words and roles of the controls. Each level has its own way."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Response, expect

from tests.day.hands import Finger, Hands

MAIN = "[data-azione=principale]:visible"
MOST_PAGES = 6
MONEY = {2000: "20 euro", 1000: "10 euro", 500: "5 euro", 200: "2 euro", 100: "1 euro"}


def silent(step: str) -> None:
    """Nothing is done after a step."""


class Tablet:
    """One browser window. ``after`` is told every step, when its screen is there."""

    def __init__(
        self, page: Page, level: int, *, hands: Hands | None = None, after: Callable[[str], None] = silent
    ) -> None:
        self.page, self.level = page, level
        self.hands, self.after = hands or Finger(), after
        self.steps: list[str] = []
        page.set_default_timeout(30_000)
        page.set_default_navigation_timeout(30_000)

    # --- looking and touching

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    def sees(self, words: str) -> None:
        expect(self.page.locator("h1")).to_have_text(re.compile(words), timeout=20_000)

    def touch(self, what: Locator, step: str = "") -> Response | None:
        """A tap that leads to another screen."""
        with self.page.expect_navigation(wait_until="load") as going:
            self.hands.press(what)
        self._note(step or self.heading)
        return going.value

    def main(self, words: str = "") -> Response | None:
        found = self.page.locator(MAIN)
        if words:
            expect(found).to_have_text(re.compile(words))
        return self.touch(found)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=re.compile(name)).first

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(name)).first

    def tile(self, name: str) -> Locator:
        """A choice, by its word; further pages are looked through."""
        for _page in range(MOST_PAGES):
            if (wanted := self._tiles(name)).count():
                return wanted.first
            self.touch(self._tiles("^Altr[ie]$"))
        raise AssertionError(f"no {name!r} at {self.page.url}")

    def _tiles(self, name: str) -> Locator:
        return self.page.locator(".tile", has=self.page.locator("span").filter(has_text=re.compile(name)))

    def _note(self, step: str) -> None:
        self.steps.append(step)
        self.after(step)

    # --- coming and going

    def comes_by_tile(self, name: str) -> None:
        self.page.goto("/banco")
        self.touch(self.tile(rf"\b{name}$"))

    def comes_by_reader(self, name: str, token: str) -> None:
        """A reader types what is on the badge."""
        self.page.goto("/banco")
        with self.page.expect_navigation():
            self.page.keyboard.type(f"http://127.0.0.1/banco/cartellino/{token}")
            self.page.keyboard.press("Enter")
        self.sees("^Scegli il lavoro")
        expect(self.page.locator("main")).to_contain_text(f"Ciao {name}")

    def comes_by_camera(self, name: str) -> None:
        """One tap, and the badge in front of the camera."""
        self.page.goto("/banco")
        self.link("^Cartellino").click()
        self.sees("^Scegli il lavoro")
        expect(self.page.locator("main")).to_contain_text(f"Ciao {name}")

    def goes(self, name: str) -> None:
        self.home()
        self.touch(self.tile("^Ho finito"))
        self.sees("^Scegli chi sei")
        expect(self.page.locator("main")).to_contain_text(f"Hai finito. Ciao {name}.")

    def home(self) -> None:
        self.touch(self.page.locator(".bar-home"))
        self.sees("^Scegli il lavoro")

    def to_work(self, words: str) -> None:
        """From home: the one thing first, or one of the tiles."""
        if self.page.locator(MAIN).filter(has_text=re.compile(rf"^\s*{words}")).count():
            self.main()
        else:
            self.touch(self.tile(rf"^\s*{words}"))

    # --- the harvest

    def notes_harvest(self, arrived: dict[str, int | None]) -> None:
        """``arrived``: by the product's name; None where everything came."""
        self.home()
        self.to_work("Raccolto")
        for name, amount in arrived.items():
            self._notes(name, amount)

    def _notes(self, name: str, amount: int | None) -> None:
        if self.level == 0:
            row = self.row(name)
            if amount is None:
                self.touch(row.get_by_role("button", name=re.compile("^Sì, tutto")))
                return
            row.locator("input.list-grams").fill(str(amount))
            self.touch(row.get_by_role("button", name=re.compile("^Fatto")))
            return
        self.touch(self.tile(name))
        self.sees("^Guarda: è arrivato tutto")
        expect(self.page.locator("main")).to_contain_text(re.compile(name, re.IGNORECASE))
        if amount is None:
            self.touch(self.tile("^Sì, tutto"))
            return
        self.touch(self.tile("^Ce n’è meno"))
        self.types(amount)
        self.main()

    # --- a crate

    def opens(self, crate: int) -> None:
        self.home()
        self.to_work("Prepara")
        self.touch(self.tile(rf"^Cassetta {crate}\b"))

    def opens_product(self, name: str) -> None:
        self.home()
        self.to_work("Prepara")
        self.touch(self.link("^Un prodotto alla volta"))
        self.touch(self.tile(name))

    def row(self, words: str) -> Locator:
        name = self.page.locator("b").filter(has_text=re.compile(rf"^{words}\b", re.IGNORECASE))
        return self.page.locator(".list > li", has=name).first

    def takes(self, goods: str, *, row: str = "") -> None:
        """``row``: how its line in the plain list is called, where it is not the product."""
        if self.level == 0:
            self.touch(self.row(row or goods).get_by_role("button", name=re.compile("^Fatto")))
            return
        self._is_about(goods)
        if self.level == 2:
            self.main()
        self.main("Fatto")

    def begins_to_weigh(self, goods: str) -> None:
        """The place where the number is written."""
        if self.level == 0:
            return
        self._is_about(goods)
        if self.level == 2:
            self.main()
        self.sees("^(Scrivi il peso|Pesa:)")

    def writes(self, goods: str, grams: int) -> None:
        if self.level == 0:
            self.row(goods).locator("form[action$='/peso'] input[name=grams]").fill(str(grams))
        else:
            self.types(grams)

    def says_done(self, goods: str) -> Response | None:
        if self.level == 0:
            return self.touch(self.row(goods).locator("form[action$='/peso'] button"))
        return self.main("Fatto")

    def weighs(self, goods: str, grams: int) -> None:
        self.begins_to_weigh(goods)
        self.writes(goods, grams)
        self.says_done(goods)

    def finds_none(self, goods: str) -> None:
        if self.level == 0:
            row = self.row(goods)
            self.hands.press(row.locator("summary"))
            self.touch(row.get_by_role("button", name=re.compile("^Non ce n’è")))
            return
        self._is_about(goods)
        self.touch(self.link("^Non c’è"))
        self.touch(self.tile("^Non ce n’è"))

    def finishes(self, crate: int, *, looks_for: str = "") -> None:
        """The look over the pictures, then the label."""
        if self.level:
            self.sees(f"^Controlla la cassetta {crate}$")
        if looks_for:
            expect(self.page.locator("main")).to_contain_text(looks_for)
        self.main("Fatto")
        self.sees("^Stampa l’etichetta")
        self.main("Fatto")
        self.sees(f"^Hai preparato la cassetta {crate}$")

    def types(self, number: int) -> None:
        """The digits, on the keys of the screen."""
        reading = self.page.locator("[data-lettura]")
        while reading.inner_text() not in ("0", ""):
            before = reading.inner_text()
            self.hands.press(self.page.locator(".key-erase"))
            expect(reading).not_to_have_text(before)
        asked = re.compile(rf"=0*{number}(&|$)")
        with self.page.expect_response(asked):  # the bar and the hint of the whole number
            for digits in range(1, len(str(number)) + 1):
                self.hands.press(self.page.locator(f".key-{str(number)[digits - 1]}"))
                expect(reading).to_have_text(str(number)[:digits])
        self.page.wait_for_timeout(100)  # and they are shown
        self._note(f"{number}")

    def _is_about(self, goods: str) -> None:
        expect(self.page.locator("main")).to_contain_text(re.compile(rf"\b{goods}\b", re.IGNORECASE))

    # --- the hand-over

    def finds(self, crate: int, customer: str) -> None:
        """Up to where the money is taken, or the crate given."""
        self.home()
        self.to_work("Consegna")
        self.touch(self.tile(rf"^Cassetta {crate}\b"))
        if self.level == 2:
            self.sees(f"^Trova la cassetta {crate}$")
            self.main("Fatto")
        if self.level:
            self.sees("^Chiedi il nome")
            expect(self.page.locator("main")).to_contain_text(customer)
            self.main("Fatto")
        self.sees("^Prendi i soldi")

    def takes_exact_money(self) -> None:
        self.main("Ho i soldi")

    def takes_card(self) -> None:
        self.touch(self.link("^Paga con la carta"))
        self.main("Sì, a posto")

    def begins_to_take(self, note: int) -> None:
        """One note or coin, up to the last look before it is written down."""
        if self.level == 0:
            self.page.locator("#euro").fill(str(note // 100))
            self.touch(self.button("^Mostra il resto"))
            return
        self.touch(self.link("^Serve il resto"))
        self.touch(
            self.page.locator(".key-money").filter(has=self.page.get_by_role("img", name=MONEY[note], exact=True))
        )
        self.main("Fatto")
        while self.heading.startswith("Prendi"):
            self.main("Fatto")

    def takes_with_change(self, note: int) -> None:
        self.begins_to_take(note)
        self.main("Ho dato il resto")

    def gives(self, crate: int) -> None:
        self.sees(f"^Dai la cassetta {crate}$")
        self.main("Sì, data")
        self.sees(f"^Hai dato la cassetta {crate}$")

    def puts_away(self, crate: int) -> None:
        """Nobody came within the hours."""
        self.touch(self.tile(rf"^Cassetta {crate}\b"))
        self.touch(self.button("^Non è venuto nessuno"))
        self.sees(f"^Metti via la cassetta {crate}$")
