"""Italian is the source, English the translation: `.mo` files are made from `.po` when they are older."""

from __future__ import annotations

from pathlib import Path


def compile_if_stale(folder: Path) -> None:
    """Compile what has changed. A folder that cannot be written to keeps what it has."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file)
    fresh = compiled.with_suffix(f".{id(catalog)}.new")
    try:
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(compiled)  # in one step: two processes may start together
    except OSError:
        fresh.unlink(missing_ok=True)
