"""Worlds to measure the desk in: small farms on one Tuesday at 11, with something in every state that a screen has.

Each is built once and looked at three times, at every level of support; looking writes nothing. What a world answers
with are the ids that addresses of `screens.py` name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app

from catalog.models import PickUp, Place, Product
from core import clock, proposing
from core.database import transaction
from orders import drawers, handing_over, harvesting, passing, preparing, proposals, shelves, thanking
from orders.models import Order
from orders.placing import Wish
from people import asking, badges, pauses, staff
from people.capabilities import Capability
from people.devices import find_by_secret
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.staff_desk import TUESDAY

NOW = clock.rome(TUESDAY, 11)
EVERYTHING = (Capability.HAND_OVER, Capability.TAKE_CASH, Capability.COUNT_STOCK, Capability.SET_PRICE)
LONG = "Mariangela Abbondanza"
LONG_THANKS = ("Che bella cassetta, tutto fresco e ordinato: si vede la cura di chi lavora in cascina. " * 4)[
    :279
] + "!"
SHELF = "Cella fredda, in basso"
OTHERS = ("Bruno", "Carla", "Dario", "Elena", "Fabio", "Gianni", "Gino")

Ids = dict[str, int | str]


def preparing_world() -> Ids:
    """Crates in every state from untouched to labelled, a harvest that came in short, two other pick-ups."""
    people = _people()
    anna, bruno, rita = people["Anna"], people["Bruno"], people["Rita"]
    goods = _goods()
    with clock.at(NOW - timedelta(days=2)):
        at = make.pickup(make.place(name="Piazza Ducale"), days=3)
        made = {name: _ordered(at, goods, wishes, number) for number, (name, wishes) in enumerate(CRATES.items())}
        make.closed(made["plain"])
        today = make.closed(make.order(make.wish(goods["bietole"], 2), at=make.pickup(days=2), name=LONG))
        noted = make.closed(make.order(make.wish(goods["miele-acacia"], 1), at=make.pickup(days=3)))
    harvesting.arrive(at.id, goods["basilico"].id, 5, by=bruno.id)
    harvesting.arrive(at.id, goods["fagiolini"].id, 3000, by=bruno.id)
    harvesting.arrive(noted.pickup_id, goods["miele-acacia"].id, 1, by=anna.id)
    ids: Ids = {"pickup": at.id, "pickup_today": today.pickup_id, "pickup_noted": noted.pickup_id}
    for name, order in made.items():
        ids |= _named(name, crates.again(order.id))
    ids |= {f"product_{slug.replace('-', '_')}": product.id for slug, product in goods.items()}
    _work_on(made, anna, bruno, rita)
    _choose_looks(people)
    return ids


CRATES: dict[str, dict[str, int]] = {
    "plain": {"bietole": 3, "carote": 500, "patate": 1000, "zucca": 2, "miele-acacia": 1, "basilico": 12},
    "own": {"bietole": 2, "carote": 700},
    "two_weights": {"bietole": 2, "carote": 500},
    "odd_weights": {"bietole": 1, "carote": 500},
    "full": {"bietole": 3, "carote": 500, "miele-acacia": 1, "zucca": 1},
    "ready": {"miele-acacia": 1},
    "two_crates": {"miele-acacia": 1},
    "labelled": {"miele-acacia": 1},
    "taken_over": {"bietole": 2, "carote": 300},
    "for_anna": {"bietole": 1, "carote": 400},
    "for_bruno": {"bietole": 2, "carote": 400},
    "scarce": {"fagiolini": 8000, "patate": 2000},
}
"""Name -> what is in it: pieces or grams."""


def _goods() -> dict[str, Product]:
    beside: dict[str, Any] = {"unit": "mazzo", "unit_plural": "mazzi"}
    squash: dict[str, Any] = {"name": "Zucca delica", "kind": "piece_by_weight", "price": 240, "piece_grams": 1800}
    found = [
        make.chard(shelf_place=SHELF),
        make.carrots(shelf_place=SHELF, left=200_000),
        make.product("patate", name="Patate novelle", kind="by_weight", price=190, step=100, left=200_000),
        make.product("zucca", **squash),
        make.honey(shelf_place="Dispensa, in alto"),
        make.product("basilico", name="Basilico", price=150, **beside),
        make.product("fagiolini", name="Fagiolini verdi", kind="by_weight", price=590, step=100, left=200_000),
        make.product("cavolo-nero", name="Cavolo nero", price=220, **beside),
        make.product("erba-cipollina", name="Erba cipollina", price=150, unit="mazzetto", unit_plural="mazzetti"),
    ]
    goods = {product.slug: product for product in found}
    crates.bowl(goods["patate"], name="Ciotola grande gialla")
    return goods


def _ordered(at: PickUp, goods: dict[str, Product], wanted: dict[str, int], number: int) -> Order:
    wishes = [Wish(goods[slug].id, quantity, goods[slug].price, True) for slug, quantity in wanted.items()]
    return make.order(*wishes, at=at, name=LONG if number == 0 else f"Maria Rossi {number}")


def _named(name: str, order: Order) -> Ids:
    """{plain}, {plain_crate}, {plain_carote}: the order, its number, its lines."""
    lines = {f"{name}_{line.slug.replace('-', '_')}": line.id for line in order.lines}
    return {name: order.id, f"{name}_crate": order.crate or 0, **lines}


def _work_on(made: dict[str, Order], anna: Person, bruno: Person, rita: Person) -> None:
    """What has been done this morning; what Anna did last stands last."""
    crates.take_first(made["taken_over"].id, anna)
    passing.take_over(made["taken_over"].id, expected=anna.id, by=rita.id)
    crates.take_first(made["for_anna"].id, bruno)
    passing.pass_on(made["for_anna"].id, anna.id, by=bruno.id)
    for name, second in (("two_weights", 730), ("odd_weights", 5000)):
        crates.take_first(made[name].id, bruno)
        crates.weigh(crates.again(made[name].id), "carote", 480, by=bruno)
        line = crates.line(made[name].id, "carote")
        preparing.keep_second_weight(made[name].id, line.id, second, by=anna.id)
    _pack_with_less(made["full"], anna)
    for name in ("ready", "two_crates", "labelled"):
        for line in crates.again(made[name].id).lines:
            make.pack(line, by=anna.id)
        preparing.finish(made[name].id, by=anna.id)
    preparing.set_crates(made["two_crates"].id, 2, by=anna.id)
    preparing.label(made["labelled"].id, by=anna.id)
    crates.take_first(made["for_bruno"].id, anna)
    passing.pass_on(made["for_bruno"].id, bruno.id, by=anna.id)
    crates.take_first(made["own"].id, anna)


def _pack_with_less(order: Order, anna: Person) -> None:
    """One line of each way: all, less, none, weighed."""
    chard, carrots, honey, squash = crates.again(order.id).lines
    preparing.pack_short(order.id, chard.id, pieces=2, grams=None, version=chard.version, by=anna.id)
    make.pack(carrots, by=anna.id)
    preparing.mark_missing(order.id, honey.id, version=honey.version, by=anna.id)
    make.pack(squash, by=anna.id)


def handing_world() -> Ids:
    """Crates to hand over, paid, given, proposed; boxes with and without change; shelves."""
    people = _people()
    anna, bruno, rita = people["Anna"], people["Bruno"], people["Rita"]
    for number in range(3):
        make.product(f"riso-{number}", name=f"Riso Carnaroli {number}", perishable=False)
    jar = make.product("passata", name="Passata di pomodoro datterino", price=1115, perishable=False)
    beans: dict[str, Any] = {
        "kind": "by_weight",
        "price": 650,
        "perishable": False,
        "left": 40_000,
        "shelf_place": SHELF,
    }
    goods = {
        "sauce": jar,
        "beans": make.product("fagioli", name="Fagioli borlotti secchi", **beans),
        "rice": make.product("riso", name="Riso Carnaroli", perishable=False, price=320),
        "dear": make.product("olio", name="Olio di oliva", perishable=False, price=19_995),
        "cheap": make.product("sale", name="Sale alle erbe", perishable=False, price=800),
    }
    full, bare, early = (make.place(name=name) for name in ("Piazza Ducale", "Via del Popolo", "Cascina"))
    with clock.at(NOW - timedelta(days=3)):
        here = make.pickup(full, days=3, hours=(9, 18))
        there = make.pickup(bare, days=3, hours=(9, 18))
        over = make.pickup(early, days=3, hours=(8, 10))
        jars = {name: _placed(here, jar) for name in ("plain", "paid", "given", "several", "asked", "refused")}
        made = {
            "due": _placed(here, jar, 2, collector="Luca Verdi"),
            **jars,
            "dear": _placed(here, goods["dear"]),
            "cheap": _placed(here, goods["cheap"]),
            "no_change": _placed(there, goods["cheap"]),
            "late": _placed(over, jar, collector="Luca Verdi"),
            "alone_late": _placed(over, jar),
            "away": _placed(over, jar),
        }
        made["thanked"] = _placed(here, jar)
        for order in made.values():
            make.prepared(order)
        preparing.set_crates(made["several"].id, 3, by=None)
    ids: Ids = {f"product_{name}": product.id for name, product in goods.items()}
    ids |= {"place": full.id, "place_bare": bare.id, "place_early": early.id}
    for name, order in made.items():
        ids |= _named(name, crates.again(order.id))
    _count_boxes(full, bare, anna)
    _hand_over(made, anna, bruno, rita)
    _propose(goods, anna, bruno, rita)
    _thank(made, people["Carla"])
    return ids | _tokens(people)


def _placed(at: PickUp, what: Product, quantity: int = 1, **citizen: str) -> Order:
    return make.order(make.wish(what, quantity), at=at, name=LONG, **citizen)


def _count_boxes(full: Place, bare: Place, anna: Person) -> None:
    drawers.count(full, {1000: 3, 500: 2, 200: 4, 100: 9, 50: 9, 20: 9, 10: 5, 5: 50}, by=anna.id)
    drawers.count(bare, {1000: 1}, by=anna.id)


def _hand_over(made: dict[str, Order], anna: Person, bruno: Person, rita: Person) -> None:
    handing_over.mark_not_collected(made["away"].id, by=anna.id)
    for name in ("given", "paid"):
        order = crates.again(made[name].id)
        handing_over.take_cash(order.id, by=anna.id, expected=handing_over.cash_due(order))
    handing_over.hand_over(made["given"].id, by=anna.id)
    who = {"by": bruno.id, "device": None}
    for name in ("asked", "refused"):
        order = crates.again(made[name].id)
        due = handing_over.cash_due(order)
        proposals.hand_over(order, to_collector=False, paid="cash", cents=due, **who)
    for waiting in proposing.open_on(made["refused"]):
        proposing.decline(waiting.id, "look", by=rita)


def _thank(made: dict[str, Order], carla: Person) -> None:
    """Anna has not read hers, which is as long as can be; Carla has read hers, and may have it back."""
    due = handing_over.cash_due(crates.again(made["thanked"].id))
    handing_over.take_cash(made["thanked"].id, by=None, expected=due)
    handing_over.hand_over(made["thanked"].id, by=carla.id)
    for name, words in (("given", LONG_THANKS), ("thanked", "Grazie!")):
        thanks = thanking.write(made[name].id, words, name == "given")
        thanking.decide(thanks.id, let_through=True, by=None)
    with clock.at(NOW + timedelta(hours=1)):
        thanking.put_away(thanks.id, carla.id)


def _propose(goods: dict[str, Product], anna: Person, bruno: Person, rita: Person) -> None:
    proposals.count(goods["beans"], 12_500, by=bruno.id, device=None)
    asked = proposals.count(goods["rice"], 7, by=bruno.id, device=None)
    proposing.decline(asked.id, "look", by=rita)
    shelves.count(goods["cheap"].id, 40, by=anna.id)
    shelves.set_price(goods["dear"].id, 19_900, expected=goods["dear"].price, by=anna.id)


def _tokens(people: dict[str, Person]) -> Ids:
    """A badge for whoever shows one, and one that is of nobody."""
    good = badges.make(people["Anna"], by=None)
    return {"badge": badges.make(people["Elena"], by=None), "good_badge": good, "no_badge": "n" * 43}


def quiet_world() -> Ids:
    """Nothing is left to be done, and only Anna is there."""
    make.person("Anna", can=EVERYTHING, picture="bicicletta")
    make.tutor("Rita")
    make.carrots()
    make.chard()
    make.honey()
    place = make.place(kind="stall")
    return {"place": place.id}


def lonely_world() -> Ids:
    """One crate, one pair of hands, one line of it done."""
    anna = make.person("Anna", can=EVERYTHING, picture="bicicletta")
    with clock.at(NOW - timedelta(days=2)):
        order = crates.mixed(name=LONG)
    crates.take_first(order.id, anna)
    found = crates.again(order.id)
    products = {f"product_{line.slug}": line.product_id for line in found.lines}
    return _named("own", found) | products | {"pickup": order.pickup_id}


def entering_world() -> Ids:
    """People at their tile: without an answer, with a no, with a yes that has gone by, in a pause."""
    people = _people()
    rita, device = people["Rita"], find_by_secret(tablet())
    if device is None:
        raise LookupError("the tablet of this world")
    asking.ask(people["Bruno"], device)
    asking.answer(asking.ask(people["Carla"], device).id, yes=False, by=rita)
    with clock.at(NOW - timedelta(minutes=20)):
        asking.ask(people["Dario"], device)
    for _ in range(pauses.MOST_AT_DEVICE):
        pauses.note(people["Elena"], device)
    order = crates.ready_today(make.wish(make.honey(), 2), name=LONG)
    return {"due": order.id, "due_crate": order.crate or 0, **_tokens(people)}


def tablet() -> str:
    """The secret of this world's tablet: enrolled when it is first asked for."""
    kept = current_app.extensions
    if "metered tablet" not in kept:
        kept["metered tablet"] = make.tablet()[1]
    return kept["metered tablet"]


def _choose_looks(people: dict[str, Person]) -> None:
    """Larger letters, larger pictures, and the largest of both."""
    with transaction():
        people["Dario"].text_size = 1
        people["Fabio"].large_pictures = True
        people["Gino"].text_size, people["Gino"].large_pictures = 2, True


def put_level(level: int) -> None:
    """Everybody works with this level of support from now on."""
    with transaction():
        for person in staff.co_residents():
            person.support_level = level


def _people() -> dict[str, Person]:
    """Anna may do everything, the others ask; Rita is a tutor."""
    people = {name: make.person(name, picture="chitarra") for name in OTHERS}
    anna = make.person("Anna", can=EVERYTHING, picture="bicicletta")
    return {**people, "Anna": anna, "Rita": make.tutor("Rita Maddalena")}


WORLDS: dict[str, Callable[[], Ids]] = {
    "preparing": preparing_world,
    "handing": handing_world,
    "entering": entering_world,
    "lonely": lonely_world,
    "quiet": quiet_world,
}
