"""Coming in to one's own orders: an address, a letter, one button. Apart from the staff's signing in, never beside it.

Whoever comes in as a citizen is nobody of the staff in this browser from then on, and the other way round.
"""

from __future__ import annotations

from datetime import timedelta

from flask import g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import clock, inputs, keys, web
from core.doors import OPEN, door
from core.errors import NotFound, Refused
from orders import citizens, signing_in
from orders.citizens import CitizenAccount
from shop import asking_who, basket, blueprint, choosing
from shop.asking_who import Said

KEY = "citizen"
LASTS = timedelta(hours=12)  # a browser may stay open for weeks
CARRIED = ("language", basket.KEY, choosing.KEY)  # over coming in and going out

Answer = Response | str | tuple[str, int]


def find() -> CitizenAccount | None:
    """Who has come in here; looked up once per request, and only where somebody has."""
    if KEY not in session:
        return None
    if "citizen" not in g:
        g.citizen = _find()
    return g.citizen


def to_entrance() -> Response:
    return redirect(url_for("shop.my_orders"), 303)


@blueprint.post("/i-tuoi-ordini")
@door(OPEN, "shop")
@inputs.reads_raw
def ask_for_link() -> Answer:
    """The answer is the same for an address that has ordered and for one that has not."""
    said = asking_who.read(request.form, "email")
    if not said.is_complete:
        return entrance(said), Refused.status
    try:
        signing_in.ask(
            citizens.normal(said.typed["email"]),
            key=web.form_key_given(),
            origin=asking_who.origin(),
            language=web.language(),
        )
    except Refused as refused:
        return entrance(said, refused.sentence), refused.status
    return redirect(url_for("shop.link_sent"), 303)


@blueprint.get("/i-tuoi-ordini/posta")
@door(OPEN, "shop")
def link_sent() -> str:
    return render_template("shop/entrance_sent.html", most=signing_in.MOST_LETTERS)


@blueprint.get("/i-tuoi-ordini/entra/<token>")
@door(OPEN, "shop")
def look_at_link(token: str) -> Answer:
    """Uses nothing up: a program that looks at every link in a letter comes here too."""
    try:
        email = signing_in.email_of(token)
    except NotFound as refused:
        return _no_longer(refused)
    return render_template("shop/come_in.html", email=email, token=token)


@blueprint.post("/i-tuoi-ordini/entra/<token>")
@door(OPEN, "shop")
def come_in(token: str) -> Answer:
    try:
        account = signing_in.use(token, origin=asking_who.origin())
    except NotFound as refused:
        return _no_longer(refused)
    _renew()
    session[KEY] = {"id": account.id, "number": account.session_number, "since": clock.now().isoformat()}
    return to_entrance()


@blueprint.post("/i-tuoi-ordini/esci")
@door(OPEN, "shop")
def go_out() -> Response:
    """In every browser where they had come in."""
    account = find()
    if account is not None:
        signing_in.go_out(account.id)
    leave()
    return to_entrance()


def leave() -> None:
    """Nobody has come in here any more."""
    g.pop("citizen", None)
    if session.pop(KEY, None) is not None:
        _renew()


def entrance(said: Said | None = None, sentence: str = "") -> str:
    """The page that asks for the address."""
    said = said or Said()
    return render_template(
        "shop/entrance.html",
        said=said,
        messages=list(said.messages.items()),
        sentence=sentence,
        key=keys.new(),
        longest=asking_who.LONGEST,
    )


def _no_longer(refused: NotFound) -> Answer:
    """A second tap on the button finds them in already."""
    return to_entrance() if find() else (entrance(sentence=refused.sentence), refused.status)


def _find() -> CitizenAccount | None:
    kept = session[KEY]
    account = citizens.find(kept["id"])
    is_theirs = account is not None and account.session_number == kept["number"]
    if is_theirs and clock.now() - clock.parse(kept["since"]) < LASTS:
        return account
    session.pop(KEY)
    return None


def _renew() -> None:
    """A session of its own: nothing of whoever was here before but what they chose to buy."""
    carried = {name: session[name] for name in CARRIED if name in session}
    session.clear()
    session.update(carried)
