"""The whole journal in plain words: what happened to a thing, what the thing is called, where its page is.

Deeds on things, never a list of what somebody did: who came in and who asked for help is no part of it (`QUIET`), and
the reasons that are written about a person stay on that person's page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from catalog import wording
from core import diary, formats, undo
from core.diary import Ref
from core.errors import Refused
from core.formats import day
from core.journal import Entry
from desk import box_story, goods_story, order_story, order_words, pickup_story, pickup_words, text_words
from orders.models import Order
from people.capabilities import Capability
from training import words as training_words

QUIET = frozenset(
    {
        *("person.signed_in", "person.signed_out", "entry.asked", "entry.granted", "entry.put_off", "pause.ended"),
        *("help.called", "help.answered", "proposal.told", "waiting.asked", "waiting.left"),
    }
)
"""Not told in the diary: when somebody comes, goes, asks or reads is nobody's business afterwards."""

KINDS: dict[str, tuple[str, ...]] = {
    "ordini": ("order", "line", "task", "proposal", "withdrawal", "thanks", "citizen"),
    "ritiri": ("pickup", "pickup_rule", "week", "harvest", "waiting"),
    "prodotti": ("product", "stock", "field", "distance", "place", "zone", "container", "vat"),
    "lettere": ("letter", "text", "seller"),
    "soldi": ("drawer", "voucher"),
    "persone": (
        "person",
        "support",
        "grant",
        "badge",
        "shift",
        "invitation",
        "device",
        "voice",
        "help",
        "entry",
        "pause",
    ),
}
"""What one may look for -> the first words of its actions."""


@dataclass(frozen=True)
class Scene:
    """What the words are about, looked up once for a whole page."""

    things: Mapping[Ref, Any]
    names: Mapping[int, str]
    goods: Mapping[int, Any]
    changes: Mapping[int, list[Entry]]  # of orders, the oldest first

    def of(self, entry: Entry) -> Any:
        return self.things.get((entry.subject_type, entry.subject_id))

    def name(self, person_id: object) -> str:
        return self.names.get(person_id if isinstance(person_id, int) else 0, _("una persona che non c'è più"))


def kind_of(action: str) -> str:
    """'ordini', 'ritiri' …; empty for an action that no kind has."""
    first = action.removesuffix(diary.UNDONE).partition(".")[0]
    return next((kind for kind, firsts in KINDS.items() if first in firsts), "")


def actions_of(kind: str) -> list[str]:
    """Every action of this kind that undo knows of, but for the quiet ones."""
    known = set().union(*undo.known_actions())
    return sorted(action for action in known - QUIET if kind_of(action) == kind)


def say(entry: Entry, scene: Scene) -> str:
    """One or two sentences. Rows that are gone, or older than a word of today, are told in few words."""
    action = entry.action.removesuffix(diary.UNDONE)
    try:
        words = _say(action, entry, scene)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError, Refused):
        words = _("Segnata una cosa nuova.")
    return _("Tornato indietro. Era: %(words)s", words=words) if entry.is_undo else words


def is_known(action: str) -> bool:
    return (
        action in WORDS
        or action in order_story.WORDS
        or action in goods_story.WORDS
        or action in pickup_story.DEEDS
        or action == "drawer.counted"
    )


def _say(action: str, entry: Entry, scene: Scene) -> str:
    thing = scene.of(entry)
    if action in WORDS:
        return WORDS[action](entry, scene)
    if action in order_story.WORDS and isinstance(thing, Order):
        about = order_story.Scene(thing, scene.goods, scene.changes.get(thing.id, []), scene.names)
        return order_story.WORDS[action](entry, about)
    if action in goods_story.WORDS:
        return goods_story.WORDS[action](entry.data, thing)
    if action == "drawer.counted":
        return box_story.what(entry)
    return pickup_story.DEEDS[action](entry.data, scene.goods)


# --- people, badges, tablets


