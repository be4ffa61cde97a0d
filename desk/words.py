"""Easy words for goods, weights and money (cognitive-accessibility criteria 31, 32): digits, whole words, no signs."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog.models import Kind
from core.formats import easy_weight
from core.web import language
from orders.models import OrderLine


def goods(line: OrderLine) -> str:
    """'bietole': the name as it stands inside a sentence."""
    name = (line.name_en if language() == "en" else "") or line.name
    return name[:1].lower() + name[1:]


def amount(line: OrderLine) -> str:
    """'2 mazzi', '500 grammi', '1 pezzo': how much was ordered."""
    if line.kind == Kind.BY_WEIGHT:
        return easy_weight(line.quantity)
    one, more = (line.unit_en, line.unit_plural_en) if language() == "en" else (line.unit, line.unit_plural)
    unit = one if line.quantity == 1 else more
    return f"{line.quantity} {unit}" if unit else ngettext("%(num)s pezzo", "%(num)s pezzi", line.quantity)


def in_crate(line: OrderLine) -> str:
    """What is in the crate now: '480 grammi', '2 mazzi', 'manca'."""
    if line.state == "missing":
        return _("manca")
    return easy_weight(line.weighed_grams) if line.weighed_grams else amount(line)


def scale_says(line: OrderLine, grams: int) -> str:
    """One hint beside the number on the scale; none where pieces weigh what they weigh."""
    if not grams or line.kind != Kind.BY_WEIGHT:
        return ""
    if grams * 100 < line.quantity * 95:
        return _("Metti ancora")
    return _("Togli qualcosa") if grams * 100 > line.quantity * 110 else _("Va bene")


def money(cents: int) -> str:
    """1250 -> '12 euro e 50 centesimi'."""
    euro, rest = divmod(cents, 100)
    parts = []
    if euro or not rest:
        parts.append(_("%(euro)s euro", euro=euro))
    if rest:
        parts.append(_("%(cents)s centesimi", cents=rest))
    return _(" e ").join(parts)


FILTERS = {"goods": goods, "amount": amount, "in_crate": in_crate, "easy_money": money}
