"""Preparing a crate at every level of support: other screens, the same work, the same result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, formats, journal
from core.database import transaction
from desk import words
from orders import handing_over, preparing
from orders.models import Order
from people.capabilities import Capability
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.crates import WEIGHTS


@pytest.mark.parametrize("level", [2, 1, 0])
def test_every_level_of_support_ends_in_the_same_state(enter: EnterAs, level: int) -> None:
    order = crates.mixed()
    person = make.person("Anna", support_level=level)
    desk = enter(person).go(f"/banco/casse/{order.id}").prepare(WEIGHTS)
    assert desk.heading == "Hai preparato la cassetta 1"
    reached = crates.state(order.id)
    assert [line[:3] for line in reached["lines"]] == [("bietole", "taken", None), ("carote", "taken", 480)]
    assert (reached["status"], reached["labelled"], reached["total"]) == ("ready", True, 360 + 139)
    deeds = ["line.taken", "line.weighed", "order.labelled", "order.placed", "order.ready"]
    assert sorted(crates.deeds(order.id)) == deeds  # in the plain list lines may be done in any order
    work = [entry for entry in journal.entries(crates.again(order.id)) if entry.person_id == person.id]
    assert {entry.context["support_shown"] for entry in work} == {level}
    assert all(entry.context["device"] for entry in work)


def test_every_form_carries_its_token(enter: EnterAs, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    order = crates.mixed()
    for level in (2, 1, 0):
        desk = enter(make.person(f"Anna {level}", support_level=level)).go(f"/banco/casse/{order.id}").prepare(WEIGHTS)
        assert desk.heading == "Hai preparato la cassetta 1"
        while desk.offers("Torna indietro:"):
            desk.press("Torna indietro:")
    desk.go("/banco").press("Aiuto").press("Ho finito")
    assert desk.heading == "Scegli chi sei"
    assert desk.go(f"/banco/casse/{order.id}/pronta", method="post").status == 400


def test_full_support_shows_one_step_a_screen_with_its_cue(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=2)).go(f"/banco/casse/{order.id}")
    assert desk.heading == "Prendi 2 mazzi di bietole"
    assert "Guarda la figura e conta." in desk.text
    assert desk.press_main().heading == "Metti nella cassetta 1"
    assert crates.deeds(order.id) == ["order.placed"]  # looking writes nothing
    assert desk.press_main().heading == "Metti sulla bilancia: carote"
    assert "Messo: 2 mazzi di bietole." in desk.text
    assert desk.press_main().heading == "Scrivi il peso"


def test_half_support_shows_one_line_a_screen_and_the_hint_on_tap(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}")
    assert "conta" not in desk.text
    assert "Guarda la figura e conta." in desk.press("Come si fa?").text
    assert desk.press_main().heading == "Pesa: carote"


def test_least_support_shows_the_whole_crate_at_once(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=0)).go(f"/banco/casse/{order.id}")
    assert desk.heading == "Prepara la cassetta 1"
    assert "Bietole" in desk.text
    assert "Carote" in desk.text
    assert not any(way.is_principal for way in desk.ways)  # only what is possible now


def test_a_reload_or_another_tablet_goes_on_at_the_same_place(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").press_main()
    other = enter(make.person("Bruno", support_level=1)).go(f"/banco/casse/{order.id}")
    assert desk.heading == other.heading == "Pesa: carote"


def test_digits_are_tapped_and_write_nothing(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").press_main()
    desk.press("4").press("8").press("0")
    assert "Servono 500 grammi" in desk.text
    assert "480 grammi" in desk.text
    assert "48 grammi" in desk.press("Via uno").text
    assert crates.deeds(order.id)[-1] == "line.taken"


def test_kilos_for_grams_are_asked_again_and_nothing_typed_is_lost(enter: EnterAs) -> None:
    order = crates.mixed()
    for level in (2, 1, 0):
        desk = enter(make.person(f"Anna {level}", support_level=level)).go(f"/banco/casse/{order.id}")
        if level == 2:
            desk.press_main().press_main().press_main()
        desk.weigh(1)
        assert desk.status == 422
        assert "Sono grammi o chili? Scrivi i grammi." in desk.text
        assert next(way for way in desk.ways if "grams" in way.sends).sends["grams"] == "1"
    assert crates.state(order.id)["lines"][1][2] is None
    assert desk.weigh(480).status == 200
    assert crates.state(order.id)["lines"][1][2] == 480


def test_what_is_missing_is_said_and_not_paid(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=2)).go(f"/banco/casse/{order.id}")
    desk.press("Non c’è").press("Non ce n’è")
    assert "Segnato, non ce n’è: bietole." in desk.text
    desk.prepare(WEIGHTS)
    assert crates.state(order.id)["total"] == 139


def test_the_second_tap_of_a_double_tap_changes_nothing(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}")
    way = next(way for way in desk.ways if way.is_principal)
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).heading == "Pesa: carote"
    assert crates.deeds(order.id) == ["order.placed", "line.taken"]


def test_when_another_tablet_was_faster_the_screen_says_who_and_what(enter: EnterAs) -> None:
    order = crates.mixed()
    anna = make.person("Anna", support_level=1)
    bruno = enter(make.person("Bruno", support_level=1)).go(f"/banco/casse/{order.id}").press_main()
    bruno.press("5").press("1")
    crates.weigh(crates.again(order.id), "carote", 480, by=anna)
    bruno.press_main()
    assert bruno.status == 409
    assert "C’è già: 480 grammi, Anna" in bruno.text
    assert bruno.press("C’è già").heading == "Controlla la cassetta 1"
    assert crates.state(order.id)["lines"][1][2] == 480


def test_digits_never_slip_to_another_product(enter: EnterAs) -> None:
    order = make.closed(
        make.order(make.wish(make.carrots(), 500), make.wish(make.product("rape", kind="by_weight", left=5000), 500))
    )
    desk = enter(make.person("Bruno", support_level=1)).go(f"/banco/casse/{order.id}").press("5")
    crates.weigh(crates.again(order.id), "carote", 480, by=make.person("Anna"))
    assert "C’è già: 480 grammi, Anna." in desk.press("1").text
    assert "0 grammi" in desk.press("Avanti").text
    assert next(way for way in desk.ways if way.is_principal).sends["grams"] == ""


def test_a_line_taken_out_again_meanwhile_is_shown_as_it_is_now(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}")
    line = crates.again(order.id).lines[0]
    preparing.take_line(order.id, line.id, version=0, by=None)
    preparing.reopen_line(order.id, line.id)
    assert desk.press_main().heading == "Prendi 2 mazzi di bietole"
    assert "Guarda di nuovo." in desk.text


def test_a_crate_that_has_no_label_yet_stays_on_the_list(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = (
        enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").press_main().weigh(480).press_main()
    )
    assert desk.heading == "Stampa l’etichetta"
    assert desk.go("/banco/prepara").press("Cassetta 1").heading == "Stampa l’etichetta"


@pytest.mark.parametrize("level", [2, 1, 0])
def test_nobody_reads_about_the_citizen_while_preparing(enter: EnterAs, level: int) -> None:
    order = crates.mixed(name="Clementina Brambilla", email="clementina@posta.example", phone="333 1234567")
    desk = enter(make.person("Anna", support_level=level)).go("/banco").go("/banco/prepara")
    desk.go(f"/banco/casse/{order.id}").prepare(WEIGHTS)
    assert desk.heading == "Hai preparato la cassetta 1"
    assert len(desk.pages) > 5, "every screen on the way"
    for page in desk.pages:
        for secret in ("Clementina", "Brambilla", "posta.example", "333 1234567"):
            assert secret not in page


def test_a_cancelled_order_is_left_alone(enter: EnterAs) -> None:
    order = crates.mixed()
    with transaction() as session:
        session.get_one(Order, order.id).cancelled_at = clock.now()
    desk = enter(make.person("Anna")).go(f"/banco/casse/{order.id}")
    assert desk.status == 404
    assert "Questo ordine è stato tolto. Chiama il tutor." in desk.text
    assert desk.go(f"/banco/casse/{order.id}/etichetta.pdf").status == 404


def test_a_crate_that_was_not_ready_in_time_stays_on_the_list_with_its_day(enter: EnterAs) -> None:
    """Until noon of the next day: later it is a tutor's (tests/desk/test_staff_left_over.py)."""
    order = crates.mixed()
    with clock.at(order.pickup.to_at + timedelta(hours=15)):
        desk = enter(make.person("Anna", support_level=1)).press("Prepara")
        assert formats.FILTERS["day"](order.pickup.day) in desk.find("Cassetta 1").words
        assert desk.press("Cassetta 1").prepare(WEIGHTS).heading == "Hai preparato la cassetta 1"


