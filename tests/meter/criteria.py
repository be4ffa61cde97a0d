"""The forty criteria: which of them are measured on every screen, with what limit, and which tests show the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.meter.seeing import SAYS_NOTHING, Seen

STEP_KINDS = {"passo", "numero", "soldi", "fine"}
LOOSE = {1, 2, 3, 5, 7, 12}
"""From which the plain list (level 0) is free; of 7 only the way down, of 12 only number fields (ruling 11)."""


@dataclass(frozen=True)
class Row:
    """One line of the table. ``figure``: as rules.js names it; ``worst``: min or max of it, or "faults" to count those.

    ``kinds``: of the screens that it is asked of, all of them where empty.
    """

    criterion: int
    says: str
    limit: str
    figure: str
    worst: str
    kinds: frozenset[str] = frozenset()


ROWS = [
    Row(1, "choices on a screen to choose from", "at most 5", "1", "max", frozenset({"scelta"})),
    Row(1, "choices on a step", "at most 3", "1", "max", frozenset(STEP_KINDS)),
    Row(2, "how many times as large as the next control the main action is", "more than 1", "2", "min"),
    Row(3, "words on a step, names apart", "at most 25", "3", "max"),
    Row(3, "sentences on a step", "at most 3", "3 sentences", "max"),
    Row(4, "words of the one heading; its first is a verb of the glossary", "at most 6", "4", "max"),
    Row(5, "steps drawn, done ones ticked, this one marked", "at most 5", "5", "max"),
    Row(6, "who, what and how much that are not in sight", "0", "6", "faults"),
    Row(7, "pixels of heading or main action below the screen; nothing sideways", "at most 0", "7", "max"),
    Row(8, "things that look like a button and are none", "0", "8", "faults"),
    Row(9, "smallest side of a control, px (keys and tiles 120; plain list 64)", "at least 96", "9", "min"),
    Row(10, "smallest gap between controls, px; undo far from the main action", "at least 16", "10", "min"),
    Row(12, "fields to type into, tick or choose from", "0", "12", "max"),
    Row(14, "how far bar and main action move from screen to screen, px", "at most 1", "places", "max"),
    Row(16, "undo that does not say what it takes back", "0", "16", "faults"),
    Row(19, "controls that are there and cannot be used", "0", "19", "max"),
    Row(20, "yes and no that do not differ in word, colour, picture and side", "0", "20", "faults"),
    Row(22, "words of blame, codes", "0", "22", "max"),
    Row(24, "things that move or go on by themselves", "0", "24", "max"),
    Row(24, "screens that are another one half an hour later", "0", "24 later", "max"),
    Row(25, "what has moved after it was there (layout shift)", "0", "25", "max"),
    Row(26, "what plays, counts or ranks", "0", "26", "max"),
    Row(27, "lowest Gulpease of a text of 10 words and more", "at least 80", "27", "min"),
    Row(28, "words of the longest sentence, a name as one", "at most 10", "28", "max"),
    Row(28, "sentences that share a line", "0", "28 beside", "max"),
    Row(31, "smallest letters, px", "at least 20", "31 text", "min"),
    Row(31, "least room between lines of text", "at least 1.5", "31 room", "min"),
    Row(31, "longest line, characters", "at most 60", "31 line", "max"),
    Row(31, "capitals, italics, justified lines, %, €, short forms, numbers as words", "0", "31", "max"),
    Row(32, "numbers without unit, picture or target", "0", "32", "faults"),
    Row(33, "controls without words, without a picture, or with another name", "0", "33", "max"),
    Row(34, "smallest picture of the one product, px", "at least 240", "34", "min"),
    Row(36, "lowest contrast of text", "at least 7", "36", "min"),
    Row(36, "lowest contrast of a control's edge", "at least 3", "36 edge", "min"),
    Row(36, "words cut, covered or gone at 200 % or with wider text spacing", "0", "36 read", "max"),
    Row(37, "help, one tap, without a form", "exactly 1", "37", "max"),
]

MEASURED = sorted({row.criterion for row in ROWS})

DESK = "tests/desk"
ELSEWHERE: dict[int, tuple[str, list[str]]] = {
    11: (
        "a tap does it, on release; a double tap is one deed",
        [
            "tests/meter/test_scripts.py::test_no_script_listens_for_a_gesture",
            f"{DESK}/test_preparing.py::test_the_second_tap_of_a_double_tap_changes_nothing",
        ],
    ),
    13: (
        "by keyboard alone",
        [f"{DESK}/test_list_by_keyboard.py::test_a_crate_of_six_lines_takes_one_key_a_line_beside_the_digits"],
    ),
    15: (
        "every deed can be taken back, or says why not",
        [
            "tests/test_house.py::test_every_recorded_action_has_an_inverse_or_a_reason",
            "tests/orders/test_undo_of_every_action.py::test_done_and_undone_the_shop_is_as_before_and_done_again_as_after",
        ],
    ),
    17: (
        "reload, back, another tablet: the same step",
        [
            f"{DESK}/test_preparing.py::test_a_reload_or_another_tablet_goes_on_at_the_same_place",
            f"{DESK}/test_resuming.py::test_after_a_break_the_tablet_asks_and_then_shows_the_same_screen_with_what_was_typed",
        ],
    ),
    18: (
        "what a role may not do answers 403",
        [
            "tests/test_doors.py::test_a_role_enters_where_it_has_the_capability_and_nowhere_else",
            f"{DESK}/test_preparing.py::test_nobody_reads_about_the_citizen_while_preparing",
        ],
    ),
    21: (
        "an odd weight or number: said calmly, kept, the second time a tutor is told",
        [
            f"{DESK}/test_preparing.py::test_an_odd_weight_is_asked_once_more_and_then_believed",
            f"{DESK}/test_crate_finder.py::test_a_number_that_is_not_there_stays_and_the_second_time_the_tutor_is_told",
        ],
    ),
    23: (
        "a deed changes picture and words, and a status says it",
        [f"{DESK}/test_preparing.py::test_full_support_shows_one_step_a_screen_with_its_cue"],
    ),
    29: (
        "every word of the screens is one of a closed glossary, common or with its reason",
        [
            f"{DESK}/test_glossary.py::test_the_desk_says_only_words_of_the_glossary",
            f"{DESK}/test_glossary.py::test_words_are_common_or_there_is_a_reason",
        ],
    ),
    30: (
        "one word and one picture for one thing",
        [
            f"{DESK}/test_glossary.py::test_a_picture_belongs_to_one_word",
            f"{DESK}/test_glossary.py::test_the_same_words_have_the_same_picture_on_every_screen",
        ],
    ),
    35: (
        "Ascolta reads what can be seen",
        [f"{DESK}/test_meter.py::test_ascolta_reads_what_can_be_seen_and_only_with_a_voice_of_this_device"],
    ),
    38: (
        "every level ends in the same state",
        [
            f"{DESK}/test_preparing.py::test_every_level_of_support_ends_in_the_same_state",
            f"{DESK}/test_cash_change.py::test_the_same_money_ends_in_the_same_state_at_every_level",
        ],
    ),
    39: (
        "cash without arithmetic, every total from 0.05 to 200.00",
        [
            "tests/core/test_coins.py::test_the_pictures_add_up_for_every_sum_up_to_two_hundred_euro",
            f"{DESK}/test_cash_change.py::test_for_every_total_what_is_shown_adds_up_lies_in_the_box_and_is_the_fewest",
            f"{DESK}/test_cash_change.py::test_the_impossible_calls_the_tutor_at_every_level",
        ],
    ),
    40: (
        "nothing typed to come in; five badges that do not fit stop one person",
        [
            f"{DESK}/test_entering.py::test_a_read_badge_leads_in_at_once_and_stands_in_no_address",
            f"{DESK}/test_entering.py::test_five_badges_that_are_not_hers_stop_only_her_and_only_there",
        ],
    ),
}  # fmt: skip

NOT_SHOWN: dict[int, str] = {}


def worst(row: Row, seen: Iterable[Seen]) -> tuple[float | None, int]:
    """The worst figure of a row, and on how many screens it was found; None where no screen has it."""
    said = [each for each in seen if each.screen.who != "stranger" or row.criterion not in SAYS_NOTHING]
    of = [each for each in said if not row.kinds or each.kind in row.kinds]
    if row.worst == "faults":
        asked = {each.screen.name for each in of if str(row.criterion) in each.figures or row.criterion == 8}
        count = sum(criterion == row.criterion for each in of for criterion, _words in each.faults)
        return (float(count), len(asked)) if asked else (None, 0)
    found = [(each.figures[row.figure], each.screen.name) for each in of if each.figures.get(row.figure) is not None]
    if not found:
        return None, 0
    choose = min if row.worst == "min" else max
    return choose(number for number, _name in found), len({name for _number, name in found})


def how_far_things_move(seen: Iterable[Seen]) -> float:
    """Largest difference of a place of bar or main action between two screens of one size and look."""
    places: dict[tuple[object, ...], list[list[float]]] = {}
    for each in (each for each in seen if each.screen.who != "stranger"):
        for name in ("home", "help", "principal"):
            if each.places.get(name):
                key = (each.size, each.places["look"], name)
                places.setdefault(key, []).append(each.places[name])
    return max((max(side) - min(side) for found in places.values() for side in zip(*found, strict=True)), default=0)
