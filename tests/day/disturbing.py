"""What may happen between two steps: the page is loaded again, back and forward are pressed, the power goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from playwright.sync_api import Page

from tests.day.state import state_of
from tests.day.tablet import Tablet
from tests.day.world import World

SCREEN = """(answered) => {
  const main = document.querySelector("main").cloneNode(true);
  main.querySelectorAll(".notes, .tell > p:not(.need)").forEach((said) => said.remove());
  if (answered) main.querySelectorAll(".reading .say").forEach((hint) => hint.remove());
  const undo = document.querySelector(".bar-undo")?.innerText ?? "";
  const fields = [...document.querySelectorAll("main form input")]
    .filter((field) => !["key", "csrf_token", answered ? "sure" : ""].includes(field.name))
    .map((field) => `${field.form.getAttribute("action")} ${field.name}=${field.value}`);
  const words = main.textContent.replace(/\\s+/g, "");
  return [location.pathname, document.querySelector("h1").innerText, words, undo, ...fields];
}"""
"""The step, what it is about and what would be sent; not what was just done or refused, which is said once, nor the
form's own key. ``answered``: the screen had something to refuse; who comes back finds the number, its hint and no
question."""
ANSWERED = "document.querySelector('main').matches('[data-pagina]')"


@dataclass
class Trouble:
    """Told after every step of a walk. ``faults``: where a screen or the data were other than before.

    ``answered``: how many of the screens said that something was not taken.
    """

    world: World
    page: Page
    kills: bool = True
    steps: int = 0
    answered: int = 0
    faults: list[str] = field(default_factory=list)

    def strike(self, step: str) -> None:
        self.steps += 1
        answered = self.page.evaluate(ANSWERED)
        self.answered += answered
        before = self._now(answered)
        for name, happens in self._happenings():
            happens()
            if (after := self._now(answered)) != before:
                self.faults.append(f"{name} after {step!r}: {difference(before, after)}")

    def _happenings(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        page = self.page
        yield "reload", page.reload
        if self.kills:
            yield "SIGKILL", lambda: (self.world.restart(), page.reload())
        yield "back and forward", lambda: (page.go_back(), page.go_forward())

    def _now(self, answered: bool) -> tuple[Any, Any]:
        return self.page.evaluate(SCREEN, answered), state_of(self.world)


def difference(before: tuple[Any, Any], after: tuple[Any, Any]) -> str:
    """What of the screen and of the data became something else; empty where nothing did."""
    screen = [f"{one!r} became {other!r}" for one, other in zip_longest(before[0], after[0]) if one != other]
    data = [
        f"{name}: {before[1][name]!r} became {after[1][name]!r}"
        for name in before[1]
        if before[1][name] != after[1][name]
    ]
    return "; ".join(screen + data)


def walk_once(tablet: Tablet) -> None:
    """Some of the harvest, one whole crate with a weight in kilos first, and one hand-over with change."""
    tablet.home()
    tablet.to_work("Raccolto")
    tablet.touch(tablet.tile("^Carote$"))
    tablet.touch(tablet.tile("^Sì, tutto$"))
    tablet.home()
    tablet.to_work("Prepara")
    tablet.touch(tablet.tile("^Cassetta 1$"))
    tablet.begins_to_weigh("carote")
    tablet.writes("carote", 5)
    tablet.says_done("carote")
    tablet.writes("carote", 480)
    tablet.says_done("carote")
    tablet.takes("bietole")
    tablet.finishes(1)
    tablet.finds(1, "Maria Rossi")
    tablet.takes_with_change(2000)
    tablet.gives(1)


@contextmanager
def losing_the_answer(page: Page, path: str, happens: Callable[[], Any]) -> Iterator[list[int]]:
    """The POST to ``path`` reaches the server and is answered there; the answer never comes back.

    ``happens`` (a SIGKILL) between the two. Yields the statuses of the answers that were lost.
    """
    lost: list[int] = []

    def answer(route: Any) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).status)
        happens()
        route.abort("connectionreset")

    page.route(f"**{path}", answer)
    yield lost
    page.unroute(f"**{path}")
