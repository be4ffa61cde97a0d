"""A list of products as it comes from Excel or LibreOffice, in one of several letters, cut by one of several signs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from catalog.list_columns import COLUMNS, key, plain
from core import inputs
from core.errors import Refused

LARGEST = 2 * 1024 * 1024  # bytes
MOST_LINES = 2_000
TOO_MANY = ""
"""A row with this among its heads has more cells than there are columns."""


def decode(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16, or Windows' own letters. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused(_("La lista è troppo grande: al massimo %(most)d righe.", most=MOST_LINES))
    if content.startswith(b"PK"):
        raise Refused(_("Questo è un file di Excel. Salvalo come CSV, poi mandalo qui."))
    for code in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if not inputs.has_control_signs(text):
            return text
    raise Refused(_("Questa non è una lista che sappiamo leggere. Salvala come CSV, poi mandala qui."))


def rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """([(row, head of the column -> cell)], heads that nobody knows).

    A row has the number that a spreadsheet shows beside it: a cell of several lines is in one row, an empty row counts,
    Excel's note to itself does not.
    """
    lines = text.removeprefix("\ufeff")
    if lines[:4].lower() == "sep=":  # a note of Excel to itself
        lines = lines.partition("\n")[2]
    first = lines.partition("\n")[0]
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=max(";,\t", key=first.count))
    try:
        table = [(n, [plain(cell) for cell in row]) for n, row in enumerate(reader, 1) if any(map(str.strip, row))]
    except csv.Error as strange:
        raise Refused(_("Questa non è una lista che sappiamo leggere. Salvala come CSV, poi mandala qui.")) from strange
    if len(table) > MOST_LINES + 1:
        raise Refused(_("La lista è troppo grande: al massimo %(most)d righe.", most=MOST_LINES))
    heads = [key(head) for head in table[0][1]] if table else []
    known = {key(head): head for head in COLUMNS}
    _require_heads(heads, known)
    unread = [head for head, folded in zip(table[0][1], heads, strict=True) if head and folded not in known]
    return [(number, _cells(heads, row, known)) for number, row in table[1:]], unread


def _require_heads(heads: Sequence[str], known: Mapping[str, str]) -> None:
    if "nome" not in heads:
        raise Refused(_("Manca la colonna «nome». La prima riga dice come si chiamano le colonne."))
    for folded, head in known.items():
        if heads.count(folded) > 1:
            raise Refused(_("La colonna «%(head)s» c'è due volte.", head=head))


def _cells(heads: Sequence[str], row: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    cells = {known[head]: cell for head, cell in zip(heads, row, strict=False) if head in known and cell}
    return cells | ({TOO_MANY: ""} if any(row[len(heads) :]) else {})
