"""What letters, pages and the farm's own data are called, for the staff."""

from __future__ import annotations

from flask_babel import gettext as _


def letter(name: str) -> str:
    """What a letter is about."""
    words = {
        "received": _("Ordine ricevuto"),
        "changed": _("Ordine cambiato"),
        "ready": _("Cassetta pronta, con il prezzo vero"),
        "reminder": _("Il ritiro è domani"),
        "cancelled": _("Ordine disdetto"),
        "called_off": _("Il ritiro non si fa"),
        "moved": _("Ritiro spostato"),
        "refund": _("Soldi ridati"),
        "not_collected": _("Cassetta non ritirata"),
        "link": _("Il link dell'ordine, di nuovo"),
        "withdrawal": _("Ricevuta di un recesso"),
        "sign_in": _("Link per i propri ordini"),
        "place_free": _("Un posto libero"),
    }
    return words.get(name, _("Lettera"))


def page(slug: str) -> str:
    words = {
        "privacy": _("I tuoi dati"),
        "condizioni": _("Condizioni"),
        "recesso": _("Recesso"),
        "accessibilita": _("Accessibilità"),
        "cookie": _("Cookie"),
        "garanzia": _("Garanzia"),
        "chi-siamo": _("Chi siamo"),
    }
    return words.get(slug, slug)


def name(kind: str, slug: str) -> str:
    return letter(slug) if kind == "letter" else page(slug)


def title(kind: str, slug: str, language: str) -> str:
    """'Lettera «Ordine ricevuto», inglese'."""
    what = _("Lettera «%(name)s»", name=letter(slug)) if kind == "letter" else _("Pagina «%(name)s»", name=page(slug))
    return f"{what}, {in_which(language)}"


def in_which(language: str) -> str:
    return _("inglese") if language == "en" else _("italiano")


def address(kind: str, slug: str) -> str:
    return f"/banco/testi/{'lettere' if kind == 'letter' else 'pagine'}/{slug}"


def seller_column(column: str) -> str:
    words = {
        "name": _("il nome"),
        "address": _("l'indirizzo"),
        "email": _("l'e-mail"),
        "pec": _("la PEC"),
        "phone": _("il telefono"),
        "vat_number": _("la partita IVA"),
        "rea": _("il numero REA"),
        "cooperative_register": _("il numero dell'albo cooperative"),
        "accessibility_checked": _("il giorno del controllo dell'accessibilità"),
    }
    return words.get(column, _("altro"))