def test_home_offers_first_what_this_person_has_begun(enter: EnterAs) -> None:
    pickup, chard = make.pickup(), make.chard()
    honey = make.honey()
    orders = [make.order(make.wish(chard, 2), make.wish(honey, 1), at=pickup) for _ in range(3)]
    make.closed(orders[0])
    orders = sorted((crates.again(order.id) for order in orders), key=lambda order: order.crate or 0)
    anna, bruno, carla = (make.person(name, support_level=1) for name in ("Anna", "Bruno", "Carla"))
    crates.take_first(orders[1].id, anna)
    crates.take_first(orders[2].id, bruno)
    first = {name: enter(who).go("/banco").press_main().path for name, who in (("b", bruno), ("a", anna), ("c", carla))}
    assert first["a"] == f"/banco/casse/{orders[1].id}"
    assert first["b"] == f"/banco/casse/{orders[2].id}"
    assert first["c"] == f"/banco/casse/{orders[0].id}"  # nobody is on it


def test_what_somebody_left_behind_on_another_day_comes_before_what_nobody_has_begun(enter: EnterAs) -> None:
    pickup, chard, honey = make.pickup(), make.chard(), make.honey()
    orders = [make.order(make.wish(chard, 2), make.wish(honey, 1), at=pickup) for _ in range(2)]
    make.closed(orders[0])
    with clock.at(clock.now() - timedelta(days=1)):
        crates.take_first(orders[1].id, make.person("Bruno"))
    carla = enter(make.person("Carla", support_level=1))
    assert carla.go("/banco").press_main().path == f"/banco/casse/{orders[1].id}"


