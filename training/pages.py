"""The pages of this face: importing this module puts them on the blueprint."""

from __future__ import annotations

from typing import Any

from training import (
    badge_pages,
    blueprint,
    device_pages,
    entering_pages,
    entry_pages,
    frame,
    people_pages,
    person_edit_pages,
    proposal_pages,
    shift_pages,
    team_pages,
    today_pages,
    voice_pages,
    words,
    working_pages,
)

__all__ = [
    "badge_pages",
    "device_pages",
    "entering_pages",
    "entry_pages",
    "people_pages",
    "person_edit_pages",
    "proposal_pages",
    "shift_pages",
    "team_pages",
    "today_pages",
    "voice_pages",
    "working_pages",
]


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    return {"words": words, **frame.lazily()}
