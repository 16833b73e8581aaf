"""The style sheets of a built site, without the theme's rules for what no page of it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lightningcss import process_stylesheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .site import Built

NAME = re.compile(r"[.#](-?[a-zA-Z_][\w-]*)")
WORD = re.compile(r"[\w-]+")


def trim(root: Path, pages: Mapping[str, Built]) -> None:
    """Takes the rules for classes and ids that stand in no page and in no script out of all style sheets."""
    used = set().union(*(page.ids | page.classes for page in pages.values()))
    for path in root.rglob("*.js"):
        used.update(WORD.findall(path.read_text(encoding="utf-8")))
    for path in (root / "assets").rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        unused = set(NAME.findall(text)) - used
        path.with_name(f"{path.name}.map").unlink(missing_ok=True)  # it tells of the rules as they were
        path.write_text(process_stylesheet(text, filename=path.name, unused_symbols=unused), encoding="utf-8")
