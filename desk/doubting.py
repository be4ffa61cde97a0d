"""A number of the harvest that hardly can be: asked about once, in the person's own words, before it is written down.

Nothing is said of a mistake: the number that was typed stands in the question, and whoever is sure of it goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from catalog.models import Kind, Product
from desk import words
from orders.harvesting import MOST, Row
from orders.preparing import WRONG_UNIT, Doubtful

KILO = 1000
ODD = 2  # more than twice what was sold is not what one expects of a harvest either


@dataclass(frozen=True)
class Doubt:
    """``typed``: grams or pieces, as they were written; None for '12,5', which is no number of grams.

    ``meant``: grams, the same digits in the other unit, where they may have been meant so. ``is_all``: what was sold,
    or somewhat more. ``may_be_neither``: no answer is likely enough to leave out the way to write it again.
    """

    sentence: str
    typed: int | None
    meant: int | None = None
    is_all: bool = False
    may_be_neither: bool = True


def require_believable(row: Row, raw: str, arrived: int, *, said_less: bool) -> None:
    """Raises Doubtful with its ``doubt``. ``raw``: what was typed; ``arrived``: that as a number, -1 where it is none.

    ``said_less``: somebody has just said that not all of it came.
    """
    doubt = _of_kilos(row.product, raw) if arrived < 0 else _of_number(row, arrived, said_less=said_less)
    if doubt is not None:
        raise Doubtful(doubt.sentence, doubt=doubt)


def _of_kilos(product: Product, raw: str) -> Doubt | None:
    """'12,5' or '12.500' where grams are asked for: either sign, it is twelve and a half kilos."""
    found = re.fullmatch(r"(\d{1,4})[.,](\d{1,3})", raw.strip(), re.ASCII)
    if found is None or product.kind != Kind.BY_WEIGHT:
        return None
    grams = int(found[1]) * KILO + int(found[2].ljust(3, "0"))
    return Doubt(_intended(raw.strip(), words.so_much(product, grams)), None, grams)


def _of_number(row: Row, arrived: int, *, said_less: bool) -> Doubt | None:
    """None also for what the engine refuses: a number beyond every harvest."""
    sold, product = row.sold, row.product
    if not 0 < arrived <= MOST or not sold:
        return None
    meant = _other_unit(arrived, sold) if product.kind == Kind.BY_WEIGHT else None
    if meant is not None:
        sentence = _intended(words.so_much(product, arrived), words.so_much(product, meant))
        return Doubt(sentence, arrived, meant, may_be_neither=meant > sold * ODD)
    if arrived > sold or (said_less and arrived == sold):
        is_all = arrived <= sold * ODD
        return Doubt(_question(words.so_much(product, arrived), is_all), arrived, is_all=is_all)
    return None


def _other_unit(arrived: int, sold: int) -> int | None:
    """Of twelve kilos that were sold, 12 is 12000 grams, and 12000000 is 12000 as well."""
    if arrived * WRONG_UNIT <= sold:
        return arrived * KILO
    return arrived // KILO if arrived >= sold * WRONG_UNIT and arrived % KILO == 0 else None


def _question(written: str, is_all: bool) -> str:
    if is_all:
        return _("Hai scritto %(written)s. È arrivato tutto?", written=written)
    return _("Hai scritto %(written)s. Guarda ancora.", written=written)


def _intended(written: str, meant: str) -> str:
    return _("Hai scritto %(written)s. Intendi %(meant)s?", written=written, meant=meant)
