"""What came in: day by day and rate by rate, for whoever keeps the register. No fiscal register itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from flask import Response as FileResponse
from flask import render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from core import clock
from core.doors import door
from core.errors import NotFound
from desk import blueprint
from orders import books, takings
from orders.models import BooksCheck
from orders.takings import Day
from people.capabilities import Capability

MEANS = ("cash", "card_terminal", "card", "voucher", "credit", "rounding")
LATE_AFTER = timedelta(hours=48)  # somebody looks through the books every night
FIRST_YEAR, LAST_YEAR = 2020, 2199


@dataclass(frozen=True)
class Month:
    """The days on which something was sold, given back or paid, and which rates and means there were."""

    first: date
    days: Sequence[Day]

    @property
    def name(self) -> str:
        return format_date(self.first, "MMMM yyyy", locale=get_locale() or "it")

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def rates(self) -> list[int]:
        return sorted({rate for day in self.days for rate in day.gross})

    @property
    def invoiced(self) -> list[int]:
        """The rates of which something is on invoices."""
        return sorted({rate for day in self.days for rate, cents in day.invoiced.items() if cents})

    @property
    def means(self) -> list[str]:
        there = {kind for day in self.days for kind, cents in day.means.items() if cents}
        return [kind for kind in MEANS if kind in there]

    @property
    def whole(self) -> Day:
        """All its days together."""
        total = Day(self.first)
        for day in self.days:
            total.orders += day.orders
            total.sold.update(day.sold)
            total.refunded.update(day.refunded)
            total.means.update(day.means)
            total.invoiced.update(day.invoiced)
        return total


@blueprint.get("/incassi")
@door(Capability.SEE_TAKINGS, "tutor")
def month_of_takings() -> str:
    month = _month()
    last = books.newest()
    return render_template(
        "desk/staff/takings.html",
        month=month,
        whole=month.whole,
        vat=takings.vat_of(list(month.days)),
        this=clock.today().replace(day=1),
        means=_means(),
        books=last,
        in_books=_in_books(last) if last else {},
        is_late=last is not None and clock.now() - last.at > LATE_AFTER,
    )


@blueprint.get("/incassi.csv")
@door(Capability.SEE_TAKINGS, "machine")
def takings_as_table() -> FileResponse:
    """For a spreadsheet in Italian: semicolons, decimal commas, and the mark that says that it is UTF-8."""
    month, text = _month(), io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(_rows(month))
    return FileResponse(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="incassi-{month.first:%Y-%m}.csv"'},
    )


def _month() -> Month:
    """The month of the address, this one unless given. Raises NotFound."""
    asked = request.args.get("mese", f"{clock.today():%Y-%m}")
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", asked, re.ASCII)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise NotFound(_("Questo mese non c'è."))
    first = date(int(found[1]), int(found[2]), 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Month(first, takings.between(first, last))


def _rows(month: Month) -> Iterator[list[str]]:
    """A row a day. Words are ours and begin with a letter, so no cell can be taken for a formula."""
    rates, means, words, invoiced = month.rates, month.means, _means(), month.invoiced
    named = [*(f"lordo {rate}%" for rate in rates), "ridato", "totale", *(words[kind] for kind in means)]
    named += [f"con fattura {rate}%" for rate in invoiced]
    yield ["giorno", "ordini", *named]
    for day in month.days:
        gross = [day.gross.get(rate, 0) for rate in rates]
        amounts = [*gross, day.refunded.total(), day.total, *(day.means[kind] for kind in means)]
        amounts += [day.invoiced[rate] for rate in invoiced]
        yield [day.day.isoformat(), str(day.orders), *map(_euro, amounts)]


def _euro(cents: int) -> str:
    """-150 -> '-1,50': a number and nothing else."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"


def _means() -> dict[str, str]:
    return {
        "cash": _("contanti"),
        "card_terminal": _("carta al banco"),
        "card": _("carta"),
        "voucher": _("buoni"),
        "credit": _("credito"),
        "rounding": _("arrotondamenti"),
    }


def _in_books(check: BooksCheck) -> Mapping[str, int]:
    """Where something does not agree, in the tutor's words, and in how many places."""
    names = {
        "stock": _("quanti prodotti abbiamo"),
        "prices": _("i prezzi"),
        "pick-ups": _("i ritiri e i loro posti"),
        "numbers": _("i numeri degli ordini"),
        "credit": _("i crediti"),
        "vouchers": _("i buoni"),
        "outbox": _("la posta"),
        "undo": _("i torna indietro"),
        "references": _("i legami tra gli ordini"),
        "promises": _("la verdura promessa"),
        "lines": _("le righe degli ordini"),
        "orders": _("i totali degli ordini"),
        "vat": _("l'IVA"),
        "payments": _("i pagamenti"),
        "refunds": _("i soldi ridati"),
        "letters": _("le lettere"),
        "deeds": _("il diario"),
        "practice": _("le prove"),
        "cash boxes": _("le casse"),
        "stopped letters": _("le lettere fermate"),
    }
    found: dict[str, int] = {}
    for problem in check.problems:
        where = names.get(problem.partition(":")[0], _("altro"))
        found[where] = found.get(where, 0) + 1
    return found
