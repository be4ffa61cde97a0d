"""No, in Stripe's JSON: the SDK makes its exceptions from status, type and code (Stripe: API, "Errors")."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """``kept``: the work had begun, so that the same key hears the same no again. Wrong parameters are not kept."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        kept: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.kept = status, kept
        said = {"type": kind, "message": message, "code": code, "param": param, **more}
        self.body = {"error": {name: value for name, value in said.items() if value is not None}}


def unexpected_state(intent: dict[str, Any], deed: str, needed: str) -> Refusal:
    """An intent that is not, or no longer, in the state that ``deed`` needs."""
    return Refusal(
        f"This PaymentIntent could not be {deed} because it has a status of {intent['status']}. "
        f"Only a PaymentIntent with one of the following statuses may be {deed}: {needed}.",
        code="payment_intent_unexpected_state",
        kept=True,
        payment_intent=intent,
    )


def amount_too_small(cents: int, least: int, param: str | None = None) -> Refusal:
    return Refusal(f"Amount {cents} is below the least, {least} cents", code="amount_too_small", param=param)
