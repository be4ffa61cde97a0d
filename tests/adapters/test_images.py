"""The darkroom: what comes out shows the thing, and says nothing else."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from adapters import images
from adapters.images import SIDES, Print, darkroom
from core.errors import Refused
from tests.photographs import SECRET, photograph, profile, telltale, written

pytestmark = pytest.mark.usefixtures("app")

MARKS = (SECRET, b"Exif", b"GPS", b"xmp", b"http://ns.adobe", b"Photoshop", b"8BIM", b"ICC_PROFILE", b"ICCP", b"XMP ")


def developed(content: bytes) -> dict[tuple[int, str], Image.Image]:
    return {(each.side, each.kind): Image.open(io.BytesIO(each.content)) for each in darkroom().develop(content)}


def colour(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    found = picture.convert("RGB").getpixel((int(picture.width * x), int(picture.height * y)))
    assert isinstance(found, tuple)
    return tuple(int(each) for each in found)


def is_dark(picture: Image.Image, x: float, y: float) -> bool:
    return max(colour(picture, x, y)) < 60


def test_every_size_comes_in_three_formats_the_smallest_first() -> None:
    prints = darkroom().develop(photograph((1600, 1200)))
    assert [(each.side, each.kind) for each in prints] == [(s, k) for s in SIDES for k in ("avif", "webp", "jpg")]
    found = {(each.side, each.kind): Image.open(io.BytesIO(each.content)) for each in prints}
    assert {picture.format for (_side, kind), picture in found.items() if kind == "avif"} == {"AVIF"}
    assert found[320, "webp"].size == (427, 320)
    assert found[1080, "jpg"].size == (1440, 1080)


def test_nothing_is_made_larger_than_it_came() -> None:
    assert {side for side, _kind in developed(photograph((500, 400)))} == {160, 320, 400}
    assert {picture.size for (side, _kind), picture in developed(photograph((320, 960))).items() if side == 320} == {
        (320, 960)
    }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_byte_says_where_when_or_by_whom_it_was_taken(kind: str) -> None:
    sent = telltale(kind)
    assert sum(sent.count(mark) for mark in (SECRET, zlib.compress(SECRET))) >= 2, "the test's own picture says nothing"
    for each in darkroom().develop(sent):
        assert [mark for mark in MARKS if mark in each.content] == [], (each.side, each.kind)
        left = Image.open(io.BytesIO(each.content))
        left.load()
        assert not left.getexif()
        assert set(left.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", *WRITTEN_BY_US}


WRITTEN_BY_US = ("progressive", "progression", "loop", "background", "timestamp", "duration")
"""How the file is built, not where it comes from."""


def test_the_camera_that_was_held_sideways_makes_no_picture_that_lies() -> None:
    """Orientation 6: turned by a quarter to the right. The dark corner was the upper left of the file."""
    for (side, _kind), picture in developed(telltale()).items():
        assert picture.size == (round(side), round(side * 480 / 360))
        assert is_dark(picture, 0.9, 0.1)
        assert not is_dark(picture, 0.1, 0.1)


def test_a_broken_note_about_which_side_is_up_is_no_reason_to_refuse() -> None:
    assert developed(photograph(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 30))


def test_colours_of_another_screen_become_ours() -> None:
    """A screen whose first number is green and whose second is red: the numbers change, what one sees does not."""
    swapped = profile().replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    sent = {"ours": profile(), "theirs": swapped, "unreadable": b"no profile at all", "none": b""}
    seen = {
        whose: colour(developed(photograph(colour=(200, 60, 40), icc_profile=each or None))[320, "jpg"], 0.8, 0.8)
        for whose, each in sent.items()
    }
    for whose, (red, green, _blue) in seen.items():
        assert (green > 150 > red) if whose == "theirs" else (red > 150 > green), seen


def test_printers_colours_greys_and_palettes_are_read_too() -> None:
    for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("LA", "PNG"), ("1", "PNG")):
        assert developed(written(Image.new(mode, (400, 400)), kind))[320, "jpg"].mode == "RGB", mode


def test_what_can_be_seen_through_stands_on_white() -> None:
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    assert colour(developed(written(clear, "PNG"))[320, "jpg"], 0.5, 0.5) >= (250, 250, 250)


def test_of_a_film_the_first_picture_is_taken() -> None:
    first, second = Image.new("RGB", (400, 400), (200, 0, 0)), Image.new("RGB", (400, 400), (0, 0, 200))
    for kind in ("GIF", "WEBP", "PNG"):
        found = developed(written(first, kind, save_all=True, append_images=[second]))[320, "jpg"]
        red, _green, blue = colour(found, 0.5, 0.5)
        assert red > 150 > blue, kind


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "non è una fotografia che sappiamo leggere"),
        (b"GIF89a and nothing more", "non è una fotografia"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "non è una fotografia"),
        (photograph()[:-2000], "non è una fotografia"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40, "HEIC"),
        (photograph((319, 400)), "troppo piccola: il lato corto deve avere almeno 320 punti"),
        (photograph((400, 1201)), "troppo lunga e stretta"),
        (b"\xff\xd8" + b"\0" * images.LARGEST, "al massimo 12 MB"),
    ],
    ids=["nothing", "half a header", "a drawing", "cut off", "heic", "small", "narrow", "heavy"],
)
def test_what_is_no_photograph_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        darkroom().develop(content)


@pytest.mark.parametrize("size", [(7300, 7300), (12_000, 8_000), (60_000, 60_000)])
def test_a_few_bytes_that_say_they_are_a_billion_points_are_never_unpacked(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PNG's size stands in its header; what follows here is not even there."""
    header = b"IHDR" + size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + b"\x08\x02\0\0\0"
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\r" + header + zlib.crc32(header).to_bytes(4, "big") + b"\0\0\0\0IDAT5\xaf\x06\x1e"
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("unpacked"))
    with pytest.raises(Refused, match="troppi punti"):
        darkroom().develop(bomb)


def test_a_print_is_what_it_says() -> None:
    one = darkroom().develop(photograph())[0]
    assert one == Print(160, "avif", one.content)
