"""The task that waits while somebody shows who they are: where it was, and what a form that came too late said.

It travels in the browser's signed session: nothing of it is a person's data, and it is as small as a form of the desk.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import clock
from people import returning

Browser = MutableMapping[str, Any]
"""What a browser keeps for us: its signed session."""

NAME = "kept"
LONGEST = 1500  # characters of a form; a cookie holds four thousand
FOR_ONESELF = timedelta(hours=20)  # criterion 24
FOR_OTHERS = timedelta(hours=1)  # whoever takes over goes on in the middle of a task, never in yesterday's


@dataclass(frozen=True)
class Task:
    """``by``: whose it was, 0 for nobody's. ``address``: the page, or where the form goes; ``form``: what it said."""

    by: int
    address: str
    is_form: bool
    form: returning.Fields


def keep(session: Browser, address: str, form: returning.Fields | None) -> None:
    """What was asked for just now: a page, or a form with what it said."""
    said = "" if form is None else returning.folded(form)
    session[NAME] = {
        "by": whose(session),
        "address": address,
        "form": None if form is None or len(said) > LONGEST else said,
        "at": clock.now().isoformat(),
    }


def whose(session: Browser) -> int:
    """Who was at this browser last, whether their session still holds or not; 0 for nobody."""
    person_id = str(session.get("_user_id", ""))
    return int(person_id) if person_id.isdigit() else 0


def find(session: Browser, person_id: int) -> Task | None:
    """What waits for this person: their own for a day, of somebody else for an hour and never a form."""
    kept = session.get(NAME)
    if not kept:
        return None
    is_own = kept["by"] == person_id
    if clock.now() - clock.parse(kept["at"]) > (FOR_ONESELF if is_own else FOR_OTHERS):
        return None
    is_form = is_own and kept["form"] is not None
    return Task(kept["by"], kept["address"], is_form, returning.unfolded(kept["form"]) if is_form else [])


def forget(session: Browser) -> None:
    session.pop(NAME, None)
