"""Vouchers: the coordinator issues them, prints them once, stops them and writes a lost one anew."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, formats
from core.doors import door
from core.errors import Conflict, Refused
from desk import blueprint, given, goods_story, keeping
from desk.keeping import Page
from orders import texts, vouchers
from people.capabilities import Capability

ROOM = "/banco/buoni"
PAPER = f"{ROOM}/carta"
USUAL = timedelta(days=180)
"""How long one is good for unless the coordinator says otherwise."""


@blueprint.get("/buoni")
@door(Capability.KEEP_VOUCHERS, "tutor")
def all_vouchers() -> str:
    return _page()


@blueprint.post("/buoni")
@door(Capability.KEEP_VOUCHERS, "tutor")
def issue_vouchers() -> Page:
    def deed(by: int) -> str:
        _require_printed()
        cents, last, many = (
            given.cents(request.form, "euro"),
            given.day(request.form, "giorno"),
            given.number(request.form, "quanti"),
        )
        return _to_print(vouchers.issue(cents, last, how_many=many, by=by))

    return keeping.do("nuovo", deed, lambda refused, _name: _page(refused))


@blueprint.get("/buoni/carta")
@door(Capability.KEEP_VOUCHERS, "tutor")
def paper_vouchers() -> str | Response:
    """Codes are kept nowhere: they can be seen here, in the browser that made them, until somebody has printed them."""
    printed = vouchers.still_true(session.get("vouchers", {}))
    if not printed:
        session.pop("vouchers", None)
        flash(_("Un buono si stampa una volta sola. Se la carta si perde, riscrivilo."))
        return redirect(ROOM, 303)
    return render_template(
        "desk/staff/vouchers_paper.html", printed=printed, seller=texts.seller(), long_day=formats.long_day
    )


@blueprint.post("/buoni/carta")
@door(Capability.KEEP_VOUCHERS, "tutor")
def have_printed_vouchers() -> Response:
    session.pop("vouchers", None)
    return redirect(ROOM, 303)


@blueprint.get("/buoni/<int:voucher_id>")
@door(Capability.KEEP_VOUCHERS, "tutor")
def one_voucher(voucher_id: int) -> str:
    return show(voucher_id)


@blueprint.post("/buoni/<int:voucher_id>/ferma")
@door(Capability.KEEP_VOUCHERS, "tutor")
def stop_voucher(voucher_id: int) -> Page:
    def deed(by: int) -> str:
        vouchers.void(voucher_id, by=by)
        flash(_("Fermo: adesso non paga più nulla."))
        return address(voucher_id)

    return keeping.do("ferma", deed, lambda refused, form: show(voucher_id, refused, form))


@blueprint.post("/buoni/<int:voucher_id>/riscrivi")
@door(Capability.KEEP_VOUCHERS, "tutor")
def write_voucher_anew(voucher_id: int) -> Page:
    """The paper is lost."""

    def deed(by: int) -> str:
        _require_printed()
        return _to_print([vouchers.write_anew(voucher_id, by=by)])

    return keeping.do("riscrivi", deed, lambda refused, form: show(voucher_id, refused, form))


@blueprint.post("/buoni/<int:voucher_id>/torna-indietro")
@door(Capability.KEEP_VOUCHERS, "tutor")
def undo_voucher(voucher_id: int) -> Page:
    return keeping.take_back(
        vouchers.get(voucher_id), address(voucher_id), lambda refused, form: show(voucher_id, refused, form)
    )


def show(voucher_id: int, refused: Refused | None = None, form: str = "") -> str:
    """The page of one: what is left on it, what used it, and how to stop it."""
    voucher = vouchers.get(voucher_id)
    return render_template(
        "desk/staff/voucher.html",
        voucher=voucher,
        state=vouchers.state(voucher),
        moves=vouchers.used(voucher),
        back=keeping.find_undo(voucher),
        told=goods_story.tell(voucher),
        refused=refused,
        form=form,
        long_day=formats.long_day,
    )


def address(voucher_id: int) -> str:
    return f"{ROOM}/{voucher_id}"


def _to_print(issued: list[vouchers.Issued]) -> str:
    """The codes wait in this browser alone, until somebody says that they are on paper."""
    session["vouchers"] = {str(each.voucher.id): each.code for each in issued}
    return PAPER


def _require_printed() -> None:
    """The browser keeps the codes of one printing: more of them it would silently drop. Raises Conflict."""
    if vouchers.still_true(session.get("vouchers", {})):
        raise Conflict(_("Prima stampa i buoni che hai fatto: sono ancora lì."))


def _page(refused: Refused | None = None) -> str:
    field = str(refused.details.get("field", "")) if refused else ""
    return render_template(
        "desk/staff/vouchers.html",
        room=vouchers.room(),
        waiting=bool(session.get("vouchers")),
        refused=refused,
        messages={field: refused.sentence} if refused and field else {},
        kept=request.form,
        usual=clock.today() + USUAL,
        first=clock.today() + timedelta(days=1),
        last=clock.today() + vouchers.LONGEST,
        most=vouchers.MOST_AT_ONCE,
        long_day=formats.long_day,
    )
