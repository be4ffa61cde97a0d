"""What each form of the house may do: the table of write routes, and the watch that keeps it true.

A page changes nothing and has no row. A form has a row with the deeds that it can do, as the journal calls them, or it
says why it does none. The watch compares every deed of every test with the row of the form that was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, has_request_context, request
from sqlalchemy import event

from core.journal import Entry

UNDONE = ".undone"
SENT = {"POST", "PUT", "PATCH", "DELETE"}


def back(*deeds: str) -> set[str]:
    """Each of these is taken back. That is a deed of its own, named after the one that it takes back."""
    return {f"{deed}{UNDONE}" for deed in deeds}


# --- what is done, and taken back, in more than one place

TO_A_LINE = {"line.taken", "line.weighed", "line.short", "line.missing", "line.reweighed", "line.substituted"}
TO_A_CRATE = {*TO_A_LINE, "order.ready", "order.labelled", "order.crates"}
AT_THE_COUNTER = {"order.cash_taken", "order.card_taken", "order.handed_over", "order.not_collected"}
TO_AN_ORDER = {*TO_A_CRATE, *AT_THE_COUNTER, "order.refunded", "order.receipt_noted"}
AT_THE_SHELVES = {"stock.counted", "product.priced"}
ASKED_FOR = {*AT_THE_COUNTER, *AT_THE_SHELVES}
TO_A_PRODUCT = {*AT_THE_SHELVES, "stock.offered", "product.described", "product.sale_set", "product.picture_set"}
TO_A_PICKUP = {"pickup.capacity_set", "pickup.called_off", "pickup.moved", "harvest.arrived"}
TO_THE_CALENDAR = {"pickup_rule.added", "pickup_rule.ended", "week.closed"}
TO_A_FIELD = {"field.renamed", "field.moved", "distance.confirmed"}
TO_A_PLACE = {"place.changed", "place.fee_set", "place.minimum_set", "zone.added", "zone.removed"}
TO_A_CONTAINER = {"container.renamed", "container.tare_set"}
TO_THE_VAT = {"vat.rate_set", "vat.renamed"}
TO_A_PERSON = {"person.changed", "person.left", "person.returned", "support.changed"}
A_PRACTICE = {
    "product.created",
    "stock.offered",
    "pickup.scheduled",
    "order.placed",
    "pickup.closed",
    "line.taken",
    "line.weighed",
    "order.ready",
    "order.labelled",
    "drawer.counted",
}
"""A whole shop of one's own, invented."""

# --- the forms, by who uses them

CITIZENS = {
    "shop.place_order": {"order.placed"},
    "shop.change_order": {"order.changed"},
    "shop.say_who_comes": {"order.collector_changed"},
    "shop.cancel_order": {"order.cancelled"},
    "shop.correct_email": {"order.email_changed"},
    "shop.withdraw": {"withdrawal.declared"},
    "shop.withdraw_from_order": {"withdrawal.declared"},
    "shop.ask_for_place": {"waiting.asked"},
    "shop.wait_no_more": {"waiting.left"},
    "shop.write_thanks": {"thanks.written"},
    "shop.take_thanks_back": {"thanks.taken_back"},
    "shop.erase_me": {"order.forgotten", "citizen.erased"},
}

COMING_IN = {
    "desk.come_in": {"person.signed_in"},
    "desk.read_badge": {"person.signed_in"},
    "desk.come_in_with_badge": {"person.signed_in"},
    "desk.ask": {"entry.asked"},
    "desk.look": {"person.signed_in"},
    "desk.go_out": {"person.signed_out"},
    "training.enter": {"person.signed_in"},
    "training.accept": {"invitation.accepted", "person.signed_in"},
    "training.leave": {"person.signed_out"},
}

