"""A Chromium whose camera sees one QR, drawn here: nothing of a real camera is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import segno
from playwright.sync_api import Browser

from tests.judges.chromium import launch

WIDTH, HEIGHT = 640, 480
MODULE = 8  # pixels of one square of the QR
ALLOWED = "--use-fake-ui-for-media-stream"
FAKE = "--use-fake-device-for-media-stream"


def film(path: Path, content: str) -> Path:
    """An endless picture of the QR on white, as a Y4M file: luma, then two planes without colour."""
    light, dark = 235, 16
    rows = [bytearray([light]) * WIDTH for _row in range(HEIGHT)]
    matrix = list(segno.make(content, error="m").matrix_iter(border=0))
    left, top = (WIDTH - len(matrix) * MODULE) // 2, (HEIGHT - len(matrix) * MODULE) // 2
    for y, row in enumerate(matrix):
        for x, is_dark in enumerate(row):
            if is_dark:
                for line in range(MODULE):
                    start = left + x * MODULE
                    rows[top + y * MODULE + line][start : start + MODULE] = bytes([dark]) * MODULE
    frame = b"FRAME\n" + b"".join(rows) + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 5)
    return path


@contextmanager
def camera_that_sees(browser: Browser, film: Path | None, *more: str) -> Iterator[Browser]:
    """Another Chromium of the same driver; without a film its camera sees a test picture."""
    seen = [f"--use-file-for-fake-video-capture={film}"] if film else []
    other = launch(browser.browser_type, FAKE, *more, *seen)
    try:
        yield other
    finally:
        other.close()
