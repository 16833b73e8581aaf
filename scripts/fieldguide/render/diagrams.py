"""Diagrams as coordinates in pixels: the tree of kinds, an entry among its neighbors, and the timeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from fieldguide.model import folded
from fieldguide.render.compare import cell, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pygraphviz

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry
    from fieldguide.render.compare import Cell

FONT_SIZE = 13
# Widths in em of the characters that differ much from the rest in the common sans-serif faces, taken wide.
NARROW, WIDE, USUAL = 0.36, 0.92, 0.61
WIDTHS = dict.fromkeys("ijltfrI.,:;'’|()[]!/ -", NARROW) | dict.fromkeys("mwMWQOGDNUHAKVXY&@%—", WIDE)
# How much wider the bold text of the box is that a drawing is about.
BOLD = 1.1
# Boxes: height of a line, room around text, characters on one line, distance of neighbors, room between columns.
LINE, PADDING, WRAP, GAP, COLUMN_GAP, WIDE_COLUMN_GAP = 17, 10, 21, 7, 30, 64
MARGIN = 4
# Graphviz counts in inches.
INCH = 72
# Graphviz places the roots in an order of its own, but for those that a node like this stands before; it is no slug.
BEFORE = "/"
QUICK = {"nslimit": 1, "nslimit1": 1, "searchsize": 10, "mclimit": 0.5}
# The timeline: height of a row, room for the axis, left edge, width of all, of a dot, and between a mark and its label.
ROW, TOP, LEFT, WIDTH, DOT, LABEL_GAP = 26, 34, 8, 1060, 6, 12
# The share of the width on which dates stand that are older than the axis.
EARLY_SHARE = 0.14
# A gap that leaves more of the axis empty sets apart what is before it, if that is no more of all.
LONG_GAP, ISOLATED = 0.5, 0.25
MAX_TICKS = 12


@cache
def measure_text(text: str) -> float:
    """Return the width that a text needs in any common sans-serif face."""
    return FONT_SIZE * sum(WIDTHS.get(char, USUAL) for char in text)


def wrap_label(text: str) -> tuple[str, ...]:
    """Return a label as one line, or as two of about equal length."""
    words = text.split()
    if len(text) <= WRAP or len(words) == 1:
        return (text,)
    cuts = ((" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words)))
    return min(cuts, key=lambda lines: max(map(len, lines)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A node of a drawing: its lines of text, and its rectangle by the top left corner."""

    slug: str
    lines: tuple[str, ...]
    width: float
    height: float
    is_subject: bool = False
    x: float = 0
    y: float = 0

    @property
    def baselines(self) -> list[tuple[float, str]]:
        """Return each line of text with the y of its baseline."""
        first = self.y + (self.height - LINE * len(self.lines)) / 2 + LINE * 0.75
        return [(round(first + LINE * i, 1), text) for i, text in enumerate(self.lines)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A link of a drawing from parent to child, or from what is used to what uses it, as an SVG path."""

    source: str
    target: str
    path: str
    role: str


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
        """Yield the branch and those below it, in reading order."""
        yield self
        for branch in self.branches:
            yield from branch.walk()


def build_tree(
    catalog: Catalog, root: str = "", depth: int = 99, kinds: Sequence[str] = (), marked: Sequence[str] = ()
) -> list[Branch]:
    """Return the taxonomy as branches, whole or below one node, of all kinds or a few; two parents, two places."""
    seen: set[str] = set()

    def is_wanted(slug: str) -> bool:
        return not kinds or slug in catalog.vocabulary.classes or catalog.entries[slug].kind in kinds

    def grow(slug: str, level: int) -> Branch:
        children = [child for child in catalog.children.get(slug, []) if is_wanted(child)] if level > 0 else []
        if slug in seen:
            return Branch(slug=slug, branches=[], repeated=bool(children))
        seen.add(slug)
        return Branch(slug=slug, branches=[grow(child, level - 1) for child in children], marked=slug in marked)

    roots = [root] if root else [slug for slug in catalog.nodes if not catalog.parents(slug)]
    entries_first = sorted(roots, key=lambda slug: slug not in catalog.entries)
    return [grow(slug, depth) for slug in entries_first]


def draw_tree(catalog: Catalog, branches: Sequence[Branch]) -> Drawing:
    """Return a tree drawn from left to right."""
    every = [branch for top in branches for branch in top.walk()]
    marked = {branch.slug for branch in every if branch.marked}
    boxes = [_size_box(catalog, slug, slug in marked) for slug in dict.fromkeys(branch.slug for branch in every)]
    edges = sorted((branch.slug, child.slug) for branch in every for child in branch.branches)
    graph = _make_graph(ranksep=COLUMN_GAP / INCH)
    return _lay_out(graph, boxes, dict.fromkeys(edges, "is-a"), [top.slug for top in branches])


def draw_neighborhood(catalog: Catalog, entry: Entry) -> Drawing | None:
    """Return an entry between what it is a kind of or built on (left) and its kinds (right); None if it is alone."""
    here = entry.slug
    left = dict.fromkeys(entry.is_a, "is-a")
    left |= {slug: "built-on" for slug in entry.built_on if slug not in left}
    right = catalog.children.get(here, [])
    if not left and not right:
        return None
    columns = [[_size_box(catalog, slug, slug == here) for slug in slugs] for slugs in (left, [here], right)]
    # In a column of boxes that are equally wide, lines leave and reach all of them at the same place.
    boxes = [replace(box, width=max(other.width for other in column)) for column in columns for box in column]
    edges = {(slug, here): role for slug, role in left.items()} | {(here, slug): "is-a" for slug in right}
    graph = _make_graph(ranksep=WIDE_COLUMN_GAP / INCH, ordering="out")
    graph.edge_attr.update(tailport="e", headport="w")
    return _lay_out(graph, boxes, edges, [*left] or [here])


def _size_box(catalog: Catalog, slug: str, is_subject: bool) -> Box:  # noqa: FBT001 -- it is the field
    lines = wrap_label(catalog.title(slug))
    width = round(max(map(measure_text, lines)) * (BOLD if is_subject else 1) + 2 * PADDING)
    return Box(slug=slug, lines=lines, width=width, height=LINE * len(lines) + 8, is_subject=is_subject)


def _make_graph(**attributes: object) -> pygraphviz.AGraph:
    """Return an empty graph that runs from left to right."""
    import pygraphviz  # noqa: PLC0415 -- a check, which draws nothing, need not wait for it

    graph = pygraphviz.AGraph(directed=True, strict=True)
    graph.graph_attr.update(rankdir="LR", nodesep=GAP / INCH, **QUICK, **attributes)
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    graph.edge_attr.update(arrowhead="none")
    return graph


def _lay_out(
    graph: pygraphviz.AGraph, boxes: Sequence[Box], edges: Mapping[tuple[str, str], str], roots: Sequence[str]
) -> Drawing:
    """Return boxes and edges, which come with their roles, as Graphviz places them."""
    for box in boxes:
        graph.add_node(box.slug, width=box.width / INCH, height=box.height / INCH)
    graph.add_edges_from(edges)
    graph.add_node(BEFORE, width=0, height=0, ordering="out")
    graph.add_edges_from((BEFORE, slug) for slug in roots)
    graph.add_subgraph(roots, rank="same")
    graph.layout("dot")
    return _read_layout(graph, boxes, edges)


def _read_layout(graph: pygraphviz.AGraph, boxes: Sequence[Box], edges: Mapping[tuple[str, str], str]) -> Drawing:
    """Return a drawing from Graphviz's coordinates, in which y runs upward."""
    _, _, right, top = map(float, graph.graph_attr["bb"].split(","))
    middles = [[float(n) for n in graph.get_node(box.slug).attr["pos"].split(",")] for box in boxes]
    start = min(x - box.width / 2 for box, (x, _) in zip(boxes, middles, strict=True)) - MARGIN
    placed = [
        replace(box, x=round(x - box.width / 2 - start, 1), y=round(top - y - box.height / 2 + MARGIN, 1))
        for box, (x, y) in zip(boxes, middles, strict=True)
    ]
    drawn = [
        Edge(source=ends[0], target=ends[1], path=_path(graph.get_edge(*ends).attr["pos"], start, top), role=role)
        for ends, role in edges.items()
    ]
    return Drawing(width=round(right - start + MARGIN), height=round(top + 2 * MARGIN), boxes=placed, edges=drawn)


def _path(spline: str, start: float, top: float) -> str:
    """Return Graphviz's control points as an SVG path."""
    points = [point.split(",") for point in spline.split(" ") if point[0] not in "es"]
    pairs = [f"{float(x) - start:.1f},{top - float(y) + MARGIN:.1f}" for x, y in points]
    return f"M{pairs[0]}C{' '.join(pairs[1:])}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """An entry's appearance: a dot for a day, a bar for a month or a year; `label_x` is where its name is set."""

    cell: Cell
    date: str
    x: float
    width: float
    y: float
    label_x: float
    label_end: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Events in order of time under an axis of years; what is older than the axis stands at its left end."""

    width: float
    height: float
    ticks: list[tuple[float, str]]
    events: list[Event]
    early: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """Years from left to right; moments before the first of them stand at the left edge."""

    first: int
    last: int
    start: float

    def x_of(self, moment: float) -> float:
        """Return where a moment, in years, stands."""
        scale = (WIDTH - self.start - LEFT) / (self.last - self.first)
        return round(self.start + (moment - self.first) * scale, 1) if moment >= self.first else float(LEFT)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Return the labels of the axis with their places."""
        step = max(1, round((self.last - self.first) / MAX_TICKS))
        return [(self.x_of(year), str(year)) for year in range(self.first, self.last, step)]

    def place(self, item: Cell, row: int) -> Event:
        """Return the mark and the label of a date, the label on the left where the right has no room."""
        date = str(item.fact.value if item.fact else "")
        begin, end = span_of(date)
        x = self.x_of(begin)
        width = 0.0
        if begin != end:
            width = round(self.x_of(end) - x, 1) if begin >= self.first else WIDTH * EARLY_SHARE / 3
        after = x + max(width, DOT) + LABEL_GAP
        label_end = after + measure_text(f"{item.entry.title} {date}") > WIDTH
        label_x = round(x - LABEL_GAP if label_end else after, 1)
        y = TOP + ROW * row + ROW / 2
        return Event(cell=item, date=date, x=x, width=width, y=y, label_x=label_x, label_end=label_end)


def collect_dates(catalog: Catalog, entries: Iterable[Entry]) -> list[Cell]:
    """Return the cells that date each entry, oldest first."""
    attributes = [attribute for attribute in catalog.vocabulary.attributes.values() if attribute.timeline]
    cells = [cell(entry, attribute) for entry in entries for attribute in attributes if attribute.key in entry.facts]
    return sorted(cells, key=lambda item: (sort_key(item), folded(item.entry.title)))


def span_of(date: str) -> tuple[float, float]:
    """Return the first and last moment of a year, month or day, in years."""
    year, *rest = (int(part) for part in date.split("-"))
    if not rest:
        return year, year + 1
    month = year + (rest[0] - 1) / 12
    if len(rest) == 1:
        return month, month + 1 / 12
    day = month + (rest[1] - 1) / 372
    return day, day


def draw_timeline(catalog: Catalog, entries: Iterable[Entry]) -> Chart:
    """Return the chart of some entries; isolated early dates are set apart so that the rest has room."""
    cells = collect_dates(catalog, entries)
    if not cells:
        return Chart(width=WIDTH, height=TOP, ticks=[], events=[], early=0)
    moments = [span_of(str(item.fact.value))[0] for item in cells if item.fact]
    first, last = _find_range(moments)
    early = LEFT + WIDTH * EARLY_SHARE if min(moments) < first else 0
    axis = Axis(first=first, last=last, start=early or LEFT)
    events = [axis.place(item, row) for row, item in enumerate(cells)]
    return Chart(width=WIDTH, height=TOP + ROW * len(events) + 8, ticks=axis.ticks, events=events, early=early)


def _find_range(moments: Sequence[float]) -> tuple[int, int]:
    """Return first and last year of the axis, which begins after the gap that a few early moments leave."""
    ordered = sorted(moments)
    first, last = ordered[0], ordered[-1]
    for count, (before, after) in enumerate(pairwise(ordered), 1):
        if after - before > LONG_GAP * (last - ordered[0]) and count <= ISOLATED * len(ordered):
            first = after
    return int(first), int(last) + 1