def test_what_others_left_behind_is_not_offered_before_what_is_still_to_come(enter: EnterAs) -> None:
    left = crates.mixed()
    crates.take_first(left.id, make.person("Bruno"))
    with clock.at(left.pickup.to_at + timedelta(days=2)):
        coming = make.closed(make.order())
        desk = enter(make.person("Anna", support_level=1))
        assert desk.go("/banco").press_main().path == f"/banco/casse/{coming.id}"


@pytest.mark.parametrize("level", [2, 1, 0])
def test_an_odd_weight_is_asked_once_more_and_then_believed(enter: EnterAs, level: int) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    desk = enter(make.person("Anna", support_level=level)).go(f"/banco/casse/{order.id}")
    if level == 2:
        desk.press_main()
    desk.weigh(5000)
    assert desk.status == 422
    assert "5 chili? Guarda ancora la bilancia." in desk.text
    assert crates.state(order.id)["lines"][1][2] is None
    way = next(way for way in desk.ways if way.sends.get("sure"))
    assert way.sends["grams"] == "5000"
    desk.go(way.path, method="post", sends={**way.sends, "grams": "4000"})
    assert "4 chili? Guarda ancora la bilancia." in desk.text  # another number is another question
    way = next(way for way in desk.ways if way.sends.get("sure"))
    assert desk.go(way.path, method="post", sends=way.sends).status == 200
    assert crates.state(order.id)["lines"][1][2] == 4000