AT_THE_DESK = {
    # a crate is prepared
    "desk.take": {"line.taken"},
    "desk.weigh": {"line.weighed", "line.weighed_twice"},
    "desk.choose_own": {"line.reweighed"},
    "desk.miss": {"line.missing"},
    "desk.pack_less": {"line.short"},
    "desk.put_another": {"line.substituted"},
    "desk.finish": {"order.ready"},
    "desk.count_crates": {"order.crates"},
    "desk.put_label": {"order.labelled"},
    "desk.pass_on": {"task.passed"},
    "desk.have_back": back("task.passed"),
    # a crate is handed over
    "desk.find_by_number": {"help.called"},
    "desk.find_by_label": {"help.called"},
    "desk.take_cash": {"order.cash_taken"},
    "desk.take_cash_and_give_change": {"order.cash_taken"},
    "desk.take_card": {"order.card_taken"},
    "desk.give": {"order.handed_over"},
    "desk.nobody_came": {"order.not_collected"},
    "desk.keep_count": {"drawer.counted"},
    # the harvest and the shelves
    "desk.arrive": {"harvest.arrived"},
    "desk.count": {"stock.counted", "proposal.made"},
    "desk.set_price": {"product.priced", "proposal.made"},
    "desk.undo_at_shelves": back(*AT_THE_SHELVES),
    "desk.undo_last": back(*TO_AN_ORDER, *TO_A_PICKUP, "drawer.counted"),
    # a tutor's yes
    "desk.ask_for_crate": {"proposal.made"},
    "desk.take_back": back("proposal.made"),
    "desk.have_read": {"proposal.told"},
    "desk.call": {"help.called"},
    # oneself
    "desk.more_guide": {"support.changed"},
    "desk.letters_as_i_like": {"person.changed"},
    "desk.pictures_as_i_like": {"person.changed"},
    "desk.voice_as_i_like": {"person.changed"},
    "desk.undo_my_choice": back("person.changed", "support.changed"),
    "desk.begin": A_PRACTICE,
}

