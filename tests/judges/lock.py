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
        forget_addresses(package)
        pin_latest(package, content["packages"])
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def forget_addresses(package: dict) -> None:
    for field in ("resolved", "funding"):  # the first would tie us to one registry
        package.pop(field, None)


def pin_latest(package: dict, packages: dict[str, dict]) -> None:
    """A package of Lighthouse's wants the "latest" of another; `npm ci` would refuse the lock on the day that moves."""
    for name, wanted in package.get("dependencies", {}).items():
        if wanted == "latest":
            package["dependencies"][name] = packages[f"node_modules/{name}"]["version"]


if __name__ == "__main__":
    main()
