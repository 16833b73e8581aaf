"""Characters that the font of the cards lacks, and a card would leave out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem

FONT = Path(__file__).resolve().parents[3] / "overrides/assets/source-serif-4-600.woff2"
RULE = "letters"


def lacking(catalog: Catalog) -> Iterator[Problem]:
    """A warning for each page whose title or summary the cards cannot show whole."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- it loads slowly, and only warnings need it

    with TTFont(FONT, lazy=True) as font:
        known = font.getBestCmap().keys()
    for document in catalog.documents.values():
        for key in ("title", "summary"):
            missing = sorted({c for c in str(document.data.get(key, "")) if ord(c) not in known and not c.isspace()})
            if missing:
                message = (
                    f"the card of this page leaves out {' '.join(missing)}: the font of the cards has no such letter"
                )
                found = document.problem((key,), RULE, message)
                yield replace(found, warning=True)
                break
