"""Papers, tagged PDF by WeasyPrint. Small ones are made in the request, never inside a transaction."""

from __future__ import annotations

import segno
from flask import current_app, render_template
from flask_babel import gettext as _

from adapters.pdf import to_pdf
from core import web
from core.errors import Conflict
from orders import crates, texts
from orders.models import Order


def crate_label(order: Order) -> bytes:
    """A6 label with number, picture, name, pick-up and a QR that opens the crate at the desk. Raises PdfMissing."""
    if order.crate is None:
        raise Conflict(_("Questa cassetta non ha ancora un numero."))
    return to_pdf(
        render_template(
            "documents/label.html",
            order=order,
            picture=crates.picture_name(order.crate, web.language()),
            qr=qr(f"{current_app.config['SETTINGS'].base_url}/banco/casse/{order.id}"),
            seller=texts.seller(),
        )
    )


def qr(content: str) -> str:
    """A QR as the address of a picture; the page around it says in words what it is for."""
    return segno.make(content, error="m").svg_data_uri(scale=3, border=2, dark="#1d2a1c", omitsize=True)
