"""A citizen has their data erased (art. 17 GDPR): what goes and what stays, then the question, then it is done."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import web
from core.doors import OPEN, door
from core.errors import Refused
from orders import citizens, erasing, links
from orders.citizens import CitizenAccount
from shop import blueprint, coming_in, my_orders

KEY = "erased"

Answer = Response | str | tuple[str, int]


@blueprint.get("/i-tuoi-ordini/cancella")
@door(OPEN, "shop")
def erase_page() -> Answer:
    account = coming_in.find()
    return coming_in.to_entrance() if account is None else _page(account)


@blueprint.post("/i-tuoi-ordini/cancella")
@door(OPEN, "shop")
def erase_me() -> Answer:
    """Nothing happens before the second step. A repeat of it finds nobody, and says that it is done."""
    is_gone, is_sure = _is_gone(), request.form.get("azione") == "conferma"
    account = coming_in.find()
    if account is None:
        return _done() if is_sure and is_gone else coming_in.to_entrance()
    gives_up = bool(request.form.get("credito"))
    try:
        if not is_sure:
            return _review(account, gives_up=gives_up)
        erasing.erase(account.id, key=web.form_key_given(), gives_up_credit=gives_up)
    except Refused as refused:
        return _page(account, refused), refused.status
    coming_in.leave()
    return _done()


@blueprint.get("/i-tuoi-ordini/cancellato")
@door(OPEN, "shop")
def erased() -> Answer:
    """For the browser in which it was done, until it is closed or somebody comes in."""
    return render_template("shop/erased.html") if session.get(KEY) else coming_in.to_entrance()


def _is_gone() -> bool:
    """Whether whoever had come in here is there no more; whoever came in too long ago is there all the same."""
    came_in = session.get(coming_in.KEY)
    return session.get(KEY, False) if came_in is None else citizens.find(came_in["id"]) is None


def _done() -> Response:
    session[KEY] = True
    return redirect(url_for("shop.erased"), 303)


def _review(account: CitizenAccount, *, gives_up: bool) -> str:
    seen = erasing.outlook(account)
    erasing.require_possible(seen, gives_up_credit=gives_up)
    return render_template("shop/erase_review.html", account=account, seen=seen, gives_up=gives_up)


def _page(account: CitizenAccount, refused: Refused | None = None) -> str:
    seen = erasing.outlook(account)
    return render_template(
        "shop/erase.html",
        account=account,
        seen=seen,
        state=my_orders.state,
        when=my_orders.when,
        opens=links.surely_open,
        refused=refused,
        field=refused.details.get("field", "") if refused else "",
    )
