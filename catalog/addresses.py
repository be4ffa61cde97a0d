"""What may be written down about a place: names, municipality, province, postcode, a point on the map of Italy.

Each takes what was typed and gives back what is kept. Raises Refused with a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import provinces
from core import inputs
from core.errors import Refused

LONGEST_NAME = 80
LONGEST_ADDRESS = 200
LATITUDES, LONGITUDES = (35.0, 47.5), (6.0, 19.0)  # from Lampedusa to the Alps, from Bardonecchia to Otranto
POSTCODES = ("00010", "98168")  # the first and the last of the Italian post, in the province of Rome and in Messina


def name(text: str) -> str:
    return inputs.require_line(text, LONGEST_NAME, missing=_("Scrivi il nome."))


def name_in_english(text: str) -> str:
    """It may be missing: then the Italian one is shown."""
    return inputs.require_line(text, LONGEST_NAME)


def street(text: str) -> str:
    return inputs.require_line(text, LONGEST_ADDRESS, missing=_("Scrivi l'indirizzo."))


def municipality(text: str) -> str:
    return inputs.require_line(text, LONGEST_NAME, missing=_("Scrivi il comune."))


def province(text: str) -> str:
    """Two capitals, of one that there is: provinces are compared, so 'pv', 'PV' and 'Pavia' must be one."""
    letters = provinces.find(inputs.one_line(text))
    if letters is None:
        raise Refused(_("Scrivi la sigla della provincia, come PV, oppure il suo nome."))
    return letters


def postcode(text: str) -> str:
    """Five digits that the post may have given. It never says which municipality: 27020 has twenty-six."""
    digits = inputs.one_line(text)
    if not re.fullmatch(r"[0-9]{5}", digits):
        raise Refused(_("Il CAP ha 5 cifre, come 27029."))
    if not POSTCODES[0] <= digits <= POSTCODES[1]:
        raise Refused(_("Questo CAP in Italia non c'è: guarda le cifre."))
    return digits


def free_slug(session: Session, column: Any, name: str, *, otherwise: str) -> str:
    """'casa-del-parco', and 'casa-del-parco-2' for the next one of that name. ``column`` holds those that are taken."""
    slug = _slug(name, otherwise)
    return _free(slug, set(session.scalars(select(column).where(column.startswith(slug)))))


def free_slugs(session: Session, column: Any, names: Iterable[str], *, otherwise: str) -> list[str]:
    """The same for many names at once, in one statement: no two get the same."""
    taken, found = set(session.scalars(select(column))), []
    for name in names:
        found.append(_free(_slug(name, otherwise), taken))
        taken.add(found[-1])
    return found


def _slug(name: str, otherwise: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or otherwise


def _free(slug: str, taken: set[str]) -> str:
    return next(free for free in [slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))] if free not in taken)


def require_in_italy(latitude: float, longitude: float) -> None:
    """In degrees. Also refuses the two exchanged, which is the slip that people make."""
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        raise Refused(
            _("Questo punto non è in Italia. Prima la latitudine, come 45,31, poi la longitudine, come 8,85.")
        )
