"""Easy words for goods, weights and money (cognitive-accessibility criteria 31, 32): digits, whole words, no signs."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from catalog import wording
from catalog.models import Container, Kind, Product
from core.formats import easy_money as money
from core.formats import easy_weight
from core.web import language
from orders import crates
from orders.models import LineState, OrderLine

Goods = Product | OrderLine
SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\b[A-Z]\.)\s+")


def goods(thing: Goods) -> str:
    """'bietole': the name as it stands inside a sentence."""
    return _lowered(wording.name(thing))


def amount(line: OrderLine) -> str:
    """'2 mazzi', '500 grammi', '1 pezzo': how much was ordered."""
    return so_much(line, line.quantity)


def so_much(thing: Goods, quantity: int) -> str:
    """The same for any quantity of a product or of a line's goods: grams or pieces, as it is ordered."""
    if thing.kind == Kind.BY_WEIGHT:
        return easy_weight(quantity)
    unit = wording.unit(thing, quantity)
    return f"{quantity} {unit}" if unit else ngettext("%(num)s pezzo", "%(num)s pezzi", quantity)


def so_much_of(thing: Goods, quantity: int) -> str:
    """'2 mazzi di cavolo nero', '500 grammi di carote', '2 zucche': as one says it."""
    if thing.kind != Kind.BY_WEIGHT and not wording.unit(thing, quantity):
        return f"{quantity} {goods(thing)}"
    return _("%(amount)s di %(name)s", amount=so_much(thing, quantity), name=goods(thing))


def lacks(thing: Goods, quantity: int) -> str:
    """'mancano 3 mazzi', 'manca 1 chilo'."""
    one = 1000 if thing.kind == Kind.BY_WEIGHT else 1
    words = so_much(thing, quantity)
    return _("manca %(amount)s", amount=words) if quantity == one else _("mancano %(amount)s", amount=words)


def unit(thing: Goods, number: int = 2) -> str:
    """What stands beside a number that is being typed: 'grammi', 'mazzi', 'pezzi'; beside 1 'grammo', 'mazzo'."""
    if thing.kind == Kind.BY_WEIGHT:
        return _("grammo") if number == 1 else _("grammi")
    return wording.unit(thing, number) or (_("pezzo") if number == 1 else _("pezzi"))


def in_crate(line: OrderLine) -> str:
    """What is in the crate now: '480 grammi', '1 mazzo', 'non ce n'è'."""
    if line.state == LineState.MISSING:
        return _("non ce n’è")
    return easy_weight(line.weighed_grams) if line.weighed_grams else so_much(line, line.packed or line.quantity)


def container(line: OrderLine) -> str:
    """'la ciotola blu', with its article where the name tells which; empty where goods lie on the scale alone."""
    found = line.product.container if line.is_weighed else None
    return _with_article(found) if found else ""


def on_scale(line: OrderLine) -> int | None:
    """What the scale says when it is right, container and all, in grams. None for goods that weigh what they weigh."""
    return line.quantity + tare(line) if line.kind == Kind.BY_WEIGHT else None


def tare(line: OrderLine) -> int:
    """Grams of the container that this product is weighed in."""
    found = line.product.container
    return found.tare_grams if found else 0


def scale_says(line: OrderLine, grams: int) -> str:
    """One hint beside the number on the scale; none where pieces weigh what they weigh. ``grams`` are net."""
    if not grams or line.kind != Kind.BY_WEIGHT:
        return ""
    if grams * 100 < line.quantity * 95:
        return _("Metti ancora")
    return _("Togli qualcosa") if grams * 100 > line.quantity * 110 else _("Va bene")


def _with_article(bowl: Container) -> str:
    if language() == "en":
        return f"the {_lowered(bowl.name_en or bowl.name)}"
    name = _lowered(bowl.name)
    first = name.split()[0]
    if first[-1] not in "ao":  # 'vaschette', 'rete', 'box': the word does not say which article it wants
        return name
    if first[0] in "aeiou":
        return f"l’{name}"
    if first.endswith("a"):
        return f"la {name}"
    return f"{'lo' if re.match(r's[^aeiou]|z|ps|gn', first) else 'il'} {name}"


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def needed(line: OrderLine) -> str:
    """'Servono 500 grammi', 'Serve 1 chilo', 'Serve 1 pezzo'."""
    is_one = line.quantity == (1000 if line.kind == Kind.BY_WEIGHT else 1)
    how_much = amount(line)
    return _("Serve %(amount)s", amount=how_much) if is_one else _("Servono %(amount)s", amount=how_much)


def about(line: OrderLine, pieces: int | None = None) -> str:
    """'circa 1800 grammi' for pieces that are weighed (all that were ordered unless said), else nothing.

    In grams alone, as the number is that one writes beside it.
    """
    grams = (pieces or line.quantity) * (line.piece_grams or 0) if line.kind == Kind.PIECE_BY_WEIGHT else 0
    return _("circa %(grams)s grammi", grams=grams) if grams else ""


def by_line(words: str) -> str:
    """One sentence a line (criterion 28), for what is shown with the class by-line. 'S. Anna' stays together."""
    cut = SENTENCE_END.sub("\n", words)
    return Markup(cut) if isinstance(words, Markup) else cut  # noqa: S704 - as safe as it was


FILTERS = {
    "by_line": by_line,
    "shelf": crates.shelf,
    "about": about,
    "needed": needed,
    "goods": goods,
    "amount": amount,
    "so_much": so_much,
    "so_much_of": so_much_of,
    "lacks": lacks,
    "unit": unit,
    "in_crate": in_crate,
    "container": container,
    "on_scale": on_scale,
    "tare": tare,
    "easy_money": money,
    "capitalize_first": lambda words: words[:1].upper() + words[1:],
}
