"""How goods are said to citizens: names, quantities, prices, in the language of the page.

Each function takes a Product or a line of an order: both carry the same words.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from catalog.models import Kind, Place, Product
from core import clock
from core.formats import day, easy_weight, euro, weight
from core.money import maximum_of

ALLERGENS = {
    "nessuno": _l("nessuno"),
    "glutine": _l("glutine"),
    "crostacei": _l("crostacei"),
    "uova": _l("uova"),
    "pesce": _l("pesce"),
    "arachidi": _l("arachidi"),
    "soia": _l("soia"),
    "latte": _l("latte"),
    "frutta a guscio": _l("frutta a guscio"),
    "sedano": _l("sedano"),
    "senape": _l("senape"),
    "sesamo": _l("sesamo"),
    "solfiti": _l("solfiti"),
    "lupini": _l("lupini"),
    "molluschi": _l("molluschi"),
}
"""The fourteen that must be named (Regulation (EU) 1169/2011, annex II), as the catalogue writes them."""

EXEMPT = "esente"
"""In the place of a class: we grow it and sell it straight to whoever eats it (Reg. (EU) 2023/2429 art. 5(1)(a))."""

FEW_GRAMS = 6_000
FEW_PIECES = 6


def name(goods: Any) -> str:
    return in_language(goods.name, goods.name_en)


def description(product: Product) -> str:
    return in_language(product.description, product.description_en)


def recipe(product: Product) -> str:
    return in_language(product.recipe, product.recipe_en)


def contents(product: Product) -> str:
    """What is in a box of different goods; empty for everything else."""
    return in_language(product.contents, product.contents_en)


def amount(goods: Any, quantity: int) -> str:
    """'1,5 kg', '2 mazzi', '1 pezzo, circa 1,8 kg'."""
    if goods.kind == Kind.BY_WEIGHT:
        return weight(quantity)
    pieces = f"{quantity} {_unit(goods, quantity)}"
    if goods.kind == Kind.PIECE_BY_WEIGHT:
        return _("%(pieces)s, circa %(weight)s", pieces=pieces, weight=weight(quantity * (goods.piece_grams or 0)))
    return pieces


def pieces(goods: Any, number: int) -> str:
    """'2 mazzi', '1 pezzo'."""
    return f"{number} {_unit(goods, number)}"


def unit(goods: Any, number: int) -> str:
    """What so many pieces are called: 'mazzo', 'mazzi'; empty where they have no name of their own."""
    one, more = (goods.unit_en, goods.unit_plural_en) if _english() else (goods.unit, goods.unit_plural)
    return one if number == 1 else more


def per(goods: Any) -> str:
    """What the price is for: 'al chilo', 'al mazzo', 'alla bottiglia'."""
    if goods.kind != Kind.FIXED:
        return _("al chilo")
    return _("l'uno") if not goods.unit else _each_english(goods) if _english() else _each(goods.unit)


def pack(product: Product) -> str:
    """What one piece holds: '500 g', or 'circa 500 g' for what grows as it likes. Empty where nobody says."""
    if product.kind != Kind.FIXED or not product.net:
        return ""
    net = _litres(product.net) if product.net_measure == "ml" else weight(product.net)
    if product.drained:
        return _("%(net)s, sgocciolato %(drained)s", net=net, drained=weight(product.drained))
    return _("circa %(weight)s", weight=net) if product.perishable and not product.prepacked else net


def unit_price(product: Product) -> str:
    """'17,00 € al chilo' of a pack; empty where the price is that already (art. 14-16 Consumer Code)."""
    cents = product.unit_price
    if cents is None or cents == product.price:
        return ""
    if product.drained:
        return _("%(price)s al chilo sgocciolato", price=euro(cents))
    measure = _("al litro") if product.net_measure == "ml" else _("al chilo")
    return f"{euro(cents)} {measure}"


def first_step(product: Product) -> str:
    """What one press of the button adds, with estimate and maximum, for goods that are weighed."""
    return f"{amount(product, product.step)}: {sum_of(product, product.step)}"


def sum_of(product: Product, quantity: int) -> str:
    """'circa 1,45 €, al massimo 1,60 €', or the exact sum where nothing is weighed."""
    estimate = product.estimate(quantity)
    if not product.is_weighed:
        return euro(estimate)
    most = maximum_of(estimate, product.tolerance_percent)
    return _("circa %(estimate)s, al massimo %(maximum)s", estimate=euro(estimate), maximum=euro(most))


def option(product: Product, quantity: int) -> str:
    """'500 g, circa 1,45 €' or '2 mazzi, 3,60 €': short enough for a list on a phone."""
    how_much = weight(quantity) if product.is_ordered_in_grams else f"{quantity} {_unit(product, quantity)}"
    estimate = euro(product.estimate(quantity))
    return (
        _("%(how_much)s, circa %(sum)s", how_much=how_much, sum=estimate)
        if product.is_weighed
        else f"{how_much}, {estimate}"
    )


def how_sold(product: Product) -> str:
    """Loose or packed, by weight or by the piece, and in which steps."""
    if product.is_ordered_in_grams:
        return _("sfuso, a peso: di %(step)s in %(step)s", step=weight(product.step))
    if product.is_weighed:
        return _("a pezzi, pesati uno per uno: si paga il peso vero")
    if product.contents:
        return _("una cassetta già composta, a prezzo fisso")
    return _("confezionato, a prezzo fisso") if product.prepacked else _("a pezzi, a prezzo fisso")


def before(lowest: Any) -> str:
    """What a lower price is told with (art. 17-bis Consumer Code): `products.find_before`."""
    price = euro(lowest.cents)
    if lowest.since:
        return _("Prima %(price)s, il prezzo più basso da %(day)s.", price=price, day=day(lowest.since))
    return _("Prima %(price)s, il prezzo più basso dei 30 giorni precedenti.", price=price)


def scarce(product: Product) -> str:
    """'Ne restano 6 chili' when it is true and worth saying, else empty."""
    few = FEW_GRAMS if product.is_ordered_in_grams else FEW_PIECES
    return left(product) if product.step <= product.left <= few else ""


def left(product: Product) -> str:
    """'Ne restano 4 mazzi', 'Ne resta 1 chilo'; says so when there is none, or when it is not sold now."""
    if not product.on_sale:
        return _("Adesso non si vende")
    whole = product.left // product.step * product.step
    if not whole:
        return _("Finito per ora")
    how_much = easy_weight(whole) if product.is_ordered_in_grams else f"{whole} {_unit(product, whole)}"
    one = whole == (1000 if product.is_ordered_in_grams else 1)
    return _("Ne resta %(how_much)s", how_much=how_much) if one else _("Ne restano %(how_much)s", how_much=how_much)


def comes_back(product: Product) -> str:
    """Of what is not there now: 'Torna mercoledì 2 dicembre', 'Torna a maggio', or 'Finito per ora' if nobody knows.

    A day that somebody has written down knows more than the season; one that has gone by knows nothing any more.
    """
    today = clock.today()
    if product.back_on and product.back_on > today:
        return _("Torna %(day)s", day=day(product.back_on))
    months = months_of(product)
    if not months or today.month in months:
        return _("Finito per ora")
    first = month_name(months[0])
    return _("Torna ad %(month)s", month=first) if first.startswith("a") else _("Torna a %(month)s", month=first)


def origin(product: Product) -> str:
    """The country that it comes from: 'Italia', 'Italy'. Others are said as they were written down."""
    known = {"Italia": _("Italia"), "UE": _("UE"), "non UE": _("non UE"), "UE e non UE": _("UE e non UE")}
    return known.get(product.origin, product.origin)


def class_of(product: Product) -> str:
    """'Extra', 'I', 'II'; empty where none was written down, or none is needed."""
    return "" if product.quality_class == EXEMPT else product.quality_class


def is_short_chain(product: Product) -> bool:
    """National, and nobody or one at most between who grows it and who eats it (law 61/2022 art. 2(1)(b)).

    Co-operatives do not count, and who sells here is one. Where nobody has said it, nobody claims it.
    """
    return product.origin == "Italia" and product.resellers is not None and product.resellers <= 1


def allergens(product: Product) -> str:
    """'sedano, senape' in the language of the page; a word that is not on the list is said as it was written down."""
    return ", ".join(allergen(word.strip()) for word in product.allergens.split(","))


def allergen(word: str) -> str:
    """One of them in the language of the page; a word that is not on the list as it was written down."""
    return str(ALLERGENS.get(word.lower(), word))


def shelf(slug: str) -> str:
    """What is written above it."""
    return {"orto": _("Orto"), "frutta": _("Frutta"), "dispensa": _("Dispensa")}.get(slug, slug.capitalize())


def is_in_season(product: Product, month: int) -> bool:
    """Only for goods that have a season; '10-3' runs over the new year."""
    return month in months_of(product)


def months_of(product: Product) -> list[int]:
    """The months of its season in the order in which they come: '10-1' is [10, 11, 12, 1]. Empty: all year."""
    found = re.fullmatch(r"(\d+)-(\d+)", product.season)
    if not found:
        return []
    first, last = int(found[1]), int(found[2])
    return [(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)]


def season(product: Product) -> str:
    """'da ottobre a marzo', 'da ottobre ad aprile'."""
    months = months_of(product)
    if not months:
        return _("tutto l'anno")
    first, last = month_name(months[0]), month_name(months[-1])
    if last.startswith("a"):  # two of them would stand side by side
        return _("da %(first)s ad %(last)s", first=first, last=last)
    return _("da %(first)s a %(last)s", first=first, last=last)


def month_name(month: int) -> str:
    return get_month_names("wide", locale=get_locale() or "it")[month]


def withdrawal(goods: Any) -> str:
    """What art. 52 and 59 of the Consumer Code give for these goods."""
    return _("Recesso escluso: prodotto deperibile") if goods.perishable else _("Recesso entro 14 giorni")


def scale_weight(grams: int) -> str:
    """'1,420 kg': all that the scale said."""
    kilos = f"{grams / 1000:.3f}"
    return f"{kilos if _english() else kilos.replace('.', ',')}\u00a0kg"


def lot(line: Any) -> str:
    """'Raccolto martedì 24 novembre.' of what was in the field; of what keeps, 'Lotto di martedì 24 novembre.'

    A jar's lot is the day on which it was brought out for the crates: nobody picked it then. Empty where there is none.
    """
    if not line.lot:
        return ""
    try:
        when = day(date.fromisoformat(line.lot))
    except ValueError:
        return _("Lotto: %(lot)s.", lot=line.lot)
    return _("Raccolto %(day)s.", day=when) if line.perishable else _("Lotto di %(day)s.", day=when)


def place(of: Any) -> str:
    """'A casa tua, in bicicletta', 'To your home, by bicycle': of a place, or of an order as it was called then."""
    return in_language(*((of.name, of.name_en) if isinstance(of, Place) else (of.place_name, of.place_name_en)))


def when_paid(place: Place | None) -> str:
    """When and how one pays. At a door nobody collects anything; without a pick-up it is said as at a stall."""
    if _is_round(place):
        return _("Paghi alla consegna, in contanti o con la carta.")
    return _("Paghi quando ritiri, in contanti o con la carta.")


def minimum(place: Place | None) -> str:
    """'Ordine minimo 15,00 €.'"""
    if place is None or not place.minimum:
        return _("Nessun ordine minimo.")
    return _("Ordine minimo %(minimum)s.", minimum=euro(place.minimum))


def missing_to_minimum(goods: int, place: Place | None) -> str:
    """'Per l'ordine minimo di 15,00 € mancano 3,20 €.' of so many cents of goods; empty where nothing is missing."""
    if place is None or goods >= place.minimum:
        return ""
    least, missing = euro(place.minimum), euro(place.minimum - goods)
    return _("Per l'ordine minimo di %(minimum)s mancano %(missing)s.", minimum=least, missing=missing)


