"""The problems of each file, looked for again only where there may be others than last time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldguide import cores
from fieldguide.checks.places import given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.checks.originality import Marks
    from fieldguide.problem import Document, Problem

    Check = Callable[[Catalog, Marks, str, Document], Iterator[Problem]]

# With more names than these it is quicker to check every file than to look for the names in it.
MANY = 50


def meanings(catalog: Catalog) -> list[Mapping[Any, object]]:
    """What each file may refer to, by sort, with everything that a check of that file may ask about it."""
    dated = {a.key for a in catalog.vocabulary.attributes.values() if a.timeline}
    return [
        {
            slug: (entry.page, entry.kind, dated.isdisjoint(entry.facts), catalog.named_in.get(slug))
            for slug, entry in catalog.entries.items()
        },
        {uri: given(document) for uri, document in catalog.documents.items()},
        {article.id: [section.id for section in article.sections] for article in catalog.articles.values()},
        *map(dict.fromkeys, (catalog.pairs, catalog.files, catalog.references, catalog.sections, catalog.claims)),
    ]


def _differing(now: Sequence[Mapping[Any, object]], last: Sequence[Mapping[Any, object]]) -> set[str]:
    """The names, as a file would write them, of what came, went or means something else."""
    found = set()
    for new, old in zip(now, last, strict=True):
        if new != old:
            found |= {_written(key) for key in new.keys() | old.keys() if new.get(key, 0) != old.get(key, 0)}
    return found


def _written(key: str | tuple[str, str]) -> str:
    return "-vs-".join(key) if isinstance(key, tuple) else key.rpartition("/")[2].removesuffix(".md")


class Rechecks:
    """The problems of each file as they were found last, and in what they were found."""

    def __init__(self) -> None:
        self._basis: object = None
        self._meanings: list[Mapping[Any, object]] = []
        self._found: dict[str, tuple[Document, list[Problem]]] = {}

    def run(self, check: Check, catalog: Catalog, marks: Marks) -> Iterator[Problem]:
        """The problems that a check finds in each file of a catalog.

        They can differ from the last ones where the file does, where there were some, and where the file holds a name
        that came, went or means something else.
        """
        now, last = meanings(catalog), self._found
        changed = _differing(now, self._meanings or now)
        basis = catalog.vocabulary, marks
        everything = self._basis != basis or len(changed) > MANY
        self._basis, self._meanings, self._found = basis, now, {}
        again = []
        for uri, document in catalog.documents.items():
            known = None if everything else last.get(uri)
            if not known or known[0] is not document or known[1] or (changed and _names(uri, document, changed)):
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
