"""Products for the staff: all of them, and one with its price, how much there is, and whether it is on sale."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import land, listing, products, stock, telling, wording
from catalog.models import Product
from core import clock, inputs
from core.doors import door
from core.errors import Refused
from core.formats import euro
from desk import blueprint, given, goods_story, keeping, pickup_words
from desk.answering import number
from desk.keeping import Page
from orders import counting
from people.capabilities import Capability

ROOM = "/banco/prodotti"
LONGEST_SEARCH = 100
ODD = 10  # times as much as there was hardly is
MUCH = {True: 50_000, False: 200}  # grams, pieces: what is less than this is never odd


@blueprint.get("/prodotti")
@door(Capability.KEEP_STOCK, "tutor")
def all_products() -> str:
    """With ``cerca`` those whose name fits, with ``quali`` only some of them."""
    said = inputs.one_line(request.args.get("cerca"))[:LONGEST_SEARCH]
    which = request.args.get("quali", listing.ALL)
    which = which if which in listing.WHICH else listing.ALL
    found = listing.listed(said, which, inputs.whole_number(request.args.get("pagina")) or 1)
    return render_template("desk/staff/products.html", found=found, said=said, which=which, say=wording)


@blueprint.get("/prodotti/<int:product_id>")
@door(Capability.KEEP_STOCK, "tutor")
def one_product(product_id: int) -> str:
    return show(product_id)


@blueprint.post("/prodotti/<int:product_id>/prezzo")
@door(Capability.KEEP_STOCK, "tutor")
def price_product(product_id: int) -> Page:
    """In the shop with the next page that anybody opens; a basket that saw another price is asked again."""

    def deed(by: int) -> str:
        product, cents = products.get(product_id), given.cents(request.form, "prezzo")
        _require_sure(_is_odd_price(product, cents), cents, "prezzo", _price_question(product, cents))
        if products.set_price(product_id, cents, seen_as=number("visto"), by=by):
            flash(_("Da adesso costa %(price)s %(per)s.", price=euro(cents), per=wording.per(product)))
        return address(product_id)

    return keeping.do("prezzo", deed, lambda refused, form: show(product_id, refused, form))


@blueprint.post("/prodotti/<int:product_id>/conto")
@door(Capability.KEEP_STOCK, "tutor")
def count_product(product_id: int) -> Page:
    """Somebody counted all of it; what orders wait for is taken off here."""

    def deed(by: int) -> str:
        product = products.get(product_id)
        there = given.amount(request.form, "contati", product)
        _require_sure(_is_odd(product, there), there, "contati", _question(product, there))
        counted = counting.count(product_id, there, by=by)
        flash(_("Se ne possono ancora promettere: %(left)s.", left=pickup_words.quantity(product, counted.left)))
        if counted.short:
            short = pickup_words.quantity(product, counted.short)
            flash(_("Per gli ordini già presi manca: %(short)s. Guarda il raccolto del ritiro.", short=short))
        return address(product_id)

    return keeping.do("conto", deed, lambda refused, form: show(product_id, refused, form))


@blueprint.post("/prodotti/<int:product_id>/raccolto-atteso")
@door(Capability.KEEP_STOCK, "tutor")
def expect_harvest(product_id: int) -> Page:
    """What the week is going to give, on top of what may be promised already."""

    def deed(by: int) -> str:
        product = products.get(product_id)
        more = given.amount(request.form, "raccolto", product)
        _require_sure(_is_odd(product, more), more, "raccolto", _question(product, more))
        stock.offer(product, more, by=by)
        flash(_("Raccolto atteso: %(how_much)s in più.", how_much=pickup_words.quantity(product, more)))
        return address(product_id)

    return keeping.do("raccolto", deed, lambda refused, form: show(product_id, refused, form))


@blueprint.post("/prodotti/<int:product_id>/vetrina")
@door(Capability.KEEP_STOCK, "tutor")
def put_product_on_sale(product_id: int) -> Page:
    def deed(by: int) -> str:
        on_sale = request.form.get("vetrina") == "si"
        if products.set_on_sale(product_id, on_sale, by=by):
            flash(_("È in vetrina.") if on_sale else _("Non è più in vetrina. Gli ordini già presi restano."))
        return address(product_id)

    return keeping.do("vetrina", deed, lambda refused, form: show(product_id, refused, form))


@blueprint.post("/prodotti/<int:product_id>/torna-indietro")
@door(Capability.KEEP_STOCK, "tutor")
def undo_product(product_id: int) -> Page:
    product = products.get(product_id)
    return keeping.take_back(product, address(product_id), lambda refused, form: show(product_id, refused, form))


def show(product_id: int, refused: Refused | None = None, form: str = "") -> str:
    """The page of one product; ``form`` is the one that was refused, and what was written in it stays."""
    product = products.get(product_id)
    return render_template(
        "desk/staff/product.html",
        product=product,
        lowest=products.lowest_price(product),
        promised=counting.promised(product_id),
        missing=telling.missing(product),
        advice=telling.advice(product),
        distances=land.distances_of(product),
        vat=products.vat_rates(clock.today()),
        back=keeping.find_undo(product),
        told=goods_story.tell(product),
        refused=refused,
        form=form,
        kept=request.form,
        say=wording,
        quantity=pickup_words.quantity,
        plain_euro=plain_euro,
    )


def address(product_id: int) -> str:
    return f"{ROOM}/{product_id}"


def plain_euro(cents: int) -> str:
    """320 -> '3,20', as one types it."""
    return f"{cents // 100},{cents % 100:02d}"


def _require_sure(is_odd: bool, value: int, field: str, question: str) -> None:
    """A number that hardly can be is asked about once, with itself in the question. Raises Refused."""
    if is_odd and number("sicuro") != value:
        raise Refused(question, field=field, sure=value)


def _is_odd_price(product: Product, cents: int) -> bool:
    """Twice as much, or half: most of all a comma that was left out. What the verb refuses is not asked about."""
    return 0 < cents <= products.MOST_PRICE and not product.price < 2 * cents < 4 * product.price


def _price_question(product: Product, cents: int) -> str:
    now, new = euro(product.price), euro(cents)
    return _("Adesso costa %(now)s. Il nuovo prezzo è %(new)s? Se è giusto, salva ancora.", now=now, new=new)


def _is_odd(product: Product, how_much: int) -> bool:
    """Many times what there was: most of all grams where kilos are asked for."""
    there = product.left + counting.promised(product.id).quantity
    return stock.MOST >= how_much > max(MUCH[product.is_ordered_in_grams], ODD * there)


def _question(product: Product, how_much: int) -> str:
    return _("Sono %(how_much)s? Se è giusto, salva ancora.", how_much=pickup_words.quantity(product, how_much))
