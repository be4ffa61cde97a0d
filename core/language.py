"""Italian is the source, English the translation: `.mo` files are made from `.po` when they are older.

A page says some hundred sentences. Flask-Babel looks up for each one anew which request, which language and which
catalogue it is; `Speech` is the same on a shorter way.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g, has_app_context
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Speech(Babel):
    def init_app(self, app: Flask, *more: Any, **settings: Any) -> None:
        super().init_app(app, *more, **settings)
        domain = self.domain_instance

        @pass_eval_context
        def say(around: EvalContext, words: str, /, **facts: object) -> str:
            """As Jinja's own `_`: facts are escaped, and two signs for per cent are one."""
            said = domain.get_translations().gettext(words)
            said = Markup(said) if around.autoescape else said  # noqa: S704 - sentences are ours
            return said % facts if facts or "%" in said else said

        app.jinja_env.globals.update(gettext=say, _=say)

    @cached_property
    def domain_instance(self) -> Domain:  # pyright: ignore[reportIncompatibleMethodOverride] - cached there too
        return _Catalogues()


class _Catalogues(Domain):
    """One for each language, found by the language that this request has been told to speak."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._found: dict[object, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        if not has_app_context():
            return super().get_translations()
        locale = getattr(g.get("_flask_babel"), "babel_locale", None) or get_locale()
        language = locale.language if locale else None
        if language not in self._found:
            self._found[language] = super().get_translations()
        return self._found[language]


def compile_if_stale(folder: Path) -> None:
    """Compile what has changed. A folder that cannot be written to keeps what it has."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file)
    fresh = compiled.with_suffix(f".{id(catalog)}.new")
    try:
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(compiled)  # in one step: two processes may start together
    except OSError:
        fresh.unlink(missing_ok=True)
