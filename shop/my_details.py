"""Name, phone and addresses that spare typing at the checkout. Nothing of it changes an order that was placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog.models import Place
from core import inputs
from core.doors import OPEN, door
from core.errors import Refused
from orders import citizens
from orders.citizens import CitizenAccount, CitizenAddress, Where
from shop import blueprint, coming_in
from shop.asking_who import Said

Answer = Response | str | tuple[str, int]

READ_DETAILS: dict[str, Callable[[str], str]] = {"nome": citizens.name_of, "telefono": citizens.phone_of}


@blueprint.get("/i-tuoi-ordini/per-ordinare")
@door(OPEN, "shop")
def my_details() -> Answer:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    return _page(account, Said({"nome": account.name, "telefono": account.phone}))


@blueprint.post("/i-tuoi-ordini/per-ordinare")
@door(OPEN, "shop")
@inputs.reads_raw
def save_details() -> Answer:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    said = _read(READ_DETAILS)
    if not said.is_complete:
        return _page(account, said), Refused.status
    citizens.save(account.id, said.typed["nome"], said.typed["telefono"])
    flash(_("Salvato. La prossima volta la cassa è già scritta."))
    return _back()


@blueprint.get("/i-tuoi-ordini/indirizzo")
@door(OPEN, "shop")
def new_address() -> Answer:
    return coming_in.to_entrance() if coming_in.find() is None else _address(Said())


@blueprint.post("/i-tuoi-ordini/indirizzo")
@door(OPEN, "shop")
@inputs.reads_raw
def add_address() -> Answer:
    return _keep(lambda account, where: citizens.add_address(account.id, where))


@blueprint.get("/i-tuoi-ordini/indirizzo/<int:address_id>")
@door(OPEN, "shop")
def my_address(address_id: int) -> Answer:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    found = citizens.find_address(account, address_id)
    return _address(Said({"via": found.street, "cap": found.postcode, "comune": found.municipality}), found.id)


@blueprint.post("/i-tuoi-ordini/indirizzo/<int:address_id>")
@door(OPEN, "shop")
@inputs.reads_raw
def change_address(address_id: int) -> Answer:
    return _keep(lambda account, where: citizens.change_address(account.id, address_id, where), address_id)


@blueprint.post("/i-tuoi-ordini/indirizzo/<int:address_id>/togli")
@door(OPEN, "shop")
def remove_address(address_id: int) -> Answer:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    citizens.remove_address(account.id, address_id)
    flash(_("L'indirizzo non c'è più."))
    return _back()


def for_checkout(account: CitizenAccount | None, place: Place | None) -> Mapping[str, str]:
    """The fields of the checkout as they may stand filled in; everything can be written over."""
    if account is None:
        return {}
    where = citizens.nearest_address(account, place)
    address = {"indirizzo": where.street, "cap": where.postcode, "comune": where.municipality} if where else {}
    return {"nome": account.name, "email": account.email, "telefono": account.phone, **address}


def _keep(deed: Callable[[CitizenAccount, Where], CitizenAddress], address_id: int = 0) -> Answer:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    said = _read(citizens.READ_ADDRESS)
    if request.form.get("azione") == "lingua":
        return _address(Said(said.typed), address_id)
    if not said.is_complete:
        return _address(said, address_id), Refused.status
    try:
        deed(account, Where(said.typed["via"], said.typed["cap"], said.typed["comune"]))
    except Refused as refused:
        return _address(said, address_id, refused.sentence), refused.status
    flash(_("Salvato. La prossima volta la cassa è già scritta."))
    return _back()


def _read(fields: Mapping[str, Callable[[str], str]]) -> Said:
    """What was typed stays as it was where it cannot be kept."""
    typed, messages = {}, {}
    for name, read in fields.items():
        raw = request.form.get(name, "")
        try:
            typed[name] = read(raw)
        except Refused as refused:
            typed[name], messages[name] = raw, refused.sentence
    return Said(typed, messages)


def _back() -> Response:
    return redirect(url_for("shop.my_details"), 303)


def _page(account: CitizenAccount, said: Said) -> str:
    return render_template(
        "shop/my_details.html",
        account=account,
        said=said,
        messages=list(said.messages.items()),
        longest=citizens.LONGEST,
        most=citizens.MOST_ADDRESSES,
    )


def _address(said: Said, address_id: int = 0, sentence: str = "") -> str:
    return render_template(
        "shop/my_address.html",
        said=said,
        messages=list(said.messages.items()),
        sentence=sentence,
        address_id=address_id,
        longest=citizens.LONGEST,
    )