def test_the_way_back_means_the_same_after_a_doubt(enter: EnterAs) -> None:
    """With the whole guide it is one screen back, before and after; what was done before waits for its own screen."""
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    desk = enter(make.person("Anna", support_level=2)).go(f"/banco/casse/{order.id}")
    assert desk.offers("Torna indietro: 2 mazzi")
    desk.press_main()
    for grams in (5000, 1):
        assert not desk.offers("Torna indietro:")
        before = desk.find("Torna indietro")
        assert desk.weigh(grams).status == 422
        assert not desk.offers("Torna indietro:")
        assert desk.find("Torna indietro") == before
    assert desk.press("Torna indietro").heading == "Metti sulla bilancia: carote"
    assert crates.deeds(order.id)[-1] == "line.taken"


@pytest.mark.parametrize("level", [2, 1, 0])
def test_pieces_that_are_weighed_say_about_how_much(enter: EnterAs, level: int) -> None:
    cauliflower = make.product("cavolfiore", kind="piece_by_weight", price=240, piece_grams=900, left=20)
    order = make.closed(make.order(make.wish(cauliflower, 1), make.wish(make.carrots(), 500)))
    desk = enter(make.person("Anna", support_level=level)).go(f"/banco/casse/{order.id}")
    if level == 2:
        assert "Serve 1 pezzo, circa 900 grammi" in desk.text
        desk.press_main()
    assert ("Serve 1 pezzo, circa 900 grammi" if level else "1 pezzo, circa 900 grammi") in desk.text
    desk.weigh(20)
    assert "20 grammi? Guarda ancora la bilancia." in desk.text
    assert ("Circa 900 grammi" if level else "1 pezzo, circa 900 grammi") in desk.text
    desk.weigh(850)
    assert "circa" not in desk.text  # carrots are ordered by their weight


@pytest.mark.parametrize("level", [2, 1])
def test_fewer_pieces_say_about_how_much_they_weigh(enter: EnterAs, level: int) -> None:
    order = crates.varied()
    line = crates.line(order.id, "zucca")
    desk = enter(make.person("Anna", support_level=level)).go(f"/banco/casse/{order.id}/righe/{line.id}/meno?pezzi=1")
    assert "1 pezzo: zucca delica, circa 1800 grammi" in desk.text.replace(" ,", ",")


@pytest.mark.parametrize("written", ["12345678901", "1,5", "<b>"])
def test_what_was_written_into_the_plain_list_stays_as_it_was_written(enter: EnterAs, written: str) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=0)).go(f"/banco/casse/{order.id}").fill("Fatto", grams=written)
    assert desk.status == 422
    assert "Carote: Guarda la bilancia e scrivi i grammi." in desk.text
    assert next(way for way in desk.ways if "grams" in way.sends).sends["grams"] == written
    assert crates.line(order.id, "carote").state == "waiting"


def test_one_gram_is_said_as_one(enter: EnterAs) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").press("1")
    assert "1 grammo" in desk.text
    assert "10 grammi" in desk.press("0").text


def test_crates_and_labels_of_the_past_are_nobodys_reading(enter: EnterAs) -> None:
    given, put_away, kept = (crates.ready_today(make.wish(make.product(), 1)) for _crate in range(3))
    handing_over.take_cash(given.id, by=None, expected=handing_over.cash_due(given))
    handing_over.hand_over(given.id, by=None)
    with clock.at(put_away.pickup.to_at):
        handing_over.mark_not_collected(put_away.id, by=None)
    desk = enter(make.person("Anna"))
    pages = {order.id: f"/banco/casse/{order.id}" for order in (given, put_away, kept)}
    for order in (given, put_away):
        assert desk.go(pages[order.id]).status == 404
        assert "Questa cassetta non c'è più." in desk.text.replace("’", "'")
        assert desk.go(f"{pages[order.id]}/etichetta.pdf").status == 404
    assert desk.go(pages[kept.id]).status == 200
    assert desk.client.get(f"{pages[kept.id]}/etichetta.pdf").status_code == 200
    with clock.at(kept.pickup.to_at + timedelta(days=1, minutes=1)):
        desk = enter(make.person("Bruno"))
        assert desk.go(pages[kept.id]).status == 404
        assert desk.go(f"{pages[kept.id]}/etichetta.pdf").status == 404


