"""What may go wrong in words that the person in front of the screen can read."""

from __future__ import annotations


class Refused(Exception):
    """A deed was not done, for a reason that is said in one sentence.

    The sentence is already translated and safe to show. Nothing was changed: the transaction around it rolled back.
    ``status`` is the HTTP status of the answer (4xx). Where the sentence says "Chiama il tutor", ``without_tutor`` is
    for somebody who has none to call: the staff themselves, with what they can do, or a citizen.
    """

    status = 422

    def __init__(self, sentence: str, *, without_tutor: str = "", **details: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.without_tutor = without_tutor or sentence
        self.details = details


class NotFound(Refused):
    """There is no such thing, or it is not yours to see: the answer is the same."""

    status = 404


class NotAllowed(Refused):
    """The person signed in has no capability for this."""

    status = 403


class Conflict(Refused):
    """The world moved while the form was open: show what changed and ask again."""

    status = 409


class OutOfStock(Conflict):
    """Less is left than was asked for. ``details['product_ids']`` names the products."""


class NoPlaceLeft(Conflict):
    """Every place of the pick-up is taken."""


class TooLate(Conflict):
    """The cut-off of the pick-up has passed (server time, inside the transaction)."""


class TooManyTries(Refused):
    """A throttle that counts failures is full."""

    status = 429


class Busy(Refused):
    """The database did not come free in time; trying again is safe because every form carries a key."""

    status = 503
