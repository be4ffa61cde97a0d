"""Today: who calls, who works, what is to be done. Nobody is compared with anybody."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, keys
from core.doors import door
from core.errors import Conflict
from core.web import form_key_given
from orders import finding, thanking, withdrawing
from people import asking, staff
from people.capabilities import Capability
from people.entering import me
from training import blueprint, entry_pages, frame, helping, working_pages


@blueprint.get("")
@door(Capability.SEE_PEOPLE, "tutor")
def today() -> str:
    day = clock.today()
    return render_template(
        "training/today.html",
        day=day,
        calls=helping.waiting(),
        asked=asking.waiting(),
        others=entry_pages.others(day),
        people=staff.on_shift(day),
        is_planned=bool(staff.planned(day)),
        to_prepare=len(finding.to_prepare()),
        to_hand_over=len(finding.to_hand_over()),
        handed_over=len(finding.done_on(day)),
        left_over=frame.left_over(),
        withdrawals=withdrawing.once(withdrawing.unsettled()) if me().can(Capability.KEEP_ORDERS) else [],
        thanks=thanking.how_many_wait() if me().can(Capability.KEEP_ORDERS) else 0,
        at_work=working_pages.at_work(),
    )


@blueprint.post("/chiamate/<int:call_id>")
@door(Capability.SEE_PEOPLE, "machine")
def answer_call(call_id: int) -> Response:
    """A tutor has come. When another one was faster, the page says so and nothing else happens."""
    try:
        keys.once(form_key_given(), lambda: helping.answer(call_id, by=me()))
    except Conflict as refused:
        flash(refused.sentence)
    else:
        flash(_("Segnato: con questa persona ci sei tu."))
    return redirect("/tutor", 303)
