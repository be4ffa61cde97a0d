"""Writes package-lock.json anew from package.json, with hashes and without any address. Run it with `make lock`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    lock = HERE / "package-lock.json"
    lock.unlink(missing_ok=True)
    shutil.rmtree(HERE / "node_modules", ignore_errors=True)  # npm would take its versions from there
    command = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=HERE, check=True)
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        for address in ("resolved", "funding"):  # the first would tie us to one registry
            package.pop(address, None)
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
