"""The graph of kinds, as a tree to read and as coordinates to draw, in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pygraphviz

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.catalog import Catalog

FONT = 13
LINE = 17
PAD = 10
MARGIN = 4
WRAP = 21
GAP = 7
RANK = 30
COLUMN = 64
BEFORE = "/"  # no slug
# The role of what a drawing is about, and how much wider its bold text is.
HERE, BOLD = "self", 1.1
# Widths in em of the characters that differ much from the rest in the common sans-serif faces, taken wide.
NARROW, WIDE, USUAL = 0.36, 0.92, 0.61
WIDTHS = dict.fromkeys("ijltfrI.,:;'’|()[]!/ -", NARROW) | dict.fromkeys("mwMWQOGDNUHAKVXY&@%—", WIDE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A node of a drawing: its text lines, and its rectangle by the top left corner."""

    slug: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    role: str = ""

    @property
    def baselines(self) -> list[tuple[float, str]]:
        """Each line of text with the y of its baseline."""
        first = self.y + (self.height - LINE * len(self.lines)) / 2 + LINE * 0.75
        return [(round(first + LINE * i, 1), text) for i, text in enumerate(self.lines)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A link of a drawing from parent to child, or from what is used to what uses it, as an SVG path."""

    source: str
    target: str
    path: str
    role: str = "is-a"


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """Boxes in reading order and the edges between them, on a canvas of this size."""

    width: float
    height: float
    boxes: list[Box]
    edges: list[Edge]


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """A node of the nested list; `repeated` ones have their branches at their first place, `marked` ones stand out."""

    slug: str
    branches: list[Branch]
    repeated: bool = False
    marked: bool = False

    def walk(self) -> Iterator[Branch]:
        """Itself and the branches below it, in reading order."""
        yield self
        for branch in self.branches:
            yield from branch.walk()


def tree(
    catalog: Catalog, root: str = "", depth: int = 99, kinds: Sequence[str] = (), marked: Sequence[str] = ()
) -> list[Branch]:
    """The taxonomy as nested branches, whole or below one node, of all kinds or a few; two parents, two places."""
    seen: set[str] = set()

    def wanted(slug: str) -> bool:
        return not kinds or slug in catalog.vocabulary.classes or catalog.entries[slug].kind in kinds

    def branch(slug: str, level: int) -> Branch:
        children = [s for s in catalog.children.get(slug, []) if wanted(s)] if level > 0 else []
        if slug in seen:
            return Branch(slug=slug, branches=[], repeated=bool(children))
        seen.add(slug)
        return Branch(slug=slug, branches=[branch(child, level - 1) for child in children], marked=slug in marked)

    roots = [root] if root else [slug for slug in catalog.nodes if not catalog.parents(slug)]
    entries_first = sorted(roots, key=lambda slug: slug not in catalog.entries)
    return [branch(slug, depth) for slug in entries_first]


def edges_of(branches: Iterable[Branch]) -> list[tuple[str, str]]:
    """Parent and child of every link in a tree."""
    return [(b.slug, child.slug) for top in branches for b in top.walk() for child in b.branches]


@cache
def text_width(text: str) -> float:
    """The room a text needs in any common sans-serif face at the drawing's font size, in pixels."""
    return FONT * sum(WIDTHS.get(char, USUAL) for char in text)


def wrap(text: str) -> tuple[str, ...]:
    """A label on one line, or on two of about equal length."""
    words = text.split()
    if len(text) <= WRAP or len(words) == 1:
        return (text,)
    cuts = (((" ".join(words[:i])), " ".join(words[i:])) for i in range(1, len(words)))
    return min(cuts, key=lambda lines: max(map(len, lines)))


def size(lines: Sequence[str], role: str = "") -> tuple[float, float]:
    """Width and height of a box around text lines, which are bold in the box that a drawing is about."""
    return round(max(map(text_width, lines)) * (BOLD if role == HERE else 1) + 2 * PAD), LINE * len(lines) + 8


def draw(catalog: Catalog, branches: Sequence[Branch]) -> Drawing:
    """A tree laid out from left to right by Graphviz."""
    order = list(dict.fromkeys(b.slug for top in branches for b in top.walk()))
    roles = {b.slug: HERE for top in branches for b in top.walk() if b.marked}
    labels = {slug: wrap(catalog.title(slug)) for slug in order}
    graph = pygraphviz.AGraph(directed=True, strict=True)
    graph.graph_attr.update(
        rankdir="LR", nodesep=GAP / 72, ranksep=RANK / 72, nslimit=1, nslimit1=1, searchsize=10, mclimit=0.5
    )
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    graph.edge_attr.update(arrowhead="none")
    for slug in order:
        width, height = size(labels[slug], roles.get(slug, ""))
        graph.add_node(slug, width=width / 72, height=height / 72)
    graph.add_edges_from(edges_of(branches))
    # Graphviz places the roots in an order of its own, but for those that something stands before.
    graph.add_node(BEFORE, width=0, height=0, ordering="out")
    graph.add_edges_from((BEFORE, branch.slug) for branch in branches)
    graph.add_subgraph([branch.slug for branch in branches], rank="same")
    graph.layout("dot")
    _, _, right, top = (float(n) for n in graph.graph_attr["bb"].split(","))
    middles = {slug: [float(n) for n in graph.get_node(slug).attr["pos"].split(",")] for slug in order}
    sizes = {slug: size(labels[slug], roles.get(slug, "")) for slug in order}
    start = min(middles[slug][0] - sizes[slug][0] / 2 for slug in order) - MARGIN
    boxes = []
    for slug, (x, y) in middles.items():
        width, height = sizes[slug]
        left, up = round(x - width / 2 - start, 1), round(top - y - height / 2 + MARGIN, 1)
        role = roles.get(slug, "")
        boxes.append(Box(slug=slug, lines=labels[slug], x=left, y=up, width=width, height=height, role=role))
    drawn = sorted(edge for edge in graph.edges() if edge[0] != BEFORE)
    edges = [Edge(source=str(e[0]), target=str(e[1]), path=_path(e.attr["pos"], start, top)) for e in drawn]
    return Drawing(width=round(right - start + MARGIN), height=round(top + 2 * MARGIN), boxes=boxes, edges=edges)


def _path(spline: str, start: float, top: float) -> str:
    """Graphviz's control points, y upward, as an SVG path, y downward."""
    points = [point.split(",") for point in spline.split(" ") if point[0] not in "es"]
    pairs = [f"{float(x) - start:.1f},{top - float(y) + MARGIN:.1f}" for x, y in points]
    return f"M{pairs[0]}C{' '.join(pairs[1:])}"


def neighborhood(catalog: Catalog, slug: str) -> Drawing | None:
    """An entry between what it is a kind of or built on (left) and its own kinds (right); None if it stands alone."""
    entry = catalog.entries[slug]
    left = [(s, "is-a") for s in entry.is_a] + [(s, "built-on") for s in entry.built_on if s not in entry.is_a]
    right = [(s, "is-a") for s in catalog.children.get(slug, [])]
    if not left and not right:
        return None
    columns = [[(s, role, wrap(catalog.title(s))) for s, role in side] for side in (left, [(slug, HERE)], right)]
    widths = [max((size(lines, role)[0] for _, role, lines in column), default=0) for column in columns]
    heights = [sum(size(lines)[1] + GAP for _, _, lines in column) - GAP for column in columns]
    tall = max(heights)
    boxes: list[Box] = []
    x: float = MARGIN
    for column, width, height in zip(columns, widths, heights, strict=True):
        y = MARGIN + (tall - height) // 2
        for name, role, lines in column:
            boxes.append(Box(slug=name, lines=lines, x=x, y=y, width=width, height=size(lines)[1], role=role))
            y += size(lines)[1] + GAP
        x += width + COLUMN if column else 0
    here = boxes[len(left)]
    edges = [
        _link(box, here, box.role) if box.x < here.x else _link(here, box, box.role) for box in boxes if box is not here
    ]
    return Drawing(width=boxes[-1].x + boxes[-1].width + MARGIN, height=tall + 2 * MARGIN, boxes=boxes, edges=edges)


def _link(source: Box, target: Box, role: str) -> Edge:
    x1, y1 = source.x + source.width, source.y + source.height / 2
    x2, y2 = target.x, target.y + target.height / 2
    middle = (x1 + x2) / 2
    path = f"M{x1:g},{y1:g}C{middle:g},{y1:g} {middle:g},{y2:g} {x2:g},{y2:g}"
    return Edge(source=source.slug, target=target.slug, path=path, role=role)
