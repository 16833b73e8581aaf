"""Questions to a graph given as node to targets, and the check that asks them of the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.problem import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem


def cycles(edges: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each cycle met in a depth-first walk, once, beginning with its first name."""
    done: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    for start in edges:
        path: list[str] = []
        stack = [(start, iter(edges[start]))] if start not in done else []
        path += [start] if stack else []
        while stack:
            target = next(stack[-1][1], None)
            if target is None:
                stack.pop()
                done.add(path.pop())
            elif target in path:
                cycle = path[path.index(target) :]
                turn = cycle.index(min(cycle))
                if (rotated := tuple(cycle[turn:] + cycle[:turn])) not in seen:
                    seen.add(rotated)
                    yield rotated
            elif target in edges and target not in done:
                path.append(target)
                stack.append((target, iter(edges[target])))


def check(catalog: Catalog) -> Iterator[Problem]:
    """Entries that are, in the end, a kind of themselves or built on themselves."""
    for field in ("is_a", "built_on"):
        edges: dict[str, tuple[str, ...]] = {s: getattr(e, field) for s, e in catalog.entries.items()}
        if field == "is_a":
            edges |= {s: c.is_a for s, c in catalog.vocabulary.classes.items()}
        for cycle in cycles(edges):
            path = " → ".join((*cycle, cycle[0]))
            message = f"'{field}' runs in a circle: {path}; remove one of the links"
            entry = next((catalog.entries[s] for s in cycle if s in catalog.entries), None)
            if entry:
                yield entry.doc.problem((field,), "cycle", message)
            else:
                vocabulary = catalog.vocabulary_document or Document(path="docs")
                yield vocabulary.problem(("classes", cycle[0], "is_a"), "cycle", message)
