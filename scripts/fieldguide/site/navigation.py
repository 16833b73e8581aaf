"""The navigation of `mkdocs.yml` with its folders opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs.structure.nav import Navigation


def expand(items: list[Any], titles: Mapping[str, str]) -> list[Any]:
    """A navigation in which each address ending in `/` has become its index page and the pages beside it, by title."""
    return [_item(item, titles) for item in items]


def place(nav: Navigation) -> None:
    """Tells each page its place among those beside it, which templates cannot find quickly."""
    for page in nav.pages:
        for place, beside in enumerate(page.parent.children if page.parent and not hasattr(page, "place") else ()):
            beside.place = place  # type: ignore[attr-defined]


def _item(item: Any, titles: Mapping[str, str]) -> Any:
    if not isinstance(item, dict):
        return item
    [(label, target)] = item.items()
    if isinstance(target, list):
        return {label: expand(target, titles)}
    if isinstance(target, str) and target.endswith("/"):
        index = f"{target}index.md"
        pages = [uri for uri in titles if uri.startswith(target) and uri.count("/") == 1 and uri != index]
        return {label: [index, *pages]}
    return item
