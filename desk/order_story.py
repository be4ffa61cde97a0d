"""The journal of one order as it is read: who did what and when, in plain words, and what was taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import products, wording
from catalog.models import PickUp, Product
from core import clock, formats, journal, proposing
from core.formats import easy_weight, euro
from core.journal import Entry
from core.proposing import Proposal
from desk import order_words, pickup_story
from orders import paying, proposals, reasons
from orders.models import Order, OrderLine, Source
from people import staff

BY_CITIZEN = (
    *("order.placed", "order.changed", "order.cancelled", "order.collector_changed"),
    *("order.email_changed", "withdrawal.declared", "thanks.written", "thanks.taken_back"),
)
"""Done by nobody of the house: then the citizen did it."""

CHANGED = "order.changed"

OF_PICKUP = ("pickup.closed", "pickup.moved", "pickup.called_off")
"""What happens to a pick-up happens to its orders too."""

OF_PROPOSALS = ("proposal.made", "proposal.agreed", "proposal.declined")
"""What a tutor was asked about the order, and the answer; that it was read is nobody's business."""

BEGUN_BY_CITIZEN = ("withdrawal.declared", "thanks.written")
"""What a citizen declares and writes about the order. It has a row of its own, and so a journal of its own."""

OF_CITIZEN = (*BEGUN_BY_CITIZEN, "withdrawal.answered", "thanks.taken_back", "thanks.decided")
"""That, and what became of it."""


@dataclass(frozen=True)
class Told:
    at: datetime
    who: str
    words: str
    is_undone: bool  # somebody took it back later


@dataclass(frozen=True)
class Scene:
    """What the words are about, looked up once."""

    order: Order
    goods: Mapping[int, Product]
    changes: Sequence[Entry]  # of the order, the oldest first
    names: Mapping[int, str]

    def crate_after(self, entry: Entry) -> int | None:
        """The number that it had then: one that goes to another pick-up gets another one there."""
        following = next((change for change in self.changes if change.id > entry.id), None)
        return following.data["before"].get("crate") if following else self.order.crate

    def line(self, entry: Entry, name: str = "line") -> OrderLine | None:
        return next((line for line in self.order.lines if line.id == entry.data.get(name)), None)

    def product(self, entry: Entry, name: str = "line") -> str:
        """A line that somebody took out again has no name any more."""
        line = self.line(entry, name)
        return wording.name(line) if line else _("un prodotto")

    def person(self, entry: Entry, name: str) -> str:
        return _named(self.names, entry.data.get(name))


def tell(order: Order) -> list[Told]:
    """The newest first. Statements do not grow with what happened."""
    entries = _entries(order)
    undone = {entry.undoes_id for entry in entries}
    names = staff.names(set(_people(entries)))
    goods = products.by_ids(sorted({row[0] for entry in entries for row in _lines_before(entry)}))
    scene = Scene(order, goods, [entry for entry in reversed(entries) if entry.action == CHANGED], names)
    return [Told(entry.at, _who(entry, names), _words(entry, scene), entry.id in undone) for entry in entries]


def _people(entries: Sequence[Entry]) -> Iterator[int]:
    """Who did it, and to whom it went or from whom."""
    for entry in entries:
        yield from (entry.person_id,) if entry.person_id else ()
        if entry.action.startswith("task."):
            yield from (entry.data[name] for name in ("to", "person") if name in entry.data)


def _named(names: Mapping[int, str], person_id: int | None) -> str:
    return names.get(person_id or 0, _("una persona che non c'è più"))


def _entries(order: Order) -> list[Entry]:
    """Its own, and those of the pick-up that it belonged to at that moment."""
    own = journal.entries(order, newest_first=False)
    stays = _stays(order, own)
    found = journal.entries_of_several(PickUp.__tablename__, {pickup_id for _since, pickup_id in stays})
    around = [entry for entry in found if _is_told(entry) and entry.subject_id == _where_at(entry, stays)]
    return sorted((*own, *around, *_asked(order), *_of_citizen(order, own)), key=lambda entry: entry.id, reverse=True)


