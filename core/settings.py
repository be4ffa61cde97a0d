"""Every setting in one table. `docs/settings.md` is written from it and a test compares the two."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "CHILOMETRICO_"
THIS_MACHINE = ("127.0.0.1", "localhost")
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(SystemExit):
    """The shop does not start; the message says which setting and why."""


def _setting(default: object, name: str, words: str) -> Any:
    return field(default=default, metadata={"name": name, "words": words})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the surroundings decide. Times in minutes, sizes in pieces."""

    port: int = _setting(8000, "PORT", "Port that the shop listens on, on the loopback address.")
    database_url: str = _setting(
        "sqlite:///var/chilometrico.sqlite3",
        "DATABASE_URL",
        "SQLite file or `postgresql+psycopg://…`. A relative file is taken from the project's folder.",
    )
    secret_key: str = _setting(
        "",
        "SECRET_KEY",
        "Signs sessions and forms, at least 32 characters. Without it one is made and kept in `var/secret-key`.",
    )
    demo: bool = _setting(
        False,
        "DEMO",
        "`1` fills an empty database with an invented farm and offers the demo tablet and `/demo/posta`.",
    )
    smtp_url: str = _setting(
        "",
        "SMTP_URL",
        "`smtp://user:password@host:587` (STARTTLS when the host offers it) or `smtps://…:465`. Without it mails stay "
        "in the house: `/demo/posta` shows them in the demo.",
    )
    public_url: str = _setting(
        "",
        "PUBLIC_URL",
        "Address that citizens use, for links in mails and QR codes; outside the demo the shop then answers to no "
        "other name. Default: `http://127.0.0.1:PORT`, and any name.",
    )
    now: str = _setting(
        "",
        "CHILOMETRICO_NOW",
        "ISO date and time (Europe/Rome unless it says otherwise). Sets the shop's clock once per database.",
    )
    undo_minutes: int = _setting(
        15,
        "CHILOMETRICO_UNDO_MINUTES",
        "How long mails that follow a deed at the desk wait, so that undo can win.",
    )
    order_months: int = _setting(
        24,
        "CHILOMETRICO_ORDER_MONTHS",
        "Months after its pick-up that an order still says whose it was, from 15 to 120. What the accounts need stays.",
    )
    account_months: int = _setting(
        24,
        "CHILOMETRICO_ACCOUNT_MONTHS",
        "Months after the last signing in that a citizen's account is kept, from 1 to 120.",
    )
    trace_days: int = _setting(
        30,
        "CHILOMETRICO_TRACE_DAYS",
        "Days that answered forms, counted failures and mails that stayed in the house are kept, from 7 to 365.",
    )
    processes: int = _setting(2, "CHILOMETRICO_PROCESSES", "Web processes that `serve` starts.")

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def hosts(self) -> list[str] | None:
        """The names that the shop answers to, None for any: its own with and without "www.", and those of this machine.

        Any name where nobody has said which one is ours, and in the demo, which is opened from wherever somebody tries
        it; also by a bare IPv6 address, which Werkzeug's list cannot hold.
        """
        own = _host_of(self.public_url)
        if self.demo or not own or ":" in own:
            return None
        twin = own.removeprefix("www.") if own.startswith("www.") else f"www.{own}"
        return [own, twin, *THIS_MACHINE]

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def names() -> dict[str, str]:
    """Environment name -> field name."""
    return {f.metadata["name"]: f.name for f in fields(Settings)}


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises WrongSetting for an unknown name with our prefix or a wrong value."""
    environ = os.environ if environ is None else environ
    known = names()
    strangers = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if strangers:
        raise WrongSetting(f"Unknown setting: {', '.join(strangers)}. The known ones are in docs/settings.md.")
    given = {known[name]: environ[name] for name in known if environ.get(name)}
    values: dict[str, Any] = {name: _as_kind(name, value) for name, value in given.items()}
    settings = Settings(**values)
    _check(settings)
    return settings


def _as_kind(name: str, value: str) -> str | int | bool:
    kind, spoken = type(getattr(Settings, name)), _spoken(name)
    if kind is bool:
        if value.lower() not in YES | NO:
            raise WrongSetting(f"{spoken} is 1 or 0, not {value!r}.")
        return value.lower() in YES
    if kind is int:
        if not (value.isdecimal() and value.isascii() and len(value) < 7):
            raise WrongSetting(f"{spoken} is a whole number, not {value!r}.")
        return int(value)
    return value


def _spoken(field_name: str) -> str:
    return next(name for name, own in names().items() if own == field_name)


def _check(settings: Settings) -> None:
    """Say at the start, in one sentence, what would fail later."""
    wrong = {
        "PORT is between 1 and 65535.": not 1 <= settings.port <= 65535,
        "CHILOMETRICO_PROCESSES is at least 1.": settings.processes < 1,
        "CHILOMETRICO_ORDER_MONTHS is between 15 and 120: until then a citizen may withdraw.": not 15
        <= settings.order_months
        <= 120,
        "CHILOMETRICO_ACCOUNT_MONTHS is between 1 and 120.": not 1 <= settings.account_months <= 120,
        "CHILOMETRICO_TRACE_DAYS is between 7 and 365.": not 7 <= settings.trace_days <= 365,
        "SECRET_KEY needs at least 32 characters.": bool(settings.secret_key) and len(settings.secret_key) < 32,
        "DATABASE_URL begins with sqlite:/// or postgresql+psycopg://": not settings.database_url.startswith(
            ("sqlite:///", "postgresql+psycopg://")
        ),
        "PUBLIC_URL begins with http:// or https://": bool(settings.public_url)
        and not settings.public_url.startswith(("http://", "https://")),
        "PUBLIC_URL names a host, such as https://spesa.example": bool(settings.public_url)
        and not _host_of(settings.public_url),
        "SMTP_URL begins with smtp:// or smtps://": bool(settings.smtp_url)
        and not settings.smtp_url.startswith(("smtp://", "smtps://")),
        "CHILOMETRICO_NOW is an ISO date and time, such as 2026-12-04T15:30": not _is_moment(settings.now),
    }
    for sentence, is_so in wrong.items():
        if is_so:
            raise WrongSetting(sentence)


def _host_of(url: str) -> str:
    """'spesa.example' of 'https://Spesa.example:8443/', as browsers write it; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        return ""


def _is_moment(text: str) -> bool:
    try:
        return not text or bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def database_file(settings: Settings) -> Path | None:
    """Where the SQLite file is, or None on PostgreSQL."""
    if not settings.is_sqlite:
        return None
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    return path if path.is_absolute() else ROOT / path


def secret_key(settings: Settings) -> str:
    """The given key, or one kept beside the database so that a restart signs nobody out."""
    if settings.secret_key:
        return settings.secret_key
    beside = database_file(settings)
    if beside is None:
        raise WrongSetting("SECRET_KEY must be set when the database is PostgreSQL.")
    kept = beside.with_name("secret-key")
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _keep(kept, secrets.token_urlsafe(48))
    return kept.read_text().strip()


def _keep(path: Path, text: str) -> None:
    """Two processes may start together: the first one's key stands."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)