def _support(entry: Entry, scene: Scene) -> str:
    """Never the reason: it stays on the person's page, where it is known who looks."""
    level, task = entry.data.get("level"), entry.data.get("task", "")
    if level is None:
        return _("Guida per «%(task)s»: come per tutto il resto.", task=training_words.TASKS[task])
    if task:
        return _(
            "Guida per «%(task)s»: %(guide)s.", task=training_words.TASKS[task], guide=training_words.GUIDES[level]
        )
    return _("Guida: %(guide)s.", guide=training_words.GUIDES[level])


def _changed(entry: Entry, scene: Scene) -> str:
    return _(
        "Cambiato: %(what)s.", what=", ".join(str(training_words.PERSON_COLUMNS[name]) for name in entry.data["before"])
    )


def _left(entry: Entry, scene: Scene) -> str:
    return _("Ultimo giorno qui: %(day)s.", day=day(date.fromisoformat(entry.data["after"])))


def _shift(entry: Entry, scene: Scene) -> str:
    if "days" not in entry.data:  # as it was kept when only one day could be planned
        return _("Turno di %(day)s.", day=day(date.fromisoformat(entry.data["day"])))
    return _("Turno di %(days)s.", days=", ".join(day(date.fromisoformat(each)) for each in sorted(entry.data["days"])))


def _renamed(entry: Entry, scene: Scene) -> str:
    return _("Adesso si chiama %(name)s.", name=entry.data["after"][0])


# --- letters, texts, the farm


def _letter(words: Callable[[str], str]) -> Callable[[Entry, Scene], str]:
    return lambda entry, scene: words(text_words.letter(entry.data.get("letter", "")))


def _seller(entry: Entry, scene: Scene) -> str:
    return _("Cambiato: %(what)s.", what=", ".join(text_words.seller_column(name) for name in entry.data["before"]))


def _proposed(entry: Entry, scene: Scene) -> str:
    return _("Chiesto al tutor da %(name)s.", name=scene.name(entry.person_id))


def _thanks_decided(entry: Entry, scene: Scene) -> str:
    return _("Si vede al banco.") if entry.data["let_through"] else _("Non si vede al banco.")


def _rule_ended(entry: Entry, scene: Scene) -> str:
    return _("La regola finisce %(day)s.", day=day(date.fromisoformat(entry.data["after"])))