def _asked(order: Order) -> list[Entry]:
    ids = {proposal.id for proposal in proposing.about(order)}
    found = journal.entries_of_several(Proposal.__tablename__, ids) if ids else []
    return [entry for entry in found if entry.action.removesuffix(".undone") in OF_PROPOSALS]


def _of_citizen(order: Order, own: Sequence[Entry]) -> list[Entry]:
    """A thank-you that was taken back is gone, and still told: the journal knows whose it was."""
    return journal.entries_begun_with(BEGUN_BY_CITIZEN, "order", order.id, after=own[0].id if own else 0)


def _stays(order: Order, own: Sequence[Entry]) -> list[tuple[int, int]]:
    """(from which entry on, the pick-up that it belonged to): a change keeps where the order was before it."""
    changes = [entry for entry in own if entry.action == CHANGED]
    since = [own[0].id if own else 0, *(entry.id for entry in changes)]
    where = [*(entry.data["before"]["pickup"] for entry in changes), order.pickup_id]
    return list(zip(since, where, strict=True))


def _where_at(entry: Entry, stays: Sequence[tuple[int, int]]) -> int | None:
    return next((pickup_id for since, pickup_id in reversed(stays) if since <= entry.id), None)


def _is_told(entry: Entry) -> bool:
    return entry.action.removesuffix(".undone") in OF_PICKUP


def _who(entry: Entry, names: Mapping[int, str]) -> str:
    if entry.person_id:
        return _named(names, entry.person_id)
    return _("chi ha ordinato") if entry.action in BY_CITIZEN else _("in automatico")


def _words(entry: Entry, scene: Scene) -> str:
    say = WORDS.get(entry.action.removesuffix(".undone"))
    words = say(entry, scene) if say else _("Segnata una cosa nuova.")
    return _("Tornato indietro. Era: %(words)s", words=words) if entry.is_undo else words


def _placed(entry: Entry, _scene: Scene) -> str:
    words = {
        Source.WEB: _("Ordinato dal sito."),
        Source.PHONE: _("Ordine preso per telefono."),
        Source.STALL: _("Ordine preso al banco."),
    }
    return words[Source(entry.data.get("source", Source.WEB))]


def goods_before(entry: Entry) -> list[int]:
    """The products that it had before it was changed: what the words name."""
    return [row[0] for row in _lines_before(entry)]


def _lines_before(entry: Entry) -> list[list[Any]]:
    """[product id, quantity, price, may substitute] of what it was before it was changed."""
    before = entry.data.get("before")
    return before.get("lines", []) if isinstance(before, dict) else []


def _changed(entry: Entry, scene: Scene) -> str:
    before = [
        f"{wording.name(product)} {wording.amount(product, row[1])}"
        for row in _lines_before(entry)
        if (product := scene.goods.get(row[0]))
    ]
    words = _("Ordine cambiato. Prima: %(lines)s.", lines=", ".join(before))
    return " ".join((words, *_gone_from(entry, scene)))


def _gone_from(entry: Entry, scene: Scene) -> Iterator[str]:
    """Where it was, and which crate, when it went to another pick-up."""
    before, after = entry.data["before"], entry.data.get("after", {})
    if after.get("pickup", before["pickup"]) == before["pickup"]:
        return
    yield _("Il ritiro era: %(when)s.", when=pickup_story.window(before))
    if before["crate"]:
        yield _("La cassetta aveva il numero %(number)s.", number=before["crate"])
    if number := scene.crate_after(entry):
        yield _("La cassetta ha il numero %(number)s.", number=number)


def _taken(entry: Entry, scene: Scene) -> str:
    line = scene.line(entry)
    if line is None:
        return _("Messo nella cassetta: %(what)s.", what=scene.product(entry))
    amount = wording.amount(line, line.quantity)
    return _("Messo nella cassetta: %(what)s, %(amount)s.", what=wording.name(line), amount=amount)


