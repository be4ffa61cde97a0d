"""Pictures of every screen: `make screens` writes the contact sheets of docs/screens/.

Shop and tutor from the running demo: the shop a sheet for each thought and size, with every state that the judges see;
the tutors a sheet for each size. The desk from the meter's worlds, a sheet for each room of work, level of support and
size. `python -m tests.screens desk` draws the desk alone, `... shop` the shop, `... tutor` the others.
"""

from __future__ import annotations

import base64
import html
import io
import sys
import tempfile
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tests.judges.chromium import chromium
from tests.judges.pages import ENTRANCES, PAGES, ask_a_tutor, crate_at, declared, some_person, visit
from tests.judges.server import running_shop
from tests.screens import desk, shop

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "tablet": {"width": 1024, "height": 768},
    "desktop": {"width": 1366, "height": 768},
}
SHOWN_WIDTH = {"phone": 276, "tablet": 472, "desktop": 472}  # 5 or 3 beside one another
TALLEST, WHOLE = 1700, 2800  # pixels of a page that are shown: of shop and tutor the beginning, of the desk all
COLOURS = 256  # of a sheet: flat drawings need no more
TUTORS = ("tutor", "coordinator")
FOR_TUTORS = (ask_a_tutor, declared)
LOAD_ALL = "document.querySelectorAll('[loading=lazy]').forEach(it => it.loading = 'eager'); document.fonts.ready"


Shot = tuple[str, bytes]


def main() -> None:
    draws = {"desk": draw_desk, "shop": draw_shop, "tutor": draw_tutor}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for face in sys.argv[1:] or draws:
            draws[face](browser)


def draw_desk(browser: Browser) -> None:
    for (room, level, size), shots in desk.take(browser).items():
        sheet(browser, FOLDER / f"desk-level-{level}-{size}-{room}.png", shots, size, WHOLE)
        print(f"desk, level {level}, {size}, {room}: {len(shots)} screens", flush=True)


def draw_shop(browser: Browser) -> None:
    for size in shop.SIZES:
        for thought, shots in shop.take(browser, SIZES[size], whole_page).items():
            tallest = shop.TALLEST.get(thought, TALLEST)
            sheet(browser, FOLDER / f"shop-{size}-{thought}.png", shots, size, tallest)
            print(f"shop, {size}, {thought}: {len(shots)} pages", flush=True)


def draw_tutor(browser: Browser) -> None:
    """And the picture of the README."""
    with tempfile.TemporaryDirectory() as folder, running_shop(Path(folder)) as address:
        for size in SIZES:
            shots = take_tutor(browser, address, size)
            sheet(browser, FOLDER / f"tutor-{size}.png", shots, size)
            print(f"tutor-{size}: {len(shots)} pages", flush=True)
        front_page(browser, address, FOLDER / "readme.png")


def take_tutor(browser: Browser, address: str, size: str) -> list[Shot]:
    """Every page of the tutors at one size. Of the other faces only what they then find to answer is done."""
    shots: list[Shot] = []
    for who, enter in ENTRANCES.items():
        with browser.new_context(base_url=address, viewport=SIZES[size], locale="it-IT") as context:
            page = context.new_page()
            enter(page)
            for name, way, _ in (each for each in PAGES if each[2] == who):
                if who in TUTORS or way in FOR_TUTORS:
                    visit(page, way)
                if who in TUTORS:
                    shots.append((name, whole_page(page)))
    return shots


def whole_page(page: Page) -> bytes:
    page.evaluate(LOAD_ALL)
    page.wait_for_load_state("networkidle")
    return page.screenshot(full_page=True)


def sheet(browser: Browser, path: Path, shots: list[Shot], size: str, tallest: int = TALLEST) -> None:
    """One picture with all these pages side by side, each under its name."""
    width = SHOWN_WIDTH[size]
    figures = "".join(
        f'<figure><figcaption>{html.escape(name)}</figcaption><div><img src="data:image/png;base64,'
        f'{base64.b64encode(shot).decode()}"></div></figure>'
        for name, shot in shots
    )
    style = (
        "body{margin:16px;background:#ddd;font:14px sans-serif;"
        "display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}"
        f"figure{{margin:0;width:{width}px}}figcaption{{padding:4px 0}}img{{width:100%;display:block}}"
        f"div{{max-height:{tallest * width // SIZES[size]['width']}px;overflow:hidden}}"
    )
    with browser.new_context(viewport={"width": 1480, "height": 400}) as context:
        page = context.new_page()
        page.set_content(f"<style>{style}</style>{figures}")
        path.write_bytes(few_colours(page.screenshot(full_page=True)))


def few_colours(picture: bytes) -> bytes:
    """The same picture as PNG with a palette: a third of its size."""
    full = Image.open(io.BytesIO(picture)).convert("RGB")
    small = full.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    written = io.BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


def front_page(browser: Browser, address: str, path: Path) -> None:
    """The picture of the README: the shop on a phone, the desk on a tablet, a person's page."""
    shots: list[tuple[bytes, int]] = []
    for who, way, size, width in (
        ("anonymous", "/", "phone", 216),
        ("Anna", partial(crate_at, "Pesa"), "tablet", 560),
        ("tutor", some_person, "tablet", 560),
    ):
        with browser.new_context(
            base_url=address, viewport=SIZES[size], locale="it-IT", device_scale_factor=2
        ) as context:
            page = context.new_page()
            ENTRANCES[who](page)
            visit(page, way)
            page.wait_for_load_state("networkidle")
            for digit in "410" if page.locator("main[data-schermo=numero]").count() else "":
                page.get_by_role("button", name=digit, exact=True).click()
            if page.locator("main[data-schermo=numero]").count():
                page.locator(".reading .say").wait_for()  # the ruler fills when the server has answered
            shots.append((page.screenshot(), width))
    pictures = "".join(
        f'<img width="{width}" src="data:image/png;base64,{base64.b64encode(shot).decode()}">' for shot, width in shots
    )
    style = "body{margin:0;padding:24px;background:#e6efdf;display:flex;gap:24px;align-items:flex-start}"
    with browser.new_context(viewport={"width": 1466, "height": 400}) as context:
        page = context.new_page()
        page.set_content(f"<!DOCTYPE html><style>{style}</style><body>{pictures}")
        path.write_bytes(page.screenshot(full_page=True))


if __name__ == "__main__":
    main()
