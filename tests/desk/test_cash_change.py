"""Cash through the real screens: what is shown adds up, lies in the box and is the fewest pieces; else the tutor."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping

import pytest

from core import coins, journal
from core.database import db
from desk.taking_cash import MOST_PIECES, MOST_TYPED
from orders import drawers, handing_over
from orders.models import Order
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk

SEED = 20261123
FLOAT = {5000: 1, 2000: 2, 1000: 4, 500: 4, 200: 6, 100: 6, 50: 6, 20: 8, 10: 8, 5: 8}
PICTURE = re.compile(r'aria-label="(\d+) (euro|centesim)')


def hands(name: str = "Anna", level: int = 2) -> Person:
    return make.person(name, can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=level)


def crate(cents: int = 850) -> Order:
    return crates.ready_today(make.wish(make.product(price=cents), 1))


def pieces_shown(desk: Desk) -> list[int]:
    """Notes and coins that are drawn to be taken or given, as cents; keys are not among them."""
    drawn = desk.html.split('class="do"')[1].split('class="action"')[0]
    drawn = re.sub(r'<form class="keys.*?</form>', "", drawn, flags=re.S)
    return [int(number) * (100 if unit == "euro" else 1) for number, unit in PICTURE.findall(drawn)]


def box(order: Order) -> dict[int, int]:
    db.session.rollback()
    db.session.expire_all()
    found = drawers.find(order.pickup.place_id)
    assert found
    return dict(found.holds)


def tap(desk: Desk, order: Order, given: list[int]) -> Desk:
    """Each piece on its key."""
    desk.go(f"/banco/consegna/{order.id}/contanti")
    so_far: list[int] = []
    for piece in given:
        so_far.append(piece)
        wanted = ",".join(map(str, so_far))
        way = next(way for way in desk.ways if way.sends.get("dati") == wanted)
        desk.go(way.path, sends=way.sends)
    return desk


def give_change(desk: Desk) -> list[int]:
    """Follow the main action to the last screen of the change; what was shown on the screens before it, in order."""
    on_the_way: list[int] = []
    while not any(way.is_principal and way.method == "post" for way in desk.ways):
        on_the_way += pieces_shown(desk)
        desk.press_main()
    return on_the_way


# --- the three ways of support


@pytest.mark.parametrize("level", [2, 1, 0])
def test_the_same_money_ends_in_the_same_state_at_every_level(enter: EnterAs, level: int) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    desk = enter(hands(level=level)).go(f"/banco/consegna/{order.id}?passo=soldi")
    if level:
        tap(desk.press("Serve il resto"), order, [2000]).press_main()
        give_change(desk)
    else:
        desk.fill("Mostra il resto", euro="20")
    assert pieces_shown(desk) == [1000, 100, 50]
    desk.press("Ho dato il resto")
    assert "Presi: 8 euro e 50 centesimi." in desk.text
    assert desk.heading.startswith("Dai la cassetta")
    assert box(order) == {**FLOAT, 2000: 3, 1000: 3, 100: 5, 50: 5}
    assert [(each.kind, each.amount) for each in crates.again(order.id).payments] == [("cash", 850)]
    entry = next(each for each in journal.entries(order) if each.action == "order.cash_taken")
    assert (entry.data["cents"], entry.data["given"]) == (850, 2000)
    desk.press("Torna indietro: i soldi")
    assert box(order) == FLOAT


def test_with_the_whole_guide_the_change_is_taken_one_kind_at_a_time_and_looked_over(enter: EnterAs) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    desk = enter(hands()).go(f"/banco/consegna/{order.id}/resto?dati=2000")
    seen = []
    for _ in range(3):
        seen.append((desk.heading, pieces_shown(desk)))
        assert f"Resto {len(seen)} di 4" in desk.text
        desk.press_main()
    assert seen == [
        ("Prendi 1 banconota da 10 euro", [1000]),
        ("Prendi 1 moneta da 1 euro", [100]),
        ("Prendi 1 moneta da 50 centesimi", [50]),
    ]
    assert desk.heading == "Dai il resto"
    assert "Resto 4 di 4" in desk.text
    assert pieces_shown(desk) == [1000, 100, 50]
    assert desk.press("Torna indietro").heading == "Prendi 1 moneta da 50 centesimi"


def test_many_kinds_are_taken_by_where_they_lie_and_never_in_more_than_five_steps(enter: EnterAs) -> None:
    order = crate(1115)
    drawers.count(order.pickup.place, dict.fromkeys(coins.IN_USE, 1), by=None)
    desk = enter(hands()).go(f"/banco/consegna/{order.id}/resto?dati=5000,5000")
    assert "Resto 1 di 4" in desk.text
    headings = [desk.heading]
    shown = []
    while not any(way.is_principal and way.method == "post" for way in desk.ways):
        shown.append(pieces_shown(desk))
        headings.append(desk.press_main().heading)
    assert headings == [
        "Prendi queste banconote",
        "Prendi queste monete da euro",
        "Prendi questi centesimi",
        "Dai il resto",
    ]
    assert shown == [[5000, 2000, 1000, 500], [200, 100], [50, 20, 10, 5]]


def test_one_kind_alone_is_one_screen(enter: EnterAs) -> None:
    order = crate(1000)
    drawers.count(order.pickup.place, {1000: 2}, by=None)
    desk = enter(hands()).go(f"/banco/consegna/{order.id}/resto?dati=2000")
    assert desk.heading == "Dai il resto"
    assert "Resto" not in desk.text


def test_the_right_money_needs_no_change(enter: EnterAs) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, {}, by=None)
    desk = tap(enter(hands()), order, [500, 200, 100, 50]).press_main()
    assert desk.heading == "Prendi questi soldi"
    desk.press("Ho i soldi")
    assert box(order) == {500: 1, 200: 1, 100: 1, 50: 1}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("5", "Mancano ancora 3 euro e 50 centesimi."),
        ("venti", "per esempio 20 o 20,50"),
        ("20,505", "per esempio 20 o 20,50"),
        ("-20", "per esempio 20 o 20,50"),
        ("501", "Al massimo 500"),
    ],
)
def test_a_sum_that_cannot_be_is_asked_for_again_and_stays_in_the_field(enter: EnterAs, typed: str, says: str) -> None:
    order = crate(850)
    desk = enter(hands(level=0)).go(f"/banco/consegna/{order.id}/contanti", sends={"euro": typed})
    assert desk.status == 422
    assert says in desk.text
    assert desk.find("Mostra il resto").sends["euro"] == typed
    assert crates.state(order.id)["due"] == 850


def test_what_is_typed_is_as_many_pieces_as_can_be_tapped() -> None:
    assert max(len(coins.pieces(cents)) for cents in range(MOST_TYPED + 1)) == MOST_PIECES


@pytest.mark.parametrize("level", [2, 1, 0])
def test_forty_coins_are_given_back_as_they_were_shown(enter: EnterAs, level: int) -> None:
    order = crate(800)
    drawers.count(order.pickup.place, {5: 40}, by=None)
    desk = enter(hands(level=level)).go(f"/banco/consegna/{order.id}/resto?dati=1000")
    assert pieces_shown(desk) == [5] * 40
    desk.press("Ho dato il resto")
    assert box(order) == {1000: 1}


# --- the box does not hold it


def test_change_that_cannot_be_made_calls_the_tutor_and_says_what_would_do(enter: EnterAs) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, {1000: 1, 200: 3}, by=None)
    desk = tap(enter(hands()), order, [2000]).press_main()
    assert desk.heading == "Chiedi al tutor di cambiare"
    assert desk.offers("Chiama il tutor")
    assert desk.offers("Paga con la carta")
    desk.press("Mi dà anche 50 centesimi")  # 12 euro: a note and a coin
    assert give_change(desk) == [1000, 200]
    desk.press("Ho dato il resto")
    assert box(order) == {2000: 1, 200: 2, 50: 1}


def test_where_no_coin_would_help_the_right_money_is_asked_for(enter: EnterAs) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, {}, by=None)
    desk = tap(enter(hands()), order, [2000]).press_main()
    assert desk.heading == "Chiedi al tutor di cambiare"
    desk.press("Mi dà i soldi giusti")
    assert desk.heading == "Prendi i soldi"


def test_after_the_tutor_was_called_and_has_changed_money_one_goes_on(enter: EnterAs) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, {}, by=None)
    desk = tap(enter(hands()), order, [2000]).press_main().press("Chiama il tutor")
    assert "Ho chiamato" in desk.text
    assert desk.heading == "Chiedi al tutor di cambiare"
    assert desk.press("Ho cambiato").heading == "Tocca i soldi che ricevi"


@pytest.mark.parametrize("level", [1, 0])
def test_the_impossible_calls_the_tutor_at_every_level(enter: EnterAs, level: int) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, {1000: 1}, by=None)
    desk = enter(hands(level=level)).go(f"/banco/consegna/{order.id}/resto?dati=2000")
    assert desk.offers("Chiama il tutor")
    desk.go(
        f"/banco/consegna/{order.id}/contanti?euro=20" if not level else f"/banco/consegna/{order.id}/resto?dati=2000"
    )
    assert desk.offers("Chiama il tutor")
    assert desk.offers("Paga con la carta")


@pytest.mark.parametrize("level", [2, 1, 0])
def test_money_that_has_gone_meanwhile_shows_the_change_anew(enter: EnterAs, level: int) -> None:
    order = crate(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    desk = enter(hands(level=level)).go(f"/banco/consegna/{order.id}/resto?dati=2000")
    give_change(desk)
    drawers.count(order.pickup.place, {500: 2, 100: 1, 20: 3}, by=None)
    desk.press("Ho dato il resto")
    assert desk.status == 409
    assert crates.state(order.id)["due"] == 850
    assert desk.offers("Chiama il tutor")
    drawers.count(order.pickup.place, {500: 2, 100: 1, 50: 1}, by=None)
    desk.go(f"/banco/consegna/{order.id}/resto?dati=2000")
    give_change(desk)
    drawers.count(order.pickup.place, {1000: 1, 100: 1, 50: 1}, by=None)
    desk.press("Ho dato il resto")
    assert "Guarda di nuovo: le monete sono altre." in desk.text
    assert pieces_shown(desk) == [1000, 100, 50]
    desk.press("Ho dato il resto")
    assert box(order) == {2000: 1}


# --- every total


def test_for_every_total_what_is_shown_adds_up_lies_in_the_box_and_is_the_fewest() -> None:
    """5 cents to 200 euro, each with a drawer and a handful of money of its own."""
    chance, impossible, compared = random.Random(SEED), 0, 0
    for due in range(5, 20_001, 5):
        assert sum(coins.pieces(due)) == due
        drawer, given = some_drawer(chance), some_given(chance, due)
        wanted = sum(given) - due
        try:
            back = coins.change(wanted, drawer, most=drawers.MOST_BACK)
        except coins.NoChange:
            impossible += 1
            few = fewest(wanted, drawer) if due % 100 == 5 else None
            assert few is None or few > drawers.MOST_BACK
            continue
        assert sum(given) - sum(back) == due
        assert back == sorted(back, reverse=True)
        assert not Counter(back) - Counter(drawer)
        if due % 100 == 5:
            compared += 1
            assert len(back) == fewest(wanted, drawer)
    assert impossible > 100
    assert compared > 50


TOTALS = [5, 10, 15, 95, 100, 105, 995, 1000, 1995, 4995, 5000, 9995, 10_000, 19_995, 20_000]


@pytest.mark.parametrize(("how_many", "least"), [(30, 8), pytest.param(150, 40, marks=pytest.mark.slow)])
def test_the_screens_show_the_change_that_the_box_holds_or_call_the_tutor(
    enter: EnterAs, how_many: int, least: int
) -> None:
    chance, shown, called = random.Random(SEED), 0, 0
    totals = [*TOTALS, *(chance.randrange(5, 20_001, 5) for _ in range(how_many))]
    desk = enter(hands(level=1))
    guided = enter(hands("Bruno", level=2))
    for number, due in enumerate(totals):
        order, drawer, given = crate(due), some_drawer(chance), some_given(chance, due)
        drawers.count(order.pickup.place, drawer, by=None)
        who = guided if number % 3 == 0 else desk
        who.go(f"/banco/consegna/{order.id}?passo=soldi")
        assert sum(pieces_shown(who)) == due
        who.go(f"/banco/consegna/{order.id}/resto", sends={"dati": ",".join(map(str, given))})
        few = fewest(sum(given) - due, drawer)
        if few is None or few > drawers.MOST_BACK:
            called += 1
            assert who.offers("Chiama il tutor"), (due, drawer, given)
            assert who.heading == "Chiedi al tutor di cambiare"
            assert crates.state(order.id)["due"] == due
            continue
        shown += 1
        on_the_way = give_change(who)
        back = pieces_shown(who) if few else []
        assert on_the_way in ([], back)
        assert (sum(back), len(back)) == (sum(given) - due, few), (due, drawer, given)
        assert not Counter(back) - Counter(drawer)
        who.press_main()
        after = Counter(drawer)
        after.update(given)
        after.subtract(back)
        assert box(order) == {coin: left for coin, left in after.items() if left}
        assert crates.state(order.id)["due"] == 0
    assert len(totals) >= how_many
    assert shown > least
    assert called > least


def some_drawer(chance: random.Random) -> dict[int, int]:
    """Now and then well filled, now and then nearly empty."""
    most = chance.choice([1, 3, 8, 30])
    drawer = {coin: chance.randint(0, most) for coin in coins.IN_USE if chance.random() < 0.8}
    return {coin: number for coin, number in drawer.items() if number}


def some_given(chance: random.Random, due: int) -> list[int]:
    """What a citizen might lay down: a large note, several, or notes with coins to make it round."""
    note = chance.choice([5000, 2000, 1000, 500])
    given = [note] * (-(-due // note))
    if len(given) > 12:
        given = [5000] * (-(-due // 5000))
    if chance.random() < 0.3 and due % 100:
        given += coins.pieces(due % 100)
    return given[:20] if sum(given[:20]) >= due else [5000] * (-(-due // 5000))


def fewest(cents: int, drawer: Mapping[int, int]) -> int | None:
    """How few pieces make it, by trying each piece of the drawer in turn: another way than the shop's."""
    best = [0] + [10_000] * (cents // 5)
    for coin in Counter(drawer).elements():
        step = coin // 5
        for at in range(len(best) - 1, step - 1, -1):
            if best[at - step] + 1 < best[at]:
                best[at] = best[at - step] + 1
    return best[-1] if best[-1] < 10_000 else None


def test_the_search_of_this_file_finds_what_the_largest_first_would_miss() -> None:
    assert fewest(60, {50: 1, 20: 3}) == 3
    assert fewest(60, {50: 1, 20: 2}) is None
    assert fewest(0, {}) == 0


def test_the_money_in_is_what_was_due_also_beside_other_ways(enter: EnterAs) -> None:
    """The desk takes exactly what it showed: a sum that changed meanwhile is not taken."""
    order = crate(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    desk = enter(hands(level=1)).go(f"/banco/consegna/{order.id}/resto?dati=2000")
    way = next(way for way in desk.ways if way.is_principal)
    handing_over.take_card(order.id, by=None, expected=850)
    desk.go(way.path, method="post", sends=way.sends)
    assert desk.heading.startswith("Dai la cassetta") or desk.status == 409
    assert box(order) == FLOAT