def who_else(place: Place) -> str:
    """What stands before the name of the other person who may take the crate."""
    return _("Può aprire anche") if _is_round(place) else _("Può ritirare anche")


def who_else_named(place: Place, name: str) -> str:
    if _is_round(place):
        return _("Può aprire anche %(name)s.", name=name)
    return _("Può ritirare anche %(name)s.", name=name)


def who_else_asked(place: Place | None) -> str:
    if _is_round(place):
        return _("Apre la porta un'altra persona? Scrivi il nome")
    return _("Viene a prenderlo un'altra persona? Scrivi il nome")


def in_language(italian: str, english: str) -> str:
    """Of two ways to say it the one for this page; the Italian one where there is no other."""
    return (english if _english() else "") or italian


def where(name: str, address: str) -> str:
    """'Casa del Parco, Piazza Silvabella 3, Mortara'; a place that is called like its street is said once."""
    return address if address.startswith(name) else f"{name}, {address}"


def _is_round(place: Place | None) -> bool:
    return place is not None and place.kind == "round"


def _unit(goods: Any, number: int) -> str:
    return unit(goods, number) or ngettext("pezzo", "pezzi", number)


def _each_english(goods: Any) -> str:
    return f"per {goods.unit_en or goods.unit}"


def _each(unit: str) -> str:
    """The article follows the word; where its gender cannot be told from its end, none is needed: '1 rete'."""
    word = unit.split()[0]
    if word[0] in "aeiou" and word[-1] in "oa":
        return f"all'{unit}"
    if word.endswith(("a", "ione")):
        return f"alla {unit}"
    if word.endswith("o"):
        return f"{'allo' if re.match(r's[^aeiou]|z|ps|gn', word) else 'al'} {unit}"
    return f"/ 1 {unit}"


def _litres(millilitres: int) -> str:
    if millilitres < 1000:
        return f"{millilitres}\u00a0ml"
    return weight(millilitres).replace("kg", "l")


def _english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
