"""The darkroom: what a camera wrote becomes a few small pictures that say nothing but what can be seen on them.

Whatever else is in the file stays here: where it was taken (GPS), when and with which telephone (EXIF, XMP, IPTC),
comments, and the colour profile once the colours are those of every screen. The only file that knows Pillow.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps

from core.errors import Refused

LARGEST = 12 * 1024 * 1024  # bytes: what a telephone writes has 2 to 8 million
MOST_PIXELS = 52_000_000  # a telephone's largest; a few bytes can say that they are a billion
LEAST_SIDE = 320  # pixels of the shorter side: less looks soft on a card
MOST_RATIO = 3  # longer side : shorter side; more than that shows nothing in a square
SIDES = (160, 320, 640, 1080)
"""Pixels of the shorter side: boxes are square, and what hangs over is left out by the page that shows it."""

READS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
HOW: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 58, "speed": 8, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 76, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}
"""What a file is called by -> how it is written. Speed 8 takes a third of the time of 6 for a twentieth more bytes."""

_one_at_a_time = threading.Lock()  # the largest that is taken fills 150 MB while it is read


@dataclass(frozen=True)
class Print:
    """One size in one format. ``side``: pixels of the shorter side; ``kind``: a key of `HOW`."""

    side: int
    kind: str
    content: bytes


class Darkroom(Protocol):
    def develop(self, content: bytes) -> list[Print]:
        """Every size in every format, the smallest first. Raises Refused for what is no photograph."""
        ...


class PillowDarkroom:
    """Upright by what the camera noted, in sRGB, nothing cut off, never larger than it came."""

    def develop(self, content: bytes) -> list[Print]:
        if len(content) > LARGEST:
            raise Refused(_("La fotografia è troppo pesante: al massimo %(most)d MB.", most=LARGEST // 1024 // 1024))
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd about a stranger's file is no news for our log
            return list(_prints(_clean(_open(content))))


def darkroom() -> Darkroom:
    return PillowDarkroom()


def _open(content: bytes) -> Image.Image:
    """Only what is written at its beginning is read: size and kind, before anything is unpacked."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC and b"avif" not in content[8:32]:
        raise Refused(
            _(
                "Questa fotografia è in HEIC, che qui non si legge. Sull'iPhone: Impostazioni, Fotocamera, Formati, "
                "«Più compatibile»; poi scattala di nuovo."
            )
        )
    try:
        found = Image.open(io.BytesIO(content), formats=READS)
    except Image.DecompressionBombError as huge:
        raise _too_large() from huge
    except Exception as strange:  # a stranger's bytes: what reads them may stumble in any way
        raise _no_picture() from strange
    _require_fit(*found.size)
    return found


def _require_fit(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large()
    if min(width, height) < LEAST_SIDE:
        raise Refused(
            _("La fotografia è troppo piccola: il lato corto deve avere almeno %(least)d punti.", least=LEAST_SIDE)
        )
    if max(width, height) > MOST_RATIO * min(width, height):
        raise Refused(_("La fotografia è troppo lunga e stretta. Ritagliala e mandala di nuovo."))


def _clean(found: Image.Image) -> Image.Image:
    """Its first picture, upright, in sRGB, no larger than what we keep; a new one, so that nothing comes along."""
    try:
        side = min(*found.size, SIDES[-1])
        found.draft(found.mode, _size(found, side))  # a JPEG is read at a half or a quarter, where that is enough
        found.load()
        small = _resized(_opaque(found), side)
        with suppress(Exception):  # a broken note about which side is up is no reason to refuse it
            small = ImageOps.exif_transpose(small)
        seen = _in_srgb(small, found.info.get("icc_profile"))
    except Exception as strange:
        raise _no_picture() from strange
    clean = Image.new("RGB", seen.size)
    clean.paste(seen)
    return clean


def _opaque(found: Image.Image) -> Image.Image:
    """On white where it can be seen through; never by numbers of a palette."""
    if found.mode in ("RGBA", "LA", "PA") or "transparency" in found.info:
        above = found.convert("RGBA")
        ground = Image.new("RGBA", above.size, "white")
        ground.alpha_composite(above)
        ground.info = found.info
        return ground.convert("RGB")
    return found if found.mode in ("L", "CMYK", "RGB") else found.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # a profile that nobody can read says nothing
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if turned is not None:
                return turned
    return picture.convert("RGB")


def _prints(clean: Image.Image) -> Iterator[Print]:
    largest = min(clean.size)
    for side in [*(each for each in SIDES if each < largest), largest]:
        picture = _resized(clean, side)
        for kind, how in HOW.items():
            written = io.BytesIO()
            picture.save(written, **how)
            yield Print(side, kind, written.getvalue())


def _resized(picture: Image.Image, side: int) -> Image.Image:
    size = _size(picture, side)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def _size(picture: Image.Image, side: int) -> tuple[int, int]:
    width, height = picture.size
    shorter = min(width, height)
    return max(side, round(width * side / shorter)), max(side, round(height * side / shorter))


def _too_large() -> Refused:
    return Refused(_("La fotografia ha troppi punti. Rimpiccioliscila e mandala di nuovo."))


def _no_picture() -> Refused:
    return Refused(_("Questa non è una fotografia che sappiamo leggere. Mandala come JPEG o PNG."))
