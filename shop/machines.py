"""What machines read: which pages there are (sitemap), what comes next (feed), and a page's facts (schema.org)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response, current_app, request
from flask_babel import gettext as _

from catalog import grounds, pickups, wording
from catalog.models import PickUp, Product
from core import clock, formats, web
from core.doors import OPEN, door
from orders import announcing, texts
from shop import blueprint

SITEMAP, ATOM = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/2005/Atom"
SCHEMA = "https://schema.org"


@blueprint.get("/robots.txt")
@door(OPEN, "machine")
def robots() -> Response:
    closed = ("/ordini/", "/i-tuoi-ordini", "/carrello", "/cassa", "/ritiro", "/cerca", "/banco", "/tutor", "/demo")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {_address('/sitemap.xml')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@door(OPEN, "machine")
def sitemap() -> Response:
    """Every page that somebody may come to from a search."""
    paths = ["/", "/stagioni", "/campi"]
    paths += [f"/prodotti/{slug}" for slug in grounds.slugs_on_sale()]
    paths += [f"/pagine/{slug}" for slug in texts.PAGES]
    root = Element("urlset", xmlns=SITEMAP)
    for path in paths:
        SubElement(SubElement(root, "url"), "loc").text = _address(path)
    return _xml(root, "application/xml")


@blueprint.get("/prossimi-ritiri.xml")
@door(OPEN, "machine")
def feed() -> Response:
    """The pick-ups that take orders, one entry each (RFC 4287). It is as new as the newest of them."""
    coming, now = pickups.open_now(), clock.now()
    changed = announcing.changed_at(coming)
    root = Element("feed", xmlns=ATOM)
    _put(root, id=uuid5(NAMESPACE_URL, _address("/")).urn, title=_("Chilometrico: i prossimi ritiri"))
    _put(root, updated=_stamp(max(changed.values(), default=now)))
    SubElement(SubElement(root, "author"), "name").text = texts.seller().name or "Chilometrico"
    SubElement(root, "link", href=_address("/"))
    SubElement(root, "link", rel="self", href=_address("/prossimi-ritiri.xml"))
    for pickup in coming:
        _enter(SubElement(root, "entry"), pickup, changed.get(pickup.id, now))
    return _xml(root, "application/atom+xml")


@blueprint.get("/favicon.ico")
@door(OPEN, "machine")
def favicon() -> Response:
    """Browsers ask for it by themselves, as beside a paper. A PNG: all of them take one under this name."""
    web.seldom_changes()
    answer = Response(_icon(), mimetype="image/png")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@cache
def _icon() -> bytes:
    """Kept: a browser that asks and hangs up leaves no file open behind it."""
    return (Path(current_app.root_path) / "static/img/icon-192.png").read_bytes()


@blueprint.get("/manifest.webmanifest")
@door(OPEN, "machine")
def manifest() -> Response:
    """What a telephone needs to put the shop among its pictures."""
    told = {
        "name": "Chilometrico",
        "short_name": "Chilometrico",
        "description": _("La spesa dal campo, con i chilometri scritti."),
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "background_color": "#fbf8f0",
        "theme_color": "#f6c744",
        "icons": [
            {"src": f"/static/img/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    return Response(current_app.json.dumps(told), mimetype="application/manifest+json")


@blueprint.app_template_global("facts_of_product")
def of_product(product: Product) -> dict[str, Any]:
    """The facts of one product (schema.org/Product), with its own picture where it has one."""
    price: dict[str, Any] = {"@type": "UnitPriceSpecification", "price": _euros(product.price), "priceCurrency": "EUR"}
    if product.is_weighed:
        price["referenceQuantity"] = {"@type": "QuantitativeValue", "value": 1, "unitCode": "KGM"}
    there, picture = product.on_sale and product.left >= product.step, _picture(product)
    return {
        "@context": SCHEMA,
        "@type": "Product",
        "name": wording.name(product),
        "description": wording.description(product),
        **({"image": _address(picture)} if picture else {}),
        "countryOfOrigin": wording.origin(product),
        "offers": {
            "@type": "Offer",
            "url": _address(f"/prodotti/{product.slug}"),
            "price": price["price"],
            "priceCurrency": "EUR",
            "priceSpecification": price,
            "availability": f"{SCHEMA}/{'InStock' if there else 'OutOfStock'}",
            "availableDeliveryMethod": f"{SCHEMA}/OnSitePickup",
        },
    }


@blueprint.app_template_global("facts_of_shop")
def of_shop(seller: Mapping[str, str]) -> dict[str, Any]:
    """Who sells (schema.org/Store), by the columns of `texts.FACTS`; what nobody has filled in is left out."""
    said = {
        "name": "Chilometrico",
        "legalName": seller["name"],
        "url": _address("/"),
        "image": _address("/static/img/share.png"),
        "address": seller["address"],
        "telephone": seller["phone"],
        "email": seller["email"],
        "vatID": seller["vat_number"] and "IT" + seller["vat_number"],
    }
    return {"@context": SCHEMA, "@type": "Store"} | {name: value for name, value in said.items() if value}


@blueprint.app_template_global("address_of")
def _address(path: str) -> str:
    """As others reach it."""
    return current_app.config["SETTINGS"].base_url + path


def _picture(product: Product) -> str:
    """Its photograph, else our drawing of it; empty where nobody has made one yet."""
    if product.picture:
        return f"/immagini/{product.picture}-1080.jpg"
    try:
        return web.static(f"img/products/{product.slug}.svg")
    except FileNotFoundError:
        return ""


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _enter(entry: Element, pickup: PickUp, changed: datetime) -> None:
    where = f"{wording.place(pickup.place)}, {pickup.place.municipality}"
    _put(entry, id=uuid5(NAMESPACE_URL, _address(f"/ritiro#{pickup.id}")).urn)
    _put(entry, title=f"{formats.window(pickup.from_at, pickup.to_at)}, {where}", updated=_stamp(changed))
    SubElement(entry, "link", href=_address("/"))
    words = [_("Si ordina fino a %(moment)s.", moment=formats.moment(pickup.cutoff_at))]
    words += [_("I posti sono finiti.")] if pickup.places_left <= 0 else []
    _put(entry, summary=" ".join(words))


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _put(parent: Element, **words: str) -> None:
    for name, text in words.items():
        SubElement(parent, name).text = text


def _xml(root: Element, mimetype: str) -> Response:
    return Response(tostring(root, encoding="utf-8", xml_declaration=True), mimetype=mimetype)
