"""The Nu HTML checker (vnu.jar): is this HTML? One Java start for many files, since the start costs most."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlparse

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def is_installed() -> bool:
    """`./test --judges` installs it."""
    return JAR.exists() and shutil.which("java") is not None


def messages(html_files: Iterable[Path]) -> dict[Path, list[str]]:
    """The errors of each file that has some, as "line: message". Empty when all files pass."""
    files = [path.resolve() for path in html_files]
    command = ["java", "-jar", str(JAR), "--errors-only", "--exit-zero-always", "--stdout", "--format", "json"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True, timeout=300)
    found: dict[Path, list[str]] = {}
    for message in json.loads(done.stdout)["messages"]:
        if "url" not in message:  # about the checker itself, such as a file that it cannot read
            raise RuntimeError(message["message"])
        path = Path(unquote(urlparse(message["url"]).path))
        found.setdefault(path, []).append(f"{message.get('lastLine', '?')}: {message['message']}")
    return found
