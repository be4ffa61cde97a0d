"""The skills that real work shows (training-progress C). Titles are easy Italian; English through gettext."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Skill:
    """``digcomp`` are DigComp 3.0 ids; ``easy`` is what the person reads."""

    code: str
    easy: object  # a lazy string
    digcomp: tuple[str, ...]


SKILLS = {
    skill.code: skill
    for skill in (
        Skill("A1", _l("Entro con il mio cartellino"), ("2.6",)),
        Skill("A5", _l("Esco alla fine"), ("4.1",)),
        Skill("C2", _l("Prendo il prodotto giusto"), ("1.2",)),
        Skill("C3", _l("Scrivo il peso"), ("1.3",)),
        Skill("C4", _l("Segno quello che manca"), ("1.3",)),
        Skill("C5", _l("Propongo un cambio"), ("1.2",)),
        Skill("C6", _l("Controllo e chiudo la cassetta"), ("1.2",)),
        Skill("D1", _l("Aggiorno quanto c'è"), ("1.3",)),
        Skill("D3", _l("Cambio il prezzo con il doppio controllo"), ("1.3",)),
        Skill("F1", _l("Preparo l'etichetta"), ("1.3",)),
        Skill("F2", _l("Segno la consegna"), ("1.3",)),
        Skill("F3", _l("Prendo i soldi"), ("4.2",)),
        Skill("H1", _l("Torno indietro e rimedio"), ("5.1",)),
    )
}
"""Those that the screens of today can show. The whole tree of 38 grows with the screens."""

STEPS: dict[str, tuple[str, str]] = {
    # action in the journal -> (task, skill that the step shows)
    "person.signed_in": ("enter", "A1"),
    "person.signed_out": ("leave", "A5"),
    "line.taken": ("prepare", "C2"),
    "line.weighed": ("prepare", "C3"),
    "line.reweighed": ("prepare", "C3"),
    "line.missing": ("prepare", "C4"),
    "line.short": ("prepare", "C4"),
    "line.substituted": ("prepare", "C5"),
    "order.ready": ("prepare", "C6"),
    "order.labelled": ("prepare", "F1"),
    "order.cash_taken": ("hand_over", "F3"),
    "order.card_taken": ("hand_over", "F3"),
    "order.handed_over": ("hand_over", "F2"),
    "harvest.arrived": ("harvest", "D1"),
    "stock.counted": ("count", "D1"),
    "product.priced": ("price", "D3"),
}

UNDO_SKILL = "H1"
