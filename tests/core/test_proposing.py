"""Proposals: nothing without a yes, at most once with one, and whose work it was is never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import products, stock
from catalog.models import Product
from core import journal, proposing, undo
from core.database import db
from core.errors import Conflict, NotAllowed, Refused
from core.proposing import AlreadyAnswered, AlreadyAsked, Proposal, Stale
from orders import handing_over, proposals, shelves
from people import staff
from people.capabilities import Capability, Role
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")


def price(product: Product, cents: int, by: Person) -> Proposal:
    return proposals.price(product, cents, expected=product.price, by=by.id, device=None)


def again(proposal: Proposal) -> Proposal:
    make.fresh(proposal)
    return proposing.get(proposal.id)


def price_of(product: Product) -> int:
    make.fresh(product)
    return products.get(product.id).price


def deeds(subject: Any) -> list[tuple[str, int | None]]:
    make.fresh(subject)
    return [(entry.action, entry.person_id) for entry in journal.entries(subject, newest_first=False)]


def test_a_proposal_alone_changes_nothing_of_what_it_is_about() -> None:
    anna, honey = make.person("Anna"), make.honey()
    before = deeds(honey)
    proposal = price(honey, 900, anna)
    assert (price_of(honey), deeds(honey)) == (850, before)
    assert deeds(proposal) == [("proposal.made", anna.id)]
    assert [each.id for each in proposing.waiting()] == [proposal.id]


def test_a_yes_does_the_deed_in_the_name_of_whoever_proposed_it_and_keeps_who_agreed() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey()
    with journal.context(device=7, support_shown=2):
        proposal = price(honey, 900, anna)
    with journal.context(device=8, support_shown=0):
        proposing.agree(proposal.id, by=rita)
    assert price_of(honey) == 900
    entry = journal.entries(honey)[0]
    assert (entry.action, entry.person_id) == ("product.priced", anna.id)
    facts = {"device": 7, "support_shown": 2, "proposal": proposal.id, "agreed_by": rita.id}
    assert {name: entry.context[name] for name in facts} == facts
    assert deeds(proposal)[-1] == ("proposal.agreed", rita.id)
    assert (again(proposal).answer, again(proposal).answered_by_id) == ("yes", rita.id)
    assert proposing.waiting() == []


def test_a_second_yes_and_every_other_answer_after_it_change_nothing() -> None:
    anna, rita, sandro, honey = make.person("Anna"), make.tutor("Rita"), make.tutor("Sandro"), make.honey()
    proposal = price(honey, 900, anna)
    proposing.agree(proposal.id, by=rita)
    before = deeds(honey), deeds(proposal)
    for answer in (
        lambda: proposing.agree(proposal.id, by=sandro),
        lambda: proposing.agree(proposal.id, by=rita),
        lambda: proposing.decline(proposal.id, "later", by=sandro),
    ):
        with pytest.raises(AlreadyAnswered):
            answer()
    with pytest.raises(Conflict):
        proposing.take_back(proposal.id, by=anna.id)
    assert (deeds(honey), deeds(proposal)) == before
    assert again(proposal).answered_by_id == rita.id


def test_a_no_has_a_prepared_reason_and_does_nothing() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey()
    proposal = price(honey, 900, anna)
    with pytest.raises(Refused):
        proposing.decline(proposal.id, "perché no", by=rita)
    assert again(proposal).is_open
    proposing.decline(proposal.id, "together", by=rita)
    assert (price_of(honey), again(proposal).answer, again(proposal).reason) == (850, "no", "together")
    with pytest.raises(AlreadyAnswered):
        proposing.agree(proposal.id, by=rita)
    assert price(honey, 900, anna).is_open  # it can be proposed again


def test_only_the_staff_agree_and_only_to_what_they_may_do_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, honey = make.person("Anna"), make.honey()
    granted = make.person("Dario", can=(Capability.SET_PRICE,))
    proposal = price(honey, 900, anna)
    rita = make.tutor("Rita")
    for nobody in (anna, granted):
        with pytest.raises(NotAllowed):
            proposing.agree(proposal.id, by=nobody)
        with pytest.raises(NotAllowed):
            proposing.decline(proposal.id, "later", by=nobody)
    monkeypatch.setattr(Person, "can", lambda person, capability: capability != Capability.SET_PRICE)
    with pytest.raises(NotAllowed):
        proposing.agree(proposal.id, by=rita)
    monkeypatch.undo()
    assert (price_of(honey), again(proposal).answer) == (850, "open")
    proposing.agree(proposal.id, by=make.person("Teresa", Role.COORDINATOR))
    assert price_of(honey) == 900


def test_the_same_question_waits_once() -> None:
    anna, bruno, honey = make.person("Anna"), make.person("Bruno"), make.honey()
    price(honey, 900, anna)
    for who, cents in ((anna, 900), (anna, 910), (bruno, 920)):
        with pytest.raises(AlreadyAsked):
            price(honey, cents, who)
    assert proposals.count(honey, 12, by=bruno.id, device=None).is_open  # another question about the same thing
    assert len(proposing.waiting()) == 2


def test_what_changed_meanwhile_is_told_and_stays_as_it_is() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey()
    proposal = price(honey, 900, anna)
    products.set_price(honey.id, 870, by=rita.id)
    assert proposing.stale(proposing.waiting()) == {proposal.id}
    with pytest.raises(Stale):
        proposing.agree(proposal.id, by=rita)
    assert (price_of(honey), again(proposal).answer) == (870, "open")
    proposing.decline(proposal.id, proposing.CHANGED, by=rita)
    assert again(proposal).reason == "changed"


def test_a_page_that_stood_open_proposes_nothing_about_another_price() -> None:
    anna, honey = make.person("Anna"), make.honey()
    products.set_price(honey.id, 870)
    with pytest.raises(Stale):
        proposals.price(products.get(honey.id), 900, expected=850, by=anna.id, device=None)
    assert proposing.waiting() == []


def test_only_whoever_proposed_it_takes_it_back_and_may_then_propose_anew() -> None:
    anna, bruno, rita, honey = make.person("Anna"), make.person("Bruno"), make.tutor("Rita"), make.honey()
    proposal = price(honey, 900, anna)
    with pytest.raises(NotAllowed):
        proposing.take_back(proposal.id, by=bruno.id)
    assert proposing.take_back(proposal.id, by=anna.id) == "miele di acacia, 9 euro"
    assert again(proposal).answer == "taken_back"
    assert deeds(proposal) == [("proposal.made", anna.id), ("proposal.made.undone", anna.id)]
    with pytest.raises(AlreadyAnswered):
        proposing.agree(proposal.id, by=rita)
    with pytest.raises(Conflict):
        proposing.take_back(proposal.id, by=anna.id)
    assert price_of(honey) == 850
    assert price(honey, 910, anna).is_open


def test_the_way_back_from_a_yes_is_the_undo_of_the_deed() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey()
    proposal = price(honey, 900, anna)
    proposing.agree(proposal.id, by=rita)
    assert undo.offer(proposal) is None
    undo.undo_last(honey, by=rita.id)
    assert price_of(honey) == 850


def test_an_answer_is_told_until_it_was_read_and_only_to_whom_it_belongs() -> None:
    anna, bruno, rita = make.person("Anna"), make.person("Bruno"), make.tutor("Rita")
    first, second = price(make.honey(), 900, anna), price(make.chard(), 200, anna)
    assert proposing.untold(anna.id) == []
    proposing.told(first.id, by=anna.id)  # nothing to be read yet
    proposing.agree(first.id, by=rita)
    proposing.decline(second.id, "look", by=rita)
    assert [each.id for each in proposing.untold(anna.id)] == [first.id, second.id]
    assert proposing.untold(bruno.id) == []
    with pytest.raises(NotAllowed):
        proposing.told(first.id, by=bruno.id)
    for _twice in range(2):
        proposing.told(first.id, by=anna.id)
    assert [each.id for each in proposing.untold(anna.id)] == [second.id]
    assert [action for action, _who in deeds(first)].count("proposal.told") == 1


def test_a_yes_whose_deed_is_refused_is_no_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey()
    proposal = price(honey, 900, anna)

    def refuse(*_given: object, **_more: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(products, "set_price", refuse)
    with pytest.raises(Refused):
        proposing.agree(proposal.id, by=rita)
    assert again(proposal).is_open
    assert deeds(proposal) == [("proposal.made", anna.id)]


# --- what is counted


def test_a_count_takes_off_what_crates_wait_for_and_stands_beside_what_is_sold_meanwhile() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey(left=20)
    make.order(make.wish(honey, 5))
    assert shelves.should_be([products.get(honey.id)]) == {honey.id: 20}
    proposal = proposals.count(products.get(honey.id), 18, by=anna.id, device=None)
    make.order(make.wish(honey, 3))
    proposing.agree(proposal.id, by=rita)
    make.fresh(honey)
    assert (products.get(honey.id).left, stock.ledger_sum(honey.id)) == (10, 10)  # 18 there, 8 promised


def test_a_count_after_another_count_is_stale() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey(left=20)
    proposal = proposals.count(honey, 18, by=anna.id, device=None)
    shelves.count(honey.id, 19, by=rita.id)
    with pytest.raises(Stale):
        proposing.agree(proposal.id, by=rita)
    assert products.get(honey.id).left == 19


def test_less_than_is_promised_leaves_nothing_to_promise() -> None:
    anna, rita, honey = make.person("Anna"), make.tutor("Rita"), make.honey(left=6)
    make.order(make.wish(honey, 5))
    proposing.agree(proposals.count(products.get(honey.id), 2, by=anna.id, device=None).id, by=rita)
    make.fresh(honey)
    assert products.get(honey.id).left == 0


# --- never without a yes: any sequence, beside a twin that only does what was agreed

MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["price", "count", "agree", "decline", "back", "told", "tutor prices", "tutor counts", "order"]
        ),
        st.integers(0, 3),
        st.integers(1, 30),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_happens_only_what_was_agreed_takes_effect_and_at_most_once(
    app: Flask, moves: list[tuple[str, int, int]]
) -> None:
    from tests.conftest import empty_database

    empty_database()
    Twins(app).run(moves)


class Twins:
    """One shop in which people propose, and a model that knows nothing but agreed deeds and those of tutors."""

    def __init__(self, app: Flask) -> None:
        self.anna, self.rita = make.person("Anna"), make.tutor("Rita")
        self.goods = [make.honey(left=50), make.product("riso", perishable=False, left=50)]
        self.model = {product.id: [product.price, 50] for product in self.goods}  # price, left
        self.made: list[int] = []
        self.agreed: set[int] = set()

    def run(self, moves: list[tuple[str, int, int]]) -> None:
        for name, which, number in moves:
            getattr(self, f"_{name.replace(' ', '_')}")(which, number)
            self.check()

    def check(self) -> None:
        for product_id, expected in self.model.items():
            make.fresh(None)
            product = products.get(product_id)
            assert [product.price, product.left] == expected
            assert stock.ledger_sum(product_id) == product.left
        entries = [entry for product in self.goods for entry in journal.entries(product)]
        done = [entry.context["proposal"] for entry in entries if "proposal" in entry.context]
        assert sorted(done) == sorted(self.agreed)

    def _product(self, which: int) -> Product:
        make.fresh(None)
        return products.get(self.goods[which % 2].id)

    def _price(self, which: int, number: int) -> None:
        product = self._product(which)
        self._try(lambda: price(product, number * 50, self.anna))

    def _count(self, which: int, number: int) -> None:
        product = self._product(which)
        self._try(lambda: proposals.count(product, number, by=self.anna.id, device=None))

    def _try(self, propose: Callable[[], Proposal]) -> None:
        try:
            self.made.append(propose().id)
        except Refused:
            db.session.rollback()

    def _one(self, which: int) -> Proposal | None:
        return proposing.get(self.made[which % len(self.made)]) if self.made else None

    def _agree(self, which: int, _number: int) -> None:
        if (proposal := self._one(which)) is None:
            return
        facts = proposal.id, proposal.action, proposal.subject_id, dict(proposal.data)
        try:
            proposing.agree(proposal.id, by=self.rita)
        except Conflict:
            return
        proposal_id, action, product_id, data = facts
        assert proposal_id not in self.agreed
        self.agreed.add(proposal_id)
        if action == proposals.PRICE:
            self.model[product_id][0] = data["after"]
        else:
            self.model[product_id][1] = self._after_count(product_id, data["difference"])

    def _after_count(self, product_id: int, difference: int) -> int:
        waiting = shelves.should_be([products.get(product_id)])[product_id] - products.get(product_id).left
        left = self.model[product_id][1]
        return max(0, max(0, left + waiting + difference) - waiting)

    def _decline(self, which: int, _number: int) -> None:
        if proposal := self._one(which):
            self._quietly(lambda: proposing.decline(proposal.id, "later", by=self.rita))

    def _back(self, which: int, _number: int) -> None:
        if proposal := self._one(which):
            self._quietly(lambda: proposing.take_back(proposal.id, by=self.anna.id))

    def _told(self, which: int, _number: int) -> None:
        if proposal := self._one(which):
            proposing.told(proposal.id, by=self.anna.id)

    def _tutor_prices(self, which: int, number: int) -> None:
        product = self._product(which)
        products.set_price(product.id, number * 40, by=self.rita.id)
        self.model[product.id][0] = number * 40

    def _tutor_counts(self, which: int, number: int) -> None:
        product = self._product(which)
        waiting = shelves.should_be([product])[product.id] - product.left
        shelves.count(product.id, number, by=self.rita.id)
        self.model[product.id][1] = max(0, number - waiting)

    def _order(self, which: int, _number: int) -> None:
        product = self._product(which)
        if product.left:
            make.order(make.wish(product, 1))
            self.model[product.id][1] -= 1

    def _quietly(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except Conflict:
            db.session.rollback()


# --- several at once


def test_of_two_tutors_at_once_one_answers(app: Flask) -> None:
    rita, sandro = make.tutor("Rita").id, make.tutor("Sandro").id
    honey, anna = make.honey().id, make.person("Anna").id
    for cents in (900, 901, 902):
        proposal = price(products.get(honey), cents, staff.get(anna)).id
        db.session.remove()
        answers = together(
            app,
            lambda proposal=proposal: proposing.agree(proposal, by=staff.get(rita)).id,
            lambda proposal=proposal: proposing.agree(proposal, by=staff.get(sandro)).id,
        )
        assert faults(answers, AlreadyAnswered) == []
        assert sum(isinstance(answer, AlreadyAnswered) for answer in answers) == 1
        entries = journal.entries(products.get(honey))
        assert [entry.context.get("proposal") for entry in entries].count(proposal) == 1


def test_a_yes_and_taking_it_back_at_once_are_one_of_the_two(app: Flask) -> None:
    rita, honey, anna = make.tutor("Rita").id, make.honey().id, make.person("Anna").id
    for cents in (900, 901, 902):
        before = products.get(honey).price
        proposal = price(products.get(honey), cents, staff.get(anna)).id
        db.session.remove()
        answers = together(
            app,
            lambda proposal=proposal: proposing.agree(proposal, by=staff.get(rita)).id,
            lambda proposal=proposal: proposing.take_back(proposal, by=anna),
        )
        assert faults(answers, Conflict) == []
        answer = proposing.get(proposal).answer
        assert (answer, products.get(honey).price) in (("yes", cents), ("taken_back", before))


def test_a_yes_and_the_same_deed_by_a_tutor_at_once_are_done_once(app: Flask) -> None:
    anna, rita, sandro = make.person("Anna"), make.tutor("Rita"), make.tutor("Sandro")
    order = crates.ready_today(make.wish(make.honey(), 1))
    proposal = proposals.hand_over(order, by=anna.id, device=None, paid="cash", cents=850)
    ids = proposal.id, rita.id, sandro.id, order.id
    db.session.remove()

    def by_hand() -> None:
        handing_over.take_cash(ids[3], by=ids[2], expected=850)
        handing_over.hand_over(ids[3], by=ids[2])

    answers = together(app, lambda: proposing.agree(ids[0], by=staff.get(ids[1])).id, by_hand)
    assert faults(answers, Conflict) == []
    assert crates.state(ids[3])["status"] == "handed_over"
    assert sum(payment.amount for payment in crates.again(ids[3]).payments) == 850
    assert crates.deeds(ids[3]).count("order.handed_over") == 1


def test_two_tablets_at_once_ask_one_question(app: Flask) -> None:
    anna, bruno, honey = make.person("Anna"), make.person("Bruno"), make.honey()
    ids = honey.id, anna.id, bruno.id
    db.session.remove()
    ask = lambda by: proposals.price(products.get(ids[0]), 900, expected=850, by=by, device=None)  # noqa: E731
    answers = together(app, lambda: ask(ids[1]).id, lambda: ask(ids[2]).id)
    assert faults(answers, AlreadyAsked) == []
    assert len(proposing.waiting()) == 1
