"""Orders forget whose they were: by age, and because a citizen wants it. The accounts stay, to the cent and the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.models import KeptMail
from catalog.models import Product
from core import clock, journal, outbox, undo
from core.database import Base, db, transaction
from core.errors import Conflict, Refused
from core.keys import FormKey
from core.outbox import Item
from core.throttle import Failure
from orders import (
    books,
    cancelling,
    clearing,
    drawers,
    erasing,
    forgetting,
    giving_back,
    handing_over,
    links,
    signing_in,
    thanking,
    withdrawing,
)
from orders.citizens import CitizenAccount
from orders.invoicing import Holder
from orders.models import Credit, Order, OrderLink
from orders.signing_in import SignInLink
from orders.waiting import Waiting
from orders.withdrawing import Declaration
from tests import factories as make
from tests.orders.lived_in import lived_in
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("app")

MARIA = "maria.rossi@posta.example"
SECRETS = ("maria", "rossi", "0381", "zoccola", "citofono", "bruna")
FISCAL = ("order_line", "payment", "refund", "invoice_request", "withdrawal", "stock_move", "vat_rate", "product")
HOLDER = Holder(
    name="Trattoria della Roggia",
    tax_code="",
    vat_number="00743110157",
    address="Via Po 1",
    postcode="27029",
    municipality="Vigevano",
    province="PV",
    recipient_code="0000000",
    pec="",
)


def later(**more: float) -> Any:
    return clock.at(clock.now() + timedelta(**more))


def given(**more: Any) -> Order:
    """A jar of honey for somebody who has said all that one can say, handed over and paid."""
    said: dict[str, Any] = {
        "phone": "+39 0381 123456",
        "collector": "Bruna Bianchi",
        "note": "Il citofono non va",
        "invoice": HOLDER,
        **more,
    }
    honey = db.session.scalar(select(Product).where(Product.slug == "miele-acacia")) or make.honey()
    order = make.prepared(make.order(make.wish(honey), **said))
    drawers.count(order.pickup.place, {}, by=None)
    if order.due > 0:
        handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None, to=order.collector)
    make.fresh(order)
    return order


def at_home() -> Order:
    """A cancelled order of the round."""
    round_ = make.place(name="A casa tua", kind="round")
    made = make.order(at=make.pickup(round_, days=5), address="Via Zoccola 3, 27029 Vigevano", key="a-form-at-home-1")
    return cancelling.cancel(made.id, why="Ha telefonato la signora Rossi", as_staff=True)


def table(name: str) -> list[Any]:
    make.fresh(None)
    found = Base.metadata.tables[name]
    return list(db.session.execute(found.select().order_by(*found.primary_key)))


def told() -> dict[str, str]:
    """Table -> everything in it, in small letters."""
    return {name: str(table(name)).lower() for name in Base.metadata.tables}


def came_in(email: str = MARIA) -> CitizenAccount:
    signing_in.ask(email, key=f"a-form-that-asks-{clock.now().timestamp()}", origin="here", language="it")
    outbox.send_due()
    token = table("kept_mail")[-1].raw.replace("=\n", "").partition("/entra/")[2].split()[0]
    return signing_in.use(token, origin="here")


def erase(account: CitizenAccount, **more: bool) -> None:
    erasing.erase(account.id, key=f"a-form-that-erases-{clock.now().timestamp()}", **more)
    make.fresh(None)


def orders() -> list[Order]:
    make.fresh(None)
    return list(db.session.scalars(select(Order).order_by(Order.id)).unique())


def problems() -> list[str]:
    make.fresh(None)
    return books.look().problems


# --- by age


def test_after_its_months_an_order_that_is_over_forgets_and_the_books_balance() -> None:
    made = lived_in()
    fiscal = {name: table(name) for name in FISCAL if name in Base.metadata.tables}
    with later(days=700):
        assert forgetting.forget_old() == 0
    with later(days=800):
        assert forgetting.forget_old() > 0
        assert forgetting.forget_old() == 0
        assert problems() == []
    forgotten = {order.id for order in orders() if order.forgotten_at}
    assert {made[name] for name in ("sold", "short", "cancelled", "frozen")} <= forgotten
    assert not {made[name] for name in ("swapped", "waiting", "open", "moved", "practice")} & forgotten
    assert {name: table(name) for name in fiscal} == fiscal
    for order in orders():
        kept = "maria.rossi@posta.example" if order.id not in forgotten else None
        assert order.email == kept


def test_who_never_ends_an_order_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    stuck = [given() for _ in range(3)]
    with transaction():
        for order in stuck:
            db.session.get_one(Order, order.id).fee = 100  # something is due: nobody knows why
    good = given()
    with later(days=800):
        assert forgetting.forget_old() == 1
    assert [order.id for order in orders() if order.forgotten_at] == [good.id]


def test_many_orders_take_as_many_statements_as_few() -> None:
    one = [given().id]
    five = [given().id for _ in range(5)]
    counted = []
    for ids in (one, five):
        with statements() as seen:
            assert len(forgetting.forget(ids, why="age")) == len(ids)
        counted.append(len([each for each in seen if "INTO journal" not in each]))
    assert counted[0] == counted[1] <= 25


def test_credit_that_is_left_stays_with_its_address_and_can_still_be_used() -> None:
    old = given()
    giving_back.give_back(old.id, {old.lines[0].id: 300}, how="credit", reason="Era rotto", by=None)
    with later(days=800):
        forgetting.forget_old()
        assert problems() == []
        credit = db.session.get_one(Credit, f"email:{MARIA}")
        assert (credit.balance, credit.carried) == (300, 300)
        fresh = given()
        assert [payment.amount for payment in fresh.payments if payment.kind == "credit"] == [300]
        assert problems() == []
    assert "maria" not in str(table("credit_move")[0]).lower()


# --- because a citizen wants it


def test_nothing_in_the_whole_database_says_any_more_who_it_was_but_documents() -> None:
    order = given()
    at_home()
    thanking.write(order.id, "Grazie da Maria", shows_name=True)
    full = make.pickup(days=9, capacity=1)
    make.order(at=full, email="altri@posta.example", name="Altri")
    with transaction() as session:
        session.add(Waiting(pickup_id=full.id, email="Maria.Rossi@posta.example", language="it", asked_at=clock.now()))
    account = came_in()
    withdrawing.declare(
        Declaration(name="Maria Rossi", number="77", email=MARIA), key="a-form-declares-1", language="it", origin=""
    )
    outbox.send_due()
    before = told()
    assert all(secret in " ".join(before.values()) for secret in SECRETS)
    fiscal = {name: table(name) for name in FISCAL if name in Base.metadata.tables}
    erase(account)
    left = {name: secret for name, words in told().items() for secret in SECRETS if secret in words}
    assert left.keys() == {"withdrawal"}
    assert "trattoria della roggia" in told()["invoice_request"]
    assert {name: table(name) for name in fiscal} == fiscal
    assert table("citizen_account") == table("sign_in_link") == table("waiting") == table("thanks") == []
    assert problems() == []


def test_an_order_of_another_address_is_left_alone() -> None:
    mine = given()
    given(email="altri@posta.example", name="Altri")
    erase(came_in())
    assert [order.id for order in orders() if order.forgotten_at] == [mine.id]


def open_order() -> None:
    make.order(email="MARIA.ROSSI@posta.example", key="a-form-still-open")


def still_kept() -> None:
    order = make.prepared(make.order(key="a-form-still-kept"))
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        handing_over.mark_not_collected(order.id, by=None)


def withdrawn() -> None:
    order = given()
    said = Declaration(name="Maria", number=order.number, email=MARIA)
    withdrawing.declare(said, key="a-form-declares-2", language="it", origin="", order=order)


@pytest.mark.parametrize("something", [open_order, still_kept, withdrawn])
def test_what_is_not_finished_comes_first_and_nothing_is_erased(something: Callable[[], None]) -> None:
    given()
    something()
    account = came_in()
    before = told()
    with pytest.raises(Conflict, match="Hai ancora un ordine aperto"):
        erase(account)
    assert len(erasing.outlook(account).unfinished) == 1
    after = told()
    assert {name for name in before if before[name] != after[name]} == set()


def test_a_crate_that_nobody_collected_is_over_once_it_is_not_kept_any_more() -> None:
    still_kept()
    account = came_in()
    with later(days=5):
        erase(account)
        with pytest.raises(Conflict, match="non teniamo più i dati"):
            handing_over.expect_again(orders()[0].id, by=None)
        assert problems() == []


def test_credit_is_lost_only_with_a_yes_and_stays_in_the_books() -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 300}, how="credit", reason="Era rotto", by=None)
    account = came_in()
    with pytest.raises(Refused, match="Hai ancora un credito"):
        erase(account)
    assert table("citizen_account")
    erase(account, gives_up_credit=True)
    left = {credit.holder.partition(":")[0]: credit.balance for credit in table("credit")}
    assert left == {"gone": 300, "order": 0}
    assert problems() == []
    again = given()
    assert all(payment.kind != "credit" for payment in again.payments)


def test_letters_that_wait_are_dropped_with_the_reason_and_links_open_nothing() -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="cash", reason="Era rotto", by=None)
    token = links.make(order)
    erase(came_in())
    refund = next(item for item in outbox.about(order.id) if item.payload["letter"] == "refund")
    assert (refund.state, refund.words) == ("dropped", "forgotten")
    assert table("order_link") == []
    with pytest.raises(Refused):
        links.get_order(token)
    with later(hours=1):
        assert outbox.send_due() == 0


def test_nothing_before_it_can_be_taken_back() -> None:
    order = given()
    assert undo.offer(order) is not None
    erase(came_in())
    assert undo.offer(orders()[0]) is None
    entries = journal.entries(orders()[0])
    assert (entries[0].action, entries[0].data) == ("order.forgotten", {"why": "asked"})


def test_the_same_form_sent_twice_erases_once() -> None:
    given()
    account = came_in()
    for _ in range(2):
        erasing.erase(account.id, key="the-same-form-twice")
        make.fresh(None)
    assert len([row for row in table("journal") if row.action == "citizen.erased"]) == 1


# --- what nobody needs any more


@pytest.fixture
def traces() -> Order:
    """An order with a link, a form, a failure, a kept letter, an account: all of today."""
    order = given()
    came_in()
    links.make(order)
    with transaction() as session:
        session.add(Failure(name="something", at=clock.now()))
        session.add(FormKey(key="a-form-of-today-1", at=clock.now()))
    return order


def how_many(*tables: type[Base]) -> list[int]:
    return [len(table(each.__tablename__)) for each in tables]


def test_each_trace_goes_after_its_time_and_not_before(traces: Order) -> None:
    with later(hours=23):
        assert clearing.clear() == 0
    with later(days=2):
        clearing.clear()
        assert how_many(SignInLink) == [0]
    with later(days=29):
        assert clearing.clear() == 0
    with later(days=31):
        assert clearing.clear() > 3
    assert how_many(Failure, FormKey, KeptMail) == [0, 0, 0]
    assert [item.kind for item in db.session.scalars(select(Item)) if item.kind == signing_in.KIND] == []
    assert how_many(OrderLink, CitizenAccount) != [0, 0]
    with later(days=700):
        clearing.clear()
        assert how_many(CitizenAccount) == [1]
    with later(days=800):
        clearing.clear()
        assert how_many(CitizenAccount) == [0]
        assert problems() == []


def test_a_link_goes_when_its_page_is_over_and_never_before() -> None:
    """Honey can be withdrawn from: who never got the letter has a year more (art. 53)."""
    order = given()
    told = given()
    outbox.send_due()
    for item in db.session.scalars(select(Item).where(Item.order_id == order.id)):
        with transaction():
            db.session.delete(db.session.get_one(Item, item.id))
    make.fresh(None)
    for made in orders():
        links.make(made)
    for days, left in ((59, {order.id, told.id}), (70, {order.id}), (300, {order.id}), (410, set())):
        with later(days=days):
            clearing.clear()
            found = {row.order_id for row in table("order_link")}
            assert found == left
            open_now = {made.id for made in orders() if clock.now() <= links.ends_at(made)}
            assert open_now <= found


def test_a_few_rows_go_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        session.add_all(Failure(name="something", at=clock.now() - timedelta(days=40)) for _ in range(5))
    monkeypatch.setattr(clearing, "AT_ONCE", 2)
    assert [clearing.clear() for _ in range(4)] == [2, 2, 1, 0]