@pytest.mark.parametrize("level", [2, 1, 0])
def test_a_bowl_is_weighed_with_and_taken_off_by_the_screen(enter: EnterAs, level: int) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    crates.bowl(crates.line(order.id, "carote").product, 220)
    desk = enter(make.person("Anna", support_level=level)).go(f"/banco/casse/{order.id}")
    assert "la ciotola blu" in desk.text
    if level == 2:
        assert 'aria-label="720 grammi"' in desk.html  # the scale as it looks when it is right
        desk.press_main()
    if level:
        assert "Va bene" in desk.type(720).text
    desk.weigh(700)
    assert "Messo: 480 grammi di carote." in desk.text
    assert (crates.line(order.id, "carote").weighed_grams, crates.line(order.id, "carote").tare_grams) == (480, 220)
    assert desk.press("Torna indietro: 480 grammi di carote").status == 200
    assert crates.line(order.id, "carote").tare_grams is None


@pytest.mark.parametrize("level", [1, 0])
def test_less_is_weighed_with_the_bowl_too(enter: EnterAs, level: int) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    crates.bowl(crates.line(order.id, "carote").product, 220)
    desk = enter(make.person("Anna", support_level=level)).go(f"/banco/casse/{order.id}")
    if level == 0:
        desk.fill("Ce n’è meno carote", grams="520")
    else:
        desk.press("Non c’è").press("Ce n’è meno").type(520).press_main()
    assert "Messo: 300 grammi di carote." in desk.text
    assert (crates.line(order.id, "carote").weighed_grams, crates.line(order.id, "carote").tare_grams) == (300, 220)


def test_an_odd_weight_is_said_as_the_scale_said_it(enter: EnterAs) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    crates.bowl(crates.line(order.id, "carote").product, 220)
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").weigh(2000)
    assert "2 chili? Guarda ancora la bilancia." in desk.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ciotola blu", "la ciotola blu"),
        ("Cestino", "il cestino"),
        ("Scatola", "la scatola"),
        ("Scodellino", "lo scodellino"),
        ("Urna", "l’urna"),
        ("Vaschette", "vaschette"),
    ],
)
def test_a_container_has_its_article_where_the_word_tells_which(app: Flask, name: str, said: str) -> None:
    order = crates.mixed()
    crates.bowl(crates.line(order.id, "carote").product, name=name)
    with app.test_request_context():
        assert words.container(crates.line(order.id, "carote")) == said


def test_money_is_not_offered_back_where_crates_are_prepared(enter: EnterAs) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    handing_over.take_cash(order.id, by=None, expected=850)
    desk = enter(make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH)))
    assert desk.go(f"/banco/consegna/{order.id}").offers("Torna indietro: i soldi")
    assert desk.go(f"/banco/casse/{order.id}").status == 200
    assert not desk.offers("Torna indietro: i soldi")


@pytest.mark.parametrize("level", [2, 1, 0])
def test_a_second_crate_is_one_tap_and_can_be_taken_back(enter: EnterAs, level: int) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=level)).go(f"/banco/casse/{order.id}")
    desk.prepare(WEIGHTS).press("Torna indietro: l'etichetta")
    before = crates.state(order.id)
    way = desk.find("Serve un’altra cassetta")
    for _tap in range(2):
        desk.go(way.path, method="post", sends=way.sends)
    assert desk.heading == "Stampa 2 etichette"
    assert crates.state(order.id)["crates"] == 2
    assert desk.press("Torna indietro: 2 cassette").heading == "Stampa l’etichetta"
    assert crates.state(order.id) == before


def test_there_is_an_end_to_more_crates(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(make.person("Anna", support_level=1)).go(f"/banco/casse/{order.id}").prepare(WEIGHTS)
    desk.press("Torna indietro: l'etichetta")
    for number in range(2, preparing.MOST_CRATES + 1):
        assert desk.press("Serve un’altra cassetta").heading == f"Stampa {number} etichette"
        assert f"Adesso sono {number} cassette." in desk.text
    assert not desk.offers("Serve un’altra cassetta")