STAFF_AT_THE_DESK = {
    # orders
    "desk.place_by_phone": {"order.placed"},
    "desk.change_for_somebody": {"order.changed"},
    "desk.change_collector_of_order": {"order.collector_changed"},
    "desk.cancel_order": {"order.cancelled"},
    "desk.count_crates_of_order": {"order.crates"},
    "desk.note_order_not_collected": {"order.not_collected"},
    "desk.expect_order_again": {"order.expected_again"},
    "desk.note_receipt_of_order": {"order.receipt_noted"},
    "desk.give_back_for_order": {"order.refunded"},
    "desk.undo_on_order": back(*TO_AN_ORDER),
    # what is left after a pick-up
    "desk.note_left_over_not_collected": {"order.not_collected"},
    "desk.own_up_to_order": {"order.cancelled"},
    "desk.undo_left_over": back("order.not_collected"),
    # withdrawals
    "desk.answer_withdrawal": {"withdrawal.answered"},
    "desk.undo_answer": back("withdrawal.answered"),
    # what citizens wrote to those who prepared a crate
    "desk.let_thanks_through": {"thanks.decided"},
    "desk.keep_thanks_back": {"thanks.decided"},
    "desk.undo_thanks": back("thanks.decided"),
    # letters
    "desk.stop_letter": {"letter.stopped"},
    "desk.send_all_the_same": back("letter.stopped"),
    "desk.try_letter_again": {"letter.tried_again"},
    # pick-ups and their rules; where a rule wants a pick-up again it is there at once
    "desk.schedule": {"pickup.scheduled"},
    "desk.set_capacity": {"pickup.capacity_set"},
    "desk.move": {"pickup.moved"},
    "desk.call_off": {"pickup.called_off"},
    "desk.undo_pickup": back(*TO_A_PICKUP),
    "desk.add_rule": {"pickup_rule.added", "pickup.planned"},
    "desk.end_rule": {"pickup_rule.ended"},
    "desk.undo_rule": {*back("pickup_rule.added", "pickup_rule.ended"), "pickup.planned"},
    "desk.close_week": {"week.closed"},
    "desk.open_week": {"week.opened", "pickup.planned"},
    "desk.undo_week": {*back("week.closed"), "pickup.planned"},
    # products
    "desk.add_product": {"product.created"},
    "desk.describe_product": {"product.described"},
    "desk.price_product": {"product.priced"},
    "desk.count_product": {"stock.counted"},
    "desk.expect_harvest": {"stock.offered"},
    "desk.put_product_on_sale": {"product.sale_set"},
    "desk.write_list": {"product.created", "product.described", "product.priced", "product.sale_set"},
    "desk.put_photograph": {"product.picture_set"},
    "desk.take_photograph_away": {"product.picture_set"},
    "desk.undo_product": back(*TO_A_PRODUCT),
    # fields, places, bowls
    "desk.add_field": {"field.added"},
    "desk.rename_field": {"field.renamed"},
    "desk.move_field": {"field.moved"},
    "desk.confirm_distance": {"distance.confirmed"},
    "desk.undo_field": back(*TO_A_FIELD),
    "desk.add_place": {"place.added"},
    "desk.change_place": {"place.changed"},
    "desk.set_fee": {"place.fee_set"},
    "desk.set_minimum": {"place.minimum_set"},
    "desk.add_zone": {"zone.added"},
    "desk.remove_zone": {"zone.removed"},
    "desk.undo_place": back(*TO_A_PLACE),
    "desk.add_container": {"container.added"},
    "desk.rename_container": {"container.renamed"},
    "desk.set_tare": {"container.tare_set"},
    "desk.undo_container": back(*TO_A_CONTAINER),
    # VAT
    "desk.add_vat": {"vat.added"},
    "desk.set_vat_rate": {"vat.rate_set"},
    "desk.rename_vat": {"vat.renamed"},
    "desk.undo_vat": back(*TO_THE_VAT),
    "desk.issue_vouchers": {"voucher.issued"},
    "desk.stop_voucher": {"voucher.voided"},
    "desk.write_voucher_anew": {"voucher.written_anew"},
    "desk.undo_voucher": back("voucher.issued", "voucher.voided"),
    # words and data of the farm
    "desk.save_text": {"text.changed"},
    "desk.back_to_our_words": {"text.changed"},
    "desk.undo_text": back("text.changed"),
    "desk.save_farm_data": {"seller.changed"},
    "desk.undo_farm_data": back("seller.changed"),
    # the diary: whatever has a way back
    "desk.undo_in_diary": {
        *back(*TO_AN_ORDER, *TO_A_PRODUCT, *TO_A_PICKUP, *TO_THE_CALENDAR, *TO_A_FIELD, *TO_A_PLACE, *TO_A_CONTAINER),
        *back(*TO_THE_VAT, *TO_A_PERSON, "shift.planned", "device.renamed"),
        *back("drawer.counted", "text.changed", "seller.changed", "letter.stopped", "proposal.made"),
        *back("thanks.decided"),
        *back("withdrawal.answered"),
        "pickup.planned",
    },
}

TUTORS = {
    # who asks
    "training.answer_call": {"help.answered"},
    "training.say_yes": {"entry.granted"},
    "training.say_not_now": {"entry.put_off"},
    "training.end_pause": {"pause.ended"},
    "training.agree": {"proposal.agreed", *ASKED_FOR},
    "training.decline": {"proposal.declined"},
    "training.take_deed_back": back(*ASKED_FOR),
    "training.take_over": {"task.taken_over"},
    "training.give_back": {"task.passed", *back("task.taken_over")},
    # people
    "training.add_person": {"person.added"},
    "training.save_person": {"person.changed"},
    "training.support": {"support.changed"},
    "training.end_time": {"person.left"},
    "training.bring_back": {"person.returned"},
    "training.undo_on_person": back(*TO_A_PERSON),
    "training.give": {"grant.given"},
    "training.withdraw": {"grant.withdrawn"},
    "training.invite": {"invitation.made"},
    "training.end_time_of_staff": {"person.left"},
    "training.bring_back_staff": {"person.returned"},
    # shifts
    "training.let_work": {"shift.planned"},
    "training.plan_shift": {"shift.planned"},
    "training.plan_week": {"shift.planned"},
    "training.copy_week": {"shift.planned"},
    "training.undo_shifts": back("shift.planned"),
    # badges, tablets, voices
    "training.make": {"badge.made"},
    "training.lose_badge": {"badge.voided"},
    "training.enrol": {"device.enrolled"},
    "training.rename": {"device.renamed"},
    "training.set_scale": {"device.scale_set"},
    "training.void": {"device.voided"},
    "training.record": {"voice.recorded"},
    "training.remove": {"voice.removed"},
}

