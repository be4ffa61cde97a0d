"""The farm's own data, and how its shop is set up: the first can be written here, the second only where it runs."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, render_template, request
from flask_babel import gettext as _

from core import seen, undo
from core.doors import door
from core.errors import NotFound, Refused
from core.settings import Settings
from desk import blueprint, given
from desk.answering import go, number
from desk.keeping import Page
from orders import seller_data, texts
from orders.texts import FACTS
from people.capabilities import Capability
from people.entering import me

HERE = "/banco/dati"


@dataclass(frozen=True)
class Told:
    """A setting: its name in the surroundings, what it decides, how it stands. Never a secret."""

    name: str
    what: str
    now: str


@blueprint.get("/dati")
@door(Capability.KEEP_TEXTS, "tutor")
def farm_data() -> str:
    return _page()


@blueprint.post("/dati")
@door(Capability.KEEP_TEXTS, "tutor")
def save_farm_data() -> Page:
    by = me().id
    try:
        return go(given.answer_once(lambda: _save(by)))
    except Refused as refused:
        return _page(refused), refused.status


@blueprint.post("/dati/torna-indietro")
@door(Capability.KEEP_TEXTS, "tutor")
def undo_farm_data() -> Page:
    by = me().id
    try:
        return go(given.answer_once(lambda: _undo(by)))
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused), refused.status


def _save(by: int) -> str:
    seller_data.change(
        {name: request.form.get(name, "") for name in FACTS}, seen_as=request.form.get("visto", ""), by=by
    )
    flash(_("Salvato: vale da adesso, su ogni pagina e in ogni lettera."))
    return HERE


def _undo(by: int) -> str:
    flash(_("Tornato indietro: %(what)s.", what=undo.undo_last(texts.seller(), expected=number("deed"), by=by)))
    return HERE


def _page(refused: Refused | None = None) -> str:
    seller = texts.seller()
    typed = bool(refused) and FACTS[0] in request.form
    return render_template(
        "desk/staff/data.html",
        values={name: request.form.get(name, "") if typed else getattr(seller, name) for name in FACTS},
        seen=seen.of(seller, FACTS),
        back=undo.offer(seller),
        refused=refused,
        wrong=refused.details.get("field", "") if refused else "",
        longest=seller_data.LONGEST,
        is_old=seller_data.accessibility_is_old(seller),
        settings_told=_settings(),
    )


def _settings() -> list[Told]:
    """Every setting of docs/settings.md; of what is secret only whether it is there."""
    set_up: Settings = current_app.config["SETTINGS"]
    here, missing = _("c'è"), _("non c'è")
    stands = {
        "PORT": (_("La porta a cui la bottega ascolta, su questo computer."), str(set_up.port)),
        "DATABASE_URL": (_("Dove stanno i dati."), "SQLite" if set_up.is_sqlite else "PostgreSQL"),
        "SECRET_KEY": (
            _("Firma le sessioni e i moduli. Senza, la bottega ne fa una e la tiene accanto ai dati."),
            here if set_up.secret_key else missing,
        ),
        "DEMO": (_("Una cascina inventata, per provare."), _("sì") if set_up.demo else _("no")),
        "SMTP_URL": (
            _("Il server che manda la posta. Senza, le lettere restano in casa."),
            here if set_up.smtp_url else missing,
        ),
        "PUBLIC_URL": (_("L'indirizzo che usano i cittadini, per i link nelle lettere."), set_up.base_url),
        "CHILOMETRICO_NOW": (_("Un'altra ora per la bottega, per le prove."), set_up.now or _("l'ora vera")),
        "CHILOMETRICO_UNDO_MINUTES": (
            _("Quanti minuti aspetta una lettera dopo un lavoro al banco, per poter tornare indietro."),
            str(set_up.undo_minutes),
        ),
        "CHILOMETRICO_ORDER_MONTHS": (
            _("Dopo quanti mesi un ordine dimentica di chi era. I conti restano."),
            str(set_up.order_months),
        ),
        "CHILOMETRICO_ACCOUNT_MONTHS": (
            _("Dopo quanti mesi senza entrare la pagina di un cittadino si cancella."),
            str(set_up.account_months),
        ),
        "CHILOMETRICO_TRACE_DAYS": (
            _("Quanti giorni restano i moduli già mandati e le prove contate."),
            str(set_up.trace_days),
        ),
        "CHILOMETRICO_PROCESSES": (_("Quanti processi servono le pagine."), str(set_up.processes)),
    }
    return [Told(name, what, now) for name, (what, now) in stands.items()]
