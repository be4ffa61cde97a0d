"""Fills an empty database: one partner, 12 products, 8 paid orders that are ready, one member of the staff.

`OSCAR_DATABASE=… python fill.py` with the Python that has django-oscar, in this folder.
"""

# pyright: reportMissingImports=false
import os
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from oscar.apps.order.utils import OrderCreator  # noqa: E402
from oscar.apps.partner.strategy import Default  # noqa: E402
from oscar.apps.shipping.methods import Free  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402
from oscar.core.prices import Price  # noqa: E402

STAFF = ("rita@chilometrico.example", "pomodori e zucchine")
GOODS = {  # name as in our demo -> price in euro, how many there are
    "Bietole": ("1.80", 24),
    "Carote": ("2.20", 30),
    "Zucca delica": ("2.40", 25),
    "Aglio": ("1.50", 40),
    "Topinambur": ("3.60", 20),
    "Mele renette": ("2.40", 50),
    "Noci": ("5.50", 15),
    "Miele di acacia": ("8.50", 12),
    "Riso Carnaroli": ("4.20", 60),
    "Passata di pomodoro": ("3.30", 18),
    "Giardiniera": ("5.20", 14),
    "Uova": ("2.90", 40),
}
CITIZENS = (
    "Maria Rossi",
    "Giuseppe Colombo",
    "Lucia Ferrari",
    "Antonio Bianchi",
    "Paola Gatti",
    "Franco Moro",
    "Silvia Riva",
    "Giorgio Villa",
)
LINES = 4  # of each order


def fill() -> None:
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("rita", *STAFF)
    goods = _goods()
    italy = get_model("address", "Country").objects.create(
        iso_3166_1_a2="IT", printable_name="Italia", name="Italia", is_shipping_country=True
    )
    for n, name in enumerate(CITIZENS):
        _order(name, [goods[(n + line) % len(goods)] for line in range(LINES)], italy)


def _goods() -> list:
    kind = get_model("catalogue", "ProductClass").objects.create(name="Ortaggi")
    shelf = get_model("catalogue", "Category").add_root(name="Ortaggi")
    farm = get_model("partner", "Partner").objects.create(name="Cascina")
    found = []
    for sku, (name, (price, stock)) in enumerate(GOODS.items(), start=1):
        product = get_model("catalogue", "Product").objects.create(title=name, product_class=kind)
        product.categories.add(shelf)  # its dashboard does not save a product without one
        product.stockrecords.create(
            partner=farm, partner_sku=f"o-{sku}", price=Decimal(price), price_currency="EUR", num_in_stock=stock
        )
        found.append(product)
    return found


def _order(name: str, products: list, country: object) -> None:
    """Placed as a checkout would, by a citizen with an account, paid by card with one payment source."""
    first, last = name.split()
    citizen = get_user_model().objects.create_user(
        name, f"{name.lower().replace(' ', '.')}@posta.example", first_name=first, last_name=last
    )
    basket = get_model("basket", "Basket").objects.create(owner=citizen)
    basket.strategy = Default()
    for product in products:
        basket.add_product(product)
    address = get_model("order", "ShippingAddress").objects.create(
        first_name=first, last_name=last, line1="Via Roma 1", line4="Vigevano", postcode="27029", country=country
    )
    total = Price("EUR", basket.total_excl_tax, incl_tax=basket.total_excl_tax)
    free = Price("EUR", Decimal(0), incl_tax=Decimal(0))
    order = OrderCreator().place_order(
        basket, total, Free(), free, user=citizen, shipping_address=address, order_number=str(1000 + basket.id)
    )
    basket.submit()
    card, _ = get_model("payment", "SourceType").objects.get_or_create(name="Carta")
    paid = {"currency": "EUR", "amount_allocated": total.incl_tax, "amount_debited": total.incl_tax}
    order.sources.create(source_type=card, **paid)


if __name__ == "__main__":
    fill()
