"""The inverses of what this room does (ruling 8), and the reasons where there is none."""

from __future__ import annotations

from flask_babel import gettext as _

from core.journal import Entry
from core.undo import Inverse
from orders import finding, handing_over, preparing


def _unline(entry: Entry, _by: int | None) -> None:
    preparing.reopen_line(entry.subject_id, entry.data["line"])


def _line_words(entry: Entry) -> str:
    line = finding.get_line(finding.get(entry.subject_id), entry.data["line"])
    return preparing.what_is(line)


INVERSES = {
    "line.taken": Inverse(_unline, _line_words),
    "line.weighed": Inverse(_unline, _line_words),
    "line.missing": Inverse(_unline, _line_words),
    "order.ready": Inverse(lambda entry, by: preparing.reopen(entry.subject_id), lambda entry: _("cassetta pronta")),
    "order.labelled": Inverse(lambda entry, by: preparing.unlabel(entry.subject_id), lambda entry: _("l'etichetta")),
    "order.cash_taken": Inverse(
        lambda entry, by: handing_over.give_cash_back(entry.subject_id, entry.data["payments"], by=by),
        lambda entry: _("i soldi"),
    ),
    "order.handed_over": Inverse(
        lambda entry, by: handing_over.take_crate_back(entry.subject_id), lambda entry: _("la consegna")
    ),
    "order.not_collected": Inverse(
        lambda entry, by: handing_over.wait_again(entry.subject_id), lambda entry: _("non è venuto")
    ),
}

WITHOUT = {
    "order.placed": "The citizen cancels it as a deed of its own, with a letter; nobody else places it back.",
    "order.cancelled": "Stock and place may be somebody else's by now; the citizen orders again.",
    "pickup.closed": "Numbers are on crates and never shift; late orders follow with the next number.",
}