def _weighed(entry: Entry, scene: Scene) -> str:
    grams, tare = entry.data["grams"], entry.data.get("tare")
    words = _("Pesato: %(what)s, %(weight)s.", what=scene.product(entry), weight=easy_weight(grams))
    return " ".join((words, _("Tara tolta: %(weight)s.", weight=easy_weight(tare)))) if tare else words


def _short(entry: Entry, scene: Scene) -> str:
    parts = [ngettext("%(num)s pezzo", "%(num)s pezzi", entry.data["pieces"])] if entry.data["pieces"] else []
    parts += [easy_weight(entry.data["grams"])] if entry.data["grams"] else []
    return _("Messo meno del chiesto: %(what)s, %(amount)s.", what=scene.product(entry), amount=", ".join(parts))


def _reweighed(entry: Entry, scene: Scene) -> str:
    return _(
        "Pesato di nuovo: %(what)s. Prima %(before)s, poi %(after)s.",
        what=scene.product(entry),
        before=easy_weight(entry.data["before"][0]),
        after=easy_weight(entry.data["grams"]),
    )


def _weighed_twice(entry: Entry, scene: Scene) -> str:
    weight = easy_weight(entry.data["grams"])
    return _("Pesato da due persone: %(what)s. Un altro peso era %(weight)s.", what=scene.product(entry), weight=weight)


def _substituted(entry: Entry, scene: Scene) -> str:
    return _("Al posto di %(what)s: %(other)s.", what=scene.product(entry), other=scene.product(entry, "other"))


def _ready(entry: Entry, scene: Scene) -> str:
    used = sum(payment.amount for payment in scene.order.payments if payment.id in entry.data.get("credit", []))
    words = [_("Cassetta pronta.")]
    if cents := entry.data.get("vouchers"):
        words.append(_("Pagati con il buono: %(sum)s.", sum=euro(cents)))
    if used:
        words.append(_("Credito usato: %(sum)s.", sum=euro(used)))
    return " ".join(words)


def _cash_taken(entry: Entry, _scene: Scene) -> str:
    cents = entry.data["cents"]
    words, given = _("Presi %(sum)s in contanti.", sum=euro(cents)), entry.data.get("given", cents)
    if given == cents:
        return words
    change = _("Ha dato %(given)s, resto %(back)s.", given=euro(given), back=euro(given - cents))
    return " ".join((words, change))


def _refunded(entry: Entry, scene: Scene) -> str:
    refunds = [refund for refund in scene.order.refunds if refund.id in entry.data["refunds"]]
    kind, reason = (refunds[0].how, refunds[0].reason) if refunds else ("cash", "")
    return _(
        "Ridati %(sum)s %(how)s. Perché: %(reason)s.",
        sum=euro(-paying.handed(scene.order, entry.data["payments"])),
        how=order_words.how(kind),
        reason=reasons.say(reason).rstrip("."),
    )


def _receipt_noted(entry: Entry, _scene: Scene) -> str:
    before, after = entry.data["before"], entry.data["after"]
    if not after:
        return _("Tolto il numero dello scontrino. Prima: %(before)s.", before=before)
    if not before:
        return _("Numero dello scontrino: %(number)s.", number=after)
    return _("Numero dello scontrino: %(number)s. Prima: %(before)s.", number=after, before=before)


def _forgotten(entry: Entry, _scene: Scene) -> str:
    if entry.data.get("why") == "asked":
        return _("Tolti nome, e-mail, telefono e indirizzo: l'ha chiesto chi ha ordinato.")
    return _("Tolti nome, e-mail, telefono e indirizzo: è passato il tempo per cui si tengono.")


def _not_collected(entry: Entry, _scene: Scene) -> str:
    words = [_("Segnato che non è venuto nessuno.")]
    if cents := entry.data.get("vouchers"):
        words.append(_("Tornati sul buono: %(sum)s.", sum=euro(cents)))
    if credit := entry.data.get("credit"):
        words.append(_("Credito tornato: %(sum)s.", sum=euro(credit)))
    return " ".join(words)


