"""The withdrawal function: two steps, without signing in, from the foot of every page (art. 54-bis Consumer Code).

Name, order, e-mail; then what will be declared, with "Conferma recesso". Nothing here says whether there is such an
order: who comes from the page of an order has shown its link and finds all but the button filled in.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from catalog import wording
from core import inputs, keys, web
from core.doors import OPEN, door
from core.errors import NotFound, Refused
from orders import cooling_off, links, withdrawal_receipt, withdrawing
from orders.models import Order
from orders.withdrawing import Declaration
from shop import asking_who, blueprint
from shop.asking_who import Said

Answer = Response | str | tuple[str, int]
FIELDS = ("nome", "ordine", "email")
KEY = "withdrawal"  # the last one of this visit: its receipt can be read on the page too


@blueprint.get("/recesso")
@door(OPEN, "shop")
def withdrawal_page() -> str:
    return _form(Said(), None, "")


@blueprint.post("/recesso")
@door(OPEN, "shop")
@inputs.reads_raw
def withdraw() -> Answer:
    return _answer(None, "")


@blueprint.get("/ordini/<token>/recesso")
@door(OPEN, "shop")
def withdrawal_page_of_order(token: str) -> str:
    order = links.get_order(token)
    return _form(Said({"nome": order.customer, "ordine": order.number}), order, token)


@blueprint.post("/ordini/<token>/recesso")
@door(OPEN, "shop")
@inputs.reads_raw
def withdraw_from_order(token: str) -> Answer:
    return _answer(links.get_order(token), token)


@blueprint.get("/recesso/ricevuta")
@door(OPEN, "shop")
def withdrawal_receipt_page() -> Answer:
    """For this browser alone, until it is closed: to read and to print, also where the mail does not come."""
    try:
        found = withdrawing.get(session.get(KEY, 0))
    except NotFound:
        return redirect(url_for("shop.withdrawal_page"), 303)
    return render_template(
        "shop/withdrawn.html",
        found=found,
        when=withdrawal_receipt.when(found.declared_at),
        what_now=withdrawal_receipt.what_now(found),
        many_receipts=withdrawing.had_many_receipts(found),
    )


def _answer(order: Order | None, token: str) -> Answer:
    key = web.form_key_given()
    if declared := withdrawing.find_declared(key):
        return _show_receipt(declared.id)
    own = _own_email(order)
    fields = [name for name in FIELDS if name != "email" or not own]
    said = asking_who.read(request.form, *fields, known=order.customer if order else "")
    if request.form.get("azione") == "cambia":
        return _form(Said(said.typed), order, token)
    if not said.is_complete:
        return _form(said, order, token), Refused.status
    declaration = _declaration(said.typed, order, own)
    if request.form.get("azione") != "conferma":
        return _review(declaration, order, token, key)
    try:
        made = withdrawing.declare(
            declaration, key=key, language=web.language(), origin=asking_who.origin(), order=order
        )
    except Refused as refused:
        return _review(declaration, order, token, key, refused.sentence), refused.status
    return _show_receipt(made.id)


def _show_receipt(withdrawal_id: int) -> Response:
    session[KEY] = withdrawal_id
    return redirect(url_for("shop.withdrawal_receipt_page"), 303)


def _own_email(order: Order | None) -> str:
    """That of the order, where the field was left empty on the way from its page: it is shown masked (ruling 17)."""
    return (order.email or "") if order and not inputs.one_line(request.form.get("email")) else ""


def _declaration(typed: Mapping[str, str], order: Order | None, own: str) -> Declaration:
    chosen = withdrawing.choose(order, _chosen()) if order else []
    return Declaration(
        name=typed["nome"], number=typed["ordine"], email=own or typed["email"], is_masked=bool(own), lines=chosen
    )


def _chosen() -> list[int]:
    numbers = (inputs.whole_number(value) for value in request.form.getlist("riga"))
    return [number for number in numbers if number is not None]


def _form(said: Said, order: Order | None, token: str) -> str:
    return render_template(
        "shop/withdraw.html",
        said=said,
        messages=list(said.messages.items()),
        order=order,
        address=_address(token),
        lines=cooling_off.lines(order) if order else [],
        excluded=cooling_off.excluded(order) if order else [],
        chosen=_chosen(),
        why_excluded=withdrawal_receipt.excluded_words(),
        key=keys.new(),
        longest=asking_who.LONGEST,
    )


def _review(declaration: Declaration, order: Order | None, token: str, key: str, message: str = "") -> str:
    return render_template(
        "shop/withdraw_review.html",
        said=declaration,
        text=withdrawing.text_of(declaration),
        order=order,
        address=_address(token),
        key=key,
        message=message,
        names=[wording.name(line) for line in cooling_off.excluded(order)] if order else [],
        why_excluded=withdrawal_receipt.excluded_words(),
    )


def _address(token: str) -> str:
    return f"/ordini/{token}/recesso" if token else "/recesso"