IN_THE_DEMO = {
    "demo.tablet": {"device.enrolled"},
    "demo.show_badge": {"device.enrolled", "person.signed_in"},
    "demo.set_scale": {"device.enrolled", "device.scale_set"},
}

DEEDS: dict[str, set[str]] = CITIZENS | COMING_IN | AT_THE_DESK | STAFF_AT_THE_DESK | TUTORS | IN_THE_DEMO

NOTHING = {
    "desk.have_printed_vouchers": "Only this browser forgets the codes that it has shown.",
    "shop.choose_pickup": "Only this browser remembers for which pick-up somebody looks.",
    "shop.add_to_basket": "A basket is kept by the browser; nothing is promised before the order.",
    "shop.change_basket": "A basket is kept by the browser; nothing is promised before the order.",
    "shop.order_again": "A basket is kept by the browser; nothing is promised before the order.",
    "shop.find_order_again": "A link goes by mail to whom it belongs; whether there is one is told to nobody.",
    "shop.ask_for_link": "A link goes by mail to the address that was written, whoever has ordered with it.",
    "shop.come_in": "The session and the account say that a citizen has come in; when they come is nobody's business.",
    "shop.go_out": "The session and the account say that a citizen has gone out; when they go is nobody's business.",
    "shop.open_order": "An order gets one more secret address, as with every letter about it.",
    "shop.save_details": "A citizen's own name and phone for the next time: no order changes, and no journal has them.",
    "shop.add_address": "A citizen's own address for the next time: no order changes, and no journal has it.",
    "shop.change_address": "A citizen's own address for the next time: no order changes, and no journal has it.",
    "shop.remove_address": "A citizen's own address for the next time: no order changes, and no journal has it.",
    "desk.put_thanks_away": "That somebody has read a thank-you is kept beside it, in no journal: no evidence of it.",
    "desk.take_thanks_out": "It is to be read once more; that it was read was in no journal.",
    "desk.end": "Only the session says that somebody practises; the invented crates stay as they are.",
    "desk.look_at_draft": "A look at words that are not kept: they are long, so they come as a form.",
    "desk.look_through_list": "A list of products is looked through; only the next button writes it.",
    "desk.ask_paper": "A paper is printed from what is there; it is made again at the next wish.",
    "training.enter_again": "It shows the way in, and carries the form that came too late along.",
}
"""Forms that do no deed, each with what they do."""

# --- the watch

strays: list[tuple[str, str]] = []
"""(endpoint, action) that no row names, since somebody last asked."""


def watch() -> None:
    """From now on every deed is compared with the row of its form. One that is rolled back before was none."""
    event.listen(Entry, "after_insert", lambda _mapper, _connection, entry: _compare(entry.action))


def take_strays() -> list[tuple[str, str]]:
    """What was noticed since the last time, each once."""
    found = sorted(set(strays))
    strays.clear()
    return found


@contextmanager
def by_somebody_else() -> Iterator[None]:
    """What a test lets happen in the midst of a form that was sent: it is no deed of that form."""
    before = len(strays)
    yield
    del strays[before:]


def write_routes(app: Flask) -> set[str]:
    """Endpoints of all that is sent by a form."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) & SENT}


def _compare(action: str) -> None:
    if has_request_context() and action not in DEEDS.get(request.endpoint or "", set()):
        strays.append((request.endpoint or "", action))
