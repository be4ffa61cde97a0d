"""What is not there: less of it, none of it, or something else. The same at every level, each with its way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog.models import Product
from core import clock, journal
from core.database import db
from orders import harvesting, preparing, substituting
from orders.models import Order
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk

LEVELS = [2, 1, 0]


def at_line(enter: EnterAs, order: Order, slug: str, level: int) -> Desk:
    """Somebody looks at this line; what is before it is in the crate already."""
    for line in crates.again(order.id).lines:
        if line.slug == slug:
            break
        if not line.is_prepared:
            pack(line.id, order.id)
    return enter(worker(level)).go(f"/banco/casse/{order.id}")


def worker(level: int) -> Person:
    return make.person(f"Anna {level}", support_level=level)


def pack(line_id: int, order_id: int) -> None:
    line = next(line for line in crates.again(order_id).lines if line.id == line_id)
    if line.is_weighed:
        preparing.weigh_line(order_id, line.id, line.expected_grams or 0, version=line.version, by=None)
    else:
        preparing.take_line(order_id, line.id, version=line.version, by=None)


def fewer_bunches(desk: Desk, level: int) -> Desk:
    if level == 0:
        return desk.fill("Ce n’è meno bietole", pieces="2")
    return desk.press("Non c’è").press("Ce n’è meno").press("2 mazzi")


def fewer_grams(desk: Desk, level: int) -> Desk:
    if level == 0:
        return desk.fill("Ce n’è meno carote", grams="300")
    return desk.press("Non c’è").press("Ce n’è meno").type(300).press_main()


def fewer_squashes(desk: Desk, level: int) -> Desk:
    if level == 0:
        return desk.fill("Ce n’è meno zucca", pieces="1", grams="1700")
    return desk.press("Non c’è").press("Ce n’è meno").press("1 pezzo").type(1700).press_main()


def none_at_all(desk: Desk, level: int) -> Desk:
    if level == 0:
        return desk.press("Non ce n’è bietole")
    return desk.press("Non c’è").press("Non ce n’è")


def another(desk: Desk, level: int) -> Desk:
    if level == 0:
        return desk.press("Metti un altro bietole").press("2 mazzi di cavolo nero")
    return desk.press("Non c’è").press("Metti un altro").press("2 mazzi di cavolo nero")


def choices(desk: Desk) -> list[str]:
    return [way.words for way in desk.ways if "prodotto" in way.sends]


DEEDS = {
    # name: (product, what a person does, the line after it, what the screen says)
    "fewer bunches": ("bietole", fewer_bunches, ("bietole", "short", None, 2), "Messo: 2 mazzi di bietole."),
    "fewer grams": ("carote", fewer_grams, ("carote", "short", 300, None), "Messo: 300 grammi di carote."),
    "fewer squashes": (
        "zucca",
        fewer_squashes,
        ("zucca", "short", 1700, 1),
        "Messo: 1 chilo e 700 grammi di zucca delica.",
    ),
    "none": ("bietole", none_at_all, ("bietole", "missing", None, None), "Segnato, non ce n’è: bietole."),
    "another": ("bietole", another, ("bietole", "missing", None, None), "Cambiato con: cavolo nero."),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", list(DEEDS))
def test_each_deed_ends_in_the_same_state_at_every_level_and_can_be_taken_back(
    enter: EnterAs, name: str, level: int
) -> None:
    slug, act, after, said = DEEDS[name]
    order = crates.varied()
    desk = at_line(enter, order, slug, level)
    before = crates.state(order.id)
    act(desk, level)
    reached = crates.state(order.id)
    assert said in desk.text
    assert next(line[:4] for line in reached["lines"] if line[0] == slug) == after
    assert len(reached["lines"]) == len(before["lines"]) + (name == "another")
    assert crates.line(order.id, slug).lot == (None if after[1] == "missing" else clock.today().isoformat())
    deed = journal.entries(crates.again(order.id))[0]
    assert (deed.context["support_shown"], bool(deed.context["device"])) == (level, True)
    desk.press("Torna indietro:")
    assert "Tolto:" in desk.text
    assert crates.state(order.id) == before


@pytest.mark.parametrize("level", LEVELS)
def test_a_crate_with_everything_short_is_prepared_to_the_end(enter: EnterAs, level: int) -> None:
    order = crates.varied()
    desk = enter(worker(level)).go(f"/banco/casse/{order.id}")
    another(desk, level)
    if level:
        assert "cavolo nero" in desk.heading  # what comes instead is taken next, like everything else
    weights = {"cavolo-nero": 0, "carote": 480, "zucca": 3500}
    assert desk.prepare(weights).heading == "Hai preparato la cassetta 1"
    states = [line[:2] for line in crates.state(order.id)["lines"]]
    assert states == [
        ("bietole", "missing"),
        ("carote", "taken"),
        ("zucca", "taken"),
        ("miele-acacia", "taken"),
        ("cavolo-nero", "taken"),
    ]
    kale = crates.line(order.id, "cavolo-nero")
    assert (kale.quantity, kale.final) == (2, 440)
    assert crates.line(order.id, "bietole").maximum >= 440


@pytest.mark.parametrize("level", LEVELS)
def test_where_the_citizen_wants_only_this_nothing_is_said_of_another(enter: EnterAs, level: int) -> None:
    order = crates.varied(may_swap=False)
    desk = at_line(enter, order, "bietole", level)
    if level:
        desk.press("Non c’è")
    assert desk.offers("Non ce n’è")
    assert "altro" not in desk.text.lower()


def test_where_nothing_fits_nothing_is_said_of_another_either(enter: EnterAs) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "miele-acacia", 1).press("Non c’è")  # alone on its shelf
    assert desk.offers("Non ce n’è")
    assert not desk.offers("Metti un altro")


def test_one_piece_can_only_be_there_or_not(enter: EnterAs) -> None:
    order = crates.varied()
    for level in LEVELS:
        desk = at_line(enter, order, "miele-acacia", level)
        if level:
            desk.press("Non c’è")
        assert desk.offers("Non ce n’è")
        assert not desk.offers("Ce n’è meno miele" if level == 0 else "Ce n’è meno")


def test_there_are_never_more_than_five_products_to_choose_from(enter: EnterAs) -> None:
    order = crates.varied()
    for number in range(6):
        make.product(f"erba-{number}", price=100, unit="mazzo", unit_plural="mazzi")
    desk = at_line(enter, order, "bietole", 1).press("Non c’è").press("Metti un altro")
    all_of_them = len(substituting.choices(crates.line(order.id, "bietole")))
    seen: set[str] = set()
    for _page in range(-(-all_of_them // 4)):
        shown = choices(desk)
        assert len(shown) <= 4
        seen |= set(shown)
        desk.press("Altri")
    assert len(seen) == all_of_them > 5
    assert len(choices(at_line(enter, order, "bietole", 0).press("Metti un altro"))) == all_of_them


def test_many_pieces_are_written_and_few_are_shown(enter: EnterAs) -> None:
    squash = make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    order = make.closed(make.order(make.wish(make.chard(), 6), make.wish(make.honey(), 7), make.wish(squash, 8)))
    few = at_line(enter, order, "bietole", 1).press("Non c’è").press("Ce n’è meno")
    assert [way.words for way in few.ways if "pieces" in way.sends] == [
        f"{n} mazz{'o' if n == 1 else 'i'}" for n in range(1, 6)
    ]
    many = at_line(enter, order, "miele-acacia", 1).press("Non c’è").press("Ce n’è meno")
    assert many.type(5).press_main().status == 200
    assert crates.line(order.id, "miele-acacia").packed == 5
    many.press("Non c’è").press("Ce n’è meno").type(6).press_main()
    assert many.heading == "Scrivi quanto ce n’è"
    many.type(10800).press_main()
    assert (crates.line(order.id, "zucca").packed, crates.line(order.id, "zucca").weighed_grams) == (6, 10800)


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_not_less_is_asked_again_and_nothing_typed_is_lost(enter: EnterAs, level: int) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "carote", level)
    before = crates.state(order.id)
    for grams in (900, 500):
        if level == 0:
            desk.fill("Ce n’è meno carote", grams=str(grams))
        else:
            desk.go(f"/banco/casse/{order.id}/righe/{crates.line(order.id, 'carote').id}/meno").type(grams).press_main()
        assert desk.status == 422
        assert "Scrivi quanto ce n'è: meno di quello che serve." in desk.text.replace("’", "'")
        assert any(way.sends.get("grams") == str(grams) for way in desk.ways)
        assert crates.state(order.id) == before


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("typed", ["0", "the bowl alone", "nothing on the keys"])
def test_none_at_all_of_less_is_one_tap_away(enter: EnterAs, level: int, typed: str) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "carote", level)
    if typed == "the bowl alone":
        crates.bowl(crates.line(order.id, "carote").product, 220)
    less = f"/banco/casse/{order.id}/righe/{crates.line(order.id, 'carote').id}/meno"
    grams = {"0": "0", "the bowl alone": "220"}.get(typed, "" if level else "0")
    desk.go(f"/banco/casse/{order.id}" if level == 0 else less)
    way = next(way for way in desk.ways if way.path == less and "grams" in way.sends)
    desk.go(less, method="post", sends={**way.sends, "grams": grams})
    assert desk.status == 422
    assert "Se non ce n’è, tocca «Non ce n’è»." in desk.text
    assert "meno di quello che serve" not in desk.text
    desk.press("Non ce n’è carote" if level == 0 else "Non ce n’è")
    assert (desk.status, crates.line(order.id, "carote").state) == (200, "missing")


@pytest.mark.parametrize(("slug", "level"), [("miele-acacia", 1), ("zucca", 2), ("zucca", 1)])
def test_no_pieces_at_all_are_one_tap_away_too(enter: EnterAs, slug: str, level: int) -> None:
    squash = make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    order = make.closed(make.order(make.wish(make.honey(), 7), make.wish(squash, 8)))
    desk = at_line(enter, order, slug, level).press("Non c’è").press("Ce n’è meno").press_main()
    assert "Se non ce n’è, tocca «Non ce n’è»." in desk.text
    desk.press("Non ce n’è")
    assert crates.line(order.id, slug).state == "missing"


def test_as_many_squashes_as_were_ordered_are_not_fewer_and_stay_in_sight(enter: EnterAs) -> None:
    squash = make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    order = make.closed(make.order(make.wish(squash, 8)))
    desk = at_line(enter, order, "zucca", 1).press("Non c’è").press("Ce n’è meno").type(8).press_main()
    assert "Scrivi quanto ce n'è: meno di quello che serve." in desk.text
    assert next(way for way in desk.ways if way.is_principal).sends["pezzi"] == "8"
    assert desk.type(7).press_main().heading == "Scrivi quanto ce n’è"


def test_a_number_that_was_not_typed_is_never_taken_for_none(enter: EnterAs) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "carote", 0).fill("Ce n’è meno carote", grams="")
    assert desk.status == 422
    assert "Scrivi quanto ce n'è: meno di quello che serve." in desk.text


def test_in_the_plain_list_what_is_said_stands_in_its_line_with_the_name(enter: EnterAs) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "bietole", 0).fill("Ce n’è meno zucca", pieces="1", grams="9000")
    [part] = [part for part in desk.html.split("<li") if "Guarda ancora la bilancia." in part]
    assert "Zucca delica: 9 chili?\nGuarda ancora la bilancia." in part
    assert "products/zucca.svg" in part
    assert part.count("autofocus") == part.count("aria-describedby") == 1
    assert desk.html.count("autofocus") == 1


@pytest.mark.parametrize("level", LEVELS)
def test_an_odd_weight_of_fewer_pieces_is_asked_once_more_and_then_believed(enter: EnterAs, level: int) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "zucca", level)
    if level == 0:
        desk.fill("Ce n’è meno zucca", pieces="1", grams="9000")
    else:
        desk.press("Non c’è").press("Ce n’è meno").press("1 pezzo").type(9000).press_main()
    assert desk.status == 422
    assert "9 chili? Guarda ancora la bilancia." in desk.text
    way = next(way for way in desk.ways if way.sends.get("sure"))
    desk.go(way.path, method="post", sends=way.sends)
    assert crates.line(order.id, "zucca").weighed_grams == 9000


@pytest.mark.parametrize("act", [fewer_bunches, none_at_all, another])
def test_the_second_tap_of_a_double_tap_changes_nothing(enter: EnterAs, act: Callable[[Desk, int], Desk]) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "bietole", 1)
    taps: list[tuple[str, dict[str, str]]] = []
    send = desk.go

    def remember(path: str, *, method: str = "get", sends: dict[str, str] | None = None) -> Desk:
        if method == "post":
            taps.append((path, sends or {}))
        return send(path, method=method, sends=sends)

    desk.go = remember  # type: ignore[method-assign]
    act(desk, 1)
    once = (crates.state(order.id), crates.deeds(order.id))
    path, sends = taps[-1]
    again = send(path, method="post", sends=sends)
    assert again.status == 200
    assert (crates.state(order.id), crates.deeds(order.id)) == once


def test_when_another_tablet_was_faster_the_screens_say_so(enter: EnterAs) -> None:
    order = crates.varied()
    carla = make.person("Carla")
    desk = at_line(enter, order, "bietole", 1).press("Non c’è")
    none, less = desk.find("Non ce n’è"), desk.find("Ce n’è meno")
    crates.take_first(order.id, carla)
    for way in (none, less):
        desk.go(way.path, method=way.method, sends=way.sends)
        assert desk.status == 409
        assert "C’è già: 3 mazzi, Carla." in desk.text
    assert [line[1] for line in crates.state(order.id)["lines"]] == ["taken", "waiting", "waiting", "waiting"]


def test_what_somebody_marked_as_not_there_is_said_with_the_name(enter: EnterAs) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "bietole", 1)
    line = crates.line(order.id, "bietole")
    preparing.mark_missing(order.id, line.id, version=line.version, by=make.person("Carla").id)
    assert desk.press_main().status == 409
    assert "Carla ha segnato: non ce n’è." in desk.text


def test_when_the_other_is_gone_meanwhile_the_screen_shows_what_is_left(enter: EnterAs) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "bietole", 1).press("Non c’è").press("Metti un altro")
    way = desk.find("2 mazzi di cavolo nero")
    kale = db.session.query(Product).filter_by(slug="cavolo-nero").one()
    make.order(make.wish(kale, 99))
    desk.go(way.path, method="post", sends=way.sends)
    assert desk.status == 409
    assert "Non ne resta abbastanza." in desk.text
    assert not desk.offers("cavolo nero")
    assert crates.line(order.id, "bietole").state == "waiting"


def test_nobody_puts_another_where_it_was_not_allowed(enter: EnterAs) -> None:
    order = crates.varied(may_swap=False)
    kale = db.session.query(Product).filter_by(slug="cavolo-nero").one()
    line = crates.line(order.id, "bietole")
    sends = {"prodotto": str(kale.id), "version": str(line.version)}
    desk = enter(worker(1)).go(f"/banco/casse/{order.id}/righe/{line.id}/altro", method="post", sends=sends)
    assert desk.status == 422
    assert crates.line(order.id, "bietole").state == "waiting"


def test_an_other_that_is_in_the_crate_goes_back_first(enter: EnterAs) -> None:
    order = crates.varied()
    desk = at_line(enter, order, "bietole", 1)
    before = crates.state(order.id)
    another(desk, 1).press_main()
    assert desk.press("Torna indietro: 2 mazzi di cavolo nero").offers("Torna indietro: 2 mazzi di cavolo nero")
    desk.press("Torna indietro: 2 mazzi di cavolo nero")
    assert crates.state(order.id) == before


@pytest.mark.parametrize("level", LEVELS)
def test_what_came_in_short_is_a_calm_hint_and_says_how_much_lacks(enter: EnterAs, level: int) -> None:
    order = crates.varied()
    chard = crates.line(order.id, "bietole").product_id
    desk = at_line(enter, order, "bietole", level)
    assert "poco" not in desk.text
    harvesting.arrive(order.pickup_id, chard, 1, by=None)
    desk.go(f"/banco/casse/{order.id}")
    assert "Oggi ce n’è poco" in desk.text
    if level:
        desk.press("Non c’è")
    assert "Oggi ce n’è poco: mancano 2 mazzi." in desk.text


def test_what_is_put_instead_never_costs_more(enter: EnterAs) -> None:
    order = crates.varied()
    line = crates.line(order.id, "bietole")
    choices = substituting.choices(line)
    assert choices
    for product in choices:
        assert product.estimate(substituting.quantity_for(line, product)) <= line.maximum
