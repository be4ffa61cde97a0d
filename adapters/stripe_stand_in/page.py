"""The page where a person or a browser pays, is declined, or does not get through 3-D Secure. No money moves."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from adapters.stripe_stand_in import sessions
from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.refusals import Refusal

HERE = Path(__file__).parent
CHOICES = {"ok": "Paga", "declined": "Carta rifiutata", "3ds_failed": "3-D Secure non riuscito"}
SAID = {
    "card_declined": "La carta è stata rifiutata: non è stato bloccato niente. Puoi provare ancora.",
    "payment_intent_authentication_failure": "La banca non ha potuto riconoscerti: non è stato bloccato niente. "
    "Puoi provare ancora.",
}
"""Code of the last try -> sentence. It is read from the intent, so that it survives a reload."""

_pages = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def style() -> str:
    return (HERE / "page.css").read_text()


def render(account: Account, id_: str) -> str:
    """Raises Refusal, status 404, for a session that is not known."""
    session = account.get("checkout.session", id_)
    wish = account.wishes[id_]
    return _pages.get_template("page.html").render(
        session=session,
        items=wish["line_items"],
        is_hold=wish.get("payment_intent_data", {}).get("capture_method") == "manual",
        message=(session["custom_text"] or {}).get("submit", {}).get("message"),
        choices=CHOICES,
        said=_last_word(account, session),
        success=success_address(session),
        euro=euro,
    )


def choose(account: Account, id_: str, outcome: str) -> str:
    """The address that the browser goes to next: the shop's when paid, this page again otherwise."""
    if outcome not in CHOICES:
        raise Refusal("No such button")
    session = account.get("checkout.session", id_)
    if session["status"] == "open":
        sessions.pay(account, id_, outcome=outcome)
    return success_address(session) if session["status"] == "complete" else f"/pay/{id_}"


def success_address(session: Thing) -> str:
    """Where Stripe sends whoever has paid. Only the bare braces are filled, as at Stripe: encoded ones are not."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}\N{NO-BREAK SPACE}€"


def _last_word(account: Account, session: Thing) -> str | None:
    intent = account.things.get(session["payment_intent"] or "", {})
    error = intent.get("last_payment_error")
    return SAID[error["code"]] if error else None
