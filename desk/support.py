"""One ladder of support (ruling 11). Screens ask what it does, never for a level's name."""

from __future__ import annotations

from dataclasses import dataclass

from people.models import Person

FULL = 2


@dataclass(frozen=True)
class Support:
    """How much a screen says by itself. ``level`` is kept with every deed as ``support_shown``."""

    level: int = FULL
    reads_aloud: bool = True
    text_size: int = 0

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
    """What this person needs; the staff get the plain list, strangers at the door the whole guide."""
    if person is None:
        return Support()
    return Support(0 if person.is_staff else person.support_level, person.reads_aloud, person.text_size)
