"""The inverses of what this room does (ruling 8), and the reasons where there is none."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import products, standing, wording
from core.formats import easy_weight
from core.journal import Entry
from core.undo import Inverse
from orders import (
    departures,
    drawers,
    finding,
    giving_back,
    handing_over,
    harvesting,
    passing,
    preparing,
    receipts,
    rescheduling,
    rewriting,
    seller_data,
    substituting,
    thanking,
    vouchers,
    withdrawing,
)
from people import staff


def _unline(entry: Entry, _by: int | None) -> None:
    preparing.reopen_line(entry.subject_id, entry.data["line"])


def _unsubstitute(entry: Entry, _by: int | None) -> None:
    substituting.take_back(entry.subject_id, entry.data["line"], entry.data["other"])


def _unreweigh(entry: Entry, _by: int | None) -> None:
    preparing.weigh_back(entry.subject_id, entry.data["line"], *entry.data["before"])


def _uncrates(entry: Entry, by: int | None) -> None:
    preparing.restore_crates(entry.subject_id, entry.data["after"], entry.data["before"])


def _unpaid(entry: Entry, by: int | None) -> None:
    handing_over.give_money_back(entry.subject_id, entry.data["payments"], by=by)


def _unrefund(entry: Entry, by: int | None) -> None:
    giving_back.take_back(entry.subject_id, entry.data["refunds"], entry.data["payments"], by=by)


def _unreceipt(entry: Entry, _by: int | None) -> None:
    data = entry.data
    receipts.put_back(entry.subject_id, data["payment"], expected=data["after"], before=data["before"])


def _unarrive(entry: Entry, by: int | None) -> None:
    data = entry.data
    harvesting.take_back_arrival(
        entry.subject_id,
        data["product"],
        expected=data["arrived"],
        before=data["before"],
        emptied=data["emptied"],
        by=by,
    )


def _call_on(entry: Entry, by: int | None) -> None:
    data = entry.data
    rescheduling.call_on(
        entry.subject_id,
        data["orders"],
        data["credits"],
        of_vouchers=data.get("vouchers"),
        lost=data.get("lost"),
        by=by,
    )


def _move_back(entry: Entry, _by: int | None) -> None:
    names, names_en = entry.data["names"], entry.data.get("names_en", {})
    rescheduling.move_back(entry.subject_id, entry.data["before"], entry.data["after"], names, names_en)


def _line_words(entry: Entry) -> str:
    line = finding.get_line(finding.get(entry.subject_id), entry.data["line"])
    return preparing.what_is(line)


def _other_words(entry: Entry) -> str:
    line = finding.get_line(finding.get(entry.subject_id), entry.data["other"])
    return preparing.what_is(line)


def _arrival_words(entry: Entry) -> str:
    product = products.by_ids([entry.data["product"]])[entry.data["product"]]
    name = wording.name(product)
    return _("il raccolto: %(name)s", name=name[:1].lower() + name[1:])


def _passed_words(entry: Entry) -> str:
    to = entry.data["to"]
    name = staff.names({to}).get(to, "").split(" ")[0]
    return _("la cassetta %(number)s a %(name)s", number=finding.get(entry.subject_id).crate, name=name)


def _taken_over_words(entry: Entry) -> str:
    return _("la cassetta %(number)s", number=finding.get(entry.subject_id).crate)


INVERSES = {
    "line.taken": Inverse(_unline, _line_words),
    "line.weighed": Inverse(_unline, _line_words),
    "line.short": Inverse(_unline, _line_words),
    "line.missing": Inverse(_unline, _line_words),
    "line.reweighed": Inverse(
        _unreweigh, lambda entry: _("il peso: %(weight)s", weight=easy_weight(entry.data["grams"]))
    ),
    "line.substituted": Inverse(_unsubstitute, _other_words),
    "order.ready": Inverse(
        lambda entry, by: preparing.reopen(entry.subject_id, entry.data.get("credit", []), by=by),
        lambda entry: _("cassetta pronta"),
    ),
    "order.labelled": Inverse(lambda entry, by: preparing.unlabel(entry.subject_id), lambda entry: _("l'etichetta")),
    "order.crates": Inverse(
        _uncrates, lambda entry: ngettext("%(num)s cassetta", "%(num)s cassette", entry.data["after"])
    ),
    "order.cash_taken": Inverse(_unpaid, lambda entry: _("i soldi")),
    "order.card_taken": Inverse(_unpaid, lambda entry: _("il pagamento con la carta")),
    "order.handed_over": Inverse(
        lambda entry, by: handing_over.take_crate_back(entry.subject_id), lambda entry: _("la consegna")
    ),
    "order.not_collected": Inverse(
        lambda entry, by: handing_over.wait_again(
            entry.subject_id, entry.data.get("credit", 0), of_vouchers=entry.data.get("vouchers", 0), by=by
        ),
        lambda entry: _("non è venuto"),
    ),
    "order.refunded": Inverse(_unrefund, lambda entry: _("i soldi ridati")),
    "order.receipt_noted": Inverse(_unreceipt, lambda entry: _("il numero dello scontrino")),
    "task.passed": Inverse(lambda entry, by: passing.take_back(entry.subject_id), _passed_words, is_aside=True),
    "task.taken_over": Inverse(lambda entry, by: passing.take_back(entry.subject_id), _taken_over_words, is_aside=True),
    "harvest.arrived": Inverse(_unarrive, _arrival_words),
    "drawer.counted": Inverse(
        lambda entry, by: drawers.uncount(entry.subject_id, entry.data, by=by), lambda entry: _("la conta della cassa")
    ),
    "voucher.issued": Inverse(lambda entry, _by: vouchers.unissue(entry.subject_id), lambda entry: _("il buono nuovo")),
    "voucher.voided": Inverse(
        lambda entry, _by: vouchers.revive(entry.subject_id), lambda entry: _("il buono fermato")
    ),
    "text.changed": Inverse(
        lambda entry, by: rewriting.put_back(entry.subject_id, entry.data.get("after"), entry.data["before"]),
        lambda entry: _("il nuovo testo"),
    ),
    "seller.changed": Inverse(
        lambda entry, by: seller_data.restore(entry.data["after"], entry.data["before"]),
        lambda entry: _("i nostri dati"),
    ),
    "letter.stopped": Inverse(
        lambda entry, by: departures.release(entry.subject_id), lambda entry: _("la lettera che non doveva partire")
    ),
    "withdrawal.answered": Inverse(
        lambda entry, by: withdrawing.take_back_answer(
            entry.subject_id, entry.data["answer"], entry.data.get("also", ())
        ),
        lambda entry: _("la risposta al recesso"),
    ),
    "thanks.decided": Inverse(
        lambda entry, by: thanking.decide_again(entry.subject_id), lambda entry: _("la scelta su un grazie")
    ),
    "pickup.called_off": Inverse(_call_on, lambda entry: _("il ritiro che non si fa"), standing.hold),
    "pickup.moved": Inverse(_move_back, lambda entry: _("il ritiro spostato"), standing.hold),
}

WITHOUT = {
    "order.placed": "The citizen cancels it as a deed of its own, with a letter; nobody else places it back.",
    "order.changed": "It is changed again, by the citizen or on the phone; goods let go may be somebody else's by now.",
    "order.collector_changed": "It is written again; names of citizens are not kept in the journal.",
    "order.email_changed": "It is put right again; addresses of citizens are not kept in the journal.",
    "order.forgotten": "There is nothing left to bring it back from: that is why a citizen is asked twice.",
    "citizen.erased": "There is nothing left to bring it back from: that is why a citizen is asked twice.",
    "withdrawal.declared": "It is the citizen's right and their proof: it stays as it was made (art. 54-bis).",
    "waiting.asked": "Who waits takes themselves off by the link in the letter; addresses are not kept in the journal.",
    "waiting.left": "The address is gone; whoever wants to wait again writes it again.",
    "thanks.written": "The citizen takes it back as a deed of their own, until it is let through.",
    "thanks.taken_back": "The words are gone; whoever wants to say thank you writes it again.",
    "order.cancelled": "Stock and place may be somebody else's by now; the citizen orders again.",
    "order.expected_again": "Whoever does not come after all is marked as not collected again.",
    "letter.tried_again": "It only brings the next try forward.",
    "voucher.written_anew": "The old paper may be in anybody's hands: it is written anew once more.",
    "line.weighed_twice": "It only keeps a second number; choosing one of the two is a deed of its own.",
    "pickup.closed": "Numbers are on crates and never shift; late orders follow with the next number.",
}

WALLS = (
    *("order.placed", "order.changed", "order.cancelled", "order.expected_again", "order.forgotten", "pickup.closed"),
)
"""After these a deed of before would meet another order, or another pick-up, than the one that it was done on."""
