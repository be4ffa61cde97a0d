"""The words of the path: a step, an occasion, a guide, in plain present tense and without a gender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_time
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from catalog import products, wording
from core.clock import ROME
from core.database import db
from core.journal import Entry
from orders.models import Order, OrderLine
from people.capabilities import Capability, Role
from people.devices import Scale
from training.models import StepEvent
from training.path import Occasion, SkillSeen
from training.skills import SKILLS, UNDO_SKILL

GUIDES = {2: _l("guida intera"), 1: _l("aiuto su richiesta"), 0: _l("elenco")}
GUIDES_LONG = {
    2: _l("Un passo per volta, con le figure"),
    1: _l("Un prodotto per volta, l'aiuto si apre con un tocco"),
    0: _l("La cassetta intera in un elenco"),
}
SCALES = {Scale.NONE: _l("nessuna"), Scale.SERIAL: _l("con cavo (USB)"), Scale.KEYBOARD: _l("come tastiera")}
SCALES_LONG = {
    Scale.NONE: _l("Il peso si scrive con i tasti dello schermo"),
    Scale.SERIAL: _l("Il peso arriva da solo sullo schermo, si collega al banco con un tocco"),
    Scale.KEYBOARD: _l("Un tasto della bilancia scrive il peso"),
}
TASKS = {"harvest": _l("Il raccolto"), "prepare": _l("Preparare"), "hand_over": _l("Consegnare")}
"""Work that may have a guide of its own, as the tutors' pages call it."""
PERSON_COLUMNS = {
    "name": _l("il nome"),
    "picture": _l("la figura"),
    "language": _l("la lingua"),
    "text_size": _l("la grandezza delle lettere"),
    "reads_aloud": _l("la voce"),
    "large_pictures": _l("la grandezza delle figure"),
}
PERMISSIONS = {
    Capability.HAND_OVER: _l("Consegna le cassette"),
    Capability.TAKE_CASH: _l("Prende i soldi"),
    Capability.COUNT_STOCK: _l("Conta gli scaffali"),
    Capability.SET_PRICE: _l("Scrive i prezzi"),
}
ROLES = {Role.TUTOR: _l("tutor"), Role.COORDINATOR: _l("chi coordina"), Role.CO_RESIDENT: _l("lavora al banco")}
PURPOSES = {"support": _l("per decidere insieme il sostegno")}
STEP_WORDS = {
    "person.signed_in": _l("Entra al banco"),
    "person.signed_out": _l("Esce dal banco"),
    "line.taken": _l("Prende il prodotto"),
    "line.weighed": _l("Pesa il prodotto"),
    "line.reweighed": _l("Sceglie tra due pesi"),
    "line.missing": _l("Segna che manca"),
    "line.short": _l("Segna che ce n'è meno"),
    "line.substituted": _l("Mette un altro prodotto"),
    "order.ready": _l("Controlla e chiude la cassetta"),
    "order.labelled": _l("Mette l'etichetta"),
    "order.cash_taken": _l("Prende i soldi"),
    "order.card_taken": _l("Fa pagare con la carta"),
    "order.handed_over": _l("Consegna la cassetta"),
    "harvest.arrived": _l("Segna quanto è arrivato"),
    "stock.counted": _l("Conta lo scaffale"),
    "product.priced": _l("Scrive il prezzo"),
}


@dataclass(frozen=True)
class ToldStep:
    """One step as it is read on the person's page."""

    time: str
    words: str
    what: str  # the product, where there is one
    skill: object
    guide: object
    was_undone: bool


@dataclass(frozen=True)
class ToldOccasion:
    title: str
    place: str
    crate: int | None
    day: date
    practice: bool
    steps: list[ToldStep]


def tell(occasions: list[Occasion]) -> list[ToldOccasion]:
    """Occasions in words: which crate, which product; never whose."""
    steps = [step for occasion in occasions for step in occasion.steps]
    products = _products(steps)
    orders = _orders({occasion.name for occasion in occasions})
    return [_tell(occasion, orders.get(_order_id(occasion.name)), products) for occasion in occasions]


def count(seen: SkillSeen) -> str:
    """'8 volte in 4 giorni', or that there were few occasions."""
    if not seen.is_seen_often:
        return _("poche occasioni per dirlo")
    times = ngettext("%(num)s volta", "%(num)s volte", seen.times)
    return _("%(times)s in %(days)s", times=times, days=ngettext("%(num)s giorno", "%(num)s giorni", seen.days))


