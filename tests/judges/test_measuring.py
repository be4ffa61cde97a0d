"""What is asked of Lighthouse's figures, and how they are written down."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.judges import judges, measuring, writing
from tests.judges.lighthouse import CATEGORIES, Seen
from tests.judges.measuring import Figures, Measured, render

BEGIN = "<!-- from here -->"


def seen(performance: int = 100, *, seo: int = 100, practices: int = 100, shift: float = 0.0) -> Seen:
    """One look whose audits have the score of their category."""
    scores = dict.fromkeys(CATEGORIES, 100) | {"performance": performance, "seo": seo, "best-practices": practices}
    numbers = {"largest-contentful-paint": 1234.0, "cumulative-layout-shift": shift, "total-blocking-time": 5.0}
    audits: dict[str, Any] = {name: {"numericValue": value} for name, value in numbers.items()}
    audits |= {f"all-{name}": {"id": f"all-{name}", "title": "", "score": n / 100} for name, n in scores.items()}
    loaded = [{"url": url, "transferSize": 2048} for url in ("http://a/", "http://a/b.css", "data:image/gif;base64,")]
    audits["network-requests"] = {"details": {"items": loaded}}
    categories = {
        name: {"score": n / 100, "auditRefs": [{"id": f"all-{name}", "weight": 1}]} for name, n in scores.items()
    }
    return Seen({"categories": categories, "audits": audits})


WEEK, BASKET = Measured("settimana", "/", found=True), Measured("carrello", "/carrello")


@pytest.mark.parametrize(
    ("page", "looks", "complaint"),
    [
        (WEEK, [seen(95), seen(95), seen(80)], ""),
        (WEEK, [seen(100), seen(94), seen(94)], "performance [94, 94, 100], not 95 in the middle"),
        (WEEK, [seen(), seen(), seen(seo=50)], "all-seo:"),
        (BASKET, [seen(60, seo=50)], ""),
        (BASKET, [seen(practices=80)], "all-best-practices:"),
        (BASKET, [seen(shift=0.2)], "it moves by 0.20"),
    ],
)
def test_the_middle_look_counts_for_speed_and_every_look_for_the_rest(
    page: Measured, looks: list[Seen], complaint: str
) -> None:
    found = Figures(page, looks).complaints
    assert [words for words in found if words.startswith(complaint)] if complaint else found == []


def test_the_table_has_a_row_for_each_page_without_what_no_engine_finds() -> None:
    rows = render([Figures(WEEK, [seen(96), seen(), seen(99)]), Figures(BASKET, [seen(seo=60)])]).splitlines()
    assert rows[2] == "| settimana | phone | 3 | 99 (96–100) | 100 | 100 | 100 | 1.23 s | 0.000 | 5 ms | 4 kB | 2 |"
    assert rows[3] == "| carrello | phone | 1 | 100 | 100 | 100 | – | 1.23 s | 0.000 | 5 ms | 4 kB | 2 |"


def test_only_what_stands_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    document = tmp_path / "speed.md"
    document.write_text(f"# Before\n\n{BEGIN}\n\nold\n\n{writing.END}\n\nAfter\n")
    writing.write(document, BEGIN, "new")
    assert document.read_text() == f"# Before\n\n{BEGIN}\n\nnew\n\n{writing.END}\n\nAfter\n"
    with pytest.raises(ValueError, match="no place"):
        writing.write(document, "<!-- elsewhere -->", "new")


@pytest.mark.parametrize("of", [judges, measuring])
def test_there_is_a_place_for_what_a_run_of_minutes_finds(of: ModuleType) -> None:
    _before, begin, rest = of.DOCUMENT.read_text(encoding="utf-8").partition(of.BEGIN)
    assert begin
    assert writing.END in rest
