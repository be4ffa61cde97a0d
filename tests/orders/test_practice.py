"""Practice is marked from the start: nothing of it leaves the house or counts (ruling 15)."""

from __future__ import annotations

import pytest

from core import outbox, readers
from core.database import db
from core.errors import Conflict, OutOfStock
from core.journal import Entry
from orders import finding, giving_back, handing_over, paying
from tests import factories as make
from training import path
from training.models import StepEvent

pytestmark = pytest.mark.usefixtures("app")


def test_a_practice_order_meets_every_reader_and_reaches_nobody() -> None:
    anna = make.person("Anna")
    jar, pickup = make.product("vasetto-di-prova", practice=True), make.pickup(practice=True)
    real = make.order(make.wish(make.honey()))
    practice = make.prepared(make.order(make.wish(jar), at=pickup), by=anna)

    assert (real.number, practice.number) == ("1001", "P1")
    assert outbox.lag()["waiting"] == 1  # the real order's letter alone
    assert {
        entry.practice for entry in db.session.query(Entry).filter_by(subject_type="order", subject_id=practice.id)
    } == {True}
    readers.deliver()
    steps = db.session.query(StepEvent).filter_by(person_id=anna.id).all()
    assert len(steps) >= 3
    assert all(step.practice for step in steps)
    assert path.skills_seen(anna) == []
    assert practice not in finding.to_hand_over()
    assert practice not in finding.to_prepare()


def test_real_goods_and_practice_goods_do_not_mix() -> None:
    with pytest.raises(OutOfStock):
        make.order(make.wish(make.honey()), at=make.pickup(practice=True))
    with pytest.raises(OutOfStock):
        make.order(make.wish(make.product("di-prova", practice=True)), at=make.pickup())


def test_practice_gives_nobody_credit() -> None:
    jar, pickup = make.product("vasetto-di-prova", practice=True), make.pickup(practice=True)
    practice = make.prepared(make.order(make.wish(jar), at=pickup))
    real = make.order(make.wish(make.honey()))
    handing_over.take_cash(practice.id, by=None, expected=handing_over.cash_due(practice))
    handing_over.hand_over(practice.id, by=None)
    with pytest.raises(Conflict):
        giving_back.give_back(practice.id, {practice.lines[0].id: 100}, how="credit", reason="prova", by=None)
    assert paying.credit_of(real) == 0
