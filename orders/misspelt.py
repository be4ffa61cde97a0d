"""E-mail addresses of which a letter slipped: what was probably meant. Only ever a question, never a refusal."""

from __future__ import annotations

from rapidfuzz.distance import OSA

MEANT = (
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.it", "outlook.com", "outlook.it", "icloud.com"),
    *("yahoo.it", "yahoo.com", "libero.it", "virgilio.it", "tiscali.it", "alice.it", "fastwebnet.it"),
)
"""Where most people here have their mail, long enough that one slip is not another name."""

THERE = {
    *MEANT,
    *("mail.com", "email.it", "email.com", "ymail.com", "gmx.com", "live.it", "live.com", "msn.com", "me.com"),
    *("hotmail.fr", "hotmail.de", "hotmail.es", "yahoo.fr", "yahoo.de", "yahoo.es", "outlook.fr", "outlook.de"),
    *("inwind.it", "iol.it", "tin.it", "tim.it", "aol.com", "aol.it", "aliceposta.it", "proton.me", "hotmail.ch"),
}
"""Nobody is asked about these, however near they are to another one."""

NO_ENDING = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "vom", "xom", "coom", "c0m"), "com"),
    **dict.fromkeys(("itt", "iit", "it1", "iti"), "it"),
    **dict.fromkeys(("ogr", "orgg"), "org"),
    **dict.fromkeys(("nte", "nett"), "net"),
}
"""No country and no registry has these."""

NEAR = {"gmail.it": "gmail.com", "gmail.net": "gmail.com", "libero.com": "libero.it", "icloud.it": "icloud.com"}


def meant(email: str) -> str | None:
    """The whole address as it was probably meant; None where nothing looks like a slip."""
    name, _at, domain = email.rpartition("@")
    found = _domain(domain.lower())
    return f"{name}@{found}" if name and found else None


def _domain(domain: str) -> str | None:
    if domain in THERE:
        return None
    if domain in NEAR:
        return NEAR[domain]
    before, _dot, ending = domain.rpartition(".")
    mended = f"{before}.{NO_ENDING[ending]}" if before and ending in NO_ENDING else domain
    near = mended if mended in THERE else _nearest(mended)
    found = NEAR.get(near or "", near) or mended
    return found if found != domain else None


def _nearest(domain: str) -> str | None:
    """One letter more, less, other or in the wrong order. Two that are as near say nothing."""
    slips = [meant for meant in MEANT if OSA.distance(domain, meant, score_cutoff=1) == 1]
    return slips[0] if len(slips) == 1 else None
