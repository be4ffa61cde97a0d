"""What every desk view shares: who and where we are, forms that count once, ways that stay inside the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from flask import current_app, flash, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from core import journal, keys
from core.database import transaction
from core.errors import Refused
from core.web import form_key_given
from desk import blueprint, support, words
from orders import finding, practising
from orders.models import Order
from people import entering, voices
from people.capabilities import Capability

HOME = "/banco"
CALLED = "chiamato"  # in the address of a page on which somebody has just called for help


@contextmanager
def surroundings(*, about_me: bool = False) -> Iterator[None]:
    """Every deed keeps the device it was done on and the support that the screen gave (ruling 6).

    ``about_me``: it touches no work, only whoever does it, as calling for help: that is real in practice too.
    """
    is_staff, person = _is_staff(), entering.find_me()
    about = {"device": entering.device_id(), "support_shown": support.of(person).level}
    practises = person is not None and person.practises and not about_me
    try:
        with journal.context(**about, practice_only=practises or None):
            yield
    except Refused as refused:
        if is_staff:
            spare_tutor(refused)
        raise


def spare_tutor(refused: Refused) -> Refused:
    """For the staff: they are who would be called, so they hear what they can do themselves."""
    refused.sentence = refused.without_tutor
    return refused


def do_once(deed: Callable[[], object], *, about_me: bool = False) -> bool:
    """The deed of the form that was sent. A repeat of the same form changes nothing and is False (criterion 11)."""
    with surroundings(about_me=about_me), transaction():
        first = keys.claim(form_key_given())
        if first:
            deed()
    return first


def do_and_say(deed: Callable[[], str], *, about_me: bool = False) -> None:
    """The deed of the form that was sent, once; what it says stands on the next page."""
    said: list[str] = []
    do_once(lambda: said.append(deed()), about_me=about_me)
    for sentence in said:
        flash(sentence)


def get_crate(order_id: int) -> Order:
    """The crate that a screen is about; whoever keeps the orders may open it after its keeping time too. NotFound."""
    order = finding.get_crate(order_id, late=entering.me().can(Capability.KEEP_ORDERS))
    return practising.require_here(entering.me(), order)


def go(path: str) -> Response:
    """After a deed: look at the next page."""
    return redirect(path, 303)


def number(name: str) -> int:
    """A whole number from the form; -1 when there is none, which nothing accepts."""
    digits = request.form.get(name, "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def inside(raw: str) -> str:
    """``raw`` if it is a page of the desk that one can look at; of a form's address the page that it belongs to."""
    parts = _parts_of(raw)
    if parts.scheme or parts.netloc or "\\" in raw or not f"{parts.path}/".startswith(f"{HOME}/"):
        return HOME
    path = parts.path
    while path.startswith(f"{HOME}/") and not _can_be_looked_at(path):
        path = path.rpartition("/")[0]
    return path + (f"?{parts.query}" if parts.query and path == parts.path else "")


def _parts_of(raw: str) -> SplitResult:
    try:
        return urlsplit(raw)
    except ValueError:  # no address at all
        return urlsplit("")


def _can_be_looked_at(path: str) -> bool:
    try:
        return bool(current_app.url_map.bind("").match(path, method="GET"))
    except (HTTPException, RequestRedirect):
        return False


def with_parameter(path: str, name: str) -> str:
    """``path`` with ``name=1`` among its parameters."""
    if f"{name}=1" in path:
        return path
    return f"{path}{'&' if '?' in path else '?'}{name}=1"


def _is_staff() -> bool:
    person = entering.find_me()
    return person is not None and person.is_staff


def _is_practice() -> bool:
    person = entering.find_me()
    return person is not None and person.practises


@blueprint.context_processor
def _what_screens_ask() -> dict[str, object]:
    """Asked only when a screen needs it, so that a calm page never depends on the database."""
    return {
        "support": LocalProxy(lambda: support.of(entering.find_me())),
        "is_staff": LocalProxy(_is_staff),
        "is_practice": LocalProxy(_is_practice),
        "is_known": lambda: entering.find_me() is not None or entering.this_device() is not None,
        "voices_version": voices.version,
        "help_called": CALLED in request.args,
        "help_from": request.full_path.rstrip("?") if request.method == "GET" else _step_of_form(),
    }


def _step_of_form() -> str:
    """Where the form stood that was sent, with all that its address says; else the page that the form belongs to."""
    before = _parts_of(request.referrer or "")
    if before.netloc != request.host or inside(before.path) != before.path:
        return inside(request.path)
    given = [(name, said) for name, said in parse_qsl(before.query, keep_blank_values=True) if name != CALLED]
    return inside(f"{before.path}?{urlencode(given, safe=':,')}" if given else before.path)


blueprint.record_once(lambda state: state.app.jinja_env.filters.update(words.FILTERS))
