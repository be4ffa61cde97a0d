"""The pages of this face: importing this module puts them on the blueprint."""

from desk import (  # noqa: F401
    answering,
    entering,
    handing_over,
    harvesting,
    helping,
    missing,
    preparing,
    staff_calling_off,
    staff_changing,
    staff_deeds,
    staff_frame,
    staff_left_over,
    staff_moving,
    staff_orders,
    staff_papers,
    staff_pickups,
    staff_placing,
    staff_refunds,
    staff_rules,
    staff_scheduling,
    staff_takings,
    undoing,
    weighing,
)

__all__ = ["answering", "entering", "handing_over", "helping", "preparing", "undoing"]
