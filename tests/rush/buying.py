"""A buyer with a browser of their own: reads real pages, sends the real forms, and notes what came back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from tests.rush import reading
from tests.rush.world import World

PATIENCE = 60.0  # seconds for one answer
SOLD_OUT = "finit"  # "finito", "finiti", "è finito prima …"
LETTERS = str.maketrans("0123456789", "abcdefghij")  # a name has no digits
TOLD = (SOLD_OUT, "al completo", "non prende più ordini")


class Surprise(Exception):
    """A page that is not what a buyer may get here."""


@dataclass
class Buyer:
    """What happened to one buyer. ``outcome``: confirmed, sold out, told earlier, or what was wrong."""

    number: int
    address: str
    world: World
    outcome: str = ""
    status: int = 0  # the last button's answer
    seconds: float = 0.0
    stage: str = "not begun"
    location: str = ""
    order_number: str = ""
    body: dict[str, list[str]] = field(default_factory=dict)  # of the last form, to send it again
    pressed_at: float = 0.0  # time.monotonic()
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        # No idle connections are kept: gunicorn ends them after 2 s, and a pool would take that for a failure.
        transport = httpx.HTTPTransport(verify=False, limits=httpx.Limits(max_keepalive_connections=0))
        self.client = httpx.Client(
            base_url=self.address, transport=transport, timeout=PATIENCE, headers={"Accept-Language": "it"}
        )

    @property
    def pressed(self) -> bool:
        return self.pressed_at > 0

    @property
    def name(self) -> str:
        return "Prova " + f"{self.number:02d}".translate(LETTERS)

    @property
    def email(self) -> str:
        return f"prova{self.number:02d}@posta.example"

    def go(self, wait_at_gate: Callable[[], object]) -> None:
        """The whole path. Never raises: what goes wrong is the outcome."""
        try:
            try:
                ready = self._fill()
            finally:
                wait_at_gate()
            if ready:
                self.press()
        except threading.BrokenBarrierError:
            self.outcome = "never reached the gate"
        except Surprise as surprise:
            self.outcome = str(surprise)
        except httpx.TimeoutException:
            self.outcome = f"time-out at {self.stage}"
        except httpx.HTTPError as trouble:
            self.outcome = f"{type(trouble).__name__} at {self.stage}"

    def press(self) -> None:
        """The last button, and what follows its answer."""
        answer = self._send_order()
        if answer.status_code == 303:
            self._read_confirmation(answer)
        elif answer.status_code == 409:
            self._read_refusal(answer)
        else:
            raise Surprise(f"{answer.status_code} at the last button")

    def send_again(self) -> httpx.Response:
        """The same form once more: same key, same words, same browser."""
        return self.client.post("/cassa", data=self.body)

    def close(self) -> None:
        self.client.close()

    def _fill(self) -> bool:
        """Basket, pick-up, form. False when the shop said on the way that it is sold out."""
        order = (0, 1) if self.number % 2 else (1, 0)  # two lines, in opposite order
        for which in order:
            if not self._add(which):
                return False
        self._get("/carrello")
        if not self._choose_pickup():
            return False
        page = self._get("/cassa")
        form = _form(page, lambda form: "key" in form.fields)
        if form is None or len(form.fields["riga"]) < 2 or form.fields.get("ritiro") != [str(self.world.pickup)]:
            return self._told(page)
        self.body = form.filled(nome=self.name, email=self.email)
        self.stage = "form filled"
        return True

    def _add(self, which: int) -> bool:
        page, product = self._get("/"), str(self.world.products[which])
        form = _form(page, lambda form: ("prodotto", product) in form.buttons)
        if form is None:
            return self._told(page)
        page = self._post(form.action, form.filled(prodotto=product))
        return self.world.names[which] in reading.words(page) or self._told(page)

    def _choose_pickup(self) -> bool:
        """The second of two: the first is the shop's own proposal."""
        page, mine = self._get("/ritiro"), ("ritiro", str(self.world.pickup))
        form = _form(page, lambda form: mine in form.buttons)
        if form is None:
            return self._told(page)
        self._post(form.action, form.filled(ritiro=mine[1]))
        return True

    def _told(self, page: str) -> bool:
        """The shop has to say it in words, calmly."""
        said = reading.words(page).lower()
        if not any(word in said for word in TOLD):
            raise Surprise(f"no way on at {self.stage}, and not a word about it")
        self.outcome = "told earlier"
        return False

    def _send_order(self) -> httpx.Response:
        self.stage, self.pressed_at = "last button", time.monotonic()
        answer = self.client.post("/cassa", data=self.body)
        self.status, self.seconds = answer.status_code, time.monotonic() - self.pressed_at
        self.location = answer.headers.get("location", "")
        return answer

    def _read_confirmation(self, answer: httpx.Response) -> None:
        if "/ordini/" not in self.location:
            raise Surprise(f"sent to {self.location or 'nowhere'} after ordering")
        self.outcome, self.stage = "confirmed", "order page"
        page = self._get(self.location)
        if any(name not in reading.words(page) for name in self.world.names):
            raise Surprise("the order page does not name what was ordered")

    def _read_refusal(self, answer: httpx.Response) -> None:
        said = reading.words(answer.text).lower()
        if SOLD_OUT not in said:
            raise Surprise("409 without the sentence")
        self.stage = "basket after refusal"
        basket = reading.words(self._get("/carrello"))
        if missing := [name for name in self.world.names if name not in basket]:
            raise Surprise(f"409, but the basket has lost {' and '.join(missing)}")
        self.outcome = "sold out"

    def _get(self, path: str) -> str:
        self.stage = path.split("/ordini/")[0] or "order page"
        return self._page(self.client.get(path))

    def _post(self, path: str, body: dict[str, list[str]]) -> str:
        self.stage = f"POST {path}"
        return self._page(self.client.post(path, data=body, follow_redirects=True))

    def _page(self, answer: httpx.Response) -> str:
        if answer.status_code >= 500:
            raise Surprise(f"{answer.status_code} at {self.stage}")
        if answer.status_code not in (200, 409):
            raise Surprise(f"{answer.status_code} at {self.stage}")
        return answer.text


def _form(page: str, is_it: Callable[[reading.Form], bool]) -> reading.Form | None:
    return next((form for form in reading.forms(page) if is_it(form)), None)
