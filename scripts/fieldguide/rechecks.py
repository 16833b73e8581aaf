"""The problems of each file, looked for again only where there may be others than last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide import cores
from fieldguide.checking.places import given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.checking.originality import Marks
    from fieldguide.model import Problem
    from fieldguide.reading.located import Document

    Check = Callable[[Catalog, Marks, str, Document], Iterator[Problem]]

# With more names than these it is quicker to check every file than to look for the names in it.
MANY = 50


def meanings(catalog: Catalog) -> dict[tuple[str, ...], object]:
    """Each name that a file may refer to, with everything that a check of that file may ask about it."""
    dated = [a.key for a in catalog.vocabulary.attributes.values() if a.timeline]
    found: dict[tuple[str, ...], object] = {
        ("entry", slug): (entry.page, entry.kind, any(key in entry.facts for key in dated), catalog.named_in.get(slug))
        for slug, entry in catalog.entries.items()
    }
    found |= {
        ("page", uri.rpartition("/")[2].removesuffix(".md"), uri): given(document)
        for uri, document in catalog.documents.items()
    }
    found |= {("pair", f"{a}-vs-{b}", ""): True for a, b in catalog.pairs}
    found |= {("file", name.rpartition("/")[2], name): True for name in catalog.files}
    found |= {("article", article.id): [s.id for s in article.sections] for article in catalog.articles.values()}
    for sort, names in (("work", catalog.references), ("section", catalog.sections), ("claim", catalog.claims)):
        found |= dict.fromkeys((sort, name) for name in names)
    return found


class Rechecks:
    """The problems of each file as they were found last, and in what they were found."""

    def __init__(self) -> None:
        self._basis: object = None
        self._meanings: dict[tuple[str, ...], object] = {}
        self._found: dict[str, tuple[Document, list[Problem]]] = {}

    def run(self, check: Check, catalog: Catalog, marks: Marks) -> Iterator[Problem]:
        """The problems that a check finds in each file of a catalog.

        They can differ from the last ones where the file does, where there were some, and where the file holds a name
        that came, went or means something else.
        """
        now, last = meanings(catalog), self._found
        keys = now.keys() | self._meanings.keys()
        changed = {key[1] for key in keys if now.get(key, 0) != self._meanings.get(key, 0)}
        basis = catalog.vocabulary, marks
        everything = self._basis != basis or len(changed) > MANY
        self._basis, self._meanings, self._found = basis, now, {}
        again = []
        for uri, document in catalog.documents.items():
            known = None if everything else last.get(uri)
            if known is None or known[0] is not document or known[1] or _names(uri, document, changed):
                again.append(uri)
            else:
                self._found[uri] = known

        def check_some(uris: Sequence[str]) -> list[list[Problem]]:
            return [list(check(catalog, marks, uri, catalog.documents[uri])) for uri in uris]

        found = (problems for share in cores.spread(check_some, again, "Checks") for problems in share)
        for uri, problems in zip(again, found, strict=True):
            self._found[uri] = catalog.documents[uri], problems
        for _, problems in self._found.values():
            yield from problems


def _names(uri: str, document: Document, changed: set[str]) -> bool:
    """Whether a file holds one of some names, or is called by it."""
    stem = uri.rpartition("/")[2].removesuffix(".md")
    return stem in changed or any(name in document.text for name in changed)
