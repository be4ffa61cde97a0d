"""One ladder of support (ruling 11). Screens ask what it does, never for a level's name."""

from __future__ import annotations

from dataclasses import dataclass

from flask import has_request_context, request

from people.models import Person

FULL = 2
ROOMS = {
    "raccolto": "harvest",
    "prepara": "prepare",
    "casse": "prepare",
    "prodotti-in-mano": "prepare",
    "consegna": "hand_over",
    "cassa": "hand_over",
}
"""The first part of a desk address -> the task that it belongs to: each may have a guide of its own (ruling 11)."""


@dataclass(frozen=True)
class Support:
    """How much a screen says by itself. ``level`` is kept with every deed as ``support_shown``."""

    level: int = FULL
    reads_aloud: bool = True
    text_size: int = 0
    large_pictures: bool = False

    @property
    def shows_steps(self) -> bool:
        """One step a screen, with its cue."""
        return self.level == FULL

    @property
    def hints_on_tap(self) -> bool:
        """One line a screen; the cue comes when it is asked for."""
        return self.level == 1

    @property
    def groups_lines(self) -> bool:
        """The whole crate at once."""
        return self.level == 0


def of(person: Person | None) -> Support:
    """What this person needs here; the staff get the plain list, strangers at the door the whole guide."""
    if person is None:
        return Support()
    task = task_here()
    level = person.support_for(task) if task else person.support_level
    return Support(0 if person.is_staff else level, person.reads_aloud, person.text_size, person.large_pictures)


def task_here() -> str:
    """The task that this address belongs to; empty where it belongs to none."""
    if not has_request_context():
        return ""
    return ROOMS.get(request.path.removeprefix("/banco/").split("/")[0], "")
