"""Several deeds at the same instant, each in a thread and an application context of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

PATIENCE = 60  # seconds


def together(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """What each deed returned, or the exception that ended it, in the order given. They start at one gate."""
    gate = threading.Barrier(len(deeds))
    answers: list[Any] = [TimeoutError("still under way")] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait(PATIENCE)
            try:
                answers[number] = deed()
            except Exception as trouble:
                answers[number] = trouble

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def faults(answers: list[Any], *expected: type[Exception]) -> list[Exception]:
    """Exceptions among the answers that nobody expected."""
    return [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, expected)]