def _closed(entry: Entry, scene: Scene) -> str:
    words, crate = _("Il ritiro è chiuso."), scene.crate_after(entry)
    if crate is None:
        return words
    number = _("La cassetta ha il numero %(number)s.", number=crate)
    return f"{words} {number}"


def _moved(entry: Entry, _scene: Scene) -> str:
    before = entry.data["before"]
    when = formats.window(clock.parse(before["from_at"]), clock.parse(before["to_at"]))
    return _("Il ritiro è stato spostato. Prima: %(when)s, %(place)s.", when=when, place=before["place"])


def _thanks_decided(entry: Entry, _scene: Scene) -> str:
    return _("Il grazie si vede al banco.") if entry.data["let_through"] else _("Il grazie non si vede al banco.")


def _proposed(entry: Entry, _scene: Scene) -> str:
    return _("Chiesto al tutor: %(what)s.", what=proposing.says(proposing.get(entry.subject_id)))


def _declined(entry: Entry, _scene: Scene) -> str:
    return _("Detto no. %(reason)s", reason=proposals.REASONS.get(entry.data["reason"], ""))


WORDS: dict[str, Callable[[Entry, Scene], str]] = {
    "order.placed": _placed,
    "order.changed": _changed,
    "order.collector_changed": lambda entry, scene: _("Cambiato chi può ritirare."),
    "order.email_changed": lambda entry, scene: _("Corretta l'e-mail: la conferma è partita di nuovo."),
    "order.cancelled": lambda entry, scene: _("Ordine disdetto."),
    "order.forgotten": _forgotten,
    "order.ready": _ready,
    "order.labelled": lambda entry, scene: _("Etichetta messa."),
    "order.crates": lambda entry, scene: ngettext(
        "Adesso è %(num)s cassetta.", "Adesso sono %(num)s cassette.", entry.data["after"]
    ),
    "order.cash_taken": _cash_taken,
    "order.card_taken": lambda entry, scene: _("Presi %(sum)s con la carta.", sum=euro(entry.data["cents"])),
    "order.handed_over": lambda entry, scene: _("Cassetta data."),
    "order.not_collected": _not_collected,
    "order.expected_again": lambda entry, scene: _("La cassetta aspetta di nuovo."),
    "order.refunded": _refunded,
    "order.receipt_noted": _receipt_noted,
    "line.taken": _taken,
    "line.weighed": _weighed,
    "line.weighed_twice": _weighed_twice,
    "line.reweighed": _reweighed,
    "line.short": _short,
    "line.missing": lambda entry, scene: _("Segnato che manca: %(what)s.", what=scene.product(entry)),
    "line.substituted": _substituted,
    "task.passed": lambda entry, scene: _("Cassetta passata a %(name)s.", name=scene.person(entry, "to")),
    "task.taken_over": lambda entry, scene: _(
        "Ci pensa il tutor. Prima ci lavorava %(name)s.", name=scene.person(entry, "person")
    ),
    "proposal.made": _proposed,
    "proposal.agreed": lambda entry, scene: _("Detto sì alla proposta."),
    "proposal.declined": _declined,
    "withdrawal.declared": lambda entry, scene: _("Recesso dichiarato."),
    "withdrawal.answered": lambda entry, scene: _("Recesso: scritto perché non si ridà nulla."),
    "thanks.written": lambda entry, scene: _("Scritto un grazie a chi ha preparato la cassetta."),
    "thanks.taken_back": lambda entry, scene: _("Il grazie è stato tolto da chi l'aveva scritto."),
    "thanks.decided": _thanks_decided,
    "pickup.closed": _closed,
    "pickup.moved": _moved,
    "pickup.called_off": lambda entry, scene: _("Il ritiro non si fa più."),
}
"""For every action that can happen to an order. What is not here yet is told without a code."""
