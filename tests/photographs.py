"""Photographs as cameras write them, made up: with everything in them that must not come out of the house."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"Cascina dei segreti"
GPS = 0x8825
ORIENTATION = 0x0112


def photograph(
    size: tuple[int, int] = (480, 360), kind: str = "JPEG", colour: Any = (180, 40, 30), **how: Any
) -> bytes:
    """One colour, with a dark corner at the upper left of the file."""
    picture = Image.new("RGB", size, colour)
    picture.paste((10, 20, 10), (0, 0, size[0] // 4, size[1] // 4))
    return written(picture, kind, **how)


def written(picture: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def telltale(kind: str = "JPEG") -> bytes:
    """It says where and by whom it was taken in as many ways as its format has."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[ORIENTATION] = SECRET.decode(), SECRET.decode(), 6
    exif.get_ifd(GPS).update({1: "N", 2: (45.0, 16.0, 31.0), 3: "E", 4: (8.0, 52.0, 44.0), 29: SECRET.decode()})
    how: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": profile()}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        how["pnginfo"] = text
    else:
        how["xmp"] = xmp
    made = photograph(kind=kind, **how)
    if kind != "JPEG":
        return made
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00" + bytes([len(SECRET) + 5]) + b"\x1c\x02\x78\x00"
    iptc += bytes([len(SECRET)]) + SECRET + b"\x00" * (1 - len(SECRET) % 2)
    return made[:2] + _part(0xED, iptc) + _part(0xFE, SECRET) + made[2:]  # IPTC and a comment, as older cameras do


def profile() -> bytes:
    """Of a screen of ours, with words of its own in it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _part(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content
