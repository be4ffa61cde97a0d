"""A pick-up that is full: somebody leaves an e-mail and is told when a place is free. And the way off that list."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog import pickups
from catalog.models import PickUp
from core import inputs, keys, web
from core.doors import OPEN, door
from core.errors import Refused
from orders import waiting
from shop import asking_who, blueprint
from shop.asking_who import Said

Answer = Response | str | tuple[str, int]


@blueprint.get("/ritiro/<int:pickup_id>/avvisami")
@door(OPEN, "shop")
def waiting_page(pickup_id: int) -> Answer:
    """Where there is a place meanwhile one chooses it instead."""
    pickup = waiting.get_open(pickup_id)
    if pickup.places_left > 0:
        return redirect(url_for("shop.pickup_page"), 303)
    return _page(pickup, Said())


@blueprint.post("/ritiro/<int:pickup_id>/avvisami")
@door(OPEN, "shop")
@inputs.reads_raw
def ask_for_place(pickup_id: int) -> Answer:
    """The answer is the same for an address that waits already."""
    pickup, said = pickups.get(pickup_id), asking_who.read(request.form, "email")
    if not said.is_complete:
        return _page(waiting.get_open(pickup_id), said), Refused.status
    about = {"key": web.form_key_given(), "language": web.language(), "origin": asking_who.origin()}
    try:
        waiting.ask(pickup_id, said.typed["email"], **about)
    except Refused as refused:
        if pickup.practice:
            raise
        return _page(pickup, said, refused), refused.status
    return redirect(url_for("shop.waiting_asked", pickup_id=pickup_id), 303)


@blueprint.get("/ritiro/<int:pickup_id>/avvisami/fatto")
@door(OPEN, "shop")
def waiting_asked(pickup_id: int) -> str:
    return render_template("shop/waiting_asked.html", pickup=waiting.get_open(pickup_id))


@blueprint.get("/ritiro/avviso/<token>")
@door(OPEN, "shop")
def waiting_end_page(token: str) -> str:
    """Looking does nothing: some mail programmes open every link."""
    return render_template("shop/waiting_end.html", pickup=waiting.get(token).pickup, token=token)


@blueprint.post("/ritiro/avviso/<token>")
@door(OPEN, "shop")
def wait_no_more(token: str) -> Response:
    """Also for a link that has been used: then there is nothing left to do."""
    waiting.leave(token)
    return redirect(url_for("shop.waiting_ended"), 303)


@blueprint.get("/ritiro/avviso-tolto")
@door(OPEN, "shop")
def waiting_ended() -> str:
    return render_template("shop/waiting_ended.html")


def _page(pickup: PickUp, said: Said, refused: Refused | None = None) -> str:
    return render_template(
        "shop/waiting.html",
        pickup=pickup,
        said=said,
        messages=list(said.messages.items()),
        sentence=refused.sentence if refused else "",
        key=keys.new(),
        longest=asking_who.LONGEST,
    )