WORDS: dict[str, Callable[[Entry, Scene], str]] = {
    "person.added": lambda entry, scene: _("Entra nella squadra."),
    "person.changed": _changed,
    "person.left": _left,
    "person.returned": lambda entry, scene: _("Lavora di nuovo qui."),
    "person.signed_in": lambda entry, scene: _("Entra."),
    "person.signed_out": lambda entry, scene: _("Esce."),
    "support.changed": _support,
    "grant.given": lambda entry, scene: _(
        "Permesso dato: %(what)s.", what=training_words.PERMISSIONS[entry.data["capability"]]
    ),
    "grant.withdrawn": lambda entry, scene: _(
        "Permesso tolto: %(what)s.", what=training_words.PERMISSIONS[entry.data["capability"]]
    ),
    "badge.made": lambda entry, scene: _("Cartellino nuovo: quello di prima non apre più."),
    "badge.voided": lambda entry, scene: _("Cartellino perso: non apre più."),
    "shift.planned": _shift,
    "invitation.made": lambda entry, scene: _(
        "Invito fatto: %(role)s.", role=training_words.ROLES.get(entry.data.get("role", ""), "")
    ),
    "invitation.accepted": lambda entry, scene: _("Entra nella squadra con un invito."),
    "device.enrolled": lambda entry, scene: _("Lavora al banco."),
    "device.renamed": _renamed,
    "device.scale_set": lambda entry, scene: _("Cambiata la bilancia che ha accanto."),
    "device.voided": lambda entry, scene: _("Tolto dal banco."),
    "voice.recorded": lambda entry, scene: _("Voce registrata."),
    "voice.removed": lambda entry, scene: _("Voce tolta."),
    "help.called": lambda entry, scene: _("Chiede aiuto."),
    "help.answered": lambda entry, scene: _("Un tutor è venuto."),
    "entry.asked": lambda entry, scene: _("Chiede di entrare."),
    "entry.granted": lambda entry, scene: _("Un tutor ha aperto."),
    "entry.put_off": lambda entry, scene: _("Un tutor ha detto: non adesso."),
    "pause.ended": lambda entry, scene: _("Finita la pausa."),
    "proposal.made": _proposed,
    "proposal.agreed": lambda entry, scene: _("Il tutor ha detto di sì."),
    "proposal.declined": lambda entry, scene: _("Il tutor ha detto: non adesso."),
    "proposal.told": lambda entry, scene: _("La risposta è stata letta."),
    "letter.stopped": _letter(lambda name: _("Lettera fermata: %(letter)s.", letter=name)),
    "letter.tried_again": _letter(lambda name: _("Lettera provata di nuovo: %(letter)s.", letter=name)),
    "text.changed": lambda entry, scene: _("Testo cambiato."),
    "seller.changed": _seller,
    "pickup_rule.added": lambda entry, scene: _("Regola nuova."),
    "pickup_rule.ended": _rule_ended,
    "week.closed": lambda entry, scene: _("Settimana chiusa: %(why)s.", why=entry.data["reason"].rstrip(".")),
    "week.opened": lambda entry, scene: _("Settimana aperta di nuovo."),
    "order.collector_changed": lambda entry, scene: _("Cambiato chi può ritirare."),
    "withdrawal.declared": lambda entry, scene: _("Recesso dichiarato."),
    "citizen.erased": lambda entry, scene: _("Ha voluto cancellare i suoi dati. Gli ordini restano nei conti."),
    "withdrawal.answered": lambda entry, scene: _("Scritto perché non si ridà nulla."),
    "thanks.written": lambda entry, scene: _("Scritto a chi ha preparato la cassetta."),
    "thanks.taken_back": lambda entry, scene: _("Tolto da chi l'aveva scritto."),
    "thanks.decided": _thanks_decided,
    "waiting.asked": lambda entry, scene: _("Qualcuno aspetta un posto."),
    "waiting.left": lambda entry, scene: _("Qualcuno non aspetta più un posto."),
}
"""What the stories of orders, pick-ups, goods and cash boxes do not say already."""


# --- things


@dataclass(frozen=True)
class Thing:
    """What it is called, and its page for whoever may go there."""

    name: str
    href: str = ""
    door: Capability | None = None


def thing(ref: Ref, row: Any, scene: Scene) -> Thing:
    """Without a citizen's name: number, crate, day and place are enough to find it."""
    if row is None:
        return Thing(_("Chi ha ordinato") if ref[0] == "citizen_account" else _("Una cosa che non c'è più"))
    return THINGS[ref[0]](row, scene) if ref[0] in THINGS else Thing(getattr(row, "name", "") or _("Un'altra cosa"))


def _order(order: Order, _scene: Scene) -> Thing:
    crate = _(", cassetta %(number)s", number=order.crate) if order.crate else ""
    name = _("Ordine %(number)s", number=order.number) + crate
    return Thing(name, f"/banco/ordini/{order.id}", Capability.KEEP_ORDERS)


def _pickup(pickup: Any, _scene: Scene) -> Thing:
    name = _(
        "Ritiro di %(when)s, %(place)s", when=formats.window(pickup.from_at, pickup.to_at), place=pickup.place.name
    )
    return Thing(name, f"/banco/ritiri/{pickup.id}", Capability.KEEP_PICKUPS)


def _letter_thing(item: Any, scene: Scene) -> Thing:
    order = scene.things.get(("order", item.order_id))
    about = _("%(letter)s, ordine %(number)s", letter=order_words.letter(item), number=order.number) if order else ""
    return Thing(about or order_words.letter(item), "/banco/partenze", Capability.KEEP_ORDERS)


