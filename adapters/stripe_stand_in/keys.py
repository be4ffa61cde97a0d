"""Idempotency keys: the same question gets the same answer for a day (Stripe: API, "Idempotent requests")."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.clock import HOUR
from adapters.stripe_stand_in.refusals import Refusal

KEPT_FOR = 24 * HOUR
LONGEST_KEY = 255  # characters


@dataclass(frozen=True)
class Answer:
    """Status and JSON text, and whether this is what was already said to an earlier request."""

    status: int
    body: str
    replayed: bool = False


def answer_once(account: Account, key: str, asked: str, work: Callable[[], Thing]) -> Answer:
    """The work is done at most once per key. A no is kept as well, once the work had begun.

    ``asked`` is what the key stands for: endpoint and parameters. Raises the Refusal that is not kept.
    """
    if len(key) > LONGEST_KEY:
        raise Refusal(f"An idempotency key has at most {LONGEST_KEY} characters", kind="idempotency_error")
    known = account.answers.get(key)
    if known is None:
        answer = _answer(work)
        account.answers[key] = {
            "asked": asked,
            "status": answer.status,
            "body": answer.body,
            "until": account.now() + KEPT_FOR,
        }
        return answer
    if known["asked"] != asked:
        raise Refusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    return Answer(known["status"], known["body"], replayed=True)


def forget_old(account: Account) -> None:
    now = account.now()
    account.answers = {key: known for key, known in account.answers.items() if known["until"] > now}


def _answer(work: Callable[[], Thing]) -> Answer:
    try:
        return Answer(200, json.dumps(work()))
    except Refusal as refusal:
        if not refusal.kept:
            raise
        return Answer(refusal.status, json.dumps(refusal.body))
