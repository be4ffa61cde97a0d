"""What a stranger types and we put into a letter: a name is a name, and nothing in it leads anywhere.

Whoever orders as a guest chooses to whom we write (decision 5). Mail programmes make links of "www.", of "@" and of a
dot between letters, also where other signs stand for these.
"""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _

from core.errors import Refused

SHORTENED = re.compile(r"\b(?:sig\.ra|dott\.ssa|dr\.ssa|prof\.ssa|f\.lli)\b")
"""Written with a dot inside by everybody here."""

DOTS = str.maketrans("。", ".")  # NFKC, which knows the others, leaves this one; in the address of a site it is a dot

LEADS = r"http|www\.|[@\\]|//"
IN_A_NAME = re.compile(rf"{LEADS}|[\d/:]|\w\.\w\w")
IN_A_LINE = re.compile(rf"{LEADS}|\w\w\.[^\W\d_]{{2}}|\w\.[^\W\d_][\w-]*/")
"""A street and a firm have digits, slashes and "V.le"; no site that one can have has a name of one letter."""


def require(text: str) -> str:
    """As it was typed. Raises Refused for what is no name."""
    if not is_one(text):
        raise Refused(_("Qui scrivi solo il nome, in lettere: senza cifre né link, e con uno spazio dopo il punto."))
    return text


def require_line(text: str) -> str:
    """As it was typed: a street, a firm, a number of an order. Raises Refused for what leads somewhere."""
    if not leads_nowhere(text):
        raise Refused(_("Qui un link non va: toglilo, e dopo ogni punto lascia uno spazio."))
    return text


def is_one(text: str) -> bool:
    return not IN_A_NAME.search(_as_read(text))


def leads_nowhere(text: str) -> bool:
    return not IN_A_LINE.search(_as_read(text))


def _as_read(text: str) -> str:
    """As a mail programme reads it: small letters, plain signs, nothing invisible in between."""
    plain = unicodedata.normalize("NFKC", text).translate(DOTS).casefold()
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return SHORTENED.sub("x", seen)
