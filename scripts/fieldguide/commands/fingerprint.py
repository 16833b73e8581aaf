"""`python -m fieldguide.commands.fingerprint`: hashes of the articles' runs of words, by which copies are found."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.checks.originality import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the fingerprint of some texts to a file."""
    parser = argparse.ArgumentParser(prog="python -m fieldguide.commands.fingerprint", description=main.__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    marks = fingerprint(path.read_text(encoding="utf-8") for path in options.texts)
    options.target.write_text("\n".join(marks) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