def skill(code: str) -> object:
    return SKILLS[code].easy if code in SKILLS else code


def short_day(day: date) -> str:
    """'lun 30': the head of a column."""
    return format_date(day, "EEE d", locale=get_locale() or "it")


def guide_set(data: Mapping[str, Any]) -> str:
    """'elenco', 'Preparare: elenco', 'Preparare: come per il resto': what a deed has set."""
    level, task = data.get("level"), data.get("task", "")
    guide = str(GUIDES[level]) if level is not None else _("come per il resto")
    return f"{TASKS[task]}: {guide}" if task else guide


def time(moment: datetime) -> str:
    """'9:05', Rome's."""
    return format_time(moment.astimezone(ROME), "H:mm", tzinfo=ROME, locale=get_locale() or "it")


def whereabouts(call: Entry) -> str:
    """Where somebody asked for help: 'alla cassetta 7', or at the desk when the screen is about no crate."""
    order = db.session.get(Order, call.data.get("order") or 0)
    return _("alla cassetta %(number)s", number=order.crate) if order and order.crate else _("al banco")


def _tell(occasion: Occasion, order: Order | None, products: dict[int, str]) -> ToldOccasion:
    crate = order.crate if order else None
    return ToldOccasion(
        title=_title(occasion.name.split(":")[0], crate),
        place=wording.place(order) if order else "",
        crate=crate,
        day=occasion.day,
        practice=any(step.practice for step in occasion.steps),
        steps=[_tell_step(step, products.get(step.entry_id, "")) for step in occasion.steps],
    )


def _title(task: str, crate: int | None) -> str:
    match task:
        case "prepare":
            return _("Prepara la cassetta %(number)s", number=crate)
        case "hand_over":
            return _("Consegna la cassetta %(number)s", number=crate)
        case "harvest":
            return _("Segna il raccolto")
        case "count":
            return _("Conta uno scaffale")
        case "price":
            return _("Scrive un prezzo")
        case "enter":
            return _("Entra al banco")
        case "leave":
            return _("Esce dal banco")
        case _:
            return _("Torna indietro e rimedia")


def _tell_step(step: StepEvent, product: str) -> ToldStep:
    is_undo = step.skill == UNDO_SKILL
    return ToldStep(
        time=time(step.at),
        words=_("Torna indietro e rimedia") if is_undo else str(STEP_WORDS.get(step.step, step.step)),
        what=product,
        skill=skill(step.skill),
        guide=_("guida non segnata") if step.guidance_level is None else GUIDES[step.guidance_level],
        was_undone=step.undone,
    )


def _products(steps: list[StepEvent]) -> dict[int, str]:
    """Journal entry -> name of the product that it was about."""
    ids = [step.entry_id for step in steps]
    about = select(Entry).where(Entry.id.in_(ids), Entry.subject_type.in_(("order", "pickup")))
    data = {entry.id: entry.data for entry in db.session.scalars(about)}
    return _of_lines({entry: told["line"] for entry, told in data.items() if "line" in told}) | _of_harvests(
        {entry: told["product"] for entry, told in data.items() if "product" in told}
    )


def _of_lines(lines: dict[int, int]) -> dict[int, str]:
    query = select(OrderLine.id, OrderLine.name, OrderLine.name_en).where(OrderLine.id.in_(set(lines.values())))
    english = str(get_locale()) == "en"
    names = {line: (name_en or name) if english else name for line, name, name_en in db.session.execute(query)}
    return {entry: names[line] for entry, line in lines.items() if line in names}


def _of_harvests(goods: dict[int, int]) -> dict[int, str]:
    found = products.by_ids(sorted(set(goods.values())))
    return {entry: wording.name(found[product]) for entry, product in goods.items() if product in found}


def _orders(occasions: set[str]) -> dict[int, Order]:
    ids = {_order_id(name) for name in occasions}
    return {order.id: order for order in db.session.scalars(select(Order).where(Order.id.in_(ids)))}


def _order_id(occasion: str) -> int:
    _task, kind, number = occasion.split(":")
    return int(number) if kind == "order" else 0
