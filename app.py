"""chilometrico: the one file that knows everyone. Settings, blueprints, readers, inverses, commands."""

from __future__ import annotations

import gc

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import Migrate

import adapters.models
import catalog.calendar
import catalog.commands
import catalog.importing
import catalog.pictures
import catalog.undoing
import catalog.version
import demo
import desk
import orders.books
import orders.clearing
import orders.closing
import orders.commands
import orders.forgetting
import orders.letters
import orders.lost_links
import orders.papers
import orders.place_letter
import orders.proposals
import orders.reminding
import orders.signing_in
import orders.undoing
import orders.waiting
import orders.withdrawal_receipt
import people.entering
import people.undoing
import shop
import shop.front
import training
import training.evidence
import training.helping
import training.models
from core import (
    clock,
    database,
    health,
    language,
    migrating,
    outbox,
    proposing,
    readers,
    serving,
    settings,
    undo,
    web,
    worker,
)
from core.database import db
from core.settings import ROOT, Settings
from demo import commands as demo_commands
from demo import filling as demo_filling
from demo import pages as demo_pages
from desk import pages as desk_pages
from people import commands as people_commands
from shop import pages as shop_pages
from training import pages as training_pages

GARBAGE = 20_000  # objects that come and stay before somebody looks for what could go: a page makes some thousands
__all__ = ["adapters", "create_app", "demo_pages", "desk_pages", "proposing", "shop_pages", "training_pages"]


def create_app(given: Settings | None = None) -> Flask:
    """The whole shop, ready to answer. Settings from the environment unless given."""
    given = given or settings.read()
    app = web.Site(__name__)
    _configure(app, given)
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    Migrate(app, db, render_as_batch=True)
    language.compile_if_stale(ROOT / "translations")
    language.Speech(app, default_locale="it", default_timezone="Europe/Rome", locale_selector=web.choose_language)
    web.install(app)
    people.entering.login_manager.init_app(app, add_context_processor=False)  # it would ask the database for every page
    _open_faces(app)
    shop.front.install(app)
    web.shelter(app)
    with app.app_context():
        _wire()
    for command in (
        people_commands.group,
        demo_commands.group,
        orders.commands.group,
        catalog.commands.group,
        _serve,
        _work,
    ):
        app.cli.add_command(command)
    return app


def web_app() -> Flask:
    """For the web processes, before they part: what is there now is never searched for garbage again.

    A search through all of it takes a third of a second, and pages that are made anew would set one off now and then.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)
    return app


def _configure(app: Flask, given: Settings) -> None:
    path = settings.database_file(given)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{path}" if path else given.database_url
    app.config.update(
        SETTINGS=given,
        SECRET_KEY=settings.secret_key(given),
        TRUSTED_HOSTS=given.hosts,
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(url),
        SESSION_COOKIE_NAME="chilometrico",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=given.base_url.startswith("https://"),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # order pages send no Referer (ruling 17); the token and SameSite guard the form
        TEMPLATES_AUTO_RELOAD=False,
    )


def _open_faces(app: Flask) -> None:
    for blueprint in (health.blueprint, shop.blueprint, desk.blueprint, training.blueprint):
        app.register_blueprint(blueprint)
    if app.config["SETTINGS"].demo:
        app.register_blueprint(demo.blueprint)


def _wire() -> None:
    """Who follows the journal, who sends, who can undo, who looks after what."""
    current_app.extensions["doorkeeper"] = people.entering.keep_door
    readers.register(training.evidence.NAME, training.evidence.read)
    outbox.register("letter", orders.letters.send)
    outbox.register("withdrawal", orders.withdrawal_receipt.send)
    outbox.register(orders.waiting.LETTER, orders.place_letter.send)
    outbox.register(orders.signing_in.KIND, orders.signing_in.send)
    outbox.register(orders.lost_links.NOBODY, orders.lost_links.send_to_nobody)
    worker.register("close pick-ups", orders.closing.close_due)
    worker.register("plan pick-ups", catalog.calendar.plan, every=60)
    worker.register("remind", orders.reminding.remind_due, every=20)
    worker.register("tell of free places", orders.waiting.tell_due, every=20)
    worker.register("papers", orders.papers.make_due)
    worker.register("forget old orders", orders.forgetting.forget_old, every=3600)
    worker.register("clear traces", orders.clearing.clear, every=3600)
    worker.register("forget papers", orders.papers.forget_old, every=3600)
    worker.register("forget photographs", catalog.pictures.forget_old, every=3600)
    worker.register("forget lists of products", catalog.importing.forget_old, every=3600)
    worker.register("check the books", orders.books.check_nightly, every=60)
    health.register("books", orders.books.fact)
    catalog.version.watch(catalog.version.HOUSE, "seller", "text")
    undo.register(catalog.undoing.INVERSES, catalog.undoing.WITHOUT)
    undo.register(orders.undoing.INVERSES, orders.undoing.WITHOUT, orders.undoing.WALLS)
    undo.register(proposing.INVERSES, proposing.WITHOUT, proposing.WALLS)
    proposing.register(orders.proposals.DEEDS)
    undo.register(people.undoing.INVERSES, people.undoing.WITHOUT)
    undo.register({}, training.helping.WITHOUT_INVERSE)


@click.command("serve")
@with_appcontext
def _serve() -> None:
    """Migrate, fill an empty demo, start web and worker, print where to go. Ctrl-C stops everything."""
    given = current_app.config["SETTINGS"]
    migrating.migrate_if_behind()
    if given.now:
        clock.set_once(clock.parse(given.now))
    if given.demo:
        demo_filling.fill_or_keep_open()
    db.session.remove()
    db.engine.dispose()
    raise SystemExit(serving.serve(given, lambda: _greeting(given)))


@click.command("worker")
@with_appcontext
def _work() -> None:
    """Follow the journal, send what is due, look after chores. TERM or Ctrl-C ends it."""
    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]


def _greeting(given: Settings) -> list[str]:
    """The three faces and how to enter each."""
    lines = [f"SQLite {database.sqlite_version()}" if given.is_sqlite else "PostgreSQL", ""]
    lines += [
        f"  Shop    {given.base_url}/",
        f"  Desk    {given.base_url}/banco",
        f"  Tutor   {given.base_url}/tutor",
        "",
    ]
    if given.demo:
        return lines + demo_filling.how_to_enter(given.base_url) + ["", "Ctrl-C stops everything."]
    return [
        *lines,
        "The first person: flask --app app people invite --role coordinator",
        "",
        "Ctrl-C stops everything.",
    ]