def _person(person: Any, _scene: Scene) -> Thing:
    if person.is_staff:
        return Thing(person.name, "/tutor/squadra", Capability.KEEP_SHIFTS)
    return Thing(person.name, f"/tutor/persone/{person.id}", Capability.SEE_PEOPLE)


def _proposal(proposal: Any, scene: Scene) -> Thing:
    about = scene.things.get((proposal.subject_type, proposal.subject_id))
    if about is None:
        return Thing(_("Una domanda al tutor"))
    asked = thing((proposal.subject_type, proposal.subject_id), about, scene)
    return Thing(_("Domanda al tutor: %(about)s", about=asked.name), asked.href, asked.door)


def _at(path: str, door: Capability) -> Callable[[Any, Scene], Thing]:
    return lambda row, scene: Thing(
        wording.name(row) if hasattr(row, "name_en") else row.name, f"{path}/{row.id}", door
    )


THINGS: dict[str, Callable[[Any, Scene], Thing]] = {
    "order": _order,
    "pickup": _pickup,
    "outbox": _letter_thing,
    "withdrawal": lambda row, scene: Thing(
        _("Recesso, ordine %(number)s", number=row.number), "/banco/recessi", Capability.KEEP_ORDERS
    ),
    "thanks": lambda row, scene: Thing(_("Un grazie"), "/banco/grazie", Capability.KEEP_ORDERS),
    "person": _person,
    "proposal": _proposal,
    "product": _at("/banco/prodotti", Capability.KEEP_STOCK),
    "field": _at("/banco/campi", Capability.KEEP_CATALOG),
    "place": _at("/banco/luoghi", Capability.KEEP_CATALOG),
    "container": _at("/banco/ciotole", Capability.KEEP_CATALOG),
    "vat_rate": lambda row, scene: Thing(
        _("IVA: %(name)s", name=row.category), f"/banco/iva/{row.id}", Capability.KEEP_CATALOG
    ),
    "voucher": lambda row, scene: Thing(
        _("Buono …%(ending)s", ending=row.ending), f"/banco/buoni/{row.id}", Capability.KEEP_VOUCHERS
    ),
    "pickup_rule": lambda row, scene: Thing(
        _("Regola: %(rule)s", rule=pickup_words.rule(row)), "/banco/ritiri/regole", Capability.KEEP_PICKUPS
    ),
    "closed_week": lambda row, scene: Thing(
        _("Settimana: %(week)s", week=pickup_words.week(row.monday)), "/banco/ritiri/regole", Capability.KEEP_PICKUPS
    ),
    "device": lambda row, scene: Thing(row.name, "/tutor/squadra#dispositivi", Capability.ENROL_DEVICE),
    "invitation": lambda row, scene: Thing(_("Un invito"), "/tutor/squadra", Capability.INVITE),
    "recording": lambda row, scene: Thing(f"«{row.words}»", "/tutor/voce", Capability.LEND_VOICE),
    "drawer": lambda row, scene: Thing(
        _("Cassa di %(place)s", place=row.place.name), "/banco/incassi/casse", Capability.SEE_TAKINGS
    ),
    "text": lambda row, scene: Thing(
        text_words.title(row.kind, row.slug, row.language),
        text_words.address(row.kind, row.slug),
        Capability.KEEP_TEXTS,
    ),
    "seller": lambda row, scene: Thing(_("I dati della cascina"), "/banco/dati", Capability.KEEP_TEXTS),
}


def kinds() -> list[tuple[str, str]]:
    """(what the address says, what the page says)."""
    words = {
        "ordini": _("Ordini"),
        "ritiri": _("Ritiri e raccolto"),
        "prodotti": _("Prodotti e luoghi"),
        "lettere": _("Lettere e dati"),
        "soldi": _("Cassa"),
        "persone": _("Persone e turni"),
    }
    return [(kind, words[kind]) for kind in KINDS]
