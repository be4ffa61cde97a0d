"""Which pick-up this visit is for: the one that was chosen, else the next that has a place left and costs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import showing, version
from catalog.models import PickUp
from catalog.version import Versions
from core import inputs
from core.doors import OPEN, door
from core.errors import Conflict
from shop import blueprint

KEY = "pickup"
FEW_PLACES = 5


@dataclass(frozen=True)
class Choice:
    """``open``: every pick-up that takes orders, full ones too. ``lost``: what was chosen is no longer to be had."""

    open: list[PickUp]
    chosen: PickUp | None
    lost: bool = False

    @property
    def place_id(self) -> int | None:
        return self.chosen.place_id if self.chosen else None

    @property
    def fee(self) -> int:
        return self.chosen.place.fee if self.chosen else 0

    def find(self, pickup_id: int | None) -> PickUp | None:
        return next((pickup for pickup in self.open if pickup.id == pickup_id), None)


def choice() -> Choice:
    """Asked once per request; its pick-ups are kept and read-only."""
    if "choice" not in g:
        g.choice = choice_among(showing.offer(versions()).open, session.get(KEY))
    return g.choice


def versions() -> Versions:
    """What this request is answered by."""
    if "versions" not in g:
        g.versions = version.now()
    return g.versions


def choose(pickup_id: int) -> None:
    session[KEY] = pickup_id
    look_again()


def look_again() -> None:
    """After a deed or a refusal: what was open a moment ago may be full or closed now."""
    g.pop("choice", None)
    g.pop("versions", None)


def choice_among(offered: list[PickUp], kept: int | None) -> Choice:
    """Among those that take orders now: the one of this visit, else the first that has a place left.

    What costs something is nobody's choice before it was chosen (art. 65 Consumer Code), unless there is nothing else.
    """
    free = sorted((pickup for pickup in offered if pickup.places_left > 0), key=lambda pickup: pickup.place.fee > 0)
    chosen = next((pickup for pickup in free if pickup.id == kept), None)
    return Choice(offered, chosen or (free[0] if free else None), lost=kept is not None and chosen is None)


@blueprint.get("/ritiro")
@door(OPEN, "shop")
def pickup_page() -> str:
    return _page()


@blueprint.post("/ritiro")
@door(OPEN, "shop")
def choose_pickup() -> Response | tuple[str, int]:
    wanted = choice().find(inputs.whole_number(request.form.get("ritiro")))
    try:
        if wanted is None:
            raise Conflict(_("Questo ritiro non prende più ordini. Scegline un altro."))
        if wanted.places_left <= 0:
            raise Conflict(_("I posti per questo ritiro sono finiti. Scegline un altro."))
    except Conflict as refused:
        return _page(refused.sentence), refused.status
    choose(wanted.id)
    return redirect(_way_back(), 303)


def _page(sentence: str = "") -> str:
    return render_template("shop/pickup.html", choice=choice(), sentence=sentence, back=request.values.get("poi", ""))


def _way_back() -> str:
    """Only to pages of ours."""
    ways = {"carrello": "shop.basket_page", "cassa": "shop.checkout"}
    return url_for(ways.get(request.form.get("poi", ""), "shop.home"))
