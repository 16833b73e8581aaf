"""Questions to a graph given as node to targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


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
