"""The table of figures in docs/accessibility.md: per criterion and level the worst that was found, beside the limit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.settings import ROOT
from tests.meter.criteria import ELSEWHERE, LOOSE, NOT_SHOWN, ROWS, Row, how_far_things_move, worst
from tests.meter.seeing import SHAPES, Seen

DOCUMENT = ROOT / "docs/accessibility.md"
BEGIN, END = "<!-- the meter: `make meter` writes from here -->", "<!-- to here -->"
LEVELS = (2, 1, 0)


def write(seen: Sequence[Seen], document: Path = DOCUMENT) -> None:
    """Between the two marks; what stands around them is left alone. Raises ValueError without the marks."""
    before, _mark, rest = document.read_text().partition(BEGIN)
    _old, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{document} has no place for the table")
    document.write_text(f"{before}{BEGIN}\n\n{render(seen)}\n\n{END}{after}")


def render(seen: Sequence[Seen]) -> str:
    tablets = [each for each in seen if each.size not in SHAPES]
    sizes = ", ".join(f"{width} x {height}" for width, height in dict.fromkeys(each.size for each in seen))
    names = {each.screen.name for each in seen}
    faults = sum(len(each.faults) for each in seen)
    lines = [
        f"{len(names)} screens at every level that they have, at {sizes}: {len(seen)} measurements, {faults} faults.",
        "",
        "| criterion | measured | limit | level 2 | level 1 | level 0 | screens |",
        "|---|---|---|---|---|---|---|",
        *[_line(row, tablets) for row in ROWS],
        "",
        "Level 0, the plain list, is free from 1, 2, 3, 5, 7 (the way down) and 12 (number fields), with controls of",
        "64 px (ruling 11). A phone of 360 px is a fallback: there 7 (sideways), 9 and 10 are measured; at 320 px",
        "nothing goes sideways. 200 % is the same tablet with half the pixels of CSS, wider text spacing that of",
        "WCAG 1.4.12.",
        "",
        "Shown by tests instead of a figure:",
        "",
        "| criterion | what | test |",
        "|---|---|---|",
        *[f"| {number} | {what} | {', '.join(map(_short, tests))} |" for number, (what, tests) in ELSEWHERE.items()],
        *[f"| {number} | {why} | |" for number, why in NOT_SHOWN.items()],
    ]
    return "\n".join(lines)


def _line(row: Row, seen: Sequence[Seen]) -> str:
    cells = []
    for level in LEVELS:
        at_level = [each for each in seen if each.level == level]
        is_free = level == 0 and row.criterion in LOOSE - {12}
        if row.figure == "places":
            cells.append(_said(how_far_things_move(at_level)))
        else:
            cells.append("free" if is_free else _said(worst(row, at_level)[0]))
    screens = worst(row, seen)[1] if row.figure != "places" else len({each.screen.name for each in seen})
    return f"| {row.criterion} | {row.says} | {row.limit} | {' | '.join(cells)} | {screens} |"


def _said(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"


def _short(test: str) -> str:
    path, _, name = test.partition("::")
    return f"`{name}` ({path.removeprefix('tests/')})"
